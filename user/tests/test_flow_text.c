// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/flow_text.c
 */
#include <stdio.h>
#include <string.h>

#include "../mh/flow_text.h"
#include "common/test.h"

static void assert_reads(const char *text, const char *printed)
{
	char back[FLOW_TEXT_MAX], why[FLOW_WHY_MAX];
	struct mh_flow flow, again;

	assert_true(flow_parse(text, &flow, why));
	flow_print(&flow, back, sizeof(back));
	/* RULE: MH-37 */
	assert_string_equal(back, printed);
	/* RULE: MH-37 */
	assert_true(flow_parse(back, &again, why));
	assert_memory_equal(&again, &flow, sizeof(flow));
}

static void test_reads(void **state)
{
	(void)state;
	assert_reads("fid 1 priority 10 proto udp dport 5060-5062",
		     "fid 1 priority 10 action forward proto udp dport 5060-5062");
	assert_reads("dport 80 action drop\tpriority 65535 fid 32769  proto 6",
		     "fid 32769 priority 65535 action drop proto tcp dport 80");
	assert_reads("fid 2 priority 3 any action duplicate",
		     "fid 2 priority 3 action duplicate any");
	assert_reads("fid 9 priority 1 from 2001:db8::/32 dscp 46",
		     "fid 9 priority 1 action forward from 2001:db8::/32 dscp 46");
}

static void assert_fails(const char *text, const char *said)
{
	char why[FLOW_WHY_MAX];
	struct mh_flow flow;

	assert_false(flow_parse(text, &flow, why));
	if (!strstr(why, said))
		fail_msg("\"%s\" does not say \"%s\"", why, said);
}

static void test_fails(void **state)
{
	char text[2000];

	(void)state;
	assert_fails("", "fid N");
	assert_fails("priority 1 any", "fid N");
	assert_fails("fid 1 any", "priority N");
	assert_fails("fid 1 priority 1", "any is all");
	assert_fails("fid 1 priority 1 any proto udp", "say that, or which");
	assert_fails("fid 0 priority 1 any", "fid \"0\" is not a number");
	assert_fails("fid 65536 priority 1 any", "from 1 to 65535");
	assert_fails("fid 1x priority 1 any", "from 1 to 65535");
	assert_fails("fid -1 priority 1 any", "from 1 to 65535");
	assert_fails("fid 1 fid 2 priority 1 any", "only once");
	assert_fails("fid 1 priority 1 action drop action drop any",
		     "only once");
	assert_fails("fid 1 priority 1 action send any", "forward, duplicate");
	assert_fails("fid 1 priority 1 proto udp proto tcp", "only once");
	assert_fails("fid 1 priority 1 dport 99999",
		     "dport \"99999\" is not a number");
	assert_fails("fid 1 priority 1 port 80", "\"port\" is no word");
	assert_fails("fid 1 priority 1 dport", "dport needs a value");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_fails(text, "too long");
	text[300] = '\0';
	assert_fails(text, "is no word");
	memcpy(text, "fid 1 priority 1 proto ", 23);
	assert_fails(text, "proto \"xxx");
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(flow_action_name(MH_FLOW_FORWARD), "forward");
	assert_string_equal(flow_action_name(MH_FLOW_DROP), "drop");
	assert_string_equal(flow_action_name(MH_FLOW_DUPLICATE), "duplicate");
	assert_string_equal(flow_action_name(3), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_fails),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
