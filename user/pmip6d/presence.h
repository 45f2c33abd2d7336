/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether mobile nodes are still there, and still send (RFC 5213 6.13).
 *
 * RFC 5213 6.9.1.4 leaves open how a gateway notices that one has left. That it
 * is there shows by any frame of it, of which the filter of nd_filter.h keeps
 * the time; who is silent is asked: by the kernel's Neighbour Unreachability
 * Detection where its address is known, and as nd_query.h says where not.
 */
#ifndef PMIP6D_PRESENCE_H
#define PMIP6D_PRESENCE_H

#include "mag_role.h"

/**
 * presence_init() - let the engine know when mobile nodes were heard
 * @gateway: the role, its engine and its nd there
 */
void presence_init(struct mag_role *gateway);

/**
 * presence_start() - begin to ask
 * @gateway: the role
 */
void presence_start(struct mag_role *gateway);

/**
 * presence_stop() - ask no more
 * @gateway: the role
 */
void presence_stop(struct mag_role *gateway);

#endif /* PMIP6D_PRESENCE_H */
