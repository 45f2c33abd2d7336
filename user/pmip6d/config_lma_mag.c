// SPDX-License-Identifier: GPL-2.0
/*
 * Which gateways may register which mobile nodes, with which prefixes
 * (RFC 5213 4).
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "config_internal.h"

cfg_opt_t config_lma_mag_keys[] = {
	CONF_LIST("prefixes"),
	CONF_LIST("mobile-nodes"),
	CONF_DEFAULT("service", "true"),
	CONF_VALUE("accept-bulk-binding-update"),
	CONF_VALUE("identity"),
	CONF_DEFAULT("revoke-all", "false"),
	CFG_END(),
};

static int compare_mag(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct in6_addr));
}

const struct config_lma_mag *config_find_mag(const struct config_lma *lma,
					     const struct in6_addr *proxy_coa)
{
	if (!lma->mag_count)
		return NULL;
	return bsearch(proxy_coa, lma->mags, lma->mag_count,
		       sizeof(*lma->mags), compare_mag);
}

static bool is_listed(const struct config_lma *lma,
		      const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < lma->mag_count; i++)
		if (IN6_ARE_ADDR_EQUAL(&lma->mags[i].address, addr))
			return true;
	return false;
}

static struct config_lma_mag *add_mag(struct conf *conf, unsigned int line,
				      const char *text,
				      struct config_lma *lma)
{
	struct config_lma_mag *mag = &lma->mags[lma->mag_count];

	if (!conf_unicast_text(conf, line, text, &mag->address))
		return NULL;
	if (is_listed(lma, &mag->address))
		conf_error(conf, line, "\"%s\" stands in mags twice", text);
	mag->service = true;
	mag->accepts_bulk = lma->accepts_bulk;
	lma->mag_count++;
	return mag;
}

static void read_list(struct conf *conf, cfg_t *section,
		      struct config_lma *lma)
{
	unsigned int count = cfg_size(section, "mags"), i;
	const struct conf_value *value;

	for (i = 0; i < count; i++) {
		value = conf_item(section, "mags", i);
		if (strcmp(value->text, "any")) {
			add_mag(conf, value->line, value->text, lma);
			continue;
		}
		lma->any_mag = true;
		if (count > 1)
			conf_error(conf, value->line,
				   "\"any\" of mags stands alone");
	}
}

static void read_prefixes(struct conf *conf, cfg_t *section,
			  struct config_lma_mag *mag)
{
	unsigned int count = cfg_size(section, "prefixes"), i;
	const struct conf_value *value;

	mag->limited = conf_is_set(section, "prefixes");
	mag->prefixes = must_alloc(count * sizeof(*mag->prefixes));
	for (i = 0; i < count; i++) {
		value = conf_item(section, "prefixes", i);
		if (conf_prefix(conf, value->line, value->text,
				&mag->prefixes[mag->prefix_count]))
			mag->prefix_count++;
	}
}

/* A whole identifier, or all that end like this. */
static void read_mns(struct conf *conf, cfg_t *section,
		     struct config_lma_mag *mag)
{
	unsigned int count = cfg_size(section, "mobile-nodes"), i;
	const struct conf_value *value;

	mag->some_mns = conf_is_set(section, "mobile-nodes");
	mag->mns = must_alloc(count * sizeof(*mag->mns));
	for (i = 0; i < count; i++) {
		value = conf_item(section, "mobile-nodes", i);
		if (!value->text[0] || strchr(value->text + 1, '*'))
			conf_error(conf, value->line,
				   "\"%s\" is neither a mobile node nor * and an ending, like *@example.com",
				   value->text);
		mag->mns[mag->mn_count++] = must_copy(value->text,
						      strlen(value->text) + 1);
	}
}

void config_read_lma_mags(struct conf *conf, cfg_t *section,
			  struct config_lma *lma)
{
	unsigned int count = cfg_size(section, "mag"), i;
	struct config_lma_mag *mag;
	cfg_t *one;

	/* Who may register is never left to a default. */
	if (!conf_is_set(section, "mags") && !count) {
		conf_error(conf, conf_line(section), "lma lacks mags");
		return;
	}
	lma->mags = must_alloc((cfg_size(section, "mags") + count) *
			       sizeof(*lma->mags));
	read_list(conf, section, lma);
	for (i = 0; i < count; i++) {
		one = cfg_getnsec(section, "mag", i);
		mag = add_mag(conf, conf_line(one), cfg_title(one), lma);
		if (!mag)
			continue;
		read_prefixes(conf, one, mag);
		read_mns(conf, one, mag);
		conf_bool(conf, one, "service", &mag->service);
		conf_bool(conf, one, "accept-bulk-binding-update",
			  &mag->accepts_bulk);
		conf_bool(conf, one, "revoke-all", &mag->revoke_all);
		config_identity(conf, one, &mag->address, &mag->identity);
	}
	qsort(lma->mags, lma->mag_count, sizeof(*lma->mags), compare_mag);
}

void config_free_lma_mags(struct config_lma *lma)
{
	struct config_lma_mag *mag;
	unsigned int i, j;

	for (i = 0; i < lma->mag_count; i++) {
		mag = &lma->mags[i];
		for (j = 0; j < mag->mn_count; j++)
			free(mag->mns[j]);
		free(mag->mns);
		free(mag->prefixes);
	}
	free(lma->mags);
}

static bool matches(const char *pattern, const struct mh_mn_id *mn_id)
{
	size_t len = strlen(pattern);

	if (pattern[0] != '*')
		return len == mn_id->len && !memcmp(pattern, mn_id->data, len);
	len--;
	return len <= mn_id->len &&
	       !memcmp(pattern + 1, mn_id->data + mn_id->len - len, len);
}

static bool may_register_mn(const struct config_lma_mag *mag,
			    const struct mh_mn_id *mn_id)
{
	unsigned int i;

	if (!mag->some_mns)
		return true;
	for (i = 0; i < mag->mn_count; i++)
		if (mn_id->subtype == MH_MN_ID_NAI &&
		    matches(mag->mns[i], mn_id))
			return true;
	return false;
}

bool config_mag_may_register(const struct config_lma *lma,
			     const struct in6_addr *proxy_coa)
{
	const struct config_lma_mag *mag = config_find_mag(lma, proxy_coa);

	return mag ? mag->service : lma->any_mag;
}

void config_mag_policy(const struct config_lma *lma,
		       const struct in6_addr *proxy_coa,
		       const struct mh_mn_id *mn_id, struct lma_policy *policy)
{
	const struct config_lma_mag *mag = config_find_mag(lma, proxy_coa);

	policy->mag_authorized = config_mag_may_register(lma, proxy_coa);
	policy->accepts_bulk = lma->accepts_bulk;
	if (!mag)
		return;
	policy->accepts_bulk = mag->accepts_bulk;
	/* What is for groups names none: its members were, as they joined. */
	if (mn_id->len)
		policy->mag_authorized &= may_register_mn(mag, mn_id);
	policy->mag_limited = mag->limited;
	policy->mag_prefixes = mag->prefixes;
	policy->mag_prefix_count = mag->prefix_count;
}
