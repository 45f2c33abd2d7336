// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <string.h>

#include "lma_paths.h"
#include "test.h"

struct lma_bench *paths_begin(void **state)
{
	struct lma_bench *bench = *state;

	bench->lma.config.multihoming = true;
	return bench;
}

struct lma_request paths_pbu(struct lma_bench *bench, const char *mag,
			     uint8_t ll_id, const char *hnp,
			     enum mh_handoff_indicator handoff)
{
	struct lma_request request = pbu(bench, hnp, handoff);
	struct mh_options *options = &request.bu.options;

	request.src = ip6(mag);
	options->ll_id = ll_id6(ll_id);
	options->att = ll_id % 2 ? MH_ATT_IEEE_802_11 : MH_ATT_E_UTRAN;
	options->has_multihoming = true;
	return request;
}

struct bce *paths_of(struct lma_bench *bench, uint8_t ll_id)
{
	struct mh_ll_id key = ll_id6(ll_id);
	struct bce *bce;

	for (bce = bc_next(&bench->lma.bc, NULL); bce;
	     bce = bc_next(&bench->lma.bc, bce))
		if (!memcmp(&bce->now.ll_id, &key, sizeof(key)))
			return bce;
	return NULL;
}

struct bce *paths_attach(struct lma_bench *bench, const char *mag,
			 uint8_t ll_id)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, NULL,
					       MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba = answer(bench, &request);
	struct bce *bce;

	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	assert_int_equal(ba->options.hnp_count, 1);
	assert_prefix_equal(&ba->options.hnp[0], HNP1);
	bce = paths_of(bench, ll_id);
	assert_non_null(bce);
	assert_agreed(bench);
	world_pass(&bench->world, 1000);
	return bce;
}

struct lma_request paths_detach(struct lma_bench *bench, const char *mag,
				uint8_t ll_id, enum mh_multihoming_act act)
{
	struct lma_request request = paths_pbu(bench, mag, ll_id, HNP1,
					       MH_HI_UNKNOWN);

	request.bu.lifetime = 0;
	request.bu.options.multihoming.act = (uint8_t)act;
	return request;
}

static bool leads_to(const struct world_binding *binding, const char *mag)
{
	struct in6_addr remote = ip6(mag);
	unsigned int i;

	if (binding->set.has_path &&
	    IN6_ARE_ADDR_EQUAL(&binding->set.remote, &remote))
		return true;
	for (i = 0; i < binding->set.more_count; i++)
		if (IN6_ARE_ADDR_EQUAL(&binding->more[i].remote, &remote))
			return true;
	return false;
}

void assert_paths(struct lma_bench *bench, unsigned int count, ...)
{
	const struct world_binding *binding = world_binding(&bench->world,
							    HNP1);
	unsigned int i;
	va_list mags;

	assert_non_null(binding);
	assert_int_equal(binding->set.has_path + binding->set.more_count,
			 count);
	va_start(mags, count);
	for (i = 0; i < count; i++)
		assert_true(leads_to(binding, va_arg(mags, const char *)));
	va_end(mags);
}
