// SPDX-License-Identifier: GPL-2.0
/*
 * Policy that changes while a mobile node is there.
 */
#include "mag_group_internal.h"

void mag_tell_policy(struct mag *mag, struct bule *bule, struct now now,
		     struct outbox *out)
{
	if (bule->busy || bule->state != BULE_ACTIVE || !bule->forwards ||
	    bule->local_routing == bule->profile.local_routing)
		return;
	mag_install(mag, bule, bule->profile.local_routing ?
		    "local-routing-on" : "local-routing-off", REPORT_INFO,
		    false, now, out);
}

/*
 * Only an update of its own takes a member out of its group (RFC 6602 5.1.2): soon,
 * and not when all others ask. Who is to be in one joins with its next update.
 */
static void leave_group(struct mag *mag, struct bule *bule, struct now now)
{
	if (bule->state == BULE_ACTIVE && bule->member.group &&
	    !group_is_wanted(mag, bule))
		mag_schedule(mag, bule, now);
}

void mag_on_profile(struct mag *mag, struct bule *bule,
		    const struct mag_profile *profile, struct now now,
		    struct outbox *out)
{
	struct mag_profile *ours = &bule->profile;
	bool changed = ours->address_configuration !=
			       profile->address_configuration ||
		       ours->valid_lifetime_s != profile->valid_lifetime_s ||
		       ours->preferred_lifetime_s !=
			       profile->preferred_lifetime_s;

	ours->address_configuration = profile->address_configuration;
	ours->valid_lifetime_s = profile->valid_lifetime_s;
	ours->preferred_lifetime_s = profile->preferred_lifetime_s;
	ours->lifetime_s = profile->lifetime_s;
	ours->local_routing = profile->local_routing;
	ours->alone = profile->alone;
	ours->keep_flows = profile->keep_flows;
	multihoming_set_priority(mag, bule, profile->path_priority, now);
	multihoming_on_profile(mag, bule, now);
	leave_group(mag, bule, now);
	mag_tell_policy(mag, bule, now, out);
	if (changed && bule->state == BULE_ACTIVE && bule->forwards &&
	    bule->told.sent_ms)
		mag_tell(mag, bule, now, out);
}
