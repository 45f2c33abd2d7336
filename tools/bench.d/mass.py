# SPDX-License-Identifier: GPL-2.0
"""A million bindings come, are shown, expire and go: how long that takes, what memory
they have, and how long packets have to wait meanwhile."""
import json
import re
import statistics
import subprocess
import time

import grouped
import routers
import subjects
from memory import growth, memory
from stats import Unexpected

TUNNELS = 1000
HOUR_MS = 3_600_000

# Longer than this without a packet is a stall. The kernel's own detectors are silent for
# 20 s, and User Mode Linux is without most of them: see stalls.py.
STALL_NS = 1_000_000_000
REPORTS = re.compile(r"soft lockup|hard LOCKUP|detected stalls|self-detected stall"
                     r"|blocked for more than")

# What packets are sent by at a time while something else goes on.
PIECE = 20_000


def reports():
    """Lines of the kernel's log that tell of a stall."""
    log = subprocess.run(["dmesg"], capture_output=True, text=True, check=True).stdout
    return [line for line in log.splitlines() if REPORTS.search(line)]


class Mass:
    """The figures of one run, by name."""

    def __init__(self, lab, count, say):
        self.lab, self.count, self.say = lab, count, say
        self.figures, self.gaps, self.rates = {}, [], []
        self.known = len(reports())
        self.clock = time.monotonic
        self.probe = subjects.Subject("lma_down")
        self.packets = self.probe.packets()

    def anchor(self, tunnels=TUNNELS):
        return routers.Anchor(self.lab.source, 0, tunnels)

    def note(self, name, value):
        self.figures[name] = value
        self.say(f"{name}: {value:,.6g}")

    def add(self, anchor, count, *words):
        """And all of them are there."""
        done = anchor.add(count, *words)
        if done["refused"] or anchor.has() != count:
            raise Unexpected(f"{done['refused']} of {count} bindings were refused "
                             f"({done['reason']}), {anchor.has()} are there")
        seconds = done["ns"] / 1e9
        if count == self.count:
            self.rates.append(count / seconds)
        return seconds

    def traffic_while(self, goes_on):
        """Sends by another router as long as GOES_ON() says so; the longest time that
        packets had to wait, in ms."""
        router, job, longest = self.lab.router(self.probe), None, 0
        while True:
            last = not goes_on()
            job = router.send(self.lab.sender, self.packets, PIECE, after=job)
            longest = max(longest, job.gap_ns)
            if last:
                break
        self.gaps.append(longest)
        return longest / 1e6

    def traffic_beside(self, ns, *words):
        """The same while a command runs; what it says, and how long it took, in s."""
        with ns.entered():
            start = self.clock()
            done = []
            process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

        def goes_on():
            if process.poll() is None:
                return True
            done.append(self.clock() - start)
            return False

        gap = self.traffic_while(goes_on)
        said = process.stdout.read()
        if process.returncode:
            raise Unexpected(f"{' '.join(words)} ended with {process.returncode}")
        return said, done[0], gap

    def grown(self, tunnels, count):
        """An anchor with COUNT bindings, and the memory before and after these."""
        anchor = self.anchor(tunnels)
        before = memory()
        self.add(anchor, count, "--lifetime", str(HOUR_MS))
        return anchor, before, memory()

    def installed(self):
        """Memory, dump and deletion."""
        self.lab.router(self.probe)
        anchor, *memories = self.grown(TUNNELS, self.count)
        self.note("kernel_bytes_per_binding", growth(*memories, self.count))
        self.note("kernel_bytes_per_binding_64_cpus",
                  growth(*memories, self.count, 64))

        said, seconds, gap = self.traffic_beside(
            anchor.ns, routers.FILL, "dump", "--dev", "pmip0")
        if json.loads(said)["messages"] != self.count:
            raise Unexpected(f"a dump of {self.count} bindings has {said}")
        self.note("dump_under_traffic_s", seconds)
        self.note("dump_gap_ms", gap)
        self.note("dump_s", anchor.fill("dump", "--dev", "pmip0")["ns"] / 1e9)

        done = anchor.fill("del", "--dev", "pmip0", "--count", str(self.count),
                           "--prefix", str(routers.POOL[0]))
        self.note("delete_per_s", self.count / (done["ns"] / 1e9))
        # Not of the million: a message a send takes as long for any of them.
        few = max(self.count // 20, 1)
        self.note("install_one_by_one_per_s",
                  few / self.add(anchor, few, "--batch", "1"))
        anchor.close()

    def tunnels(self):
        """What as many bindings have more when each has a tunnel of its own."""
        count = max(self.count // 10, 1)
        shared, *one = self.grown(1, count)
        shared.close()
        own, *many = self.grown(count, count)
        own.close()
        for name, cpus in (("", 1), ("_64_cpus", 64)):
            self.note("kernel_bytes_per_tunnel" + name,
                      growth(*many, count, cpus) - growth(*one, count, cpus))

    def grouped(self):
        """All in one expiry set."""
        grouped.run(self, HOUR_MS, PIECE)

    def expiry(self):
        anchor = self.anchor()
        # Three times as long as adding them has taken.
        life = 2 + 3 * self.count / self.rates[0]
        start = time.monotonic()
        self.add(anchor, self.count, "--together", str(int(life * 1000)))
        if time.monotonic() > start + life:
            raise Unexpected("the first have expired before the last were added")
        time.sleep(max(0, start + life - 0.1 - time.monotonic()))
        gap = self.traffic_while(lambda: anchor.has() > 0)
        self.note("expiry_s", time.monotonic() - start - life)
        self.note("expiry_gap_ms", gap)
        anchor.close()

    def teardown(self):
        anchor = self.anchor()
        self.add(anchor, self.count, "--lifetime", str(HOUR_MS))
        _, seconds, gap = self.traffic_beside(anchor.ns, "ip", "link", "del", "pmip0")
        self.note("teardown_s", seconds)
        self.note("teardown_gap_ms", gap)
        anchor.close()

    def stalls(self, name):
        found = reports()[self.known:]
        for line in found:
            self.say("#", line)
        long = sum(gap > STALL_NS for gap in self.gaps)
        self.note(name, len(found) + long)

    def run(self):
        self.installed()
        self.tunnels()
        self.grouped()
        self.expiry()
        self.teardown()
        self.note("install_per_s", statistics.median(self.rates))
        self.stalls("stalls_uml")
        return self.figures
