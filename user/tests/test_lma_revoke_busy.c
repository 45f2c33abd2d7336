// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/lma_revoke.c: members of a bulk group that is revoked, for which
 * something is under way that the data plane is told after the group is over
 */
#include "common/lma_bri.h"
#include "common/lma_groups.h"
#include "common/test.h"

static void hear_all_revoked(struct lma_bench *bench)
{
	struct mh_revocation bri = bri_of_group(GROUP_A);

	lma_hear_bri(bench, MAG1, &bri, &may_all);
	world_collect(&bench->world);
}

static void run_of(struct world *world, const void *owner)
{
	size_t i;

	for (i = 0; i < world->pending_count; i++) {
		if (world->pending[i]->owner != owner)
			continue;
		world_run_one(world, i);
		world_collect(world);
		return;
	}
	fail_msg("nothing of it is under way");
}

static bool has_path(const struct lma_bench *bench, const struct bce *bce)
{
	return world_binding_of(&bench->world,
				&bce->prefixes[0].prefix)->set.has_path;
}

/* It is forwarded by what was told before, until its own end was told after. */
static void test_is_not_stopped(void **state)
{
	struct lma_bench *bench = *state;
	struct lma_request request;
	struct lma_group *group;
	struct bce *busy;
	uint32_t set;

	join(bench, 1, GROUP_A);
	busy = join(bench, 2, GROUP_A);
	join(bench, 3, GROUP_A);
	group = group_of(bench, MAG1, GROUP_A);
	set = group->set;
	world_pass(&bench->world, 1);
	request = refreshing(bench, busy, GROUP_A);
	give(bench, &request);
	assert_non_null(busy->operation);
	hear_all_revoked(bench);
	/* RULE: BULK-51 */
	assert_true(session_of(bench, 1)->revoking->stopped);
	/* RULE: BULK-51 */
	assert_false(busy->revoking->stopped);
	run_of(&bench->world, group->bulk);
	assert_true(world_set(&bench->world, set)->expires_ms <=
		    bench->world.now.mono_ms);
	/* RULE: BULK-51 */
	assert_int_equal(bench->lma.revocations.counters.answered, 0);
	run_of(&bench->world, session_of(bench, 1));
	run_of(&bench->world, session_of(bench, 3));
	assert_int_equal(bench->lma.revocations.counters.answered, 0);
	world_settle(&bench->world);
	lma_bench_until(bench, REVOCATION_STEP_MS);
	assert_int_equal(bench->lma.revocations.counters.answered, 1);
	assert_int_equal(busy->now.state, BCE_DEREGISTERED);
	assert_false(has_path(bench, busy));
	assert_null(bench->lma.revocations.all);
	assert_agreed(bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_is_not_stopped,
						group_setup,
						lma_bench_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
