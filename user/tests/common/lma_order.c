// SPDX-License-Identifier: GPL-2.0
#include "lma_order.h"
#include "test.h"

struct lma_bench *order_begin(void **state)
{
	struct lma_bench *bench = *state;

	/* Enough prefixes for more than two sessions. */
	bench->more = "2001:db8:c::/52";
	lma_bench_restart(bench, true);
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	return bench;
}

void assert_told(const struct outcome *outcome, enum revocation_result result,
		 unsigned int count)
{
	unsigned int i;

	assert_int_equal(outcome->told, 1);
	for (i = 0; i < REVOCATION_RESULTS; i++)
		assert_int_equal(outcome->results[i], i == result ? count : 0);
}

void assert_revoked(struct lma_bench *bench, const struct bce *bce)
{
	const struct world_binding *binding;

	assert_int_equal(bce->now.state, BCE_DEREGISTERED);
	binding = world_binding_of(&bench->world, &bce->prefixes[0].prefix);
	assert_non_null(binding);
	assert_false(binding->set.has_path);
	assert_null(bce->revoking);
}

void assert_nothing_open(struct lma_bench *bench)
{
	assert_null(bench->lma.revocations.all);
	assert_null(bench->lma.revocations.orders);
	assert_null(bench->lma.revocations.by_sequence);
	assert_int_equal(bench->lma.revocations.timers.count, 0);
	assert_agreed(bench);
}

struct bce *order_come(struct lma_bench *bench, const char *mag, const char *mn,
		       uint8_t ll_id)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	const struct mh_binding_ack *ba;
	struct bce *bce;

	request.src = ip6(mag);
	request.bu.options.mn_id = nai(mn);
	request.bu.options.ll_id = ll_id6(ll_id);
	ba = answer(bench, &request);
	assert_non_null(ba);
	assert_int_equal(ba->status, MH_ACCEPTED);
	bce = bc_by_prefix(&bench->lma.bc, &ba->options.hnp[0]);
	assert_non_null(bce);
	world_pass(&bench->world, 1000);
	world_forget_messages(&bench->world);
	return bce;
}

static void done(void *context, const struct revocation_order *order)
{
	struct outcome *outcome = context;
	unsigned int i, j;

	outcome->told++;
	outcome->peers = order->count;
	for (i = 0; i < order->count; i++) {
		outcome->status = order->outcomes[i].status;
		for (j = 0; j < REVOCATION_RESULTS; j++)
			outcome->results[j] += order->outcomes[i].results[j];
	}
}

const char *order_give(struct lma_bench *bench,
		       const struct revocation_target *target,
		       struct outcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	return lma_revoke(&bench->lma, target, done, outcome, bench->world.now,
			  &bench->world.out);
}

static const char *give_and_settle(struct lma_bench *bench,
				   const struct revocation_target *target,
				   struct outcome *outcome)
{
	const char *why = order_give(bench, target, outcome);

	world_settle(&bench->world);
	return why;
}

const char *order_mn(struct lma_bench *bench, const char *mn, const char *hnp,
		     struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = hnp ? REVOKE_SESSIONS : REVOKE_MN,
		.mn_id = nai(mn),
		.has_hnp = hnp,
	};

	if (hnp)
		target.hnp = prefix6(hnp);
	return give_and_settle(bench, &target, outcome);
}

const char *order_realm(struct lma_bench *bench, const char *realm,
			struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = REVOKE_REALM,
		.mn_id = nai(realm),
	};

	return give_and_settle(bench, &target, outcome);
}

const char *order_mag(struct lma_bench *bench, const char *mag,
		      struct outcome *outcome)
{
	struct revocation_target target = {
		.scope = REVOKE_PEER,
		.peer = ip6(mag),
	};

	return give_and_settle(bench, &target, outcome);
}
