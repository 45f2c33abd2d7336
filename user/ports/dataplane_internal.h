/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the data plane share.
 */
#ifndef PMIP6_PORTS_DATAPLANE_INTERNAL_H
#define PMIP6_PORTS_DATAPLANE_INTERNAL_H

#include "dataplane_genl.h"

/**
 * dataplane_request() - a request of its family
 * @dataplane: the connection
 * @cmd: the command
 * @flags: NLM_F_* besides those of any request
 *
 * Return: the message, or NULL without memory. Without the module it is answered
 * with ENOENT.
 */
struct nl_msg *dataplane_request(struct dataplane *dataplane,
				 enum pmip6_cmd cmd, int flags);

/**
 * dataplane_submit() - send a request that is answered by its outcome alone
 * @dataplane: the connection
 * @msg: the request, which is freed
 * @done: when the kernel has answered
 * @context: for @done
 */
void dataplane_submit(struct dataplane *dataplane, struct nl_msg *msg,
		      nl_done_t done, void *context);

#endif /* PMIP6_PORTS_DATAPLANE_INTERNAL_H */
