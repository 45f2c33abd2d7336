/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames as a station sends them, made without the code under test.
 */
#ifndef PMIP6_TESTS_FRAME_H
#define PMIP6_TESTS_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* Where the layers begin. */
#define FRAME_IP6 14
#define FRAME_ICMP6 54

/**
 * struct frame - a frame from its Ethernet header on
 * @data: its octets
 * @len: how many
 */
struct frame {
	uint8_t data[512];
	size_t len;
};

/**
 * frame_udp() - a datagram of no meaning
 * @lladdr: of the station
 *
 * Return: the frame.
 */
struct frame frame_udp(const uint8_t *lladdr);

/**
 * frame_icmp6() - a message of Neighbour Discovery
 * @lladdr: of the station
 * @src: its source
 * @dst: its destination
 * @type: ICMPv6 type
 * @body: what follows the checksum, as hexadecimal digits
 *
 * Return: the frame, with hop limit 255, code 0 and the right checksum.
 */
struct frame frame_icmp6(const uint8_t *lladdr, const char *src,
			 const char *dst, uint8_t type, const char *body);

/**
 * frame_report() - a report of groups (RFC 3810 5.2), of one record
 * @lladdr: of the station
 * @src: its source
 * @record: type of its record
 *
 * Return: the frame, behind a Router Alert and with the right checksum.
 */
struct frame frame_report(const uint8_t *lladdr, const char *src,
			  uint8_t record);

/**
 * frame_seal() - make length and checksum right again
 * @frame: a frame that frame_icmp6() made and that was changed since
 */
void frame_seal(struct frame *frame);

/**
 * ones_complement_sum() - the sum that a checksum makes all ones (RFC 1071)
 * @frame: an IPv6 packet with its Ethernet header
 * @len: its length
 *
 * In another way than the code under test does it.
 *
 * Return: 0xffff if the checksum is right.
 */
uint16_t ones_complement_sum(const uint8_t *frame, size_t len);

#endif /* PMIP6_TESTS_FRAME_H */
