// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/dhcp6_message.c
 */
#include <stdlib.h>
#include <string.h>

#include "../ports/dhcp6_message.h"
#include "common/frame.h"
#include "common/test.h"

#define LINK_LOCAL "fe80::11:22ff:fe33:4455"
#define GROUP "ff02::1:2"
#define MESSAGE_AT 62

/* A Solicit: client identifier, and an IA_NA without an address. */
#define SOLICIT "01abcdef" "0001000a00030001021122334455" \
	"0003000c000000010000000000000000"

/* The Reply that a Relay-reply carries. */
#define REPLY "07abcdef" "00020004" "00030001"
#define REPLY_HEADER "0d00" "20010db8000a00010000000000000001" \
	"fe80000000000000001122fffe334455"
#define INTERFACE_ID "00120005" "6574683072"
#define RELAY_MESSAGE "0009000c" REPLY

static const uint8_t mn[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t router[6] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };

/* By hand: dhcp6_build_frame() is for frames the other way. */
static struct frame frame_of(const char *src, const char *dst, uint16_t port,
			     const char *message)
{
	static const uint8_t start[] = {
		0x33, 0x33, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, 0x60,
	};
	struct in6_addr from = ip6(src), to = ip6(dst);
	struct frame frame = { .len = MESSAGE_AT };
	uint8_t *data = frame.data;
	uint16_t sum;

	frame.len += from_hex(message, data + frame.len,
			      sizeof(frame.data) - frame.len);
	memcpy(data, start, sizeof(start));
	memcpy(data + 6, mn, 6);
	data[19] = (uint8_t)(frame.len - 54);
	data[20] = 17;
	data[21] = 1;
	memcpy(data + 22, &from, 16);
	memcpy(data + 38, &to, 16);
	data[54] = 546 >> 8;
	data[55] = 546 & 0xff;
	data[56] = (uint8_t)(port >> 8);
	data[57] = (uint8_t)port;
	data[59] = data[19];
	sum = (uint16_t)~ones_complement_sum(data, frame.len);
	data[60] = (uint8_t)(sum >> 8);
	data[61] = (uint8_t)sum;
	return frame;
}

static enum dhcp6_error parse(const struct frame *frame, bool checked,
			      struct dhcp6_client *client)
{
	uint8_t *data = exact_copy(frame->data, frame->len);
	enum dhcp6_error error = dhcp6_parse_frame(data, frame->len, checked,
						   client);

	/* All that it points to is there. */
	if (!error) {
		assert_true(client->message >= data);
		assert_true(client->message + client->len <= data + frame->len);
		assert_true(client->len >= 4);
	}
	free(data);
	return error;
}

static void test_client(void **state)
{
	struct frame frame = frame_of(LINK_LOCAL, GROUP, 547, SOLICIT);
	struct dhcp6_client client;

	(void)state;
	assert_int_equal(dhcp6_parse_frame(frame.data, frame.len, false,
					   &client), DHCP6_OK);
	assert_memory_equal(client.lladdr, mn, sizeof(mn));
	assert_ip6_equal(&client.src, LINK_LOCAL);
	assert_int_equal(client.type, DHCP6_SOLICIT);
	assert_ptr_equal(client.message, frame.data + MESSAGE_AT);
	assert_int_equal(client.len, 34);

	/* What a driver pads a frame with is no part of it. */
	frame.len += 6;
	assert_int_equal(dhcp6_parse_frame(frame.data, frame.len, false,
					   &client), DHCP6_OK);
	assert_int_equal(client.len, 34);
}

/* Of what has not left this machine the checksum is not whole yet. */
static void test_checksum(void **state)
{
	struct frame frame = frame_of(LINK_LOCAL, GROUP, 547, SOLICIT);
	struct dhcp6_client client;

	(void)state;
	frame.data[60] ^= 1;
	assert_int_equal(parse(&frame, false, &client), DHCP6_ERROR_CHECKSUM);
	assert_int_equal(parse(&frame, true, &client), DHCP6_OK);
	frame.data[60] = frame.data[61] = 0;
	assert_int_equal(parse(&frame, false, &client), DHCP6_ERROR_CHECKSUM);
}

static const struct sample {
	const char *src;
	const char *dst;
	uint16_t port;
	const char *message;
	enum dhcp6_error expected;
} samples[] = {
	{ "2001:db8::5", GROUP, 547, SOLICIT, DHCP6_OK },
	{ LINK_LOCAL, "2001:db8::1", 547, SOLICIT, DHCP6_ERROR_NOT_DHCP },
	{ LINK_LOCAL, "ff05::1:3", 547, SOLICIT, DHCP6_ERROR_NOT_DHCP },
	{ LINK_LOCAL, GROUP, 546, SOLICIT, DHCP6_ERROR_NOT_DHCP },
	{ "::", GROUP, 547, SOLICIT, DHCP6_ERROR_SOURCE },
	{ "::1", GROUP, 547, SOLICIT, DHCP6_ERROR_SOURCE },
	{ "ff02::1", GROUP, 547, SOLICIT, DHCP6_ERROR_SOURCE },
	{ LINK_LOCAL, GROUP, 547, "01abcd", DHCP6_ERROR_LENGTH },
	{ LINK_LOCAL, GROUP, 547, "01abcdef", DHCP6_OK },
	{ LINK_LOCAL, GROUP, 547, "01abcdef" "000e", DHCP6_ERROR_OPTION },
	{ LINK_LOCAL, GROUP, 547, "01abcdef" "000e0001", DHCP6_ERROR_OPTION },
	{ LINK_LOCAL, GROUP, 547, "01abcdef" "000e0000", DHCP6_OK },
	/* What servers send, a client does not. */
	{ LINK_LOCAL, GROUP, 547, "02abcdef", DHCP6_ERROR_TYPE },
	{ LINK_LOCAL, GROUP, 547, REPLY, DHCP6_ERROR_TYPE },
	{ LINK_LOCAL, GROUP, 547, "0aabcdef", DHCP6_ERROR_TYPE },
	{ LINK_LOCAL, GROUP, 547, REPLY_HEADER, DHCP6_ERROR_TYPE },
	{ LINK_LOCAL, GROUP, 547, "0c00" "00000000", DHCP6_ERROR_NESTED },
	/* RFC 7283: of one that is not known nothing is. */
	{ LINK_LOCAL, GROUP, 547, "63abcdef" "000e0001", DHCP6_OK },
};

static void test_samples(void **state)
{
	struct dhcp6_client client;
	struct frame frame;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		frame = frame_of(samples[i].src, samples[i].dst,
				 samples[i].port, samples[i].message);
		assert_int_equal(parse(&frame, false, &client),
				 samples[i].expected);
	}
}

static void test_every_truncation(void **state)
{
	struct frame frame = frame_of(LINK_LOCAL, GROUP, 547, SOLICIT);
	struct dhcp6_client client;
	size_t whole = frame.len;

	(void)state;
	for (frame.len = 0; frame.len < whole; frame.len++) {
		assert_int_equal(parse(&frame, true, &client),
				 frame.len < 58 ? DHCP6_ERROR_NOT_DHCP :
				 DHCP6_ERROR_TRUNCATED);
	}
}

/* Whatever stands in an octet, nothing is read that is not there. */
static void test_every_octet_of_client(void **state)
{
	struct frame frame = frame_of(LINK_LOCAL, GROUP, 547, SOLICIT);
	unsigned int taken = 0, found[DHCP6_ERROR_MAX] = { 0 };
	struct dhcp6_client client;
	unsigned int value;
	size_t at;
	uint8_t was;

	(void)state;
	for (at = 0; at < frame.len; at++) {
		was = frame.data[at];
		for (value = 0; value < 256; value++) {
			frame.data[at] = (uint8_t)value;
			found[parse(&frame, true, &client)]++;
			if (value != was && at >= 14 && at != 21)
				taken += !parse(&frame, false, &client);
		}
		frame.data[at] = was;
	}
	assert_int_not_equal(found[DHCP6_OK], 0);
	assert_int_not_equal(found[DHCP6_ERROR_NOT_DHCP], 0);
	assert_int_not_equal(found[DHCP6_ERROR_TRUNCATED], 0);
	assert_int_not_equal(found[DHCP6_ERROR_LENGTH], 0);
	assert_int_not_equal(found[DHCP6_ERROR_OPTION], 0);
	assert_int_not_equal(found[DHCP6_ERROR_SOURCE], 0);
	assert_int_not_equal(found[DHCP6_ERROR_TYPE], 0);
	assert_int_not_equal(found[DHCP6_ERROR_NESTED], 0);
	/* Traffic class, flow label, payload length are in no checksum. */
	assert_in_range(taken, 1, 15 + 3 * 255 + 256 * 2);
}

static void test_forward(void **state)
{
	static const char expected[] =
		"0c00" "20010db8000a00010000000000000001"
		"fe80000000000000001122fffe334455"
		"00120005" "6574683072"
		"004f0008" "0001021122334455"
		"00260003" "6d6e31"
		"00090022" SOLICIT;
	struct frame frame = frame_of(LINK_LOCAL, GROUP, 547, SOLICIT);
	const struct dhcp6_link link = {
		.link = ip6("2001:db8:a:1::1"),
		.interface_id = "eth0r",
		.interface_id_len = 5,
		.subscriber_id = "mn1",
		.subscriber_id_len = 3,
	};
	uint8_t data[256], want[256];
	size_t len = from_hex(expected, want, sizeof(want)), size;
	struct dhcp6_client client;
	uint8_t *exact;

	(void)state;
	assert_int_equal(dhcp6_parse_frame(frame.data, frame.len, false,
					   &client), DHCP6_OK);
	/* RULE: B-MAG-41 */
	assert_int_equal(dhcp6_build_forward(&client, &link, data,
					     sizeof(data)), len);
	assert_memory_equal(data, want, len);
	assert_true(len <= client.len + DHCP6_RELAY_EXTRA);
	for (size = 0; size < len; size++) {
		exact = malloc(size + !size);
		assert_non_null(exact);
		assert_int_equal(dhcp6_build_forward(&client, &link, exact,
						     size), 0);
		free(exact);
	}
}

static enum dhcp6_error parse_reply(const uint8_t *from, size_t len,
				    struct dhcp6_reply *reply)
{
	uint8_t *data = exact_copy(from, len);
	enum dhcp6_error error = dhcp6_parse_reply(data, len, reply);

	if (!error) {
		assert_true(reply->message >= data);
		assert_true(reply->message + reply->len <= data + len);
		assert_true(reply->interface_id >= data);
		assert_true(reply->interface_id + reply->interface_id_len <=
			    data + len);
	}
	free(data);
	return error;
}

static void test_reply(void **state)
{
	uint8_t data[256];
	size_t len = from_hex(REPLY_HEADER "00ff0001aa" INTERFACE_ID RELAY_MESSAGE,
			      data, sizeof(data));
	struct dhcp6_reply reply;

	(void)state;
	assert_int_equal(dhcp6_parse_reply(data, len, &reply), DHCP6_OK);
	assert_ip6_equal(&reply.link, "2001:db8:a:1::1");
	assert_ip6_equal(&reply.peer, LINK_LOCAL);
	assert_int_equal(reply.interface_id_len, 5);
	assert_memory_equal(reply.interface_id, "eth0r", 5);
	assert_int_equal(reply.type, DHCP6_REPLY);
	assert_int_equal(reply.len, 12);
	assert_ptr_equal(reply.message, data + len - 12);
}

static void test_bad_replies(void **state)
{
	static const struct {
		const char *hex;
		enum dhcp6_error expected;
	} bad[] = {
		{ "", DHCP6_ERROR_LENGTH },
		{ "0d00", DHCP6_ERROR_LENGTH },
		{ SOLICIT, DHCP6_ERROR_TYPE },
		{ REPLY_HEADER, DHCP6_ERROR_INCOMPLETE },
		{ REPLY_HEADER INTERFACE_ID, DHCP6_ERROR_INCOMPLETE },
		{ REPLY_HEADER RELAY_MESSAGE, DHCP6_ERROR_INCOMPLETE },
		{ REPLY_HEADER INTERFACE_ID "00090003" "07abcd",
		  DHCP6_ERROR_LENGTH },
		{ REPLY_HEADER INTERFACE_ID "00090004" "01abcdef",
		  DHCP6_ERROR_TYPE },
		{ REPLY_HEADER INTERFACE_ID "00090004" "0d00cdef",
		  DHCP6_ERROR_NESTED },
		{ REPLY_HEADER INTERFACE_ID "00090004" "0c00cdef",
		  DHCP6_ERROR_NESTED },
		{ REPLY_HEADER INTERFACE_ID INTERFACE_ID RELAY_MESSAGE,
		  DHCP6_ERROR_OPTION },
		{ REPLY_HEADER INTERFACE_ID RELAY_MESSAGE RELAY_MESSAGE,
		  DHCP6_ERROR_OPTION },
		{ REPLY_HEADER INTERFACE_ID RELAY_MESSAGE "00",
		  DHCP6_ERROR_OPTION },
		{ "0d00" "20010db8000a00010000000000000001"
		  "ff020000000000000000000000000001" INTERFACE_ID RELAY_MESSAGE,
		  DHCP6_ERROR_PEER },
	};
	struct dhcp6_reply reply;
	uint8_t data[256];
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		len = from_hex(bad[i].hex, data, sizeof(data));
		assert_int_equal(parse_reply(data, len, &reply),
				 bad[i].expected);
	}
}

static void test_every_octet_of_reply(void **state)
{
	uint8_t data[256];
	size_t len = from_hex(REPLY_HEADER INTERFACE_ID RELAY_MESSAGE, data,
			      sizeof(data)), at;
	unsigned int found[DHCP6_ERROR_MAX] = { 0 }, value;
	struct dhcp6_reply reply;
	uint8_t was;

	(void)state;
	assert_int_equal(parse_reply(data, len, &reply), DHCP6_OK);
	for (at = 0; at < len; at++)
		assert_int_not_equal(parse_reply(data, at, &reply), DHCP6_OK);
	for (at = 0; at < len; at++) {
		was = data[at];
		for (value = 0; value < 256; value++) {
			data[at] = (uint8_t)value;
			found[parse_reply(data, len, &reply)]++;
		}
		data[at] = was;
	}
	assert_int_not_equal(found[DHCP6_OK], 0);
	assert_int_not_equal(found[DHCP6_ERROR_TYPE], 0);
	assert_int_not_equal(found[DHCP6_ERROR_OPTION], 0);
	assert_int_not_equal(found[DHCP6_ERROR_INCOMPLETE], 0);
	assert_int_not_equal(found[DHCP6_ERROR_NESTED], 0);
	assert_int_not_equal(found[DHCP6_ERROR_PEER], 0);
}

static void test_frame(void **state)
{
	static const char expected[] =
		"021122334455" "00005e005213" "86dd"
		"60000000" "0014" "11" "40"
		"fe8000000000000002005efffe005213"
		"fe80000000000000001122fffe334455"
		"0223" "0222" "0014";
	struct dhcp6_path path = {
		.src = ip6("fe80::200:5eff:fe00:5213"),
		.dst = ip6(LINK_LOCAL),
	};
	uint8_t message[64], frame[128], want[128];
	size_t len = from_hex(REPLY, message, sizeof(message)), size;

	(void)state;
	memcpy(path.src_lladdr, router, sizeof(router));
	memcpy(path.dst_lladdr, mn, sizeof(mn));
	assert_int_equal(dhcp6_build_frame(&path, message, len, frame,
					   sizeof(frame)), MESSAGE_AT + len);
	size = from_hex(expected, want, sizeof(want));
	assert_memory_equal(frame, want, size);
	assert_memory_equal(frame + MESSAGE_AT, message, len);
	assert_int_equal(ones_complement_sum(frame, MESSAGE_AT + len), 0xffff);
	for (size = 0; size < MESSAGE_AT + len; size++)
		assert_int_equal(dhcp6_build_frame(&path, message, len, frame,
						   size), 0);
}

static void test_names(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < DHCP6_ERROR_MAX; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(dhcp6_error_name(i),
						dhcp6_error_name(j));
	assert_string_equal(dhcp6_error_name(DHCP6_ERROR_MAX), "unknown");
	assert_string_equal(dhcp6_type_name(DHCP6_SOLICIT), "solicit");
	assert_string_equal(dhcp6_type_name(DHCP6_REPLY), "reply");
	assert_string_equal(dhcp6_type_name(0), "unknown");
	assert_string_equal(dhcp6_type_name(99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_octet_of_client),
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_bad_replies),
		cmocka_unit_test(test_every_octet_of_reply),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
