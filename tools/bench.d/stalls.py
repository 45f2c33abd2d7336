# SPDX-License-Identifier: GPL-2.0
"""Whether anything that a million bindings bring about keeps the kernel from everything
else: its own detectors are asked, more strictly than they are set, while packets go
by."""
import time

import grouped
import mass
import network
import routers
import subjects
from stats import Unexpected

# A tenth of what Debian has, but for the second, of which it is the least that can be
# set: a CPU that does nothing else for 2 * 1 s, a grace period that does not end, a
# task that waits.
DETECTORS = {"/proc/sys/kernel/watchdog_thresh": 1,
             "/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout": 3,
             "/proc/sys/kernel/hung_task_timeout_secs": 12}

PLANTED_MS = 15_000


# So long after the last was renewed, all expire: nobody waits for it, as the clock leaps
# while nothing is to be done.
LEAP = 60


def busy():
    """How long the CPU has been, in s."""
    with open("/proc/uptime", encoding="ascii") as file:
        up, idle = file.read().split()
    return float(up) - float(idle)


def be_strict():
    for path, seconds in DETECTORS.items():
        with open(path, "w", encoding="ascii") as file:
            file.write(str(seconds))


class Stalls(mass.Mass):
    """What goes on, how long it takes, and how long packets wait meanwhile."""

    def __init__(self, lab, count, say):
        super().__init__(lab, count, say)
        self.clock = busy
        self.phases = {}

    def phase(self, name, seconds, gap):
        self.phases[name] = {"s": seconds, "gap_ms": gap}
        self.say(f"{name}: {seconds:.3f} s, packets wait for {gap:.3f} ms")

    def command(self, name, anchor, *words):
        _, seconds, gap = self.traffic_beside(anchor.ns, *words)
        self.phase(name, seconds, gap)
        return seconds

    def fill(self, name, anchor, verb, *words):
        return self.command(name, anchor, routers.FILL, verb, "--dev", "pmip0", "--count",
                            str(self.count), "--prefix", str(routers.POOL[0]), *words)

    def lasting(self, name, verb, anchor, lifetime):
        """Bindings that are to live so long, in ms: added, or renewed."""
        seconds = self.fill(name, anchor, verb, "--remote", str(routers.remote(0)),
                            "--tunnels", str(mass.TUNNELS), *lifetime)
        self.all_there(anchor)
        return seconds

    def all_there(self, anchor):
        if anchor.has() != self.count:
            raise Unexpected(f"of {self.count} bindings {anchor.has()} are there")

    def full(self):
        anchor = self.anchor()
        self.add(anchor, self.count, "--lifetime", str(mass.HOUR_MS))
        return anchor

    def expire(self, anchor, life):
        """All are to live for so long from now, in s, and do."""
        end = time.monotonic() + life
        self.lasting("renewal", "renew", anchor,
                     ("--together", str(int(life * 1000))))
        if time.monotonic() > end:
            raise Unexpected("the first have expired before the last were renewed")
        self.see_out("expiry", anchor, end)

    def expire_set(self):
        """The same, where all are in one expiry set."""
        anchor = self.anchor()
        grouped.renew(anchor, 1, mass.HOUR_MS)
        self.add(anchor, self.count, "--set", "1")
        end = time.monotonic() + LEAP
        grouped.renew(anchor, 1, LEAP * 1000)
        self.see_out("set_expiry", anchor, end)
        anchor.close()

    def see_out(self, name, anchor, end):
        """What is to expire then is gone."""
        time.sleep(max(0, end - 0.2 - time.monotonic()))
        start = self.clock()
        gap = self.traffic_while(lambda: anchor.has() > 0)
        self.phase(name, self.clock() - start, gap)

    def unload(self, anchor):
        """The probe's device goes with the module, so another one is needed."""
        self.probe = subjects.Subject("forwarding")
        self.packets = self.probe.packets()
        self.lab.router(self.probe)
        self.command("rmmod", anchor, "rmmod", "pmip6")

    def planted(self):
        module = routers.module("stall.ko", "bench")
        network.command("insmod", module, f"ms={PLANTED_MS}")

    def run(self, plant=False):
        be_strict()
        self.lab.router(self.probe)
        anchor = self.anchor()
        hour = ("--lifetime", str(mass.HOUR_MS))
        taken = self.lasting("install", "add", anchor, hour)
        self.command("dump", anchor, routers.FILL, "dump", "--dev", "pmip0")
        self.expire(anchor, LEAP + 2 * taken)
        anchor.close()
        self.expire_set()
        anchor = self.full()
        self.fill("deletion", anchor, "del")
        anchor.close()
        anchor = self.full()
        self.command("teardown", anchor, "ip", "link", "del", "pmip0")
        anchor.close()
        if plant:
            self.planted()
        self.unload(self.full())
        self.stalls("stalls")
        return self.figures
