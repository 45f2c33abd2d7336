#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Measures, in a guest, and leaves what was measured in a file: see tools/bench."""
import argparse
import json
import sys
import time

import lines
import network
import source
import stats
import subjects

# What one measurement is to take, in ns of the CPU, and how much goes before it.
SLICE, WARMUP = 40_000_000, 0.1
FIRST = 500     # packets, to see how many that is


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
        result = stats.summary(stats.ratios(mine, other))
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


def run(options):
    bench = Bench(options)
    results = {"sender_alone_ns": bench.sender_alone(), "lines": {}}
    todo = [line for line in lines.TABLE
            if not options.only or line.name in options.only]
    for at, line in enumerate(todo):
        wanted = [s for later in todo[at:] for s in (later.ours, later.theirs)]
        bench.lab.keep_only(wanted)
        results["lines"][line.name] = bench.line(line)
    bench.lab.close()
    bench.source.close()
    return results


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--packets", type=int, default=0)
    parser.add_argument("--slice", type=int, default=SLICE)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("out")
    return parser.parse_args()


def main():
    options = arguments()
    start = time.monotonic()
    results = run(options)
    results["seconds"] = time.monotonic() - start
    with open(options.out, "w", encoding="ascii") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
