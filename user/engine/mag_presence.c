// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a mobile node is still there (RFC 5213 6.13).
 */
#include <string.h>

#include "mag_internal.h"

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
