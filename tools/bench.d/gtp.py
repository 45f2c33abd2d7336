# SPDX-License-Identifier: GPL-2.0
"""PDP contexts of the kernel's GTP-U, over netlink."""
import ipaddress
import os
import socket
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "../../selftests"))
import genl                                             # noqa: E402

LOCAL, REMOTE = "198.51.100.1", "198.51.100.2"
POOL = ipaddress.IPv4Network("10.0.0.0/8")

# uapi/linux/gtp.h
CMD_NEWPDP = 0
A_LINK, A_VERSION, A_PEER, A_MS, A_I_TEI, A_O_TEI = 1, 2, 4, 5, 8, 9
VERSION_1 = 1

BATCH = 64


def mobile_node(number):
    return POOL[number + 2]


class Family(genl.Family):
    """The same as ours, of another name."""
    name = b"gtp\0"

    def new(self, ifindex, number):
        u32 = (lambda value: value.to_bytes(4, sys.byteorder))
        return self.message(
            self.family, genl.NLM_F_REQUEST | genl.NLM_F_ACK | genl.NLM_F_CREATE |
            genl.NLM_F_EXCL, CMD_NEWPDP,
            genl.attr(A_LINK, u32(ifindex)) +
            genl.attr(A_VERSION, u32(VERSION_1)) +
            genl.attr(A_PEER, socket.inet_aton(REMOTE)) +
            genl.attr(A_MS, mobile_node(number).packed) +
            genl.attr(A_I_TEI, u32(number + 1)) +
            genl.attr(A_O_TEI, u32(number + 1)))


def add(device, count):
    """COUNT contexts of one peer, in the namespace that this thread is in."""
    family, ifindex = Family(), socket.if_nametoindex(device)
    for first in range(0, count, BATCH):
        errors = family.do([family.new(ifindex, number)
                            for number in range(first, min(first + BATCH, count))])
        if any(errors):
            raise OSError(max(errors), f"{device}: PDP context refused: "
                          f"{os.strerror(max(errors))}")
