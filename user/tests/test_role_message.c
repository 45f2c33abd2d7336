// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/role_message.c
 */
#include <string.h>

#include "../pmip6d/role.h"
#include "../pmip6d/role_message.h"
#include "common/test.h"

/* What a handler of its own was told, and what was made of it. */
static struct {
	struct role *role;
	struct in6_addr src, dst;
	uint8_t type;
	unsigned int calls, runs;
	uint64_t mono_ms;
} told;

void role_run(struct role *role, struct outbox *out)
{
	assert_ptr_equal(role, told.role);
	told.runs++;
	outbox_free(out);
}

static void on_own(struct role *role, const struct in6_addr *src,
		   const struct in6_addr *dst, const struct mh_message *message,
		   struct now now, struct outbox *out)
{
	assert_ptr_equal(role, told.role);
	told.src = *src;
	told.dst = *dst;
	told.type = message->type;
	told.mono_ms = now.mono_ms;
	told.calls++;
	transaction_report(transaction_new(out, NULL), REPORT_INFO, "heard",
			   NULL);
}

static const struct role_handler own[] = {
	{ .type = MH_BINDING_UPDATE, .on_message = on_own },
	{ .type = MH_BINDING_ACK, .unready = true, .on_message = on_own },
	{ 0 },
};

static const struct role_ops ops = { .name = "test", .handlers = own };

static struct peers peers;

static void deliver(struct role *role, uint8_t type)
{
	struct in6_addr src = ip6("2001:db8::1"), dst = ip6("2001:db8::2");
	struct mh_message message = { .type = type };

	told.role = role;
	role->peers = &peers;
	role_on_message(role, &src, &dst, &message);
}

static int clear(void **state)
{
	static const struct peers_config config = {
		.heartbeat_interval_s = 60,
	};

	(void)state;
	memset(&told, 0, sizeof(told));
	peers_free(&peers);
	peers_init(&peers, &config, NULL, NULL);
	return 0;
}

static void test_by_type(void **state)
{
	struct role role = { .ops = &ops, .reconciled = true };
	struct in6_addr src = ip6("2001:db8::1"), dst = ip6("2001:db8::2");

	(void)state;
	deliver(&role, MH_BINDING_UPDATE);
	assert_int_equal(told.calls, 1);
	assert_int_equal(told.runs, 1);
	assert_int_equal(told.type, MH_BINDING_UPDATE);
	assert_memory_equal(&told.src, &src, sizeof(src));
	assert_memory_equal(&told.dst, &dst, sizeof(dst));
	assert_true(told.mono_ms > 0);
	deliver(&role, MH_BINDING_ACK);
	assert_int_equal(told.calls, 2);
	assert_int_equal(told.type, MH_BINDING_ACK);
	assert_int_equal(role.counters.other_type, 0);
}

/* Of a type that this role has no use for. */
static void test_nobodys(void **state)
{
	struct role role = { .ops = &ops, .reconciled = true };

	(void)state;
	deliver(&role, 200);
	assert_int_equal(told.calls, 0);
	assert_int_equal(told.runs, 0);
	assert_int_equal(role.counters.other_type, 1);
	assert_int_equal(role.counters.not_ready, 0);
}

static void test_of_both_roles(void **state)
{
	struct role role = { .ops = &ops, .reconciled = true };

	(void)state;
	deliver(&role, MH_BINDING_ERROR);
	assert_int_equal(told.calls, 0);
	assert_int_equal(told.runs, 1);
	assert_int_equal(role.counters.binding_errors, 1);
	assert_int_equal(peers.counters.errors_ignored, 1);
	deliver(&role, MH_HEARTBEAT);
	assert_int_equal(peers.counters.responses_sent, 1);
	assert_int_equal(told.runs, 2);
	assert_int_equal(role.counters.other_type, 0);
}

/* Whatever it says, a peer that says something is there. */
static void test_heard(void **state)
{
	struct role role = { .ops = &ops, .reconciled = true };
	struct in6_addr src = ip6("2001:db8::1");
	struct peer_link link = { 0 };

	(void)state;
	peers_link(&peers, &link, &src);
	assert_false(link.peer->heard);
	deliver(&role, MH_BINDING_UPDATE);
	assert_true(link.peer->heard);
}

static void test_before_ready(void **state)
{
	struct role starting = { .ops = &ops };
	struct role reading = { .ops = &ops, .reconciled = true,
				.reading = true };

	(void)state;
	deliver(&starting, MH_BINDING_UPDATE);
	assert_int_equal(starting.counters.not_ready, 1);
	deliver(&reading, MH_BINDING_UPDATE);
	assert_int_equal(reading.counters.not_ready, 1);
	assert_int_equal(told.calls, 0);

	deliver(&starting, MH_BINDING_ACK);
	deliver(&reading, MH_BINDING_ACK);
	assert_int_equal(told.calls, 2);
	/* Whoever asks whether we are there is to know. */
	deliver(&starting, MH_HEARTBEAT);
	/* RULE: HB-01 */
	assert_int_equal(peers.counters.responses_sent, 1);
	deliver(&starting, MH_BINDING_ERROR);
	assert_int_equal(starting.counters.binding_errors, 1);
	assert_int_equal(starting.counters.not_ready, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_by_type, clear),
		cmocka_unit_test_setup(test_nobodys, clear),
		cmocka_unit_test_setup(test_of_both_roles, clear),
		cmocka_unit_test_setup(test_heard, clear),
		cmocka_unit_test_setup(test_before_ready, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
