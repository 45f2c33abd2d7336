// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "binding.h"
#include "compat.h"
#include "device.h"
#include "flow.h"
#include "path.h"

static struct kmem_cache *binding_cache;

/*
 * Seeded by the table, anew with each resize. A prefix of 64 bits or less has
 * nothing but zeros behind them: leaving these out leaves out nothing.
 */
static u32 hash_prefix(const void *key, u32 len, u32 seed)
{
	const struct pmip6_prefix *prefix = key;

	if (likely(prefix->len <= 64))
		return jhash_3words((__force u32)prefix->addr.s6_addr32[0],
				    (__force u32)prefix->addr.s6_addr32[1],
				    prefix->len, seed);
	return jhash2(key, sizeof(*prefix) / sizeof(u32), seed);
}

static int compare_prefix(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct pmip6_binding *binding = obj;
	const struct pmip6_prefix *prefix = arg->key;

	return binding->prefix.len != prefix->len ||
	       !ipv6_addr_equal(&binding->prefix.addr, &prefix->addr);
}

static const struct rhashtable_params binding_params = {
	.head_offset = offsetof(struct pmip6_binding, node),
	.key_offset = offsetof(struct pmip6_binding, prefix),
	.key_len = sizeof(struct pmip6_prefix),
	.hashfn = hash_prefix,
	.obj_cmpfn = compare_prefix,
	.automatic_shrinking = true,
};

static void set_mask(struct pmip6_prefix *mask, u32 len)
{
	struct in6_addr ones;

	memset(&ones, 0xff, sizeof(ones));
	ipv6_addr_prefix(&mask->addr, &ones, len);
	mask->len = len;
}

/*
 * Show readers the lengths that have prefixes, and @extra. Lookups start
 * before the first prefix of a new length is in the hash, and end after the
 * last one is out, so none is missed.
 */
static int publish_lengths(struct pmip6_binding_table *table, int extra)
{
	struct pmip6_prefix_lengths *lengths, *old;
	int count = 0, len;

	for (len = 0; len <= 128; len++)
		count += table->users[len] || len == extra;

	lengths = kmalloc(struct_size(lengths, mask, count),
			  GFP_KERNEL_ACCOUNT);
	if (!lengths)
		return -ENOMEM;
	lengths->count = 0;
	for (len = 128; len >= 0; len--)
		if (table->users[len] || len == extra)
			set_mask(&lengths->mask[lengths->count++], len);

	old = rcu_replace_pointer(table->lengths, lengths, true);
	kfree_rcu(old, rcu);
	return 0;
}

static void forget_length(struct pmip6_binding_table *table, u32 len)
{
	if (--table->users[len])
		return;
	/* Without memory a length stays that finds nothing: only slower. */
	publish_lengths(table, -1);
}

int pmip6_binding_table_init(struct pmip6_binding_table *table)
{
	int err;

	memset(table, 0, sizeof(*table));
	xa_init_flags(&table->by_id, XA_FLAGS_ALLOC1);
	err = publish_lengths(table, -1);
	if (err)
		return err;
	err = rhashtable_init(&table->hash, &binding_params);
	if (err)
		kfree(rcu_dereference_protected(table->lengths, true));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_table_init);

void pmip6_binding_table_free(struct pmip6_binding_table *table)
{
	WARN_ON_ONCE(table->count);
	rhashtable_destroy(&table->hash);
	xa_destroy(&table->by_id);
	kfree(rcu_dereference_protected(table->lengths, true));
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_table_free);

static int table_add(struct pmip6_binding_table *table,
		     struct pmip6_binding *binding)
{
	u32 len = binding->prefix.len;
	int err;

	if (!table->users[len]) {
		err = publish_lengths(table, len);
		if (err)
			return err;
	}
	table->users[len]++;

	err = xa_alloc_cyclic(&table->by_id, &binding->id, binding,
			      xa_limit_31b, &table->next_id,
			      GFP_KERNEL_ACCOUNT);
	if (err < 0)
		goto forget;
	err = rhashtable_lookup_insert_fast(&table->hash, &binding->node,
					    binding_params);
	if (err)
		goto erase;
	WRITE_ONCE(table->count, table->count + 1);
	WRITE_ONCE(table->generation, table->generation + 1);
	return 0;
erase:
	xa_erase(&table->by_id, binding->id);
forget:
	forget_length(table, len);
	return err;
}

struct pmip6_binding *pmip6_binding_insert(struct pmip6_binding_table *table,
					   const struct pmip6_prefix *prefix)
{
	struct pmip6_binding *binding;
	int err;

	binding = kmem_cache_zalloc(binding_cache, GFP_KERNEL);
	if (!binding)
		return ERR_PTR(-ENOMEM);
	binding->prefix = *prefix;
	err = table_add(table, binding);
	if (err) {
		kmem_cache_free(binding_cache, binding);
		return ERR_PTR(err);
	}
	return binding;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_insert);

static void binding_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(binding_cache,
			container_of(rcu, struct pmip6_binding, rcu));
}

void pmip6_binding_remove(struct pmip6_binding_table *table,
			  struct pmip6_binding *binding)
{
	WARN_ON_ONCE(rcu_access_pointer(binding->paths));
	pmip6_flows_free(binding);
	rhashtable_remove_fast(&table->hash, &binding->node, binding_params);
	xa_erase(&table->by_id, binding->id);
	forget_length(table, binding->prefix.len);
	WRITE_ONCE(table->count, table->count - 1);
	WRITE_ONCE(table->generation, table->generation + 1);
	call_rcu(&binding->rcu, binding_free_rcu);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_remove);

struct pmip6_binding *pmip6_binding_find(struct pmip6_binding_table *table,
					 const struct pmip6_prefix *prefix)
{
	return rhashtable_lookup_fast(&table->hash, prefix, binding_params);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_find);

static void apply_mask(struct pmip6_prefix *prefix, const struct in6_addr *addr,
		       const struct pmip6_prefix *mask)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(addr->s6_addr32); i++)
		prefix->addr.s6_addr32[i] = addr->s6_addr32[i] &
					    mask->addr.s6_addr32[i];
	prefix->len = mask->len;
}

struct pmip6_binding *pmip6_binding_lookup(struct pmip6_binding_table *table,
					   const struct in6_addr *addr)
{
	const struct pmip6_prefix_lengths *lengths;
	struct pmip6_binding *binding;
	struct pmip6_prefix probe;
	unsigned int i;

	lengths = rcu_dereference(table->lengths);
	for (i = 0; i < lengths->count; i++) {
		apply_mask(&probe, addr, &lengths->mask[i]);
		binding = rhashtable_lookup(&table->hash, &probe,
					    binding_params);
		if (binding)
			return binding;
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_binding_lookup);

static int change(struct pmip6_device *pd, struct pmip6_binding *binding,
		  const struct pmip6_binding_spec *spec,
		  struct netlink_ext_ack *extack)
{
	int err = 0;

	if ((spec->flags & PMIP6_BINDING_F_HOSTS) && !spec->has_paths &&
	    rcu_access_pointer(binding->paths)) {
		NL_SET_ERR_MSG(extack, "a binding of hosts has no path: empty its paths as well");
		return -EINVAL;
	}
	/* The part that can fail comes first, so that all happens or nothing. */
	if (spec->has_paths)
		err = pmip6_paths_set(pd, binding, spec->path, spec->path_count,
				      extack);
	if (err)
		return err;

	WRITE_ONCE(binding->flags, (binding->flags & ~spec->flags_mask) |
				   (spec->flags & spec->flags_mask));
	if (spec->has_cookie)
		WRITE_ONCE(binding->cookie, spec->cookie);
	return 0;
}

static int create(struct pmip6_device *pd,
		  const struct pmip6_binding_spec *spec,
		  struct netlink_ext_ack *extack)
{
	struct pmip6_binding *binding;
	int err;

	binding = pmip6_binding_insert(&pd->bindings, &spec->prefix);
	if (IS_ERR(binding)) {
		NL_SET_ERR_MSG(extack, "no memory for the binding");
		return PTR_ERR(binding);
	}
	err = change(pd, binding, spec, extack);
	if (err)
		pmip6_binding_remove(&pd->bindings, binding);
	return err;
}

int pmip6_binding_set(struct pmip6_device *pd,
		      const struct pmip6_binding_spec *spec, u16 nlflags,
		      struct netlink_ext_ack *extack)
{
	struct pmip6_binding *binding;

	lockdep_assert_held(&pd->lock);
	binding = pmip6_binding_find(&pd->bindings, &spec->prefix);
	if (!binding) {
		if (nlflags & NLM_F_CREATE)
			return create(pd, spec, extack);
		NL_SET_ERR_MSG(extack, "no such binding to change: it may have expired");
		return -ENOENT;
	}
	if (nlflags & NLM_F_EXCL) {
		NL_SET_ERR_MSG(extack, "a binding for this prefix exists");
		return -EEXIST;
	}
	if (!(nlflags & NLM_F_REPLACE)) {
		NL_SET_ERR_MSG(extack, "a binding for this prefix exists: replace it?");
		return -EEXIST;
	}
	return change(pd, binding, spec, extack);
}

void pmip6_binding_delete(struct pmip6_device *pd,
			  struct pmip6_binding *binding)
{
	lockdep_assert_held(&pd->lock);
	pmip6_paths_set(pd, binding, NULL, 0, NULL);
	pmip6_binding_remove(&pd->bindings, binding);
}

void pmip6_binding_delete_all(struct pmip6_device *pd)
{
	struct pmip6_binding *binding;
	unsigned long id;

	xa_for_each(&pd->bindings.by_id, id, binding) {
		mutex_lock(&pd->lock);
		pmip6_binding_delete(pd, binding);
		mutex_unlock(&pd->lock);
		cond_resched();
	}
}

int pmip6_binding_init(void)
{
	binding_cache = KMEM_CACHE(pmip6_binding,
				   SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT);
	return binding_cache ? 0 : -ENOMEM;
}

void pmip6_binding_exit(void)
{
	kmem_cache_destroy(binding_cache);
}
