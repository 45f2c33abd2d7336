// SPDX-License-Identifier: GPL-2.0
/*
 * The paths of one binding, as a list in order of preference.
 */
#include <linux/jhash.h>
#include <net/netlink.h>

#include "device.h"
#include "path.h"

int pmip6_path_order(const void *a, const void *b)
{
	const struct pmip6_path_spec *one = a, *other = b;

	if (one->priority != other->priority)
		return one->priority - other->priority;
	return one->bid - other->bid;
}

static struct pmip6_path *first_path(struct pmip6_device *pd,
				     const struct pmip6_binding *binding)
{
	return rcu_dereference_protected(binding->paths,
					 lockdep_is_held(&pd->lock));
}

static struct pmip6_path *next_path(struct pmip6_device *pd,
				    const struct pmip6_path *path)
{
	return rcu_dereference_protected(path->next,
					 lockdep_is_held(&pd->lock));
}

/* --- The packet path. */

/* The best of as many draws as it is heavy, the same for each packet of a flow. */
static u32 draw(const struct pmip6_path *path, u32 hash)
{
	unsigned int i;
	u32 best = 0;

	for (i = 0; i < path->weight; i++)
		best = max(best, jhash_3words(hash, path->bid, i, 0));
	return best;
}

const struct pmip6_path *pmip6_path_share(const struct pmip6_path *path,
					  struct sk_buff *skb)
{
	const struct pmip6_path *best = path;
	u8 priority = path->priority;
	u32 hash, drawn, highest;

	if (!skb)
		return path;
	hash = skb_get_hash(skb);
	highest = draw(path, hash);
	while ((path = rcu_dereference(path->next)) &&
	       path->priority == priority) {
		if (unlikely(pmip6_expiry_set_is_due(path->set)))
			continue;
		drawn = draw(path, hash);
		if (drawn > highest) {
			highest = drawn;
			best = path;
		}
	}
	return best;
}

/* --- Changes. */

static void free_paths(struct pmip6_device *pd, struct pmip6_path *path)
{
	struct pmip6_path *next;

	for (; path; path = next) {
		next = next_path(pd, path);
		pmip6_path_free(pd, path);
	}
}

static int find_sets(struct pmip6_device *pd, const struct pmip6_path_spec *spec,
		     unsigned int count, struct pmip6_expiry_set **sets,
		     struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		sets[i] = NULL;
		if (!spec[i].expiry_set)
			continue;
		sets[i] = pmip6_expiry_set_find(&pd->lifetimes,
						spec[i].expiry_set);
		if (!sets[i]) {
			NL_SET_ERR_MSG(extack, "no such expiry set: it may have expired");
			return -ENOENT;
		}
	}
	return 0;
}

static bool all_match(struct pmip6_device *pd, const struct pmip6_path *path,
		      const struct pmip6_path_spec *spec, unsigned int count,
		      struct pmip6_expiry_set *const *sets)
{
	unsigned int i;

	for (i = 0; i < count; i++, path = next_path(pd, path))
		if (!path || !pmip6_path_matches(path, &spec[i], sets[i]))
			return false;
	return !path;
}

/* By the module's count, where the agent has none of its own. */
static u32 generation_of(struct pmip6_device *pd,
			 const struct pmip6_binding *binding,
			 const struct pmip6_path_spec *spec)
{
	const struct pmip6_path *path;

	if (spec->has_generation)
		return spec->generation;
	for (path = first_path(pd, binding); path; path = next_path(pd, path))
		if (path->bid == spec->bid)
			return path->set->generation + 1;
	return 0;
}

/* A path of a set that it has in common lives as long as that. */
static int renew_all(struct pmip6_device *pd,
		     const struct pmip6_binding *binding,
		     const struct pmip6_path_spec *spec,
		     struct netlink_ext_ack *extack)
{
	struct pmip6_path *path = first_path(pd, binding);
	int err;

	for (; path; path = next_path(pd, path), spec++) {
		if (path->set->id)
			continue;
		err = pmip6_expiry_set_renew(&pd->lifetimes, path->set,
					     spec->lifetime_ms,
					     generation_of(pd, binding, spec));
		if (err) {
			NL_SET_ERR_MSG(extack, "the path has expired");
			return err;
		}
	}
	return 0;
}

/* From the last to the first; NULL, and none of them, without memory. */
static struct pmip6_path *make_all(struct pmip6_device *pd,
				   struct pmip6_binding *binding,
				   const struct pmip6_path_spec *spec,
				   unsigned int count,
				   struct pmip6_expiry_set *const *sets)
{
	struct pmip6_path *path, *next = NULL;

	while (count--) {
		path = pmip6_path_new(pd, binding, &spec[count], sets[count],
				      generation_of(pd, binding, &spec[count]));
		if (IS_ERR(path)) {
			free_paths(pd, next);
			return path;
		}
		if (next && next->priority == path->priority) {
			path->shares = true;
			next->shares = true;
		}
		RCU_INIT_POINTER(path->next, next);
		next = path;
	}
	return next;
}

int pmip6_paths_set(struct pmip6_device *pd, struct pmip6_binding *binding,
		    const struct pmip6_path_spec *spec, unsigned int count,
		    struct netlink_ext_ack *extack)
{
	struct pmip6_path *old = first_path(pd, binding), *paths = NULL;
	struct pmip6_expiry_set *sets[PMIP6_PATHS_MAX];
	int err;

	lockdep_assert_held(&pd->lock);
	err = find_sets(pd, spec, count, sets, extack);
	if (err)
		return err;
	if (old && all_match(pd, old, spec, count, sets))
		return renew_all(pd, binding, spec, extack);
	if (count)
		paths = make_all(pd, binding, spec, count, sets);
	if (IS_ERR(paths)) {
		NL_SET_ERR_MSG(extack, "no memory for the path or its tunnel");
		return PTR_ERR(paths);
	}
	rcu_assign_pointer(binding->paths, paths);
	free_paths(pd, old);
	return 0;
}
