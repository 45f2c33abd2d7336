# SPDX-License-Identifier: GPL-2.0
"""A TCP connection to a mobile node, by a tunnel of ours and by ip6tnl.

	cn --- lma --- mag --- mn

Everything that the kernel has to make packets few and large is on, as it is by
default: segments are large until the last device, and put together again behind it.
"""
import json
import subprocess

import network
import routers
import stats

CN, LMA_CN = "2001:db8:c::2", "2001:db8:c::1"
LMA, MAG = "2001:db8:1::1", "2001:db8:1::2"
MN, MAG_MN = str(routers.mobile_node(0)), "fe80::1"
TABLE_UP, TABLE_DOWN = routers.TABLE_UP, routers.TABLE_DOWN
PORT = "5201"

# Octets.
TRANSFER, WARMUP = 10_000_000, 1_000_000


class Path:
    """From end to end; what its tunnel is, its own kinds say."""
    kind = None

    def __init__(self):
        self.ns = {name: network.Namespace(f"{self.kind}-{name}")
                   for name in ("cn", "lma", "mag", "mn")}
        for ns in self.ns.values():
            ns.ip("link set lo up")
        self.link("cn", "lma")
        self.link("lma", "mag")
        self.link("mag", "mn")
        for name in "lma", "mag":
            self.ns[name].sysctl(ipv6__conf__all__forwarding=1)
        # What fits into the tunnel, so that none has to be told.
        self.ns["cn"].ip(f"addr add {CN}/64 dev lma nodad",
                         f"route add default via {LMA_CN} mtu 1460")
        self.ns["lma"].ip(f"addr add {LMA_CN}/64 dev cn nodad",
                          f"addr add {LMA}/64 dev mag nodad")
        self.ns["mag"].ip(f"addr add {MAG}/64 dev lma nodad",
                          f"addr add {MAG_MN}/64 dev mn nodad",
                          f"rule add iif tunnel lookup {TABLE_DOWN} pref 900",
                          f"rule add iif mn lookup {TABLE_UP} pref 1000",
                          f"route add {routers.prefix(0)} dev mn table {TABLE_DOWN}")
        self.ns["mn"].ip(f"addr add {MN}/64 dev mag nodad",
                         f"route add default via {MAG_MN} dev mag mtu 1460")
        self.tunnel("lma", LMA, MAG)
        self.tunnel("mag", MAG, LMA)
        self.ns["lma"].ip(f"route add {routers.POOL} dev tunnel")
        self.ns["mag"].ip(f"route add default dev tunnel table {TABLE_UP}")

    def link(self, one, other):
        network.command("ip", "link", "add", other, "netns", self.ns[one].name, "type",
                        "veth", "peer", "name", one, "netns", self.ns[other].name)
        self.ns[one].ip(f"link set {other} up")
        self.ns[other].ip(f"link set {one} up")

    def tunnel(self, name, local, remote):
        raise NotImplementedError

    def tunnelled(self):
        """Octets that have gone into the tunnel so far."""
        return self.ns["lma"].sent("tunnel")[1]

    def throughput(self, octets):
        """Bits a second, of so many octets that arrive, all of them by the tunnel."""
        before = self.tunnelled()
        with self.ns["mn"].entered():
            server = subprocess.Popen(
                ["iperf3", "-s", "-1", "-p", PORT, "--forceflush"],
                stdout=subprocess.PIPE, text=True)
        # It says so when it listens.
        for line in server.stdout:
            if "listening" in line:
                break
        said = self.ns["cn"].run("iperf3", "-c", MN, "-p", PORT, "-n", str(octets), "-J")
        server.communicate()
        end = json.loads(said)["end"]["sum_received"]
        if self.tunnelled() - before < end["bytes"]:
            raise network.CommandFailed(
                f"{self.kind}: {end['bytes']} octets arrived, and "
                f"{self.tunnelled() - before} have gone into the tunnel")
        return end["bits_per_second"]

    def close(self):
        for ns in self.ns.values():
            ns.close()


class Ours(Path):
    kind = "pmip6"

    def tunnel(self, name, local, remote):
        ns = self.ns[name]
        ns.run(routers.PMIPCTL, "device", "add", "tunnel", "role", name, "local", local)
        access = ("access", "mn") if name == "mag" else ()
        ns.run(routers.PMIPCTL, "binding", "add", routers.prefix(0), "dev", "tunnel",
               "remote", remote, "lifetime", "forever", *access)


class Theirs(Path):
    kind = "ip6tnl"

    def tunnel(self, name, local, remote):
        self.ns[name].ip(f"link add tunnel type ip6tnl mode ip6ip6 local {local} "
                         f"remote {remote} encaplimit none hoplimit 64",
                         "link set tunnel up")


def run(pairs, say):
    """As a line of the table: by turns, and how ours is to theirs."""
    ours, theirs = Ours(), Theirs()
    mine, other = [], []
    for path in ours, theirs:
        path.throughput(WARMUP)
    for number in range(pairs):
        both = [(ours, mine), (theirs, other)]
        for path, found in both if number % 2 else reversed(both):
            found.append(path.throughput(TRANSFER))
        say(f"# TCP: {mine[-1] / 1e6:.0f} and {other[-1] / 1e6:.0f} Mbit/s")
    ours.close()
    theirs.close()
    result = stats.summary(stats.ratios(other, mine))
    result.update(ours_bits_per_s=stats.summary(mine),
                  theirs_bits_per_s=stats.summary(other))
    say(f"tcp_vs_ip6tnl: {result['median']:.3f} "
        f"({result['low']:.3f} to {result['high']:.3f})")
    return result
