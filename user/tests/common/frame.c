// SPDX-License-Identifier: GPL-2.0
#include "frame.h"

#include <string.h>

#include "test.h"

#define UDP 17
#define ICMP6 58

static struct frame begin(const uint8_t *lladdr, const char *src,
			  const char *dst, uint8_t protocol, uint8_t hop_limit)
{
	static const uint8_t header[] = {
		0x33, 0x33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, 0x60,
	};
	struct in6_addr from = ip6(src), to = ip6(dst);
	struct frame frame = { .len = FRAME_ICMP6 };

	memcpy(frame.data, header, sizeof(header));
	memcpy(frame.data + 6, lladdr, 6);
	frame.data[20] = protocol;
	frame.data[21] = hop_limit;
	memcpy(frame.data + 22, &from, 16);
	memcpy(frame.data + 38, &to, 16);
	return frame;
}

static void set_length(struct frame *frame)
{
	frame->data[18] = (uint8_t)((frame->len - FRAME_ICMP6) >> 8);
	frame->data[19] = (uint8_t)(frame->len - FRAME_ICMP6);
}

uint16_t ones_complement_sum(const uint8_t *frame, size_t len)
{
	uint32_t sum = (uint32_t)(len - FRAME_ICMP6) + frame[20];
	size_t i;

	for (i = 22; i < len; i++) {
		sum += i % 2 ? frame[i] : (uint32_t)frame[i] << 8;
		if (sum > 0xffff)
			sum -= 0xffff;
	}
	return (uint16_t)sum;
}

void frame_seal(struct frame *frame)
{
	uint16_t checksum;

	set_length(frame);
	frame->data[56] = 0;
	frame->data[57] = 0;
	checksum = (uint16_t)~ones_complement_sum(frame->data, frame->len);
	frame->data[56] = (uint8_t)(checksum >> 8);
	frame->data[57] = (uint8_t)checksum;
}

struct frame frame_udp(const uint8_t *lladdr)
{
	struct frame frame = begin(lladdr, "2001:db8::2", "2001:db8::1", UDP,
				   64);

	frame.len += 8 + 100;
	frame.data[FRAME_ICMP6 + 5] = 108;
	set_length(&frame);
	return frame;
}

struct frame frame_icmp6(const uint8_t *lladdr, const char *src,
			 const char *dst, uint8_t type, const char *body)
{
	struct frame frame = begin(lladdr, src, dst, ICMP6, 255);

	frame.data[FRAME_ICMP6] = type;
	frame.len += 4;
	frame.len += from_hex(body, frame.data + frame.len,
			      sizeof(frame.data) - frame.len);
	frame_seal(&frame);
	return frame;
}

struct frame frame_report(const uint8_t *lladdr, const char *src,
			  uint8_t record)
{
	static const uint8_t alert[] = { ICMP6, 0, 5, 2, 0, 0, 1, 0 };
	struct frame frame = frame_icmp6(lladdr, src, "ff02::16", 143,
					 "00000001" "00000000"
					 "ff0200000000000000000001ff000001");

	frame.data[FRAME_ICMP6 + 8] = record;
	frame_seal(&frame);
	memmove(frame.data + FRAME_ICMP6 + sizeof(alert),
		frame.data + FRAME_ICMP6, frame.len - FRAME_ICMP6);
	memcpy(frame.data + FRAME_ICMP6, alert, sizeof(alert));
	frame.data[20] = 0;
	frame.data[21] = 1;
	frame.len += sizeof(alert);
	set_length(&frame);
	return frame;
}
