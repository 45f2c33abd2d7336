# SPDX-License-Identifier: GPL-2.0
"""Traffic from a correspondent to a mobile node with several interfaces, all of it at
once and in one process: UDP streams whose packets are numbered, TCP connections whose
octets are digested at both ends. Then what captures say of it.
"""
import fcntl
import hashlib
import select

from packets import *

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
IPV6_RECVPKTINFO, IPV6_PKTINFO = 49, 50
TCP, MH, BU, BA = 6, 135, 5, 6
SYN, RST = 2, 4

# A packet of each stream, and so much of each connection, is sent so often.
INTERVAL_S = 0.005
CHUNK = os.urandom(4096)

MN_ADDR = os.environ["MN_ADDR"]


def set_link(ns, dev, up):
    """Set an interface up or down; when that was."""
    enter(ns)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        name = dev.encode()
        known = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16sH14x", name, 0))
        flags = struct.unpack("16sH14x", known)[1] & ~IFF_UP
        at = time.time()
        fcntl.ioctl(sock, SIOCSIFFLAGS,
                    struct.pack("16sH14x", name, flags | (IFF_UP if up else 0)))
    return at


class Stream:
    """Numbered UDP packets to a port, which the mobile node sends back."""

    def __init__(self, port):
        self.port = port
        enter("cn")
        self.cn = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.cn.connect((MN_ADDR, port))
        enter("mn")
        self.mn = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.mn.bind((MN_ADDR, port))
        self.mn.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        self.names = {index: name for index, name in socket.if_nameindex()}
        self.ends = {self.cn: self.hear_echo, self.mn: self.hear}
        self.sent, self.received, self.round_trips = [], {}, {}

    def send(self):
        self.cn.send(struct.pack("!I", len(self.sent)).ljust(100, b"."))
        self.sent.append(time.time())

    def hear(self):
        data, more, _, sender = self.mn.recvmsg(200, 100)
        number = struct.unpack("!I", data[:4])[0]
        index = [struct.unpack("16xi", value)[0] for level, kind, value in more
                 if (level, kind) == (socket.IPPROTO_IPV6, IPV6_PKTINFO)][0]
        check(number not in self.received, f"{self.port}: {number} comes twice")
        self.received[number] = self.names[index]
        self.mn.sendto(data, sender)

    def hear_echo(self):
        number = struct.unpack("!I", self.cn.recv(200)[:4])[0]
        self.round_trips[number] = time.time() - self.sent[number]

    def progress(self):
        return len(self.received)

    def dev(self):
        """By which interface the last one came."""
        return self.received[max(self.received)] if self.received else None

    def devs(self):
        """By which ones they came, in the order of their numbers."""
        found = []
        for number in sorted(self.received):
            if found[-1:] != [self.received[number]]:
                found.append(self.received[number])
        return found

    def lost(self):
        """The numbers of those that are missing."""
        return [n for n in range(len(self.sent)) if n not in self.received]

    def round_trip(self):
        """The median of all."""
        return sorted(self.round_trips.values())[len(self.round_trips) // 2]

    def is_done(self):
        """Nothing is under way: what was sent last has come back."""
        return not self.sent or len(self.sent) - 1 in self.round_trips


class Connection:
    """Octets to a port, by one connection."""

    def __init__(self, port):
        self.port = port
        enter("mn")
        self.listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((MN_ADDR, port))
        self.listener.listen()
        enter("cn")
        self.cn = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.cn.settimeout(20)
        self.cn.connect((MN_ADDR, port))
        self.cn.setblocking(False)
        self.mn, _ = self.listener.accept()
        self.ends = {self.mn: self.hear, self.listener: self.again}
        self.sent, self.received = hashlib.sha256(), hashlib.sha256()
        self.sent_octets = self.octets = 0
        self.ended = False

    def again(self):
        raise AssertionError(f"{self.port}: a second connection")

    def send(self):
        try:
            count = self.cn.send(CHUNK)
        except BlockingIOError:
            return
        self.sent.update(CHUNK[:count])
        self.sent_octets += count

    def hear(self):
        data = self.mn.recv(1 << 16)
        self.received.update(data)
        self.octets += len(data)
        if not data:
            self.ended = True
            del self.ends[self.mn]

    def progress(self):
        return self.octets // 1024

    def is_done(self):
        return self.octets == self.sent_octets


class Traffic:
    """Streams to these UDP ports and connections to these TCP ports."""

    def __init__(self, streams, connections):
        self.stream = {port: Stream(port) for port in streams}
        self.connection = {port: Connection(port) for port in connections}
        self.all = [*self.stream.values(), *self.connection.values()]
        self.sending = self.all
        self.due = time.monotonic()

    def turn(self):
        """Send what is due, and take what comes until then."""
        now = time.monotonic()
        if now >= self.due:
            for one in self.sending:
                one.send()
            # What a machine that stands still has let pass is not made up for.
            self.due = max(self.due + INTERVAL_S, now)
        ends = {sock: hear for one in self.all for sock, hear in one.ends.items()}
        left = max(0, self.due - time.monotonic())
        for sock in select.select(list(ends), [], [], left)[0]:
            ends[sock]()

    def until(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            check(time.monotonic() < end, f"{what}: {self.state()}")
            self.turn()

    def state(self):
        return {one.port: (one.progress(), getattr(one, "devs", str)())
                for one in self.all}

    def flows(self, count=200, what="all of it flows"):
        """So many packets, or KiB, of each more."""
        want = {one: one.progress() + count for one in self.all}
        self.until(lambda: all(one.progress() >= want[one] for one in self.all), what)

    def rest(self):
        """Nothing is sent, and nothing is under way."""
        self.sending = []
        self.until(lambda: all(one.is_done() for one in self.all), "all arrives")

    def go_on(self):
        self.sending = self.all

    def go_by(self, dev, *ports):
        """Streams come to go by this interface."""
        self.until(lambda: all(self.stream[port].dev() == dev for port in ports),
                   f"{ports} go by {dev}")

    def command(self, ns, *words):
        """Run a program meanwhile; when that was."""
        at = time.time()
        pid, output = spawn(ns, *words)
        ended = []

        def is_over():
            if not ended:
                got, status = os.waitpid(pid, os.WNOHANG)
                if got:
                    ended.append(status)
            return ended
        with output:
            self.until(is_over, f"{words} in {ns}")
        equal(os.waitstatus_to_exitcode(ended[0]), 0, f"status of {words} in {ns}")
        return at

    def end(self):
        """Every octet of every connection has come, by the one that there was."""
        for one in self.connection.values():
            one.cn.setblocking(True)
            one.cn.shutdown(socket.SHUT_WR)
        self.sending = list(self.stream.values())
        self.until(lambda: all(one.ended for one in self.connection.values()),
                   "the connections end")
        self.sending = []
        self.until(lambda: all(one.is_done() for one in self.stream.values()),
                   "the last packets arrive")
        for one in self.connection.values():
            equal(one.octets, one.sent_octets, f"octets to {one.port}")
            equal(one.received.digest(), one.sent.digest(), f"digest of {one.port}")
        for one in self.all:
            for sock in [one.cn, one.mn, *one.ends]:
                sock.close()


class Seen:
    """A packet in a capture, of this traffic or a message between agents."""

    def __init__(self, at, packet):
        self.at, self.gateway = at, None
        if packet.nh == IPV6:
            self.gateway, packet = packet.dst, packet.inner
        self.packet, self.nh, payload = packet, packet.nh, packet.payload
        self.down = packet.src == CN and packet.dst == MN_ADDR
        self.up = packet.src == MN_ADDR and packet.dst == CN
        self.kind = self.number = None
        self.flags = 0
        if (self.down or self.up) and self.nh in (UDP, TCP):
            ports = struct.unpack("!HH", payload[:4])
            self.kind = {UDP: "udp", TCP: "tcp"}[self.nh], ports[self.down]
            if self.nh == UDP:
                self.number = struct.unpack("!I", payload[8:12])[0]
            else:
                self.flags = payload[13]

    def is_message(self, kind, gateway):
        return (self.nh == MH and self.packet.payload[2] == kind and
                gateway in (self.packet.src, self.packet.dst))


def capture(name):
    """All of a capture of an Ethernet."""
    with open(f"{os.environ['work']}/{name}.pcap", "rb") as file:
        data = file.read()
    at, found = 24, []
    while at + 16 <= len(data):
        seconds, parts, length, _ = struct.unpack("=IIII", data[at:at + 16])
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x86\xdd":
            found.append(Seen(seconds + parts / 1e6, Packet(frame[14:])))
    return found


def kinds(seen, way="down"):
    """What is in a capture of the traffic, one way."""
    return sorted({one.kind for one in seen if one.kind and getattr(one, way)})


def no_reset(anchor, *gateways):
    """No connection is reset, nor begun but once."""
    for seen in (anchor, *gateways):
        equal([one.kind for one in seen if one.flags & RST], [], "resets")
    begun = [one.kind for one in anchor if one.down and one.flags & SYN]
    equal(len(begun), len(set(begun)), f"connections: {begun}")


def count(ns, noun, key):
    """What its module has sent, by a key of what it counts."""
    return {str(one[key]): one["stats"]["tx_packets"] for one in pmipctl(ns, noun, "show")}
