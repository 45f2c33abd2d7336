/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between agents: octets that arrive, once or twice, soon or late, or not.
 */
#ifndef PMIP6_SIM_NETWORK_H
#define PMIP6_SIM_NETWORK_H

#include "../engine/effects.h"

struct agent;
struct sim;

/**
 * network_send() - a message of an agent
 * @from: the agent
 * @send: the message
 */
void network_send(struct agent *from, const struct effect_send *send);

/**
 * network_part() - two agents do not reach each other for a while
 * @sim: the run
 * @one: the one
 * @other: the other
 * @until_us: until then
 */
void network_part(struct sim *sim, uint32_t one, uint32_t other,
		  uint64_t until_us);

#endif /* PMIP6_SIM_NETWORK_H */
