// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator says of mobile nodes at an anchor.
 */
#include <json-c/json.h>

#include "../ports/clock.h"
#include "lma_role.h"
#include "operator_text.h"

static const char *read_prefixes(const char *const *texts, unsigned int count,
				 struct mh_prefix *prefixes)
{
	unsigned int i;

	if (count > MH_MAX_HNP)
		return "no session has so many prefixes";
	for (i = 0; i < count; i++)
		if (!operator_prefix(texts[i], &prefixes[i]))
			return OPERATOR_NO_PREFIX;
	return NULL;
}

static unsigned int sessions_of(const struct lma_role *anchor, const char *mn)
{
	const struct binding_cache *bc = &anchor->lma.bc;
	const struct bce *bce;
	unsigned int count = 0;

	for (bce = bc_next(bc, NULL); bce; bce = bc_next(bc, bce))
		count += lma_role_is_named(bce, mn);
	return count;
}

static const char *renumber(struct lma_role *anchor, struct bce *bce,
			    const struct mh_prefix *prefixes,
			    unsigned int count, struct now now,
			    struct outbox *out)
{
	struct lma_request request = { .src = bce->now.proxy_coa };
	struct mh_options *options = &request.bu.options;

	options->has_mn_id = true;
	bce_mn_id(bce, &options->mn_id);
	options->ll_id = bce->now.ll_id;
	lma_role_ask_policy(anchor, &request);
	return lma_renumber(&anchor->lma, bce, &request.policy, prefixes,
			    count, now, out);
}

const char *lma_role_renumber(struct lma_role *anchor, const char *mn,
			      const char *const *texts, unsigned int count,
			      struct json_object *list)
{
	const struct binding_cache *bc = &anchor->lma.bc;
	struct mh_prefix prefixes[MH_MAX_HNP];
	unsigned int sessions = sessions_of(anchor, mn), refused = 0;
	const char *why = read_prefixes(texts, count, prefixes);
	struct now now = clock_now();
	struct json_object *shown;
	struct outbox out;
	struct bce *bce;

	if (why)
		return why;
	if (!sessions)
		return "no such mobile node has a session here";
	if (sessions > 1 && count)
		return "it has several sessions: give the link-layer address of one";
	if (!anchor->role.reconciled)
		return "this anchor is just starting: try again";
	outbox_init(&out);
	for (bce = bc_next(bc, NULL); bce; bce = bc_next(bc, bce)) {
		if (!lma_role_is_named(bce, mn))
			continue;
		why = renumber(anchor, bce, prefixes, count, now, &out);
		shown = lma_role_put_session(bce, now, list);
		if (!why)
			continue;
		refused++;
		json_object_object_add(shown, "refused",
				       json_object_new_string(why));
	}
	role_run(&anchor->role, &out);
	return refused == sessions ? why : NULL;
}
