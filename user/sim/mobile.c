// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "policy.h"
#include "world.h"

/* Whom an event is about: an interface of a mobile node. */
#define WHO(mn, iface) ((mn) | (iface) << 30)
#define WHO_MN(who) ((who) & 0x3fffffff)
#define WHO_IFACE(who) ((who) >> 30)

/* Where an interface was, or is to go. */
struct place {
	uint32_t mag;
	uint32_t ifindex;
};

/* --- Names. */

void mobile_lladdr(uint32_t mn, uint32_t iface, uint8_t *lladdr)
{
	lladdr[0] = 0x02;
	lladdr[1] = (uint8_t)iface;
	lladdr[2] = (uint8_t)(mn >> 24);
	lladdr[3] = (uint8_t)(mn >> 16);
	lladdr[4] = (uint8_t)(mn >> 8);
	lladdr[5] = (uint8_t)mn;
}

uint32_t mobile_of_lladdr(const uint8_t *lladdr, uint32_t *iface)
{
	*iface = lladdr[1];
	return (uint32_t)lladdr[2] << 24 | (uint32_t)lladdr[3] << 16 |
	       (uint32_t)lladdr[4] << 8 | lladdr[5];
}

void mobile_id(uint32_t mn, struct mh_mn_id *mn_id)
{
	char text[32];

	mn_id->subtype = 1;
	mn_id->len = (uint8_t)snprintf(text, sizeof(text), "mn%u@sim", mn);
	memcpy(mn_id->data, text, mn_id->len);
}

uint32_t mobile_of_id(const struct sim *sim, const struct mh_mn_id *mn_id)
{
	struct mh_mn_id same = { 0 };
	uint32_t mn = 0;
	unsigned int i;

	for (i = 2; i < mn_id->len && mn_id->data[i] != '@'; i++)
		mn = 10 * mn + mn_id->data[i] - '0';
	if (mn >= sim->options.mns)
		return NOWHERE;
	mobile_id(mn, &same);
	return mh_mn_id_equal(&same, mn_id) ? mn : NOWHERE;
}

struct agent *mobile_lma(const struct sim *sim, uint32_t mn)
{
	return &sim->agents[mn % sim->options.lmas];
}

/* --- What they say. */

static struct iface *iface_of(struct sim *sim, uint32_t who)
{
	return &sim->mns[WHO_MN(who)].ifaces[WHO_IFACE(who)];
}

static void say(struct sim *sim, uint32_t who, enum frame frame)
{
	const struct iface *iface = iface_of(sim, who);
	uint8_t lladdr[ETH_ALEN];

	if (iface->mag == NOWHERE || iface->silent_us > sim->now_us)
		return;
	mobile_lladdr(WHO_MN(who), WHO_IFACE(who), lladdr);
	gateway_on_frame(&sim->agents[iface->mag], iface->ifindex, lladdr,
			 frame);
}

static bool is_still_there(struct sim *sim, const struct event *event)
{
	return iface_of(sim, event->who)->life == event->life;
}

static void on_arrived(struct sim *sim, const struct event *event)
{
	if (is_still_there(sim, event))
		say(sim, event->who, FRAME_DAD);
}

static void on_solicit(struct sim *sim, const struct event *event)
{
	if (is_still_there(sim, event))
		say(sim, event->who, FRAME_SOLICIT);
}

static void on_answer(struct sim *sim, const struct event *event)
{
	if (is_still_there(sim, event))
		say(sim, event->who, FRAME_NEIGHBOUR);
}

static void on_query(struct sim *sim, const struct event *event)
{
	if (is_still_there(sim, event))
		say(sim, event->who, FRAME_ANY);
}

static void on_talk(struct sim *sim, const struct event *event)
{
	if (!is_still_there(sim, event))
		return;
	say(sim, event->who, sim_chance(sim, STREAM_MOBILE, 30) ?
	    FRAME_NEIGHBOUR : FRAME_ANY);
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 20, 100) * US_PER_S,
		  on_talk, event->who, event->life, NULL);
}

void mobile_on_probe(struct agent *agent, const struct effect_probe *probe)
{
	struct effect_hear hear = {
		.ifindex = probe->ifindex,
		.every_frame = true,
	};
	struct sim *sim = agent->sim;
	const struct iface *iface;
	uint32_t which, mn;
	bool known = !IN6_IS_ADDR_UNSPECIFIED(&probe->address);

	memcpy(hear.lladdr, probe->lladdr, ETH_ALEN);
	/* What it answers then is no Neighbour Discovery. */
	if (!known)
		gateway_hear(agent, &hear);
	mn = mobile_of_lladdr(probe->lladdr, &which);
	iface = &sim->mns[mn].ifaces[which];
	if (iface->mag != agent->index || iface->ifindex != probe->ifindex ||
	    fault_happens(sim, FAULT_LOSS))
		return;
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 1, 20) * US_PER_MS,
		  known ? on_answer : on_query, WHO(mn, which), iface->life,
		  NULL);
}

uint8_t mobile_handoff(const struct sim *sim, uint32_t mn, uint32_t iface)
{
	return sim->mns[mn].ifaces[iface].life == 1 ? MH_HI_NEW_INTERFACE :
						      MH_HI_SAME_INTERFACE;
}

/* --- Where they go. */

static void put(struct sim *sim, uint32_t who, uint32_t mag, uint32_t ifindex)
{
	struct iface *iface = iface_of(sim, who);

	iface->mag = mag;
	iface->ifindex = ifindex;
	iface->life++;
	iface->silent_us = 0;
	TRACE(sim, "mn", "mn%u.%u is at %s access%u", WHO_MN(who),
	      WHO_IFACE(who), sim->agents[mag].name, ifindex);
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 0, 20) * US_PER_MS,
		  on_arrived, who, iface->life, NULL);
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 20, 1000) * US_PER_MS,
		  on_solicit, who, iface->life, NULL);
	sim_after(sim, 5 * US_PER_S, on_solicit, who, iface->life, NULL);
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 10, 60) * US_PER_S,
		  on_talk, who, iface->life, NULL);
}

static void leave(struct sim *sim, uint32_t who, bool noticed)
{
	struct iface *iface = iface_of(sim, who);
	uint8_t lladdr[ETH_ALEN];
	uint32_t mag = iface->mag;

	if (mag == NOWHERE)
		return;
	iface->mag = NOWHERE;
	iface->life++;
	TRACE(sim, "mn", "mn%u.%u leaves %s%s", WHO_MN(who), WHO_IFACE(who),
	      sim->agents[mag].name, noticed ? "" : ", unnoticed");
	mobile_lladdr(WHO_MN(who), WHO_IFACE(who), lladdr);
	if (noticed)
		gateway_on_left(&sim->agents[mag], iface->ifindex, lladdr);
}

static struct place some_place(struct sim *sim, uint32_t not_at)
{
	struct place place = {
		.mag = (uint32_t)sim_draw(sim, STREAM_MOBILE,
					  sim->options.lmas,
					  sim->agent_count - 1),
		.ifindex = (uint32_t)sim_draw(sim, STREAM_MOBILE, 1,
					      ACCESS_LINKS),
	};

	if (place.mag == not_at && ++place.mag == sim->agent_count)
		place.mag = sim->options.lmas;
	return place;
}

static void on_go(struct sim *sim, const struct event *event)
{
	struct place *place = event->data;

	if (sim->moving && is_still_there(sim, event)) {
		leave(sim, event->who, false);
		put(sim, event->who, place->mag, place->ifindex);
	}
	free(place);
}

static void go_later(struct sim *sim, uint32_t who, struct place place,
		     uint64_t ms)
{
	sim_after(sim, ms * US_PER_MS, on_go, who, iface_of(sim, who)->life,
		  must_copy(&place, sizeof(place)));
}

/* That it has left is seen when it is elsewhere already. */
static void on_seen(struct sim *sim, const struct event *event)
{
	const struct iface *iface = iface_of(sim, event->who);
	struct place *place = event->data;
	uint8_t lladdr[ETH_ALEN];

	mobile_lladdr(WHO_MN(event->who), WHO_IFACE(event->who), lladdr);
	if (iface->mag != place->mag || iface->ifindex != place->ifindex)
		gateway_on_left(&sim->agents[place->mag], place->ifindex,
				lladdr);
	free(place);
}

static void move(struct sim *sim, uint32_t who)
{
	struct iface *iface = iface_of(sim, who);
	struct place from = { iface->mag, iface->ifindex };
	struct place to = some_place(sim, from.mag);

	switch (sim_draw(sim, STREAM_MOBILE, 0, 3)) {
	case 0:				/* make before break */
		put(sim, who, to.mag, to.ifindex);
		sim_after(sim, sim_draw(sim, STREAM_MOBILE, 1, 3000) *
			  US_PER_MS, on_seen, who, 0,
			  must_copy(&from, sizeof(from)));
		break;
	case 1:				/* break before make */
		leave(sim, who, true);
		go_later(sim, who, to,
			 sim_draw(sim, STREAM_MOBILE, 10, 5000));
		break;
	case 2:				/* nobody notices */
		leave(sim, who, false);
		put(sim, who, to.mag, to.ifindex);
		break;
	default:			/* and it comes back at once */
		leave(sim, who, false);
		put(sim, who, to.mag, to.ifindex);
		go_later(sim, who, from,
			 sim_draw(sim, STREAM_MOBILE, 10, 4000));
		break;
	}
}

static void act_there(struct sim *sim, uint32_t who)
{
	struct iface *iface = iface_of(sim, who);
	uint64_t dice = sim_draw(sim, STREAM_MOBILE, 0, 99);
	uint8_t lladdr[ETH_ALEN];

	mobile_lladdr(WHO_MN(who), WHO_IFACE(who), lladdr);
	if (dice < 50)
		move(sim, who);
	else if (dice < 60)
		put(sim, who, iface->mag, iface->ifindex % ACCESS_LINKS + 1);
	else if (dice < 75)
		leave(sim, who, dice < 68);
	else if (dice < 82)
		iface->silent_us = sim->now_us +
			sim_draw(sim, STREAM_MOBILE, 10, 300) * US_PER_S;
	else if (dice < 86)
		gateway_hold(&sim->agents[iface->mag], lladdr);
	else if (dice < 92)
		anchor_renumber(mobile_lma(sim, WHO_MN(who)), WHO_MN(who));
	else
		say(sim, who, FRAME_SOLICIT);
}

static void change_policy(struct sim *sim, uint32_t mn)
{
	uint8_t lladdr[ETH_ALEN];
	uint32_t i, agent;

	sim->mns[mn].policy++;
	TRACE(sim, "mn", "policy changes for mn=mn%u@sim", mn);
	for (i = 0; i < sim->mns[mn].iface_count; i++) {
		mobile_lladdr(mn, i, lladdr);
		for (agent = sim->options.lmas; agent < sim->agent_count;
		     agent++)
			gateway_on_policy(&sim->agents[agent], lladdr);
	}
}

/* A gateway is one care-of address: it has one interface of those that share. */
static bool is_beside_another(const struct sim *sim, uint32_t who, uint32_t mag)
{
	const struct mn *mn = &sim->mns[WHO_MN(who)];
	uint32_t i;

	if (mag == NOWHERE || !mn->multihomed)
		return false;
	for (i = 0; i < mn->iface_count; i++)
		if (i != WHO_IFACE(who) && mn->ifaces[i].mag == mag)
			return true;
	return false;
}

static struct place free_place(struct sim *sim, uint32_t who)
{
	struct place place = some_place(sim, NOWHERE);

	/* There are more gateways than interfaces. */
	while (is_beside_another(sim, who, place.mag))
		if (++place.mag == sim->agent_count)
			place.mag = sim->options.lmas;
	return place;
}

static void attach(struct sim *sim, uint32_t who)
{
	struct place place = free_place(sim, who);

	put(sim, who, place.mag, place.ifindex);
}

/* Of those that share prefixes, interfaces come and go, more than they move. */
static void act_multihomed(struct sim *sim, uint32_t mn)
{
	uint32_t who = WHO(mn, (uint32_t)sim_draw(sim, STREAM_MULTIHOMED, 0,
					sim->mns[mn].iface_count - 1u));
	const struct iface *iface = iface_of(sim, who);
	uint64_t dice = sim_draw(sim, STREAM_MULTIHOMED, 0, 99);
	uint8_t lladdr[ETH_ALEN];

	mobile_lladdr(mn, WHO_IFACE(who), lladdr);
	if (dice < 5) {
		change_policy(sim, mn);
	} else if (iface->mag == NOWHERE) {
		attach(sim, who);
	} else if (dice < 35) {
		gateway_change_flow(&sim->agents[iface->mag], lladdr);
	} else if (dice < 60) {
		leave(sim, who, dice < 50);
	} else {
		act_there(sim, who);
		if (is_beside_another(sim, who, iface->mag) && dice < 95)
			attach(sim, who);
	}
}

static void act(struct sim *sim, uint32_t mn)
{
	struct place place;
	uint32_t who = mn;

	if (sim->mns[mn].iface_count > 1 &&
	    sim_chance(sim, STREAM_MOBILE, 40))
		who = WHO(mn, 1u);
	if (iface_of(sim, who)->mag != NOWHERE) {
		act_there(sim, who);
		return;
	}
	place = some_place(sim, NOWHERE);
	put(sim, who, place.mag, place.ifindex);
}

static void on_act(struct sim *sim, const struct event *event)
{
	uint32_t mn = event->who, interfaces = 1;

	if (!sim->moving)
		return;
	if (sim->mns[mn].multihomed) {
		act_multihomed(sim, mn);
		interfaces = sim->mns[mn].iface_count;
	} else {
		act(sim, mn);
	}
	sim_after(sim, sim_draw(sim, STREAM_MOBILE, 100, 2000ull *
				sim->setup.pace_s / interfaces) * US_PER_MS,
		  on_act, mn, 0, NULL);
}

/* --- All of them. */

/* One prefix of its own is not enough for two sessions. */
static void choose_interfaces(struct sim *sim, uint32_t index)
{
	struct mn *mn = &sim->mns[index];
	struct mh_prefix own;
	bool has_own = policy_own_prefix(index, &own);

	mn->iface_count = 1;
	if (!has_own && sim_chance(sim, STREAM_SETUP, sim->setup.second))
		mn->iface_count = 2;
	if (!sim_chance(sim, STREAM_MULTIHOMED, sim->setup.multihomed) ||
	    (has_own && !policy_anchor_shares(sim, mobile_lma(sim, index)->index)))
		return;
	mn->multihomed = true;
	mn->iface_count = (uint8_t)sim_draw(sim, STREAM_MULTIHOMED, 2, IFACES);
}

void mobile_create(struct sim *sim)
{
	uint32_t mn, i;

	sim->mns = must_alloc(sim->options.mns * sizeof(*sim->mns));
	for (mn = 0; mn < sim->options.mns; mn++) {
		for (i = 0; i < IFACES; i++)
			sim->mns[mn].ifaces[i].mag = NOWHERE;
		choose_interfaces(sim, mn);
	}
}

void mobile_go(struct sim *sim)
{
	uint32_t mn;

	sim->moving = true;
	for (mn = 0; mn < sim->options.mns; mn++)
		sim_after(sim, sim_draw(sim, STREAM_MOBILE, 0,
					1000ull * sim->setup.pace_s) * US_PER_MS,
			  on_act, mn, 0, NULL);
}

static void part(struct sim *sim, uint32_t who)
{
	const struct iface *iface = iface_of(sim, who);

	if (!is_beside_another(sim, who, iface->mag))
		return;
	leave(sim, who, true);
	attach(sim, who);
}

void mobile_rest(struct sim *sim)
{
	uint32_t mn, i;

	sim->moving = false;
	for (mn = 0; mn < sim->options.mns; mn++) {
		for (i = 0; i < IFACES; i++)
			sim->mns[mn].ifaces[i].silent_us = 0;
		if (sim->mns[mn].ifaces[0].mag == NOWHERE)
			attach(sim, mn);
		for (i = 1; i < IFACES; i++)
			part(sim, WHO(mn, i));
	}
}

void mobile_leave(struct sim *sim)
{
	uint32_t mn, i;

	for (mn = 0; mn < sim->options.mns; mn++)
		for (i = 0; i < IFACES; i++)
			leave(sim, WHO(mn, i),
			      sim_chance(sim, STREAM_MOBILE, 50));
}
