// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

void null_found(const char *pointer, const char *file, int line)
{
	_assert_true(0, pointer, file, line);
	abort();
}

struct in6_addr ip6(const char *text)
{
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, text, &addr), 1);
	return addr;
}

struct mh_prefix prefix6(const char *text)
{
	const char *slash = strchr(text, '/');
	struct mh_prefix prefix = { 0 };
	char addr[INET6_ADDRSTRLEN];
	unsigned long len;
	char *end;

	assert_non_null(slash);
	assert_true((size_t)(slash - text) < sizeof(addr));
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	prefix.addr = ip6(addr);
	len = strtoul(slash + 1, &end, 10);
	assert_true(end != slash + 1 && !*end && len <= 128);
	prefix.len = (uint8_t)len;
	return prefix;
}

struct mh_mn_id nai(const char *text)
{
	struct mh_mn_id mn_id = { .subtype = MH_MN_ID_NAI };

	assert_true(strlen(text) <= sizeof(mn_id.data));
	mn_id.len = (uint8_t)strlen(text);
	memcpy(mn_id.data, text, mn_id.len);
	return mn_id;
}

struct mh_ll_id ll_id6(uint8_t last)
{
	return (struct mh_ll_id){
		.len = 6,
		.data = { 0x02, 0, 0, 0, 0, last },
	};
}

static unsigned int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c);

	assert_true(c && at);
	return (unsigned int)(at - digits);
}

size_t from_hex(const char *hex, uint8_t *to, size_t size)
{
	size_t len = 0;

	for (; *hex; hex++) {
		if (*hex == ' ' || *hex == '\n')
			continue;
		assert_true(len < size);
		to[len++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
		hex++;
	}
	return len;
}

uint8_t *exact_copy(const uint8_t *from, size_t len)
{
	uint8_t *copy = malloc(len);

	if (len) {
		assert_non_null(copy);
		memcpy(copy, from, len);
	}
	return copy;
}

void assert_prefix_equal(const struct mh_prefix *prefix, const char *text)
{
	char addr[INET6_ADDRSTRLEN], all[INET6_ADDRSTRLEN + 8];

	inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	snprintf(all, sizeof(all), "%s/%u", addr, prefix->len);
	assert_string_equal(all, text);
}

void assert_ip6_equal(const struct in6_addr *addr, const char *text)
{
	char got[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, addr, got, sizeof(got));
	assert_string_equal(got, text);
}

void assert_options_equal(const struct mh_options *options,
			  const struct mh_options *others)
{
	assert_memory_equal(options, others, offsetof(struct mh_options, flow));
	assert_memory_equal(options->flow, others->flow,
			    others->flow_count * sizeof(others->flow[0]));
}
