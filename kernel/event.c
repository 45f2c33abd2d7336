// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <net/genetlink.h>

#include "device.h"
#include "event.h"
#include "netlink.h"
#include "path.h"

/* At most ten of the rate-limited events a second and device. */
#define EVENT_INTERVAL	(HZ / 10)

#define EVENT_SIZE	256

static bool anybody_listens(const struct pmip6_device *pd)
{
	return genl_has_listeners(&pmip6_genl_family, dev_net(pd->dev), 0);
}

/* One winner an interval; the others only read. */
static bool may_tell(struct pmip6_device *pd)
{
	unsigned long next = READ_ONCE(pd->next_event), now = jiffies;

	if (time_before(now, next))
		return false;
	return cmpxchg(&pd->next_event, next, now + EVENT_INTERVAL) == next;
}

static struct sk_buff *event_new(struct pmip6_device *pd, enum pmip6_cmd cmd,
				 void **header, gfp_t gfp)
{
	struct sk_buff *msg = genlmsg_new(EVENT_SIZE, gfp);

	if (!msg)
		return NULL;
	*header = genlmsg_put(msg, 0, 0, &pmip6_genl_family, 0, cmd);
	if (*header &&
	    !nla_put_u32(msg, PMIP6_A_EVENT_IFINDEX, pd->dev->ifindex))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static void event_send(struct pmip6_device *pd, struct sk_buff *msg,
		       void *header)
{
	genlmsg_end(msg, header);
	/* The namespace that the device is in now; the device keeps it. */
	rcu_read_lock();
	genlmsg_multicast_netns(&pmip6_genl_family, dev_net(pd->dev), msg, 0, 0,
				GFP_ATOMIC);
	rcu_read_unlock();
}

static int put_expired(struct sk_buff *msg, const struct pmip6_path *path)
{
	const struct pmip6_binding *binding = path->binding;

	return pmip6_put_prefix(msg, PMIP6_A_EVENT_HNP, &binding->prefix) ||
	       nla_put_u64_64bit(msg, PMIP6_A_EVENT_COOKIE, binding->cookie,
				 PMIP6_A_EVENT_PAD) ||
	       nla_put_u16(msg, PMIP6_A_EVENT_BID, path->bid) ||
	       nla_put_u32(msg, PMIP6_A_EVENT_EXPIRY_SET, path->set->id) ||
	       nla_put_u32(msg, PMIP6_A_EVENT_GENERATION,
			   path->set->generation);
}

void pmip6_event_path_expired(struct pmip6_device *pd,
			      const struct pmip6_path *path)
{
	struct sk_buff *msg;
	void *header;

	if (!anybody_listens(pd))
		return;
	msg = event_new(pd, PMIP6_CMD_PATH_EXPIRED, &header, GFP_KERNEL);
	if (!msg)
		return;
	if (put_expired(msg, path)) {
		nlmsg_free(msg);
		return;
	}
	event_send(pd, msg, header);
}

void pmip6_event_expiry_set_expired(struct pmip6_device *pd,
				    const struct pmip6_shared_set *shared)
{
	struct sk_buff *msg;
	void *header;

	if (!anybody_listens(pd))
		return;
	msg = event_new(pd, PMIP6_CMD_EXPIRY_SET_EXPIRED, &header, GFP_KERNEL);
	if (!msg)
		return;
	if (nla_put_u32(msg, PMIP6_A_EVENT_EXPIRY_SET, shared->set.id) ||
	    nla_put_u32(msg, PMIP6_A_EVENT_GENERATION,
			shared->set.generation) ||
	    nla_put_u32(msg, PMIP6_A_EVENT_PATHS, shared->reaped)) {
		nlmsg_free(msg);
		return;
	}
	event_send(pd, msg, header);
}

static int put_unknown(struct sk_buff *msg, const struct in6_addr *mn,
		       const struct in6_addr *remote, int ifindex,
		       enum pmip6_drop why)
{
	if (pmip6_put_addr(msg, PMIP6_A_EVENT_ADDRESS, mn) ||
	    nla_put_u32(msg, PMIP6_A_EVENT_DROP, why))
		return -EMSGSIZE;
	if (remote && pmip6_put_addr(msg, PMIP6_A_EVENT_REMOTE, remote))
		return -EMSGSIZE;
	if (ifindex && nla_put_u32(msg, PMIP6_A_EVENT_ACCESS_IFINDEX, ifindex))
		return -EMSGSIZE;
	return 0;
}

void pmip6_event_mn_unknown(struct pmip6_device *pd, const struct in6_addr *mn,
			    const struct in6_addr *remote, int ifindex,
			    enum pmip6_drop why)
{
	struct sk_buff *msg;
	void *header;

	if (!anybody_listens(pd) || !may_tell(pd))
		return;
	msg = event_new(pd, PMIP6_CMD_MN_UNKNOWN, &header, GFP_ATOMIC);
	if (!msg)
		return;
	if (put_unknown(msg, mn, remote, ifindex, why)) {
		nlmsg_free(msg);
		return;
	}
	event_send(pd, msg, header);
}

void pmip6_event_tunnel_unknown(struct pmip6_device *pd,
				const struct in6_addr *remote)
{
	struct sk_buff *msg;
	void *header;

	if (!anybody_listens(pd) || !may_tell(pd))
		return;
	msg = event_new(pd, PMIP6_CMD_TUNNEL_UNKNOWN, &header, GFP_ATOMIC);
	if (!msg)
		return;
	if (pmip6_put_addr(msg, PMIP6_A_EVENT_REMOTE, remote) ||
	    nla_put_u32(msg, PMIP6_A_EVENT_DROP, PMIP6_DROP_NO_TUNNEL)) {
		nlmsg_free(msg);
		return;
	}
	event_send(pd, msg, header);
}
