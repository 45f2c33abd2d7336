// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/restart.c, with stores on disk
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <ev.h>

#include "../pmip6d/agent.h"
#include "../pmip6d/restart.h"
#include "../pmip6d/role.h"
#include "common/scratch.h"
#include "common/test.h"

#define PEER "2001:db8:1::1"

/* Of one run of an agent: a session is a record of one octet, the key. */
static struct run {
	struct agent agent;
	struct role role;
	struct peers peers;
	struct peer_link links[4];
	unsigned int sessions;
	char state[256], kept[272];
} run;

static const struct role_ops ops = { .name = "test", .store_role = STORE_LMA };

void role_run(struct role *role, struct outbox *out)
{
	(void)role;
	outbox_free(out);
}

static struct store *open_store(const char *directory)
{
	struct store *store = store_open(directory, stderr);

	assert_non_null(store);
	return store;
}

static bool take(struct role *role, uint64_t key, const uint8_t *data,
		 size_t len, bool same_boot)
{
	struct in6_addr peer = ip6(PEER);

	assert_ptr_equal(role, &run.role);
	assert_true(same_boot);
	if (len != 1 || data[0] != key)
		return false;
	peers_link(&run.peers, &run.links[run.sessions++], &peer);
	return true;
}

/* Begins a run: @lose_state, as --lost-state does. */
static void begin(bool lose_state)
{
	static const struct peers_config config = {
		.heartbeat_interval_s = 60,
	};

	memset(&run.agent, 0, sizeof(run.agent));
	memset(&run.role, 0, sizeof(run.role));
	memset(run.links, 0, sizeof(run.links));
	run.sessions = 0;
	run.agent.lose_state = lose_state;
	run.agent.store = open_store(run.state);
	run.agent.peer_store = open_store(run.kept);
	peers_init(&run.peers, &config, NULL, NULL);
	run.role.ops = &ops;
	run.role.agent = &run.agent;
	run.role.peers = &run.peers;
	restart_restore(&run.role, take);
	assert_int_equal(store_start(run.agent.store, EV_DEFAULT), 0);
	assert_int_equal(store_start(run.agent.peer_store, EV_DEFAULT), 0);
	restart_start(&run.role);
}

static void end(void)
{
	store_close(run.agent.store);
	store_close(run.agent.peer_store);
	restart_free(&run.role);
	peers_free(&run.peers);
}

/* A session with the peer, as an engine and its executor would keep it. */
static void put_session(uint64_t key)
{
	struct in6_addr peer = ip6(PEER);
	uint8_t octet = (uint8_t)key;
	struct transaction *transaction;
	struct effect_store *record;
	struct outbox out;

	store_put(run.agent.store, STORE_LMA, key, &octet, 1, NULL, NULL);
	peers_link(&run.peers, &run.links[run.sessions++], &peer);
	outbox_init(&out);
	peers_settle(&run.peers, (struct now){ .mono_ms = 1000 }, &out);
	while ((transaction = outbox_take(&out))) {
		assert_int_equal(transaction->effects[0].kind, EFFECT_PEER_PUT);
		record = &transaction->effects[0].store;
		store_put(run.agent.peer_store, STORE_LMA, record->key,
			  record->data, record->len, NULL, NULL);
		transaction_free(transaction);
	}
}

static void erase(const char *directory)
{
	static const char *const names[] = { "data.mdb", "lock.mdb" };
	char path[300];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		assert_int_equal(unlink(path), 0);
	}
}

/* A first run of all, with this many sessions; returns its counter. */
static uint32_t first_run(const char *name, unsigned int sessions)
{
	uint32_t counter;
	unsigned int i;

	snprintf(run.state, sizeof(run.state), "%s", scratch_path(name));
	assert_int_equal(mkdir(run.state, 0700), 0);
	snprintf(run.kept, sizeof(run.kept), "%s/peers", run.state);
	begin(false);
	for (i = 0; i < sessions; i++)
		put_session(i + 1);
	counter = run.peers.restart_counter;
	assert_false(run.peers.lost);
	end();
	return counter;
}

static void done(void)
{
	char path[300];
	unsigned int i;

	erase(run.state);
	erase(run.kept);
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/pmip6d.lock",
			 i ? run.state : run.kept);
		unlink(path);
		rmdir(i ? run.state : run.kept);
	}
}

/* If all is lost, the next first one is still more. */
static void test_first(void **state)
{
	uint32_t counter = first_run("first", 0);

	(void)state;
	/* RULE: HB-06 */
	assert_in_range(counter, (uint32_t)time(NULL) - 60,
			(uint32_t)time(NULL));
	done();
}

static void test_recovered(void **state)
{
	uint32_t counter = first_run("recovered", 2);

	(void)state;
	begin(false);
	assert_int_equal(run.sessions, 2);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter);
	/* RULE: HB-06 HB-09 */
	assert_false(run.peers.lost);
	end();
	done();
}

static void test_erased(void **state)
{
	uint32_t counter = first_run("erased", 2);

	(void)state;
	erase(run.state);
	begin(false);
	assert_int_equal(run.sessions, 0);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter + 1);
	assert_true(run.peers.lost);
	/* RULE: HB-09 */
	assert_int_equal(run.peers.count, 1);
	/* RULE: HB-09 */
	assert_int_equal(run.peers.all->announce, PEERS_ANNOUNCEMENTS);
	put_session(1);
	end();
	/* And not once more. */
	begin(false);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter + 1);
	assert_false(run.peers.lost);
	assert_int_equal(run.sessions, 1);
	end();
	done();
}

/* Who had no session has lost none. */
static void test_nothing_to_lose(void **state)
{
	uint32_t counter = first_run("nothing", 0);

	(void)state;
	erase(run.state);
	begin(false);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter);
	assert_false(run.peers.lost);
	put_session(1);
	end();
	/* The new store is the one to know by then. */
	begin(false);
	assert_int_equal(run.peers.restart_counter, counter);
	end();
	erase(run.state);
	begin(false);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter + 1);
	end();
	done();
}

static void test_unreadable_session(void **state)
{
	uint32_t counter = first_run("unreadable", 2);

	(void)state;
	begin(false);
	store_put(run.agent.store, STORE_LMA, 2, (const uint8_t *)"?", 1, NULL,
		  NULL);
	end();
	begin(false);
	assert_int_equal(run.sessions, 1);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter + 1);
	end();
	/* It is deleted. */
	begin(false);
	assert_int_equal(run.peers.restart_counter, counter + 1);
	end();
	done();
}

static void test_told_so(void **state)
{
	uint32_t counter = first_run("told", 2);

	(void)state;
	begin(true);
	assert_int_equal(run.sessions, 0);
	/* RULE: HB-06 */
	assert_int_equal(run.peers.restart_counter, counter + 1);
	assert_true(run.peers.lost);
	end();
	/* The records are gone. */
	begin(false);
	assert_int_equal(run.sessions, 0);
	assert_int_equal(run.peers.restart_counter, counter + 1);
	end();
	done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_recovered),
		cmocka_unit_test(test_erased),
		cmocka_unit_test(test_nothing_to_lose),
		cmocka_unit_test(test_unreadable_session),
		cmocka_unit_test(test_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
