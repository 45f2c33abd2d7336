/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the control socket shows, as JSON.
 */
#ifndef PMIP6D_SHOW_H
#define PMIP6D_SHOW_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "../engine/types.h"
#include "../mh/mh.h"

struct json_object;
struct revocation_counters;

/**
 * show_text() - text from outside, quoted as log lines quote it
 * @object: where to
 * @key: its name
 * @text: the text
 * @len: its length
 */
void show_text(struct json_object *object, const char *key, const void *text,
	       size_t len);

/**
 * show_addr() - an address
 * @object: where to
 * @key: its name
 * @addr: the address; nothing is shown of ::
 */
void show_addr(struct json_object *object, const char *key,
	       const struct in6_addr *addr);

/**
 * show_prefix() - one more prefix
 * @list: where to
 * @prefix: the prefix
 */
void show_prefix(struct json_object *list, const struct mh_prefix *prefix);

/**
 * show_lladdr() - a link-layer address
 * @object: where to
 * @key: its name
 * @lladdr: the address, ETH_ALEN octets
 */
void show_lladdr(struct json_object *object, const char *key,
		 const uint8_t *lladdr);

/**
 * show_left() - what remains of a lifetime, as "lifetime_ms"
 * @object: where to
 * @expires_ms: its end, in struct now.mono_ms
 * @now: the time
 */
void show_left(struct json_object *object, uint64_t expires_ms, struct now now);

/**
 * show_count() - a number
 * @object: where to
 * @key: its name
 * @value: the number
 */
void show_count(struct json_object *object, const char *key, uint64_t value);

/**
 * show_revocations() - what passed of Binding Revocation
 * @object: where to
 * @counters: that
 */
void show_revocations(struct json_object *object,
		      const struct revocation_counters *counters);

#endif /* PMIP6D_SHOW_H */
