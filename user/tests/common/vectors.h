/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages whose octets are known, and their values. Written by hand from the
 * figures of RFC 5213 8.1 and 8.2, of RFC 5847 3.3, of RFC 6602 4, and of RFC 7864
 * 4, checked with another decoder.
 */
#ifndef PMIP6_TESTS_VECTORS_H
#define PMIP6_TESTS_VECTORS_H

#include "../../mh/mh.h"

/* The gateway and the anchor that they go between. */
#define VECTOR_MAG "2001:db8:1::1"
#define VECTOR_LMA "2001:db8:2::1"

/**
 * struct vector - a message in both forms
 * @name: what it is
 * @hex: its octets
 * @from_mag: from the gateway to the anchor, else the other way
 * @message: its values
 */
struct vector {
	const char *name;
	const char *hex;
	bool from_mag;
	struct mh_message message;
};

#define VECTORS 9

/**
 * vectors_fill() - all known messages
 * @vectors: where to put VECTORS of them
 */
void vectors_fill(struct vector *vectors);

/**
 * full_update() - a PBU with every option that there is
 * @message: where to put it
 */
void full_update(struct mh_message *message);

/**
 * full_ack() - a PBA with every option that there is
 * @message: where to put it
 */
void full_ack(struct mh_message *message);

#endif /* PMIP6_TESTS_VECTORS_H */
