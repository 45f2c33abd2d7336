/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the anchor hears of: mobile nodes and their gateways, which send what
 * those of user/engine would.
 */
#ifndef PMIP6_BENCH_FIELD_H
#define PMIP6_BENCH_FIELD_H

#include "../engine/rng.h"
#include "subject.h"

enum errand {
	ERRAND_REGISTER,
	ERRAND_REFRESH,
	ERRAND_HANDOVER,
	ERRAND_DEREGISTER,
	ERRAND_JOIN,		/* a registration, and into a bulk group */
};

/**
 * struct mobile - a mobile node
 * @hnp: its prefix, once it has one
 * @gateway: where it is
 */
struct mobile {
	struct mh_prefix hnp;
	uint32_t gateway;
};

/**
 * struct gateway - a gateway
 * @timestamp: the last that it sent
 * @sequence: likewise
 */
struct gateway {
	uint64_t timestamp;
	uint16_t sequence;
};

/**
 * struct field - all of them
 * @mobiles: the mobile nodes
 * @mobile_count: how many
 * @order: these, in the order that they come in
 * @gateways: the gateways
 * @gateway_count: how many
 * @rng: what is drawn at random
 * @now_us: the time
 */
struct field {
	struct mobile *mobiles;
	uint32_t mobile_count;
	uint32_t *order;
	struct gateway *gateways;
	uint32_t gateway_count;
	struct rng rng;
	uint64_t now_us;
};

/**
 * field_init() - mobile nodes at gateways, none of them registered
 * @field: the field
 * @mobiles: how many mobile nodes
 * @gateways: how many gateways
 * @seed: of what is drawn at random
 *
 * All memory that it will ever need is allocated and touched.
 */
void field_init(struct field *field, uint32_t mobiles, uint32_t gateways,
		uint64_t seed);

/**
 * field_free() - its end
 * @field: the field
 */
void field_free(struct field *field);

/**
 * field_shuffle() - another order
 * @field: the field
 */
void field_shuffle(struct field *field);

/**
 * field_now() - the time there
 * @field: the field
 *
 * Return: that, for an engine.
 */
struct now field_now(const struct field *field);

/**
 * field_write() - a gateway writes a PBU; a little time passes
 * @field: the field
 * @mn: which mobile node it is about
 * @errand: what is asked for
 * @letter: where to put it
 */
void field_write(struct field *field, uint32_t mn, enum errand errand,
		 struct letter *letter);

/**
 * field_read() - a gateway reads the answer
 * @field: the field
 * @mn: which mobile node it is about
 * @errand: what was asked for
 * @letter: both
 *
 * Return: true if it is the one that has to come: accepted, and with the prefix
 * that the mobile node has.
 */
bool field_read(struct field *field, uint32_t mn, enum errand errand,
		const struct letter *letter);

/**
 * field_write_bulk() - the first gateway writes a PBU for its group
 * @field: the field
 * @letter: where to put it
 */
void field_write_bulk(struct field *field, struct letter *letter);

/**
 * field_read_bulk() - it reads the answer
 * @letter: both
 *
 * Return: true if it is the one that has to come: accepted, for as long as was
 * asked.
 */
bool field_read_bulk(const struct letter *letter);

#endif /* PMIP6_BENCH_FIELD_H */
