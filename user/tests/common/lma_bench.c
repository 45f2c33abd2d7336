// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../../engine/alloc.h"
#include "../../engine/lma_flow.h"
#include "lma_bench.h"
#include "test.h"

static void on_done(void *engine, void *owner, int error, struct now now,
		    struct outbox *out)
{
	lma_on_done(engine, owner, error, now, out);
}

struct lma_config lma_bench_config(void)
{
	return (struct lma_config){
		.address = ip6(LMAA),
		.max_lifetime_s = 3600,
		.max_sessions = 16,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.timestamp_validity_window_ms = 300,
		.timestamp_based_approach_in_use = true,
		.max_update_notification_retransmit_count = 1,
		.min_delay_between_update_notification_replay_ms = 1000,
		.revocations = {
			.max_retries = 1,
			.first_ms = 1000,
			.max_timeout_ms = 2000,
		},
		.seed = 1,
	};
}

static void begin(struct lma_bench *bench)
{
	struct lma_config config = lma_bench_config();
	struct mh_prefix pool = prefix6(POOL);

	lma_init(&bench->lma, &config);
	assert_true(prefix_pool_add(&bench->lma.pool, &pool, 64));
	if (!bench->more)
		return;
	pool = prefix6(bench->more);
	assert_true(prefix_pool_add(&bench->lma.pool, &pool, 64));
}

int lma_bench_setup(void **state)
{
	struct lma_bench *bench = must_alloc(sizeof(*bench));

	world_init(&bench->world, &bench->lma, on_done);
	begin(bench);
	lma_start(&bench->lma, &bench->world.out);
	world_settle(&bench->world);
	*state = bench;
	return 0;
}

int lma_bench_teardown(void **state)
{
	struct lma_bench *bench = *state;

	world_free(&bench->world);
	lma_free(&bench->lma);
	free(bench);
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct effect_store *one = a, *other = b;

	return one->key < other->key ? -1 : one->key > other->key;
}

unsigned int lma_bench_restart(struct lma_bench *bench, bool same_boot)
{
	struct world *world = &bench->world;
	unsigned int taken = 0;
	size_t i;

	world_drop_pending(world);
	lma_free(&bench->lma);
	begin(bench);
	if (!same_boot)
		world->now.mono_ms = 20000;
	/* As the store has them. */
	if (world->record_count)
		qsort(world->records, world->record_count,
		      sizeof(*world->records), by_key);
	for (i = 0; i < world->record_count;) {
		const struct effect_store *record = &world->records[i];

		if (lma_restore(&bench->lma, record->key, record->data,
				record->len, same_boot, world->now)) {
			taken++;
			i++;
		} else {
			world_forget_record(world, record->key);
		}
	}
	lma_start(&bench->lma, &world->out);
	world_settle(world);
	return taken;
}

void lma_bench_read(struct lma_bench *bench)
{
	struct dataplane_dump dump = world_dump(&bench->world);

	lma_on_dataplane(&bench->lma, &dump, bench->world.now,
			 &bench->world.out);
	dataplane_dump_free(&dump);
}

void lma_bench_reconcile(struct lma_bench *bench)
{
	lma_bench_read(bench);
	world_settle(&bench->world);
}

struct lma_request pbu(struct lma_bench *bench, const char *hnp,
		       enum mh_handoff_indicator handoff)
{
	static uint16_t sequence;
	struct lma_request request = {
		.src = ip6(MAG1),
		.dst = ip6(LMAA),
		.policy = {
			.mag_authorized = true,
			.mn_known = true,
			.service_enabled = true,
		},
	};
	struct mh_options *options = &request.bu.options;

	request.bu.sequence = ++sequence;
	request.bu.flags = MH_BU_ACK | MH_BU_PROXY;
	request.bu.lifetime = 75;
	options->has_mn_id = true;
	options->mn_id = nai("mn1@example.com");
	options->hnp_count = 1;
	if (hnp)
		options->hnp[0] = prefix6(hnp);
	options->has_handoff = true;
	options->handoff = (uint8_t)handoff;
	options->has_att = true;
	options->att = MH_ATT_IEEE_802_11;
	options->has_ll_id = true;
	options->ll_id = ll_id6(1);
	options->has_timestamp = true;
	options->timestamp = bench->world.now.wall;
	return request;
}

void own_prefixes(struct lma_request *request, const char *first,
		  const char *second)
{
	struct lma_policy *policy = &request->policy;

	policy->hnp_count = second ? 2 : 1;
	policy->interface_hnp_count = policy->hnp_count;
	policy->hnp[0] = prefix6(first);
	if (second)
		policy->hnp[1] = prefix6(second);
}

void give(struct lma_bench *bench, const struct lma_request *request)
{
	lma_on_pbu(&bench->lma, request, bench->world.now, &bench->world.out);
	world_collect(&bench->world);
}

const struct mh_binding_ack *answer(struct lma_bench *bench,
				    const struct lma_request *request)
{
	size_t before = bench->world.sent_count;
	const struct effect_send *sent;

	give(bench, request);
	world_settle(&bench->world);
	if (bench->world.sent_count == before)
		return NULL;
	assert_int_equal(bench->world.sent_count, before + 1);
	sent = &bench->world.sent[before];
	assert_memory_equal(&sent->src, &request->dst, sizeof(sent->src));
	assert_memory_equal(&sent->dst, &request->src, sizeof(sent->dst));
	assert_int_equal(sent->message->type, MH_BINDING_ACK);
	return &sent->message->ba;
}

void assert_status(struct lma_bench *bench, const struct lma_request *request,
		   int status)
{
	const struct mh_binding_ack *ba = answer(bench, request);

	assert_int_equal(ba ? ba->status : -1, status);
}

struct bce *register_mn1(struct lma_bench *bench)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NEW_INTERFACE);
	struct mh_prefix hnp = prefix6(HNP1);
	struct bce *bce;

	assert_status(bench, &request, MH_ACCEPTED);
	bce = bc_by_prefix(&bench->lma.bc, &hnp);
	assert_non_null(bce);
	return bce;
}

struct bce *lma_bench_begin(void **state, struct lma_bench **bench)
{
	struct bce *bce;

	*bench = *state;
	bce = register_mn1(*bench);
	world_pass(&(*bench)->world, 1000);
	return bce;
}

bool binding_error(struct lma_bench *bench, const char *from, uint8_t status)
{
	struct in6_addr src = ip6(from);
	struct mh_binding_error error = { .status = status };
	bool ours = lma_on_binding_error(&bench->lma, &src, &error,
					 bench->world.now, &bench->world.out);

	world_settle(&bench->world);
	return ours;
}

void lma_bench_until(struct lma_bench *bench, uint64_t ms)
{
	struct world *world = &bench->world;
	uint64_t end = world->now.mono_ms + ms, next;

	while ((next = lma_next_timer(&bench->lma)) <= end) {
		if (next > world->now.mono_ms)
			world_pass(world, next - world->now.mono_ms);
		lma_on_timer(&bench->lma, world->now, &world->out);
		world_settle(world);
	}
	world_pass(world, end - world->now.mono_ms);
}

static void assert_path_agreed(const struct world_binding *binding,
			       const struct bce *bce)
{
	assert_memory_equal(&binding->set.remote, &bce->now.proxy_coa,
			    sizeof(binding->set.remote));
	assert_true(binding->expires_ms == lma_expires_ms(bce));
	assert_int_equal(binding->set.expiry_set,
			 bce->group ? bce->group->set : 0);
	/* Of a member, its set tells that. */
	if (!bce->group)
		assert_int_equal(binding->set.generation, bce->now.generation);
}

static const struct effect_path *path_in(const struct world_binding *binding,
					 const struct bce *bce)
{
	unsigned int i;

	for (i = 0; i < binding->set.more_count; i++)
		if (binding->more[i].bid == bce->path->bid)
			return &binding->more[i];
	return NULL;
}

/* One of several: there is a path of it as long as it has a gateway. */
static void assert_among_paths(const struct world_binding *binding,
			       const struct bce *bce)
{
	const struct effect_path *path = path_in(binding, bce);
	bool first = binding->set.has_path &&
		     binding->set.bid == bce->path->bid;

	assert_true(path || first || bce->now.state != BCE_ACTIVE);
	assert_false((path || first) && bce->now.state != BCE_ACTIVE);
	if (first)
		assert_path_agreed(binding, bce);
	if (!path)
		return;
	assert_false(first);
	assert_memory_equal(&path->remote, &bce->now.proxy_coa,
			    sizeof(path->remote));
	assert_int_equal(path->priority, bce->now.priority);
	assert_int_equal(path->expiry_set, bce->group ? bce->group->set : 0);
	if (!bce->group)
		assert_int_equal(path->generation, bce->now.generation);
}

/* No path is of nobody, and all have numbers of their own. */
static void assert_paths_are_known(const struct world_binding *binding,
				   const struct bce *bce)
{
	const struct bce *path = bce, *other;
	unsigned int active = 0;

	do {
		active += path->now.state == BCE_ACTIVE;
		for (other = bce_next_path(path); other != path;
		     other = bce_next_path(other))
			assert_int_not_equal(other->path->bid,
					     path->path->bid);
		path = bce_next_path(path);
	} while (path != bce);
	assert_int_equal(binding->set.has_path + binding->set.more_count,
			 active);
}

static void assert_forwarding_agreed(const struct world_binding *binding,
				     const struct bce *bce)
{
	if (bce->path) {
		assert_among_paths(binding, bce);
		assert_paths_are_known(binding, bce);
		return;
	}
	assert_true(binding->set.cookie == bce->id);
	assert_int_equal(binding->set.has_path, bce->now.state == BCE_ACTIVE);
	if (binding->set.has_path)
		assert_path_agreed(binding, bce);
}

static void assert_session_agreed(struct lma_bench *bench,
				  const struct bce *bce)
{
	const struct world *world = &bench->world;
	unsigned int i, found = 0;
	size_t j;

	assert_null(bce->operation);
	assert_null(bce->waiting);
	assert_null(bce->delayed);
	assert_true(timer_is_set(&bce->timer) == !bce->group);
	assert_non_null(world_record(world, bce->id));
	for (i = 0; i < bce->prefix_count; i++) {
		for (j = 0; j < world->binding_count; j++) {
			const struct world_binding *b = &world->bindings[j];

			if (!mh_prefix_equal(&b->set.hnp,
					     &bce->prefixes[i].prefix))
				continue;
			found++;
			assert_forwarding_agreed(b, bce);
		}
	}
	assert_int_equal(found, bce->prefix_count);
}

/* Return: how many members it has. */
static unsigned int assert_group_agreed(struct lma_bench *bench,
					const struct lma_group *group)
{
	const struct world_set *set = world_set(&bench->world, group->set);
	unsigned int members = 0, paths = 0;
	const struct bce *bce;

	assert_non_null(set);
	assert_true(group->stands);
	assert_null(group->bulk);
	assert_int_equal(group->holds, 0);
	assert_true(timer_is_set(&group->timer));
	assert_non_null(world_record(&bench->world, lma_group_key(group)));
	assert_true(set->expires_ms == group->now.expires_ms);
	assert_int_equal(set->set.generation, group->now.generation);
	for (bce = group->first; bce; bce = bce->group_next) {
		assert_ptr_equal(bce->group, group);
		members++;
		paths += bce->prefix_count;
	}
	assert_int_not_equal(members, 0);
	assert_int_equal(group->count, members);
	assert_int_equal(world_set_paths(&bench->world, group->set), paths);
	return members;
}

void assert_agreed(struct lma_bench *bench)
{
	const struct lma *lma = &bench->lma;
	unsigned int sessions = 0, prefixes = 0, groups = 0, members = 0;
	unsigned int with_flows = 0;
	const struct lma_group *group;
	struct bce *bce;

	assert_int_equal(world_collect(&bench->world), 0);
	for (group = lma->groups.by_set; group; group = group->by_set.next) {
		members += assert_group_agreed(bench, group);
		groups++;
	}
	for (bce = bc_next(&lma->bc, NULL); bce; bce = bc_next(&lma->bc, bce)) {
		assert_session_agreed(bench, bce);
		sessions++;
		with_flows += bce->path && bce->path->flows &&
			      bce->path->flows->count;
		if (!bce->path || !bce->path->shares)
			prefixes += bce->prefix_count;
	}
	assert_int_equal(lma->bc.count, sessions);
	assert_int_equal(bench->world.record_count,
			 sessions + groups + with_flows);
	assert_int_equal(bench->world.binding_count, prefixes);
	assert_int_equal(bench->world.set_count, groups);
	assert_int_equal(lma->timers.count, sessions - members);
	assert_int_equal(lma->groups.timers.count, groups);
	assert_null(lma->groups.bulks);
}
