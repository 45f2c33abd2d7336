/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor whose mobile nodes share their prefixes among interfaces.
 */
#ifndef PMIP6_TESTS_LMA_PATHS_H
#define PMIP6_TESTS_LMA_PATHS_H

#include "lma_bench.h"

#define MAG3 "2001:db8:4::1"

/**
 * paths_begin() - an anchor that knows the Multihoming option
 * @state: where it is
 *
 * Return: the anchor on its bench.
 */
struct lma_bench *paths_begin(void **state);

/**
 * paths_pbu() - a PBU with the option
 * @bench: the anchor
 * @mag: address of the gateway
 * @ll_id: the interface: its identifier, and whichever technology
 * @hnp: a prefix that it names, or NULL
 * @handoff: its handoff indicator
 *
 * Return: the PBU.
 */
struct lma_request paths_pbu(struct lma_bench *bench, const char *mag,
			     uint8_t ll_id, const char *hnp,
			     enum mh_handoff_indicator handoff);

/**
 * paths_attach() - an interface is attached, and accepted with HNP1
 * @bench: the anchor, of which a second passes
 * @mag: address of the gateway
 * @ll_id: the interface
 *
 * Return: its entry.
 */
struct bce *paths_attach(struct lma_bench *bench, const char *mag,
			 uint8_t ll_id);

/**
 * paths_detach() - a PBU that removes an interface
 * @bench: the anchor
 * @mag: address of the gateway
 * @ll_id: the interface
 * @act: what becomes of its flows
 *
 * Return: the PBU.
 */
struct lma_request paths_detach(struct lma_bench *bench, const char *mag,
				uint8_t ll_id, enum mh_multihoming_act act);

/**
 * paths_of() - the entry of an interface
 * @bench: the anchor
 * @ll_id: the interface
 *
 * Return: the entry or NULL.
 */
struct bce *paths_of(struct lma_bench *bench, uint8_t ll_id);

/**
 * assert_paths() - by which gateways HNP1 is reached
 * @bench: the anchor
 * @count: by how many
 * @...: addresses of those, in any order
 */
void assert_paths(struct lma_bench *bench, unsigned int count, ...);

#endif /* PMIP6_TESTS_LMA_PATHS_H */
