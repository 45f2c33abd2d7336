// SPDX-License-Identifier: GPL-2.0
/*
 * The routes that an anchor must have: those to its pools, and those to prefixes
 * outside of them that sessions have.
 */
#include <stdlib.h>

#include "alloc.h"
#include "lma_internal.h"

/* Without its routes an anchor is of no use, so they are tried until they stand. */
#define START_RETRY_MS 1000u

/*
 * Sessions go on meanwhile: a route can come to stand after its session has let
 * go of it, as what is to go does not wait for a device, and what is to come does.
 */
static void note_routes(struct lma *lma, const struct transaction *transaction)
{
	unsigned int pools = lma->pool.count, i;

	lma_free_start(lma);
	if (transaction->count == pools)
		return;
	lma->starting = must_alloc((transaction->count - pools) *
				   sizeof(*lma->starting));
	for (i = pools; i < transaction->count; i++)
		lma->starting[lma->starting_count++] =
			transaction->effects[i].route.prefix;
}

/* It is kept in no record yet, and has its routes made once it is. */
static bool is_coming(const struct bce *bce)
{
	return bce->operation && bce->operation->action == LMA_CREATE;
}

void lma_start(struct lma *lma, struct outbox *out)
{
	struct transaction *transaction;
	struct effect *effect;
	struct bce *bce;
	unsigned int i;

	lma_groups_start(lma, out);
	transaction = transaction_new(out, lma);
	lma->routes_stand = false;
	lma->start_again_ms = 0;
	for (i = 0; i < lma->pool.count; i++) {
		effect = transaction_add(transaction, EFFECT_ROUTE_ADD);
		effect->route.prefix = *prefix_pool_range(&lma->pool, i);
	}
	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce))
		if (!is_coming(bce))
			lma_put_routes(lma, transaction, bce, EFFECT_ROUTE_ADD);
	note_routes(lma, transaction);
}

static bool is_needed(const struct lma *lma, const struct mh_prefix *prefix)
{
	const struct bce *bce = bc_by_prefix(&lma->bc, prefix);

	return bce && bce_has_prefix(bce, prefix);
}

bool lma_wants_route(const struct lma *lma, const struct mh_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < lma->pool.count; i++)
		if (mh_prefix_equal(prefix_pool_range(&lma->pool, i), prefix))
			return true;
	return is_needed(lma, prefix) &&
	       !prefix_pool_covers(&lma->pool, prefix);
}

void lma_on_started(struct lma *lma, int error, struct now now,
		    struct outbox *out)
{
	struct transaction *transaction = NULL;
	unsigned int i;

	lma->routes_stand = !error;
	lma->start_again_ms = error ? now.mono_ms + START_RETRY_MS : 0;
	for (i = 0; i < lma->starting_count; i++) {
		if (is_needed(lma, &lma->starting[i]))
			continue;
		if (!transaction)
			transaction = transaction_new(out, NULL);
		transaction_add(transaction, EFFECT_ROUTE_DELETE)->route.prefix =
			lma->starting[i];
	}
	lma_free_start(lma);
}

void lma_free_start(struct lma *lma)
{
	free(lma->starting);
	lma->starting = NULL;
	lma->starting_count = 0;
}
