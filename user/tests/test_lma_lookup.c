// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_lookup.c: RFC 5213 5.4.1, which session a PBU is about.
 */
#include <string.h>

#include "common/lma_bench.h"
#include "common/test.h"

/* 5.4.1.1 (3) */
static void test_prefix_of_another_mobile_node(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;

	lma_bench_begin(state, &bench);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.options.mn_id = nai("mn2@example.com");
	/* RULE: B-LMA-29 B-LMA-71 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	own_prefixes(&request, HNP1, NULL);
	/* RULE: B-LMA-09 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	/* Nor is the same prefix by another name. */
	request = pbu(bench, "2001:db8:a::1/64", MH_HI_UNKNOWN);
	request.bu.options.mn_id = nai("mn2@example.com");
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* Nor does it have to be newer than what is another's (RFC 5213 5.5 (6)). */
static void test_older_than_that_of_another(void **state)
{
	struct lma_bench *bench;
	struct lma_request request;
	struct bce *bce;

	bce = lma_bench_begin(state, &bench);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.options.mn_id = nai("mn2@example.com");
	request.bu.options.timestamp = bce->now.timestamp - 1;
	bench->lma.config.timestamp_validity_window_ms = 5000;
	/* RULE: B-LMA-91 B-LMA-29 */
	assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
	assert_agreed(bench);
}

/* 5.4.1.1 (4): not all, too many, others, one twice. */
static void test_prefix_set_differs(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	own_prefixes(&request, OWN1, OWN2);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 1000);

	request = pbu(bench, OWN1, MH_HI_NOT_CHANGED);
	/* RULE: B-LMA-29 */
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	request.bu.options.hnp_count = 2;
	/* RULE: B-LMA-79 */
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	request.bu.options.hnp[1] = prefix6(OWN1);
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	request.bu.options.hnp[1] = prefix6(HNP1);
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	request.bu.options.hnp[1] = prefix6(OWN2);
	request.bu.options.hnp_count = 3;
	assert_status(bench, &request, MH_BCE_PBU_PREFIX_SET_DO_NOT_MATCH);
	/* In whichever order. */
	request.bu.options.hnp_count = 2;
	request.bu.options.hnp[0] = prefix6(OWN2);
	request.bu.options.hnp[1] = prefix6(OWN1);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 1);
	assert_agreed(bench);
}

/* 5.4.1.1 (5), third case: neither side knows a link-layer identifier. */
static void test_no_ll_id_on_either_side(void **state)
{
	static const uint8_t lengths[] = { 0, 6 };
	struct lma_request request;
	struct lma_bench *bench;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		lma_bench_setup(state);
		bench = *state;
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.bu.options.has_ll_id = lengths[i];
		memset(&request.bu.options.ll_id, 0,
		       sizeof(request.bu.options.ll_id));
		/* All zero is none. */
		request.bu.options.ll_id.len = lengths[i];
		assert_status(bench, &request, MH_ACCEPTED);
		world_pass(&bench->world, 1000);
		request.src = ip6(MAG2);
		request.bu.options.timestamp = bench->world.now.wall;
		request.bu.options.hnp[0] = prefix6(HNP1);
		request.bu.options.handoff = MH_HI_UNKNOWN;
		/* RULE: B-LMA-22 */
		assert_status(bench, &request, MH_NOT_AUTHORIZED_FOR_HNP);
		request.bu.options.handoff = MH_HI_SAME_INTERFACE;
		assert_status(bench, &request, MH_ACCEPTED);
		assert_int_equal(bench->lma.bc.count, 1);
		lma_bench_teardown(state);
	}
}

/* 5.4.1, last points: silently. */
static void test_deregistration_of_nothing(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;

	request = pbu(bench, NULL, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, -1);
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	request.bu.lifetime = 0;
	assert_status(bench, &request, -1);
	assert_int_equal(bench->lma.counters.pbu_ignored, 2);
	/* RULE: B-LMA-22 */
	assert_int_equal(bench->lma.counters.refused, 0);
	assert_agreed(bench);
}

/*
 * Of two sessions of one interface, which a gateway that it has left has brought about,
 * each gateway means its own. 5.4.1.2 goes by identifier, access technology and
 * link-layer identifier, and does not know of two; to choose by the Proxy-CoA between
 * them is ours, and so is that another gateway means the newer one.
 */
static void test_each_gateway_its_own(void **state)
{
	static const char *const mags[] = { MAG1, MAG2 };
	static const char *const hnps[] = { HNP1, HNP2 };
	const struct mh_binding_ack *ba;
	struct lma_request request;
	struct lma_bench *bench;
	unsigned int i, turn;

	lma_bench_begin(state, &bench);
	request = pbu(bench, HNP2, MH_HI_NOT_CHANGED);
	request.src = ip6(MAG2);
	assert_status(bench, &request, MH_ACCEPTED);
	assert_int_equal(bench->lma.bc.count, 2);
	for (turn = 0; turn < 4; turn++) {
		i = turn % 2;
		world_pass(&bench->world, 10);
		request = pbu(bench, NULL, MH_HI_UNKNOWN);
		request.src = ip6(mags[i]);
		/* The first two to have it again, the others to end it. */
		request.bu.lifetime = turn < 2 ? 75 : 0;
		/* RULE: B-LMA-22 */
		ba = answer(bench, &request);
		assert_non_null(ba);
		assert_int_equal(ba->status, MH_ACCEPTED);
		assert_prefix_equal(&ba->options.hnp[0], hnps[i]);
		assert_int_equal(bench->lma.bc.count, 2);
		assert_agreed(bench);
	}
	assert_int_equal(bench->lma.counters.refreshed, 2);
	assert_int_equal(bench->lma.counters.deregistered, 2);
	world_pass(&bench->world, 10);
	request = pbu(bench, NULL, MH_HI_SAME_INTERFACE);
	request.src = ip6("2001:db8:4::1");
	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_prefix_equal(&ba->options.hnp[0], HNP2);
	assert_int_equal(bench->lma.bc.count, 2);
}

/* --- Every combination, against the rules word by word. */

/**
 * struct cell - a session of mn1 at MAG1 over Wi-Fi, and a PBU
 * @bce_ll_id: the session's link-layer identifier, 0 for none
 * @two: mn1 has another session, with link-layer identifier 3
 * @deregistered: the session waits for its deletion
 * @named: the PBU names its prefix
 * @same_mag: it comes from MAG1
 * @same_att: and over Wi-Fi
 * @ll_id: and with this link-layer identifier, 0 for none
 * @zero: that is an option with all zero
 * @lifetime: 0 to de-register
 * @handoff: its indicator
 */
struct cell {
	uint8_t bce_ll_id;
	bool two;
	bool deregistered;
	bool named;
	bool same_mag;
	bool same_att;
	uint8_t ll_id;
	bool zero;
	uint16_t lifetime;
	uint8_t handoff;
};

enum outcome { IGNORED, UPDATED, MADE_NEW, WAITED, NOT_ALLOWED };

static const char *const outcomes[] = {
	"ignored", "updated", "new", "waits", "155",
};

/* RFC 5213 5.4.1.1 (5): one line a bullet. */
static bool case_a_updates(const struct cell *cell)
{
	if (cell->ll_id && cell->ll_id == cell->bce_ll_id && cell->same_att)
		return true;
	if (cell->handoff == 2)
		return true;
	if (!cell->ll_id && !cell->bce_ll_id && cell->same_att &&
	    cell->handoff == 3)
		return true;
	if (cell->same_mag && cell->same_att)
		return true;
	/* Of one that is de-registered it can be nothing else. */
	return cell->deregistered;
}

/* RFC 5213 5.4.1.2 and 5.4.1.3. */
static enum outcome case_b_or_c(const struct cell *cell)
{
	if (cell->ll_id && cell->ll_id == cell->bce_ll_id && cell->same_att)
		return UPDATED;
	if (!cell->two && cell->handoff == 2)
		return UPDATED;
	if (!cell->two && cell->handoff == 3 && !cell->ll_id)
		return UPDATED;
	if (!cell->two && cell->handoff == 4)
		return cell->deregistered ? UPDATED : WAITED;
	return MADE_NEW;
}

static enum outcome expected(const struct cell *cell)
{
	enum outcome outcome;

	if (cell->named)
		outcome = case_a_updates(cell) ? UPDATED : NOT_ALLOWED;
	else
		outcome = case_b_or_c(cell);
	/* 5.4.1.1 (6), 5.4.1.2 (5), 5.4.1.3 (4) */
	if (outcome != UPDATED && !cell->lifetime)
		return IGNORED;
	/* 5.3.5 (1) */
	if (outcome == UPDATED && !cell->lifetime && !cell->same_mag)
		return IGNORED;
	/* A gateway that was left does not know: it refreshes, no more. */
	if (outcome == UPDATED && cell->lifetime && !cell->same_mag &&
	    !cell->deregistered && cell->handoff == 5)
		return NOT_ALLOWED;
	return outcome;
}

static void set_ll_id(struct mh_options *options, uint8_t ll_id, bool zero)
{
	options->has_ll_id = ll_id || zero;
	memset(&options->ll_id, 0, sizeof(options->ll_id));
	if (ll_id)
		options->ll_id = ll_id6(ll_id);
	else if (zero)
		options->ll_id.len = 6;
}

static void prepare(struct lma_bench *bench, const struct cell *cell)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);

	set_ll_id(&request.bu.options, cell->bce_ll_id, false);
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 10);
	if (cell->two) {
		request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
		request.bu.options.ll_id = ll_id6(3);
		assert_status(bench, &request, MH_ACCEPTED);
	}
	world_pass(&bench->world, 10);
	if (!cell->deregistered)
		return;
	request = pbu(bench, HNP1, MH_HI_UNKNOWN);
	set_ll_id(&request.bu.options, cell->bce_ll_id, false);
	request.bu.lifetime = 0;
	assert_status(bench, &request, MH_ACCEPTED);
	world_pass(&bench->world, 10);
}

static enum outcome happens(struct lma_bench *bench, const struct cell *cell)
{
	struct lma_request request = pbu(bench, cell->named ? HNP1 : NULL,
					 cell->handoff);
	struct lma_counters before = bench->lma.counters, *now;
	unsigned int count = bench->lma.bc.count;
	const struct mh_binding_ack *ba;

	if (!cell->same_mag)
		request.src = ip6(MAG2);
	if (!cell->same_att)
		request.bu.options.att = MH_ATT_IEEE_802_3;
	set_ll_id(&request.bu.options, cell->ll_id, cell->zero);
	request.bu.lifetime = cell->lifetime;
	ba = answer(bench, &request);
	now = &bench->lma.counters;
	if (!ba && now->delayed > before.delayed)
		return WAITED;
	if (!ba) {
		assert_int_equal(now->pbu_ignored, before.pbu_ignored + 1);
		return IGNORED;
	}
	if (ba->status) {
		assert_int_equal(ba->status, MH_NOT_AUTHORIZED_FOR_HNP);
		return NOT_ALLOWED;
	}
	if (bench->lma.bc.count > count)
		return MADE_NEW;
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	assert_int_equal(now->created, before.created);
	assert_int_equal(now->refreshed + now->handovers + now->deregistered,
			 before.refreshed + before.handovers +
			 before.deregistered + 1);
	/* RULE: B-LMA-75 */
	assert_int_equal(now->deregistered - before.deregistered,
			 !cell->lifetime);
	assert_int_equal(now->handovers - before.handovers,
			 cell->lifetime && !cell->same_mag);
	return UPDATED;
}

static void try_cell(void **state, const struct cell *cell)
{
	struct mh_prefix more = prefix6("2001:db8:c::/48");
	struct lma_bench *bench;
	enum outcome got, wanted = expected(cell);

	lma_bench_setup(state);
	bench = *state;
	assert_true(prefix_pool_add(&bench->lma.pool, &more, 64));
	prepare(bench, cell);
	got = happens(bench, cell);
	if (got != wanted)
		print_message("# bce_ll_id %u two %d dereg %d named %d mag %d att %d ll_id %u zero %d lifetime %u hi %u: %s, not %s\n",
			      cell->bce_ll_id, cell->two, cell->deregistered,
			      cell->named, cell->same_mag, cell->same_att,
			      cell->ll_id, cell->zero, cell->lifetime,
			      cell->handoff, outcomes[got], outcomes[wanted]);
	/* RULE: B-LMA-22 B-LMA-69 B-LMA-33 B-LMA-84 B-LMA-72 B-LMA-74 */
	assert_int_equal(got, wanted);
	lma_bench_teardown(state);
}

static void test_every_cell(void **state)
{
	static const struct { uint8_t ll_id; bool zero; } ids[] = {
		{ 0, false }, { 0, true }, { 1, false }, { 2, false },
	};
	unsigned int bits, id, handoff;
	struct cell cell;

	for (bits = 0; bits < 128; bits++) {
		cell.bce_ll_id = bits & 1;
		cell.two = bits & 2;
		cell.deregistered = bits & 4;
		cell.named = bits & 8;
		cell.same_mag = bits & 16;
		cell.same_att = bits & 32;
		cell.lifetime = bits & 64 ? 75 : 0;
		for (id = 0; id < ARRAY_SIZE(ids); id++) {
			cell.ll_id = ids[id].ll_id;
			cell.zero = ids[id].zero;
			for (handoff = 0; handoff <= 7; handoff++) {
				cell.handoff = (uint8_t)handoff;
				try_cell(state, &cell);
			}
		}
	}
}

#define with_bench(test) \
	cmocka_unit_test_setup_teardown(test, lma_bench_setup, \
					lma_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bench(test_prefix_of_another_mobile_node),
		with_bench(test_older_than_that_of_another),
		with_bench(test_prefix_set_differs),
		cmocka_unit_test(test_no_ll_id_on_either_side),
		with_bench(test_deregistration_of_nothing),
		with_bench(test_each_gateway_its_own),
		cmocka_unit_test(test_every_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
