// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a mobile node is still there (RFC 5213 6.13).
 */
#include <string.h>

#include "dataplane.h"
#include "mag_internal.h"

/* So often one that does not answer is asked, and so long it is waited for. */
#define PROBES 3u
#define GIVE_UP_MS 10000u

/* How long an answer may take, beyond how often is asked. */
#define ANSWER_MS 5000u

uint64_t mag_silent_ms(const struct mag *mag, const struct bule *bule,
		       struct now now)
{
	uint64_t heard;

	if (!mag->heard)
		return 0;
	heard = mag->heard(mag->heard_context, &bule->at);
	if (!heard)
		return UINT64_MAX;
	return now.mono_ms > heard ? now.mono_ms - heard : 0;
}

bool mag_is_present(const struct mag *mag, const struct bule *bule,
		    struct now now)
{
	if (!bule->at.ifindex)
		return false;
	return !mag->config.presence_s ||
	       mag_silent_ms(mag, bule, now) <=
		       2000ull * mag->config.presence_s + ANSWER_MS;
}

void mag_probe(struct mag *mag, struct bule *bule, struct outbox *out)
{
	struct effect_probe *probe;

	(void)mag;
	if (!bule->at.ifindex)
		return;
	bule->unanswered++;
	probe = &transaction_add(transaction_new(out, NULL),
				 EFFECT_PROBE)->probe;
	probe->ifindex = bule->at.ifindex;
	memcpy(probe->lladdr, bule->at.lladdr, ETH_ALEN);
	probe->address = bule->link_local;
}

unsigned int mag_sweep(struct mag *mag, struct now now, struct outbox *out)
{
	uint64_t most = mag->config.presence_s * 1000ull, silent;
	struct bule *bule, *next;
	unsigned int asked = 0;

	for (bule = mag->bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (bule->state != BULE_ACTIVE || !bule->at.ifindex)
			continue;
		silent = mag_silent_ms(mag, bule, now);
		if (silent < most) {
			bule->unanswered = 0;
		} else if (bule->unanswered < PROBES ||
			   silent < most + GIVE_UP_MS) {
			mag_probe(mag, bule, out);
			asked++;
		} else {
			bule->unanswered = 0;
			mag_on_detach(mag, bule, false, "it does not answer",
				      now, out);
		}
	}
	return asked;
}

/* Of all its prefixes, and so that no order of them matters. */
static void add_up(struct mag *mag, const struct dataplane_binding *bindings,
		   size_t count)
{
	struct bule *bule;
	size_t i;

	for (bule = mag->bul.entries; bule; bule = bul_next(bule))
		bule->traffic_now = 0;
	for (i = 0; i < count; i++) {
		bule = bul_by_id(&mag->bul, bindings[i].cookie);
		if (bule)
			bule->traffic_now += bindings[i].tx_packets;
	}
}

void mag_on_traffic(struct mag *mag, const struct dataplane_binding *bindings,
		    size_t count, uint64_t idle_ms, struct now now,
		    struct outbox *out)
{
	struct bule *bule, *next;

	add_up(mag, bindings, count);
	for (bule = mag->bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (bule->state != BULE_ACTIVE) {
			bule->traffic_ms = 0;
			continue;
		}
		if (!bule->traffic_ms || bule->traffic_now != bule->traffic) {
			bule->traffic = bule->traffic_now;
			bule->traffic_ms = now.mono_ms;
		} else if (now.mono_ms - bule->traffic_ms >= idle_ms) {
			bule->traffic_ms = 0;
			mag_on_detach(mag, bule, false, "it sends nothing", now,
				      out);
		}
	}
}
