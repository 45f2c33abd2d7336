# SPDX-License-Identifier: GPL-2.0
"""Stations on access links, and Mobility Headers made to measure.

On top of packets.py, for the tests of agents.
"""
import select

from packets import *

MH = 135
ALL_NODES, ALL_ROUTERS = "ff02::1", "ff02::2"
RS, RA, NS, NA = 133, 134, 135, 136
FIXED_LLADDR = os.environ["FIXED_LLADDR"]
FIXED_LINK_LOCAL = os.environ["FIXED_LINK_LOCAL"]

# 1900 to 1970, which the Timestamp option of RFC 5213 does not count from.
NTP_UNIT = 65536


def octets_of(mac):
    return bytes.fromhex(mac.replace(":", ""))


def mac_of(octets):
    return octets.hex(":")


def link_local(mac):
    """The address that a station makes from its MAC."""
    half = octets_of(mac)
    return text(b"\xfe\x80" + bytes(6) + bytes([half[0] ^ 2]) + half[1:3] +
                b"\xff\xfe" + half[3:])


class Frame:
    """What a station hears: an Ethernet frame with IPv6 in it."""

    def __init__(self, octets):
        self.to, self.source = mac_of(octets[:6]), mac_of(octets[6:12])
        self.packet = Packet(octets[14:])

    @property
    def is_ra(self):
        return self.packet.nh == ICMPV6 and self.packet.payload[:1] == b"\x86"

    @property
    def ra(self):
        """A Router Advertisement as a dictionary; its checksum is right."""
        check(not checksum(self.packet.src, self.packet.dst, ICMPV6,
                           self.packet.payload), f"checksum of {self}")
        data = self.packet.payload
        found = {"hops": self.packet.hops, "flags": data[5],
                 "lifetime": struct.unpack("!H", data[6:8])[0],
                 "prefixes": []}
        data = data[16:]
        while data:
            kind, units = data[0], data[1]
            check(units and 8 * units <= len(data), f"options of {self}")
            option, data = data[:8 * units], data[8 * units:]
            if kind == 1:
                found["lladdr"] = mac_of(option[2:8])
            elif kind == 3:
                valid, preferred = struct.unpack("!II", option[4:12])
                found["prefixes"].append(
                    (f"{text(option[16:32])}/{option[2]}", option[3], valid,
                     preferred))
            elif kind == 5:
                found["mtu"] = struct.unpack("!I", option[4:8])[0]
        return found

    def __repr__(self):
        return f"{self.source} > {self.to} {self.packet}"


class Station:
    """One link-layer address on a link; many may share the link's end."""

    def __init__(self, ns, dev, mac):
        enter(ns)
        self.mac = mac
        self.link_local = link_local(mac)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_IPV6))
        self.sock.bind((dev, ETH_P_IPV6))

    def send(self, packet, to=FIXED_LLADDR):
        self.sock.send(octets_of(to) + octets_of(self.mac) +
                       struct.pack("!H", ETH_P_IPV6) + packet)

    def solicit(self, src=None):
        """A Router Solicitation."""
        src = src or self.link_local
        rest = bytes(4)
        if src != "::":
            rest += b"\1\1" + octets_of(self.mac)
        self.send(icmp(src, ALL_ROUTERS, RS, 0, rest, hops=255),
                  "33:33:00:00:00:02")

    def frames(self, seconds):
        """What comes for it, until the deadline."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return
            self.sock.settimeout(left)
            try:
                data, sender = self.sock.recvfrom(65600)
            except TimeoutError:
                return
            if sender[2] == socket.PACKET_OUTGOING:
                continue
            frame = Frame(data)
            if frame.to == self.mac or data[0] & 1:
                yield frame

    def expect_ra(self, what, seconds=20):
        seen = []
        for frame in self.frames(seconds):
            if frame.is_ra:
                return frame
            seen.append(frame)
        raise AssertionError(f"{what}: no advertisement, but {seen}")

    def hears_none(self, seconds, what, was_served=False):
        """No router is there for it; one that was may repeat that it is gone."""
        for frame in self.frames(seconds):
            is_end = (was_served and frame.is_ra and
                      not frame.ra["lifetime"])
            check(not frame.is_ra or is_end, f"{what}: {frame}")


# ---- Mobility Header -------------------------------------------------------

A, P = 0x8000, 0x0200
MN_ID, HNP, HI, ATT, LL_ID, TIMESTAMP = 8, 22, 23, 24, 25, 27
ALT_COA, RESTART_COUNTER = 3, 28

# What RFC 5213 8 wants options aligned to: a multiple and a remainder.
ALIGNMENT = {ALT_COA: (8, 6), HNP: (8, 4), TIMESTAMP: (8, 2),
             RESTART_COUNTER: (4, 2)}


def padding(count):
    if not count:
        return b""
    return b"\0" if count == 1 else bytes([1, count - 2]) + bytes(count - 2)


def mh(kind, fixed, options=(), src=None, dst=None):
    """A whole message; options are pairs of type and data."""
    data = bytes([59, 0, kind, 0, 0, 0]) + fixed
    for option, value in options:
        unit, rest = ALIGNMENT.get(option, (1, 0))
        data += padding((rest - len(data)) % unit)
        data += bytes([option, len(value)]) + value
    data += padding(-len(data) % 8)
    return seal(data, src, dst)


def seal(data, src, dst, units=True):
    """Header Len and checksum of what may have been cut."""
    data = bytearray(data)
    if units and len(data) > 1:
        data[1] = max((len(data) + 7) // 8 - 1, 0)
    if len(data) >= 6:
        data[4:6] = bytes(2)
        data[4:6] = struct.pack("!H", checksum(src, dst, MH, bytes(data)))
    return bytes(data)


def timestamp(at=None):
    return struct.pack("!Q", int((at or time.time()) * NTP_UNIT))


def pbu(src, dst, mn, lladdr, hnp="::/0", sequence=1, lifetime=60, hi=4,
        att=4, at=None, alt_coa=None):
    """A Proxy Binding Update as a gateway would send it; one that is older than
    these options without HI and ATT, where they are None."""
    prefix, length = hnp.split("/")
    options = [(MN_ID, b"\1" + mn.encode()),
               (HNP, bytes([0, int(length)]) + addr(prefix))]
    if hi is not None:
        options.append((HI, bytes([0, hi])))
    if att is not None:
        options.append((ATT, bytes([0, att])))
    options += [(LL_ID, bytes(2) + octets_of(lladdr)),
                (TIMESTAMP, timestamp(at))]
    if alt_coa:
        options.append((ALT_COA, addr(alt_coa)))
    return mh(5, struct.pack("!HHH", sequence, A | P, lifetime // 4), options,
              src, dst)


class Pba:
    """What is known of a Proxy Binding Acknowledgement."""

    def __init__(self, data):
        check(data[2] == 6, f"no acknowledgement: {data.hex()}")
        self.status, self.flags, self.sequence, lifetime = struct.unpack(
            "!BBHH", data[6:12])
        self.lifetime = 4 * lifetime
        self.options = {}
        at = 12
        while at < len(data):
            if not data[at]:
                at += 1
                continue
            kind, length = data[at], data[at + 1]
            self.options[kind] = data[at + 2:at + 2 + length]
            at += 2 + length

    @property
    def hnp(self):
        option = self.options[HNP]
        return f"{text(option[2:])}/{option[1]}"


def heartbeat(src, dst, flags, sequence, counter=None, options=()):
    """A Heartbeat (RFC 5847)."""
    options = list(options)
    if counter is not None:
        options.append((RESTART_COUNTER, struct.pack("!I", counter)))
    return mh(13, struct.pack("!HI", flags, sequence), options, src, dst)


def binding_error(src, dst, status=2):
    return mh(7, bytes([status, 0]) + bytes(16), (), src, dst)


class Heartbeat:
    """What is known of one that came."""

    def __init__(self, data):
        check(data[2] == 13, f"no heartbeat: {data.hex()}")
        self.flags, self.sequence = struct.unpack("!HI", data[6:12])
        self.counter = None
        if len(data) > 16:
            at = 14
            check(data[at:at + 2] == bytes([RESTART_COUNTER, 4]),
                  f"option: {data.hex()}")
            self.counter = struct.unpack("!I", data[at + 2:at + 6])[0]


def bra(src, dst, sequence, status):
    """A Binding Revocation Acknowledgement (RFC 5846)."""
    return mh(16, struct.pack("!BBHH", 2, status, sequence, 0x8000), (), src,
              dst)


class Bri:
    """What is known of a Binding Revocation Indication (RFC 5846)."""

    def __init__(self, data):
        check(data[2] == 16 and data[6] == 1, f"no indication: {data.hex()}")
        self.trigger, self.sequence, self.flags = struct.unpack("!BHH",
                                                                data[7:12])


class Gateway:
    """A socket for Mobility Headers that sends whatever it is given."""

    def __init__(self, ns, src, dst=LMA):
        enter(ns)
        self.src, self.dst = src, dst
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, MH)
        self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_CHECKSUM, -1)
        self.sock.bind((src, 0))
        self.sequence = int(time.monotonic() * 100) & 0xffff

    def send(self, data):
        self.sock.sendto(data, (self.dst, 0))

    def receive(self, seconds):
        """A message from the other end, or None."""
        ready, _, _ = select.select([self.sock], [], [], seconds)
        return self.sock.recv(4096) if ready else None

    def expect(self, kind, seconds=20, accept=lambda data: True):
        """The next message of a type."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            data = self.receive(end - time.monotonic())
            if data and data[2] == kind and accept(data):
                return data
        raise AssertionError(f"no message of type {kind}")

    def ask(self, mn, lladdr, **fields):
        """Send a PBU; its acknowledgement."""
        self.sequence = self.sequence + 1 & 0xffff
        self.send(pbu(self.src, self.dst, mn, lladdr,
                      sequence=self.sequence, **fields))
        end = time.monotonic() + 20
        while time.monotonic() < end:
            data = self.receive(1)
            if data and data[2] == 6:
                answer = Pba(data)
                if answer.sequence == self.sequence:
                    return answer
        raise AssertionError(f"no answer to the PBU of {mn}")


def astat(ns, name):
    """A counter of the agent there."""
    said = run(ns, os.environ["pmipctl"], "-S",
               f"{os.environ['work']}/{ns}.sock", "-j", "stats", "show")
    for one in json.loads(said):
        if "role" in one:
            return one[name]
    raise AssertionError(f"no counters of the agent of {ns}")
