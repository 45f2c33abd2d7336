# SPDX-License-Identifier: GPL-2.0
"""Packets made to measure, for the tests: raw frames in and out of namespaces.

One process opens sockets in several namespaces, so that it can listen before it
sends; what must not arrive is followed by something that must.
"""
import ctypes
import json
import os
import socket
import struct
import sys
import time

ETH_P_IPV6 = 0x86dd
HOP_BY_HOP, UDP, IPV6, FRAGMENT, ICMPV6, ESP = 0, 17, 41, 44, 58, 50
UNREACHABLE, TOO_BIG, TIME_EXCEEDED, ECHO, ECHO_REPLY = 1, 2, 3, 128, 129

CN, LMA_CN, LMA, MAG1, MAG2, MN1, MN2, MN3, CORE_LMA, CORE_MAG1 = (
    os.environ[name] for name in
    "CN LMA_CN LMA MAG1 MAG2 MN1 MN2 MN3 CORE_LMA CORE_MAG1".split())

_libc = ctypes.CDLL(None, use_errno=True)

# One CPU, so that what is sent first is received first.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def enter(ns):
    """Make the process's next sockets those of a namespace of this run."""
    fd = os.open(f"/run/netns/{os.environ['RUN']}-{ns}", os.O_RDONLY)
    if _libc.setns(fd, 0x40000000):
        raise OSError(ctypes.get_errno(), f"setns {ns}")
    os.close(fd)


def addr(text):
    return socket.inet_pton(socket.AF_INET6, text)


def text(octets):
    return socket.inet_ntop(socket.AF_INET6, octets)


def ip6(src, dst, payload, nh=UDP, hops=64, tclass=0, length=None):
    if length is None:
        length = len(payload)
    return struct.pack("!IHBB", 6 << 28 | tclass << 20, length, nh,
                       hops) + addr(src) + addr(dst) + payload


def checksum(src, dst, nh, data):
    pseudo = addr(src) + addr(dst) + struct.pack("!II", len(data), nh)
    data = pseudo + data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def udp_data(src, dst, data=b"", sport=4000, dport=4001):
    header = struct.pack("!HHHH", sport, dport, 8 + len(data), 0)
    found = checksum(src, dst, UDP, header + data) or 0xffff
    return header[:6] + struct.pack("!H", found) + data


def udp(src, dst, data=b"", sport=4000, dport=4001, **fields):
    """A whole packet. To ports where nobody listens, past the host's stack."""
    return ip6(src, dst, udp_data(src, dst, data, sport, dport), UDP, **fields)


def listener(ns, port=4001):
    """Somebody at the port, so that no error goes back. Keep what it returns."""
    enter(ns)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind(("::", port))
    return sock


def raw_listener(ns, nh):
    """Somebody for whatever has this Next Header. Keep what it returns."""
    enter(ns)
    return socket.socket(socket.AF_INET6, socket.SOCK_RAW, nh)


def sized(src, dst, size, data=b""):
    """A UDP packet of so many octets."""
    return udp(src, dst, data.ljust(size - 48, b"."))


def icmp(src, dst, kind, code, rest, **fields):
    head = struct.pack("!BBH", kind, code, 0) + rest
    found = checksum(src, dst, ICMPV6, head)
    return ip6(src, dst, head[:2] + struct.pack("!H", found) + rest, ICMPV6,
               **fields)


def fragments(packet, at, ident=1):
    """An unfragmented packet in two, cut at a multiple of 8 of its payload."""
    head, nh, payload = packet[:40], packet[6], packet[40:]

    def one(offset, more, part):
        return (head[:4] + struct.pack("!HB", 8 + len(part), FRAGMENT) +
                head[7:] + struct.pack("!BBHI", nh, 0, offset | more, ident) +
                part)
    return one(0, 1, payload[:at]), one(at, 0, payload[at:])


class Packet:
    """What is known of a received IPv6 packet."""

    def __init__(self, octets):
        first, self.length, self.nh, self.hops = struct.unpack("!IHBB",
                                                               octets[:8])
        self.tclass = first >> 20 & 0xff
        self.src, self.dst = text(octets[8:24]), text(octets[24:40])
        self.payload = octets[40:40 + self.length]
        self.octets = octets[:40 + self.length]

    @property
    def inner(self):
        return Packet(self.payload)

    @property
    def data(self):
        """Of a UDP packet, if it is whole: the checksum is right too."""
        if self.nh != UDP or len(self.payload) < 8:
            return None
        if checksum(self.src, self.dst, UDP, self.payload):
            raise AssertionError(f"bad UDP checksum: {self}")
        return self.payload[8:]

    @property
    def icmp(self):
        """Type, code and the 32 bits after the checksum, or Nones."""
        if self.nh != ICMPV6:
            return None, None, None
        if checksum(self.src, self.dst, ICMPV6, self.payload):
            raise AssertionError(f"bad ICMPv6 checksum: {self}")
        return struct.unpack("!BBxxI", self.payload[:8])

    def __repr__(self):
        return (f"{self.src} > {self.dst} nh {self.nh} hops {self.hops} "
                f"tclass {self.tclass:#x} length {self.length} "
                f"{self.payload[:64].hex()}")


def is_noise(packet):
    """What hosts say of ports where nobody listens is of no interest, nor of
    groups that they have joined, some time after a link was made."""
    if (packet.dst == "ff02::16" and packet.hops == 1 and
            packet.nh == HOP_BY_HOP):
        return True
    if packet.nh == IPV6 and len(packet.payload) >= 40:
        packet = packet.inner
    return (packet.icmp[:2] == (UNREACHABLE, 4) and
            packet.payload[8:][6:7] == bytes([UDP]))


class Link:
    """An interface of a namespace, below its stack. to: the other end's MAC."""

    def __init__(self, ns, dev, to=None):
        enter(ns)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(ETH_P_IPV6))
        self.sock.bind((dev, ETH_P_IPV6))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.name = f"{ns}:{dev}"
        self.mac = self.sock.getsockname()[4]
        self.to = to.mac if to else None

    def send(self, packet, source=None):
        self.sock.send(self.to + (source or self.mac) +
                       struct.pack("!H", ETH_P_IPV6) + packet)

    def packets(self, seconds):
        """What comes in, until the deadline."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return
            self.sock.settimeout(left)
            try:
                frame, sender = self.sock.recvfrom(65600)
            except TimeoutError:
                return
            packet = Packet(frame[14:])
            if sender[2] != socket.PACKET_OUTGOING and not is_noise(packet):
                yield packet

    def expect(self, match, what, seconds=10):
        """The first that matches."""
        seen = []
        for packet in self.packets(seconds):
            if match(packet):
                return packet
            seen.append(packet)
        raise AssertionError(f"{what} does not arrive at {self.name}, "
                             f"but {seen}")

    def until(self, match, what, seconds=10):
        """All that come before the one that matches."""
        seen = []
        for packet in self.packets(seconds):
            if match(packet):
                return seen
            seen.append(packet)
        raise AssertionError(f"{what} does not arrive at {self.name}, "
                             f"but {seen}")


class Device:
    """A device without link-layer headers, as its stack would send by it."""

    def __init__(self, ns, dev):
        enter(ns)
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self.dev = dev

    def send(self, packet, protocol=ETH_P_IPV6):
        self.sock.sendto(packet, (self.dev, protocol))


def pair(ns, dev, other_ns, other_dev):
    """The two ends of a link; each sends to the other."""
    one, other = Link(ns, dev), Link(other_ns, other_dev)
    one.to, other.to = other.mac, one.mac
    return one, other


def has(data):
    """A match for UDP packets with this data, padded or not."""
    return lambda packet: (packet.nh == UDP and
                           packet.payload[8:].rstrip(b".") == data)


def check(good, what):
    if not good:
        raise AssertionError(what)


def equal(got, want, what):
    check(got == want, f"{what}: got {got}, want {want}")


def spawn(ns, *words):
    """Start a program in a namespace; its process and its output."""
    read, write = os.pipe()
    enter(ns)
    pid = os.posix_spawnp(words[0], words, os.environ,
                          file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    return pid, os.fdopen(read)


def run(ns, *words):
    """What a program prints; it must succeed."""
    pid, output = spawn(ns, *words)
    with output:
        said = output.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(not status, f"{words} in {ns} gave {status}")
    return said


def pmipctl(ns, *words):
    """Its JSON, or None."""
    said = run(ns, os.environ["pmipctl"], "-j", "-s", *words)
    return json.loads(said) if said else None


def wait_until(condition, what, seconds=5):
    """Poll; a condition that is False, or fails and tells how it stands."""
    end = time.monotonic() + seconds
    while True:
        stands = ""
        try:
            got = condition()
            if got is not False:
                return got
        except AssertionError as error:
            stands = f": {error}"
        if time.monotonic() > end:
            raise AssertionError(f"{what}{stands}")
        time.sleep(0.02)


class drops:
    """In a with statement: what the device drops meanwhile, and no more."""

    def __init__(self, ns, **reasons):
        self.ns = ns
        self.want = {name.replace("_", "-"): count
                     for name, count in reasons.items()}

    def read(self):
        return pmipctl(self.ns, "stats", "show", "dev", "pmip0")[0]["drops"]

    def __enter__(self):
        self.before = self.read()

    def compare(self):
        now = self.read()
        got = {name: now[name] - self.before[name] for name in now
               if now[name] != self.before[name]}
        equal(got, self.want, f"drops at {self.ns}")

    def __exit__(self, kind, error, trace):
        if not kind:
            wait_until(self.compare, "drops", 2)
