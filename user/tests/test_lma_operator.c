// SPDX-License-Identifier: GPL-2.0
/*
 * user/pmip6d/lma_operator.c, and what user/pmip6d/lma_show.c makes of it
 */
#include <string.h>

#include <json-c/json.h>

#include "../engine/alloc.h"
#include "../engine/lma_flow.h"
#include "../pmip6d/lma_role.h"
#include "common/test.h"

#define MAG1 "2001:db8:1::1"
#define MN1 "mn1@example.com"
#define NEW "2001:db8:b:1::/64"

/* --- What is around it. */

static unsigned int messages;

void role_run(struct role *role, struct outbox *out)
{
	struct transaction *transaction;
	unsigned int i;

	(void)role;
	while ((transaction = outbox_take(out))) {
		for (i = 0; i < transaction->count; i++)
			messages += transaction->effects[i].kind == EFFECT_SEND;
		transaction_free(transaction);
	}
}

void role_put_stats(const struct role *role, struct json_object *object)
{
	(void)role;
	(void)object;
}

/* The gateway may not register what begins with 2001:db8:c. */
void lma_role_ask_policy(const struct lma_role *anchor,
			 struct lma_request *request)
{
	static struct mh_prefix some[2];

	(void)anchor;
	some[0] = prefix6("2001:db8:a::/48");
	some[1] = prefix6("2001:db8:b::/48");
	assert_ip6_equal(&request->src, MAG1);
	assert_true(request->bu.options.has_mn_id);
	request->policy.mag_limited = true;
	request->policy.mag_prefixes = some;
	request->policy.mag_prefix_count = 2;
}

/* --- An anchor with sessions. */

static struct lma_role anchor;

static void session(const char *mn, uint8_t last, const char *hnp)
{
	struct mh_mn_id mn_id = nai(mn);
	struct mh_prefix prefix = prefix6(hnp);
	struct bce *bce = bc_insert(&anchor.lma.bc, anchor.lma.next_id++,
				    &mn_id, &prefix, 1);

	bce->now.proxy_coa = ip6(MAG1);
	bce->now.ll_id = ll_id6(last);
	bce->now.expires_ms = UINT64_MAX / 2;
}

static int setup(void **state)
{
	struct mh_prefix pool = prefix6("2001:db8:a::/62");
	struct lma_config config = { .address = ip6("2001:db8:2::1") };

	(void)state;
	memset(&anchor, 0, sizeof(anchor));
	lma_init(&anchor.lma, &config);
	assert_true(prefix_pool_add(&anchor.lma.pool, &pool, 64));
	anchor.role.reconciled = true;
	messages = 0;
	session(MN1, 1, "2001:db8:a::/64");
	session("mn2@example.com", 2, "2001:db8:a:1::/64");
	session("mn2@example.com", 3, "2001:db8:a:2::/64");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lma_free(&anchor.lma);
	return 0;
}

static const char *renumber(const char *mn, const char *prefix,
			    struct json_object **list)
{
	*list = json_object_new_array();
	return lma_role_renumber(&anchor, mn, &prefix, prefix != NULL, *list);
}

static const char *said(struct json_object *list, size_t at, const char *key)
{
	struct json_object *mn = json_object_array_get_idx(list, at), *value;

	assert_non_null(mn);
	if (!json_object_object_get_ex(mn, key, &value))
		return "";
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE |
					      JSON_C_TO_STRING_PLAIN);
}

static void expect_refusal(const char *mn, const char *prefix,
			   const char *wanted)
{
	struct json_object *list;
	const char *why = renumber(mn, prefix, &list);

	json_object_put(list);
	assert_non_null(why);
	if (!strstr(why, wanted))
		assert_string_equal(why, wanted);
	assert_int_equal(messages, 0);
}

/* As operators see them: of both roles the same words. */
static void test_groups(void **state)
{
	struct lma_group_name name = { .mag = ip6(MAG1), .number = 0x101 };
	struct json_object *list = json_object_new_array();
	struct lma_group *group;

	(void)state;
	lma_role_put_groups(&anchor, list);
	assert_int_equal(json_object_array_length(list), 0);
	group = lma_group_insert(&anchor.lma, &name, 7);
	group->now.expires_ms = UINT64_MAX / 2;
	group->now.lifetime = 75;
	lma_group_join(group, anchor.lma.bc.mns->sessions);
	lma_role_put_groups(&anchor, list);
	assert_string_equal(said(list, 0, "id"), "257");
	assert_string_equal(said(list, 0, "role"), "\"lma\"");
	assert_string_equal(said(list, 0, "peer"), "\"" MAG1 "\"");
	assert_string_equal(said(list, 0, "state"), "\"forming\"");
	assert_string_equal(said(list, 0, "members"), "1");
	assert_string_equal(said(list, 0, "expiry_set"), "7");
	assert_string_not_equal(said(list, 0, "lifetime_ms"), "");
	assert_string_equal(said(list, 0, "renewed_ms"), "");
	group->stands = true;
	group->now.received = 1;
	lma_role_put_groups(&anchor, list);
	assert_string_equal(said(list, 1, "state"), "\"active\"");
	assert_string_not_equal(said(list, 1, "renewed_ms"), "");
	group->ending = true;
	lma_role_put_groups(&anchor, list);
	assert_string_equal(said(list, 2, "state"), "\"ending\"");
	json_object_put(list);

	list = json_object_new_array();
	lma_role_put_mns(&anchor, MN1, list);
	assert_string_equal(said(list, 0, "group"), "257");
	json_object_put(list);
}

/* Only what may be one of several has a number among them. */
static void test_paths(void **state)
{
	struct json_object *list = json_object_new_array();
	struct bce *bce = anchor.lma.bc.mns->sessions;

	(void)state;
	lma_role_put_session(bce, (struct now){ 0 }, list);
	assert_string_equal(said(list, 0, "bid"), "");
	assert_string_equal(said(list, 0, "priority"), "");
	bce_path(bce)->bid = 3;
	bce->now.priority = 20;
	lma_role_put_session(bce, (struct now){ 0 }, list);
	assert_string_equal(said(list, 1, "bid"), "3");
	assert_string_equal(said(list, 1, "priority"), "20");
	assert_string_equal(said(list, 1, "flow_bindings"), "");
	bce->path->flows = must_alloc(sizeof(struct lma_flows) +
					sizeof(struct lma_flow));
	bce->path->flows->count = 1;
	bce->path->flows->flow[0] = (struct lma_flow){
		.fid = 7,
		.id = 2,
		.priority = 10,
		.bid = 3,
		.action = MH_FLOW_DROP,
		.moved = true,
	};
	lma_role_put_session(bce, (struct now){ 0 }, list);
	assert_string_equal(said(list, 2, "flow_bindings"),
			    "[{\"fid\":7,\"id\":2,\"priority\":10,\"action\":\"drop\",\"bid\":3,\"selector\":\"any\",\"moved\":true}]");
	json_object_put(list);
}

static void test_named(void **state)
{
	struct json_object *list;

	(void)state;
	assert_null(renumber(MN1, NEW, &list));
	assert_int_equal(json_object_array_length(list), 1);
	assert_string_equal(said(list, 0, "mn"), "\"" MN1 "\"");
	assert_string_equal(said(list, 0, "hnp"), "[\"2001:db8:a::/64\"]");
	assert_string_equal(said(list, 0, "pending"), "[\"" NEW "\"]");
	assert_string_equal(said(list, 0, "refused"), "");
	assert_int_equal(messages, 1);
	json_object_put(list);
}

static void test_by_lladdr(void **state)
{
	struct json_object *list;

	(void)state;
	/* ll_id6(3), one of two. */
	assert_null(renumber("02:00:00:00:00:03", NEW, &list));
	assert_int_equal(json_object_array_length(list), 1);
	assert_string_equal(said(list, 0, "hnp"), "[\"2001:db8:a:2::/64\"]");
	assert_string_equal(said(list, 0, "pending"), "[\"" NEW "\"]");
	json_object_put(list);
}

static void test_refusals(void **state)
{
	static const char *const bad[] = {
		"", "x", "2001:db8::", "2001:db8::1/64", "fe80::/64",
		"ff00::/8", "2001:db8::/129", "::/0", "10.0.0.0/8",
	};
	const char *many[MH_MAX_HNP + 1];
	struct json_object *list;
	size_t i;

	(void)state;
	expect_refusal("nobody@example.com", NULL, "no such mobile node");
	expect_refusal("02:00:00:00:00:09", NULL, "no such mobile node");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		expect_refusal(MN1, bad[i], "a prefix is like");
	expect_refusal(MN1, "2001:db8:c::/64", "the gateway may not");
	expect_refusal(MN1, "2001:db8:a:1::/64", "another session has it");
	expect_refusal("mn2@example.com", NEW, "it has several sessions");
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = NEW;
	list = json_object_new_array();
	assert_string_equal(lma_role_renumber(&anchor, MN1, many,
					      ARRAY_SIZE(many), list),
			    "no session has so many prefixes");
	json_object_put(list);
	anchor.role.reconciled = false;
	expect_refusal(MN1, NULL, "just starting");
}

/* One of two gets the last prefix of the pool; the other one is refused. */
static void test_all_sessions(void **state)
{
	struct json_object *list;
	unsigned int refused = 0, pending = 0;
	size_t i;

	(void)state;
	assert_null(renumber("mn2@example.com", NULL, &list));
	assert_int_equal(json_object_array_length(list), 2);
	for (i = 0; i < 2; i++) {
		pending += !strcmp(said(list, i, "pending"),
				   "[\"2001:db8:a:3::/64\"]");
		refused += strstr(said(list, i, "refused"), "no prefix is left")
			   != NULL;
	}
	assert_int_equal(pending, 1);
	assert_int_equal(refused, 1);
	assert_int_equal(messages, 1);
	json_object_put(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_named, setup, teardown),
		cmocka_unit_test_setup_teardown(test_by_lladdr, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_sessions, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
