// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_multihoming.c, user/engine/lma_flow.c: interfaces and flows of
 * one mobile node come, change and go at random, and some of it fails. Whatever
 * happens, the data plane has the paths and the flows that the anchor has.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/lma_flow.h"
#include "../engine/rng.h"
#include "common/lma_paths.h"
#include "common/test.h"

#define SEEDS 30
#define STEPS 300
#define INTERFACES 5

static const char *const mags[] = { MAG1, MAG2, MAG3 };

/**
 * struct play - what is going on
 * @bench: the anchor
 * @rng: what happens next
 */
struct play {
	struct lma_bench *bench;
	struct rng rng;
};

static unsigned int draw(struct play *play, unsigned int most)
{
	return (unsigned int)rng_between(&play->rng, 0, most);
}

static void add_flows(struct play *play, struct mh_options *options)
{
	static const uint8_t operations[] = {
		MH_FLOW_UNSAID, MH_FLOW_ADD, MH_FLOW_DELETE, MH_FLOW_MODIFY,
	};
	struct mh_flow *flow;
	unsigned int count = draw(play, 3);

	while (count--) {
		flow = &options->flow[options->flow_count++];
		*flow = (struct mh_flow){
			.fid = (uint16_t)(draw(play, 4) +
					  (draw(play, 3) ? 1 : 0x8000)),
			.priority = (uint16_t)draw(play, 12),
			.operation = operations[draw(play, 3)],
			.has_bid = !draw(play, 4),
			.bid = (uint16_t)(1 + draw(play, INTERFACES)),
			.format = (uint8_t)(draw(play, 4) ? MH_SELECTOR_IPV6 :
					    MH_SELECTOR_NONE),
		};
		if (flow->operation == MH_FLOW_UNSAID && draw(play, 1)) {
			flow->has_extras = true;
			flow->action = (uint8_t)draw(play, 2);
			flow->pro = (uint8_t)draw(play, 1);
		}
	}
}

static void update(struct play *play)
{
	static const enum mh_handoff_indicator indicators[] = {
		MH_HI_NEW_INTERFACE, MH_HI_NOT_CHANGED, MH_HI_SAME_INTERFACE,
		MH_HI_SHARED_PREFIXES, MH_HI_UNKNOWN,
	};
	uint8_t ll_id = (uint8_t)(1 + draw(play, INTERFACES - 1));
	struct lma_request request =
		paths_pbu(play->bench, mags[draw(play, 2)], ll_id,
			  draw(play, 1) ? HNP1 : NULL,
			  indicators[draw(play, 4)]);
	struct mh_options *options = &request.bu.options;

	request.bu.lifetime = (uint16_t)(1 + draw(play, 60));
	options->has_bid = draw(play, 1);
	options->bid.id = ll_id;
	options->bid.priority = (uint8_t)draw(play, 3);
	add_flows(play, options);
	give(play->bench, &request);
}

static void leave(struct play *play)
{
	uint8_t ll_id = (uint8_t)(1 + draw(play, INTERFACES - 1));
	const struct bce *bce = paths_of(play->bench, ll_id);
	struct lma_request request;

	if (!bce)
		return;
	request = paths_detach(play->bench, MAG1, ll_id,
			       (enum mh_multihoming_act)draw(play, 3));
	request.src = bce->now.proxy_coa;
	give(play->bench, &request);
}

static void step(struct play *play)
{
	static const int kinds[] = {
		EFFECT_STORE_PUT, EFFECT_BINDING_SET, EFFECT_FLOW_SET,
	};
	struct lma_bench *bench = play->bench;

	switch (draw(play, 15)) {
	case 0:
		world_settle(&bench->world);
		lma_bench_until(bench, draw(play, 60000));
		break;
	case 1:
		world_settle(&bench->world);
		lma_bench_restart(bench, true);
		bench->lma.config.multihoming = true;
		lma_bench_read(bench);
		break;
	case 2:
		world_settle(&bench->world);
		lma_bench_read(bench);
		break;
	case 3:
		world_fail(&bench->world, kinds[draw(play, 2)], draw(play, 2),
			   1, draw(play, 1) ? ENOMEM : EOPNOTSUPP);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		leave(play);
		break;
	default:
		update(play);
		break;
	}
}

static void assert_flows_agreed(const struct lma_bench *bench)
{
	const struct effect_flow *set;
	const struct lma_flow *flow;
	unsigned int flows = 0, i;
	const struct bce *bce;

	for (bce = bc_next(&bench->lma.bc, NULL); bce;
	     bce = bc_next(&bench->lma.bc, bce)) {
		for (i = 0; bce->path && bce->path->flows &&
		     i < bce->path->flows->count; i++) {
			flow = &bce->path->flows->flow[i];
			set = world_flow(&bench->world,
					 &bce->prefixes[0].prefix, flow->id);
			assert_non_null(set);
			assert_int_equal(set->priority, flow->priority);
			assert_int_equal(set->action, flow->action);
			assert_int_equal(set->bid[0], flow->bid);
			flows++;
		}
	}
	assert_int_equal(bench->world.flow_count, flows);
}

/* What has failed has been tried again, and no wait is left. */
static void settle(struct lma_bench *bench)
{
	world_settle(&bench->world);
	world_fail(&bench->world, ANY_ADDITION, 0, 0, 0);
	lma_bench_until(bench, 3000);
	world_forget_messages(&bench->world);
	assert_agreed(bench);
	assert_flows_agreed(bench);
}

static void play_seed(uint64_t seed)
{
	struct play play = { .rng = { .state = seed } };
	void *state;
	int i;

	lma_bench_setup(&state);
	play.bench = paths_begin(&state);
	play.bench->lma.config.timestamp_validity_window_ms = 3600000;
	for (i = 0; i < STEPS; i++) {
		step(&play);
		if (draw(&play, 1))
			continue;
		settle(play.bench);
		world_pass(&play.bench->world, 1);
	}
	settle(play.bench);
	lma_bench_until(play.bench, 400000);
	assert_int_equal(play.bench->lma.bc.count, 0);
	assert_int_equal(play.bench->world.flow_count, 0);
	assert_int_equal(play.bench->world.record_count, 0);
	assert_int_equal(play.bench->world.binding_count, 0);
	lma_bench_teardown(&state);
}

static void test_whatever_happens(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		print_message("# seed %u\n", (unsigned int)seed);
		play_seed(seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whatever_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
