# SPDX-License-Identifier: GPL-2.0
"""What is measured: a kind of packets, through a router of a kind and size."""
import dataclasses

import gtp
import routers
import source
from source import DESTINATION, ETHERNET, IPV6, NUMBER, SOURCE

SIZE = 128

# The mobile node whose packets these are, if all are of one: of rules without a
# preference the first is looked at last.
FIXED = 0


class ForwardsNothing(Exception):
    """Packets went in, and did not come out as they should."""


def _to_router(kind, packet):
    return source.ethernet(routers.SENDER_MAC, routers.ROUTER_MAC, kind, packet)


def _ipv6(packet):
    return _to_router(source.ETH_P_IPV6, packet)


def _tunnelled(packet):
    return _ipv6(source.ipv6(routers.remote(0), routers.LOCAL, source.PROTO_IPV6,
                             packet))


def _inner(subject):
    """From the mobile node up, to it down."""
    mn, far = routers.mobile_node(FIXED), routers.CORRESPONDENT
    pair = (mn, far) if subject.up else (far, mn)
    return source.plain(*pair, subject.size)


def _plain(subject):
    offset = ETHERNET + (SOURCE if subject.up else DESTINATION) + NUMBER
    return _ipv6(_inner(subject)), ((offset, subject.count, 0),)


def _outer(subject):
    offset = ETHERNET + IPV6 + (SOURCE if subject.up else DESTINATION) + NUMBER
    fields = [(offset, subject.count, 0)]
    # By which tunnel a packet comes is the mobile node's affair.
    if subject.tunnels > 1:
        fields.append((ETHERNET + SOURCE + NUMBER, subject.tunnels, 1))
    return _tunnelled(_inner(subject)), tuple(fields)


def _between(subject):
    """From one mobile node to another; if there is only one, to another host in its
    prefix."""
    mn = routers.mobile_node(FIXED)
    offset = ETHERNET + IPV6 + NUMBER
    packet = source.plain(mn, mn + 1, subject.size)
    return (_tunnelled(packet), ((offset + SOURCE, subject.count, 0),
                                 (offset + DESTINATION, subject.count, 0)))


def _gtp(subject):
    packet = source.ipv4("192.0.2.2", str(gtp.mobile_node(FIXED)), source.PROTO_UDP,
                         source.udp(subject.size - source.IPV4))
    return _to_router(source.ETH_P_IP, packet), ()


# kind: router, way that the packets go, what they are made by, and how many octets
# are around them when they leave
KINDS = {
    "forwarding": ("forwarding", "down", _plain, 0),
    "ip6tnl_down": ("ip6tnl", "down", _plain, IPV6),
    "ip6tnl_up": ("ip6tnl", "up", _outer, 0),
    "ip6tnl_between": ("ip6tnl", "up", _between, IPV6),
    "ip6tnl_gateway_up": ("ip6tnl_gateway", "up", _plain, IPV6),
    "ip6tnl_gateway_down": ("ip6tnl_gateway", "down", _outer, 0),
    "ip6tnl_rules": ("ip6tnl_rules", "up", _plain, IPV6),
    "ip6tnl_source_routes": ("ip6tnl_source_routes", "up", _plain, IPV6),
    "lma_down": ("lma", "down", _plain, IPV6),
    "lma_up": ("lma", "up", _outer, 0),
    "lma_between": ("lma", "up", _between, IPV6),
    "mag_up": ("mag", "up", _plain, IPV6),
    "mag_down": ("mag", "down", _outer, 0),
    "fast_lma_down": ("lma_fast", "down", _plain, IPV6),
    "fast_lma_up": ("lma_fast", "up", _outer, 0),
    "fast_lma_between": ("lma_fast_between", "up", _between, IPV6),
    "fast_mag_up": ("mag_fast", "up", _plain, IPV6),
    "gtp_down": ("gtp", "down", _gtp, source.IPV4 + source.UDP + 8),
}


# Sends Redirects besides, as many as their rate limit allows: what goes out where it
# came in may go there directly, it thinks.
REDIRECTS = {"ip6tnl_between"}


@dataclasses.dataclass(frozen=True)
class Subject:
    """COUNT mobile nodes; packets of SIZE octets of a random one, or all of one; the
    first of them has FLOWS, of which its packets are of number HIT, or of none."""
    kind: str
    count: int = 1
    random: bool = False
    size: int = SIZE
    tunnels: int = 1
    flows: int = 0
    hit: int = 0

    @property
    def name(self):
        return "_".join([self.kind, str(self.count)] +
                        ["random"] * self.random +
                        [f"{self.tunnels}tunnels"] * (self.tunnels > 1) +
                        [f"{self.flows}flows", f"hit{self.hit}"] * (self.flows > 0) +
                        [f"{self.size}octets"] * (self.size != SIZE))

    @property
    def router(self):
        """What tells the router from others."""
        return KINDS[self.kind][0], self.count, self.tunnels, self.flows, self.hit

    @property
    def up(self):
        return KINDS[self.kind][1] == "up"

    @property
    def leaves(self):
        """Octets of a frame that leaves."""
        return ETHERNET + self.size + KINDS[self.kind][3]

    def packets(self):
        frame, fields = KINDS[self.kind][2](self)
        return source.Packets(frame, fields if self.random else ())


class Lab:
    """The routers that there are, for as long as somebody wants them."""

    def __init__(self, source_ns, sender, say):
        self.source, self.sender, self.say = source_ns, sender, say
        self.routers, self.packets = {}, {}

    def router(self, subject):
        key = subject.router
        if key not in self.routers:
            kind, count, *more = key
            self.say(f"setting up {kind} of {count}")
            self.routers[key] = routers.KINDS[kind](self.source, count, *more)
        return self.routers[key]

    def keep_only(self, wanted):
        """Close those routers that are none of WANTED subjects."""
        keys = {subject.router for subject in wanted}
        for key in [key for key in self.routers if key not in keys]:
            self.routers.pop(key).close()

    def close(self):
        self.keep_only(())

    @staticmethod
    def as_it_should(subject, wanted, packets, octets):
        """Have as many packets left as were sent, and as long as they should be?"""
        if subject.kind in REDIRECTS:
            return (wanted <= packets <= 2 * wanted and
                    octets >= wanted * subject.leaves)
        return packets == wanted and octets == wanted * subject.leaves

    def measure(self, subject, count, warmup=0):
        """ns a packet, over COUNT of them, all of which have come out as they
        should."""
        router = self.router(subject)
        if subject not in self.packets:
            self.packets[subject] = subject.packets()
        packets, octets = router.sent()
        job = router.send(self.sender, self.packets[subject], count, warmup=warmup)
        after_packets, after_octets = router.sent()
        packets, octets = after_packets - packets, after_octets - octets
        wanted = count + warmup
        if not self.as_it_should(subject, wanted, packets, octets):
            raise ForwardsNothing(
                f"{subject.name}: of {wanted} packets {packets} have left, in frames "
                f"of {octets / max(packets, 1):.1f} octets, not "
                f"{subject.leaves}:\n{router.why()}")
        return job.cpu_ns / count
