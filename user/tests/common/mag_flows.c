// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <utlist.h>

#include "mag_flows.h"
#include "test.h"

static struct mh_flow wanted[BULE_FLOWS_MAX];
static unsigned int wanted_count;

struct mh_flow flow_of(uint16_t fid, uint16_t priority, const char *key,
		       const char *value)
{
	struct mh_flow says = {
		.fid = fid,
		.priority = priority,
		.format = MH_SELECTOR_IPV6,
	};

	assert_null(selector_parse_pair(key, value, &says.selector));
	return says;
}

static const struct mh_flow *policy(void *context, const uint8_t *lladdr,
				    unsigned int *count)
{
	(void)context;
	assert_memory_equal(lladdr, ll_id6(1).data, 5);
	*count = wanted_count;
	return wanted;
}

int flows_setup(void **state)
{
	struct mag_bench *bench;

	mag_bench_setup(state);
	bench = *state;
	bench->profile.multihoming = true;
	bench->mag.config.multihoming_retry_s = MULTIHOMING_RETRY_S;
	want_flows(bench, NULL, 0);
	return 0;
}

void want_flows(struct mag_bench *bench, const struct mh_flow *flows,
		unsigned int count)
{
	assert_in_range(count, 0, ARRAY_SIZE(wanted));
	if (count)
		memcpy(wanted, flows, count * sizeof(*flows));
	wanted_count = count;
	bench->mag.flows = policy;
}

const struct bule_flow *flow_at(struct mag_bench *bench, uint16_t fid)
{
	const struct bule *bule = mn(bench, 1);
	const struct bule_flow *one;

	assert_non_null(bule);
	assert_non_null(bule->multihoming);
	DL_FOREACH(bule->multihoming->flows, one)
		if (one->says.fid == fid)
			return one;
	return NULL;
}

void hand_and_run(struct mag_bench *bench, const struct mh_binding_ack *ba)
{
	hand(bench, ba);
	world_settle(&bench->world);
}

void soon(struct mag_bench *bench)
{
	mag_bench_until(bench, 500);
}
