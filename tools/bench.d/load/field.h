/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobile nodes at gateways: what these ask an anchor for, and whether it grants it.
 */
#ifndef LOAD_FIELD_H
#define LOAD_FIELD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../../user/mh/mh.h"

/* Of a message: no PBU or PBA here is longer. */
#define MESSAGE_MAX 256

/**
 * struct mobile - a mobile node
 * @hnp: its prefix, once it has one
 * @sent_ns: when it was asked for first, of what is under way
 * @sequence: of the last that was asked for it
 * @waiting: no answer has come
 */
struct mobile {
	struct mh_prefix hnp;
	uint64_t sent_ns;
	uint16_t sequence;
	bool waiting;
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
 * struct field - all of them; mobile node N is at gateway N modulo their number
 * @anchor: whom they ask
 * @first: address of gateway 0; the number is added to its last octets
 * @mobiles: the mobile nodes
 * @count: how many
 * @gateways: the gateways
 * @gateway_count: how many
 */
struct field {
	struct in6_addr anchor;
	struct in6_addr first;
	struct mobile *mobiles;
	uint32_t count;
	struct gateway *gateways;
	uint32_t gateway_count;
};

/**
 * struct letter - a message, and who sends it
 * @src: a gateway
 * @len: octets of @data
 * @data: the message
 */
struct letter {
	struct in6_addr src;
	size_t len;
	uint8_t data[MESSAGE_MAX];
};

/**
 * field_write() - a gateway writes a PBU
 * @field: the field
 * @mn: about this mobile node; it waits from now on
 * @letter: where to put it
 *
 * Who has no prefix yet is registered, others are refreshed.
 */
void field_write(struct field *field, uint32_t mn, struct letter *letter);

/**
 * field_read() - a gateway reads a message
 * @field: the field
 * @data: the message
 * @len: its octets
 * @mn: about whom it is
 * @status: its status, 255 if it is not what was asked for
 *
 * Return: false for what answers nothing that is under way.
 */
bool field_read(struct field *field, const uint8_t *data, size_t len,
		uint32_t *mn, uint8_t *status);

#endif /* LOAD_FIELD_H */
