// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "../../engine/alloc.h"
#include "net.h"
#include "test.h"

struct letter {
	struct in6_addr src;
	struct in6_addr dst;
	struct mh_message message;
};

static struct in6_addr gateway_address(unsigned int i)
{
	struct in6_addr address = ip6("2001:db8:1::");

	address.s6_addr[15] = (uint8_t)(i + 1);
	return address;
}

bool net_chance(struct net *net, unsigned int percent)
{
	return rng_between(&net->rng, 0, 99) < percent;
}

static void set_ways(const struct net *net, struct mag_config *config)
{
	config->timestamp_based = !(net->ways & 1);
	if (net->ways & 2)
		config->link_local = in6addr_any;
}

/* Some are silent, and come back. */
static uint64_t heard(void *context, const struct mag_attachment *at)
{
	struct net *net = context;

	(void)at;
	return net->faults && net_chance(net, 10) ? 1 : net->now.mono_ms;
}

static void listen_at(struct net *net, struct mag *mag)
{
	mag->config.presence_s = 30;
	mag->heard = heard;
	mag->heard_context = net;
}

/* Messages take their time here. */
static void ask_gateways(struct net *net)
{
	struct lma_config *config = &net->anchor->lma.config;

	config->revocation = true;
	config->max_delay_before_new_bce_assign_ms = 8000;
}

void net_begin(struct net *net, uint64_t seed)
{
	unsigned int i;
	void *bench;

	memset(net, 0, sizeof(*net));
	net->rng.state = seed;
	net->faults = true;
	net->ways = seed % 4;
	lma_bench_setup(&bench);
	net->anchor = bench;
	net->anchor->more = LARGE_POOL;
	lma_bench_restart(net->anchor, true);
	ask_gateways(net);
	for (i = 0; i < GATEWAYS; i++) {
		mag_bench_setup(&bench);
		net->gateways[i] = bench;
		net->gateways[i]->mag.config.address = gateway_address(i);
		set_ways(net, &net->gateways[i]->mag.config);
		listen_at(net, &net->gateways[i]->mag);
	}
	net->now = net->anchor->world.now;
}

void net_end(struct net *net)
{
	unsigned int i;
	void *bench = net->anchor;

	lma_bench_teardown(&bench);
	for (i = 0; i < GATEWAYS; i++) {
		bench = net->gateways[i];
		mag_bench_teardown(&bench);
	}
	free(net->mail);
}

struct world *net_world(struct net *net, unsigned int i)
{
	return i < GATEWAYS ? &net->gateways[i]->world : &net->anchor->world;
}

void net_pass(struct net *net, uint64_t ms)
{
	unsigned int i;

	net->now.mono_ms += ms;
	net->now.wall += wall_from_ms(ms);
	for (i = 0; i <= GATEWAYS; i++)
		net_world(net, i)->now = net->now;
}

static void post(struct net *net, const struct effect_send *sent)
{
	struct letter *letter;

	if (net->faults && net_chance(net, 20))
		return;
	net->mail = must_realloc(net->mail, (net->mail_count + 1) *
				 sizeof(*net->mail));
	letter = &net->mail[net->mail_count++];
	letter->src = sent->src;
	letter->dst = sent->dst;
	letter->message = *sent->message;
}

void net_collect_mail(struct net *net)
{
	struct world *world;
	unsigned int i;
	size_t j;

	for (i = 0; i <= GATEWAYS; i++) {
		world = net_world(net, i);
		for (j = 0; j < world->sent_count; j++) {
			post(net, &world->sent[j]);
			if (net->faults && net_chance(net, 10))
				post(net, &world->sent[j]);
		}
		world_forget_messages(world);
	}
}

static void deliver(struct net *net, const struct letter *letter)
{
	struct lma_request request = {
		.src = letter->src,
		.dst = letter->dst,
		.bu = letter->message.bu,
		.policy = {
			.mag_authorized = true,
			.mn_known = true,
			.service_enabled = true,
		},
	};
	struct mag_bench *gateway;

	gateway = net->gateways[(letter->dst.s6_addr[15] - 1) % GATEWAYS];
	switch (letter->message.type) {
	case MH_BINDING_UPDATE:
		lma_on_pbu(&net->anchor->lma, &request, net->now,
			   &net->anchor->world.out);
		break;
	case MH_UPDATE_ACK:
		lma_on_upa(&net->anchor->lma, &letter->src,
			   &letter->message.upa, &net->anchor->world.out);
		break;
	case MH_UPDATE_NOTIFICATION:
		mag_on_upn(&gateway->mag, &letter->src, &letter->dst,
			   &letter->message.upn, net->now,
			   &gateway->world.out);
		break;
	case MH_BINDING_REVOCATION:
		if (letter->message.revocation.kind == MH_BR_ACK)
			revocations_on_ack(&net->anchor->lma.revocations,
					   &letter->src,
					   &letter->message.revocation,
					   net->now, &net->anchor->world.out);
		else
			mag_on_bri(&gateway->mag, &letter->src, &letter->dst,
				   &letter->message.revocation, net->now,
				   &gateway->world.out);
		break;
	default:
		mag_on_pba(&gateway->mag, &letter->src, &letter->message.ba,
			   net->now, &gateway->world.out);
		break;
	}
}

void net_deliver_one(struct net *net)
{
	struct letter letter;
	size_t i;

	if (!net->mail_count)
		return;
	i = net->faults ? rng_between(&net->rng, 0, net->mail_count - 1) : 0;
	letter = net->mail[i];
	net->mail_count--;
	memmove(&net->mail[i], &net->mail[i + 1],
		(net->mail_count - i) * sizeof(*net->mail));
	deliver(net, &letter);
}

void net_run_all(struct net *net)
{
	unsigned int i;

	for (i = 0; i <= GATEWAYS; i++)
		world_settle(net_world(net, i));
	net_collect_mail(net);
}

/* For once everything is in time. */
void net_calm_down(struct net *net)
{
	net_run_all(net);
	while (net->mail_count) {
		net_deliver_one(net);
		net_run_all(net);
	}
}

void net_restart(struct net *net, unsigned int i)
{
	const struct lma_counters *counters = &net->anchor->lma.counters;

	if (i < GATEWAYS) {
		mag_bench_restart(net->gateways[i], true);
		listen_at(net, &net->gateways[i]->mag);
	} else {
		net->done.created += counters->created;
		net->done.refreshed += counters->refreshed;
		net->done.handovers += counters->handovers;
		net->done.deregistered += counters->deregistered;
		net->done.failed += counters->failed;
		net->done.renumbered += counters->renumbered;
		net->done.revoked += counters->revoked;
		net->done.delays_attached += counters->delays_attached;
		lma_bench_restart(net->anchor, true);
		ask_gateways(net);
	}
}
