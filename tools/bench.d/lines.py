# SPDX-License-Identifier: GPL-2.0
"""The lines of the table: what is compared with what, and the least that it is to
reach; and the curves of the picture."""
import dataclasses

from subjects import Subject

TEN_K, HUNDRED_K, MILLION = 10_000, 100_000, 1_000_000
COUNTS = (1, TEN_K, HUNDRED_K, MILLION)
SIZES = (64, 512, 1400)


@dataclasses.dataclass(frozen=True)
class Line:
    """How many packets OURS forwards in the time that THEIRS takes for one; or, of a
    COST, what a packet takes by OURS as a multiple of one by THEIRS."""
    name: str
    words: str
    ours: Subject
    theirs: Subject
    bound: float | None = None
    cost: bool = False


@dataclasses.dataclass(frozen=True)
class Figure:
    """A single number, not a ratio."""
    name: str
    words: str
    unit: str
    bound: float | None = None
    at_most: bool = False


# Plain forwarding.
REFERENCE = Subject("forwarding")


def _flows():
    """What a packet costs with so many flow bindings, against one that hits the only
    one; or misses it, if it misses."""
    hit = Subject("lma_down", flows=1, hit=1)
    yield Line("flows_4096_vs_1",
               "cost of a packet that hits the last of 4,096 flows, against one of 1",
               Subject("lma_down", flows=4096, hit=4096), hit, 1.25, cost=True)
    for flows in (16, 256, 4096):
        for place, number in (("first", 1), ("last", flows), ("miss", 0)):
            if (flows, place) == (4096, "last"):
                continue
            yield Line(f"flows_{flows}_{place}_vs_1",
                       f"the same with {flows:,} flows, " +
                       (f"the {place} is hit" if number else "none is hit, nor the one"),
                       Subject("lma_down", flows=flows, hit=number),
                       hit if number else Subject("lma_down", flows=1), cost=True)
    yield Line("flows_1_vs_0", "the same with one flow, against none",
               hit, Subject("lma_down"), cost=True)


def _table():
    ip6tnl = Subject("ip6tnl_down")
    one, all_same = Subject("lma_down"), Subject("lma_down", MILLION)
    return [
        Line("lma_down_1_vs_ip6tnl",
             "LMA downlink, 1 binding, against ip6tnl with 1 route",
             one, ip6tnl, 1.05),
        Line("lma_up_vs_ip6tnl",
             "LMA uplink, with the reverse-path check, against ip6tnl",
             Subject("lma_up"), Subject("ip6tnl_up"), 1.00),
        Line("mag_down_vs_ip6tnl", "MAG downlink against ip6tnl, with the same rules",
             Subject("mag_down"), Subject("ip6tnl_gateway_down")),
        Line("mag_up_vs_ip6tnl", "MAG uplink against ip6tnl, with the same rules",
             Subject("mag_up"), Subject("ip6tnl_gateway_up")),
        Line("lma_between_vs_ip6tnl",
             "mobile node to mobile node at one anchor, against ip6tnl",
             Subject("lma_between"), Subject("ip6tnl_between")),
        Line("lma_down_1_vs_gtp", "LMA downlink against the kernel's GTP-U",
             one, Subject("gtp_down")),
        Line("fast_lma_down_vs_ip6tnl",
             "fast path, LMA downlink, against ip6tnl with 1 route",
             Subject("fast_lma_down"), ip6tnl, 1.50),
        Line("fast_lma_down_vs_forwarding",
             "fast path, LMA downlink, against plain forwarding",
             Subject("fast_lma_down"), REFERENCE, 1.25),
        Line("fast_lma_up_vs_ip6tnl", "fast path, LMA uplink, against ip6tnl",
             Subject("fast_lma_up"), Subject("ip6tnl_up")),
        Line("fast_lma_between_vs_ip6tnl",
             "fast path, mobile node to mobile node at one anchor, against ip6tnl",
             Subject("fast_lma_between"), Subject("ip6tnl_between")),
        Line("fast_mag_up_vs_ip6tnl",
             "fast path, MAG uplink, against ip6tnl with the usual way's rules",
             Subject("fast_mag_up"), Subject("ip6tnl_gateway_up")),
        *(Line(f"lma_down_1_vs_ip6tnl_{size}_octets",
               f"LMA downlink against ip6tnl, packets of {size} octets",
               Subject("lma_down", size=size), Subject("ip6tnl_down", size=size))
          for size in SIZES),
        *(Line(f"lma_up_vs_ip6tnl_{size}_octets",
               f"LMA uplink against ip6tnl, packets of {size} octets",
               Subject("lma_up", size=size), Subject("ip6tnl_up", size=size))
          for size in SIZES),
        Line("mag_up_5k_vs_rules",
             "MAG uplink, 5k mobile nodes, against ip6tnl with 5k rules",
             Subject("mag_up", 5000), Subject("ip6tnl_rules", 5000), 30),
        Line("mag_up_5k_random_vs_rules",
             "the same, of random mobile nodes: on average half of the rules",
             Subject("mag_up", 5000, True), Subject("ip6tnl_rules", 5000, True)),
        Line("mag_up_50k_vs_source_routes",
             "MAG uplink, 50k mobile nodes, against ip6tnl with 50k source routes",
             Subject("mag_up", 50_000, True),
             Subject("ip6tnl_source_routes", 50_000, True), 1.00),
        Line("lma_down_1m_random_vs_ip6tnl_100k_random",
             "LMA downlink, 1M bindings, random, against ip6tnl with 100k routes",
             Subject("lma_down", MILLION, True),
             Subject("ip6tnl_down", HUNDRED_K, True), 1.00),
        Line("lma_down_1m_same_vs_1",
             "LMA downlink, 1M bindings, same mobile node, against 1 binding",
             all_same, one, 0.98),
        Line("lma_down_1m_random_vs_1m_same",
             "LMA downlink, 1M bindings, random against same mobile node",
             Subject("lma_down", MILLION, True), all_same),
        Line("lma_up_1m_same_vs_1",
             "LMA uplink, 1M bindings, same mobile node, against 1 binding",
             Subject("lma_up", MILLION), Subject("lma_up")),
        Line("lma_between_1m_random_vs_1",
             "mobile node to mobile node, 1M bindings, random, against 1 binding",
             Subject("lma_between", MILLION, True), Subject("lma_between")),
        Line("fast_lma_between_1m_random_vs_1",
             "the same by the fast path, 1M bindings, random, against 1 binding",
             Subject("fast_lma_between", MILLION, True), Subject("fast_lma_between")),
        Line("lma_down_1m_1k_tunnels_random_vs_1_tunnel",
             "LMA downlink, 1M bindings on 1,000 tunnels, against one tunnel, random",
             Subject("lma_down", MILLION, True, tunnels=1000),
             Subject("lma_down", MILLION, True)),
        *_flows(),
    ]


TABLE = _table()

# What is no ratio of packets: mass.py measures these.
FIGURES = [
    Figure("install_per_s", "additions, 256 messages a send", "/s", 300_000),
    Figure("install_one_by_one_per_s", "additions, a message a send", "/s"),
    Figure("delete_per_s", "deletions, 256 messages a send", "/s"),
    Figure("kernel_bytes_per_binding",
           "slab, percpu and vmalloc, on 1,000 tunnels, an expiry set each", "octets",
           384, at_most=True),
    Figure("kernel_bytes_per_binding_64_cpus", "the same, computed for 64 CPUs",
           "octets"),
    Figure("kernel_bytes_per_tunnel", "the same for each of 100,000 tunnels", "octets"),
    Figure("kernel_bytes_per_tunnel_64_cpus", "computed for 64 CPUs", "octets"),
    Figure("kernel_bytes_per_binding_grouped",
           "the same as kernel_bytes_per_binding, but all in one expiry set", "octets"),
    Figure("kernel_bytes_per_binding_grouped_64_cpus", "computed for 64 CPUs", "octets"),
    Figure("bulk_kernel_1m_vs_1",
           "renewal of an expiry set of 1M paths, against one of 1, by turns", "", 1.5,
           at_most=True),
    Figure("bulk_kernel_1k_vs_1", "the same of a set of 1,000", ""),
    Figure("bulk_kernel_per_s", "renewals of a set of 1M, 256 messages a send", "/s"),
    Figure("set_expiry_s", "a set of 1M expires: until its bindings have no path, under "
           "traffic of its members", "s"),
    Figure("set_expiry_gap_ms", "longest time that packets wait meanwhile", "ms"),
    Figure("set_expiry_late", "packets that its members have had since", "", 0,
           at_most=True),
    Figure("set_expiry_events", "events that tell of it", "", 1, at_most=True),
    Figure("dump_s", "dump of all", "s"),
    Figure("dump_under_traffic_s", "the same while packets are forwarded", "s"),
    Figure("dump_gap_ms", "longest time that packets wait during a dump", "ms"),
    Figure("expiry_s", "all expire at once: until they are gone, under traffic", "s"),
    Figure("expiry_gap_ms", "longest time that packets wait meanwhile", "ms"),
    Figure("teardown_s", "the device is deleted, under traffic", "s"),
    Figure("teardown_gap_ms", "longest time that packets wait meanwhile", "ms"),
    Figure("stalls_uml", "RCU stalls meanwhile, packets that wait for a second", "", 0,
           at_most=True),
]

# By stalls.py.
STALLS = Figure("stalls", "soft lockups, RCU stalls, tasks that hang, packets that wait "
                "for a second: in QEMU, by strict detectors", "", 0, at_most=True)

# By agent.py, with 100,000 mobile nodes.
AGENT = [
    Figure("agent_pbu_register_per_s", "pmip6d with kernel, store and sockets: registrations",
           "/s"),
    Figure("agent_pbu_refresh_per_s", "refreshes", "/s"),
    Figure("agent_pbu_register_p99_ms", "99 % of registrations are answered within, 256 "
           "under way", "ms"),
    Figure("agent_pbu_refresh_p99_ms", "99 % of refreshes", "ms"),
    Figure("agent_unload_s", "the module is removed", "s"),
    Figure("agent_reload_s", "and comes back: until pmip6d has all bindings in it", "s"),
]

# By tcp.py.
TCP = Figure("tcp_vs_ip6tnl", "TCP through the tunnel, against ip6tnl, by instructions",
             "", 1.00)

# By user/bench.
ENGINE = [
    Figure("pbu_refresh_per_s", "engine-only PBU refreshes at 1M bindings", "/s",
           400_000),
    Figure("bulk_engine_1m_vs_1", "engine-only bulk PBU: a group of 1M against one of 1", "",
           2.0, at_most=True),
    Figure("agent_bytes_per_bce", "agent memory per binding cache entry, at 1M",
           "octets", 640, at_most=True),
]

# Each point is measured in pairs with it.
CURVES = {
    "ip6tnl, a rule for each, uplink": [
        Subject("ip6tnl_rules", n, True) for n in (1, 100, 1000, 5000)],
    "ip6tnl, a source route for each, uplink": [
        Subject("ip6tnl_source_routes", n, True) for n in (1, 5000, 50_000)],
    "ip6tnl, a route for each, downlink": [
        Subject("ip6tnl_down", n, True) for n in (1, TEN_K, HUNDRED_K)],
    **{f"{role.upper()} {way}link, {words}": [
        Subject(f"{role}_{way}", n, words == "random") for n in COUNTS]
       for role in ("lma", "mag") for way in ("down", "up")
       for words in ("random", "same")},
    "LMA downlink by the fast path, same": [Subject("fast_lma_down", n) for n in COUNTS],
}


# By a clock that counts instructions: as good as the same each time.
INSTRUCTIONS = [Subject(kind) for kind in (
    "forwarding", "gtp_down", "ip6tnl_down", "ip6tnl_up", "ip6tnl_between",
    "ip6tnl_gateway_up", "ip6tnl_gateway_down", "lma_down", "lma_up", "lma_between",
    "mag_up", "mag_down", "fast_lma_down", "fast_lma_up", "fast_lma_between",
    "fast_mag_up")] + [
        Subject("lma_down", TEN_K), Subject("lma_down", TEN_K, True),
        Subject("lma_between", TEN_K, True), Subject("fast_lma_between", TEN_K, True)]


def names():
    """All that can be asked for."""
    return ([line.name for line in TABLE] + ["curves"] + [f.name for f in FIGURES] +
            [f.name for f in [*AGENT, *ENGINE]] + [STALLS.name, TCP.name, "instructions"])
