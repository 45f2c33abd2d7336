# SPDX-License-Identifier: GPL-2.0
"""Links and routes without a process for each, to make and delete very often."""
import socket
import struct

from genl import NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, NLMSG_ERROR
from genl import address, attr, nest

RTM_NEWLINK, RTM_DELLINK, RTM_NEWROUTE = 16, 17, 24
IFLA_IFNAME, IFLA_LINKINFO, INFO_KIND, INFO_DATA = 3, 18, 1, 2
PMIP6_ROLE, PMIP6_LOCAL, PMIP6_LINK = 1, 2, 4
ROLE_LMA, ROLE_MAG = 1, 2
IFF_UP = 1
RTA_DST, RTA_OIF = 1, 4
TABLE_MAIN, PROTO_STATIC, UNICAST = 254, 4, 1


class Rtnl:
    """A socket in the namespace that the process is in."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self.sock.bind((0, 0))

    def ask(self, kind, flags, payload):
        """The error number of the answer."""
        self.sock.send(struct.pack("=IHHII", 16 + len(payload), kind,
                                   NLM_F_REQUEST | NLM_F_ACK | flags, 1, 0) +
                       payload)
        answer = self.sock.recv(65536)
        length, got = struct.unpack("=IH", answer[:6])
        if got != NLMSG_ERROR:
            raise AssertionError(f"no acknowledgement but {got} of {length}")
        return -struct.unpack("=i", answer[16:20])[0]

    def add_device(self, name, role, local, link=0):
        """A pmip6 device, up."""
        info = nest(IFLA_LINKINFO, attr(INFO_KIND, b"pmip6\0"),
                    nest(INFO_DATA, attr(PMIP6_ROLE, bytes([role])),
                         address(PMIP6_LOCAL, local),
                         attr(PMIP6_LINK, struct.pack("=I", link))))
        return self.ask(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
                        struct.pack("=BxHiII", 0, 0, 0, IFF_UP, IFF_UP) +
                        attr(IFLA_IFNAME, name.encode() + b"\0") + info)

    def del_link(self, ifindex):
        return self.ask(RTM_DELLINK, 0,
                        struct.pack("=BxHiII", 0, 0, ifindex, 0, 0))

    def add_route(self, prefix, length, ifindex):
        head = struct.pack("=BBBBBBBBI", socket.AF_INET6, length, 0, 0,
                           TABLE_MAIN, PROTO_STATIC, 0, UNICAST, 0)
        return self.ask(RTM_NEWROUTE, NLM_F_CREATE, head +
                        attr(RTA_DST, socket.inet_pton(socket.AF_INET6, prefix)) +
                        attr(RTA_OIF, struct.pack("=I", ifindex)))
