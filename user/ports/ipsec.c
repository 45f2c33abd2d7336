// SPDX-License-Identifier: GPL-2.0
#include "ipsec.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <linux/xfrm.h>

/* As the kernel wants it: a policy, and behind it what it asks for. */
struct socket_policy {
	struct xfrm_userpolicy_info policy;
	struct xfrm_user_tmpl esp;
};

static int set_policy(int fd, uint8_t direction, uint32_t reqid)
{
	struct socket_policy wanted = {
		.policy = {
			.sel.family = AF_INET6,
			.lft = {
				.soft_byte_limit = XFRM_INF,
				.hard_byte_limit = XFRM_INF,
				.soft_packet_limit = XFRM_INF,
				.hard_packet_limit = XFRM_INF,
			},
			.dir = direction,
			.action = XFRM_POLICY_ALLOW,
		},
		.esp = {
			.family = AF_INET6,
			.id.proto = IPPROTO_ESP,
			.mode = XFRM_MODE_TRANSPORT,
			.reqid = reqid,
			.aalgos = UINT32_MAX,
			.ealgos = UINT32_MAX,
			.calgos = UINT32_MAX,
		},
	};

	return setsockopt(fd, IPPROTO_IPV6, IPV6_XFRM_POLICY, &wanted,
			  sizeof(wanted)) ? errno : 0;
}

int ipsec_require(int fd, uint32_t reqid)
{
	int error = set_policy(fd, XFRM_POLICY_IN, reqid);

	/* Without the number, associations that are there would not be found. */
	if (!error && reqid)
		error = set_policy(fd, XFRM_POLICY_OUT, reqid);
	return error;
}
