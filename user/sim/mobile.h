/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobile nodes: where they really are, whatever agents think.
 */
#ifndef PMIP6_SIM_MOBILE_H
#define PMIP6_SIM_MOBILE_H

#include <net/ethernet.h>
#include <stdbool.h>
#include <stdint.h>

#include "../engine/effects.h"
#include "../mh/mh.h"

struct agent;
struct sim;

#define IFACES 3
#define NOWHERE UINT32_MAX

/**
 * struct iface - one interface of a mobile node
 * @mag: index of the agent whose access link it is on, or NOWHERE
 * @ifindex: the link
 * @life: counts its moves
 * @silent_us: it says nothing and answers nothing until then
 */
struct iface {
	uint32_t mag;
	uint32_t ifindex;
	uint32_t life;
	uint64_t silent_us;
};

/**
 * struct mn - a mobile node
 * @ifaces: its interfaces
 * @iface_count: how many
 * @multihomed: its gateways ask for multihoming
 * @policy: counts what policy has said of it
 */
struct mn {
	struct iface ifaces[IFACES];
	uint8_t iface_count;
	bool multihomed;
	uint8_t policy;
};

/**
 * mobile_create() - mobile nodes that are nowhere yet
 * @sim: the run
 */
void mobile_create(struct sim *sim);

/**
 * mobile_go() - they begin to come and go
 * @sim: the run
 */
void mobile_go(struct sim *sim);

/**
 * mobile_rest() - they stay where they are, and those that are nowhere come
 * @sim: the run
 */
void mobile_rest(struct sim *sim);

/**
 * mobile_leave() - all of them leave, half of them unnoticed
 * @sim: the run
 */
void mobile_leave(struct sim *sim);

/**
 * mobile_lladdr() - the link-layer address of an interface
 * @mn: index of its mobile node
 * @iface: which
 * @lladdr: where to put it, ETH_ALEN octets
 */
void mobile_lladdr(uint32_t mn, uint32_t iface, uint8_t *lladdr);

/**
 * mobile_of_lladdr() - whose link-layer address is that
 * @lladdr: one that was made here
 * @iface: set to which interface
 *
 * Return: index of the mobile node.
 */
uint32_t mobile_of_lladdr(const uint8_t *lladdr, uint32_t *iface);

/**
 * mobile_id() - the identifier of a mobile node
 * @mn: its index
 * @mn_id: where to put it, zero
 */
void mobile_id(uint32_t mn, struct mh_mn_id *mn_id);

/**
 * mobile_of_id() - whose identifier is that
 * @sim: the run
 * @mn_id: the identifier
 *
 * Return: index of the mobile node, or NOWHERE if it is nobody's.
 */
uint32_t mobile_of_id(const struct sim *sim, const struct mh_mn_id *mn_id);

/**
 * mobile_lma() - the anchor of a mobile node
 * @sim: the run
 * @mn: its index
 *
 * Return: the agent.
 */
struct agent *mobile_lma(const struct sim *sim, uint32_t mn);

/**
 * mobile_handoff() - how an interface came where it is
 * @sim: the run
 * @mn: its mobile node
 * @iface: which
 *
 * Return: enum mh_handoff_indicator.
 */
uint8_t mobile_handoff(const struct sim *sim, uint32_t mn, uint32_t iface);

/**
 * mobile_on_probe() - a gateway asks whether a station is there
 * @agent: the gateway
 * @probe: which
 */
void mobile_on_probe(struct agent *agent, const struct effect_probe *probe);

#endif /* PMIP6_SIM_MOBILE_H */
