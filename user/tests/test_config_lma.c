// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/config_lma*.c
 */
#include "../pmip6d/paths.h"
#include "common/config_text.h"

static void test_lma_faults(void **state)
{
	static const struct fault faults[] = {
		{ LMA(" mags = {any, 2001:db8::2}\n"),
		  "F:7: \"any\" of mags stands alone\n" },
		{ LMA(" mags = {2001:db8::2,\n 2001:db8::3,\n 2001:db8:0::2}\n"),
		  "F:9: \"2001:db8:0::2\" stands in mags twice\n" },
		{ LMA(" mags = {ff02::1}\n"),
		  "F:7: \"ff02::1\" is not a global unicast address\n" },
		{ LMA(" max-lifetime = 0\n"),
		  "F:7: \"0\" is not a value of max-lifetime, which is 4 to 262140\n" },
		{ LMA(" max-lifetime = 262141\n"),
		  "F:7: \"262141\" is not a value of max-lifetime, which is 4 to 262140\n" },
		{ LMA(" MinDelayBeforeBCEDelete = 0\n"),
		  /* RULE: B-LMA-64 */
		  "F:7: \"0\" is not a value of MinDelayBeforeBCEDelete, which is 1 to 600000\n" },
		{ LMA(" TimestampValidityWindow = 0\n"),
		  /* RULE: B-LMA-94 */
		  "F:7: \"0\" is not a value of TimestampValidityWindow, which is 1 to 3600000\n" },
		{ LMA(" MobileNodeGeneratedTimestampInUse = 2\n"),
		  "F:7: \"2\" is not a value of MobileNodeGeneratedTimestampInUse, which is true or false\n" },
		{ LMA(" MaxDelayBeforeNewBCEAssign = 60001\n"),
		  /* RULE: B-LMA-94 */
		  "F:7: \"60001\" is not a value of MaxDelayBeforeNewBCEAssign, which is 0 to 60000\n" },
		{ LMA(" revocation = maybe\n"),
		  "F:7: \"maybe\" is not a value of revocation, which is true or false\n" },
		{ LMA(" MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT = 6\n"),
		  "F:7: \"6\" is not a value of MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT, which is 0 to 5\n" },
		{ LMA(" MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY = 499\n"),
		  "F:7: \"499\" is not a value of MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY, which is 500 to 5000\n" },
		{ LMA(" prefixes-per-session = 17\n"),
		  "F:7: \"17\" is not a value of prefixes-per-session, which is 1 to 16\n" },
		{ LMA(" multihoming = some\n"),
		  "F:7: \"some\" is not a value of multihoming, which is true or false\n" },
		{ LMA(" accept-draft-peers = perhaps\n"),
		  "F:7: \"perhaps\" is not a value of accept-draft-peers, which is true or false\n" },
		/* RULE: B-LMA-97 */
		{ LMA(" MobileNodeGeneratedTimestampInUse = true\n"
		      " TimestampBasedApproachInUse = false\n"),
		  "F:7: MobileNodeGeneratedTimestampInUse wants TimestampBasedApproachInUse = true\n" },
		{ LMA(" accept-unknown-mobile-nodes = true\n"),
		  "F:2: lma lacks a pool for unknown mobile nodes\n" },
		{ "\nlma {\n device = pmip0\n address = 2001:db8::1\n"
		  " mags = {any}\n}\n",
		  "F:2: lma knows no mobile node: give profiles, or accept-unknown-mobile-nodes = true\n" },
		{ LMA("") "\nlma {\n}\n",
		  "F:9: there is a section lma already, on line 2\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_mag_section_faults(void **state)
{
	static const struct fault faults[] = {
		{ "profiles = p\nlma {\n device = pmip0\n"
		  " address = 2001:db8::1\n}\n",
		  "F:2: lma lacks mags\n" },
		{ LMA(" mag ff02::1 {\n }\n"),
		  "F:7: \"ff02::1\" is not a global unicast address\n" },
		{ LMA(" mag 2001:db8::2 {\n }\n mag 2001:db8:0::2 {\n }\n"),
		  "F:9: \"2001:db8:0::2\" stands in mags twice\n" },
		{ LMA(" mag 2001:db8::2 {\n  prefixes = {2001:db8::1/64}\n }\n"),
		  "F:8: \"2001:db8::1/64\" has bits set after its length\n" },
		{ LMA(" mag 2001:db8::2 {\n  mobile-nodes = {a@b,\n\"*@*\"}\n }\n"),
		  "F:9: \"*@*\" is neither a mobile node nor * and an ending, like *@example.com\n" },
		{ LMA(" mag 2001:db8::2 {\n  mobile-nodes = {\"\"}\n }\n"),
		  "F:8: \"\" is neither a mobile node nor * and an ending, like *@example.com\n" },
		{ LMA(" accept-bulk-binding-update = maybe\n"),
		  "F:7: \"maybe\" is not a value of accept-bulk-binding-update, which is true or false\n" },
		{ LMA(" mag 2001:db8::2 {\n  accept-bulk-binding-update = 2\n }\n"),
		  "F:8: \"2\" is not a value of accept-bulk-binding-update, which is true or false\n" },
		{ LMA(" mag 2001:db8::2 {\n  service = 2\n }\n"),
		  "F:8: \"2\" is not a value of service, which is true or false\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_pool_faults(void **state)
{
	static const struct fault faults[] = {
		{ LMA(" pool 2001:db8::1/40 {\n }\n"),
		  "F:7: \"2001:db8::1/40\" has bits set after its length\n" },
		{ LMA(" pool 2001:db8::/129 {\n }\n"),
		  "F:7: \"2001:db8::/129\" is not an IPv6 prefix, like 2001:db8:1::/64\n" },
		{ LMA(" pool 2001:db8:: {\n }\n"),
		  "F:7: \"2001:db8::\" is not an IPv6 prefix, like 2001:db8:1::/64\n" },
		{ LMA(" pool 2001:db8::/ {\n }\n"),
		  "F:7: \"2001:db8::/\" is not an IPv6 prefix, like 2001:db8:1::/64\n" },
		{ LMA(" pool fe80::/16 {\n }\n"),
		  "F:7: \"fe80::/16\" is not a prefix of global unicast addresses\n" },
		{ LMA(" pool ::/0 {\n }\n"),
		  "F:7: \"::/0\" is not a prefix of global unicast addresses\n" },
		{ LMA(" pool 2001:db8::/48\n {\n  prefix-length = 47\n }\n"),
		  "F:9: prefix-length 47 is shorter than that of the pool, 48\n" },
		{ LMA(" pool 2001:db8::/31 {\n }\n"),
		  "F:7: prefix-length 64 is more than 32 longer than that of the pool, 31\n" },
		{ LMA(" pool 2001:db8::/96 {\n  prefix-length = 129\n }\n"),
		  "F:8: \"129\" is not a value of prefix-length, which is 1 to 128\n" },
		{ LMA(" pool 2001:db8::/96 {\n  prefix-length = 0\n }\n"),
		  "F:8: \"0\" is not a value of prefix-length, which is 1 to 128\n" },
		{ LMA(" pool 2001:db8::/40 {\n }\n pool 2001:db9::/40 {\n }\n"
		      " pool 2001:db8:1::/48 {\n }\n"),
		  "F:11: pool \"2001:db8:1::/48\" overlaps \"2001:db8::/40\" on line 7\n" },
		{ LMA(" pool 2001:db8::/40 {\n }\n pool 2001:db8::/40 {\n }\n"),
		  "F:9: found duplicate title '2001:db8::/40'\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

static void test_lma_defaults(void **state)
{
	struct config *config = load_good(LMA(""));
	const struct config_lma *lma = config->lma;

	(void)state;
	assert_null(config->mag);
	assert_string_equal(config->path, scratch_path("test.conf"));
	assert_string_equal(config->control_socket, DEFAULT_CONTROL_SOCKET);
	assert_string_equal(config->state_directory, DEFAULT_STATE_DIRECTORY);
	assert_string_equal(config->profiles, scratch_path("p"));
	assert_int_equal(config->log_level, REPORT_INFO);
	assert_string_equal(lma->device.name, "pmip0");
	assert_string_equal(lma->device.underlay, "");
	assert_int_equal(lma->device.fwmark, 0);
	assert_int_equal(lma->device.hop_limit, 64);
	assert_ip6_equal(&lma->engine.address, "2001:db8:ffff::1");
	assert_int_equal(lma->engine.max_lifetime_s, 3600);
	/* RULE: B-LMA-64 */
	assert_int_equal(lma->engine.min_delay_before_bce_delete_ms, 10000);
	/* RULE: B-LMA-94 */
	assert_int_equal(lma->engine.timestamp_validity_window_ms, 300);
	/* RULE: B-LMA-94 */
	assert_int_equal(lma->engine.max_delay_before_new_bce_assign_ms, 1500);
	/* RULE: B-LMA-96 */
	assert_true(lma->engine.timestamp_based_approach_in_use);
	assert_false(lma->engine.mobile_node_generated_timestamp_in_use);
	/* RULE: B-MSG-08 */
	assert_false(lma->engine.accept_draft_peers);
	/* RULE: MH-28 */
	assert_false(lma->engine.multihoming);
	/* RULE: B-LMA-86 */
	assert_true(lma->engine.revocation);
	assert_int_equal(lma->engine.max_sessions, 16);
	/* RULE: BULK-28 */
	assert_true(lma->accepts_bulk);
	assert_int_equal(
		lma->engine.max_update_notification_retransmit_count, 1);
	assert_int_equal(
		lma->engine.min_delay_between_update_notification_replay_ms,
		1000);
	assert_int_equal(lma->prefixes_per_session, 1);
	assert_int_equal(lma->engine.seed, 0);
	assert_false(lma->any_mag);
	assert_false(lma->accept_unknown_mns);
	assert_int_equal(lma->mag_count, 0);
	assert_int_equal(lma->pool_count, 0);
	config_free(config);
}

static void test_lma_values(void **state)
{
	struct config *config = load_good(
		"control-socket = /run/x\nstate-directory = /var/y\n"
		"log-level = debug\nprofiles = /etc/z\n"
		"lma {\n device = a\n address = 2001:db8::1\n underlay = eth0\n"
		" fwmark = 0x10\n hop-limit = 7\n max-lifetime = 40\n"
		" mags = {2001:db8::9, 2001:db8::3, 2001:db8::5}\n"
		" MinDelayBeforeBCEDelete = 100\n TimestampValidityWindow = 5\n"
		" MobileNodeGeneratedTimestampInUse = true\n"
		" TimestampBasedApproachInUse = yes\n"
		" MaxDelayBeforeNewBCEAssign = 0\n prefixes-per-session = 16\n"
		" MAX_UPDATE_NOTIFICATION_RETRANSMIT_COUNT = 0\n"
		" MIN_DELAY_BETWEEN_UPDATE_NOTIFICATION_REPLAY = 5000\n"
		" accept-draft-peers = true\n multihoming = yes\n revocation = false\n max-sessions = 3\n"
		" accept-unknown-mobile-nodes = yes\n"
		" pool 2001:db8:100::/40 {\n }\n"
		" pool 2001:db8:200::/48 {\n prefix-length = 56\n }\n}\n");
	const struct config_lma *lma = config->lma;
	struct in6_addr addr;

	(void)state;
	assert_string_equal(config->control_socket, "/run/x");
	assert_string_equal(config->state_directory, "/var/y");
	assert_string_equal(config->profiles, "/etc/z");
	assert_int_equal(config->log_level, REPORT_DEBUG);
	assert_string_equal(lma->device.underlay, "eth0");
	assert_int_equal(lma->device.fwmark, 16);
	assert_int_equal(lma->device.hop_limit, 7);
	/* RULE: B-LMA-95 */
	assert_int_equal(lma->engine.max_lifetime_s, 40);
	/* RULE: B-LMA-64 */
	assert_int_equal(lma->engine.min_delay_before_bce_delete_ms, 100);
	/* RULE: B-LMA-94 */
	assert_int_equal(lma->engine.timestamp_validity_window_ms, 5);
	/* RULE: B-LMA-96 */
	assert_true(lma->engine.mobile_node_generated_timestamp_in_use);
	assert_true(lma->engine.timestamp_based_approach_in_use);
	/* RULE: B-LMA-94 */
	assert_int_equal(lma->engine.max_delay_before_new_bce_assign_ms, 0);
	assert_int_equal(
		lma->engine.max_update_notification_retransmit_count, 0);
	assert_int_equal(
		lma->engine.min_delay_between_update_notification_replay_ms,
		5000);
	/* RULE: B-LMA-86 */
	assert_false(lma->engine.revocation);
	assert_int_equal(lma->engine.max_sessions, 3);
	assert_int_equal(lma->prefixes_per_session, 16);
	assert_true(lma->engine.accept_draft_peers);
	assert_true(lma->engine.multihoming);
	assert_true(lma->accept_unknown_mns);
	assert_int_equal(lma->pool_count, 2);
	assert_prefix_equal(&lma->pools[0].range, "2001:db8:100::/40");
	assert_int_equal(lma->pools[0].length, 64);
	assert_prefix_equal(&lma->pools[1].range, "2001:db8:200::/48");
	assert_int_equal(lma->pools[1].length, 56);

	addr = ip6("2001:db8::3");
	assert_true(config_mag_may_register(lma, &addr));
	addr = ip6("2001:db8::5");
	assert_true(config_mag_may_register(lma, &addr));
	addr = ip6("2001:db8::9");
	assert_true(config_mag_may_register(lma, &addr));
	addr = ip6("2001:db8::4");
	/* RULE: B-LMA-18 */
	assert_false(config_mag_may_register(lma, &addr));
	config_free(config);
}

static void test_mags_any_and_none(void **state)
{
	struct in6_addr addr = ip6("2001:db8::4");
	struct config *config;

	(void)state;
	config = load_good(LMA(""));
	assert_false(config_mag_may_register(config->lma, &addr));
	config_free(config);
	config = load_good("profiles = p\nlma {\n device = a\n"
			   " address = 2001:db8::1\n mags = { \"any\" }\n}\n");
	assert_true(config->lma->any_mag);
	assert_true(config_mag_may_register(config->lma, &addr));
	config_free(config);
}

static void test_sequence_numbers(void **state)
{
	struct config *config;

	(void)state;
	config = load_good(LMA(" TimestampBasedApproachInUse = false\n"));
	/* RULE: B-LMA-96 B-LMA-97 */
	assert_false(config->lma->engine.timestamp_based_approach_in_use);
	config_free(config);
}

static struct lma_policy ask(const struct config *config, const char *mag,
			     const char *mn)
{
	struct lma_policy policy = { 0 };
	struct in6_addr addr = ip6(mag);
	struct mh_mn_id mn_id = nai(mn);

	config_mag_policy(config->lma, &addr, &mn_id, &policy);
	return policy;
}

/* Which gateways, for which mobile nodes, with which prefixes. */
static void test_mag_sections(void **state)
{
	struct config *config = load_good(
		"profiles = p\nlma {\n device = a\n address = 2001:db8::1\n"
		" mags = {2001:db8::5}\n"
		" mag 2001:db8::9 {\n"
		"  prefixes = {2001:db8:a::/48, 2001:db8:b::/48}\n }\n"
		" mag 2001:db8::3 {\n"
		"  mobile-nodes = {mn1@example.com, \"*@example.org\"}\n }\n"
		" mag 2001:db8::4 {\n  service = false\n }\n"
		" mag 2001:db8::6 {\n  prefixes = {}\n mobile-nodes = {}\n }\n"
		"}\n");
	struct lma_policy policy;
	struct mh_mn_id other = nai("mn1@example.com");
	struct in6_addr addr = ip6("2001:db8::3");

	(void)state;
	policy = ask(config, "2001:db8::5", "mn1@example.com");
	/* RULE: B-SEC-05 */
	assert_true(policy.mag_authorized);
	assert_false(policy.mag_limited);
	policy = ask(config, "2001:db8::9", "mn1@example.com");
	assert_true(policy.mag_authorized);
	assert_true(policy.mag_limited);
	assert_int_equal(policy.mag_prefix_count, 2);
	assert_prefix_equal(&policy.mag_prefixes[1], "2001:db8:b::/48");

	/* RULE: B-SEC-05 */
	assert_true(ask(config, "2001:db8::3", "mn1@example.com")
		    .mag_authorized);
	/* RULE: B-SEC-09 */
	assert_false(ask(config, "2001:db8::3", "mn2@example.com")
		     .mag_authorized);
	assert_true(ask(config, "2001:db8::3", "x@example.org").mag_authorized);
	assert_true(ask(config, "2001:db8::3", "@example.org").mag_authorized);
	assert_false(ask(config, "2001:db8::3", "mn1@example.co")
		     .mag_authorized);
	assert_false(ask(config, "2001:db8::3", "mn1@example.comm")
		     .mag_authorized);
	assert_false(ask(config, "2001:db8::3", "xexample.org").mag_authorized);
	assert_false(ask(config, "2001:db8::3", "org").mag_authorized);
	/* The same octets are another mobile node where they are no NAI. */
	other.subtype++;
	config_mag_policy(config->lma, &addr, &other, &policy);
	assert_false(policy.mag_authorized);

	assert_false(ask(config, "2001:db8::4", "mn1@example.com")
		     .mag_authorized);
	policy = ask(config, "2001:db8::6", "mn1@example.com");
	assert_false(policy.mag_authorized);
	assert_true(policy.mag_limited);
	assert_int_equal(policy.mag_prefix_count, 0);
	assert_false(ask(config, "2001:db8::7", "mn1@example.com")
		     .mag_authorized);
	config_free(config);
}

/* Of all of them, unless more is said of one. */
static void test_bulk(void **state)
{
	struct config *config = load_good(
		"profiles = p\nlma {\n device = a\n address = 2001:db8::1\n"
		" mags = {2001:db8::5}\n"
		" mag 2001:db8::3 {\n  mobile-nodes = {mn1@example.com}\n }\n"
		" mag 2001:db8::4 {\n  accept-bulk-binding-update = no\n }\n}\n");
	struct lma_policy policy;

	(void)state;
	/* RULE: BULK-28 BULK-54 */
	assert_true(ask(config, "2001:db8::5", "mn1").accepts_bulk);
	assert_false(ask(config, "2001:db8::4", "mn1").accepts_bulk);
	/* What names no mobile node is no reason to refuse the gateway. */
	policy = ask(config, "2001:db8::3", "");
	assert_true(policy.accepts_bulk);
	assert_true(policy.mag_authorized);
	config_free(config);

	config = load_good(
		"profiles = p\nlma {\n device = a\n address = 2001:db8::1\n"
		" mags = {2001:db8::5}\n accept-bulk-binding-update = false\n"
		" mag 2001:db8::3 {\n }\n"
		" mag 2001:db8::4 {\n  accept-bulk-binding-update = yes\n }\n}\n");
	assert_false(ask(config, "2001:db8::5", "mn1").accepts_bulk);
	assert_false(ask(config, "2001:db8::3", "mn1").accepts_bulk);
	assert_true(ask(config, "2001:db8::4", "mn1").accepts_bulk);
	config_free(config);
}

/* Anybody, but for those that more is said of. */
static void test_any_mag_but_one(void **state)
{
	struct config *config = load_good(
		"profiles = p\nlma {\n device = a\n address = 2001:db8::1\n"
		" mags = {any}\n mag 2001:db8::4 {\n  service = false\n }\n"
		" mag 2001:db8::3 {\n  mobile-nodes = {a}\n }\n}\n");

	(void)state;
	assert_true(ask(config, "2001:db8::9", "b").mag_authorized);
	assert_true(ask(config, "2001:db8::3", "a").mag_authorized);
	/* RULE: B-LMA-18 */
	assert_false(ask(config, "2001:db8::3", "b").mag_authorized);
	assert_false(ask(config, "2001:db8::4", "a").mag_authorized);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lma_faults),
		cmocka_unit_test(test_mag_section_faults),
		cmocka_unit_test(test_pool_faults),
		cmocka_unit_test(test_lma_defaults),
		cmocka_unit_test(test_lma_values),
		cmocka_unit_test(test_mags_any_and_none),
		cmocka_unit_test(test_sequence_numbers),
		cmocka_unit_test(test_mag_sections),
		cmocka_unit_test(test_bulk),
		cmocka_unit_test(test_any_mag_but_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
