/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mobility options found without the code under test.
 */
#ifndef PMIP6_TESTS_TLV_H
#define PMIP6_TESTS_TLV_H

#include <stddef.h>
#include <stdint.h>

#define TLV_MAX 512

/**
 * struct tlv - an option as it stands in a message
 * @type: its type
 * @at: the offset of its type, from the first octet of the message
 * @len: all its octets
 */
struct tlv {
	uint8_t type;
	size_t at;
	size_t len;
};

/**
 * tlv_walk() - find all options of a PBU or PBA
 * @data: the message
 * @len: its length
 * @found: where to put them, TLV_MAX of them
 *
 * Return: how many; the test fails if one does not end where it should.
 */
unsigned int tlv_walk(const uint8_t *data, size_t len, struct tlv *found);

#endif /* PMIP6_TESTS_TLV_H */
