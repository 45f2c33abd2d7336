// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what happens to an anchor, one thing after the other: messages,
 * time that goes by, effects that end or fail, restarts, an operator. When it
 * is left alone after that, nothing stays.
 *
 * Covers: user/engine/lma.c user/engine/lma_ack.c user/engine/lma_bulk.c
 * user/engine/lma_grant.c user/engine/lma_group.c user/engine/lma_group_record.c
 * user/engine/lma_judge.c user/engine/lma_lookup.c user/engine/lma_notice.c
 * user/engine/lma_pbu.c user/engine/lma_peer.c user/engine/lma_record.c
 * user/engine/lma_renumber.c user/engine/lma_revoke.c user/engine/lma_start.c
 * user/engine/lma_wait.c user/engine/lma_multihoming.c user/engine/lma_flow.c
 * user/engine/lma_flow_record.c
 * user/engine/lma_bri.c user/engine/lma_revoke_order.c user/engine/revocation.c
 * user/engine/revocation_peer.c
 * user/engine/binding_cache.c user/engine/prefix_pool.c user/engine/peers.c
 */
#include <errno.h>

#include "../engine/lma_revoke.h"
#include "../mh/cursor.h"
#include "../tests/common/lma_bench.h"
#include "../tests/common/test.h"
#include "fuzz.h"

#define MORE "2001:db8:c::/60"

/*
 * Longer than any lifetime and any wait, and than all that can have gone by before
 * a reboot: what was stored before may be read as of the same boot by a later start.
 */
#define LONG_MS 1000000000ull

/* More of them, or more that they sent, says nothing new. */
#define EVENTS_MAX 400

static struct lma_bench *bench;
static uint16_t sequence;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* What the bench asserts ends the process, too. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	return 0;
}

static struct in6_addr gateway(uint8_t which)
{
	struct in6_addr address = ip6(MAG1);

	address.s6_addr[15] = which % 4 + 1;
	return address;
}

/* --- What comes from gateways. */

static void set_policy(struct lma_request *request, uint8_t flags)
{
	static struct mh_prefix within;
	struct lma_policy *policy = &request->policy;

	policy->mag_authorized = !(flags & 1);
	policy->mn_known = !(flags & 2);
	policy->service_enabled = !(flags & 4);
	if (flags & 8)
		own_prefixes(request, OWN1, flags & 16 ? OWN2 : NULL);
	if (flags & 16)
		policy->session_prefixes = 2;
	if (flags & 32)
		policy->max_lifetime_s = 60;
	within = prefix6("2001:db8:a::/48");
	policy->mag_limited = flags & 64;
	policy->mag_prefixes = &within;
	policy->mag_prefix_count = policy->mag_limited;
}

static void ask_for_group(struct cursor *script, struct lma_request *request)
{
	struct mh_options *options = &request->bu.options;
	uint8_t group = cursor_u8(script);

	request->policy.accepts_bulk = true;
	request->bu.flags |= MH_BU_BULK;
	if (group & 8)
		options->group[options->group_count++] = group % 4;
}

static void ask_for_flow(struct cursor *script, struct mh_options *options)
{
	static const uint8_t operations[] = {
		MH_FLOW_UNSAID, MH_FLOW_ADD, MH_FLOW_DELETE, MH_FLOW_MODIFY,
	};
	struct mh_flow *flow = mh_add_flow(options);
	uint8_t which = cursor_u8(script), how = cursor_u8(script);

	flow->fid = which % 4;
	flow->priority = which / 4 % 4;
	flow->operation = operations[which / 16 % 4];
	flow->format = how & 1 ? MH_SELECTOR_IPV6 : MH_SELECTOR_NONE;
	if (how & 1) {
		flow->selector.fields = 1u << SELECTOR_PROTOCOL;
		flow->selector.number[SELECTOR_PROTOCOL][0] = how / 2 % 4;
		flow->selector.number[SELECTOR_PROTOCOL][1] = 3;
	}
	flow->has_extras = how & 8;
	flow->action = flow->has_extras ? how / 16 % 4 : 0;
	flow->pro = flow->has_extras ? how / 64 : 0;
	flow->has_bid = which & 64;
	flow->bid = flow->has_bid ? how % 4 : 0;
	/* A gateway knows those that the anchor has moved to it by such numbers. */
	if (which & 128)
		flow->fid |= 0x8000;
}

static void ask_for_interface(struct cursor *script, struct mh_options *options)
{
	uint8_t how = cursor_u8(script), count;

	options->has_multihoming = true;
	options->multihoming.act = how % 4;
	options->multihoming.group = how & 4 ? 1 : 0;
	options->has_bid = how & 8;
	options->bid.id = how / 16 % 4;
	options->bid.priority = how & 64 ? 20 : 0;
	for (count = cursor_u8(script) % 4; count; count--)
		ask_for_flow(script, options);
}

/* What a registration may ask for besides. */
enum asked {
	ASKS_GROUP = 1,
	ASKS_INTERFACE = 2,
};

static void register_one(struct cursor *script, unsigned int asks)
{
	static const char *const asked[] = { NULL, HNP1, HNP2, OWN1, OWN2,
					     "2001:db8:c:1::/64" };
	struct lma_request request;
	struct mh_options *options = &request.bu.options;
	uint8_t how;

	request = pbu(bench, asked[cursor_u8(script) % ARRAY_SIZE(asked)],
		      cursor_u8(script) % 7);
	request.src = gateway(cursor_u8(script));
	options->mn_id.data[2] = (uint8_t)('1' + cursor_u8(script) % 4);
	options->ll_id = ll_id6(cursor_u8(script) % 4);
	set_policy(&request, cursor_u8(script));
	how = cursor_u8(script);
	/* Its count must not depend on what was tried before. */
	sequence = (uint16_t)(sequence + (how & 1 ? 1 : how & 2 ? -1 : 0));
	request.bu.sequence = sequence;
	if (how & 4)
		request.bu.lifetime = 0;
	if (how & 8)
		options->has_timestamp = false;
	if (how & 16)
		options->timestamp -= WALL_PER_SECOND;
	if (how & 32)
		options->has_ll_id = false;
	if (how & 64)
		options->hnp[options->hnp_count++] = prefix6(HNP2);
	if (how & 128) {
		options->has_link_local = true;
		options->link_local = ip6("fe80::1");
	}
	if (asks & ASKS_GROUP)
		ask_for_group(script, &request);
	if (asks & ASKS_INTERFACE)
		ask_for_interface(script, options);
	give(bench, &request);
}

/* Of some groups, and whatever else may be in an update. */
static void renew(struct cursor *script)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_NOT_CHANGED);
	struct mh_options *options = &request.bu.options;
	uint8_t how, count;

	request.src = gateway(cursor_u8(script));
	how = cursor_u8(script);
	sequence = (uint16_t)(sequence + (how & 1));
	request.bu.sequence = sequence;
	request.bu.lifetime = how & 2 ? 0 : 75;
	options->has_mn_id = how & 4;
	options->hnp_count = how & 8 ? 1 : 0;
	options->has_timestamp = !(how & 16);
	request.policy.accepts_bulk = !(how & 32);
	request.policy.mag_authorized = !(how & 64);
	if (how & 128)
		request.bu.flags |= MH_BU_BULK;
	for (count = cursor_u8(script) % 4; count; count--)
		options->group[options->group_count++] =
			cursor_u8(script) % 4;
	give(bench, &request);
}

static void deliver(const struct in6_addr *src, const struct mh_message *message,
		    uint8_t policy)
{
	struct lma *lma = &bench->lma;
	struct world *world = &bench->world;
	struct lma_request request = { .src = *src, .dst = ip6(LMAA) };
	struct lma_revoker revoker = {
		.known = !(policy & 1),
		.many = !(policy & 2),
	};

	switch (message->type) {
	case MH_BINDING_UPDATE:
		request.bu = message->bu;
		set_policy(&request, policy);
		lma_on_pbu(lma, &request, world->now, &world->out);
		break;
	case MH_BINDING_ERROR:
		lma_on_binding_error(lma, src, &message->be, world->now,
				     &world->out);
		peers_on_binding_error(&lma->peers, src, &message->be,
				       world->now, &world->out);
		break;
	case MH_HEARTBEAT:
		peers_on_heartbeat(&lma->peers, src, &message->heartbeat,
				   world->now, &world->out);
		break;
	case MH_UPDATE_ACK:
		lma_on_upa(lma, src, &message->upa, &world->out);
		break;
	case MH_BINDING_REVOCATION:
		if (message->revocation.kind == MH_BR_ACK)
			revocations_on_ack(&lma->revocations, src,
					   &message->revocation, world->now,
					   &world->out);
		else
			lma_on_bri(lma, src, &request.dst,
				   &message->revocation, &revoker, world->now,
				   &world->out);
		break;
	}
}

static void receive(struct cursor *script)
{
	struct in6_addr src = gateway(cursor_u8(script));
	uint8_t policy = cursor_u8(script);
	size_t len = cursor_be(script, 2);
	struct mh_message message;
	struct cursor octets;

	octets = cursor_take(script, len < script->left ? len : script->left);
	if (octets.failed || mh_parse(octets.at, octets.left, &message))
		return;
	peers_on_message(&bench->lma.peers, &src, bench->world.now);
	deliver(&src, &message, policy);
}

/* What a gateway says to one of the messages that it got. */
static void reply(struct cursor *script)
{
	const struct world *world = &bench->world;
	uint8_t which = cursor_u8(script), status = cursor_u8(script);
	const struct effect_send *sent;
	struct mh_message back;

	if (!world->sent_count)
		return;
	sent = &world->sent[world->sent_count - 1 - which % world->sent_count];
	back = *sent->message;
	if (back.type == MH_UPDATE_NOTIFICATION) {
		memset(&back, 0, sizeof(back));
		back.type = MH_UPDATE_ACK;
		back.upa.sequence = sent->message->upn.sequence;
		back.upa.status = status;
		back.upa.options = sent->message->upn.options;
	} else if (back.type == MH_BINDING_REVOCATION) {
		back.revocation.kind = MH_BR_ACK;
		back.revocation.status = status;
	} else if (back.type == MH_HEARTBEAT) {
		back.heartbeat.flags |= MH_HB_RESPONSE;
		back.heartbeat.has_restart_counter = status & 1;
		back.heartbeat.restart_counter = status;
	} else {
		return;
	}
	deliver(&sent->dst, &back, 0);
}

/* --- What comes from elsewhere. */

static void reconcile(void)
{
	struct world *world = &bench->world;
	struct dataplane_dump dump;

	dump = world_dump(world);
	lma_on_dataplane(&bench->lma, &dump, world->now, &world->out);
	dataplane_dump_free(&dump);
}

static void expire_path(uint8_t which)
{
	struct world *world = &bench->world;
	struct effect_binding set;

	if (!world->binding_count)
		return;
	set = world->bindings[which % world->binding_count].set;
	lma_on_path_expired(&bench->lma, &set.hnp, set.bid, set.generation,
			    world->now, &world->out);
}

static void expire_set(uint8_t which)
{
	struct world *world = &bench->world;
	struct effect_expiry_set set;

	if (!world->set_count)
		return;
	set = world->sets[which % world->set_count].set;
	lma_on_set_expired(&bench->lma, set.id, set.generation, world->now,
			   &world->out);
}

/* What an operator wants to end. */
static void revoke(const struct bce *bce, uint8_t how)
{
	static const enum revocation_scope scopes[] = {
		REVOKE_MN, REVOKE_SESSIONS, REVOKE_REALM, REVOKE_PEER,
	};
	struct revocation_target target = { .scope = scopes[how % 4] };

	bce_mn_id(bce, &target.mn_id);
	if (target.scope == REVOKE_REALM)
		target.mn_id = nai("@example.com");
	target.has_hnp = target.scope == REVOKE_SESSIONS;
	target.hnp = bce->prefixes[0].prefix;
	target.peer = bce->now.proxy_coa;
	if (how & 4)
		target.ll_id = bce->now.ll_id;
	lma_revoke(&bench->lma, &target, NULL, NULL, bench->world.now,
		   &bench->world.out);
}

static void renumber(struct cursor *script)
{
	static const struct lma_policy policy;
	struct mh_prefix hnp = prefix6(MORE);
	uint8_t which = cursor_u8(script), to = cursor_u8(script);
	struct bce *bce = bc_next(&bench->lma.bc, NULL);

	while (bce && which--)
		bce = bc_next(&bench->lma.bc, bce);
	if (!bce)
		return;
	if (to & 0x80) {
		revoke(bce, to);
		return;
	}
	hnp.addr.s6_addr[7] = to & 0x0f;
	hnp.len = 64;
	lma_renumber(&bench->lma, bce, &policy, &hnp, to & 0x10 ? 0 : 1,
		     bench->world.now, &bench->world.out);
}

/* As the agent does when it has started. */
static void delete_leftovers(void)
{
	struct world *world = &bench->world;
	size_t i = world->route_count;

	while (i--)
		if (!lma_wants_route(&bench->lma, &world->routes[i].prefix))
			world->routes[i] = world->routes[--world->route_count];
}

static void start_again(bool same_boot)
{
	lma_bench_restart(bench, same_boot);
	bench->lma.config.revocation = true;
	bench->lma.config.multihoming = true;
	reconcile();
	delete_leftovers();
}

/* Return: true if it was something of groups, or of several interfaces. */
static bool happen_to_many(uint8_t what, struct cursor *script)
{
	switch (what) {
	case 255:
		bench->world.set_count = 0;
		bench->world.binding_count = 0;
		return true;
	case 254:
		expire_set(cursor_u8(script));
		return true;
	case 253:
	case 252:
		renew(script);
		return true;
	case 251:
	case 250:
	case 249:
		register_one(script, ASKS_GROUP);
		return true;
	case 248:
	case 247:
	case 246:
	case 245:
		register_one(script, ASKS_INTERFACE);
		return true;
	case 244:
		register_one(script, ASKS_INTERFACE | ASKS_GROUP);
		return true;
	default:
		return false;
	}
}

static void happen(struct cursor *script)
{
	struct world *world = &bench->world;
	uint8_t what = cursor_u8(script), how;

	if (happen_to_many(what, script)) {
		world_collect(world);
		return;
	}
	switch (what % 14) {
	case 0:
	case 1:
		register_one(script, 0);
		break;
	case 2:
		receive(script);
		break;
	case 3:
		reply(script);
		break;
	case 4:
		how = cursor_u8(script);
		world_pass(world, 1ull << how % 22);
		lma_on_timer(&bench->lma, world->now, &world->out);
		break;
	case 5:
		how = cursor_u8(script);
		if (world_collect(world))
			world_run_one(world, how % world->pending_count);
		break;
	case 6:
		world_settle(world);
		break;
	case 7:
		world_fail(world, ANY_ADDITION, cursor_u8(script) % 8, 1, EIO);
		break;
	case 8:
		start_again(cursor_u8(script) & 1);
		break;
	case 9:
		reconcile();
		break;
	case 10:
		expire_path(cursor_u8(script));
		break;
	case 11:
		renumber(script);
		break;
	case 12:
		world->binding_count = 0;
		break;
	case 13:
		peers_settle(&bench->lma.peers, world->now, &world->out);
		break;
	}
	world_collect(world);
	if (world->sent_count > EVENTS_MAX || world->report_count > EVENTS_MAX)
		world_forget_messages(world);
}

static void require_nothing_left(void)
{
	struct world *world = &bench->world;
	size_t i;

	world_fail(world, ANY_ADDITION, 0, 0, 0);
	world_settle(world);
	for (i = 0; i < world->route_count; i++)
		REQUIRE(lma_wants_route(&bench->lma, &world->routes[i].prefix));
	/* What could not be deleted is found by the next start. */
	start_again(true);
	world_settle(world);
	world_forget_messages(world);
	lma_bench_until(bench, LONG_MS);
	assert_agreed(bench);
	REQUIRE(!bench->lma.bc.count);
	REQUIRE(!bench->lma.revocations.all && !bench->lma.revocations.orders);
	REQUIRE(!bench->lma.revocations.timers.count);
	REQUIRE(!world->record_count && !world->binding_count);
	REQUIRE(!world->set_count && !bench->lma.groups.by_set);
	/* Those of the pools. */
	REQUIRE(world->route_count == bench->lma.pool.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor script = cursor_on(data, size);
	unsigned int events;
	void *state;

	lma_bench_setup(&state);
	bench = state;
	bench->more = MORE;
	sequence = 1;
	start_again(true);
	for (events = 0; script.left && events < EVENTS_MAX; events++)
		happen(&script);
	require_nothing_left();
	lma_bench_teardown(&state);
	return 0;
}
