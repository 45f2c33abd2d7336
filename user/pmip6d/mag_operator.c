// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator says of mobile nodes at a gateway.
 */
#include <netinet/ether.h>
#include <string.h>

#include "../ports/clock.h"
#include "access.h"
#include "mag_station.h"
#include "operator_text.h"

static void id_of(const char *mn, struct mh_mn_id *id)
{
	size_t len = strlen(mn);

	memset(id, 0, sizeof(*id));
	id->subtype = MH_MN_ID_NAI;
	id->len = (uint8_t)(len <= MH_MN_ID_MAX ? len : 0);
	memcpy(id->data, mn, id->len);
}

bool mag_role_is_named(const struct bule *bule, const char *mn)
{
	struct ether_addr lladdr;
	struct mh_mn_id id;

	if (ether_aton_r(mn, &lladdr))
		return !memcmp(&lladdr, bule->at.lladdr, ETH_ALEN);
	id_of(mn, &id);
	return mh_mn_id_equal(&id, &bule->profile.mn_id);
}

/* Returns 0 if that is none that an attachment may have (RFC 5213 8.4). */
static uint8_t handoff_of(const char *text)
{
	static const char *const names[] = {
		[MH_HI_NEW_INTERFACE] = "new-interface",
		[MH_HI_BETWEEN_INTERFACES] = "between-interfaces",
		[MH_HI_SAME_INTERFACE] = "same-interface",
		[MH_HI_UNKNOWN] = "unknown",
	};
	int i;

	for (i = MH_HI_NEW_INTERFACE; i <= MH_HI_UNKNOWN; i++)
		if (!strcmp(text, names[i]) ||
		    (text[0] == '0' + i && !text[1]))
			return i;
	return 0;
}

const char *mag_role_attach(struct mag_role *gateway, const char *mn,
			    const char *access, const char *handoff)
{
	const struct access_link *link = access_by_name(gateway, access);
	const struct policy *policy = gateway->role.agent->policy;
	const uint8_t (*lladdrs)[ETH_ALEN];
	struct ether_addr given;
	struct mag_profile profile;
	const uint8_t *lladdr;
	struct mag_command command = { 0 };
	struct mh_mn_id id;

	if (handoff)
		command.handoff = handoff_of(handoff);
	if (handoff && !command.handoff)
		return "a handoff is new-interface, between-interfaces, same-interface or unknown";
	if (!link)
		return access ? "that is no access link of this gateway" :
				"say on which access link: dev IFACE";
	if (!link->open)
		return "that access link is down";
	id_of(mn, &id);
	if (ether_aton_r(mn, &given))
		lladdr = given.ether_addr_octet;
	else if (policy_lladdrs(policy, &id, &lladdrs) == 1)
		lladdr = lladdrs[0];
	else if (policy_lladdrs(policy, &id, &lladdrs))
		return "it has several interfaces: give the link-layer address of one";
	else
		return "no profile has that identifier";
	switch (policy_for_lladdr(policy, lladdr, gateway->config, &profile)) {
	case POLICY_UNKNOWN:
		return "no profile has that link-layer address";
	case POLICY_NO_SERVICE:
		return "its profile says that it may not have service";
	case POLICY_SERVICE:
		break;
	}
	mag_station_attach(gateway, link, lladdr, &profile, &command);
	return NULL;
}

const char *mag_role_detach(struct mag_role *gateway, const char *mn)
{
	struct bule *bule, *next;
	bool found = false;

	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (!mag_role_is_named(bule, mn))
			continue;
		found = true;
		mag_station_detach(gateway, bule, true, "commanded");
	}
	return found ? NULL : "it is not attached here";
}

const char *mag_role_renew_group(struct mag_role *gateway, const char *id)
{
	struct mag *mag = &gateway->mag;
	struct mag_group *group = NULL;
	const char *why = NULL;
	struct outbox out;
	uint32_t number;

	outbox_init(&out);
	if (strcmp(id, "all")) {
		if (operator_group(id, &number))
			group = mag_group_by_id(&mag->groups, number);
		why = group ? mag_group_renew(mag, group, clock_now(), &out) :
			      "there is no such group";
	} else {
		/* Those that cannot be are, or are on their way out. */
		mag_groups_renew(mag, clock_now(), &out);
	}
	role_run(&gateway->role, &out);
	return why;
}
