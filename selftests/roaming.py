# SPDX-License-Identifier: GPL-2.0
"""Many mobile nodes that roam between two gateways, all in one process: see
loss.sh. Whoever they hear is right only where they are.
"""
import heapq
import random
import select

from signalling import *

GATEWAYS = {"mag1": MAG1, "mag2": MAG2}
SOLICIT_S = 0.5
CHATTER_S = 3
# How often one moves on before it was served.
HASTE = 0.2


class Air:
    """The mobile nodes' end of a gateway's access link."""

    def __init__(self, name):
        enter("air")
        self.name = name
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_IPV6))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.bind((name, ETH_P_IPV6))

    def send(self, mn, packet, to=FIXED_LLADDR):
        self.sock.send(octets_of(to) + mn.octets +
                       struct.pack("!H", ETH_P_IPV6) + packet)


class Mn:
    """A mobile node: where it is, and what it was told."""

    def __init__(self, number, moves):
        self.name = f"r{number}@example.com"
        self.mac = f"02:00:00:aa:{number >> 8:02x}:{number & 255:02x}"
        self.octets = octets_of(self.mac)
        self.link_local = link_local(self.mac)
        self.where = None
        self.served = False
        self.prefix = self.address = None
        self.moves = moves
        self.stay = 0
        self.talks = False

    def __repr__(self):
        return (f"{self.name} at {self.where}, prefix {self.prefix}, "
                f"{'' if self.served else 'not '}served, "
                f"{self.moves} moves left")


class Roaming:
    """All of them, and what happens when."""

    def __init__(self, count, moves, seed):
        self.random = random.Random(seed)
        self.air = {name: Air(name) for name in GATEWAYS}
        self.mns = [Mn(number, moves) for number in range(1, count + 1)]
        self.by_mac = {mn.octets: mn for mn in self.mns}
        self.by_address = {addr(mn.link_local): mn for mn in self.mns}
        self.owner = {}
        self.received = {}
        self.events = []
        self.order = 0

    def at(self, seconds, what, *args):
        self.order += 1
        heapq.heappush(self.events, (time.monotonic() + seconds, self.order,
                                     what, args))

    # ---- What they do

    def solicit(self, mn, stay):
        """Again and again until it is served, as long as it is there."""
        if mn.served or mn.stay != stay:
            return
        rest = bytes(4) + b"\1\1" + mn.octets
        self.air[mn.where].send(mn, icmp(mn.link_local, ALL_ROUTERS, RS, 0,
                                         rest, hops=255), "33:33:00:00:00:02")
        self.at(SOLICIT_S, self.solicit, mn, stay)

    def chatter(self, mn):
        """What a host has to say anyway, wherever it is."""
        if mn.served:
            self.air[mn.where].send(mn, udp(mn.address, CN, b"chatter"))
        self.at(CHATTER_S, self.chatter, mn)

    def arrive(self, mn, where):
        mn.where, mn.served = where, False
        mn.stay += 1
        self.solicit(mn, mn.stay)
        if mn.moves and self.random.random() < HASTE:
            self.at(self.random.uniform(0, 0.5), self.move, mn, mn.stay)

    def move(self, mn, stay):
        """To the other one, unless it has moved already."""
        if mn.stay != stay or not mn.moves:
            return
        mn.moves -= 1
        self.arrive(mn, "mag2" if mn.where == "mag1" else "mag1")

    # ---- What they hear

    def on_advertisement(self, mn, frame):
        prefixes = [prefix for prefix, _, valid, _ in frame.ra["prefixes"]
                    if valid]
        if not prefixes:
            return
        # RULE: B-LMA-24 B-LMA-71
        equal(len(prefixes), 1, f"prefixes of {mn}: {prefixes}")
        owner = self.owner.setdefault(prefixes[0], mn)
        # RULE: B-LMA-24
        check(owner is mn, f"{prefixes[0]} of {owner} is advertised to {mn}")
        # RULE: B-LMA-74 B-MAG-60
        check(mn.prefix in (None, prefixes[0]),
              f"{mn} is advertised {prefixes[0]}")
        mn.prefix = prefixes[0]
        mn.address = text(addr(mn.prefix[:-3])[:8] + addr(mn.link_local)[8:])
        self.by_address[addr(mn.address)] = mn
        if not mn.served:
            mn.served = True
            self.at(self.random.uniform(0, 1), self.move, mn, mn.stay)
            if not mn.talks:
                mn.talks = True
                self.at(self.random.uniform(0, CHATTER_S), self.chatter, mn)

    def on_frame(self, air, data):
        frame = Frame(data)
        payload = frame.packet.payload
        if frame.packet.nh == UDP:
            mn = self.by_mac.get(data[:6])
            if mn and mn.where == air.name:
                self.received[frame.packet.data] = frame.packet.dst
        elif frame.is_ra:
            mn = self.by_mac.get(data[:6])
            if mn and mn.where == air.name:
                self.on_advertisement(mn, frame)
        elif frame.packet.nh == ICMPV6 and payload[0] == NS:
            mn = self.by_address.get(payload[8:24])
            if mn and mn.where == air.name and frame.packet.src != "::":
                rest = b"\x60\0\0\0" + payload[8:24] + b"\2\1" + mn.octets
                air.send(mn, icmp(text(payload[8:24]), frame.packet.src, NA,
                                  0, rest, hops=255), frame.source)

    # ---- The time

    def run_until(self, condition, seconds, what):
        """Whoever fails in between says so."""
        end, look, last = time.monotonic() + seconds, 0, ""
        sockets = {air.sock: air for air in self.air.values()}
        while True:
            now = time.monotonic()
            while self.events and self.events[0][0] <= now:
                _, _, do, args = heapq.heappop(self.events)
                do(*args)
            if now >= look:
                last = condition()
                if not last:
                    return
                look = time.monotonic() + 0.2
            check(now < end, f"{what}: after {seconds} s: {last}")
            until = min([look] + [event[0] for event in self.events[:1]])
            ready, _, _ = select.select(list(sockets), [], [],
                                        max(0, until - time.monotonic()))
            for sock in ready:
                for _ in range(64):
                    try:
                        data, sender = sock.recvfrom(65600, socket.MSG_DONTWAIT)
                    except BlockingIOError:
                        break
                    if sender[2] != socket.PACKET_OUTGOING:
                        self.on_frame(sockets[sock], data)

    def moving(self):
        """Whoever is not done yet."""
        left = [mn for mn in self.mns if mn.moves or not mn.served]
        return f"{len(left)} are on their way, as {left[0]}" if left else ""

    def wrong(self):
        """What the agents' sessions are not as they should be."""
        sessions = {name: {} for name in ("lma", *GATEWAYS)}
        for name, found in sessions.items():
            for one in shown(name):
                found.setdefault(one["mn"], []).append(one)
        for mn in self.mns:
            at_lma = sessions["lma"].get(mn.name, [])
            want = [("active", GATEWAYS[mn.where], [mn.prefix])]
            got = [(one["state"], one["proxy_coa"], one["hnp"])
                   for one in at_lma]
            if got != want:
                return f"at the anchor, {mn} is {got}"
            for name in GATEWAYS:
                got = [(one["state"], one["hnp"])
                       for one in sessions[name].get(mn.name, [])]
                want = [("active", [mn.prefix])] if mn.where == name else []
                if got != want:
                    return f"at {name}, {mn} is {got}"
        return ""

    def wrong_in_kernel(self):
        bound = {name: {one["hnp"]: one["paths"][0].get("remote")
                        for one in pmipctl(name, "binding", "show")}
                 for name in ("lma", *GATEWAYS)}
        want = {"lma": {mn.prefix: GATEWAYS[mn.where] for mn in self.mns}}
        for name in GATEWAYS:
            want[name] = {mn.prefix: LMA for mn in self.mns
                          if mn.where == name}
        for name, found in bound.items():
            if found != want[name]:
                return (f"bindings of {name}: "
                        f"{set(found.items()) ^ set(want[name].items())}")
        return ""


def shown(name):
    """What an agent says of its mobile nodes."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(f"{os.environ['work']}/{name}.sock")
        sock.settimeout(60)
        sock.sendall(b'{"do": "mn-show"}\n')
        return json.loads(sock.makefile().readline())["mns"]


def forwarding(roaming):
    """To and from each of them, a packet."""
    cn = Link("cn", "eth0", Link("lma", "cn"))

    def missing():
        """Some at a time: while this sends, nobody answers the gateways, which
        look for a mobile node no longer than 600 ms. Then there is another."""
        left = [mn for mn in roaming.mns
                if mn.name.encode() not in roaming.received]
        for mn in roaming.random.sample(left, min(len(left), 10)):
            cn.send(udp(CN, mn.address, mn.name.encode()))
        return left and f"{len(left)} of {len(roaming.mns)} get none, as {left[0]}"

    roaming.run_until(missing, 60, "packets to all")
    for mn in roaming.mns:
        # RULE: B-LMA-58 B-MAG-35
        equal(roaming.received.get(mn.name.encode()), mn.address,
              f"what arrived at {mn}")
    sent = {mn.name.encode(): mn.address for mn in roaming.mns}
    for mn in roaming.mns:
        roaming.air[mn.where].send(mn, udp(mn.address, CN, mn.name.encode()))
    for packet in cn.packets(60):
        if packet.nh == UDP and packet.data in sent:
            # RULE: B-LMA-59 B-MAG-39
            equal(packet.src, sent.pop(packet.data), "source of a packet")
            if not sent:
                return
    raise AssertionError(f"nothing arrives from {list(sent)[:5]}")
