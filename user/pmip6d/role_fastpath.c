// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <string.h>

#include "../nl/link.h"
#include "../ports/routes_rtnl.h"
#include "log.h"
#include "role_fastpath.h"

/* Names with spaces between them, which no name has. */
#define NAMES_SIZE (PMIP6_FASTPATH_MAX_IFACES * IFNAMSIZ)

static void names(const struct role_fastpath *fastpath, char *text)
{
	unsigned int i;

	*text = '\0';
	for (i = 0; i < fastpath->config->fastpath_count; i++) {
		if (!fastpath->ifindex[i])
			continue;
		if (*text)
			strcat(text, " ");
		strcat(text, fastpath->config->fastpath[i]);
	}
}

static void on_set(void *context, int error, const char *text)
{
	const struct role_fastpath *fastpath = context;
	char ifnames[NAMES_SIZE];

	/* A device that went meanwhile has no fast path; a new one gets its own. */
	if (!fastpath->standing)
		return;
	names(fastpath, ifnames);
	if (!error)
		log_event(REPORT_INFO, "fastpath-set",
			  " dev=%s interfaces=\"%s\"", fastpath->config->name,
			  ifnames);
	else
		log_event(REPORT_ERROR, "fastpath-refused",
			  " dev=%s interfaces=\"%s\" reason=\"%s\"",
			  fastpath->config->name, ifnames,
			  text ? text : strerror(error));
}

/* Once, until it was there. */
static void note_missing(struct role_fastpath *fastpath, unsigned int at)
{
	bool missing = !fastpath->ifindex[at];

	if (missing && !fastpath->missed[at])
		log_event(REPORT_WARNING, "fastpath-interface-missing",
			  " dev=%s interface=%s", fastpath->config->name,
			  fastpath->config->fastpath[at]);
	fastpath->missed[at] = missing;
}

static void set(struct role_fastpath *fastpath)
{
	const struct config_device *config = fastpath->config;
	struct link_spec spec = { .has_fastpath = true };
	unsigned int i;

	strcpy(spec.name, config->name);
	for (i = 0; i < config->fastpath_count; i++) {
		fastpath->ifindex[i] = if_nametoindex(config->fastpath[i]);
		note_missing(fastpath, i);
		if (fastpath->ifindex[i])
			spec.fastpath[spec.fastpath_count++] =
				fastpath->ifindex[i];
	}
	link_change(fastpath->rtnl, &spec, on_set, fastpath);
}

void role_fastpath_init(struct role_fastpath *fastpath, struct nl_queue *rtnl,
			const struct config_device *config)
{
	fastpath->rtnl = rtnl;
	fastpath->config = config;
}

void role_fastpath_on_ready(struct role_fastpath *fastpath)
{
	if (!fastpath->config->has_fastpath)
		return;
	fastpath->standing = true;
	set(fastpath);
}

void role_fastpath_on_gone(struct role_fastpath *fastpath)
{
	fastpath->standing = false;
}

/* One of ours is here that the kernel was not told of, or the reverse. */
static bool is_news(const struct role_fastpath *fastpath,
		    const struct link_state *link)
{
	const struct config_device *config = fastpath->config;
	unsigned int i;

	for (i = 0; i < config->fastpath_count; i++) {
		bool named = !link->gone &&
			     !strcmp(link->name, config->fastpath[i]);
		bool told = fastpath->ifindex[i] == link->ifindex;

		if (named != told)
			return true;
	}
	return false;
}

void role_fastpath_on_link(struct role_fastpath *fastpath,
			   const struct link_state *link)
{
	if (fastpath->standing && is_news(fastpath, link))
		set(fastpath);
}
