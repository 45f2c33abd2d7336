/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MTU of tunnels to anchors (RFC 5213 6.9.5), as the kernel knows it: by
 * ICMPv6 path MTU discovery, by routes and by links. It is read when a tunnel
 * is new, when a link changes, and every now and then, since a path MTU can
 * change without anybody being told.
 */
#ifndef PMIP6D_TUNNEL_MTU_H
#define PMIP6D_TUNNEL_MTU_H

#include "mag_role.h"

/**
 * tunnel_mtu_start() - begin
 * @gateway: the role
 */
void tunnel_mtu_start(struct mag_role *gateway);

/**
 * tunnel_mtu_stop() - end
 * @gateway: the role
 */
void tunnel_mtu_stop(struct mag_role *gateway);

/**
 * tunnel_mtu_read() - what are they now
 * @gateway: the role
 */
void tunnel_mtu_read(struct mag_role *gateway);

/**
 * tunnel_mtu_on_link() - a link came, changed or went: look soon
 * @gateway: the role
 */
void tunnel_mtu_on_link(struct mag_role *gateway);

#endif /* PMIP6D_TUNNEL_MTU_H */
