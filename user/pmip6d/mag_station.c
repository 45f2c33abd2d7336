// SPDX-License-Identifier: GPL-2.0
#include <netinet/in.h>
#include <string.h>

#include "../ports/clock.h"
#include "../ports/routes_rtnl.h"
#include "access.h"
#include "log.h"
#include "mag_station.h"

/* How long a station that is nobody's is not looked up again. */
#define STRANGER_MS 10000u

static void set_attachment(struct mag_attachment *at,
			   const struct access_link *link,
			   const uint8_t *lladdr)
{
	memset(at, 0, sizeof(*at));
	at->ifindex = link->ifindex;
	strcpy(at->ifname, link->config->ifname);
	memcpy(at->lladdr, lladdr, ETH_ALEN);
	at->att = link->config->att;
}

void mag_station_attach(struct mag_role *gateway,
			const struct access_link *link, const uint8_t *lladdr,
			const struct mag_profile *profile,
			const struct mag_command *command)
{
	struct mag_attachment at;
	struct outbox out;

	set_attachment(&at, link, lladdr);
	if (command)
		at.handoff = command->handoff;
	outbox_init(&out);
	mag_on_attach(&gateway->mag, &at, profile, command, clock_now(),
		      &out);
	role_run(&gateway->role, &out);
}

/* RFC 5213 6.14: who may not have mobility service may have plain IPv6. */
static bool visit(struct mag_role *gateway, const struct access_link *link,
		  const uint8_t *lladdr)
{
	struct mag_attachment at;
	struct outbox out;
	bool visits;

	set_attachment(&at, link, lladdr);
	outbox_init(&out);
	visits = mag_on_stranger(&gateway->mag, &at, clock_now(), &out);
	role_run(&gateway->role, &out);
	return visits;
}

static void log_stranger(const struct access_link *link, const uint8_t *lladdr,
			 enum policy_answer answer, bool visits)
{
	log_event(REPORT_INFO, answer == POLICY_UNKNOWN ? "station-unknown" :
							  "service-refused",
		  " access=%s lladdr=%02x:%02x:%02x:%02x:%02x:%02x visitor=%s reason=\"%s\"",
		  link->config->ifname, lladdr[0], lladdr[1], lladdr[2],
		  lladdr[3], lladdr[4], lladdr[5], visits ? "yes" : "no",
		  answer == POLICY_UNKNOWN ? "no profile has this address" :
					     "its profile says so");
}

static void on_frame(void *arg, uint32_t ifindex, const uint8_t *lladdr)
{
	struct mag_role *gateway = arg;
	const struct access_link *link = access_by_index(gateway, ifindex);
	enum policy_answer answer;
	struct mag_profile profile;

	if (!link)
		return;
	answer = policy_for_lladdr(gateway->role.agent->policy, lladdr,
				   gateway->config, &profile);
	if (answer == POLICY_SERVICE) {
		mag_station_attach(gateway, link, lladdr, &profile, NULL);
		return;
	}
	if (answer == POLICY_UNKNOWN)
		gateway->counters.unknown_stations++;
	else
		gateway->counters.service_refused++;
	nd_forget_after(gateway->nd, ifindex, lladdr, STRANGER_MS);
	log_stranger(link, lladdr, answer, visit(gateway, link, lladdr));
}

static void on_solicit(void *arg, uint32_t ifindex, const uint8_t *lladdr,
		       const struct in6_addr *src)
{
	struct mag_role *gateway = arg;
	struct outbox out;

	(void)ifindex;
	outbox_init(&out);
	mag_on_solicit(&gateway->mag, lladdr, src, clock_now(), &out);
	role_run(&gateway->role, &out);
}

static void on_arrival(void *arg, uint32_t ifindex, const uint8_t *lladdr)
{
	struct mag_role *gateway = arg;
	struct outbox out;

	if (!access_by_index(gateway, ifindex))
		return;
	mag_on_arrival(&gateway->mag, lladdr, clock_now());
	/* It may have a timer now. */
	outbox_init(&out);
	role_run(&gateway->role, &out);
}

static void on_neighbour(void *arg, uint32_t ifindex, const uint8_t *lladdr,
			 const struct in6_addr *src)
{
	struct mag_role *gateway = arg;
	struct outbox out;

	(void)ifindex;
	outbox_init(&out);
	mag_on_neighbour(&gateway->mag, lladdr, src, clock_now(), &out);
	role_run(&gateway->role, &out);
}

void mag_station_detach(struct mag_role *gateway, struct bule *bule, bool hold,
			const char *reason)
{
	struct outbox out;

	outbox_init(&out);
	mag_on_detach(&gateway->mag, bule, hold, reason, clock_now(), &out);
	role_run(&gateway->role, &out);
}

static struct bule *bule_by_address(const struct mag_role *gateway,
				    uint32_t ifindex,
				    const struct in6_addr *address)
{
	struct bule *bule;

	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule)) {
		if (bule->at.ifindex != ifindex)
			continue;
		if (IN6_ARE_ADDR_EQUAL(&bule->link_local, address))
			return bule;
		if (bule_holds(bule, address))
			return bule;
	}
	return NULL;
}

void mag_role_on_neighbour_failed(struct mag_role *gateway, uint32_t ifindex,
				  const struct in6_addr *address)
{
	struct outbox out;
	struct bule *bule;
	uint64_t seen;

	if (!access_by_index(gateway, ifindex))
		return;
	bule = bule_by_address(gateway, ifindex, address);
	if (!bule || bule->state != BULE_ACTIVE)
		return;
	/*
	 * An address of its prefix may be nobody's while it is there, and who
	 * is far away can have it asked for: its link-local address tells.
	 */
	if (!IN6_ARE_ADDR_EQUAL(&bule->link_local, address)) {
		outbox_init(&out);
		mag_probe(&gateway->mag, bule, &out);
		role_run(&gateway->role, &out);
		return;
	}
	seen = nd_last_seen_ms(gateway->nd, ifindex, bule->at.lladdr);
	if (clock_now().mono_ms - seen <
	    gateway->config->neighbour_idle_s * 1000ull)
		return;
	gateway->counters.neighbours_failed++;
	mag_station_detach(gateway, bule, false, "neighbour does not answer");
}

bool mag_station_refresh(struct mag_role *gateway, struct bule *bule)
{
	struct mag_profile profile;
	struct outbox out;

	if (policy_for_lladdr(gateway->role.agent->policy, bule->at.lladdr,
			      gateway->config, &profile) != POLICY_SERVICE ||
	    !mh_mn_id_equal(&profile.mn_id, &bule->profile.mn_id))
		return false;
	/* Before the start nobody can be told; the data plane is read then. */
	if (!gateway->started)
		bule->local_routing = profile.local_routing;
	outbox_init(&out);
	mag_on_profile(&gateway->mag, bule, &profile, clock_now(), &out);
	if (gateway->started)
		role_run(&gateway->role, &out);
	outbox_free(&out);
	return true;
}

void mag_role_on_policy(struct mag_role *gateway)
{
	struct bule *bule, *next;
	struct outbox out;

	access_on_policy(gateway);
	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (mag_station_refresh(gateway, bule))
			continue;
		outbox_init(&out);
		mag_on_barred(&gateway->mag, bule,
			      "its profile is gone, or another one's",
			      clock_now(), &out);
		role_run(&gateway->role, &out);
	}
}

void mag_station_callbacks(struct mag_role *gateway,
			   struct nd_callbacks *callbacks)
{
	*callbacks = (struct nd_callbacks){
		.on_frame = on_frame,
		.on_solicit = on_solicit,
		.on_neighbour = on_neighbour,
		.on_arrival = on_arrival,
		.arg = gateway,
	};
}
