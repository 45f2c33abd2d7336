// SPDX-License-Identifier: GPL-2.0
/*
 * Octets on the control socket of an agent with sessions. Every line is
 * answered by one JSON object, in one line, and one that has no end ends the
 * conversation. An octet of 0xff, which JSON cannot have, is not sent: what
 * follows it comes later than what is before. If the first is "l" or "m", it is
 * not sent either, and the agent is in one role only.
 *
 * Covers: user/pmip6d/control.c user/pmip6d/lma_operator.c
 * user/pmip6d/mag_operator.c user/pmip6d/lma_show.c user/pmip6d/mag_show.c
 * user/pmip6d/peer_show.c user/pmip6d/show.c user/pmip6d/operator_revoke.c
 * user/pmip6d/operator_text.c
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <ev.h>
#include <json-c/json.h>

#include "../pmip6d/access.h"
#include "../pmip6d/agent.h"
#include "../pmip6d/control.h"
#include "../pmip6d/dhcp.h"
#include "../pmip6d/lma_role.h"
#include "../pmip6d/mag_station.h"
#include "../pmip6d/peer_show.h"
#include "../ports/clock.h"
#include "../ports/policy_file.h"
#include "common/file.h"
#include "fuzz.h"

/* As in user/pmip6d/control.c. */
#define LINE_MAX_LEN 4096

#define LATER 0xff

static struct agent agent;
static struct lma_role anchor;
static struct mag_role gateway;
static struct sockaddr_un address = { .sun_family = AF_UNIX };

/* --- What is around it. */

void role_run(struct role *role, struct outbox *out)
{
	struct transaction *transaction;

	while ((transaction = outbox_take(out))) {
		if (transaction->owner)
			role->ops->on_done(role, transaction->owner, 0,
					   clock_now(), out);
		transaction_free(transaction);
	}
}

/* What waits for the store to be done with what came before it: one at a time. */
static store_done_t stored;
static void *stored_arg;

struct store_batch *store_batch_new(enum store_role role)
{
	(void)role;
	return NULL;
}

void store_submit(struct store *store, struct store_batch *batch,
		  store_done_t done, void *arg)
{
	(void)store;
	(void)batch;
	REQUIRE(!stored);
	stored = done;
	stored_arg = arg;
}

/* Now and then it cannot. */
static void store_all(int error)
{
	store_done_t done = stored;

	stored = NULL;
	if (done)
		done(stored_arg, error);
}

static void lma_done(struct role *role, void *owner, int error, struct now now,
		     struct outbox *out)
{
	(void)role;
	lma_on_done(&anchor.lma, owner, error, now, out);
}

static void mag_done(struct role *role, void *owner, int error, struct now now,
		     struct outbox *out)
{
	(void)role;
	mag_on_done(&gateway.mag, owner, error, now, out);
}

void role_put_stats(const struct role *role, struct json_object *object)
{
	peer_show_put_stats(role, object);
}

void lma_role_ask_policy(const struct lma_role *asked,
			 struct lma_request *request)
{
	(void)asked;
	request->policy.mag_authorized = true;
	request->policy.mn_known = true;
	request->policy.service_enabled = true;
}

unsigned int nd_counters(struct nd *nd, struct counter *counters)
{
	(void)nd;
	(void)counters;
	return 0;
}

void dhcp_put_stats(const struct dhcp *dhcp, struct json_object *object)
{
	(void)dhcp;
	(void)object;
}

struct access_link *access_by_name(const struct mag_role *asked,
				   const char *name)
{
	unsigned int i, count = asked->config->access_count;

	for (i = 0; i < count; i++)
		if (name ? !strcmp(asked->access[i].config->ifname, name) :
			   count == 1)
			return &asked->access[i];
	return NULL;
}

void mag_station_attach(struct mag_role *asked, const struct access_link *link,
			const uint8_t *lladdr,
			const struct mag_profile *profile,
			const struct mag_command *command)
{
	struct mag_attachment at = {
		.ifindex = link->ifindex,
		.att = link->config->att,
		.handoff = command->handoff,
	};
	struct outbox out;

	memcpy(at.ifname, link->config->ifname, sizeof(at.ifname));
	memcpy(at.lladdr, lladdr, sizeof(at.lladdr));
	outbox_init(&out);
	mag_on_attach(&asked->mag, &at, profile, true, clock_now(), &out);
	role_run(&asked->role, &out);
}

void mag_station_detach(struct mag_role *asked, struct bule *bule, bool hold,
			const char *reason)
{
	struct outbox out;

	outbox_init(&out);
	mag_on_detach(&asked->mag, bule, hold, reason, clock_now(), &out);
	role_run(&asked->role, &out);
}

/* --- An agent with sessions. */

static const struct in6_addr mag1 = { .s6_addr = { 0x20, 1, [15] = 0x11 } };
static const struct in6_addr lmaa = { .s6_addr = { 0x20, 1, [15] = 1 } };

static void start_anchor(void)
{
	static const struct role_ops ops = { .name = "lma",
					     .on_done = lma_done };
	struct mh_prefix hnp = { .len = 62,
		.addr = { .s6_addr = { 0x20, 1, 0x0d, 0xb8, 0, 10 } } };
	struct mh_mn_id mn_id = { .subtype = MH_MN_ID_NAI, .len = 3,
				  .data = "mn1" };
	struct lma_config config = { .address = lmaa };
	struct bce *bce;
	uint8_t i;

	memset(&anchor, 0, sizeof(anchor));
	lma_init(&anchor.lma, &config);
	anchor.role.ops = &ops;
	anchor.role.reconciled = true;
	anchor.role.peers = &anchor.lma.peers;
	REQUIRE(prefix_pool_add(&anchor.lma.pool, &hnp, 64));
	hnp.len = 64;
	for (i = 0; i < 3; i++) {
		/* Two of them are of one mobile node. */
		mn_id.data[2] = i ? '2' : '1';
		hnp.addr.s6_addr[7] = i;
		bce = bc_insert(&anchor.lma.bc, anchor.lma.next_id++, &mn_id,
				&hnp, 1);
		bce->now.proxy_coa = mag1;
		bce->now.ll_id = (struct mh_ll_id){ .len = 6,
						    .data = { 2, [5] = i } };
		bce->now.expires_ms = UINT64_MAX / 2;
		peers_link(&anchor.lma.peers, &bce->peer, &mag1);
	}
}

static void start_gateway(void)
{
	static const struct role_ops ops = { .name = "mag",
					     .on_done = mag_done };
	static struct config_access links[] = { { .ifname = "eth1" },
						{ .ifname = "eth2" } };
	static const struct config_mag config = { .access = links,
						  .access_count = 2 };
	static struct access_link access[] = {
		{ .config = &links[0], .ifindex = 11, .open = true },
		{ .config = &links[1], .ifindex = 12 },
	};
	struct mag_config engine = { .address = mag1, .lifetime_s = 300,
				     .max_mobile_nodes = 4 };

	memset(&gateway, 0, sizeof(gateway));
	mag_init(&gateway.mag, &engine);
	gateway.config = &config;
	gateway.access = access;
	gateway.role.ops = &ops;
	gateway.role.agent = &agent;
	gateway.role.peers = &gateway.mag.peers;
}

static void load_profiles(void)
{
	static const char profiles[] =
		"mn mn1 { lladdr = { 02:00:00:00:00:01 } }\n"
		"mn mn2 { lladdr = { 02:00:00:00:00:02, 02:00:00:00:00:03 } }\n"
		"mn mn3 { lladdr = { 02:00:00:00:00:04 }\n service = false }\n";

	agent.policy = policy_load(file_of((const uint8_t *)profiles,
					   strlen(profiles)), stderr);
	REQUIRE(agent.policy);
}

static void remove_socket(void)
{
	unlink(address.sun_path);
}

static void open_once(void)
{
	if (agent.loop)
		return;
	agent.loop = ev_loop_new(EVFLAG_AUTO);
	load_profiles();
	snprintf(address.sun_path, sizeof(address.sun_path),
		 "/tmp/pmip6-fuzz-control-%d", (int)getpid());
	agent.control = control_open(&agent, address.sun_path);
	REQUIRE(agent.control);
	atexit(remove_socket);
}

/* --- A conversation. */

/**
 * struct talk - with the agent
 * @fd: to it
 * @lines: how many it has to answer
 * @endless: and then one that has no end
 * @ended: it has hung up
 * @answer: of what it has begun to say
 * @len: octets of @answer
 * @answers: how many are whole
 */
struct talk {
	int fd;
	size_t lines;
	bool endless;
	bool ended;
	char answer[65536];
	size_t len;
	size_t answers;
};

static void check_answer(const char *line)
{
	struct json_object *answer = json_tokener_parse(line);

	REQUIRE(json_object_is_type(answer, json_type_object));
	json_object_put(answer);
}

static void take_answers(struct talk *talk)
{
	char *end;
	size_t used;

	while ((end = memchr(talk->answer, '\n', talk->len))) {
		*end = '\0';
		check_answer(talk->answer);
		talk->answers++;
		used = (size_t)(end + 1 - talk->answer);
		talk->len -= used;
		memmove(talk->answer, end + 1, talk->len);
	}
	REQUIRE(talk->len < sizeof(talk->answer));
}

/* Lets the agent do what it can. */
static void turn(struct talk *talk)
{
	ssize_t got;

	ev_run(agent.loop, EVRUN_NOWAIT);
	store_all(talk->answers % 3 ? 0 : EIO);
	got = recv(talk->fd, talk->answer + talk->len,
		   sizeof(talk->answer) - talk->len, MSG_DONTWAIT);
	if (got < 0) {
		talk->ended = errno != EAGAIN;
		return;
	}
	talk->ended = !got;
	talk->len += (size_t)got;
	take_answers(talk);
}

static void say(struct talk *talk, const uint8_t *data, size_t size)
{
	ssize_t sent;

	while (size && !talk->ended) {
		sent = send(talk->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent > 0) {
			data += sent;
			size -= (size_t)sent;
		}
		turn(talk);
	}
}

static void count_lines(struct talk *talk, const uint8_t *data, size_t size)
{
	size_t len = 0, i;

	for (i = 0; i < size && !talk->endless; i++) {
		if (data[i] == LATER)
			continue;
		talk->endless = ++len == LINE_MAX_LEN && data[i] != '\n';
		if (data[i] != '\n')
			continue;
		talk->lines++;
		len = 0;
	}
}

static void converse(const uint8_t *data, size_t size)
{
	static struct talk talk;
	const uint8_t *end = data + size, *later;
	unsigned int turns = 0;

	memset(&talk, 0, offsetof(struct talk, answer));
	talk.len = talk.answers = 0;
	talk.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(talk.fd >= 0);
	REQUIRE(!connect(talk.fd, (struct sockaddr *)&address,
			 sizeof(address)));
	count_lines(&talk, data, size);
	for (; data < end; data = later + 1) {
		later = memchr(data, LATER, (size_t)(end - data));
		if (!later)
			later = end;
		say(&talk, data, (size_t)(later - data));
		if (later == end)
			break;
	}
	while (talk.answers < talk.lines || (talk.endless && !talk.ended)) {
		REQUIRE(turns++ < 1000 && (!talk.ended || talk.endless));
		turn(&talk);
	}
	REQUIRE(talk.answers == talk.lines && !talk.len);
	close(talk.fd);
	/* The agent hears of it. */
	ev_run(agent.loop, EVRUN_NOWAIT);
	ev_run(agent.loop, EVRUN_NOWAIT);
	store_all(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t first = size ? *data : 0;
	bool one = first == 'l' || first == 'm';

	open_once();
	start_anchor();
	start_gateway();
	agent.lma = first == 'm' ? NULL : &anchor;
	agent.mag = first == 'l' ? NULL : &gateway;
	converse(data + one, size - one);
	lma_free(&anchor.lma);
	mag_free(&gateway.mag);
	return 0;
}
