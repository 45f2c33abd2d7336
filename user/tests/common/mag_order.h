/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gateway with mobile nodes that its anchors, or its operator, revoke.
 */
#ifndef PMIP6_TESTS_MAG_ORDER_H
#define PMIP6_TESTS_MAG_ORDER_H

#include "mag_bench.h"

#define MN1 "mn1@example.com"
#define MN2 "mn2@example.com"
#define MN3 "mn3@example.org"
#define HNP3 "2001:db8:a:2::/64"

/* Another anchor. */
#define OTHER "2001:db8:2::2"

/**
 * order_register() - a mobile node comes to the first access link
 * @bench: the bench, whose profile says of which anchor
 * @last: the last octet of its link-layer address
 * @mn: its identifier
 * @hnp: what it is granted
 *
 * Return: its entry.
 */
struct bule *order_register(struct mag_bench *bench, uint8_t last,
			    const char *mn, const char *hnp);

/**
 * order_register_at() - the same of one of many
 * @bench: the bench
 * @last: the last two octets of its link-layer address
 * @mn: its identifier
 * @hnp: what it is granted
 *
 * Return: its entry.
 */
struct bule *order_register_at(struct mag_bench *bench, uint16_t last,
			       const char *mn, const char *hnp);

#endif /* PMIP6_TESTS_MAG_ORDER_H */
