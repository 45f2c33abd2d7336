// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>

#include "device.h"
#include "event.h"
#include "path.h"

static struct kmem_cache *path_cache;

struct pmip6_path *pmip6_path_new(struct pmip6_device *pd,
				  struct pmip6_binding *binding,
				  const struct pmip6_path_spec *spec,
				  struct pmip6_expiry_set *set,
				  u32 generation)
{
	struct pmip6_path *path;
	int err;

	lockdep_assert_held(&pd->lock);
	path = kmem_cache_zalloc(path_cache, GFP_KERNEL);
	if (!path)
		return ERR_PTR(-ENOMEM);

	path->binding = binding;
	path->bid = spec->bid;
	path->priority = spec->priority;
	path->weight = spec->weight;
	path->access_ifindex = spec->access_ifindex;
	path->has_lladdr = spec->has_lladdr;
	ether_addr_copy(path->lladdr, spec->lladdr);

	path->tunnel = pmip6_tunnel_get(pd, &spec->remote, spec->encap,
					spec->key);
	if (IS_ERR(path->tunnel)) {
		err = PTR_ERR(path->tunnel);
		kmem_cache_free(path_cache, path);
		return ERR_PTR(err);
	}
	if (!set) {
		set = &path->own;
		pmip6_expiry_set_begin(&pd->lifetimes, set, spec->lifetime_ms,
				       generation);
	}
	path->set = set;
	pmip6_expiry_set_join(set, &path->member);
	return path;
}

static void path_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(path_cache,
			container_of(rcu, struct pmip6_path, own.rcu));
}

static bool has_own_set(const struct pmip6_path *path)
{
	return path->set == &path->own;
}

void pmip6_path_free(struct pmip6_device *pd, struct pmip6_path *path)
{
	lockdep_assert_held(&pd->lock);
	pmip6_expiry_set_leave(path->set, &path->member);
	if (has_own_set(path))
		pmip6_expiry_set_end(&pd->lifetimes, path->set);
	pmip6_tunnel_put(path->tunnel);
	call_rcu(&path->own.rcu, path_free_rcu);
}

bool pmip6_path_matches(const struct pmip6_path *path,
			const struct pmip6_path_spec *spec,
			const struct pmip6_expiry_set *set)
{
	/* One that the worker has taken is another's of the same id. */
	if (set ? path->set != set : path->set->id)
		return false;
	return path->bid == spec->bid &&
	       path->priority == spec->priority &&
	       path->weight == spec->weight &&
	       path->access_ifindex == spec->access_ifindex &&
	       path->tunnel->key.encap == spec->encap &&
	       path->tunnel->key.key == spec->key &&
	       ipv6_addr_equal(&path->tunnel->key.remote, &spec->remote) &&
	       path->has_lladdr == spec->has_lladdr &&
	       (!path->has_lladdr ||
		ether_addr_equal(path->lladdr, spec->lladdr));
}

static void unlink_path(struct pmip6_device *pd, struct pmip6_path *path)
{
	struct pmip6_path __rcu **prev = &path->binding->paths;
	struct pmip6_path *at;

	while ((at = rcu_dereference_protected(*prev,
					       lockdep_is_held(&pd->lock)))) {
		if (at == path) {
			rcu_assign_pointer(*prev,
					   rcu_dereference_protected(path->next,
								     lockdep_is_held(&pd->lock)));
			return;
		}
		prev = &at->next;
	}
}

/* Of a set that many have in common, user space is told once. */
static void note_reaped(struct pmip6_device *pd, const struct pmip6_path *path)
{
	if (path->set->id)
		pmip6_expiry_set_shared(path->set)->reaped++;
	else
		pmip6_event_path_expired(pd, path);
}

bool pmip6_path_reap(struct pmip6_lifetimes *lifetimes,
		     struct pmip6_expiry_set *set, unsigned int *budget)
{
	struct pmip6_device *pd = container_of(lifetimes, struct pmip6_device,
					       lifetimes);

	lockdep_assert_held(&pd->lock);
	while (*budget && !list_empty(&set->members)) {
		struct pmip6_binding *binding;
		struct pmip6_path *path;
		bool own;

		path = list_first_entry(&set->members, struct pmip6_path,
					member);
		binding = path->binding;
		own = has_own_set(path);
		note_reaped(pd, path);
		unlink_path(pd, path);
		pmip6_path_free(pd, path);
		if (!rcu_access_pointer(binding->paths))
			pmip6_binding_remove(&pd->bindings, binding);
		(*budget)--;
		/* Gone with the path, of which it was a part. */
		if (own)
			return true;
	}
	if (!list_empty(&set->members))
		return false;
	pmip6_event_expiry_set_expired(pd, pmip6_expiry_set_shared(set));
	pmip6_expiry_set_free(lifetimes, set);
	return true;
}

int pmip6_path_init(void)
{
	path_cache = KMEM_CACHE(pmip6_path, SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return path_cache ? 0 : -ENOMEM;
}

void pmip6_path_exit(void)
{
	kmem_cache_destroy(path_cache);
}
