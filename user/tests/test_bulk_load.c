// SPDX-License-Identifier: GPL-2.0
/*
 * What it takes that mobile nodes stay registered: messages between a gateway and its
 * anchor, each by itself and in bulk groups. The engines of both, with nothing between
 * them; what is sent is built, counted and parsed.
 *
 *	LOAD_MNS=50000 build/user/tests/bulk_load	prints that of so many
 */
#include <stdio.h>
#include <stdlib.h>

#include "../engine/lma_bulk.h"
#include "common/lma_bench.h"
#include "common/mag_bench.h"
#include "common/test.h"

#define MNS_DEFAULT 2000u
#define LIFETIME_S 1800u
#define GROUP_SIZE 1000u
#define MEMBER_INTERVAL_S 7200u

/* They come within one lifetime; after another one it goes on as it will for ever. */
#define COME_MS (LIFETIME_S * 1000ull)
#define SETTLE_MS (2 * COME_MS)
#define MEASURE_LIFETIMES 4u
#define MEASURE_S ((uint64_t)MEASURE_LIFETIMES * LIFETIME_S)

/* A gateway has them at two thirds of a lifetime, on average (RFC 6275 11.7.1). */
#define REFRESH_S (LIFETIME_S * 2.0 / 3)

/**
 * struct load - both, and what passes between them
 * @anchor: the one
 * @gateway: the other
 * @now: the time
 * @mns: how many mobile nodes
 * @messages: how many, since it is counted
 * @octets: those of them, with their IPv6 headers
 * @singles: PBUs of one mobile node
 * @bulks: PBUs of groups
 */
struct load {
	struct lma_bench *anchor;
	struct mag_bench *gateway;
	struct now now;
	unsigned int mns;
	uint64_t messages;
	uint64_t octets;
	uint64_t singles;
	uint64_t bulks;
};

static void on_pbu(struct load *load, const struct effect_send *send,
		   const struct mh_binding_update *bu)
{
	struct lma_request request = {
		.src = send->src,
		.dst = send->dst,
		.bu = *bu,
		.policy = {
			.mag_authorized = true,
			.mn_known = true,
			.service_enabled = true,
			.accepts_bulk = true,
		},
	};

	load->bulks += lma_is_bulk(&request);
	load->singles += !lma_is_bulk(&request);
	lma_on_pbu(&load->anchor->lma, &request, load->now,
		   &load->anchor->world.out);
}

static void pass_on(struct load *load, const struct effect_send *send)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN];
	size_t len = mh_build(send->message, data, sizeof(data));

	assert_true(len);
	mh_set_checksum(&send->src, &send->dst, data, len);
	assert_int_equal(mh_parse(data, len, &message), MH_OK);
	load->messages++;
	load->octets += 40 + len;
	if (message.type == MH_BINDING_UPDATE)
		on_pbu(load, send, &message.bu);
	else
		mag_on_pba(&load->gateway->mag, &send->src, &message.ba,
			   load->now, &load->gateway->world.out);
}

/* All goes well, at once. */
static bool run_one(struct load *load, struct world *world)
{
	struct transaction *transaction = outbox_take(&world->out);
	unsigned int i;

	if (!transaction)
		return false;
	for (i = 0; i < transaction->count; i++)
		if (transaction->effects[i].kind == EFFECT_SEND)
			pass_on(load, &transaction->effects[i].send);
	if (transaction->owner)
		world->done(world->engine, transaction->owner, 0, load->now,
			    &world->out);
	transaction_free(transaction);
	return true;
}

static void run(struct load *load)
{
	bool any = true;

	while (any) {
		any = run_one(load, &load->gateway->world);
		any |= run_one(load, &load->anchor->world);
	}
}

static void until(struct load *load, uint64_t mono_ms)
{
	struct lma *lma = &load->anchor->lma;
	struct mag *mag = &load->gateway->mag;
	uint64_t next, other;

	while (true) {
		next = lma_next_timer(lma);
		other = mag_next_timer(mag);
		next = other < next ? other : next;
		if (next > mono_ms)
			break;
		if (next > load->now.mono_ms) {
			load->now.wall +=
				wall_from_ms(next - load->now.mono_ms);
			load->now.mono_ms = next;
		}
		lma_on_timer(lma, load->now, &load->anchor->world.out);
		mag_on_timer(mag, load->now, &load->gateway->world.out);
		run(load);
	}
	load->now.wall += wall_from_ms(mono_ms - load->now.mono_ms);
	load->now.mono_ms = mono_ms;
}

static void come(struct load *load, unsigned int n)
{
	struct mag_attachment at = {
		.ifindex = ACCESS1,
		.ifname = "access1",
		.att = MH_ATT_IEEE_802_11,
		.lladdr = { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8),
			    (uint8_t)n },
	};
	char id[32];

	snprintf(id, sizeof(id), "mn%u@example.com", n);
	load->gateway->profile.mn_id = nai(id);
	mag_on_attach(&load->gateway->mag, &at, &load->gateway->profile, false,
		      load->now, &load->gateway->world.out);
	run(load);
}

static void begin(struct load *load, unsigned int groups,
		  uint32_t member_interval_s)
{
	static const struct dataplane_dump empty = { .has_sets = true };
	const char *mns = getenv("LOAD_MNS");
	struct mh_prefix pool = prefix6("2001:db8:c000::/40");
	struct mag_config *config;
	void *bench;

	memset(load, 0, sizeof(*load));
	load->mns = mns ? (unsigned int)strtoul(mns, NULL, 10) : MNS_DEFAULT;
	lma_bench_setup(&bench);
	load->anchor = bench;
	assert_true(prefix_pool_add(&load->anchor->lma.pool, &pool, 64));
	mag_bench_setup(&bench);
	load->gateway = bench;
	config = &load->gateway->mag.config;
	config->max_mobile_nodes = load->mns;
	config->lifetime_s = LIFETIME_S;
	config->request_bulk = groups != 0;
	config->bulk_groups = groups;
	config->bulk_group_size = GROUP_SIZE;
	config->bulk_member_interval_s = member_interval_s;
	load->now = load->anchor->world.now;
	mag_on_dataplane(&load->gateway->mag, &empty, load->now,
			 &load->gateway->world.out);
	run(load);
}

static void end(struct load *load)
{
	void *bench = load->anchor;

	assert_int_equal(load->anchor->lma.bc.count, load->mns);
	assert_int_equal(load->anchor->lma.counters.expired, 0);
	assert_int_equal(load->gateway->mag.counters.expired, 0);
	assert_int_equal(load->gateway->mag.counters.pbu_retransmitted, 0);
	lma_bench_teardown(&bench);
	bench = load->gateway;
	mag_bench_teardown(&bench);
}

static void measure(struct load *load, const char *mode)
{
	uint64_t begun = load->now.mono_ms;
	unsigned int n;

	for (n = 0; n < load->mns; n++) {
		until(load, begun + n * COME_MS / load->mns);
		come(load, n);
	}
	until(load, begun + SETTLE_MS);
	load->messages = load->octets = load->singles = load->bulks = 0;
	until(load, begun + SETTLE_MS + MEASURE_S * 1000);
	if (getenv("LOAD_MNS"))
		fprintf(stderr,
			"# %u mobile nodes, %u s, %s: %.1f messages and %.0f octets in a lifetime, %.3f and %.1f a second\n",
			load->mns, LIFETIME_S, mode,
			(double)load->messages / MEASURE_LIFETIMES,
			(double)load->octets / MEASURE_LIFETIMES,
			(double)load->messages / (double)MEASURE_S,
			(double)load->octets / (double)MEASURE_S);
}

/* Give or take what the lifetimes that are begun at the end come to. */
static void assert_about(uint64_t got, double wanted, unsigned int percent)
{
	assert_in_range(got, (uintmax_t)(wanted * (100 - percent) / 100),
			(uintmax_t)(wanted * (100 + percent) / 100) + 1);
}

static void test_each_by_itself(void **state)
{
	struct load load;

	(void)state;
	begin(&load, 0, MEMBER_INTERVAL_S);
	measure(&load, "each by itself");
	/* RULE: BULK-38 */
	assert_about(load.singles, (double)load.mns * (double)MEASURE_S /
		     REFRESH_S, 5);
	assert_int_equal(load.bulks, 0);
	assert_int_equal(load.messages, 2 * load.singles);
	end(&load);
}

static void test_in_groups(void **state)
{
	struct load load;

	(void)state;
	begin(&load, 1, 0);
	measure(&load, "in groups");
	/* RULE: BULK-38 */
	assert_about(load.bulks, (double)load.mns / GROUP_SIZE * (double)MEASURE_S /
		     REFRESH_S, 20);
	assert_int_equal(load.singles, 0);
	assert_int_equal(load.messages, 2 * load.bulks);
	end(&load);
}

/* Groups that fall due together: no more of them are renewed, by fewer messages. */
static void test_in_groups_several_at_once(void **state)
{
	struct mag_group_counters *counters;
	struct load load;
	uint64_t named;

	(void)state;
	begin(&load, MH_MAX_GROUPS, 0);
	counters = &load.gateway->mag.groups.counters;
	measure(&load, "in groups, several in a message");
	named = counters->named;
	assert_true(counters->sent < named);
	assert_int_equal(counters->apart, 0);
	assert_int_equal(load.singles, 0);
	assert_int_equal(load.messages, 2 * load.bulks);
	/* RULE: BULK-08 */
	assert_true((double)load.bulks < (double)load.mns / GROUP_SIZE *
		    (double)MEASURE_S / REFRESH_S);
	end(&load);
}

/* As it is without a word of the operator: see bulk-member-interval. */
static void test_in_groups_and_now_and_then(void **state)
{
	struct load load;

	(void)state;
	begin(&load, 1, MEMBER_INTERVAL_S);
	measure(&load, "in groups, and each in two hours");
	assert_about(load.singles, (double)load.mns * (double)MEASURE_S /
		     MEMBER_INTERVAL_S, 25);
	assert_int_equal(load.messages, 2 * (load.singles + load.bulks));
	end(&load);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_by_itself),
		cmocka_unit_test(test_in_groups),
		cmocka_unit_test(test_in_groups_several_at_once),
		cmocka_unit_test(test_in_groups_and_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
