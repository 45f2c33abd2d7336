// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier against one selector after the other, with selectors and packets
 * at random: these are mostly at, and just beside, the ends of those's ranges.
 */
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "classifier.h"
#include "suites.h"

static ulong seed = 6088;
module_param_named(classifier_seed, seed, ulong, 0444);
MODULE_PARM_DESC(classifier_seed, "Seed of the random tests of selectors");

static ulong pairs = 10000000;
module_param_named(classifier_pairs, pairs, ulong, 0444);
MODULE_PARM_DESC(classifier_pairs, "Selectors that are held against packets");

/* The greatest value of each field. */
static const struct pmip6_value greatest[PMIP6_FIELDS] = {
	[PMIP6_FIELD_SOURCE] = { U64_MAX, U64_MAX },
	[PMIP6_FIELD_DESTINATION] = { U64_MAX, U64_MAX },
	[PMIP6_FIELD_SPI] = { 0, U32_MAX },
	[PMIP6_FIELD_FLOW_LABEL] = { 0, 0xfffff },
	[PMIP6_FIELD_SOURCE_PORT] = { 0, U16_MAX },
	[PMIP6_FIELD_DESTINATION_PORT] = { 0, U16_MAX },
	[PMIP6_FIELD_DS] = { 0, 63 },
	[PMIP6_FIELD_PROTOCOL] = { 0, U8_MAX },
};

/**
 * struct classifier_test - selectors
 * @rnd: random numbers
 * @selector: those
 * @order: pointers to them
 * @classifier: of them
 * @pairs: how many were held against packets
 * @hits: packets that one matches
 * @misses: packets that none does
 */
struct classifier_test {
	struct rnd_state rnd;
	struct pmip6_selector *selector;
	const struct pmip6_selector **order;
	struct pmip6_classifier *classifier;
	unsigned long pairs;
	unsigned long hits;
	unsigned long misses;
};

static u64 draw64(struct rnd_state *rnd)
{
	return (u64)prandom_u32_state(rnd) << 32 | prandom_u32_state(rnd);
}

/* Of few values, so that ranges have ends in common; or of all. */
static struct pmip6_value draw(struct rnd_state *rnd,
			       enum pmip6_selector_field field)
{
	struct pmip6_value value;

	switch (prandom_u32_state(rnd) % 8) {
	case 0:
		return (struct pmip6_value){ 0, 0 };
	case 1:
		return greatest[field];
	case 2:
	case 3:
		value.high = draw64(rnd) & greatest[field].high;
		value.low = draw64(rnd) & greatest[field].low;
		return value;
	default:
		value.high = prandom_u32_state(rnd) % 3 & greatest[field].high;
		value.low = prandom_u32_state(rnd) % 40 & greatest[field].low;
		return value;
	}
}

static void draw_selector(struct rnd_state *rnd,
			  struct pmip6_selector *selector)
{
	unsigned int field;

	/* Of few fields, or hardly anything would match. */
	selector->fields = prandom_u32_state(rnd) & (BIT(PMIP6_FIELDS) - 1);
	selector->fields &= prandom_u32_state(rnd);
	for (field = 0; field < PMIP6_FIELDS; field++) {
		selector->first[field] = draw(rnd, field);
		selector->last[field] = selector->first[field];
		if (prandom_u32_state(rnd) % 3)
			selector->last[field] = draw(rnd, field);
		if (pmip6_value_below(&selector->last[field],
				      &selector->first[field]))
			swap(selector->first[field], selector->last[field]);
	}
}

/* One more or less, if there is that. */
static void step(struct pmip6_value *value, enum pmip6_selector_field field,
		 bool up)
{
	struct pmip6_value to = *value;

	if (up) {
		to.low++;
		to.high += !to.low;
		if (!pmip6_value_below(&greatest[field], &to) &&
		    (to.high || to.low))
			*value = to;
	} else if (to.high || to.low) {
		to.high -= !to.low;
		to.low--;
		*value = to;
	}
}

static void draw_key(struct classifier_test *ct, unsigned int count,
		     struct pmip6_flow_key *key)
{
	struct rnd_state *rnd = &ct->rnd;
	const struct pmip6_selector *near;
	unsigned int field;

	near = ct->order[prandom_u32_state(rnd) % count];
	key->fields = BIT(PMIP6_FIELDS) - 1;
	if (prandom_u32_state(rnd) % 4 == 0)
		key->fields &= ~BIT(prandom_u32_state(rnd) % PMIP6_FIELDS);
	for (field = 0; field < PMIP6_FIELDS; field++) {
		if (prandom_u32_state(rnd) % 8 == 0) {
			key->value[field] = draw(rnd, field);
			continue;
		}
		key->value[field] = prandom_u32_state(rnd) % 2 ?
				    near->first[field] : near->last[field];
		if (prandom_u32_state(rnd) % 4 == 0)
			step(&key->value[field], field,
			     prandom_u32_state(rnd) % 2);
	}
}

static int oracle(struct classifier_test *ct, unsigned int count,
		  const struct pmip6_flow_key *key, unsigned int from)
{
	for (; from < count; from++) {
		ct->pairs++;
		if (pmip6_selector_matches(ct->order[from], key))
			return from;
	}
	return -1;
}

static bool make(struct classifier_test *ct, unsigned int count)
{
	unsigned int i;

	ct->selector = kvcalloc(count, sizeof(*ct->selector), GFP_KERNEL);
	ct->order = kvcalloc(count, sizeof(*ct->order), GFP_KERNEL);
	if (!ct->selector || !ct->order)
		return false;
	for (i = 0; i < count; i++) {
		draw_selector(&ct->rnd, &ct->selector[i]);
		ct->order[i] = &ct->selector[i];
	}
	ct->classifier = pmip6_classifier_new(ct->order, count);
	return ct->classifier;
}

static void unmake(struct classifier_test *ct)
{
	pmip6_classifier_free(ct->classifier);
	kvfree(ct->order);
	kvfree(ct->selector);
	ct->classifier = NULL;
	ct->order = NULL;
	ct->selector = NULL;
}

/* Each match of a packet, one after the other. */
static bool agree_on(struct classifier_test *ct, unsigned int count,
		     const struct pmip6_flow_key *key)
{
	unsigned int from = prandom_u32_state(&ct->rnd) % 4 ? 0 :
			    prandom_u32_state(&ct->rnd) % (count + 1);
	unsigned int more;
	int want, got;

	for (more = 0; more < 3; more++) {
		want = oracle(ct, count, key, from);
		got = pmip6_classifier_find(ct->classifier, key, from);
		if (got != want)
			return false;
		if (want < 0) {
			ct->misses += !more;
			return true;
		}
		ct->hits += !more;
		from = want + 1;
	}
	return true;
}

static void classifier_random(struct kunit *test)
{
	static const unsigned int counts[] = { 1, 2, 3, 16, 63, 64, 65, 200, 700 };
	struct classifier_test *ct = test->priv;
	struct pmip6_flow_key key;
	unsigned int round, count, i;
	bool agree = true;

	for (round = 0; agree && ct->pairs < pairs; round++) {
		count = counts[round % ARRAY_SIZE(counts)];
		if (!make(ct, count)) {
			KUNIT_FAIL(test, "no memory for %u selectors", count);
			return;
		}
		for (i = 0; agree && i < 500; i++) {
			draw_key(ct, count, &key);
			agree = agree_on(ct, count, &key);
		}
		unmake(ct);
		cond_resched();
	}
	kunit_info(test, "pairs=%lu hits=%lu misses=%lu rounds=%u", ct->pairs,
		   ct->hits, ct->misses, round);
	KUNIT_EXPECT_TRUE(test, agree);
	KUNIT_EXPECT_GE(test, ct->pairs, pairs);
	KUNIT_EXPECT_GT(test, ct->hits, 10 * round);
	KUNIT_EXPECT_GT(test, ct->misses, 10 * round);
}

/* As many as there can be, each of a port of its own but the last. */
static void classifier_most(struct kunit *test)
{
	const unsigned int count = PMIP6_SELECTORS_MAX;
	struct classifier_test *ct = test->priv;
	struct pmip6_flow_key key = {
		.fields = BIT(PMIP6_FIELD_DESTINATION_PORT),
	};
	struct pmip6_value *port = &key.value[PMIP6_FIELD_DESTINATION_PORT];
	unsigned int i, wrong = 0;

	KUNIT_ASSERT_TRUE(test, make(ct, count));
	pmip6_classifier_free(ct->classifier);
	for (i = 0; i < count; i++) {
		ct->selector[i].fields = BIT(PMIP6_FIELD_DESTINATION_PORT);
		ct->selector[i].first[PMIP6_FIELD_DESTINATION_PORT].low =
			i == count - 1 ? 0 : 1000 + i;
		ct->selector[i].last[PMIP6_FIELD_DESTINATION_PORT].low =
			i == count - 1 ? U16_MAX : 1000 + i;
		ct->selector[i].first[PMIP6_FIELD_DESTINATION_PORT].high = 0;
		ct->selector[i].last[PMIP6_FIELD_DESTINATION_PORT].high = 0;
	}
	ct->classifier = pmip6_classifier_new(ct->order, count);
	KUNIT_ASSERT_NOT_NULL(test, ct->classifier);
	for (port->low = 0; port->low <= U16_MAX; port->low++) {
		i = port->low - 1000;
		wrong += pmip6_classifier_find(ct->classifier, &key, 0) !=
			 min(i, count - 1);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	key.fields = 0;
	KUNIT_EXPECT_EQ(test, pmip6_classifier_find(ct->classifier, &key, 0),
			-1);
}

/* One that looks at nothing matches all, and none at all nothing. */
static void classifier_of_all(struct kunit *test)
{
	struct classifier_test *ct = test->priv;
	struct pmip6_flow_key key = {};

	KUNIT_ASSERT_TRUE(test, make(ct, 2));
	pmip6_classifier_free(ct->classifier);
	ct->selector[0].fields = 0;
	ct->selector[1].fields = 0;
	ct->classifier = pmip6_classifier_new(ct->order, 2);
	KUNIT_ASSERT_NOT_NULL(test, ct->classifier);
	KUNIT_EXPECT_EQ(test, pmip6_classifier_find(ct->classifier, &key, 0),
			0);
	KUNIT_EXPECT_EQ(test, pmip6_classifier_find(ct->classifier, &key, 1),
			1);
	KUNIT_EXPECT_EQ(test, pmip6_classifier_find(ct->classifier, &key, 2),
			-1);
	pmip6_classifier_free(ct->classifier);
	ct->classifier = pmip6_classifier_new(ct->order, 0);
	KUNIT_ASSERT_NOT_NULL(test, ct->classifier);
	KUNIT_EXPECT_EQ(test, pmip6_classifier_find(ct->classifier, &key, 0),
			-1);
}

static int classifier_init(struct kunit *test)
{
	struct classifier_test *ct;

	ct = kunit_kzalloc(test, sizeof(*ct), GFP_KERNEL);
	if (!ct)
		return -ENOMEM;
	prandom_seed_state(&ct->rnd, seed);
	test->priv = ct;
	return 0;
}

static void classifier_exit(struct kunit *test)
{
	if (test->priv)
		unmake(test->priv);
}

static struct kunit_case classifier_cases[] = {
	KUNIT_CASE(classifier_random),
	KUNIT_CASE(classifier_most),
	KUNIT_CASE(classifier_of_all),
	{}
};

struct kunit_suite pmip6_classifier_suite = {
	.name = "pmip6_classifier",
	.init = classifier_init,
	.exit = classifier_exit,
	.test_cases = classifier_cases,
};
