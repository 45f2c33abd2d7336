// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../engine/alloc.h"
#include "test.h"
#include "world.h"

/* One more at the end of an array. */
#define GROW(array, count)						\
	((array) = must_realloc((array), ((count) + 1) * sizeof(*(array))), \
	 memset(&(array)[count], 0, sizeof(*(array))), &(array)[(count)++])

/* One less, whose place the last one takes. */
#define SHRINK(array, count, at) (*(at) = (array)[--(count)])

void world_init(struct world *world, void *engine,
		void (*done)(void *engine, void *owner, int error,
			     struct now now, struct outbox *out))
{
	memset(world, 0, sizeof(*world));
	world->now.mono_ms = WORLD_MONO_MS;
	world->now.wall = WORLD_WALL;
	world->engine = engine;
	world->done = done;
	outbox_init(&world->out);
}

void world_drop_pending(struct world *world)
{
	world->dropped |= world->out.first || world->pending_count;
	outbox_free(&world->out);
	while (world->pending_count)
		transaction_free(world->pending[--world->pending_count]);
}

void world_forget_messages(struct world *world)
{
	while (world->sent_count)
		free(world->sent[--world->sent_count].message);
	world->ra_count = 0;
	world->probe_count = 0;
	world->report_count = 0;
}

void world_free(struct world *world)
{
	world_drop_pending(world);
	world_forget_messages(world);
	while (world->record_count)
		free(world->records[--world->record_count].data);
	while (world->peer_record_count)
		free(world->peer_records[--world->peer_record_count].data);
	free(world->pending);
	free(world->peer_records);
	free(world->records);
	free(world->bindings);
	free(world->flows);
	free(world->sets);
	free(world->routes);
	free(world->addresses);
	free(world->sent);
	free(world->ras);
	free(world->probes);
	free(world->hears);
	free(world->reports);
}

void world_pass(struct world *world, uint64_t ms)
{
	world->now.mono_ms += ms;
	world->now.wall += wall_from_ms(ms);
}

void world_fail(struct world *world, int kind, unsigned int after,
		unsigned int count, int error)
{
	world->fail_kind = kind;
	world->fail_after = after;
	world->fail_count = count;
	world->fail_errno = error;
}

static struct effect_store *find_record(struct effect_store *records,
					size_t count, uint64_t key)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (records[i].key == key)
			return &records[i];
	return NULL;
}

static struct effect_route *find_route(const struct world *world,
				       const struct mh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < world->route_count; i++)
		if (mh_prefix_equal(&world->routes[i].prefix, prefix))
			return &world->routes[i];
	return NULL;
}

static struct effect_hear *find_hear(const struct world *world,
				     uint32_t ifindex, const uint8_t *lladdr)
{
	size_t i;

	for (i = 0; i < world->hear_count; i++)
		if (world->hears[i].ifindex == ifindex &&
		    !memcmp(world->hears[i].lladdr, lladdr, ETH_ALEN))
			return &world->hears[i];
	return NULL;
}

static void put_record(struct effect_store **records, size_t *count,
		       const struct effect_store *store)
{
	struct effect_store *record = find_record(*records, *count,
						  store->key);

	if (!record)
		record = GROW(*records, *count);
	free(record->data);
	record->key = store->key;
	record->len = store->len;
	record->data = must_copy(store->data, store->len);
}

static void forget_record(struct effect_store *records, size_t *count,
			  uint64_t key)
{
	struct effect_store *record = find_record(records, *count, key);

	if (!record)
		return;
	free(record->data);
	SHRINK(records, *count, record);
}

void world_forget_record(struct world *world, uint64_t key)
{
	forget_record(world->records, &world->record_count, key);
}

static int set_binding(struct world *world, const struct effect_binding *set)
{
	struct world_binding *binding = world_binding_of(world, &set->hnp);
	const struct world_set *joins = world_set(world, set->expiry_set);
	unsigned int i;

	/* The agent must be able to tell its own. */
	assert_true(set->cookie);
	/* What it is to end with alone says when. */
	assert_true(!set->expiry_set || (set->has_path && !set->lifetime_ms));
	if (set->expiry_set && !joins)
		return ENOENT;
	if (!binding)
		binding = GROW(world->bindings, world->binding_count);
	binding->set = *set;
	binding->set.more = NULL;
	binding->set_ms = world->now.mono_ms;
	assert_true(set->more_count < BCE_PATHS_MAX);
	for (i = 0; i < set->more_count; i++) {
		assert_true(!set->more[i].expiry_set ||
			    !set->more[i].lifetime_ms);
		binding->more[i] = set->more[i];
	}
	binding->expires_ms = world->now.mono_ms + set->lifetime_ms;
	world->binding_sets++;
	if (joins)
		binding->expires_ms = joins->expires_ms;
	return 0;
}

struct effect_flow *world_flow(const struct world *world,
			       const struct mh_prefix *hnp, uint16_t id)
{
	size_t i;

	for (i = 0; i < world->flow_count; i++)
		if (world->flows[i].id == id &&
		    mh_prefix_equal(&world->flows[i].hnp, hnp))
			return &world->flows[i];
	return NULL;
}

/* As the module has it: no two of a binding have the same priority. */
static int set_flow(struct world *world, const struct effect_flow *set)
{
	struct effect_flow *flow = world_flow(world, &set->hnp, set->id);
	size_t i;

	assert_true(set->id && set->priority && set->bid_count);
	if (!world_binding_of(world, &set->hnp))
		return ENOENT;
	for (i = 0; i < world->flow_count; i++)
		if (&world->flows[i] != flow &&
		    world->flows[i].priority == set->priority &&
		    mh_prefix_equal(&world->flows[i].hnp, &set->hnp))
			return EEXIST;
	if (!flow)
		flow = GROW(world->flows, world->flow_count);
	*flow = *set;
	return 0;
}

/* With 0, or with their binding, all of them. */
static void delete_flows(struct world *world, const struct mh_prefix *hnp,
			 uint16_t id)
{
	size_t i = world->flow_count;

	while (i--)
		if (mh_prefix_equal(&world->flows[i].hnp, hnp) &&
		    (!id || world->flows[i].id == id))
			SHRINK(world->flows, world->flow_count,
			       &world->flows[i]);
}

static int put_set(struct world *world, const struct effect_expiry_set *put)
{
	struct world_set *set = world_set(world, put->id);
	size_t i;

	assert_in_range(put->id, 1, EXPIRY_SET_MAX);
	assert_false(world->no_sets);
	if (!set && put->renews)
		return ENOENT;
	if (!set)
		set = GROW(world->sets, world->set_count);
	set->set = *put;
	set->expires_ms = world->now.mono_ms + put->lifetime_ms;
	world->set_puts++;
	for (i = 0; i < world->binding_count; i++)
		if (world->bindings[i].set.has_path &&
		    world->bindings[i].set.expiry_set == put->id)
			world->bindings[i].expires_ms = set->expires_ms;
	return 0;
}

/* One that has paths stays. */
static void delete_set(struct world *world, uint32_t id)
{
	struct world_set *set = world_set(world, id);

	if (set && !world_set_paths(world, id))
		SHRINK(world->sets, world->set_count, set);
}

static void add_route(struct world *world, const struct effect_route *add)
{
	struct effect_route *route = find_route(world, &add->prefix);

	if (!route)
		route = GROW(world->routes, world->route_count);
	*route = *add;
}

static void delete_route(struct world *world, const struct effect_route *gone)
{
	struct effect_route *route = find_route(world, &gone->prefix);

	/* One out of the tunnel device is in another table. */
	if (route && !route->access_ifindex == !gone->access_ifindex)
		SHRINK(world->routes, world->route_count, route);
}

static struct effect_address *find_address(const struct world *world,
					   const struct effect_address *what)
{
	size_t i;

	for (i = 0; i < world->address_count; i++)
		if (world->addresses[i].ifindex == what->ifindex &&
		    IN6_ARE_ADDR_EQUAL(&world->addresses[i].address,
				       &what->address))
			return &world->addresses[i];
	return NULL;
}

static void set_address(struct world *world, const struct effect *effect)
{
	struct effect_address *there = find_address(world, &effect->address);

	assert_true(effect->address.ifindex);
	if (effect->kind == EFFECT_ADDRESS_ADD && !there)
		*GROW(world->addresses, world->address_count) =
			effect->address;
	if (effect->kind == EFFECT_ADDRESS_DELETE && there)
		SHRINK(world->addresses, world->address_count, there);
}

static void keep_message(struct world *world, struct effect *effect)
{
	uint8_t data[MH_MAX_LEN];
	struct mh_message back;
	size_t len = mh_build(effect->send.message, data, sizeof(data));

	/* Whatever an engine says, it can be said on the wire. */
	assert_true(len > 0);
	assert_int_equal(mh_parse(data, len, &back), MH_OK);
	*GROW(world->sent, world->sent_count) = effect->send;
	effect->send.message = NULL;
}

static void hear(struct world *world, const struct effect_hear *what)
{
	struct effect_hear *hears = find_hear(world, what->ifindex,
					      what->lladdr);

	assert_true(what->ifindex);
	if (!hears)
		hears = GROW(world->hears, world->hear_count);
	*hears = *what;
}

static int apply(struct world *world, struct effect *effect)
{
	struct world_binding *binding;

	switch (effect->kind) {
	case EFFECT_STORE_PUT:
		put_record(&world->records, &world->record_count,
			   &effect->store);
		break;
	case EFFECT_STORE_DELETE:
		world_forget_record(world, effect->store.key);
		break;
	case EFFECT_BINDING_SET:
		return set_binding(world, &effect->binding);
	case EFFECT_BINDING_DELETE:
		binding = world_binding_of(world, &effect->binding.hnp);
		if (binding)
			SHRINK(world->bindings, world->binding_count, binding);
		delete_flows(world, &effect->binding.hnp, 0);
		break;
	case EFFECT_FLOW_SET:
		return set_flow(world, effect->flow);
	case EFFECT_FLOW_DELETE:
		delete_flows(world, &effect->flow->hnp, effect->flow->id);
		break;
	case EFFECT_EXPIRY_SET_PUT:
		return put_set(world, &effect->set);
	case EFFECT_EXPIRY_SET_DELETE:
		delete_set(world, effect->set.id);
		break;
	case EFFECT_ROUTE_ADD:
		add_route(world, &effect->route);
		break;
	case EFFECT_ROUTE_DELETE:
		delete_route(world, &effect->route);
		break;
	case EFFECT_ADDRESS_ADD:
	case EFFECT_ADDRESS_DELETE:
		set_address(world, effect);
		break;
	case EFFECT_SEND:
		keep_message(world, effect);
		break;
	case EFFECT_ADVERTISE:
		assert_true(effect->advertise->ifindex);
		*GROW(world->ras, world->ra_count) = *effect->advertise;
		break;
	case EFFECT_TUNNEL_MTU:
		world->mtu_asked++;
		world->mtu_remote = effect->tunnel_mtu.remote;
		break;
	case EFFECT_PROBE:
		assert_true(effect->probe.ifindex);
		*GROW(world->probes, world->probe_count) = effect->probe;
		break;
	case EFFECT_HEAR:
		hear(world, &effect->hear);
		break;
	case EFFECT_REPORT:
		*GROW(world->reports, world->report_count) = *effect->report;
		break;
	case EFFECT_PEER_PUT:
		put_record(&world->peer_records, &world->peer_record_count,
			   &effect->store);
		break;
	case EFFECT_PEER_DELETE:
		forget_record(world->peer_records, &world->peer_record_count,
			      effect->store.key);
		break;
	}
	return 0;
}

/* Messages are sent into the blue: they can get lost, not fail. */
static bool fails(struct world *world, const struct effect *effect)
{
	if (!world->fail_count || effect_phase(effect->kind) == PHASE_MESSAGES ||
	    effect->kind == EFFECT_TUNNEL_MTU ||
	    (world->fail_kind == ANY_ADDITION &&
	     effect_takes_away(effect->kind)) ||
	    (world->fail_kind >= 0 && world->fail_kind != (int)effect->kind))
		return false;
	if (world->fail_after) {
		world->fail_after--;
		return false;
	}
	world->fail_count--;
	return true;
}

/* What else is in a phase with one that fails may have been done or not. */
static int run(struct world *world, struct transaction *transaction)
{
	int phase, error = 0, failed;
	unsigned int i;

	for (phase = PHASE_STORE; phase < PHASE_END && !error; phase++) {
		for (i = 0; i < transaction->count; i++) {
			struct effect *effect = &transaction->effects[i];

			if ((int)effect_phase(effect->kind) != phase)
				continue;
			if (!fails(world, effect))
				failed = apply(world, effect);
			else
				failed = world->fail_errno;
			if (failed && !error && !effect_may_stay(effect))
				error = failed;
		}
	}
	return error;
}

size_t world_collect(struct world *world)
{
	struct transaction *transaction;

	while ((transaction = outbox_take(&world->out))) {
		world->pending = must_realloc(world->pending,
					      (world->pending_count + 1) *
					      sizeof(struct transaction *));
		world->pending[world->pending_count++] = transaction;
	}
	return world->pending_count;
}

void world_run_one(struct world *world, size_t index)
{
	struct transaction *transaction;
	int error;

	assert_true(index < world->pending_count);
	transaction = world->pending[index];
	world->pending_count--;
	memmove(&world->pending[index], &world->pending[index + 1],
		(world->pending_count - index) * sizeof(struct transaction *));
	error = run(world, transaction);
	if (transaction->owner)
		world->done(world->engine, transaction->owner, error,
			    world->now, &world->out);
	transaction_free(transaction);
}

void world_settle(struct world *world)
{
	unsigned int turns = 0;

	while (world_collect(world)) {
		assert_true(turns++ < 100000);
		world_run_one(world, 0);
	}
}

const struct effect_store *world_record(const struct world *world, uint64_t key)
{
	return find_record(world->records, world->record_count, key);
}

struct world_binding *world_binding_of(const struct world *world,
				       const struct mh_prefix *hnp)
{
	size_t i;

	for (i = 0; i < world->binding_count; i++)
		if (mh_prefix_equal(&world->bindings[i].set.hnp, hnp))
			return &world->bindings[i];
	return NULL;
}

struct world_binding *world_binding(struct world *world, const char *hnp)
{
	struct mh_prefix prefix = prefix6(hnp);

	return world_binding_of(world, &prefix);
}

const struct effect_route *world_route(const struct world *world,
				       const char *text)
{
	struct mh_prefix prefix = prefix6(text);

	return find_route(world, &prefix);
}

bool world_hears_all(const struct world *world, uint32_t ifindex,
		     const uint8_t *lladdr)
{
	const struct effect_hear *hears = find_hear(world, ifindex, lladdr);

	return !hears || hears->every_frame;
}

struct world_set *world_set(const struct world *world, uint32_t id)
{
	size_t i;

	for (i = 0; i < world->set_count; i++)
		if (world->sets[i].set.id == id)
			return &world->sets[i];
	return NULL;
}

unsigned int world_set_paths(const struct world *world, uint32_t id)
{
	const struct world_binding *binding;
	unsigned int count = 0, j;
	size_t i;

	for (i = 0; i < world->binding_count; i++) {
		binding = &world->bindings[i];
		count += binding->set.has_path && binding->set.expiry_set == id;
		for (j = 0; j < binding->set.more_count; j++)
			count += binding->more[j].expiry_set == id;
	}
	return count;
}

static uint64_t remains(const struct world *world, uint64_t expires_ms)
{
	return expires_ms > world->now.mono_ms ?
	       expires_ms - world->now.mono_ms : 0;
}

static struct effect_path *dump_more(const struct world *world,
				     const struct world_binding *from)
{
	struct effect_path *more;
	unsigned int i;

	if (!from->set.more_count)
		return NULL;
	more = must_copy(from->more, from->set.more_count * sizeof(*more));
	for (i = 0; i < from->set.more_count; i++)
		if (!more[i].expiry_set)
			more[i].lifetime_ms =
				remains(world, from->set_ms +
					more[i].lifetime_ms);
	return more;
}

static void dump_bindings(const struct world *world,
			  struct dataplane_binding *dump)
{
	const struct world_binding *from;
	const struct world_set *set;
	struct dataplane_binding *to;
	size_t i;

	for (i = 0; i < world->binding_count; i++) {
		from = &world->bindings[i];
		to = &dump[i];
		to->hnp = from->set.hnp;
		to->cookie = from->set.cookie;
		to->local_routing = from->set.local_routing;
		to->has_path = from->set.has_path;
		if (!to->has_path)
			continue;
		to->remote = from->set.remote;
		to->bid = from->set.bid;
		to->priority = from->set.priority;
		to->more_count = from->set.more_count;
		to->more = dump_more(world, from);
		to->access_ifindex = from->set.access_ifindex;
		to->expiry_set = from->set.expiry_set;
		to->lifetime_ms = remains(world, from->expires_ms);
		set = world_set(world, to->expiry_set);
		to->generation = set ? set->set.generation :
				       from->set.generation;
	}
}

struct dataplane_dump world_dump(const struct world *world)
{
	struct dataplane_dump dump = {
		.count = world->binding_count,
		.has_sets = !world->no_sets,
		.set_count = world->set_count,
	};
	struct dataplane_set *to;
	size_t i;

	dump.bindings = must_alloc((dump.count + 1) * sizeof(*dump.bindings));
	dump.sets = must_alloc((dump.set_count + 1) * sizeof(*dump.sets));
	dump_bindings(world, dump.bindings);
	for (i = 0; i < world->set_count; i++) {
		to = &dump.sets[i];
		to->id = world->sets[i].set.id;
		to->lifetime_ms = remains(world, world->sets[i].expires_ms);
		to->generation = world->sets[i].set.generation;
	}
	return dump;
}

const struct mh_message *world_last_message(const struct world *world)
{
	assert_true(world->sent_count > 0);
	return world->sent[world->sent_count - 1].message;
}

const struct report *world_reported(const struct world *world,
				    const char *event)
{
	size_t i;

	for (i = world->report_count; i > 0; i--)
		if (!strcmp(world->reports[i - 1].event, event))
			return &world->reports[i - 1];
	return NULL;
}
