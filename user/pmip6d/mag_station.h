/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stations on access links: who they are, and that they come and go.
 */
#ifndef PMIP6D_MAG_STATION_H
#define PMIP6D_MAG_STATION_H

#include "../ports/nd.h"
#include "mag_role.h"

/**
 * mag_station_callbacks() - who is told what is heard on access links
 * @gateway: the role
 * @callbacks: filled in
 */
void mag_station_callbacks(struct mag_role *gateway,
			   struct nd_callbacks *callbacks);

/**
 * struct mag_command - what the operator says of an attachment
 * @handoff: enum mh_handoff_indicator, or 0
 */
struct mag_command {
	uint8_t handoff;
};

/**
 * mag_station_attach() - a mobile node is there
 * @gateway: the role
 * @link: on which access link
 * @lladdr: its link-layer address
 * @profile: what policy says of it
 * @command: what the operator says, or NULL
 */
void mag_station_attach(struct mag_role *gateway,
			const struct access_link *link, const uint8_t *lladdr,
			const struct mag_profile *profile,
			const struct mag_command *command);

/**
 * mag_station_detach() - a mobile node has left
 * @gateway: the role
 * @bule: its entry
 * @hold: see mag_on_detach()
 * @reason: how that is known; a constant string
 */
void mag_station_detach(struct mag_role *gateway, struct bule *bule, bool hold,
			const char *reason);

/**
 * mag_station_refresh() - what does policy say of a mobile node now
 * @gateway: the role
 * @bule: its entry
 *
 * Return: false if it may not have service, or is another mobile node now.
 */
bool mag_station_refresh(struct mag_role *gateway, struct bule *bule);

#endif /* PMIP6D_MAG_STATION_H */
