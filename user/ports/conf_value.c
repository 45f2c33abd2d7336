// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "conf_file.h"

/* No sign, no octal by a leading zero, nothing after the digits. */
static bool parse_u32(const char *text, uint32_t *number)
{
	int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	unsigned long long read;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	read = strtoull(text, &end, base);
	if (*end || errno || read > UINT32_MAX)
		return false;
	*number = (uint32_t)read;
	return true;
}

void conf_u32(struct conf *conf, cfg_t *section, const char *key, uint32_t low,
	      uint32_t high, uint32_t *number)
{
	const struct conf_value *value = conf_value(section, key);
	uint32_t read;

	if (!value)
		return;
	if (parse_u32(value->text, &read) && read >= low && read <= high) {
		*number = read;
		return;
	}
	conf_error(conf, value->line,
		   "\"%s\" is not a value of %s, which is %u to %u",
		   value->text, key, low, high);
}

void conf_bool(struct conf *conf, cfg_t *section, const char *key, bool *flag)
{
	const struct conf_value *value = conf_value(section, key);
	int read;

	if (!value)
		return;
	read = cfg_parse_boolean(value->text);
	if (read == CFG_FAIL)
		conf_error(conf, value->line,
			   "\"%s\" is not a value of %s, which is true or false",
			   value->text, key);
	else
		*flag = read;
}

void conf_ifname(struct conf *conf, const struct conf_value *value,
		 char *ifname)
{
	const char *at;

	if (!value)
		return;
	if (!value->text[0] || !strcmp(value->text, ".") ||
	    !strcmp(value->text, ".."))
		goto bad;
	/* What the kernel does not take, and a stray semicolon. */
	for (at = value->text; *at; at++)
		if (*at == '/' || *at == ':' || *at == ';' ||
		    isspace((unsigned char)*at) || iscntrl((unsigned char)*at))
			goto bad;
	if (at - value->text >= IFNAMSIZ) {
		conf_error(conf, value->line,
			   "\"%s\" is too long for the name of a network device, which has at most %d characters",
			   value->text, IFNAMSIZ - 1);
		return;
	}
	strcpy(ifname, value->text);
	return;
bad:
	conf_error(conf, value->line,
		   "\"%s\" is not a name of a network device", value->text);
}

static bool is_unicast(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
	       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_V4MAPPED(addr);
}

bool conf_unicast_text(struct conf *conf, unsigned int line, const char *text,
		       struct in6_addr *addr)
{
	if (inet_pton(AF_INET6, text, addr) != 1) {
		conf_error(conf, line, "\"%s\" is not an IPv6 address", text);
		return false;
	}
	if (!is_unicast(addr)) {
		conf_error(conf, line,
			   "\"%s\" is not a global unicast address", text);
		return false;
	}
	return true;
}

bool conf_unicast(struct conf *conf, const struct conf_value *value,
		  struct in6_addr *addr)
{
	return value && conf_unicast_text(conf, value->line, value->text, addr);
}

static bool parse_prefix(const char *text, struct mh_prefix *prefix)
{
	const char *slash = strchr(text, '/');
	char addr[INET6_ADDRSTRLEN];
	size_t len = slash ? (size_t)(slash - text) : sizeof(addr);
	uint32_t bits;

	if (len >= sizeof(addr))
		return false;
	memcpy(addr, text, len);
	addr[len] = '\0';
	*prefix = (struct mh_prefix){ 0 };
	if (inet_pton(AF_INET6, addr, &prefix->addr) != 1 ||
	    !parse_u32(slash + 1, &bits) || bits > 128)
		return false;
	prefix->len = (uint8_t)bits;
	return true;
}

static bool bit(const struct in6_addr *addr, unsigned int at)
{
	return addr->s6_addr[at / 8] & (0x80 >> at % 8);
}

bool conf_prefix(struct conf *conf, unsigned int line, const char *text,
		 struct mh_prefix *prefix)
{
	unsigned int at;

	if (!parse_prefix(text, prefix)) {
		conf_error(conf, line,
			   "\"%s\" is not an IPv6 prefix, like 2001:db8:1::/64",
			   text);
		return false;
	}
	for (at = prefix->len; at < 128; at++) {
		if (bit(&prefix->addr, at)) {
			conf_error(conf, line,
				   "\"%s\" has bits set after its length",
				   text);
			return false;
		}
	}
	if (!is_unicast(&prefix->addr)) {
		conf_error(conf, line,
			   "\"%s\" is not a prefix of global unicast addresses",
			   text);
		return false;
	}
	return true;
}

bool conf_prefixes_overlap(const struct mh_prefix *a,
			   const struct mh_prefix *b)
{
	unsigned int len = a->len < b->len ? a->len : b->len, at;

	for (at = 0; at < len; at++)
		if (bit(&a->addr, at) != bit(&b->addr, at))
			return false;
	return true;
}

static int hex_digit(char digit)
{
	if (!isxdigit((unsigned char)digit))
		return -1;
	return isdigit((unsigned char)digit) ? digit - '0' :
	       tolower((unsigned char)digit) - 'a' + 10;
}

/* 02:00:00:00:00:01, or with dashes, as RFC 6543 writes them. */
static bool parse_lladdr(const char *text, uint8_t *lladdr)
{
	int high, low;
	size_t i;

	if (strlen(text) != 3 * ETH_ALEN - 1)
		return false;
	for (i = 0; i < ETH_ALEN; i++, text += 3) {
		high = hex_digit(text[0]);
		low = hex_digit(text[1]);
		if (high < 0 || low < 0)
			return false;
		if (i < ETH_ALEN - 1 && text[2] != ':' && text[2] != '-')
			return false;
		lladdr[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool conf_lladdr_text(struct conf *conf, unsigned int line, const char *text,
		      uint8_t *lladdr)
{
	static const uint8_t zero[ETH_ALEN];

	if (!parse_lladdr(text, lladdr)) {
		conf_error(conf, line,
			   "\"%s\" is not a link-layer address, like 02:00:00:00:00:01",
			   text);
		return false;
	}
	if (lladdr[0] & 1 || !memcmp(lladdr, zero, ETH_ALEN)) {
		conf_error(conf, line,
			   "\"%s\" is not the link-layer address of one station",
			   text);
		return false;
	}
	return true;
}

bool conf_lladdr(struct conf *conf, const struct conf_value *value,
		 uint8_t *lladdr)
{
	return conf_lladdr_text(conf, value->line, value->text, lladdr);
}
