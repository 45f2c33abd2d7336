# SPDX-License-Identifier: GPL-2.0
"""An anchor that answers as a test wants, and mobile nodes to ask it for.

On top of signalling.py, for the tests of a gateway.
"""
from signalling import *

LINK_LOCAL = 26
ANY = "::/0"


class Pbu:
    """What is known of a Proxy Binding Update."""

    def __init__(self, data, src, at):
        check(data[2] == 5, f"no update: {data.hex()}")
        check(not checksum(src, LMA, MH, data), f"checksum of {data.hex()}")
        self.data, self.src, self.at = data, src, at
        self.sequence, self.flags, lifetime = struct.unpack("!HHH", data[6:12])
        self.lifetime = 4 * lifetime
        self.options, self.places = [], {}
        at = 12
        while at < len(data):
            if not data[at]:
                at += 1
                continue
            kind, length = data[at], data[at + 1]
            if kind != 1:
                self.options.append((kind, data[at + 2:at + 2 + length]))
                self.places[kind] = at
            at += 2 + length
        check(at == len(data), f"options of {data.hex()}")

    def all(self, kind):
        return [value for option, value in self.options if option == kind]

    def has(self, kind):
        return bool(self.all(kind))

    def one(self, kind):
        found = self.all(kind)
        check(len(found) == 1, f"option {kind}: {found}")
        return found[0]

    @property
    def mn(self):
        return self.one(MN_ID)[1:].decode()

    @property
    def hnp(self):
        return [f"{text(value[2:])}/{value[1]}" for value in self.all(HNP)]

    @property
    def hi(self):
        return self.one(HI)[1]

    @property
    def time(self):
        return struct.unpack("!Q", self.one(TIMESTAMP))[0] / NTP_UNIT

    @property
    def router(self):
        return text(self.one(LINK_LOCAL))

    def __repr__(self):
        return (f"PBU {self.mn} sequence {self.sequence} lifetime "
                f"{self.lifetime} hi {self.hi} {self.hnp}")


class Anchor:
    """A socket for Mobility Headers that hears PBUs, and says what it is told."""

    def __init__(self, ns="lma", src=LMA):
        enter(ns)
        self.src = src
        self.sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW, MH)
        self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_CHECKSUM, -1)
        self.sock.bind((src, 0))
        self.kept = []

    def hear(self, seconds):
        ready, _, _ = select.select([self.sock], [], [], max(seconds, 0))
        if not ready:
            return
        data, sender = self.sock.recvfrom(4096)
        if data[2] == 5:
            self.kept.append(Pbu(data, sender[0], time.monotonic()))

    def pbu(self, mn, seconds=20, match=lambda pbu: True):
        """The next one of a mobile node; those of others are kept."""
        end = time.monotonic() + seconds
        while True:
            for pbu in self.kept:
                if pbu.mn == mn and match(pbu):
                    self.kept.remove(pbu)
                    return pbu
            if time.monotonic() >= end:
                raise AssertionError(f"no PBU of {mn}, but {self.kept}")
            self.hear(end - time.monotonic())

    def hears_none(self, mn, seconds, what):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.hear(end - time.monotonic())
        check(not [pbu for pbu in self.kept if pbu.mn == mn],
              f"{what}: {self.kept}")

    def answer(self, pbu, status=0, hnp=None, lifetime=None, sequence=None,
               flags=0x20, router=None, at=None, echo=None):
        """echo has other values of options than those of the PBU."""
        if lifetime is None:
            lifetime = pbu.lifetime if status < 128 else 0
        if sequence is None:
            sequence = pbu.sequence
        options = [(kind, (echo or {}).get(kind, value))
                   for kind, value in pbu.options
                   if kind not in (HNP, LINK_LOCAL, TIMESTAMP)]
        for prefix in hnp if hnp is not None else pbu.hnp:
            address, length = prefix.split("/")
            options.append((HNP, bytes([0, int(length)]) + addr(address)))
        if pbu.has(TIMESTAMP):
            options.append((TIMESTAMP, timestamp(at) if at else
                            pbu.one(TIMESTAMP)))
        if router or pbu.has(LINK_LOCAL):
            options.append((LINK_LOCAL, addr(router) if router else
                            pbu.one(LINK_LOCAL)))
        fixed = struct.pack("!BBHH", status, flags, sequence, lifetime // 4)
        self.sock.sendto(mh(6, fixed, options, self.src, pbu.src),
                         (pbu.src, 0))


ALIGNMENT[LINK_LOCAL] = (8, 6)


class Mobile(Station):
    """A station whose profile is mNUMBER@example.com."""

    def __init__(self, number):
        super().__init__("still", "eth0", f"02:00:00:00:03:{number:02x}")
        self.id = f"m{number}@example.com"
        self.hnp = f"2001:db8:a:{0x80 + number:x}::/64"

    def expect(self, match, what, seconds=20):
        """An advertisement like that; others before it do not matter."""
        end = time.monotonic() + seconds
        seen = []
        while time.monotonic() < end:
            for frame in self.frames(end - time.monotonic()):
                if frame.is_ra:
                    seen.append(frame.ra)
                    if match(frame):
                        return frame
        raise AssertionError(f"{what}: {seen}")

    def expect_prefix(self, prefix, what="advertised", valid=True):
        return self.expect(lambda frame: any(
            one[0] == prefix and bool(one[2]) == valid
            for one in frame.ra["prefixes"]), f"{what}: {prefix}")

    def state(self):
        for one in self.show():
            return one["state"]
        return "gone"

    def show(self):
        return json.loads(agent("mn", "show", self.id))

    def await_state(self, wanted, seconds=20):
        wait_until(lambda: self.state() == wanted,
                   f"{self.id}: {wanted}, not {self.state()}", seconds)


def agent(*words, ns="mag1"):
    return run(ns, os.environ["pmipctl"], "-S",
               f"{os.environ['work']}/{ns}.sock", "-j", *words)


def bound(ns="mag1"):
    """The prefixes that the module there has bindings of."""
    return sorted(one["hnp"] for one in json.loads(
        run(ns, os.environ["pmipctl"], "-j", "binding", "show")))


def log_has(pattern, ns="mag1"):
    import re
    with open(f"{os.environ['work']}/{ns}.log", encoding="utf-8") as log:
        return any(re.search(pattern, line) for line in log)
