// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lma_flows.h"
#include "test.h"

static struct selector of_port(uint16_t port)
{
	struct selector selector = {
		.fields = 1u << SELECTOR_DESTINATION_PORT,
	};

	selector.number[SELECTOR_DESTINATION_PORT][0] = port;
	selector.number[SELECTOR_DESTINATION_PORT][1] = port;
	return selector;
}

struct mh_flow new_flow(uint16_t fid, uint16_t priority, uint16_t port)
{
	return (struct mh_flow){
		.fid = fid,
		.priority = priority,
		.format = MH_SELECTOR_IPV6,
		.selector = of_port(port),
	};
}

struct mh_flow numbered_flow(unsigned int number)
{
	return new_flow((uint16_t)number, (uint16_t)number, 1);
}

struct mh_flow operation_on(uint16_t fid, enum mh_flow_operation what)
{
	return (struct mh_flow){
		.fid = fid,
		.priority = 1,
		.operation = (uint8_t)what,
	};
}

void add_flow_to(struct lma_request *request, struct mh_flow one)
{
	struct mh_options *options = &request->bu.options;

	options->flow[options->flow_count++] = one;
}

struct lma_request with_flow(struct lma_bench *bench, const char *mag,
			     uint8_t ll_id, struct mh_flow one)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, HNP1,
					       MH_HI_NOT_CHANGED);

	add_flow_to(&request, one);
	return request;
}

void assert_answered(struct lma_bench *bench, const char *mag, uint8_t ll_id,
		     struct mh_flow one, uint8_t status)
{
	struct lma_request request = with_flow(bench, mag, ll_id, one);
	const struct mh_binding_ack *ba;

	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	/* RULE: MH-10 MH-32 */
	assert_true(ba->options.flow_count >= 1);
	assert_int_equal(ba->options.flow[0].fid, one.fid);
	/* RULE: MH-10 MH-22 */
	assert_int_equal(ba->options.flow[0].status, status);
	world_pass(&bench->world, 1000);
}

void assert_lma_flows(struct lma_bench *bench, unsigned int count)
{
	const struct bce *bce;
	unsigned int flows = 0, i;

	for (bce = bc_next(&bench->lma.bc, NULL); bce;
	     bce = bc_next(&bench->lma.bc, bce)) {
		if (!bce->path || !bce->path->flows)
			continue;
		for (i = 0; i < bce->path->flows->count; i++) {
			const struct lma_flow *one = &bce->path->flows->flow[i];
			const struct effect_flow *set =
				world_flow(&bench->world,
					   &bce->prefixes[0].prefix, one->id);

			assert_non_null(set);
			assert_int_equal(set->priority, one->priority);
			assert_int_equal(set->action, one->action);
			assert_int_equal(set->bid[0], one->bid);
			assert_memory_equal(&set->selector, &one->selector,
					    sizeof(set->selector));
			flows++;
		}
	}
	assert_int_equal(flows, count);
	assert_int_equal(bench->world.flow_count, count);
	assert_int_equal(world_collect(&bench->world), 0);
}

struct lma_bench *flows_begin(void **state)
{
	struct lma_bench *bench = paths_begin(state);

	paths_attach(bench, MAG1, 1);
	paths_attach(bench, MAG2, 2);
	return bench;
}

struct lma_bench *flow_begin(void **state)
{
	struct lma_bench *bench = paths_begin(state);

	paths_attach(bench, MAG1, 1);
	assert_answered(bench, MAG1, 1, new_flow(7, 10, 5060), MH_FLOW_ACCEPTED);
	assert_lma_flows(bench, 1);
	return bench;
}

const struct lma_flow *lma_flow_at(struct lma_bench *bench, uint8_t ll_id,
				   unsigned int at)
{
	const struct lma_flows *flows = paths_of(bench, ll_id)->path->flows;

	assert_non_null(flows);
	assert_true(at < flows->count);
	return &flows->flow[at];
}

const struct mh_binding_ack *renewed(struct lma_bench *bench,
				     const char *mag, uint8_t ll_id)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, HNP1,
					       MH_HI_NOT_CHANGED);
	const struct mh_binding_ack *ba = answer(bench, &request);

	assert_int_equal(ba->status, MH_ACCEPTED);
	world_pass(&bench->world, 1000);
	return ba;
}
