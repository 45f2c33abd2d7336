// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces of a mobile node that share its prefixes: which path of an anchor's
 * kernel is which one's.
 */
#include <string.h>

#include "world.h"

const struct bce *check_interface(const struct bce *bce,
				  const struct mh_ll_id *ll_id)
{
	const struct bce *path = bce;

	if (!bce->path)
		return bce;
	do {
		if (path->now.ll_id.len == ll_id->len &&
		    !memcmp(path->now.ll_id.data, ll_id->data, ll_id->len))
			return path;
		path = bce_next_path(path);
	} while (path != bce);
	return NULL;
}

bool check_cookie(const struct bce *bce, uint64_t cookie)
{
	const struct bce *path = bce;

	do {
		if (path->id == cookie)
			return true;
		path = bce_next_path(path);
	} while (path != bce);
	return false;
}

const struct kernel_path *check_path(const struct agent *agent,
				     const struct bce *bce,
				     const struct mh_prefix *hnp)
{
	const struct kernel_binding *binding =
		kernel_binding(&agent->kernel, hnp);

	if (!binding)
		return NULL;
	return kernel_path_by_bid(binding, bce->path ? bce->path->bid :
						       KERNEL_BID);
}
