// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/update_list.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/update_list.h"
#include "common/test.h"

static struct bule *insert(struct update_list *bul, uint64_t id,
			   const char *mn, uint8_t last)
{
	struct mag_attachment at = { .ifindex = 7 };
	struct mag_profile profile = { .mn_id = nai(mn) };

	memcpy(at.lladdr, ll_id6(last).data, ETH_ALEN);
	return bul_insert(bul, id, &at, &profile);
}

static void test_found_and_removed(void **state)
{
	struct update_list bul = { 0 };
	struct bule *a, *b;
	int kind;

	(void)state;
	assert_null(bul_by_lladdr(&bul, ll_id6(1).data));
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn2", 2);
	/* RULE: B-MAG-01 B-MAG-10 */
	assert_ptr_equal(bul_by_lladdr(&bul, ll_id6(1).data), a);
	assert_ptr_equal(bul_by_lladdr(&bul, ll_id6(2).data), b);
	assert_null(bul_by_lladdr(&bul, ll_id6(3).data));
	assert_ptr_equal(bul_by_id(&bul, 1), a);
	assert_ptr_equal(bul_by_id(&bul, 2), b);
	assert_null(bul_by_id(&bul, 0));
	for (kind = 0; kind < BULE_TIMERS; kind++) {
		assert_int_equal(a->timers[kind].kind, kind);
		assert_ptr_equal(a->timers[kind].bule, a);
	}
	bul_remove(&bul, a);
	assert_null(bul_by_lladdr(&bul, ll_id6(1).data));
	assert_null(bul_by_id(&bul, 1));
	assert_ptr_equal(bul.entries, b);
	assert_null(bul_next(b));
	bul_remove(&bul, b);
	assert_null(bul.entries);
}

static void test_prefixes(void **state)
{
	struct mh_prefix p1 = prefix6("2001:db8:a:1::/64");
	struct mh_prefix p2 = prefix6("2001:db8:a:2::/64");
	struct mh_prefix both[2];
	struct update_list bul = { 0 };
	struct bule *a, *b;

	(void)state;
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn2", 2);
	both[0] = p1;
	both[1] = p2;
	bul_set_prefixes(&bul, a, both, 2);
	assert_ptr_equal(bul_by_prefix(&bul, &p2), a);
	/* The first of its own stays. */
	bul_set_prefixes(&bul, a, a->hnp, 1);
	assert_null(bul_by_prefix(&bul, &p2));
	bul_set_prefixes(&bul, b, &p2, 1);
	assert_true(bule_has_prefix(a, &p1));
	assert_false(bule_has_prefix(a, &p2));
	assert_ptr_equal(bul_by_prefix(&bul, &p1), a);
	assert_ptr_equal(bul_by_prefix(&bul, &p2), b);
	bul_set_prefixes(&bul, b, both, 2);
	bul_remove(&bul, a);
	assert_ptr_equal(bul_by_prefix(&bul, &p1), b);
	p2.len = 65;
	assert_null(bul_by_prefix(&bul, &p2));
	bul_remove(&bul, b);
}

static void test_copies(void **state)
{
	struct update_list bul = { 0 };
	struct bule *a = insert(&bul, 1, "mn1", 1);

	(void)state;
	a->copies[0] = (struct bule_copy){ .sequence = 0, .used = true };
	a->copies[1] = (struct bule_copy){ .sequence = 0xffff, .used = true };
	assert_null(bule_copy_of(a, 0));
	a->waits = true;
	assert_ptr_equal(bule_copy_of(a, 0), &a->copies[0]);
	assert_ptr_equal(bule_copy_of(a, 0xffff), &a->copies[1]);
	assert_null(bule_copy_of(a, 1));
	a->copies[0].used = false;
	/* RULE: B-MAG-54 */
	assert_null(bule_copy_of(a, 0));
	bul_remove(&bul, a);
}

static void test_found_by_acknowledgement(void **state)
{
	struct mh_binding_ack ba = { .sequence = 5 };
	struct update_list bul = { 0 };
	struct bule *a, *b, *c;
	bool echoes;

	(void)state;
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn1", 2);
	c = insert(&bul, 3, "mn3", 3);
	a->waits = true;
	b->waits = true;
	a->copies[0] = (struct bule_copy){ .sequence = 5, .used = true };
	b->copies[2] = (struct bule_copy){ .sequence = 6, .used = true };
	ba.options.has_mn_id = true;
	ba.options.mn_id = nai("mn1");
	ba.options.has_ll_id = true;
	ba.options.ll_id = ll_id6(1);
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), a);
	assert_true(echoes);
	/* It names another one than was sent: one of the two is wrong. */
	ba.options.mn_id = nai("mn2");
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), a);
	assert_false(echoes);
	ba.options.mn_id = nai("mn1");
	/* An interface that is not here, or another mobile node's. */
	ba.options.ll_id = ll_id6(4);
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), a);
	assert_false(echoes);
	ba.options.ll_id = ll_id6(3);
	/* RULE: B-MAG-54 */
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), a);
	assert_false(echoes);
	/* That of its other interface is right: this has used that number before. */
	ba.options.ll_id = ll_id6(2);
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	ba.options.ll_id.len = 5;
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), a);
	assert_false(echoes);
	/* With both of them wrong it is about something else. */
	ba.options.ll_id = ll_id6(2);
	ba.options.mn_id = nai("mn2");
	/* RULE: B-MAG-54 */
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	ba.options.mn_id = nai("mn1");
	ba.sequence = 6;
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), b);
	assert_true(echoes);
	/* The sequence number is nobody's. */
	ba.sequence = 7;
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	ba.sequence = 6;
	/* An identifier has to be there, but where it was missed. */
	ba.options.has_mn_id = false;
	ba.options.mn_id.len = 0;
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	ba.status = MH_MISSING_MN_ID_OPTION;
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), b);
	assert_true(echoes);
	ba.status = MH_ACCEPTED;
	ba.options.mn_id = nai("mn1");
	/* One that does not say is looked for among all. */
	ba.options.has_ll_id = false;
	assert_ptr_equal(bul_by_ack(&bul, &ba, &echoes), b);
	assert_true(echoes);
	ba.options.mn_id = nai("mn2");
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	ba.options.mn_id = nai("mn1");
	b->waits = false;
	assert_null(bul_by_ack(&bul, &ba, &echoes));
	bul_remove(&bul, a);
	bul_remove(&bul, b);
	bul_remove(&bul, c);
}

static struct mag_profile profile_of(const char *mn)
{
	return (struct mag_profile){ .mn_id = nai(mn) };
}

static void test_walked_by_mobile_node(void **state)
{
	struct mh_mn_id mn1 = nai("mn1"), mn2 = nai("mn2"), other = nai("mn1");
	struct mag_profile profile = profile_of("mn2");
	struct update_list bul = { 0 };
	struct bule *a, *b, *c;

	(void)state;
	assert_null(bul_by_mn(&bul, &mn1));
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn2", 2);
	c = insert(&bul, 3, "mn1", 3);
	assert_ptr_equal(bul_by_mn(&bul, &mn1), a);
	assert_ptr_equal(bul_next_of_mn(a), c);
	assert_null(bul_next_of_mn(c));
	assert_ptr_equal(bul_by_mn(&bul, &mn2), b);
	assert_null(bul_next_of_mn(b));
	/* Subtype and length are part of it, what is after it is not. */
	other.data[other.len] = 'x';
	assert_ptr_equal(bul_by_mn(&bul, &other), a);
	other.len++;
	assert_null(bul_by_mn(&bul, &other));
	other = nai("mn1");
	other.subtype++;
	assert_null(bul_by_mn(&bul, &other));

	/* Policy says that it is another one's. */
	bul_set_profile(&bul, a, &profile);
	assert_ptr_equal(bul_by_mn(&bul, &mn1), c);
	assert_null(bul_next_of_mn(c));
	assert_ptr_equal(bul_next_of_mn(b), a);
	assert_true(mh_mn_id_equal(&a->profile.mn_id, &mn2));
	profile.lifetime_s = 7;
	bul_set_profile(&bul, a, &profile);
	assert_int_equal(a->profile.lifetime_s, 7);
	assert_ptr_equal(bul_next_of_mn(b), a);
	assert_null(bul_next_of_mn(a));

	bul_remove(&bul, b);
	assert_ptr_equal(bul_by_mn(&bul, &mn2), a);
	bul_remove(&bul, c);
	assert_null(bul_by_mn(&bul, &mn1));
	bul_remove(&bul, a);
	assert_null(bul.mns);
}

/* A stranger is told from an anchor without a walk over all entries. */
static void test_anchors(void **state)
{
	struct in6_addr one = { .s6_addr = { 0x20, 1 } };
	struct in6_addr other = { .s6_addr = { 0x20, 2 } };
	struct mag_profile profile = profile_of("mn1");
	struct update_list bul = { 0 }, index;
	struct bule *a, *b;

	(void)state;
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn2", 2);
	assert_false(bul_has_lma(&bul, &one));
	profile.lma = one;
	bul_set_profile(&bul, a, &profile);
	bul_set_profile(&bul, b, &profile);
	index = (struct update_list){ .lmas = bul.lmas };
	assert_true(bul_has_lma(&index, &one));
	/* The same again counts once. */
	bul_set_profile(&bul, a, &profile);
	bul_remove(&bul, b);
	assert_true(bul_has_lma(&bul, &one));
	profile.lma = other;
	bul_set_profile(&bul, a, &profile);
	assert_false(bul_has_lma(&bul, &one));
	assert_true(bul_has_lma(&bul, &other));
	bul_remove(&bul, a);
	assert_false(bul_has_lma(&bul, &other));
	assert_null(bul.lmas);
}

/* A gateway of many does not look at all of them for each message. */
static void test_found_without_a_walk(void **state)
{
	struct mh_binding_ack ba = { .sequence = 5 };
	struct update_list bul = { 0 }, index;
	struct bule *a, *b;
	bool echoes;

	(void)state;
	a = insert(&bul, 1, "mn1", 1);
	b = insert(&bul, 2, "mn2", 2);
	a->waits = b->waits = true;
	a->copies[0] = b->copies[0] = (struct bule_copy){
		.sequence = 5,
		.used = true,
	};
	ba.options.has_mn_id = true;
	ba.options.mn_id = nai("mn2");
	index = (struct update_list){ .mns = bul.mns };
	assert_ptr_equal(bul_by_ack(&index, &ba, &echoes), b);
	assert_ptr_equal(bul_by_options(&index, &ba.options), b);
	b->waits = false;
	assert_null(bul_by_ack(&index, &ba, &echoes));
	assert_null(bul_by_options(&index, &ba.options));
	bul_remove(&bul, a);
	bul_remove(&bul, b);
}

static void test_state_names(void **state)
{
	(void)state;
	assert_string_equal(bule_state_name(BULE_REGISTERING), "registering");
	assert_string_equal(bule_state_name(BULE_ACTIVE), "active");
	assert_string_equal(bule_state_name(BULE_DEREGISTERING),
			    "deregistering");
	assert_string_equal(bule_state_name(BULE_REFUSED), "refused");
	assert_string_equal(bule_state_name(BULE_HELD), "held");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_and_removed),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_found_by_acknowledgement),
		cmocka_unit_test(test_walked_by_mobile_node),
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_found_without_a_walk),
		cmocka_unit_test(test_state_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
