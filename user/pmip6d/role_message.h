/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages find whom they are for: by the role whose address they were sent
 * to, and by their type.
 */
#ifndef PMIP6D_ROLE_MESSAGE_H
#define PMIP6D_ROLE_MESSAGE_H

#include <netinet/in.h>

#include "../mh/mh.h"

/**
 * role_on_message() - a message has come (struct mh_socket_config.on_message)
 * @arg: the role that it was sent to
 * @src: its source
 * @dst: its destination, the address of the role
 * @message: what
 *
 * One that nobody in that role has a use for is counted.
 */
void role_on_message(void *arg, const struct in6_addr *src,
		     const struct in6_addr *dst,
		     const struct mh_message *message);

#endif /* PMIP6D_ROLE_MESSAGE_H */
