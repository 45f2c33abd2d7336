#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Measures, in a guest, and leaves what was measured in a file: see tools/bench."""
import argparse
import json
import os
import re
import statistics
import sys
import time

import agent
import lines
import mass
import network
import routers
import source
import stalls
import stats
import subjects
import tcp

# What one measurement is to take, in ns of the CPU, and how much goes before it.
SLICE, WARMUP = 40_000_000, 0.1
FIRST = 500     # packets, to see how many that is

UPDATED = 2000  # mobile nodes that an agent has


def say(*words):
    print(*words, flush=True)


class Bench:
    """What is to be done with it, and what was measured so far."""

    def __init__(self, options):
        self.options = options
        self.source = network.Namespace("source")
        self.sender = source.Sender()
        self.lab = subjects.Lab(self.source, self.sender, lambda text: say("#", text))
        self.counts = {}
        self.times = {}

    def count(self, subject):
        """How many packets take the time that one measurement is to take."""
        if self.options.packets:
            return self.options.packets
        if subject not in self.counts:
            self.lab.measure(subject, FIRST)
            each = self.lab.measure(subject, FIRST)
            self.counts[subject] = max(int(self.options.slice / each), FIRST)
        return self.counts[subject]

    def once(self, subject):
        count = self.count(subject)
        value = self.lab.measure(subject, count, int(count * WARMUP))
        self.times.setdefault(subject.name, []).append(value)
        return value

    def pairs(self, ours, theirs):
        """Times of both, by turns; who is first changes, too."""
        mine, other = [], []
        self.count(ours), self.count(theirs)
        for number in range(self.options.pairs):
            if number % 2:
                mine.append(self.once(ours))
                other.append(self.once(theirs))
            else:
                other.append(self.once(theirs))
                mine.append(self.once(ours))
        return mine, other

    def line(self, line):
        mine, other = self.pairs(line.ours, line.theirs)
        result = stats.summary(stats.ratios(other, mine) if line.cost else
                               stats.ratios(mine, other))
        result.update(ours=line.ours.name, theirs=line.theirs.name,
                      ours_ns=stats.summary(mine), theirs_ns=stats.summary(other),
                      bound=line.bound, words=line.words)
        say(f"{line.name}: {result['median']:.3f} "
            f"({result['low']:.3f} to {result['high']:.3f})")
        return result

    def sender_alone(self):
        """What sending costs, where a device of the source drops it."""
        self.source.ip("link add nowhere type dummy",
                       "link set nowhere addrgenmode none up")
        packets = lines.REFERENCE.packets()
        with self.source.entered():
            values = [self.sender.run("nowhere", packets, 20_000, 2000).cpu_ns / 20_000
                      for _ in range(self.options.pairs)]
        self.source.ip("link del nowhere")
        return stats.summary(values)


    def point(self, subject):
        """What it costs, in ns, as a multiple of plain forwarding, and that."""
        mine, reference = self.pairs(subject, lines.REFERENCE)
        result = stats.summary(stats.ratios(reference, mine))
        result.update(mobile_nodes=subject.count, subject=subject.name)
        return result

    def curves(self):
        """Sizes of routers from small to large, so that the largest are closed before
        the next of their kind."""
        points = sorted(((curve, subject) for curve, subjects_ in lines.CURVES.items()
                         for subject in subjects_ if subject.count <= self.options.most),
                        key=lambda point: (point[1].router, point[0]))
        found = {}
        for at, (curve, subject) in enumerate(points):
            self.lab.keep_only([lines.REFERENCE] + [s for _, s in points[at:]])
            found.setdefault(curve, []).append(self.point(subject))
            say(f"{subject.name}: {found[curve][-1]['median']:.3f} of forwarding")
        reference = stats.summary(self.times[lines.REFERENCE.name])["median"]
        for curve in found.values():
            for point in curve:
                point["ns"] = point["median"] * reference
                point["ns_low"] = point["low"] * reference
                point["ns_high"] = point["high"] * reference
        return found

    def table(self):
        todo = [line for line in lines.TABLE if self.wanted(line.name) and
                max(line.ours.count, line.theirs.count) <= self.options.most]
        found = {}
        for at, line in enumerate(todo):
            self.lab.keep_only([subject for later in todo[at:]
                                for subject in (later.ours, later.theirs)])
            found[line.name] = self.line(line)
        return found

    def wanted(self, name):
        return not self.options.only or name in self.options.only

    def run(self):
        results = {"sender_alone_ns": self.sender_alone(), "lines": self.table()}
        if self.wanted("curves"):
            results["curves"] = self.curves()
        self.lab.keep_only(())
        if any(self.wanted(figure.name) for figure in lines.FIGURES):
            results["figures"] = mass.Mass(
                self.lab, min(lines.MILLION, self.options.most), say).run()
        self.lab.close()
        self.source.close()
        results["subjects_ns"] = {name: stats.summary(values)
                                  for name, values in sorted(self.times.items())}
        return results


    def instructions(self):
        """What each packet, and each update, takes, by a clock that counts instructions."""
        found = {}
        for subject in lines.INSTRUCTIONS:
            values = [self.lab.measure(subject, 1000, FIRST) for _ in range(3)]
            found[subject.name] = round(statistics.median(values))
            say(f"{subject.name}: {found[subject.name]} instructions")
        self.lab.close()
        self.source.close()
        found.update(agent.instructions(UPDATED))
        return found


    def stalls(self):
        """What the kernel's own detectors have to say."""
        found = stalls.Stalls(self.lab, min(lines.MILLION, self.options.most), say)
        results = {"figures": found.run(self.options.plant), "stalls_while": found.phases}
        self.lab.close()
        self.source.close()
        return results


def counted_by():
    """Besides the kernel, what the same module's instructions depend on: by what it
    was compiled, and who counts them."""
    said = network.command("readelf", "-p", ".comment", routers.module("pmip6.ko"))
    compiler = re.search(r"(GCC|clang).*", said)
    emulator = network.command("qemu-system-x86_64", "--version").splitlines()[0]
    return {"compiler": compiler and compiler.group(), "emulator": emulator}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("packets", "tcp", "instructions", "stalls", "agent"),
                        default="packets")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--packets", type=int, default=0)
    parser.add_argument("--slice", type=int, default=SLICE)
    parser.add_argument("--most", type=int, default=lines.MILLION)
    parser.add_argument("--plant", action="store_true",
                        help="a stall, for it to be found")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("out")
    return parser.parse_args()


def main():
    options = arguments()
    start = time.monotonic()
    if options.part == "tcp":
        results = {"lines": {"tcp_vs_ip6tnl":
                             tcp.run(options.pairs, say)}}
    elif options.part == "instructions":
        results = {"instructions": Bench(options).instructions()}
    elif options.part == "agent":
        results = agent.run([count for count in (lines.TEN_K, lines.HUNDRED_K)
                             if count <= options.most] or [options.most], say)
    elif options.part == "stalls":
        results = Bench(options).stalls()
    else:
        results = Bench(options).run()
        results["pairs"] = options.pairs
    machine = {"kernel": os.uname().release, "seconds": time.monotonic() - start}
    if options.part == "instructions":
        machine.update(counted_by())
    results["machines"] = {options.part: machine}
    with open(os.path.join(options.out, options.part + ".json"), "w",
              encoding="ascii") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
