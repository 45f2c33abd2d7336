// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/binding_cache.c
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/binding_cache.h"
#include "../engine/rng.h"
#include "common/test.h"

static struct bce *insert(struct binding_cache *bc, uint64_t id,
			  const char *mn, const char *first, const char *second)
{
	struct mh_prefix prefixes[2] = { prefix6(first) };
	struct mh_mn_id mn_id = nai(mn);

	if (second)
		prefixes[1] = prefix6(second);
	return bc_insert(bc, id, &mn_id, prefixes, second ? 2 : 1);
}

static struct bce *by_prefix(const struct binding_cache *bc, const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	/* What is between its members is not part of it. */
	return bc_by_prefix(bc, &prefix);
}

static void test_found_by_each_prefix(void **state)
{
	struct binding_cache bc = { 0 };
	struct bce *a, *b;

	(void)state;
	a = insert(&bc, 1, "mn1", "2001:db8:a:1::/64", "2001:db8:a:2::/64");
	b = insert(&bc, 2, "mn2", "2001:db8:a:1::/65", NULL);
	/* RULE: B-LMA-01 */
	assert_int_equal(bc.count, 2);
	assert_ptr_equal(by_prefix(&bc, "2001:db8:a:1::/64"), a);
	assert_ptr_equal(by_prefix(&bc, "2001:db8:a:2::/64"), a);
	assert_ptr_equal(by_prefix(&bc, "2001:db8:a:1::/65"), b);
	assert_null(by_prefix(&bc, "2001:db8:a:2::/65"));
	assert_null(by_prefix(&bc, "::/0"));
	assert_int_equal(a->id, 1);

	bc_remove(&bc, a);
	assert_null(by_prefix(&bc, "2001:db8:a:1::/64"));
	assert_null(by_prefix(&bc, "2001:db8:a:2::/64"));
	assert_ptr_equal(by_prefix(&bc, "2001:db8:a:1::/65"), b);
	bc_free(&bc);
	assert_int_equal(bc.count, 0);
}

/* The octets after an identifier, and its subtype, tell nothing or all. */
static void test_found_by_mobile_node(void **state)
{
	struct mh_mn_id mn1 = nai("mn1"), other = nai("mn1"), longest;
	struct binding_cache bc = { 0 };
	struct bce *a, *b;

	(void)state;
	assert_null(bc_mn(&bc, &mn1));
	a = insert(&bc, 1, "mn1", "2001:db8:a:1::/64", NULL);
	b = insert(&bc, 2, "mn1", "2001:db8:a:2::/64", NULL);
	/* RULE: B-LMA-01 */
	assert_int_equal(bc_mn(&bc, &mn1)->count, 2);
	assert_ptr_equal(bc_mn(&bc, &mn1), a->mn);
	assert_ptr_equal(a->mn, b->mn);
	other.data[3] = 'x';
	assert_ptr_equal(bc_mn(&bc, &other), a->mn);
	other.len = 4;
	assert_null(bc_mn(&bc, &other));
	other = mn1;
	other.subtype = 2;
	assert_null(bc_mn(&bc, &other));
	/* RULE: B-LMA-03 */
	assert_false(bce_is_of(a, &other));
	assert_true(bce_is_of(a, &mn1));
	bce_mn_id(b, &other);
	/* RULE: B-LMA-03 */
	assert_true(mh_mn_id_equal(&other, &mn1));

	bc_remove(&bc, a);
	assert_int_equal(bc_mn(&bc, &mn1)->count, 1);
	assert_ptr_equal(bc_mn(&bc, &mn1)->sessions, b);
	bc_remove(&bc, b);
	assert_null(bc_mn(&bc, &mn1));

	memset(&longest, 'y', sizeof(longest));
	longest.len = MH_MN_ID_MAX;
	a = bc_insert(&bc, 3, &longest, &(struct mh_prefix){ .len = 1 }, 1);
	assert_true(bce_is_of(a, &longest));
	bce_mn_id(a, &other);
	assert_true(mh_mn_id_equal(&other, &longest));
	bc_free(&bc);
}

static unsigned int walk(const struct binding_cache *bc, uint64_t *sum)
{
	unsigned int count = 0;
	struct bce *bce;

	*sum = 0;
	for (bce = bc_next(bc, NULL); bce; bce = bc_next(bc, bce)) {
		*sum += bce->id;
		count++;
	}
	return count;
}

#define SLOTS 200

static void random_mn(struct rng *rng, struct mh_mn_id *mn_id)
{
	*mn_id = nai("mnx");
	mn_id->data[2] = (uint8_t)rng_between(rng, 0, 39);
}

/* Walked, counted and found right, whatever came and went. */
static void test_many(void **state)
{
	struct bce *slots[SLOTS] = { NULL }, *bce;
	struct binding_cache bc = { 0 };
	struct rng rng = { .state = 3 };
	uint64_t sum = 0, walked;
	unsigned int count = 0, i;
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		struct mh_prefix prefix = prefix6("2001:db8::/64");
		struct mh_mn_id mn_id;

		i = (unsigned int)rng_between(&rng, 0, SLOTS - 1);
		prefix.addr.s6_addr[7] = (uint8_t)i;
		bce = bc_by_prefix(&bc, &prefix);
		assert_ptr_equal(bce, slots[i]);
		if (bce) {
			sum -= bce->id;
			count--;
			bc_remove(&bc, bce);
			slots[i] = NULL;
		} else {
			random_mn(&rng, &mn_id);
			slots[i] = bc_insert(&bc, (uint64_t)round, &mn_id,
					     &prefix, 1);
			assert_true(bce_is_of(slots[i], &mn_id));
			sum += (uint64_t)round;
			count++;
		}
		if (round % 64)
			continue;
		assert_int_equal(walk(&bc, &walked), count);
		assert_true(walked == sum);
		assert_int_equal(bc.count, count);
	}
	assert_true(count > 0);
	bc_free(&bc);
	assert_null(bc_next(&bc, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found_by_each_prefix),
		cmocka_unit_test(test_found_by_mobile_node),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
