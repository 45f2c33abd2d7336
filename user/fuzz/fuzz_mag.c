// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as what happens to a gateway, one thing after the other: mobile nodes
 * that come and go, messages of anchors, time that goes by, effects that end or
 * fail, restarts. When all have left after that, nothing stays.
 *
 * Covers: user/engine/mag.c user/engine/mag_flow.c user/engine/mag_forward.c
 * user/engine/mag_multihoming.c user/engine/mag_notify.c
 * user/engine/mag_pba.c user/engine/mag_pbu.c user/engine/mag_peer.c
 * user/engine/mag_policy.c user/engine/mag_presence.c user/engine/mag_ra.c
 * user/engine/mag_record.c user/engine/mag_refusal.c user/engine/mag_revoke.c
 * user/engine/mag_revoke_order.c user/engine/revocation.c
 * user/engine/revocation_peer.c
 * user/engine/mag_router.c user/engine/mag_visitor.c user/engine/update_list.c
 */
#include <errno.h>

#include "../mh/cursor.h"
#include "../tests/common/mag_bench.h"
#include "../tests/common/test.h"
#include "fuzz.h"

/* Longer than any refusal and any attempt. */
#define LONG_MS 3600000ull

/* More of them, or more that they sent, says nothing new. */
#define EVENTS_MAX 400

static struct mag_bench *bench;

/* What policy wants. */
static struct mh_flow flows[4];
static unsigned int flow_count;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* What the bench asserts ends the process, too. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	return 0;
}

static struct in6_addr anchor(uint8_t which)
{
	struct in6_addr address = ip6(ANCHOR);

	address.s6_addr[15] = which % 3 + 1;
	return address;
}

/* One of those that are there, or one that may be. */
static struct bule *somebody(struct cursor *script)
{
	return mn(bench, cursor_u8(script) % 5);
}

/* --- Mobile nodes. */

static void set_profile(struct cursor *script)
{
	struct mag_profile *profile = &bench->profile;
	uint8_t how = cursor_u8(script);

	profile->mn_id.data[2] = (uint8_t)('1' + how % 4);
	profile->lma = anchor(how / 4);
	profile->local_routing = how & 0x10;
	profile->lifetime_s = how & 0x20 ? 60 : 0;
	profile->hnp_count = how & 0x40 ? 1 : 0;
	profile->multihoming = how & 0x80;
	profile->keep_flows = how & 0x40;
	profile->hnp[0] = prefix6(HNP2);
}

static void come(struct cursor *script)
{
	uint8_t where = cursor_u8(script);

	set_profile(script);
	attach(bench, where & 1 ? ACCESS1 : ACCESS2, (where >> 1) % 5,
	       where & 0x80);
}

static void go(struct cursor *script)
{
	uint8_t how = cursor_u8(script);
	struct bule *bule = somebody(script);
	struct mag *mag = &bench->mag;
	struct world *world = &bench->world;

	if (!bule)
		return;
	if (how & 2) {
		mag_on_barred(mag, bule, "fuzz", world->now, &world->out);
		return;
	}
	if (how & 4) {
		set_profile(script);
		bench->profile.mn_id = bule->profile.mn_id;
		mag_on_profile(mag, bule, &bench->profile, world->now,
			       &world->out);
		return;
	}
	mag_on_detach(mag, bule, how & 1, "fuzz", world->now, &world->out);
}

static void speak(struct cursor *script)
{
	struct mag *mag = &bench->mag;
	struct world *world = &bench->world;
	struct mag_attachment at = { .ifindex = ACCESS1, .ifname = "access1" };
	uint8_t how = cursor_u8(script);
	struct in6_addr src = ip6(how & 8 ? "::" : "fe80::1");
	struct bule *bule = mn(bench, how / 16);

	memcpy(at.lladdr, ll_id6(how / 16).data, ETH_ALEN);
	switch (how % 8) {
	case 0:
		mag_on_solicit(mag, at.lladdr, &src, world->now, &world->out);
		break;
	case 1:
		mag_on_neighbour(mag, at.lladdr, &src, world->now,
				 &world->out);
		break;
	case 2:
		mag_on_arrival(mag, at.lladdr, world->now);
		break;
	case 3:
		if (!bule)
			mag_on_stranger(mag, &at, world->now, &world->out);
		break;
	case 4:
		mag_sweep(mag, world->now, &world->out);
		break;
	case 5:
		if (bule)
			mag_probe(mag, bule, &world->out);
		break;
	}
}

/* --- Anchors. */

static void deliver(const struct in6_addr *src, const struct mh_message *message)
{
	struct mag *mag = &bench->mag;
	struct world *world = &bench->world;
	struct in6_addr dst = ip6(PROXY_COA);

	switch (message->type) {
	case MH_BINDING_ACK:
		mag_on_pba(mag, src, &message->ba, world->now, &world->out);
		break;
	case MH_BINDING_ERROR:
		mag_on_binding_error(mag, src, &message->be, world->now,
				     &world->out);
		peers_on_binding_error(&mag->peers, src, &message->be,
				       world->now, &world->out);
		break;
	case MH_HEARTBEAT:
		peers_on_heartbeat(&mag->peers, src, &message->heartbeat,
				   world->now, &world->out);
		break;
	case MH_UPDATE_NOTIFICATION:
		mag_on_upn(mag, src, &dst, &message->upn, world->now,
			   &world->out);
		break;
	case MH_BINDING_REVOCATION:
		if (message->revocation.kind == MH_BR_ACK)
			revocations_on_ack(&mag->revocations, src,
					   &message->revocation, world->now,
					   &world->out);
		else
			mag_on_bri(mag, src, &dst, &message->revocation,
				   world->now, &world->out);
		break;
	}
}

static void receive(struct cursor *script)
{
	struct in6_addr src = anchor(cursor_u8(script));
	size_t len = cursor_be(script, 2);
	struct mh_message message;
	struct cursor octets;

	octets = cursor_take(script, len < script->left ? len : script->left);
	if (octets.failed || mh_parse(octets.at, octets.left, &message))
		return;
	peers_on_message(&bench->mag.peers, &src, bench->world.now);
	deliver(&src, &message);
}

static void spoil(struct mh_binding_ack *ba, uint8_t how)
{
	if (how & 1)
		ba->options.hnp[ba->options.hnp_count++] = prefix6(HNP2);
	if (how & 2)
		ba->options.has_mn_id = false;
	if (how & 4)
		ba->options.timestamp++;
	if (how & 8)
		ba->lifetime = 0;
	if (how & 16)
		ba->sequence++;
	if (how & 32)
		ba->options.has_link_local = false;
	if (how & 64)
		ba->options.hnp_count = 0;
	if ((how & 160) == 160)
		ba->options.has_multihoming = false;
	if ((how & 160) == 128 && ba->options.flow_count)
		ba->options.flow[0].status = 127 + how % 8;
	if ((how & 130) == 130 && ba->options.flow_count)
		ba->options.flow[0].pro = MH_FLOW_PRO_REINSTANTIATED;
	if ((how & 132) == 132 && ba->options.flow_count)
		ba->options.flow_count--;
}

/* What an anchor says to one of the messages that it got. */
static void reply(struct cursor *script)
{
	static const char *const granted[] = { HNP1, HNP2,
					       "2001:db8:c::/56" };
	const struct world *world = &bench->world;
	uint8_t which = cursor_u8(script), status = cursor_u8(script);
	uint8_t how = cursor_u8(script), hnp = cursor_u8(script);
	const struct effect_send *sent;
	struct mh_message back = { .type = MH_BINDING_ACK };

	if (!world->sent_count)
		return;
	sent = &world->sent[world->sent_count - 1 - which % world->sent_count];
	if (sent->message->type == MH_BINDING_UPDATE) {
		back.ba = pba_to(&sent->message->bu, status,
				 granted[hnp % ARRAY_SIZE(granted)]);
		spoil(&back.ba, how);
	} else if (sent->message->type == MH_BINDING_REVOCATION) {
		back = *sent->message;
		back.revocation.kind = MH_BR_ACK;
		back.revocation.status = status;
	} else if (sent->message->type == MH_HEARTBEAT) {
		back = *sent->message;
		back.heartbeat.flags |= MH_HB_RESPONSE;
		back.heartbeat.has_restart_counter = how & 1;
		back.heartbeat.restart_counter = status;
	} else {
		return;
	}
	deliver(&sent->dst, &back);
}

/* What an anchor says by itself of a mobile node that is there. */
static void demand(struct cursor *script)
{
	uint8_t how = cursor_u8(script);
	struct bule *bule = somebody(script);
	struct mh_options options = { .has_mn_id = true };
	struct mh_message message = { 0 };

	if (!bule)
		return;
	options.mn_id = bule->profile.mn_id;
	options.hnp_count = how & 1 ? 0 : (uint8_t)bule->hnp_count;
	memcpy(options.hnp, bule->hnp, sizeof(options.hnp));
	if (how & 2) {
		message.type = MH_UPDATE_NOTIFICATION;
		message.upn.flags = how & 4 ? MH_UPN_ACK : 0;
		message.upn.reason = how & 8 ? MH_UPN_FLOW_MOBILITY :
					       MH_UPN_FORCE_REREGISTRATION;
		message.upn.sequence = how / 16;
		message.upn.options = options;
	} else {
		message.type = MH_BINDING_REVOCATION;
		message.revocation.kind = MH_BR_INDICATION;
		message.revocation.flags = MH_BR_PROXY |
					   (how & 4 ? MH_BR_GLOBAL : 0);
		message.revocation.trigger = how & 8 ?
			MH_BR_PER_PEER_POLICY : MH_BR_ADMINISTRATIVE;
		message.revocation.sequence = how / 16;
		message.revocation.options = options;
	}
	deliver(&bule->profile.lma, &message);
}

/* --- What comes from elsewhere. */

static void reconcile(bool traffic)
{
	struct world *world = &bench->world;
	struct dataplane_dump dump;

	dump = world_dump(world);
	if (traffic)
		mag_on_traffic(&bench->mag, dump.bindings, dump.count,
			       60000, world->now, &world->out);
	else
		mag_on_dataplane(&bench->mag, &dump, world->now, &world->out);
	dataplane_dump_free(&dump);
}

static void expire_path(uint8_t which)
{
	struct world *world = &bench->world;
	struct effect_binding set;

	if (!world->binding_count)
		return;
	set = world->bindings[which % world->binding_count].set;
	mag_on_path_expired(&bench->mag, set.cookie, set.generation, world->now,
			    &world->out);
}

static void set_link(uint8_t how)
{
	struct mag_link link = { .ifindex = how & 1 ? ACCESS1 : ACCESS2,
				 .mtu = how & 2 ? 1280 : 1500 };
	struct in6_addr lma = anchor(how / 16);
	struct world *world = &bench->world;

	if (how & 8) {
		mag_on_tunnel_mtu(&bench->mag, &lma, how & 2 ? 1400 : 1460,
				  world->now, &world->out);
		return;
	}
	link.has_visitor_prefix = how & 4;
	link.visitor_prefix = prefix6("2001:db8:f::/64");
	mag_set_link(&bench->mag, &link, world->now, &world->out);
}

/* What an operator wants to end. */
static void revoke(uint8_t how)
{
	static const enum revocation_scope scopes[] = {
		REVOKE_MN, REVOKE_SESSIONS, REVOKE_REALM, REVOKE_PEER,
	};
	struct revocation_target target = {
		.scope = scopes[how % 4],
		.mn_id = nai(how & 4 ? "mn1@example.com" : "mn2@example.com"),
		.hnp = prefix6(how & 8 ? HNP1 : HNP2),
		.peer = anchor(how / 16),
	};

	if (target.scope == REVOKE_REALM)
		target.mn_id = nai("@example.com");
	target.has_hnp = target.scope == REVOKE_SESSIONS;
	mag_revoke(&bench->mag, &target, NULL, NULL, bench->world.now,
		   &bench->world.out);
}

/* --- Flows. */

static const struct mh_flow *policy_flows(void *context, const uint8_t *lladdr,
					  unsigned int *count)
{
	(void)context;
	(void)lladdr;
	*count = flow_count;
	return flows;
}

/* What policy or an operator wants of the flows of a mobile node. */
static void want_flow(uint8_t how, struct cursor *script)
{
	struct bule *bule = somebody(script);
	struct mh_flow says = {
		.fid = how % 4 + 1,
		.priority = cursor_u8(script),
		.format = MH_SELECTOR_IPV6,
	};

	says.action = says.priority % 3;
	if (how & 0x40) {
		flow_count = how % 5;
		flows[how % 4] = says;
	} else if (bule && how & 0x20) {
		mag_flow_delete(&bench->mag, bule, says.fid, bench->world.now);
	} else if (bule) {
		mag_flow_set(&bench->mag, bule, &says, how & 0x10,
			     bench->world.now);
	}
}

static void start_again(bool same_boot)
{
	mag_bench_restart(bench, same_boot);
	reconcile(false);
}

static void happen(struct cursor *script)
{
	struct mag *mag = &bench->mag;
	struct world *world = &bench->world;
	uint8_t what = cursor_u8(script), how;

	switch (what % 18) {
	case 0:
		come(script);
		break;
	case 1:
		go(script);
		break;
	case 2:
		receive(script);
		break;
	case 3:
	case 4:
		reply(script);
		break;
	case 5:
		demand(script);
		break;
	case 6:
		speak(script);
		break;
	case 7:
		how = cursor_u8(script);
		world_pass(world, 1ull << how % 22);
		mag_on_timer(mag, world->now, &world->out);
		break;
	case 8:
		how = cursor_u8(script);
		if (world_collect(world))
			world_run_one(world, how % world->pending_count);
		break;
	case 9:
		world_settle(world);
		break;
	case 10:
		world_fail(world, ANY_ADDITION, cursor_u8(script) % 8, 1, EIO);
		break;
	case 11:
		start_again(cursor_u8(script) & 1);
		break;
	case 12:
		how = cursor_u8(script);
		if (how & 0x80)
			want_flow(how, script);
		else
			reconcile(how & 1);
		break;
	case 13:
		expire_path(cursor_u8(script));
		break;
	case 14:
		mag_on_link_down(mag, cursor_u8(script) & 1 ? ACCESS1 : ACCESS2,
				 world->now, &world->out);
		break;
	case 15:
		set_link(cursor_u8(script));
		break;
	case 16:
		how = cursor_u8(script);
		if (how & 0x80)
			revoke(how);
		else
			mag_on_clock(mag, how & 1, world->now, &world->out);
		break;
	case 17:
		world->binding_count = 0;
		break;
	}
	world_collect(world);
	if (world->sent_count > EVENTS_MAX || world->report_count > EVENTS_MAX ||
	    world->ra_count > EVENTS_MAX)
		world_forget_messages(world);
}

static void all_leave(void)
{
	struct world *world = &bench->world;
	struct bule *bule, *next;

	for (bule = bench->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		mag_on_detach(&bench->mag, bule, false, "fuzz", world->now,
			      &world->out);
	}
	world_settle(world);
}

static void require_nothing_left(void)
{
	struct world *world = &bench->world;

	world_fail(world, ANY_ADDITION, 0, 0, 0);
	world_settle(world);
	/* What could not be deleted is found by the next start. */
	start_again(true);
	world_settle(world);
	world_forget_messages(world);
	all_leave();
	mag_bench_until(bench, LONG_MS);
	REQUIRE(!bench->mag.bul.entries);
	REQUIRE(!bench->mag.timers.count);
	REQUIRE(!bench->mag.revocations.all && !bench->mag.revocations.orders);
	REQUIRE(!bench->mag.revocations.timers.count);
	REQUIRE(!world->record_count && !world->binding_count);
	REQUIRE(!world->address_count && !world_collect(world));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor script = cursor_on(data, size);
	unsigned int events;
	void *state;

	mag_bench_setup(&state);
	bench = state;
	bench->mag.config.multihoming_retry_s = 600;
	bench->mag.flows = policy_flows;
	flow_count = 0;
	for (events = 0; events < ARRAY_SIZE(flows); events++)
		flows[events] = (struct mh_flow){
			.fid = (uint16_t)(events + 1),
			.priority = (uint16_t)(events + 1),
			.format = MH_SELECTOR_IPV6,
		};
	for (events = 0; script.left && events < EVENTS_MAX; events++)
		happen(&script);
	require_nothing_left();
	mag_bench_teardown(&state);
	return 0;
}
