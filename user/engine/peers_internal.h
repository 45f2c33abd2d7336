/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the table of peers share.
 */
#ifndef PMIP6_ENGINE_PEERS_INTERNAL_H
#define PMIP6_ENGINE_PEERS_INTERNAL_H

#include "peers.h"

/**
 * peers_set_timer() - let something happen to a peer later
 * @peers: the table
 * @peer: the peer
 * @kind: what
 * @due: when, in struct now.mono_ms
 */
void peers_set_timer(struct peers *peers, struct peer *peer,
		     enum peer_timer_kind kind, uint64_t due);

/**
 * peers_touch() - peers_settle() is to look after a peer
 * @peers: the table
 * @peer: the peer
 */
void peers_touch(struct peers *peers, struct peer *peer);

/**
 * peers_drop() - forget a peer
 * @peers: the table
 * @peer: the peer, with no bindings and no record
 */
void peers_drop(struct peers *peers, struct peer *peer);

/**
 * peers_ask_soon() - ask a peer for the first time, or after it was left alone
 * @peers: the table
 * @peer: the peer
 * @within_ms: some time within this from now
 * @now: the time
 */
void peers_ask_soon(struct peers *peers, struct peer *peer, uint64_t within_ms,
		    struct now now);

#endif /* PMIP6_ENGINE_PEERS_INTERNAL_H */
