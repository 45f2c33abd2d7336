// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/control.c
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <ev.h>
#include <json-c/json.h>

#include "../pmip6d/agent.h"
#include "../pmip6d/control.h"
#include "../pmip6d/lma_role.h"
#include "../pmip6d/mag_role.h"
#include "../pmip6d/operator_flow.h"
#include "../pmip6d/operator_revoke.h"
#include "../pmip6d/peer_show.h"
#include "common/scratch.h"
#include "common/test.h"

#define RENUMBER "{\"do\":\"mn-renumber\",\"mn\":\"mn1\"}\n"
#define STATS "{\"do\":\"stats\"}\n"
#define RENEW "{\"do\":\"group-renew\",\"group\":\"all\"}\n"
#define RENUMBERED "{\"mns\":[]}\n"
#define NOT_STORED \
	"{\"error\":\"it could not be stored: the agent's log says why\"}\n"

static struct agent agent;
static struct lma_role anchor;
static struct mag_role gateway;
static struct sockaddr_un address = { .sun_family = AF_UNIX };

/* --- What is around it. */

/* Batches that the store has been given, and is not done with. */
static struct {
	store_done_t done;
	void *arg;
} submitted[4];

static unsigned int waiting;

struct store_batch *store_batch_new(enum store_role role)
{
	(void)role;
	return NULL;
}

void store_submit(struct store *store, struct store_batch *batch,
		  store_done_t done, void *arg)
{
	(void)store;
	assert_null(batch);
	assert_true(waiting < 4);
	submitted[waiting].done = done;
	submitted[waiting++].arg = arg;
}

static void stored(int error)
{
	unsigned int i, count = waiting;

	waiting = 0;
	for (i = 0; i < count; i++)
		submitted[i].done(submitted[i].arg, error);
}

static const char *why;

const char *lma_role_renumber(struct lma_role *asked, const char *mn,
			      const char *const *prefixes, unsigned int count,
			      struct json_object *list)
{
	(void)prefixes;
	(void)list;
	assert_ptr_equal(asked, &anchor);
	assert_string_equal(mn, "mn1");
	assert_int_equal(count, 0);
	return why;
}

void lma_role_put_mns(const struct lma_role *asked, const char *mn,
		      struct json_object *list)
{
	(void)asked;
	(void)mn;
	(void)list;
}

void lma_role_put_stats(const struct lma_role *asked,
			struct json_object *object)
{
	(void)asked;
	(void)object;
}

void mag_role_put_mns(const struct mag_role *asked, const char *mn,
		      struct json_object *list)
{
	(void)asked;
	(void)mn;
	(void)list;
}

static struct json_object *flow_answer(struct agent *asked,
				       struct json_object *request)
{
	struct json_object *what;

	assert_ptr_equal(asked, &agent);
	assert_true(json_object_object_get_ex(request, "do", &what));
	return json_object_get(what);
}

struct json_object *operator_flow_show(struct agent *asked,
				       struct json_object *request)
{
	return flow_answer(asked, request);
}

struct json_object *operator_flow_set(struct agent *asked,
				      struct json_object *request)
{
	return flow_answer(asked, request);
}

struct json_object *operator_flow_delete(struct agent *asked,
					 struct json_object *request)
{
	return flow_answer(asked, request);
}

const char *mag_role_attach(struct mag_role *asked, const char *mn,
			    const char *access, const char *handoff)
{
	(void)asked;
	(void)mn;
	(void)access;
	return handoff;
}

const char *mag_role_detach(struct mag_role *asked, const char *mn)
{
	(void)asked;
	return mn;
}

void mag_role_put_stats(const struct mag_role *asked,
			struct json_object *object)
{
	(void)asked;
	(void)object;
}

void lma_role_put_groups(const struct lma_role *asked,
			 struct json_object *list)
{
	assert_ptr_equal(asked, &anchor);
	json_object_array_add(list, json_object_new_string("another"));
}

void mag_role_put_groups(const struct mag_role *asked,
			 struct json_object *list)
{
	assert_ptr_equal(asked, &gateway);
	json_object_array_add(list, json_object_new_string("one"));
}

const char *mag_role_renew_group(struct mag_role *asked, const char *id)
{
	assert_ptr_equal(asked, &gateway);
	assert_string_equal(id, "all");
	return why;
}

void peer_show_put(const struct role *role, const char *peer,
		   struct json_object *list)
{
	(void)role;
	(void)peer;
	(void)list;
}

const char *peer_show_reset(struct role *role, const char *peer)
{
	(void)role;
	return peer;
}

/* Who waits for a revocation, and whether that is over at once. */
static operator_told_t told;
static void *told_context;
static bool at_once;

static void over(void)
{
	told(told_context, json_object_new_object());
}

const char *operator_revoke(struct agent *asked, const struct revoke_words *words,
			    operator_told_t tell, void *context)
{
	assert_ptr_equal(asked, &agent);
	assert_string_equal(words->mn, "mn1");
	assert_string_equal(words->hnp, "2001:db8:a::/64");
	assert_null(words->mag);
	assert_null(words->lma);
	assert_null(words->realm);
	told = tell;
	told_context = context;
	if (at_once)
		over();
	return why;
}

/* --- A conversation. */

static int set_up(void **state)
{
	struct timeval patience = { .tv_sec = 10 };
	int *fd = test_malloc(sizeof(*fd));

	strcpy(address.sun_path, scratch_path("control"));
	memset(&anchor, 0, sizeof(anchor));
	agent = (struct agent){ .loop = ev_loop_new(EVFLAG_AUTO),
				.lma = &anchor };
	agent.control = control_open(&agent, address.sun_path);
	assert_non_null(agent.control);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(*fd, (struct sockaddr *)&address,
				 sizeof(address)), 0);
	setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	waiting = 0;
	why = NULL;
	at_once = false;
	*state = fd;
	return 0;
}

static int tear_down(void **state)
{
	int *fd = *state;

	control_close(agent.control);
	stored(0);
	ev_loop_destroy(agent.loop);
	if (*fd >= 0)
		close(*fd);
	test_free(fd);
	return 0;
}

/* Until it has nothing more to do. */
static void run(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		ev_run(agent.loop, EVRUN_NOWAIT);
}

static void say(const int *fd, const char *line)
{
	size_t len = strlen(line);

	assert_int_equal(send(*fd, line, len, 0), (ssize_t)len);
	run();
}

static void assert_silent(const int *fd)
{
	char octet;

	run();
	assert_int_equal(recv(*fd, &octet, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

static void assert_answer(const int *fd, const char *answer)
{
	size_t len = strlen(answer);
	char got[256] = "";

	run();
	assert_int_equal(recv(*fd, got, len, MSG_WAITALL), (ssize_t)len);
	assert_string_equal(got, answer);
}

static void test_answered_when_stored(void **state)
{
	const int *fd = *state;

	say(fd, RENUMBER STATS);
	assert_int_equal(waiting, 1);
	assert_silent(fd);
	stored(0);
	assert_answer(fd, RENUMBERED);
	/* What came after it was waiting, too. */
	assert_answer(fd, "{\"roles\":[{\"role\":\"lma\"}]}\n");
	assert_int_equal(waiting, 0);
}

static void test_not_stored(void **state)
{
	const int *fd = *state;

	say(fd, RENUMBER);
	stored(EIO);
	assert_answer(fd, NOT_STORED);
	/* What it has changed is in a batch of its own. */
	say(fd, RENUMBER);
	anchor.lma.counters.renumber_failed++;
	stored(0);
	assert_answer(fd, NOT_STORED);
	say(fd, RENUMBER);
	stored(0);
	assert_answer(fd, RENUMBERED);
}

/* Nothing was changed, and yet it waits: that has no other answer. */
static void test_refused(void **state)
{
	const int *fd = *state;

	why = "it has just these";
	say(fd, RENUMBER);
	stored(0);
	assert_answer(fd, "{\"error\":\"it has just these\"}\n");
	assert_silent(fd);
}

static void test_hung_up(void **state)
{
	int *fd = *state;

	say(fd, RENUMBER);
	close(*fd);
	*fd = -1;
	run();
	stored(0);
	run();
}

/* The store is done with everything before the process ends. */
static void test_agent_ends(void **state)
{
	const int *fd = *state;
	char octet;

	say(fd, RENUMBER);
	control_close(agent.control);
	agent.control = NULL;
	assert_int_equal(recv(*fd, &octet, 1, MSG_DONTWAIT), 0);
	stored(0);
}

static void test_others_do_not_wait(void **state)
{
	const int *fd = *state;

	say(fd, STATS);
	assert_int_equal(waiting, 0);
	assert_answer(fd, "{\"roles\":[{\"role\":\"lma\"}]}\n");
	say(fd, "{\"do\":\"nonsense\"}\n");
	assert_answer(fd, "{\"error\":\"that is no request that this agent knows\"}\n");
	say(fd, "nonsense\n");
	assert_answer(fd, "{\"error\":\"that is no JSON object\"}\n");
}

static void test_groups(void **state)
{
	const int *fd = *state;

	say(fd, "{\"do\":\"group-show\"}\n" RENEW);
	assert_answer(fd, "{\"groups\":[\"another\"]}\n");
	assert_answer(fd, "{\"error\":\"this agent is no mobile access gateway\"}\n");
	agent.mag = &gateway;
	say(fd, "{\"do\":\"group-show\"}\n" RENEW);
	assert_answer(fd, "{\"groups\":[\"another\",\"one\"]}\n");
	assert_answer(fd, "{}\n");
	why = "there is no such group";
	say(fd, RENEW);
	assert_answer(fd, "{\"error\":\"there is no such group\"}\n");
	say(fd, "{\"do\":\"group-renew\"}\n");
	assert_answer(fd, "{\"error\":\"no group was named\"}\n");
}

/* --- Answers that wait for peers. */

#define REVOKE \
	"{\"do\":\"revoke\",\"mn\":\"mn1\",\"hnp\":\"2001:db8:a::/64\"}\n"

static void test_answered_when_over(void **state)
{
	const int *fd = *state;

	say(fd, REVOKE STATS);
	assert_silent(fd);
	over();
	assert_answer(fd, "{}\n");
	assert_answer(fd, "{\"roles\":[{\"role\":\"lma\"}]}\n");
	at_once = true;
	say(fd, REVOKE);
	assert_answer(fd, "{}\n");
}

static void test_not_revoked(void **state)
{
	const int *fd = *state;

	why = "no such mobile node has a session here";
	say(fd, REVOKE);
	assert_answer(fd, "{\"error\":\"no such mobile node has a session here\"}\n");
}

static void test_hung_up_before_over(void **state)
{
	int *fd = *state;

	say(fd, REVOKE);
	close(*fd);
	*fd = -1;
	run();
	over();
	run();
}

/* An access network says so by the same socket. */
static void test_flows(void **state)
{
	const int *fd = *state;

	say(fd, "{\"do\":\"flow-show\"}\n{\"do\":\"flow-add\"}\n"
	    "{\"do\":\"flow-change\"}\n{\"do\":\"flow-del\"}\n");
	assert_answer(fd, "\"flow-show\"\n");
	assert_answer(fd, "\"flow-add\"\n");
	assert_answer(fd, "\"flow-change\"\n");
	/* RULE: MH-06 */
	assert_answer(fd, "\"flow-del\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answered_when_stored,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_stored, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_refused, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_hung_up, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_agent_ends, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_others_do_not_wait,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_groups, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_flows, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_answered_when_over,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_revoked,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hung_up_before_over,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
