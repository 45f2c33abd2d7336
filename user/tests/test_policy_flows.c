// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/policy_flows.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/mag_multihoming.h"
#include "../mh/flow_text.h"
#include "common/policy_text.h"

#define BEFORE "mn \"mn1@example.com\" {\n lladdr = { \"02:00:00:00:00:01\" }\n"

static const uint8_t first[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t second[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t third[ETH_ALEN] = { 2, 0, 0, 0, 0, 3 };

static void assert_flow(const struct mh_flow *flow, const char *text)
{
	char printed[FLOW_TEXT_MAX];

	flow_print(flow, printed, sizeof(printed));
	assert_string_equal(printed, text);
}

/* An interface has its own, or those of its mobile node. */
static void test_flows(void **state)
{
	struct policy *policy = load_good(
		BEFORE
		" multihoming = true\n"
		" flows-on-detachment = keep\n"
		" path-priority = 20\n"
		" flows = { \"fid 1 priority 10 proto udp dport 5060-5062\",\n"
		"  \"fid 2 priority 20 action drop from 2001:db8::/32\" }\n"
		" interface \"02:00:00:00:00:02\" {\n"
		"  flows = { \"fid 1 priority 30 proto tcp\" }\n"
		" }\n"
		"}\n"
		"mn \"mn2@example.com\" { lladdr = { \"02:00:00:00:00:03\" } }\n");
	struct config_mag mag = { .lma = ip6("2001:db8::1") };
	struct mag_profile profile;
	const struct mh_flow *flows;
	unsigned int count;

	(void)state;
	assert_int_equal(policy_for_lladdr(policy, first, &mag, &profile),
			 POLICY_SERVICE);
	/* RULE: MH-06 MH-21 */
	assert_true(profile.multihoming);
	assert_true(profile.keep_flows);
	assert_int_equal(profile.path_priority, 20);
	flows = policy_flows(policy, first, &count);
	/* RULE: MH-06 MH-21 */
	assert_int_equal(count, 2);
	assert_flow(&flows[0],
		    "fid 1 priority 10 action forward proto udp dport 5060-5062");
	assert_flow(&flows[1],
		    "fid 2 priority 20 action drop from 2001:db8::/32");
	flows = policy_flows(policy, second, &count);
	assert_int_equal(count, 1);
	assert_flow(&flows[0], "fid 1 priority 30 action forward proto tcp");

	assert_int_equal(policy_for_lladdr(policy, third, &mag, &profile),
			 POLICY_SERVICE);
	/* RULE: MH-06 */
	assert_false(profile.multihoming);
	assert_false(profile.keep_flows);
	assert_int_equal(profile.path_priority, 0);
	policy_flows(policy, third, &count);
	assert_int_equal(count, 0);
	policy_flows(NULL, third, &count);
	assert_int_equal(count, 0);
	policy_free(policy);
}

static void assert_says(const char *text, const char *said)
{
	char *errors;

	assert_null(load(text, &errors));
	if (!strstr(errors, said))
		fail_msg("%s does not say %s", errors, said);
	free(errors);
}

static void test_errors(void **state)
{
	char *many = malloc(100 * (BULE_FLOWS_MAX + 1) + 200), *at = many;
	unsigned int i;

	(void)state;
	assert_non_null(many);
	assert_says(BEFORE " flows = { \"fid 1 priority 10 port 80\" } }\n",
		    ":3: \"fid 1 priority 10 port 80\" is not a flow: \"port\" is no word");
	assert_says(BEFORE " flows = { \"fid 32768 priority 10 any\" } }\n",
		    ":3: fid 32768 is for the anchor to give: choose one below 32768");
	assert_says(BEFORE " flows = { \"fid 1 priority 10 any\",\n"
		    "  \"fid 1 priority 11 any\" } }\n",
		    ":4: there is a flow with fid 1 already");
	assert_says(BEFORE " flows = { \"fid 1 priority 10 any\",\n"
		    "  \"fid 2 priority 10 any\" } }\n",
		    ":4: the flow with fid 1 has priority 10 already");
	assert_says(BEFORE " flows-on-detachment = forget }\n",
		    "\"forget\" is not a value of flows-on-detachment, which is keep or remove");
	assert_says(BEFORE " path-priority = 128 }\n",
		    "\"128\" is not a value of path-priority, which is 1 to 127");
	assert_says(BEFORE " multihoming = perhaps }\n",
		    "not a value of multihoming");
	at += sprintf(at, BEFORE " flows = {");
	for (i = 1; i <= BULE_FLOWS_MAX + 1; i++)
		at += sprintf(at, "%s\"fid %u priority %u any\"",
			      i > 1 ? ", " : " ", i, i);
	sprintf(at, " } }\n");
	assert_says(many, ":3: there are 65 flows, and 64 at most");
	free(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flows),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
