# SPDX-License-Identifier: GPL-2.0
"""A million bindings in one expiry set: what memory each has, how long it takes to renew
them all at once, and what packets see as they expire."""
import json
import subprocess
import time

import routers
import stats
import subjects
from memory import growth, memory
from stats import Unexpected

# Renewals of one measurement, of the set or sets that are compared, by turns.
RENEWALS, PAIRS = 65_536, 15

# So much later than its end is no packet to be forwarded: a tick is 1 ms, and our clock
# and the kernel's are read one after the other.
LATE = 0.02


def renew(anchor, number, lifetime_ms, times=1):
    """ns that it took, acknowledgements included."""
    done = anchor.fill("sets", "--dev", "pmip0", "--set", str(number), "--lifetime",
                       str(lifetime_ms), "--count", str(times))
    if done["refused"]:
        raise Unexpected(f"expiry set {number}: {done['reason']}")
    return done["ns"]


def members(anchor, number):
    """How many paths end with a set."""
    shown = json.loads(anchor.ns.run(routers.PMIPCTL, "-j", "expiry-set", "show", "dev",
                                     "pmip0", "id", str(number)))
    return shown[0]["paths"]


def names(line):
    """Of the events that a line of the monitor tells."""
    return [event["event"] for event in json.loads(line)]


class Events:
    """What the module tells of a router."""

    def __init__(self, router):
        with router.ns.entered():
            self.process = subprocess.Popen(
                [routers.PMIPCTL, "-j", "monitor"], stdout=subprocess.PIPE, text=True)
        while not self.listens():
            if self.process.poll() is not None:
                raise Unexpected("the monitor has ended")
            time.sleep(0.01)

    def listens(self):
        """Has its socket, of generic netlink, joined a group?"""
        with open(f"/proc/{self.process.pid}/net/netlink", encoding="ascii") as file:
            next(file)
            sockets = [line.split() for line in file]
        return any(fields[1] == "16" and fields[2] != "0" and int(fields[3], 16)
                   for fields in sockets)

    def wait(self, name):
        """The first of that name: all that there was until then."""
        seen = []
        for line in self.process.stdout:
            seen += names(line)
            if seen[-1] == name:
                return seen
        raise Unexpected("the monitor has ended")

    def close(self):
        """What there was since."""
        self.process.terminate()
        return [name for line in self.process.communicate()[0].splitlines()
                for name in names(line)]


def ratio(anchor, many, few, lifetime_ms):
    """What renewing one set takes as a multiple of what another does."""
    mine, other = [], []
    for number in range(PAIRS):
        for which in (many, few) if number % 2 else (few, many):
            taken = renew(anchor, which, lifetime_ms, RENEWALS)
            (mine if which == many else other).append(taken)
    return stats.summary(stats.ratios(other, mine))["median"], mine


def renewals(mass, anchor, lifetime_ms):
    """Sets of 1 and of 1,000 beside that of all."""
    first, thousand = mass.count, max(mass.count // 1000, 2)
    for number, size in ((2, thousand), (3, 1)):
        renew(anchor, number, lifetime_ms)
        anchor.add(size, "--first", str(first), "--set", str(number))
        first += size
        if members(anchor, number) != size:
            raise Unexpected(f"expiry set {number} has not {size} paths")
    value, taken = ratio(anchor, 1, 3, lifetime_ms)
    mass.note("bulk_kernel_1m_vs_1", value)
    mass.note("bulk_kernel_per_s", RENEWALS / (stats.summary(taken)["median"] / 1e9))
    mass.note("bulk_kernel_1k_vs_1", ratio(anchor, 2, 3, lifetime_ms)[0])
    for number, size in ((2, thousand), (3, 1)):
        renew(anchor, number, 1)
    while anchor.has() != mass.count:
        time.sleep(0.01)


class Traffic:
    """Packets to random members of a set: what of them is forwarded, and when."""

    def __init__(self, mass, anchor):
        self.mass, self.anchor, self.job = mass, anchor, None
        self.packets = subjects.Subject("lma_down", mass.count, True).packets()
        self.longest = 0

    def tunnelled(self):
        """How many were so far: what leaves the router besides tells their sender that
        they are not."""
        return self.anchor.ns.sent("pmip0")[0]

    def piece(self, count):
        """How many of COUNT were forwarded."""
        before = self.tunnelled()
        self.job = self.anchor.send(self.mass.lab.sender, self.packets, count,
                                    after=self.job)
        self.longest = max(self.longest, self.job.gap_ns)
        return self.tunnelled() - before


def expiry(mass, anchor, piece, life=2.0):
    """The set of all ends while its members have packets."""
    traffic, late = Traffic(mass, anchor), 0
    events = Events(anchor)
    start = time.monotonic()
    renew(anchor, 1, int(life * 1000))
    end = time.monotonic() + life
    while (now := time.monotonic()) < end + LATE or anchor.has():
        forwarded = traffic.piece(piece)
        # A deadline is rounded down, to jiffies that may be one behind the clock.
        if time.monotonic() < start + life - LATE and forwarded != piece:
            raise Unexpected(f"of {piece} packets {forwarded} were forwarded before the end")
        if now > end + LATE:
            late += forwarded
    mass.note("set_expiry_s", time.monotonic() - end)
    late += traffic.piece(piece)
    mass.note("set_expiry_gap_ms", traffic.longest / 1e6)
    mass.gaps.append(traffic.longest)
    mass.note("set_expiry_late", late)
    told = events.wait("expiry-set-expired") + events.close()
    mass.note("set_expiry_events", sum(event != "mn-unknown" for event in told))


def run(mass, lifetime_ms, piece):
    """The figures of lines.py, put into those of MASS."""
    anchor = mass.anchor()
    before = memory()
    renew(anchor, 1, lifetime_ms)
    mass.add(anchor, mass.count, "--set", "1")
    after = memory()
    if members(anchor, 1) != mass.count:
        raise Unexpected(f"not all of {mass.count} paths are in the set")
    mass.note("kernel_bytes_per_binding_grouped", growth(before, after, mass.count))
    mass.note("kernel_bytes_per_binding_grouped_64_cpus",
              growth(before, after, mass.count, 64))
    renewals(mass, anchor, lifetime_ms)
    expiry(mass, anchor, piece)
    anchor.close()
