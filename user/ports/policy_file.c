// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "../engine/alloc.h"
#include "conf_file.h"
#include "nai.h"
#include "policy_file.h"
#include "policy_flows.h"
#include "policy_home_link.h"

/* RFC 6275 6.1.7: what the Lifetime field can say, in seconds. */
#define LIFETIME_MIN_S 4
#define LIFETIME_MAX_S (UINT16_MAX * 4)

/**
 * struct interface - one interface of a mobile node
 * @first: the first of its own prefixes among those of the mobile node
 * @count: how many; 0 if it has those that all share
 * @per_session: prefixes that a pool gives it, or 0
 * @flows: its own; if there are none, it has those of the mobile node
 */
struct interface {
	unsigned int first;
	unsigned int count;
	uint32_t per_session;
	struct policy_flows flows;
};

/**
 * struct profile - policy profile of one mobile node
 * @nai: its identifier, the key
 * @nai_len: octets of @nai
 * @line: where it begins
 * @service: it may have mobility service
 * @has_lma: it has an anchor of its own
 * @lma: that
 * @lifetime_s: of its bindings, or 0
 * @per_session: prefixes that a pool gives each session of it, or 0
 * @home: what it is told of its home link
 * @hnp: its prefixes: those that its interfaces share, then those of each
 * @has_local_routing: it does not go by EnableMAGLocalRouting
 * @local_routing: but by this
 * @bulk: it may be in bulk groups
 * @multihoming: it may be at several gateways
 * @keep_flows: its flows go on there when it leaves this one
 * @path_priority: of its path through this one, or 0
 * @flows: those through this one
 * @hnp_count: how many
 * @shared_count: how many of them interfaces share
 * @lladdrs: link-layer addresses of its interfaces
 * @interfaces: the same interfaces
 * @lladdr_count: how many
 * @hh: among all
 */
struct profile {
	char *nai;
	size_t nai_len;
	unsigned int line;
	bool service;
	bool has_lma;
	struct in6_addr lma;
	uint32_t lifetime_s;
	uint32_t per_session;
	bool has_local_routing;
	bool local_routing;
	bool bulk;
	bool multihoming;
	bool keep_flows;
	uint32_t path_priority;
	struct policy_flows flows;
	struct policy_home_link home;
	struct mh_prefix *hnp;
	unsigned int hnp_count;
	unsigned int shared_count;
	uint8_t (*lladdrs)[ETH_ALEN];
	struct interface *interfaces;
	unsigned int lladdr_count;
	UT_hash_handle hh;
};

/**
 * struct station - whose a link-layer address is
 * @lladdr: the address, the key
 * @profile: of the mobile node
 * @at: which of its interfaces
 * @line: where it stands
 * @hh: among all
 */
struct station {
	uint8_t lladdr[ETH_ALEN];
	struct profile *profile;
	unsigned int at;
	unsigned int line;
	UT_hash_handle hh;
};

/**
 * struct policy - all profiles
 * @profiles: by identifier
 * @stations: by link-layer address
 */
struct policy {
	struct profile *profiles;
	struct station *stations;
};

/**
 * struct owned - a prefix that is a mobile node's own
 * @hnp: the prefix
 * @line: where it stands
 * @profile: of the mobile node
 */
struct owned {
	struct mh_prefix hnp;
	unsigned int line;
	const struct profile *profile;
};

/* The file that is being read: libconfuse hands callbacks no context. */
static struct {
	struct conf conf;
	struct policy *policy;
	struct owned *owned;
	size_t owned_count;
	size_t owned_room;
} loading;

static int on_mn(cfg_t *root, cfg_opt_t *opt);

static cfg_opt_t interface_keys[] = {
	CONF_LIST("prefixes"),
	/* 0: as the mobile node has. */
	CONF_DEFAULT("prefixes-per-session", "0"),
	POLICY_FLOWS_KEY,
	CFG_END(),
};

static cfg_opt_t mn_keys[] = {
	CONF_LIST("lladdr"),
	CFG_SEC("interface", interface_keys,
		CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
	CONF_VALUE("lma"),
	CONF_LIST("prefixes"),
	CONF_VALUE("prefixes-per-session"),
	CONF_VALUE("lifetime"),
	POLICY_HOME_LINK_KEYS,
	POLICY_MULTIHOMING_KEYS,
	POLICY_FLOWS_KEY,
	CONF_DEFAULT("service", "true"),
	CONF_VALUE("local-routing"),
	CONF_DEFAULT("bulk-binding-update", "true"),
	CFG_END(),
};

static cfg_opt_t keys[] = {
	{ .name = "mn", .type = CFGT_SEC, .flags = CFGF_MULTI | CFGF_TITLE,
	  .subopts = mn_keys, .validcb = on_mn },
	CFG_END(),
};

static struct profile *find(const struct policy *policy, const void *nai,
			    size_t len)
{
	struct profile *profile = NULL;

	if (policy)
		HASH_FIND(hh, policy->profiles, nai, len, profile);
	return profile;
}

static struct station *find_station(const struct policy *policy,
				    const uint8_t *lladdr)
{
	struct station *station = NULL;

	if (policy)
		HASH_FIND(hh, policy->stations, lladdr, ETH_ALEN, station);
	return station;
}

static struct profile *add_profile(cfg_t *section)
{
	const char *nai = cfg_title(section);
	struct profile *profile, *other;

	if (!nai_is_valid(nai))
		conf_error(&loading.conf, conf_line(section),
			   "\"%s\" is not a network access identifier, like mn1@example.com",
			   nai);
	other = find(loading.policy, nai, strlen(nai));
	if (other)
		conf_error(&loading.conf, conf_line(section),
			   "there is a mn \"%s\" already, on line %u", nai,
			   other->line);

	/* One that is there twice is kept for what may be wrong with it. */
	profile = must_alloc(sizeof(*profile));
	profile->nai_len = strlen(nai);
	profile->nai = must_copy(nai, profile->nai_len + 1);
	profile->line = conf_line(section);
	HASH_ADD_KEYPTR(hh, loading.policy->profiles, profile->nai,
			profile->nai_len, profile);
	return profile;
}

static struct interface *add_station(struct profile *profile, unsigned int line,
				     const char *text)
{
	unsigned int at = profile->lladdr_count;
	uint8_t *lladdr = profile->lladdrs[at];
	struct station *station, *other;

	if (!conf_lladdr_text(&loading.conf, line, text, lladdr))
		return NULL;
	other = find_station(loading.policy, lladdr);
	if (other) {
		conf_error(&loading.conf, line,
			   "lladdr \"%s\" is that of mn \"%s\" already, on line %u",
			   text, other->profile->nai, other->line);
		return NULL;
	}
	station = must_alloc(sizeof(*station));
	memcpy(station->lladdr, lladdr, ETH_ALEN);
	station->profile = profile;
	station->at = at;
	station->line = line;
	HASH_ADD(hh, loading.policy->stations, lladdr, ETH_ALEN, station);
	profile->lladdr_count++;
	return &profile->interfaces[at];
}

static void own(const struct profile *profile, const struct mh_prefix *hnp,
		unsigned int line)
{
	if (loading.owned_count == loading.owned_room) {
		loading.owned_room = 2 * loading.owned_room + 64;
		loading.owned = must_realloc(loading.owned,
					     loading.owned_room *
					     sizeof(*loading.owned));
	}
	loading.owned[loading.owned_count++] = (struct owned){
		.hnp = *hnp,
		.line = line,
		.profile = profile,
	};
}

/* Of a mobile node, or of one of its interfaces. */
static void add_prefixes(cfg_t *section, struct profile *profile)
{
	unsigned int count = cfg_size(section, "prefixes"), i;
	const struct conf_value *value;
	struct mh_prefix hnp;

	for (i = 0; i < count; i++) {
		value = conf_item(section, "prefixes", i);
		if (profile->hnp_count == MH_MAX_HNP) {
			conf_error(&loading.conf, value->line,
				   "mn \"%s\" has more than %u prefixes",
				   profile->nai, MH_MAX_HNP);
			return;
		}
		if (!conf_prefix(&loading.conf, value->line, value->text,
				 &hnp))
			continue;
		profile->hnp = must_realloc(profile->hnp,
					    (profile->hnp_count + 1) *
					    sizeof(*profile->hnp));
		profile->hnp[profile->hnp_count++] = hnp;
		own(profile, &hnp, value->line);
	}
}

static void add_interfaces(cfg_t *section, struct profile *profile)
{
	unsigned int count = cfg_size(section, "lladdr");
	unsigned int more = cfg_size(section, "interface"), i;
	struct interface *interface;
	const struct conf_value *value;
	cfg_t *one;

	profile->lladdrs = must_alloc((count + more) *
				      sizeof(*profile->lladdrs));
	profile->interfaces = must_alloc((count + more) *
					 sizeof(*profile->interfaces));
	for (i = 0; i < count; i++) {
		value = conf_item(section, "lladdr", i);
		add_station(profile, value->line, value->text);
	}
	for (i = 0; i < more; i++) {
		one = cfg_getnsec(section, "interface", i);
		interface = add_station(profile, conf_line(one),
					cfg_title(one));
		if (!interface)
			continue;
		interface->first = profile->hnp_count;
		add_prefixes(one, profile);
		interface->count = profile->hnp_count - interface->first;
		conf_u32(&loading.conf, one, "prefixes-per-session", 0,
			 MH_MAX_HNP, &interface->per_session);
		policy_read_flows(&loading.conf, one, &interface->flows);
	}
}

/*
 * The end of a section: what it says is taken out at once, as libconfuse
 * looks for its title among all those that it has.
 */
static int on_mn(cfg_t *root, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct profile *profile = add_profile(section);

	(void)root;
	add_prefixes(section, profile);
	profile->shared_count = profile->hnp_count;
	add_interfaces(section, profile);
	profile->has_lma = conf_unicast(&loading.conf,
					conf_value(section, "lma"),
					&profile->lma);
	conf_u32(&loading.conf, section, "lifetime", LIFETIME_MIN_S,
		 LIFETIME_MAX_S, &profile->lifetime_s);
	conf_u32(&loading.conf, section, "prefixes-per-session", 1, MH_MAX_HNP,
		 &profile->per_session);
	policy_read_home_link(&loading.conf, section, &profile->home);
	policy_read_multihoming(&loading.conf, section, &profile->multihoming,
				&profile->keep_flows, &profile->path_priority);
	policy_read_flows(&loading.conf, section, &profile->flows);
	conf_bool(&loading.conf, section, "service", &profile->service);
	profile->has_local_routing = conf_value(section, "local-routing");
	conf_bool(&loading.conf, section, "local-routing",
		  &profile->local_routing);
	conf_bool(&loading.conf, section, "bulk-binding-update",
		  &profile->bulk);
	cfg_opt_rmnsec(opt, cfg_opt_size(opt) - 1);
	return 0;
}

/* By address, of one address the shorter before what is within it. */
static int compare_owned(const void *a, const void *b)
{
	const struct owned *one = a, *other = b;
	int order = memcmp(&one->hnp.addr, &other->hnp.addr,
			   sizeof(one->hnp.addr));

	if (!order)
		order = one->hnp.len - other->hnp.len;
	if (!order)
		order = one->line < other->line ? -1 : one->line > other->line;
	return order;
}

/*
 * Of two prefixes, one is within the other or they are apart: so in order,
 * each has to be compared with the last that was not within another.
 */
static void check_prefixes(void)
{
	const struct owned *outer = loading.owned, *at, *last, *first;
	size_t i;

	if (loading.owned_count)
		qsort(loading.owned, loading.owned_count,
		      sizeof(*loading.owned), compare_owned);
	for (i = 1; i < loading.owned_count; i++) {
		at = &loading.owned[i];
		if (!conf_prefixes_overlap(&outer->hnp, &at->hnp)) {
			outer = at;
			continue;
		}
		last = at->line < outer->line ? outer : at;
		first = last == at ? outer : at;
		conf_error(&loading.conf, last->line,
			   "a prefix of mn \"%s\" overlaps one of \"%s\" on line %u",
			   last->profile->nai, first->profile->nai,
			   first->line);
	}
}

struct policy *policy_load(const char *path, FILE *errors)
{
	struct policy *policy = must_alloc(sizeof(*policy));
	struct conf *conf = &loading.conf;

	memset(&loading, 0, sizeof(loading));
	loading.policy = policy;
	conf->path = path;
	conf->errors = errors;
	if (conf_open(conf, keys))
		check_prefixes();
	conf_close(conf);
	free(loading.owned);
	loading.owned = NULL;
	if (!conf->error_count)
		return policy;
	policy_free(policy);
	return NULL;
}

static void free_interfaces(struct profile *profile)
{
	unsigned int i;

	for (i = 0; i < profile->lladdr_count; i++)
		free(profile->interfaces[i].flows.flows);
	free(profile->interfaces);
}

void policy_free(struct policy *policy)
{
	struct profile *profile, *next_profile;
	struct station *station, *next_station;

	if (!policy)
		return;
	HASH_ITER(hh, policy->stations, station, next_station) {
		HASH_DEL(policy->stations, station);
		free(station);
	}
	HASH_ITER(hh, policy->profiles, profile, next_profile) {
		HASH_DEL(policy->profiles, profile);
		free(profile->nai);
		free(profile->hnp);
		free(profile->lladdrs);
		free_interfaces(profile);
		free(profile->flows.flows);
		free(profile);
	}
	free(policy);
}

/* Those of prefixes that all share are nobody's until the anchor says. */
static unsigned int sharing(const struct profile *profile)
{
	unsigned int count = 0, i;

	for (i = 0; i < profile->lladdr_count; i++)
		count += !profile->interfaces[i].count;
	return count;
}

static void copy_prefixes(struct mh_prefix *to, const struct profile *from,
			  unsigned int first, unsigned int count)
{
	if (count)
		memcpy(to, from->hnp + first, count * sizeof(*to));
}

/* RFC 5213 6.2: a gateway may generate a profile. */
static void make_up(const uint8_t *lladdr, const struct config_mag *mag,
		    struct mag_profile *profile)
{
	char nai[2 * ETH_ALEN + 1 + NAI_REALM_MAX + 1];
	struct mh_mn_id *id = &profile->mn_id;

	id->subtype = MH_MN_ID_NAI;
	id->len = (uint8_t)snprintf(nai, sizeof(nai),
				    "%02x%02x%02x%02x%02x%02x@%s", lladdr[0],
				    lladdr[1], lladdr[2], lladdr[3], lladdr[4],
				    lladdr[5], mag->realm_of_unknown);
	memcpy(id->data, nai, id->len);
	profile->lma = mag->lma;
	profile->local_routing = mag->local_routing;
}

enum policy_answer policy_for_lladdr(const struct policy *policy,
				     const uint8_t *lladdr,
				     const struct config_mag *mag,
				     struct mag_profile *profile)
{
	const struct station *station = find_station(policy, lladdr);
	const struct interface *interface;
	const struct profile *found;

	if (!station && !mag->realm_of_unknown[0])
		return POLICY_UNKNOWN;
	memset(profile, 0, sizeof(*profile));
	if (!station) {
		make_up(lladdr, mag, profile);
		return POLICY_SERVICE;
	}
	found = station->profile;
	interface = &found->interfaces[station->at];
	profile->mn_id.subtype = MH_MN_ID_NAI;
	profile->mn_id.len = (uint8_t)found->nai_len;
	memcpy(profile->mn_id.data, found->nai, found->nai_len);
	profile->lma = found->has_lma ? found->lma : mag->lma;
	profile->lifetime_s = found->lifetime_s;
	profile->address_configuration = found->home.configuration;
	profile->valid_lifetime_s = found->home.valid_s;
	profile->preferred_lifetime_s = found->home.preferred_s;
	if (interface->count) {
		profile->hnp_count = interface->count;
		copy_prefixes(profile->hnp, found, interface->first,
			      interface->count);
	} else if (sharing(found) == 1) {
		profile->hnp_count = found->shared_count;
		copy_prefixes(profile->hnp, found, 0, found->shared_count);
	}
	profile->local_routing = found->has_local_routing ?
				 found->local_routing : mag->local_routing;
	profile->alone = !found->bulk;
	profile->multihoming = found->multihoming;
	profile->keep_flows = found->keep_flows;
	profile->path_priority = (uint8_t)found->path_priority;
	return found->service ? POLICY_SERVICE : POLICY_NO_SERVICE;
}

const struct mh_flow *policy_flows(const struct policy *policy,
				   const uint8_t *lladdr, unsigned int *count)
{
	const struct station *station = find_station(policy, lladdr);
	const struct policy_flows *flows;

	*count = 0;
	if (!station)
		return NULL;
	flows = &station->profile->interfaces[station->at].flows;
	if (!flows->count)
		flows = &station->profile->flows;
	*count = flows->count;
	return flows->flows;
}

static const struct profile *find_mn(const struct policy *policy,
				     const struct mh_mn_id *mn_id)
{
	if (mn_id->subtype != MH_MN_ID_NAI)
		return NULL;
	return find(policy, mn_id->data, mn_id->len);
}

static const struct interface *find_interface(const struct policy *policy,
					      const struct profile *profile,
					      const struct mh_ll_id *ll_id)
{
	const struct station *station = NULL;

	if (ll_id->len == ETH_ALEN)
		station = find_station(policy, ll_id->data);
	if (!station || station->profile != profile)
		return NULL;
	return &profile->interfaces[station->at];
}

/* RFC 5213 6.2: first those of the interface, then those of the others. */
static void put_own(const struct profile *profile,
		    const struct interface *interface,
		    struct lma_policy *answer)
{
	unsigned int first = 0, count = profile->shared_count;

	if (interface && interface->count) {
		first = interface->first;
		count = interface->count;
	}
	copy_prefixes(answer->hnp, profile, first, count);
	copy_prefixes(answer->hnp + count, profile, 0, first);
	copy_prefixes(answer->hnp + count + first, profile, first + count,
		      profile->hnp_count - first - count);
	answer->interface_hnp_count = count;
	answer->hnp_count = profile->hnp_count;
	answer->session_prefixes = profile->per_session;
	if (interface && interface->per_session)
		answer->session_prefixes = interface->per_session;
}

void policy_for_mn(const struct policy *policy, const struct mh_mn_id *mn_id,
		   const struct mh_ll_id *ll_id, const struct config_lma *lma,
		   struct lma_policy *answer)
{
	const struct profile *found = find_mn(policy, mn_id);

	answer->mn_known = found || lma->accept_unknown_mns;
	answer->service_enabled = found ? found->service :
					  lma->accept_unknown_mns;
	answer->max_lifetime_s = found ? found->lifetime_s : 0;
	answer->accepts_bulk &= !found || found->bulk;
	answer->hnp_count = 0;
	answer->interface_hnp_count = 0;
	answer->session_prefixes = 0;
	memset(answer->hnp, 0, sizeof(answer->hnp));
	if (found)
		put_own(found, find_interface(policy, found, ll_id), answer);
	if (!answer->session_prefixes)
		answer->session_prefixes = lma->prefixes_per_session;
}

unsigned int policy_lladdrs(const struct policy *policy,
			    const struct mh_mn_id *mn_id,
			    const uint8_t (**lladdrs)[ETH_ALEN])
{
	const struct profile *found = find_mn(policy, mn_id);

	*lladdrs = NULL;
	if (!found)
		return 0;
	*lladdrs = (const uint8_t (*)[ETH_ALEN])found->lladdrs;
	return found->lladdr_count;
}

void policy_each_prefix(const struct policy *policy, policy_prefix_t each,
			void *context)
{
	const struct profile *profile;
	unsigned int i;

	if (!policy)
		return;
	for (profile = policy->profiles; profile; profile = profile->hh.next)
		for (i = 0; i < profile->hnp_count; i++)
			each(context, &profile->hnp[i]);
}

unsigned int policy_count(const struct policy *policy)
{
	return policy ? HASH_COUNT(policy->profiles) : 0;
}
