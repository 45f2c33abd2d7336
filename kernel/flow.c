// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/netlink.h>

#include "classifier.h"
#include "device.h"
#include "encap.h"
#include "flow.h"
#include "fragment.h"

/* --- The packet path. */

static const struct pmip6_path *
living_path(const struct pmip6_binding *binding, u16 bid)
{
	const struct pmip6_path *path = rcu_dereference(binding->paths);

	for (; path; path = rcu_dereference(path->next))
		if (path->bid == bid)
			return pmip6_expiry_set_is_due(path->set) ? NULL :
								    path;
	return NULL;
}

static const struct pmip6_path *
first_living(const struct pmip6_binding *binding, const struct pmip6_flow *flow)
{
	const struct pmip6_path *path = NULL;
	unsigned int i;

	for (i = 0; !path && i < flow->spec.bid_count; i++)
		path = living_path(binding, flow->spec.bid[i]);
	return path;
}

/* One that drops needs no path; others are inactive without. */
static bool is_active(const struct pmip6_binding *binding,
		      const struct pmip6_flow *flow,
		      const struct pmip6_path **path)
{
	*path = NULL;
	if (flow->spec.action == PMIP6_FLOW_DROP)
		return true;
	*path = first_living(binding, flow);
	return *path;
}

static struct pmip6_flow *find_active(const struct pmip6_flow_table *table,
				      const struct pmip6_binding *binding,
				      const struct sk_buff *skb,
				      const struct pmip6_path **path)
{
	struct pmip6_flow_key key;
	int at = -1;

	pmip6_flow_key_of(skb, &key);
	while ((at = pmip6_classifier_find(table->classifier, &key,
					   at + 1)) >= 0)
		if (is_active(binding, table->flow[at], path))
			return table->flow[at];
	return NULL;
}

static struct pmip6_flow *find_fid(const struct pmip6_flow_table *table,
				   u16 fid)
{
	unsigned int low = 0, high = table->count, middle;
	struct pmip6_flow *flow;

	while (low < high) {
		middle = (low + high) / 2;
		flow = table->flow[table->by_fid[middle]];
		if (flow->spec.fid == fid)
			return flow;
		if (flow->spec.fid < fid)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static struct pmip6_flow *find_of_fragment(struct pmip6_fragments *fragments,
					   const struct pmip6_fragment *fragment,
					   const struct pmip6_flow_table *table,
					   const struct pmip6_binding *binding,
					   const struct pmip6_path **path)
{
	u16 fid = pmip6_fragment_flow(fragments, fragment);
	struct pmip6_flow *flow = fid ? find_fid(table, fid) : NULL;

	return flow && is_active(binding, flow, path) ? flow : NULL;
}

const struct pmip6_path *pmip6_flow_choose(const struct pmip6_binding *binding,
					   struct sk_buff *skb,
					   struct pmip6_flow **flow,
					   enum pmip6_drop *why)
{
	const struct pmip6_flow_table *table = rcu_dereference(binding->flows);
	struct pmip6_fragments *fragments;
	const struct pmip6_path *path = NULL;
	struct pmip6_fragment fragment;
	bool is_fragment;

	*flow = NULL;
	if (!table)
		return pmip6_path_choose(binding, skb, why);
	fragments = table->fragments;
	is_fragment = pmip6_fragment_of(fragments, skb, &fragment);
	if (is_fragment && !fragment.first) {
		*flow = find_of_fragment(fragments, &fragment, table, binding,
					 &path);
	} else {
		*flow = find_active(table, binding, skb, &path);
		if (is_fragment)
			pmip6_fragment_note(fragments, &fragment,
					    *flow ? (*flow)->spec.fid : 0);
	}
	if (!*flow)
		return pmip6_path_choose(binding, skb, why);
	*why = PMIP6_DROP_FLOW;
	return path;
}

void pmip6_flow_duplicate(const struct pmip6_binding *binding,
			  const struct pmip6_flow *flow,
			  const struct pmip6_path *path, struct sk_buff *skb)
{
	const struct pmip6_path *other;
	struct sk_buff *copy;
	unsigned int i;

	for (i = 0; i < flow->spec.bid_count; i++) {
		other = living_path(binding, flow->spec.bid[i]);
		if (!other || other == path)
			continue;
		copy = skb_clone(skb, GFP_ATOMIC);
		if (!copy)
			return;
		if (pmip6_encap_xmit(copy, other->tunnel))
			kfree_skb(copy);
	}
}

/* --- Changes. */

static struct pmip6_flow_table *flows_of(struct pmip6_device *pd,
					 const struct pmip6_binding *binding)
{
	return rcu_dereference_protected(binding->flows,
					 lockdep_is_held(&pd->lock));
}

static void flow_put(struct pmip6_flow *flow)
{
	if (!--flow->tables)
		kfree_rcu(flow, rcu);
}

static void table_free_rcu(struct rcu_head *rcu)
{
	struct pmip6_flow_table *table;

	table = container_of(rcu, struct pmip6_flow_table, rcu);
	pmip6_classifier_free(table->classifier);
	kvfree(table->by_fid);
	kvfree(table);
}

/* Readers may have it until a grace period ends, and so its flows. */
static void table_put(struct pmip6_flow_table *table)
{
	unsigned int i;

	if (!table)
		return;
	for (i = 0; i < table->count; i++)
		flow_put(table->flow[i]);
	call_rcu(&table->rcu, table_free_rcu);
}

static int compare_priorities(const void *a, const void *b)
{
	const struct pmip6_flow *const *one = a, *const *other = b;

	return (*one)->spec.priority - (*other)->spec.priority;
}

static int compare_fids(const void *a, const void *b, const void *priv)
{
	const struct pmip6_flow_table *table = priv;

	return table->flow[*(const u16 *)a]->spec.fid -
	       table->flow[*(const u16 *)b]->spec.fid;
}

/* What the flows of a table, in whatever order, need besides. */
static int table_finish(struct pmip6_flow_table *table,
			struct netlink_ext_ack *extack)
{
	const struct pmip6_selector **selectors;
	unsigned int i;

	sort(table->flow, table->count, sizeof(*table->flow),
	     compare_priorities, NULL);
	for (i = 1; i < table->count; i++)
		if (!compare_priorities(&table->flow[i - 1], &table->flow[i])) {
			NL_SET_ERR_MSG(extack, "two flows have the same priority");
			return -EINVAL;
		}
	table->by_fid = kvmalloc_array(table->count, sizeof(*table->by_fid),
				       GFP_KERNEL_ACCOUNT);
	selectors = kvmalloc_array(table->count, sizeof(*selectors),
				   GFP_KERNEL);
	if (!table->by_fid || !selectors)
		goto no_memory;
	for (i = 0; i < table->count; i++) {
		table->by_fid[i] = i;
		selectors[i] = &table->flow[i]->spec.selector;
	}
	sort_r(table->by_fid, table->count, sizeof(*table->by_fid),
	       compare_fids, NULL, table);
	table->classifier = pmip6_classifier_new(selectors, table->count);
	kvfree(selectors);
	if (table->classifier)
		return 0;
	selectors = NULL;
no_memory:
	kvfree(selectors);
	NL_SET_ERR_MSG(extack, "no memory for the flows");
	return -ENOMEM;
}

static struct pmip6_flow_table *table_new(const struct pmip6_device *pd,
					  unsigned int room,
					  struct netlink_ext_ack *extack)
{
	struct pmip6_flow_table *table;

	table = kvzalloc(struct_size(table, flow, room), GFP_KERNEL_ACCOUNT);
	if (!table) {
		NL_SET_ERR_MSG(extack, "no memory for the flows");
		return NULL;
	}
	/* By way of the table, so that who sees that sees this as well. */
	table->fragments = pd->fragments;
	return table;
}

static void table_add(struct pmip6_flow_table *table, struct pmip6_flow *flow)
{
	flow->tables++;
	table->flow[table->count++] = flow;
}

static const struct pmip6_flow_spec *
spec_of(const struct pmip6_flow_spec *specs, unsigned int count, u16 fid)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (specs[i].fid == fid)
			return &specs[i];
	return NULL;
}

static int check_flags(const struct pmip6_flow_table *old, u16 fid, u16 nlflags,
		       struct netlink_ext_ack *extack)
{
	bool is_there = old && find_fid(old, fid);

	if (is_there && (nlflags & NLM_F_EXCL || !(nlflags & NLM_F_REPLACE))) {
		NL_SET_ERR_MSG(extack, "a flow of this identifier exists");
		return -EEXIST;
	}
	if (!is_there && !(nlflags & NLM_F_CREATE)) {
		NL_SET_ERR_MSG(extack, "no such flow to change");
		return -ENOENT;
	}
	return 0;
}

static int add_specs(struct pmip6_flow_table *table,
		     const struct pmip6_flow_table *old,
		     const struct pmip6_flow_spec *specs, unsigned int count,
		     u16 nlflags, struct netlink_ext_ack *extack)
{
	struct pmip6_flow *flow;
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		err = check_flags(old, specs[i].fid, nlflags, extack);
		if (err)
			return err;
		if (spec_of(specs, i, specs[i].fid)) {
			NL_SET_ERR_MSG(extack, "two flows have the same identifier");
			return -EINVAL;
		}
		flow = kzalloc(sizeof(*flow), GFP_KERNEL_ACCOUNT);
		if (!flow) {
			NL_SET_ERR_MSG(extack, "no memory for the flows");
			return -ENOMEM;
		}
		flow->spec = specs[i];
		table_add(table, flow);
	}
	return 0;
}

/* Once for all bindings of a device: those without flows need none. */
static int need_fragments(struct pmip6_device *pd,
			  struct netlink_ext_ack *extack)
{
	struct pmip6_fragments *fragments;

	if (pd->fragments)
		return 0;
	fragments = pmip6_fragments_new();
	if (!fragments) {
		NL_SET_ERR_MSG(extack, "no memory for the flows");
		return -ENOMEM;
	}
	WRITE_ONCE(pd->fragments, fragments);
	return 0;
}

static int publish(struct pmip6_device *pd, struct pmip6_binding *binding,
		   struct pmip6_flow_table *table, int err)
{
	struct pmip6_flow_table *old = flows_of(pd, binding);

	if (err) {
		table_put(table);
		return err;
	}
	rcu_assign_pointer(binding->flows, table);
	table_put(old);
	return 0;
}

int pmip6_flows_set(struct pmip6_device *pd, struct pmip6_binding *binding,
		    const struct pmip6_flow_spec *specs, unsigned int count,
		    u16 nlflags, struct netlink_ext_ack *extack)
{
	struct pmip6_flow_table *old = flows_of(pd, binding), *table;
	unsigned int had = old ? old->count : 0, i;
	int err;

	lockdep_assert_held(&pd->lock);
	err = need_fragments(pd, extack);
	if (err)
		return err;
	table = table_new(pd, had + count, extack);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < had; i++)
		if (!spec_of(specs, count, old->flow[i]->spec.fid))
			table_add(table, old->flow[i]);
	err = add_specs(table, old, specs, count, nlflags, extack);
	if (!err && table->count > PMIP6_FLOWS_MAX) {
		NL_SET_ERR_MSG(extack, "a binding has 4096 flows at most");
		err = -E2BIG;
	}
	if (!err)
		err = table_finish(table, extack);
	return publish(pd, binding, table, err);
}

int pmip6_flow_delete(struct pmip6_device *pd, struct pmip6_binding *binding,
		      u16 fid, struct netlink_ext_ack *extack)
{
	struct pmip6_flow_table *old = flows_of(pd, binding), *table;
	unsigned int i;

	lockdep_assert_held(&pd->lock);
	if (!old || !find_fid(old, fid)) {
		NL_SET_ERR_MSG(extack, "no such flow");
		return -ENOENT;
	}
	if (old->count == 1) {
		pmip6_flows_free(binding);
		return 0;
	}
	table = table_new(pd, old->count - 1, extack);
	if (!table)
		return -ENOMEM;
	for (i = 0; i < old->count; i++)
		if (old->flow[i]->spec.fid != fid)
			table_add(table, old->flow[i]);
	return publish(pd, binding, table, table_finish(table, extack));
}

void pmip6_flows_free(struct pmip6_binding *binding)
{
	table_put(rcu_replace_pointer(binding->flows, NULL, true));
}
