// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../../engine/alloc.h"
#include "mag_bench.h"
#include "test.h"

static void on_done(void *engine, void *owner, int error, struct now now,
		    struct outbox *out)
{
	mag_on_done(engine, owner, error, now, out);
}

struct mag_config mag_bench_config(void)
{
	return (struct mag_config){
		.address = ip6(PROXY_COA),
		.lifetime_s = 300,
		.initial_bindack_timeout_ms = 1000,
		.first_bindack_timeout_ms = 1000,
		.max_bindack_timeout_ms = 32000,
		.max_delay_ms = 1500,
		.deregistration_tries = 3,
		.max_mobile_nodes = 65536,
		.retry_after_refusal_s = 60,
		.timestamp_based = true,
		.ask_any_prefix = true,
		.link_local = ip6(ROUTER),
		.ra_interval_s = 600,
		.initial_ras = 1,
		.initial_ra_interval_s = 16,
		.final_ras = 1,
		.ra_delay_ms = 3000,
		.router_lifetime_s = 1800,
		.valid_lifetime_s = 7200,
		.preferred_lifetime_s = 3600,
		.mtu = 1460,
		.revocations = {
			.max_retries = 1,
			.first_ms = 1000,
			.max_timeout_ms = 2000,
		},
		.seed = 1,
	};
}

int mag_bench_setup(void **state)
{
	struct mag_bench *bench = must_alloc(sizeof(*bench));
	struct mag_config config = mag_bench_config();

	world_init(&bench->world, &bench->mag, on_done);
	mag_init(&bench->mag, &config);
	mag_start(&bench->mag, &bench->world.out);
	world_settle(&bench->world);
	bench->profile.mn_id = nai("mn1@example.com");
	bench->profile.lma = ip6(ANCHOR);
	*state = bench;
	return 0;
}

int mag_bench_teardown(void **state)
{
	struct mag_bench *bench = *state;

	world_free(&bench->world);
	mag_free(&bench->mag);
	free(bench);
	return 0;
}

/* As the agent does with those that are of nobody when it starts. */
static void delete_leftover_routes(struct mag_bench *bench)
{
	struct world *world = &bench->world;
	size_t i = 0;

	while (i < world->route_count) {
		if (bul_by_prefix(&bench->mag.bul, &world->routes[i].prefix))
			i++;
		else
			world->routes[i] = world->routes[--world->route_count];
	}
}

unsigned int mag_bench_restart(struct mag_bench *bench, bool same_boot)
{
	struct mag_config config = bench->mag.config;
	struct world *world = &bench->world;
	unsigned int taken = 0;
	struct bule *bule;
	size_t i;

	world_drop_pending(world);
	mag_free(&bench->mag);
	config.seed = 2;
	mag_init(&bench->mag, &config);
	if (!same_boot)
		world->now.mono_ms = 20000;
	for (i = 0; i < world->record_count;) {
		const struct effect_store *record = &world->records[i];

		if (mag_restore_group(&bench->mag, record->key, record->data,
				      record->len, same_boot, world->now)) {
			i++;
			continue;
		}
		bule = mag_restore(&bench->mag, record->key, record->data,
				   record->len, same_boot, world->now);
		if (!bule) {
			world_forget_record(world, record->key);
			continue;
		}
		taken++;
		i++;
		bule->at.ifindex = !strcmp(bule->at.ifname, "access1") ?
				   ACCESS1 : ACCESS2;
	}
	mag_start(&bench->mag, &world->out);
	world_settle(world);
	delete_leftover_routes(bench);
	return taken;
}

static uint64_t heard(void *context, const struct mag_attachment *at)
{
	const struct mag_bench *bench = context;

	assert_memory_equal(at->lladdr, ll_id6(1).data, ETH_ALEN);
	return bench->heard_ms;
}

void mag_bench_listen(struct mag_bench *bench)
{
	bench->mag.config.presence_s = 30;
	bench->mag.heard = heard;
	bench->mag.heard_context = bench;
	bench->heard_ms = bench->world.now.mono_ms;
}

void attach(struct mag_bench *bench, uint32_t ifindex, uint8_t last,
	    bool commanded)
{
	struct mag_attachment at = {
		.ifindex = ifindex,
		.att = MH_ATT_IEEE_802_11,
	};

	strcpy(at.ifname, ifindex == ACCESS1 ? "access1" : "access2");
	memcpy(at.lladdr, ll_id6(last).data, ETH_ALEN);
	mag_on_attach(&bench->mag, &at, &bench->profile, commanded,
		      bench->world.now, &bench->world.out);
	world_collect(&bench->world);
}

struct bule *mn(struct mag_bench *bench, uint8_t last)
{
	return bul_by_lladdr(&bench->mag.bul, ll_id6(last).data);
}

struct bule *arrive(struct mag_bench *bench)
{
	attach(bench, ACCESS1, 1, false);
	world_settle(&bench->world);
	assert_non_null(mn(bench, 1));
	return mn(bench, 1);
}

struct bule *mag_bench_begin(void **state, struct mag_bench **bench)
{
	*bench = *state;
	return arrive(*bench);
}

const struct mh_binding_update *last_pbu(const struct mag_bench *bench)
{
	const struct mh_message *message = world_last_message(&bench->world);

	assert_int_equal(message->type, MH_BINDING_UPDATE);
	return &message->bu;
}

struct mh_binding_ack pba_to(const struct mh_binding_update *bu, uint8_t status,
			     const char *hnp)
{
	struct mh_binding_ack ba = {
		.status = status,
		.flags = MH_BA_PROXY,
		.sequence = bu->sequence,
		.options = bu->options,
	};

	if (status >= MH_STATUS_REJECTED)
		return ba;
	ba.lifetime = bu->lifetime;
	if (hnp && mh_prefix_any(&ba.options.hnp[0]))
		ba.options.hnp[0] = prefix6(hnp);
	return ba;
}

void hand(struct mag_bench *bench, const struct mh_binding_ack *ba)
{
	struct in6_addr anchor = ip6(ANCHOR);

	mag_on_pba(&bench->mag, &anchor, ba, bench->world.now,
		   &bench->world.out);
	world_collect(&bench->world);
}

void acknowledge(struct mag_bench *bench, uint8_t status)
{
	struct mh_binding_ack ba = pba_to(last_pbu(bench), status, HNP1);

	hand(bench, &ba);
	world_settle(&bench->world);
}

struct bule *register_at(struct mag_bench *bench, uint32_t ifindex)
{
	struct bule *bule;

	attach(bench, ifindex, 1, false);
	world_settle(&bench->world);
	acknowledge(bench, MH_ACCEPTED);
	bule = mn(bench, 1);
	assert_non_null(bule);
	assert_int_equal(bule->state, BULE_ACTIVE);
	return bule;
}

void detach(struct mag_bench *bench, bool hold)
{
	struct bule *bule = mn(bench, 1);

	assert_non_null(bule);
	mag_on_detach(&bench->mag, bule, hold, "test", bench->world.now,
		      &bench->world.out);
	world_collect(&bench->world);
}

void solicit(struct mag_bench *bench, uint8_t last, const char *src)
{
	struct in6_addr from = ip6(src);

	mag_on_solicit(&bench->mag, ll_id6(last).data, &from, bench->world.now,
		       &bench->world.out);
	world_settle(&bench->world);
}

const struct effect_advertise *last_ra(const struct mag_bench *bench)
{
	assert_true(bench->world.ra_count > 0);
	return &bench->world.ras[bench->world.ra_count - 1];
}

const struct advertised_prefix *told(const struct mag_bench *bench,
				     const char *hnp)
{
	const struct effect_advertise *ra = last_ra(bench);
	struct mh_prefix prefix = prefix6(hnp);
	unsigned int i;

	for (i = 0; i < ra->prefix_count; i++)
		if (mh_prefix_equal(&ra->prefix[i].prefix, &prefix))
			return &ra->prefix[i];
	return NULL;
}

bool hears_all(const struct mag_bench *bench, uint32_t ifindex)
{
	return world_hears_all(&bench->world, ifindex, ll_id6(1).data);
}

void mag_bench_until(struct mag_bench *bench, uint64_t ms)
{
	struct world *world = &bench->world;
	uint64_t end = world->now.mono_ms + ms, next;

	while ((next = mag_next_timer(&bench->mag)) <= end) {
		if (next > world->now.mono_ms)
			world_pass(world, next - world->now.mono_ms);
		mag_on_timer(&bench->mag, world->now, &world->out);
		world_settle(world);
	}
	world_pass(world, end - world->now.mono_ms);
}

void until_sent(struct mag_bench *bench)
{
	size_t sent = bench->world.sent_count;

	while (bench->world.sent_count == sent)
		mag_bench_until(bench, 1000);
}

static bool route_stands(const struct world *world, const struct mh_prefix *hnp,
			 uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < world->route_count; i++)
		if (mh_prefix_equal(&world->routes[i].prefix, hnp))
			return world->routes[i].access_ifindex == ifindex;
	return false;
}

static void assert_forwards(const struct world *world, const struct bule *bule)
{
	const struct world_binding *binding;
	unsigned int i;

	assert_true(bule->hnp_count > 0);
	assert_non_null(world_record(world, bule->id));
	for (i = 0; i < bule->hnp_count; i++) {
		binding = world_binding_of(world, &bule->hnp[i]);
		assert_non_null(binding);
		assert_true(binding->set.has_path);
		assert_true(binding->set.cookie == bule->id);
		assert_memory_equal(&binding->set.remote, &bule->profile.lma,
				    sizeof(binding->set.remote));
		assert_true(binding->set.has_lladdr);
		assert_memory_equal(binding->set.lladdr, bule->at.lladdr,
				    ETH_ALEN);
		if (bule->state != BULE_ACTIVE)
			continue;
		assert_int_equal(binding->set.expiry_set,
				 bule->member.group ?
				 bule->member.group->set : 0);
		assert_true(binding->expires_ms == bule_expires_ms(bule));
		assert_int_equal(binding->set.access_ifindex,
				 bule->at.ifindex);
		assert_int_equal(binding->set.local_routing,
				 bule->profile.local_routing);
		assert_true(route_stands(world, &bule->hnp[i],
					 bule->at.ifindex));
	}
}

static bool has_address(const struct world *world, const struct bule *bule)
{
	size_t i;

	for (i = 0; i < world->address_count; i++)
		if (world->addresses[i].ifindex == bule->at.ifindex &&
		    IN6_ARE_ADDR_EQUAL(&world->addresses[i].address,
				       &bule->router))
			return true;
	return false;
}

/* Whoever is to do something some day has a timer for it. */
static void assert_timers(const struct bule *bule, uint32_t member_interval_s)
{
	bool pbu = timer_is_set(&bule->timers[BULE_TIMER_PBU].timer);
	bool expiry = timer_is_set(&bule->timers[BULE_TIMER_EXPIRY].timer);
	bool ra = timer_is_set(&bule->timers[BULE_TIMER_RA].timer);

	switch (bule->state) {
	case BULE_ACTIVE:
		/* Who is in a group lives with it, and asks for nothing. */
		if (bule->member.group)
			assert_true(!expiry && ra && pbu ==
				    (bule->waits || member_interval_s));
		else
			assert_true(expiry && ra && pbu == !bule->stopped);
		break;
	case BULE_REGISTERING:
		assert_true(pbu && !expiry && !ra);
		break;
	case BULE_DEREGISTERING:
		assert_true(pbu && !expiry && !ra && bule->waits);
		break;
	case BULE_REFUSED:
		assert_true(pbu == !bule->stopped && !expiry && !ra);
		break;
	case BULE_HELD:
		assert_true(!pbu && !expiry && !ra);
		break;
	}
}

static size_t assert_groups(struct mag_bench *bench)
{
	const struct world *world = &bench->world;
	const struct mag_group *group;
	const struct world_set *set;
	size_t count = 0;

	for (group = bench->mag.groups.all; group;
	     group = mag_group_next(group)) {
		assert_int_equal(group->busy, 0);
		assert_int_equal(group->tasks, 0);
		if (!group->count) {
			assert_true(group->asking > 0);
			continue;
		}
		count++;
		set = world_set(world, group->set);
		assert_non_null(set);
		assert_true(set->expires_ms == group->expires_ms);
		assert_int_equal(set->set.generation, group->generation);
		assert_non_null(world_record(world, 1ull << 63 | group->id));
		assert_true(timer_is_set(&group->timers[GROUP_TIMER_PBU].timer)
			    == !group->ending);
		assert_true(timer_is_set(
				&group->timers[GROUP_TIMER_EXPIRY].timer));
	}
	assert_int_equal(world->set_count, count);
	return count;
}

void assert_mag_agreed(struct mag_bench *bench)
{
	const struct world *world = &bench->world;
	size_t entries = 0, prefixes = 0, routers = 0, groups;
	const struct bule *bule;

	assert_int_equal(world_collect(&bench->world), 0);
	for (bule = bench->mag.bul.entries; bule; bule = bul_next(bule)) {
		assert_false(bule->busy);
		assert_int_equal(bule->next, BULE_NEXT_NOTHING);
		assert_null(bule->next_profile);
		assert_timers(bule,
			      bench->mag.config.bulk_member_interval_s);
		if (bule->state == BULE_ACTIVE)
			assert_true(bule->forwards);
		if (bule->state == BULE_REFUSED || bule->state == BULE_HELD)
			assert_false(bule->forwards);
		if (!bule->forwards)
			continue;
		assert_forwards(world, bule);
		if (!IN6_IS_ADDR_UNSPECIFIED(&bule->router)) {
			assert_true(has_address(world, bule));
			routers++;
		}
		entries++;
		prefixes += bule->hnp_count;
	}
	/* What nobody lived to take from a link stays there. */
	if (!world->dropped)
		assert_in_range(world->address_count, 0, routers);
	groups = assert_groups(bench);
	assert_int_equal(world->record_count, entries + groups);
	assert_int_equal(world->binding_count, prefixes);
	assert_int_equal(world->route_count, prefixes);
}
