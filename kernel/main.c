// SPDX-License-Identifier: GPL-2.0
/*
 * Proxy Mobile IPv6 (RFC 5213): the forwarding path.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "access.h"
#include "binding.h"
#include "decap.h"
#include "device.h"
#include "fastpath.h"
#include "net.h"
#include "netlink.h"
#include "path.h"
#include "tunnel.h"

static unsigned int net_id __read_mostly;

struct pmip6_net *pmip6_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init init_net_part(struct net *net)
{
	struct pmip6_net *pn = pmip6_net(net);

	INIT_LIST_HEAD(&pn->devices);
	INIT_HLIST_HEAD(&pn->inside);
	return pmip6_tunnel_init_net(pn);
}

static void __net_exit pre_exit_net_part(struct net *net)
{
	pmip6_access_disable(net);
}

static void __net_exit exit_net_part(struct net *net)
{
	pmip6_tunnel_exit_net(pmip6_net(net));
}

/*
 * A subsystem ends after all devices: until the underlay's are gone, packets
 * that come in by them are looked up in what is kept here.
 */
static struct pernet_operations net_ops = {
	.init = init_net_part,
	.pre_exit = pre_exit_net_part,
	.exit = exit_net_part,
	.id = &net_id,
	.size = sizeof(struct pmip6_net),
};

static void __net_exit exit_devices(struct list_head *nets)
{
	struct net *net;
	LIST_HEAD(kill);

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		pmip6_device_exit_net(net, &kill);
	unregister_netdevice_many(&kill);
	rtnl_unlock();
}

static struct pernet_operations device_ops = {
	.exit_batch = exit_devices,
};

static int __init pmip6_init_caches(void)
{
	int err;

	err = pmip6_binding_init();
	if (err)
		return err;
	err = pmip6_path_init();
	if (err)
		pmip6_binding_exit();
	return err;
}

static void pmip6_exit_caches(void)
{
	/* What was freed by RCU must be back before its cache goes. */
	rcu_barrier();
	pmip6_path_exit();
	pmip6_binding_exit();
}

static int __init pmip6_init(void)
{
	int err;

	err = pmip6_init_caches();
	if (err)
		return err;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto caches;
	err = register_pernet_device(&device_ops);
	if (err)
		goto net;
	err = pmip6_decap_init();
	if (err)
		goto net_devices;
	err = pmip6_access_init();
	if (err)
		goto decap;
	err = pmip6_fastpath_init();
	if (err)
		goto access;
	err = pmip6_device_init();
	if (err)
		goto fastpath;
	err = pmip6_netlink_init();
	if (err)
		goto device;
	return 0;
device:
	pmip6_device_exit();
fastpath:
	pmip6_fastpath_exit();
access:
	pmip6_access_exit();
decap:
	pmip6_decap_exit();
net_devices:
	unregister_pernet_device(&device_ops);
net:
	unregister_pernet_subsys(&net_ops);
caches:
	pmip6_exit_caches();
	return err;
}

static void __exit pmip6_exit(void)
{
	pmip6_netlink_exit();
	pmip6_device_exit();
	pmip6_fastpath_exit();
	pmip6_access_exit();
	pmip6_decap_exit();
	unregister_pernet_device(&device_ops);
	unregister_pernet_subsys(&net_ops);
	pmip6_exit_caches();
}

module_init(pmip6_init);
module_exit(pmip6_exit);

MODULE_DESCRIPTION("Proxy Mobile IPv6 forwarding");
MODULE_AUTHOR("The pmip6 developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY(PMIP6_GENL_NAME);
