// SPDX-License-Identifier: GPL-2.0
/*
 * An anchor and gateways against each other: mobile nodes that come and go at
 * random, some by two interfaces, or get other prefixes, messages that get lost,
 * doubled and overtaken, effects that fail, processes that end. When all that is
 * over, everything is as it should be.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/net.h"
#include "common/test.h"

#define MOBILE_NODES 12
#define STEPS 12000

/* Their second interfaces, by the last octet of the link-layer address. */
#define SECOND 64

/* --- What happens in a world. */

static void run_some(struct net *net, unsigned int i)
{
	struct world *world = net_world(net, i);
	size_t pending = world_collect(world);

	if (pending)
		world_run_one(world, rng_between(&net->rng, 0, pending - 1));
}

static uint64_t next_timer(struct net *net)
{
	uint64_t next = lma_next_timer(&net->anchor->lma), other;
	unsigned int i;

	for (i = 0; i < GATEWAYS; i++) {
		other = mag_next_timer(&net->gateways[i]->mag);
		next = other < next ? other : next;
	}
	return next;
}

static void fire_timers(struct net *net)
{
	struct mag_bench *gateway;
	unsigned int i;

	lma_on_timer(&net->anchor->lma, net->now, &net->anchor->world.out);
	for (i = 0; i < GATEWAYS; i++) {
		gateway = net->gateways[i];
		mag_on_timer(&gateway->mag, net->now, &gateway->world.out);
	}
}

static void reconcile(struct net *net, unsigned int i)
{
	struct world *world = net_world(net, i);
	struct dataplane_dump dump;

	dump = world_dump(world);
	if (i < GATEWAYS)
		mag_on_dataplane(&net->gateways[i]->mag, &dump, net->now,
				 &world->out);
	else
		lma_on_dataplane(&net->anchor->lma, &dump, net->now,
				 &world->out);
	dataplane_dump_free(&dump);
}

static void restart(struct net *net, unsigned int i)
{
	net_restart(net, i);
	reconcile(net, i);
}

/* What the data plane has lost, it has forgotten in its own time. */
static void expire_paths(struct net *net, unsigned int i)
{
	struct world *world = net_world(net, i);
	struct effect_binding set;

	if (!world->binding_count)
		return;
	set = world->bindings[rng_between(&net->rng, 0,
					  world->binding_count - 1)].set;
	if (i < GATEWAYS)
		mag_on_path_expired(&net->gateways[i]->mag, set.cookie,
				    set.generation, net->now, &world->out);
	else if (set.has_path)
		lma_on_path_expired(&net->anchor->lma, &set.hnp, set.bid,
				    set.generation, net->now, &world->out);
}

/* --- Mobile nodes. */

static void set_profile(struct mag_bench *gateway, uint8_t last)
{
	gateway->profile.mn_id = nai("mnx@example.com");
	gateway->profile.mn_id.data[2] = (uint8_t)('a' + last % SECOND);
}

static void come(struct net *net, unsigned int i, uint8_t last, bool commanded)
{
	struct mag_bench *gateway = net->gateways[i];

	set_profile(gateway, last);
	attach(gateway, net_chance(net, 50) ? ACCESS1 : ACCESS2, last, commanded);
}

static void leave(struct net *net, unsigned int i, uint8_t last, bool hold)
{
	struct mag_bench *gateway = net->gateways[i];
	struct bule *bule = mn(gateway, last);

	if (bule)
		mag_on_detach(&gateway->mag, bule, hold, "test", net->now,
			      &gateway->world.out);
}

static void move_somebody(struct net *net)
{
	unsigned int i = (unsigned int)rng_between(&net->rng, 0, GATEWAYS - 1);
	uint8_t last = (uint8_t)rng_between(&net->rng, 1, MOBILE_NODES);

	if (net_chance(net, 20))
		last += SECOND;
	if (net_chance(net, 60))
		come(net, i, last, net_chance(net, 20));
	else
		leave(net, i, last, net_chance(net, 20));
}

/* One that the operator names, or the anchor chooses. */
static void renumber_somebody(struct net *net)
{
	struct lma *lma = &net->anchor->lma;
	const struct lma_policy policy = { 0 };
	struct mh_prefix hnp = prefix6(LARGE_POOL);
	struct bce *bce = bc_next(&lma->bc, NULL);
	uint64_t skip = rng_between(&net->rng, 0, lma->bc.count);

	while (bce && skip--)
		bce = bc_next(&lma->bc, bce);
	if (!bce)
		return;
	hnp.addr.s6_addr[7] = (uint8_t)rng_between(&net->rng, 0, 255);
	hnp.len = 64;
	lma_renumber(lma, bce, &policy, &hnp, net_chance(net, 50), net->now,
		     &net->anchor->world.out);
}

static void solicit_somebody(struct net *net)
{
	unsigned int i = (unsigned int)rng_between(&net->rng, 0, GATEWAYS - 1);
	uint8_t last = (uint8_t)rng_between(&net->rng, 1, MOBILE_NODES);
	struct in6_addr src = ip6("fe80::1");

	mag_on_solicit(&net->gateways[i]->mag, ll_id6(last).data, &src,
		       net->now, &net->gateways[i]->world.out);
}

static void trouble(struct net *net)
{
	unsigned int i = (unsigned int)rng_between(&net->rng, 0, GATEWAYS);
	struct world *world = net_world(net, i);

	switch (rng_between(&net->rng, 0, 7)) {
	case 0:
		restart(net, i);
		break;
	case 1:
	case 2:
		reconcile(net, i);
		break;
	case 3:
		expire_paths(net, i);
		break;
	case 4:
		if (i < GATEWAYS)
			mag_on_link_down(&net->gateways[i]->mag, ACCESS1,
					 net->now, &world->out);
		break;
	case 5:
		if (net_chance(net, 20))
			world->binding_count = 0;
		break;
	default:
		world_fail(world, ANY_ADDITION,
			   (unsigned int)rng_between(&net->rng, 0, 10), 1, EIO);
		break;
	}
}

static void step(struct net *net)
{
	unsigned int dice = (unsigned int)rng_between(&net->rng, 0, 99);

	if (dice < 10)
		move_somebody(net);
	else if (dice < 12)
		net_calm_down(net);
	else if (dice < 14)
		solicit_somebody(net);
	else if (dice < 16)
		renumber_somebody(net);
	else if (dice < 50)
		run_some(net, (unsigned int)rng_between(&net->rng, 0, GATEWAYS));
	else if (dice < 75)
		net_deliver_one(net);
	else if (dice < 97)
		net_pass(net, rng_between(&net->rng, 0, dice < 96 ? 120 : 40000));
	else
		trouble(net);
	net_collect_mail(net);
	fire_timers(net);
}

/* --- When all is well. */

/* Who is heard attaches, and who is not there is said to have left. */
static void be_at_home(struct net *net)
{
	unsigned int i, home;
	uint8_t last;

	for (last = 1; last <= MOBILE_NODES; last++) {
		home = last % GATEWAYS;
		for (i = 0; i < GATEWAYS; i++)
			if (i != home)
				leave(net, i, last, false);
		for (i = 0; i < GATEWAYS; i++)
			leave(net, i, last + SECOND, false);
		if (mn(net->gateways[home], last))
			continue;
		set_profile(net->gateways[home], last);
		attach(net->gateways[home], ACCESS1, last, false);
	}
}

static void be_well(struct net *net, uint64_t ms, void (*also)(struct net *net))
{
	uint64_t end = net->now.mono_ms + ms, also_at = 0, next;

	while (net->now.mono_ms < end) {
		net_calm_down(net);
		if (also && net->now.mono_ms >= also_at) {
			also(net);
			also_at = net->now.mono_ms + 10000;
			continue;
		}
		next = next_timer(net);
		if (also && also_at < next)
			next = also_at;
		net_pass(net, next > end ? end - net->now.mono_ms :
		     next > net->now.mono_ms ? next - net->now.mono_ms : 0);
		fire_timers(net);
	}
}

static void assert_all_agree(struct net *net)
{
	unsigned int i;

	assert_agreed(net->anchor);
	for (i = 0; i < GATEWAYS; i++)
		assert_mag_agreed(net->gateways[i]);
}

static void assert_at_home(struct net *net)
{
	unsigned int home;
	struct bule *bule;
	struct bce *bce;
	uint8_t last;

	assert_all_agree(net);
	for (last = 1; last <= MOBILE_NODES; last++) {
		home = last % GATEWAYS;
		bule = mn(net->gateways[home], last);
		assert_non_null(bule);
		assert_int_equal(bule->state, BULE_ACTIVE);
		bce = bc_by_prefix(&net->anchor->lma.bc, &bule->hnp[0]);
		assert_non_null(bce);
		assert_true(bce_is_of(bce, &bule->profile.mn_id));
		/* Nothing is left of what it had, or was to have. */
		assert_true(bce_prefixes_are(bce->prefixes, bce->prefix_count,
					     bule->hnp, bule->hnp_count));
		assert_int_equal(bce->pending.count + bce->former.count, 0);
		assert_int_equal(bce->now.proxy_coa.s6_addr[15], home + 1);
		assert_int_equal(bce->now.state, BCE_ACTIVE);
	}
	assert_int_equal(net->anchor->lma.bc.count, MOBILE_NODES);
}

static void all_leave(struct net *net)
{
	unsigned int i;
	uint8_t last;

	for (i = 0; i < GATEWAYS; i++)
		for (last = 1; last <= MOBILE_NODES; last++)
			leave(net, i, last, false);
}

static void assert_empty(struct net *net)
{
	unsigned int i;

	assert_all_agree(net);
	assert_int_equal(net->anchor->lma.bc.count, 0);
	/* Those of the two pools. */
	assert_int_equal(net->anchor->world.route_count, 2);
	for (i = 0; i < GATEWAYS; i++) {
		assert_null(net->gateways[i]->mag.bul.entries);
		assert_int_equal(net->gateways[i]->mag.timers.count, 0);
	}
	for (i = 0; i <= GATEWAYS; i++) {
		assert_int_equal(net_world(net, i)->record_count, 0);
		assert_int_equal(net_world(net, i)->binding_count, 0);
	}
}

static void run_seed(uint64_t seed, struct lma_counters *done)
{
	struct net net;
	unsigned int i;

	net_begin(&net, seed);
	net.done = *done;
	for (i = 0; i < STEPS; i++)
		step(&net);
	net.faults = false;
	/* What could not be deleted is found by the next start. */
	for (i = 0; i <= GATEWAYS; i++) {
		world_fail(net_world(&net, i), ANY_ADDITION, 0, 0, 0);
		world_settle(net_world(&net, i));
		restart(&net, i);
	}
	/* Longer than any lifetime, any refusal and any wait. */
	be_well(&net, 3000000, be_at_home);
	assert_at_home(&net);
	all_leave(&net);
	be_well(&net, 600000, NULL);
	assert_empty(&net);
	*done = net.done;
	net_end(&net);
}

static void test_everything_settles(void **state)
{
	const char *one = getenv("PMIP6_TEST_SEED");
	struct lma_counters done = { 0 };
	uint64_t seed;

	(void)state;
	if (one) {
		run_seed(strtoull(one, NULL, 0), &done);
		return;
	}
	for (seed = 1; seed <= 20; seed++) {
		print_message("# PMIP6_TEST_SEED=%llu\n",
			      (unsigned long long)seed);
		run_seed(seed, &done);
	}
	/* All of it did happen. */
	assert_true(done.created > 100);
	assert_true(done.refreshed > 100);
	assert_true(done.handovers > 100);
	assert_true(done.deregistered > 20);
	assert_true(done.failed > 20);
	assert_true(done.renumbered > 100);
	assert_true(done.revoked > 20);
	assert_true(done.delays_attached > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
