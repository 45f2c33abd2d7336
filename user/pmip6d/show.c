// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <stdio.h>

#include <json-c/json.h>

#include "../engine/revocation.h"
#include "log.h"
#include "show.h"

void show_text(struct json_object *object, const char *key, const void *text,
	       size_t len)
{
	char quoted[4 * MH_MN_ID_MAX + 8];

	json_object_object_add(object, key, json_object_new_string(
		log_quote(quoted, sizeof(quoted), text, len)));
}

void show_addr(struct json_object *object, const char *key,
	       const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (!IN6_IS_ADDR_UNSPECIFIED(addr))
		json_object_object_add(object, key, json_object_new_string(
			inet_ntop(AF_INET6, addr, text, sizeof(text))));
}

void show_prefix(struct json_object *list, const struct mh_prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 4];

	inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	snprintf(text, sizeof(text), "%s/%u", addr, prefix->len);
	json_object_array_add(list, json_object_new_string(text));
}

void show_lladdr(struct json_object *object, const char *key,
		 const uint8_t *lladdr)
{
	char text[3 * ETH_ALEN];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x",
		 lladdr[0], lladdr[1], lladdr[2], lladdr[3], lladdr[4],
		 lladdr[5]);
	json_object_object_add(object, key, json_object_new_string(text));
}

void show_left(struct json_object *object, uint64_t expires_ms, struct now now)
{
	show_count(object, "lifetime_ms", expires_ms > now.mono_ms ?
					  expires_ms - now.mono_ms : 0);
}

void show_count(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

void show_revocations(struct json_object *object,
		      const struct revocation_counters *counters)
{
	show_count(object, "bri-sent", counters->sent);
	show_count(object, "bri-retransmitted", counters->retransmitted);
	show_count(object, "bri-attached", counters->attached);
	show_count(object, "bri-refused", counters->refused);
	show_count(object, "bri-partial", counters->partial);
	show_count(object, "bri-unanswered", counters->unanswered);
	show_count(object, "bri-not-understood", counters->not_understood);
	show_count(object, "bra-received", counters->acks_received);
	show_count(object, "bra-ignored", counters->acks_ignored);
	show_count(object, "bri-received", counters->received);
	show_count(object, "bri-ignored", counters->ignored);
	show_count(object, "bri-duplicates", counters->duplicates);
	show_count(object, "bra-sent", counters->answered);
	show_count(object, "bra-attached", counters->peers_attached);
	show_count(object, "bra-refused", counters->peers_refused);
}
