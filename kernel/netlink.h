/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic-netlink family: commands in.
 */
#ifndef PMIP6_NETLINK_H
#define PMIP6_NETLINK_H

#include <linux/pmip6.h>
#include <net/genetlink.h>

#include "binding.h"
#include "counters.h"

struct pmip6_device;

/* Room of a nest that holds an IPv6 address or prefix. */
#define PMIP6_ADDR_ATTR_SIZE \
	(nla_total_size(0) + nla_total_size(sizeof(u16)) + \
	 nla_total_size(sizeof(struct in6_addr)) + nla_total_size(sizeof(u8)))

extern struct genl_family pmip6_genl_family;
extern struct netlink_range_validation pmip6_ifindex_range;
extern struct netlink_range_validation pmip6_expiry_set_or_own;
extern const struct nla_policy pmip6_addr_policy[PMIP6_A_ADDR_MAX + 1];
extern const struct nla_policy pmip6_prefix_policy[PMIP6_A_ADDR_MAX + 1];
extern const struct nla_policy pmip6_binding_policy[PMIP6_A_BINDING_MAX + 1];
extern const struct nla_policy
pmip6_expiry_set_policy[PMIP6_A_EXPIRY_SET_MAX + 1];
extern const struct nla_policy pmip6_flows_policy[PMIP6_A_FLOWS_MAX + 1];

/**
 * pmip6_parse_addr() - read an address attribute
 * @attr: a nest of enum pmip6_addr_attr
 * @addr: where to put it
 * @extack: told why not
 *
 * Context: any.
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a family that is not there yet.
 */
int pmip6_parse_addr(const struct nlattr *attr, struct in6_addr *addr,
		     struct netlink_ext_ack *extack);

/**
 * pmip6_parse_prefix() - read a prefix attribute
 * @attr: a nest of enum pmip6_addr_attr, with PMIP6_A_ADDR_PREFIXLEN
 * @prefix: where to put it
 * @extack: told why not
 *
 * Bits after the prefix length are refused: they are a mistake more often
 * than not.
 *
 * Context: any.
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a family that is not there yet.
 */
int pmip6_parse_prefix(const struct nlattr *attr, struct pmip6_prefix *prefix,
		       struct netlink_ext_ack *extack);

/**
 * pmip6_parse_lifetime() - read a lifetime
 * @attr: a u64 of milliseconds, or NULL
 * @lifetime_ms: where to put it
 * @extack: told why not
 *
 * Context: any.
 * Return: 0, -EINVAL without one, or -ERANGE.
 */
int pmip6_parse_lifetime(const struct nlattr *attr, u64 *lifetime_ms,
			 struct netlink_ext_ack *extack);

/**
 * pmip6_put_addr() - write an address attribute
 * @skb: the message
 * @type: its type
 * @addr: the address
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int pmip6_put_addr(struct sk_buff *skb, int type, const struct in6_addr *addr);

/**
 * pmip6_put_prefix() - write a prefix attribute
 * @skb: the message
 * @type: its type
 * @prefix: the prefix
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int pmip6_put_prefix(struct sk_buff *skb, int type,
		     const struct pmip6_prefix *prefix);

/**
 * pmip6_put_totals() - write a nest of counters
 * @skb: the message
 * @type: its type
 * @totals: the counters
 * @local: with those of local routing
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int pmip6_put_totals(struct sk_buff *skb, int type,
		     const struct pmip6_totals *totals, bool local);

/**
 * pmip6_command_device() - carry out a command on the device that it is about
 * @info: the command
 * @attr: the attribute with the device's index, or NULL
 * @act: does it, under the device's lock
 *
 * Checks that the caller may speak to the underlay too.
 *
 * Context: process.
 * Return: what @act does, or why there is no such device, which @info is told.
 */
int pmip6_command_device(struct genl_info *info, const struct nlattr *attr,
			 int (*act)(struct pmip6_device *pd,
				    struct genl_info *info));

/**
 * struct pmip6_dump - where a dump of things of several devices goes on
 * @ifindex: the only device wanted, or 0 for all
 * @after: devices up to this one are in
 * @at: the device that was begun
 * @id: the first id to go on with there
 * @part: of what has that id, the part to go on with
 */
struct pmip6_dump {
	int ifindex;
	int after;
	int at;
	u32 id;
	u32 part;
};

/**
 * typedef pmip6_dump_t - put what one device has into a dump
 * @skb: the dump
 * @cb: its state
 * @pd: the device
 * @id: in: where to start; out: where to go on if it did not all fit
 *
 * Context: RCU read side.
 * Return: 0 when all of it is in, or -EMSGSIZE.
 */
typedef int (*pmip6_dump_t)(struct sk_buff *skb, struct netlink_callback *cb,
			    struct pmip6_device *pd, u32 *id);

/**
 * pmip6_dump_devices() - walk the devices that a dump is about
 * @skb: the dump
 * @cb: its state, begun by pmip6_dump_start()
 * @one: puts what one device has
 *
 * No lock is held from one call to the next, nor any reference: a dump that
 * is never read to its end keeps nothing alive.
 *
 * Context: process.
 * Return: what a dumpit callback returns.
 */
int pmip6_dump_devices(struct sk_buff *skb, struct netlink_callback *cb,
		       pmip6_dump_t one);

/**
 * pmip6_dump_start() - begin a dump
 * @cb: its state
 * @ifindex: the attribute that names the only device wanted, or NULL for all
 *
 * Context: process.
 * Return: 0, or a negative error with the caller's extack told why.
 */
int pmip6_dump_start(struct netlink_callback *cb, const struct nlattr *ifindex);

int pmip6_binding_new_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_binding_del_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_binding_get_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_binding_get_start(struct netlink_callback *cb);
int pmip6_binding_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int pmip6_expiry_set_new_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_expiry_set_del_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_expiry_set_get_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_expiry_set_get_start(struct netlink_callback *cb);
int pmip6_expiry_set_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);

int pmip6_flow_new_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_flow_del_doit(struct sk_buff *skb, struct genl_info *info);
int pmip6_flow_get_start(struct netlink_callback *cb);
int pmip6_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * pmip6_netlink_init() - module init: the family
 *
 * Context: process.
 * Return: 0 or a negative error.
 */
int pmip6_netlink_init(void);

/**
 * pmip6_netlink_exit() - module exit
 *
 * Context: process.
 */
void pmip6_netlink_exit(void);

#endif /* PMIP6_NETLINK_H */
