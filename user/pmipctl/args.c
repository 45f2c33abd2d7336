// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/pmip6.h>

#include "args.h"
#include "pmipctl.h"

const char *arg_value(int argc, char **argv)
{
	if (argc > 1)
		return argv[1];
	fail("\"%s\" needs a value", argv[0]);
	return NULL;
}

bool arg_addr(const char *word, struct in6_addr *addr)
{
	if (inet_pton(AF_INET6, word, addr) == 1)
		return true;
	fail("\"%s\" is not an IPv6 address", word);
	return false;
}

static bool number(const char *word, uint64_t *value, char **end)
{
	errno = 0;
	*value = strtoull(word, end, 0);
	return *end != word && !errno && *word != '-';
}

bool arg_prefix(const char *word, struct mh_prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN];
	const char *slash = strchr(word, '/');
	size_t len = slash ? (size_t)(slash - word) : strlen(word);
	uint64_t bits = 128;
	char *end = NULL;

	*prefix = (struct mh_prefix){ 0 };
	if (len < sizeof(addr)) {
		memcpy(addr, word, len);
		addr[len] = '\0';
		if (inet_pton(AF_INET6, addr, &prefix->addr) == 1 &&
		    (!slash || (number(slash + 1, &bits, &end) && !*end &&
				bits <= 128))) {
			prefix->len = (uint8_t)bits;
			return true;
		}
	}
	fail("\"%s\" is not an IPv6 prefix, like 2001:db8:1::/64", word);
	return false;
}

bool arg_lladdr(const char *word, uint8_t *lladdr)
{
	struct ether_addr ether;

	if (ether_aton_r(word, &ether)) {
		memcpy(lladdr, &ether, ETH_ALEN);
		return true;
	}
	fail("\"%s\" is not a link-layer address, like 02:00:00:00:00:01",
	     word);
	return false;
}

bool arg_u32(const char *key, const char *word, uint32_t low, uint32_t high,
	     uint32_t *value)
{
	uint64_t read;
	char *end;

	if (number(word, &read, &end) && !*end && read >= low && read <= high) {
		*value = (uint32_t)read;
		return true;
	}
	fail("\"%s\" is not a value of %s, which is %u to %u", word, key, low,
	     high);
	return false;
}

bool arg_flag(const char *key, const char *word, uint32_t flag,
	      uint32_t *flags)
{
	if (!strcmp(word, "on"))
		*flags |= flag;
	else if (!strcmp(word, "off"))
		*flags &= ~flag;
	else
		return !fail("\"%s\" is not a value of %s, which is on or off",
			     word, key);
	return true;
}

static uint64_t unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {
		{ "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 },
		{ "h", 3600000 }, { "d", 86400000 },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(units[i].name, unit))
			return units[i].ms;
	return 0;
}

bool arg_lifetime(const char *word, uint64_t *ms)
{
	uint64_t value, unit;
	char *end;

	if (!strcmp(word, "forever")) {
		*ms = PMIP6_LIFETIME_FOREVER;
		return true;
	}
	if (number(word, &value, &end)) {
		unit = unit_ms(end);
		if (unit && value && value <= UINT32_MAX) {
			*ms = value * unit;
			return true;
		}
	}
	fail("\"%s\" is not a lifetime, like 300s, 5m or forever", word);
	return false;
}

bool arg_ifindex(const char *word, uint32_t *ifindex)
{
	*ifindex = if_nametoindex(word);
	if (*ifindex)
		return true;
	fail("there is no network device \"%s\"", word);
	return false;
}

bool arg_device(int argc, char **argv, uint32_t *ifindex)
{
	if (!argc)
		return true;
	if (strcmp(argv[0], "dev"))
		return !fail("unknown word \"%s\"", argv[0]);
	if (!arg_value(argc, argv) || !arg_ifindex(argv[1], ifindex))
		return false;
	return argc == 2 || !fail("unknown word \"%s\"", argv[2]);
}
