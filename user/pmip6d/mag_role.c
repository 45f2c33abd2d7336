// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <netinet/ether.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <json-c/json.h>

#include "../engine/alloc.h"
#include "../ports/clock.h"
#include "../ports/routes_rtnl.h"
#include "access.h"
#include "log.h"
#include "mag_role.h"
#include "show.h"

/* How long a station that is nobody's is not looked up again. */
#define STRANGER_MS 10000u

static struct mag_role *gateway_of(struct role *role)
{
	return (struct mag_role *)role;
}

/* --- The engine. */

static void on_ready(struct role *role, struct outbox *out)
{
	struct mag_role *gateway = gateway_of(role);

	access_route_tunnel(gateway);
	if (gateway->started)
		return;
	gateway->started = true;
	mag_start(&gateway->mag, out);
	access_delete_leftovers(gateway);
}

static void on_message(struct role *role, const struct in6_addr *src,
		       const struct in6_addr *dst,
		       const struct mh_message *message, struct now now,
		       struct outbox *out)
{
	(void)dst;
	mag_on_pba(&gateway_of(role)->mag, src, &message->ba, now, out);
}

static void on_done(struct role *role, void *owner, int error, struct now now,
		    struct outbox *out)
{
	mag_on_done(&gateway_of(role)->mag, owner, error, now, out);
}

static void on_timer(struct role *role, struct now now, struct outbox *out)
{
	mag_on_timer(&gateway_of(role)->mag, now, out);
}

static uint64_t next_timer(const struct role *role)
{
	return mag_next_timer(&((const struct mag_role *)role)->mag);
}

static void on_dataplane(struct role *role,
			 const struct dataplane_binding *bindings, size_t count,
			 struct now now, struct outbox *out)
{
	mag_on_dataplane(&gateway_of(role)->mag, bindings, count, now, out);
}

static void on_path_expired(struct role *role, const struct genl_event *event,
			    struct now now, struct outbox *out)
{
	mag_on_path_expired(&gateway_of(role)->mag, event->cookie,
			    event->generation, now, out);
}

static const struct role_ops ops = {
	.name = "mag",
	.kernel_role = PMIP6_ROLE_MAG,
	.store_role = STORE_MAG,
	.message = MH_BINDING_ACK,
	.on_ready = on_ready,
	.on_message = on_message,
	.on_done = on_done,
	.on_timer = on_timer,
	.next_timer = next_timer,
	.on_dataplane = on_dataplane,
	.on_path_expired = on_path_expired,
};

/* --- Stations. */

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

static void attach(struct mag_role *gateway, const struct access_link *link,
		   const uint8_t *lladdr, const struct mag_profile *profile,
		   bool commanded)
{
	struct mag_attachment at;
	struct outbox out;

	set_attachment(&at, link, lladdr);
	outbox_init(&out);
	mag_on_attach(&gateway->mag, &at, profile, commanded, clock_now(),
		      &out);
	role_run(&gateway->role, &out);
}

static void log_stranger(const struct access_link *link, const uint8_t *lladdr,
			 enum policy_answer answer)
{
	log_event(REPORT_INFO, answer == POLICY_UNKNOWN ? "station-unknown" :
							  "service-refused",
		  " access=%s lladdr=%02x:%02x:%02x:%02x:%02x:%02x reason=\"%s\"",
		  link->config->ifname, lladdr[0], lladdr[1], lladdr[2],
		  lladdr[3], lladdr[4], lladdr[5],
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
		attach(gateway, link, lladdr, &profile, false);
		return;
	}
	if (answer == POLICY_UNKNOWN)
		gateway->counters.unknown_stations++;
	else
		gateway->counters.service_refused++;
	nd_forget_after(gateway->nd, ifindex, lladdr, STRANGER_MS);
	log_stranger(link, lladdr, answer);
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

	(void)ifindex;
	mag_on_neighbour(&gateway->mag, lladdr, src);
}

static void detach(struct mag_role *gateway, struct bule *bule, bool hold,
		   const char *reason)
{
	struct outbox out;

	outbox_init(&out);
	mag_on_detach(&gateway->mag, bule, hold, reason, clock_now(), &out);
	role_run(&gateway->role, &out);
}

static bool prefix_holds(const struct mh_prefix *prefix,
			 const struct in6_addr *address)
{
	unsigned int bits = prefix->len, octets = bits / 8;

	if (memcmp(&prefix->addr, address, octets))
		return false;
	return !(bits % 8) ||
	       !((prefix->addr.s6_addr[octets] ^ address->s6_addr[octets]) >>
		 (8 - bits % 8));
}

static struct bule *bule_by_address(const struct mag_role *gateway,
				    uint32_t ifindex,
				    const struct in6_addr *address)
{
	struct bule *bule;
	unsigned int i;

	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule)) {
		if (bule->at.ifindex != ifindex)
			continue;
		if (IN6_ARE_ADDR_EQUAL(&bule->link_local, address))
			return bule;
		for (i = 0; i < bule->hnp_count; i++)
			if (prefix_holds(&bule->hnp[i], address))
				return bule;
	}
	return NULL;
}

void mag_role_on_neighbour_failed(struct mag_role *gateway, uint32_t ifindex,
				  const struct in6_addr *address)
{
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
	if (!IN6_IS_ADDR_UNSPECIFIED(&bule->link_local) &&
	    !IN6_ARE_ADDR_EQUAL(&bule->link_local, address)) {
		neighbour_probe(gateway->role.agent->rtnl, ifindex,
				&bule->link_local, bule->at.lladdr);
		return;
	}
	seen = nd_last_seen_ms(gateway->nd, ifindex, bule->at.lladdr);
	if (clock_now().mono_ms - seen <
	    gateway->config->neighbour_idle_s * 1000ull)
		return;
	gateway->counters.neighbours_failed++;
	detach(gateway, bule, false, "neighbour does not answer");
}

static void on_sweep(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	access_sweep(timer->data);
}

void mag_role_on_policy(struct mag_role *gateway)
{
	struct mag_profile profile;
	struct bule *bule, *next;

	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (policy_for_lladdr(gateway->role.agent->policy,
				      bule->at.lladdr, gateway->config,
				      &profile) != POLICY_SERVICE)
			detach(gateway, bule, false, "its profile was removed");
	}
}

/* --- The operator. */

static void id_of(const char *mn, struct mh_mn_id *id)
{
	size_t len = strlen(mn);

	memset(id, 0, sizeof(*id));
	id->subtype = MH_MN_ID_NAI;
	id->len = (uint8_t)(len <= MH_MN_ID_MAX ? len : 0);
	memcpy(id->data, mn, id->len);
}

static bool is_named(const struct bule *bule, const char *mn)
{
	struct ether_addr lladdr;
	struct mh_mn_id id;

	if (ether_aton_r(mn, &lladdr))
		return !memcmp(&lladdr, bule->at.lladdr, ETH_ALEN);
	id_of(mn, &id);
	return mh_mn_id_equal(&id, &bule->profile.mn_id);
}

const char *mag_role_attach(struct mag_role *gateway, const char *mn,
			    const char *access)
{
	const struct access_link *link = access_by_name(gateway, access);
	const struct policy *policy = gateway->role.agent->policy;
	const uint8_t (*lladdrs)[ETH_ALEN];
	struct ether_addr given;
	struct mag_profile profile;
	const uint8_t *lladdr;
	struct mh_mn_id id;

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
	attach(gateway, link, lladdr, &profile, true);
	return NULL;
}

const char *mag_role_detach(struct mag_role *gateway, const char *mn)
{
	struct bule *bule, *next;
	bool found = false;

	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (!is_named(bule, mn))
			continue;
		found = true;
		detach(gateway, bule, true, "commanded");
	}
	return found ? NULL : "it is not attached here";
}

/* --- Begin and end. */

static void restore(void *context, uint64_t key, const uint8_t *data,
		    size_t len, bool same_boot)
{
	struct mag_role *gateway = context;
	struct bule *bule = mag_restore(&gateway->mag, key, data, len,
					same_boot, clock_now());
	const struct config_access *access;

	if (!bule) {
		store_batch_delete(gateway->forget, key);
		return;
	}
	access = config_access_find(gateway->config, bule->at.ifname);
	bule->at.ifindex = access ? if_nametoindex(bule->at.ifname) : 0;
}

/* Its link went while nobody looked. */
static void detach_homeless(struct mag_role *gateway)
{
	struct bule *bule, *next;

	for (bule = gateway->mag.bul.entries; bule; bule = next) {
		next = bul_next(bule);
		if (!bule->at.ifindex)
			detach(gateway, bule, false, "access link is gone");
	}
}

void mag_role_init(struct mag_role *gateway, struct agent *agent,
		   const struct config_mag *config)
{
	struct nd_callbacks callbacks = {
		.on_frame = on_frame,
		.on_solicit = on_solicit,
		.on_neighbour = on_neighbour,
		.on_arrival = on_arrival,
		.arg = gateway,
	};
	struct mag_config engine = config->engine;
	unsigned int i;
	int error;

	if (getrandom(&engine.seed, sizeof(engine.seed), 0) < 0)
		engine.seed = clock_now().wall;
	gateway->config = config;
	gateway->role.agent = agent;
	gateway->access = must_alloc(config->access_count *
				     sizeof(*gateway->access));
	for (i = 0; i < config->access_count; i++)
		gateway->access[i].config = &config->access[i];
	gateway->nd = nd_new(agent->loop, &callbacks);
	error = nd_filter_refused(gateway->nd);
	if (error)
		log_event(REPORT_WARNING, "filter-refused",
			  " reason=\"%s\" effect=\"every frame of an access link wakes the agent\"",
			  strerror(error));
	mag_init(&gateway->mag, &engine);
	gateway->forget = store_batch_new(STORE_MAG);
	error = store_read_all(agent->store, STORE_MAG, restore, gateway);
	if (error)
		log_event(REPORT_ERROR, "restore-failed",
			  " role=mag reason=\"%s\"", strerror(error));
}

void mag_role_start(struct mag_role *gateway)
{
	const struct config_mag *config = gateway->config;
	struct executor *executor = &gateway->role.executor;
	struct agent *agent = gateway->role.agent;
	double period = (config->neighbour_idle_s + 1) / 2.;

	store_submit(agent->store, gateway->forget, NULL, NULL);
	gateway->forget = NULL;
	executor->nd = gateway->nd;
	executor->table_access = config->table_access;
	executor->table_tunnel = config->table_uplink;
	role_start(&gateway->role, &ops, agent, &config->device,
		   &config->engine.address);
	detach_homeless(gateway);
	ev_timer_init(&gateway->sweep, on_sweep, period, period);
	gateway->sweep.data = gateway;
	if (config->neighbour_idle_s)
		ev_timer_start(agent->loop, &gateway->sweep);
}

void mag_role_stop(struct mag_role *gateway)
{
	ev_timer_stop(gateway->role.agent->loop, &gateway->sweep);
	role_stop(&gateway->role);
	leftovers_free(&gateway->leftovers);
	nd_free(gateway->nd);
	mag_free(&gateway->mag);
	free(gateway->access);
}

/* --- Show. */

static void put_entry(const struct bule *bule, struct now now,
		      struct json_object *list)
{
	struct json_object *mn = json_object_new_object();
	struct json_object *hnp = json_object_new_array();
	unsigned int i;

	show_text(mn, "mn", bule->profile.mn_id.data, bule->profile.mn_id.len);
	json_object_object_add(mn, "role", json_object_new_string("mag"));
	json_object_object_add(mn, "state", json_object_new_string(
			       bule_state_name(bule->state)));
	for (i = 0; i < bule->hnp_count; i++)
		show_prefix(hnp, &bule->hnp[i]);
	json_object_object_add(mn, "hnp", hnp);
	show_addr(mn, "lma", &bule->profile.lma);
	json_object_object_add(mn, "access",
			       json_object_new_string(bule->at.ifname));
	show_lladdr(mn, "lladdr", bule->at.lladdr);
	show_addr(mn, "link_local", &bule->link_local);
	if (bule->state == BULE_ACTIVE)
		show_left(mn, bule->expires_ms, now);
	json_object_array_add(list, mn);
}

void mag_role_put_mns(const struct mag_role *gateway, const char *mn,
		      struct json_object *list)
{
	struct now now = clock_now();
	const struct bule *bule;

	for (bule = gateway->mag.bul.entries; bule; bule = bul_next(bule))
		if (!mn || is_named(bule, mn))
			put_entry(bule, now, list);
}

void mag_role_put_stats(const struct mag_role *gateway,
			struct json_object *object)
{
	const struct mag_counters *engine = &gateway->mag.counters;
	const struct mag_role_counters *own = &gateway->counters;
	struct counter heard[ND_COUNTERS_MAX];
	unsigned int count, i;

	show_count(object, "attachments", engine->attachments);
	show_count(object, "detachments", engine->detachments);
	show_count(object, "pbu-sent", engine->pbu_sent);
	show_count(object, "pbu-retransmitted", engine->pbu_retransmitted);
	show_count(object, "pba-accepted", engine->pba_accepted);
	show_count(object, "pba-refused", engine->pba_refused);
	show_count(object, "pba-ignored", engine->pba_ignored);
	show_count(object, "ra-sent", engine->ra_sent);
	show_count(object, "expired", engine->expired);
	show_count(object, "failed", engine->failed);
	show_count(object, "stations-unknown", own->unknown_stations);
	show_count(object, "service-refused", own->service_refused);
	show_count(object, "neighbour-probes", own->probes);
	show_count(object, "neighbours-failed", own->neighbours_failed);
	count = nd_counters(gateway->nd, heard);
	for (i = 0; i < count; i++)
		show_count(object, heard[i].name, heard[i].value);
	role_put_stats(&gateway->role, object);
}
