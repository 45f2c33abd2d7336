// SPDX-License-Identifier: GPL-2.0
#include <linux/netlink.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "extack.h"

void extack_enable(struct nl_sock *sock)
{
	int on = 1, fd = nl_socket_get_fd(sock);

	/* Without these there is an error number still. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
}

const char *extack_message(const struct nlmsgerr *err)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)
				     ((const char *)err - NLMSG_HDRLEN);
	size_t offset = sizeof(*err), payload = (size_t)nlmsg_datalen(nlh);
	struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += (size_t)nlmsg_datalen(&err->msg);
	offset = NLMSG_ALIGN(offset);
	if (offset >= payload)
		return NULL;
	attr = nla_find((const struct nlattr *)((const char *)err + offset),
			(int)(payload - offset), NLMSGERR_ATTR_MSG);
	return attr ? nla_get_string(attr) : NULL;
}
