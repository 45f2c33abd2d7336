# SPDX-License-Identifier: GPL-2.0
"""Routers under test: a namespace each, between a sender and a device that drops.

	source            router
	s0 ---- veth ---- in   out (dummy)

What arrives at "in" is forwarded to "out", by a tunnel or from one; its far end,
2001:db8:2::2, and correspondents, mobile nodes and tunnel endpoints are but
addresses. Numbers of mobile nodes and tunnels are in octets 4 to 7.
"""
import ipaddress
import itertools
import json
import os

import gtp
import network

REPOSITORY = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
BUILD = os.path.join(REPOSITORY, os.environ.get("PMIP6_BENCH_BUILD", "build"))
PMIPCTL = os.path.join(BUILD, "user/pmipctl")
FILL = os.path.join(BUILD, "bench/fill")

SENDER_MAC, ROUTER_MAC, NEXT_MAC = (f"02:00:00:00:00:0{n}" for n in (1, 2, 3))
LOCAL, NEXT = "2001:db8:2::1", "2001:db8:2::2"
CORRESPONDENT = "2001:db8:c::2"
POOL = ipaddress.IPv6Network("3fff:100::/32")
REMOTES = ipaddress.IPv6Network("3fff:200::/32")

# Where packets of flows come from that none is sent of.
FLOWS = ipaddress.IPv6Network("3fff:300::/32")

# At a gateway: what comes from mobile nodes, and routes to them.
TABLE_UP, TABLE_DOWN = 100, 200


def module(name, part=""):
    """A kernel module that was made for this guest."""
    return os.path.join(BUILD, part, "module", os.uname().release, name)


_serial = itertools.count()


def mobile_node(number):
    """Address of one; its prefix is of 64 bits."""
    return POOL[(number << 64) + 1]


def prefix(number):
    return f"{POOL[number << 64]}/64"


def remote(number):
    """The other end of a tunnel."""
    return REMOTES[(number << 64) + 1]


# The next hop of routes to tunnels, ip6tnl's as well as ours: as pmip6d does it.
NEXT_HOP = "fe80::5213"


def gateway_routes(device):
    """What leads to the tunnel, and from it."""
    return (f"rule add iif {device} lookup {TABLE_DOWN} pref 900",
            f"rule add iif in lookup {TABLE_UP} pref 1000",
            f"route add default via {NEXT_HOP} dev {device} table {TABLE_UP}",
            f"route add {POOL} via {NEXT} dev out table {TABLE_DOWN}")


class Router:
    """Forwards, and no more."""

    def __init__(self, source, count=1, tunnels=1, flows=0, hit=0):
        self.source, self.count, self.tunnels = source, count, tunnels
        self.flows, self.hit = flows, hit
        number = next(_serial)
        self.sender = f"s{number}"
        self.ns = network.Namespace(f"router{number}")
        network.command(
            "ip", "link", "add", self.sender, "netns", source.name, "address",
            SENDER_MAC, "type", "veth", "peer", "name", "in", "netns",
            self.ns.name, "address", ROUTER_MAC)
        self.ns.sysctl(ipv6__conf__all__forwarding=1, ipv4__ip_forward=1,
                       ipv6__conf__default__accept_dad=0)
        self.ns.ip("link set lo up",
                   "link set in addrgenmode none up",
                   "link add out type dummy",
                   "link set out addrgenmode none mtu 1500 up",
                   f"addr add {LOCAL}/64 dev out nodad",
                   f"neigh add {NEXT} lladdr {NEXT_MAC} dev out nud permanent",
                   f"route add default via {NEXT}")
        # After its peer: it has a carrier at once then, not some time later.
        source.ip(f"link set {self.sender} addrgenmode none up")
        self.set_up()

    def set_up(self):
        self.ns.ip(f"route add {POOL} via {NEXT}")

    def fill(self, *words):
        """What the program of that name says of what it did."""
        return json.loads(self.ns.run(FILL, *words))

    def send(self, sender, packets, count, **more):
        """COUNT packets into it; what that took, as source.Job."""
        with self.source.entered():
            return sender.run(self.sender, packets, count, **more)

    def sent(self):
        return self.ns.sent("out")

    def why(self):
        """What may help to see why it forwards nothing."""
        return self.ns.run("nstat", "-az", "Ip6InDiscards", "Ip6InNoRoutes",
                           "Ip6OutNoRoutes", "Ip6InAddrErrors",
                           "Ip6InHdrErrors", "Ip6InUnknownProtos")

    def close(self):
        self.source.ip(f"link del {self.sender}")
        self.ns.close()


class Ip6tnl(Router):
    """One ip6tnl device, with a route to it for each mobile node."""

    def set_up(self):
        self.ns.ip(f"link add tunnel type ip6tnl mode ip6ip6 local {LOCAL} remote "
                   f"{remote(0)} encaplimit none hoplimit 64",
                   "link set tunnel addrgenmode none up")
        self.lead_in()

    def lead_in(self):
        if self.count == 1:
            self.ns.ip(f"route add {POOL} via {NEXT_HOP} dev tunnel")
        else:
            self.fill("routes", "--dev", "tunnel", "--count", str(self.count),
                      "--prefix", str(POOL[0]), "--via", NEXT_HOP)


class Ip6tnlGateway(Ip6tnl):
    """Routes by where packets come from, as a gateway of ours does."""

    def lead_in(self):
        self.ns.ip(*gateway_routes("tunnel"))


class Rules(Ip6tnl):
    """As a gateway: a rule for each mobile node."""

    def lead_in(self):
        self.ns.ip(f"route add default via {NEXT_HOP} dev tunnel table {TABLE_UP}",
                   *(f"rule add from {prefix(n)} lookup {TABLE_UP}"
                     for n in range(self.count)))


class SourceRoutes(Ip6tnl):
    """As a gateway: a route for each mobile node, by its source."""

    def lead_in(self):
        self.fill("source-routes", "--dev", "tunnel", "--count", str(self.count),
                  "--prefix", str(POOL[0]), "--via", NEXT_HOP)


class Pmip6(Router):
    """Of ours: what both roles have."""
    role = None

    def set_up(self):
        self.ns.run(PMIPCTL, "device", "add", "pmip0", "role", self.role,
                    "local", LOCAL)
        self.lead_in()
        if self.count:
            self.add(self.count)
        if self.flows:
            self.fill("flows", "--dev", "pmip0", "--count", str(self.flows), "--prefix",
                      str(POOL[0]), "--remote", str(FLOWS[0]),
                      *(("--hit", str(self.hit)) if self.hit else ()))

    def lead_in(self):
        raise NotImplementedError

    def binding_options(self):
        return ()

    def add(self, count, *words):
        return self.fill(
            "add", "--dev", "pmip0", "--count", str(count), "--prefix", str(POOL[0]), "--remote",
            str(remote(0)), "--tunnels", str(self.tunnels),
            *self.binding_options(), *words)

    def has(self):
        """How many bindings it has."""
        shown = json.loads(self.ns.run(PMIPCTL, "-j", "device", "show", "pmip0"))
        return shown[0]["bindings"]

    def why(self):
        return super().why() + self.ns.run(PMIPCTL, "stats", "show", "dev", "pmip0")


class Anchor(Pmip6):
    role = "lma"

    def lead_in(self):
        self.ns.ip(f"route add {POOL} via {NEXT_HOP} dev pmip0")


class Gateway(Pmip6):
    role = "mag"

    def lead_in(self):
        self.ns.ip(*gateway_routes("pmip0"))

    def binding_options(self):
        # As pmip6d does: who sends from elsewhere is refused.
        return "--access", "in", "--lladdr", SENDER_MAC


class Fast:
    """Takes packets where they arrive."""
    interfaces = ("in",)

    def set_up(self):
        super().set_up()
        self.ns.run(PMIPCTL, "device", "set", "pmip0", "fastpath", "on", "dev",
                    *self.interfaces)

    def taken(self):
        """How many packets took the fast path."""
        shown = json.loads(self.ns.run(PMIPCTL, "-j", "stats", "show", "dev", "pmip0"))
        return shown[0]["fast_rx_packets"] + shown[0]["fast_tx_packets"]


class FastAnchor(Fast, Anchor):
    pass


class FastAnchorBetween(FastAnchor):
    """Also what has come out of one tunnel and is for another."""
    interfaces = ("in", "pmip0")


class FastGateway(Fast, Gateway):
    pass


class Gtp(Router):
    """The kernel's GTP-U: IPv4 in UDP over IPv4."""

    def set_up(self):
        self.ns.ip(f"addr add {gtp.LOCAL}/24 dev out",
                   f"neigh add {gtp.REMOTE} lladdr {NEXT_MAC} dev out nud permanent",
                   f"link add gtp0 type gtp role ggsn hsize {max(self.count, 1024)}",
                   "link set gtp0 up",
                   f"route add {gtp.POOL} dev gtp0", family="-4")
        with self.ns.entered():
            gtp.add("gtp0", self.count)

    def close(self):
        self.ns.ip("link del gtp0")
        super().close()


KINDS = {"forwarding": Router, "ip6tnl": Ip6tnl,
         "ip6tnl_gateway": Ip6tnlGateway, "ip6tnl_rules": Rules,
         "ip6tnl_source_routes": SourceRoutes, "lma": Anchor, "mag": Gateway,
         "lma_fast": FastAnchor, "lma_fast_between": FastAnchorBetween,
         "mag_fast": FastGateway, "gtp": Gtp}
