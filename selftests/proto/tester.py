# SPDX-License-Identifier: GPL-2.0
"""What the testers of anchor and gateway share: groups of assertions as TAP,
what was sent and what came, and the network around an agent.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from packets import *
from pmip6_scapy import *

MH = 135
BU, BA, BE, HEARTBEAT, REVOCATION = 5, 6, 7, 13, 16
OPTION_NAMES = {0: "Pad1", 1: "PadN", 3: "AltCoA", 8: "MNID", 22: "HNP",
                23: "HI", 24: "ATT", 25: "LLID", 26: "LLA", 27: "TS",
                28: "Restart", 50: "Group"}
TS_UNIT = 65536
A, P, B = 0x8000, 0x0200, 0x0040
ANY = "::/0"

_groups = []
_transcript = []
_frames = []


# ---- What was sent and what came -------------------------------------------

def options_of(message, start=12):
    """(offset, type, value) of each option of a Mobility Header's octets,
    padding too."""
    at, found = start, []
    end = 8 * (message[1] + 1)
    while at < end:
        if not message[at]:
            found.append((at, 0, b""))
            at += 1
            continue
        check(at + 2 <= end, f"an option without length in {message.hex()}")
        after = at + 2 + message[at + 1]
        check(after <= end, f"option {message[at]} ends after "
                            f"{message.hex()}")
        found.append((at, message[at], message[at + 2:after]))
        at = after
    return found


def _pad(data, count):
    """COUNT octets of padding: Pad1 or PadN."""
    data += b"\0" * count if count < 2 else bytes([1, count - 2]) + bytes(count - 2)


def indication_of(src, dst, sequence, trigger, flags, mn=None, hnp=(), groups=(),
                  more=b""):
    """A packet with a Binding Revocation Indication (RFC 5846 5.1)."""
    data = bytearray(struct.pack("!BBBBHBBHH", 59, 0, REVOCATION, 0, 0, 1,
                                 trigger, sequence, flags))
    if mn is not None:
        data += bytes([8, 1 + len(mn), 1]) + mn.encode()
    for one in hnp:
        prefix, length = one.split("/")
        _pad(data, (4 - len(data)) % 8)
        data += bytes([22, 18, 0, int(length)]) + addr(prefix)
    for number in groups:
        _pad(data, -len(data) % 4)
        data += bytes([50, 6, 1, 0]) + number.to_bytes(4, "big")
    data += more
    _pad(data, -len(data) % 8)
    data[1] = len(data) // 8 - 1
    data[4:6] = struct.pack("!H", checksum(src, dst, MH, bytes(data)))
    return ip6(src, dst, bytes(data), MH)


def _words(kind, value):
    name = OPTION_NAMES.get(kind, f"option {kind}")
    if kind == 8:
        return f"{name} {value[:1].hex()}:{value[1:].decode(errors='replace')}"
    if kind == 22 and len(value) == 18:
        return f"{name} {text(value[2:])}/{value[1]}"
    if kind in (23, 24) and len(value) == 2:
        return f"{name} {value[1]}"
    if kind in (3, 26) and len(value) == 16:
        return f"{name} {text(value)}"
    if kind == 27 and len(value) == 8:
        return f"{name} {int.from_bytes(value, 'big') / TS_UNIT:.3f}"
    return f"{name} {value.hex()}"


def describe(packet):
    """One line of an IPv6 packet."""
    head = f"{text(packet[8:24])} > {text(packet[24:40])}"
    data = packet[40:]
    if packet[6] == ICMPV6 and len(data) >= 8:
        return (f"{head} ICMPv6 {data[0]} code {data[1]} "
                f"{int.from_bytes(data[4:8], 'big')}")
    if packet[6] != MH or len(data) < 12 or data[2] not in (BU, BA):
        return f"{head} nh {packet[6]} {data.hex()}"
    try:
        said = ", ".join(_words(kind, value)
                         for _, kind, value in options_of(data) if kind > 1)
    except (AssertionError, IndexError) as error:
        said = str(error)
    if data[2] == BU:
        sequence, flags, lifetime = struct.unpack("!HHH", data[6:12])
        return (f"{head} BU seq {sequence} flags {flags:#06x} lifetime "
                f"{lifetime} [{said}]")
    status, flags, sequence, lifetime = struct.unpack("!BBHH", data[6:12])
    return (f"{head} BA status {status} flags {flags:#04x} seq {sequence} "
            f"lifetime {lifetime} [{said}]")


def note(arrow, packet):
    _transcript.append(f"{time.monotonic() % 1000:7.3f} {arrow} "
                       f"{describe(packet)}")
    _frames.append((time.time(), packet))


# ---- TAP -------------------------------------------------------------------

def group(words):
    """A function that makes assertions: one result."""
    def register(function):
        _groups.append((words, function))
        return function
    return register


def explain(agents):
    for name in agents:
        with open(f"{os.environ['work']}/{name}.log",
                  encoding="utf-8", errors="replace") as log:
            for line in log.readlines()[-8:]:
                print(f"# {name}: {line.rstrip()}")


def run_groups(agents, more):
    """Print the plan, with so many more of others, and all results; whether
    all succeeded. PROTO_ONLY names the only functions that run."""
    only = os.environ.get("PROTO_ONLY", "").split()
    wanted = [(words, function) for words, function in _groups
              if not only or function.__name__ in only]
    failed = 0
    print(f"1..{len(wanted) + more}", flush=True)
    for number, (words, function) in enumerate(wanted, 1):
        _transcript.clear()
        begun = time.monotonic()
        try:
            function()
            print(f"ok {number} - {words}")
            print(f"# {function.__name__}: {time.monotonic() - begun:.1f} s")
        except Exception as error:  # whatever it is, the next group is run
            failed += 1
            print(f"not ok {number} - {words}")
            at = error.__traceback__
            while at:
                code = at.tb_frame.f_code
                print(f"# {os.path.basename(code.co_filename)}:{at.tb_lineno} "
                      f"in {code.co_name}")
                at = at.tb_next
            print(f"# {type(error).__name__}: {error}")
            for line in _transcript[-16:]:
                print(f"# {line}")
            explain(agents)
        sys.stdout.flush()
    return not failed


# ---- The network around an agent -------------------------------------------

def asks_by_heartbeat(packet):
    return packet.nh == MH and packet.payload[2] == HEARTBEAT and \
        not packet.payload[7] & 1


class World:
    """The other end of an agent's link: whoever the agent may speak with."""

    def __init__(self, agent, address):
        self.agent, self.address = agent, address
        self.link, other = pair("world", agent, agent, "core")
        other.sock.close()

    def send(self, packet):
        """A scapy packet, or octets."""
        octets = bytes(packet)
        note(f">{self.agent}", octets)
        self.link.send(octets)
        return octets

    def answer_heartbeat(self, packet):
        """As every peer would; nobody here is asked for anything by it."""
        data = bytearray([59, 1, HEARTBEAT, 0, 0, 0, 0, 1])
        data += packet.payload[8:12] + bytes([1, 2, 0, 0])
        data[4:6] = struct.pack("!H", checksum(packet.dst, packet.src, MH,
                                               bytes(data)))
        self.link.send(ip6(packet.dst, packet.src, bytes(data), MH))

    def is_signalling(self, packet):
        """A Mobility Header or an ICMPv6 error, but for Heartbeats that ask:
        these are answered."""
        if asks_by_heartbeat(packet):
            self.answer_heartbeat(packet)
            return False
        if packet.nh != MH and (packet.nh != ICMPV6 or
                                packet.payload[0] >= 128):
            return False
        note(f"<{self.agent}", packet.octets)
        return True

    def receive(self, seconds):
        """The next of those; None if none comes."""
        for packet in self.link.packets(seconds):
            if self.is_signalling(packet):
                return packet
        return None

    def expect(self, match, what, seconds=20):
        """The next one, which is to match."""
        packet = self.receive(seconds)
        check(packet, f"{what}: nothing comes within {seconds} s")
        check(match(packet), f"{what}: {describe(packet.octets)}")
        return packet

    def control(self, **request):
        """What the agent answers on its control socket."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(f"{os.environ['work']}/{self.agent}.sock")
            sock.settimeout(30)
            sock.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(sock.makefile().readline())

    def mn(self, name):
        """What it knows of the sessions of a mobile node."""
        return self.control(do="mn-show", mn=name)["mns"]

    def stat(self, name):
        return self.control(do="stats")["roles"][0][name]

    def bindings(self):
        """HNP -> remote of the module, None where it drops."""
        return {one["hnp"]: (one["paths"][0].get("remote")
                             if one.get("paths") else None)
                for one in pmipctl(self.agent, "binding", "show")}

    def log(self, event):
        """The lines of its log about an event."""
        with open(f"{os.environ['work']}/{self.agent}.log",
                  encoding="utf-8") as log:
            return [line for line in log if f" event={event} " in line]


def is_mh(kind):
    return lambda packet: packet.nh == MH and packet.payload[2:3] == bytes(
        [kind])


# ---- Mobility Headers ------------------------------------------------------

def prefix_option(hnp, reserved=0):
    prefix, length = hnp.split("/")
    return PMIP6OptHNP(prefix=prefix, plen=int(length), reserved=reserved)


# RFC 5213 8.3 to 8.8, RFC 4283, RFC 6275 6.2: (unit, rest) from the start of
# the Mobility Header.
ALIGNED = {3: (8, 6), 22: (8, 4), 26: (8, 6), 27: (8, 2), 28: (4, 2),
           35: (2, 0), 45: (2, 0), 50: (4, 0)}
LENGTHS = {3: 16, 22: 18, 23: 2, 24: 2, 26: 16, 27: 8, 28: 4, 35: 4,
           50: 6}


def check_layout(data):
    """Alignment and padding of a message with options at 12."""
    found = options_of(data)
    for at, kind, value in found:
        unit, rest = ALIGNED.get(kind, (1, 0))
        # RULE: B-MSG-03 B-MSG-04 B-MSG-05 B-MAG-26 B-MAG-27 BULK-10
        equal(at % unit, rest % unit, f"alignment of option {kind} at {at}")
        # RULE: B-MSG-03 B-MSG-04 B-MSG-05 B-MSG-11
        equal(len(value), LENGTHS.get(kind, len(value)),
              f"length of option {kind}")
        if kind == 1:
            check(not any(value), f"padding with something: {value.hex()}")
        if kind in (22, 23, 24):
            # RULE: B-MSG-03 B-MSG-11
            equal(value[0], 0, f"reserved octet of option {kind}")
        if kind == 25:
            # RULE: B-MSG-11
            equal(value[:2], b"\0\0", "reserved octets of option 25")
        if kind == 50:
            # RULE: BULK-11
            equal(value[:2], b"\1\0", "subtype and reserved octet of option 50")
    for (_, one, _), (_, other, _) in zip(found, found[1:]):
        check((one, other) not in ((0, 0), (0, 1), (1, 0), (1, 1)),
              f"more than one padding option: {data.hex()}")
    kinds = [kind for _, kind, _ in found if kind not in (0, 1, 19, 22, 45, 50)]
    # RULE: B-MSG-09
    equal(len(set(kinds)), len(kinds), f"options that stand twice in {kinds}")


# ---- A second opinion ------------------------------------------------------

PCAP_RAW_IPV6 = 229


def write_capture(path):
    """What was sent and what came, in all groups."""
    with open(path, "wb") as capture:
        capture.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535,
                                  PCAP_RAW_IPV6))
        for at, octets in _frames:
            capture.write(struct.pack("=IIII", int(at), int(at % 1 * 1e6),
                                      len(octets), len(octets)) + octets)


def tshark(path, display_filter):
    """What it makes of packets, as JSON."""
    done = subprocess.run(
        ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "json",
         "--no-duplicate-keys"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    check(not done.returncode, f"tshark: {done.stderr.decode()}")
    return json.loads(done.stdout or b"[]")
