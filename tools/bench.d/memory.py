# SPDX-License-Identifier: GPL-2.0
"""Memory of the kernel."""
import time


def memory():
    """Octets of slab, percpu and vmalloc, once they do not change any more: what was
    freed after a grace period, and by workers, has no event to wait for."""
    before = None
    while True:
        with open("/proc/meminfo", encoding="ascii") as file:
            fields = dict(line.split(":") for line in file)
        now = {key: int(fields[name].split()[0]) * 1024
               for key, name in (("slab", "Slab"), ("percpu", "Percpu"),
                                 ("vmalloc", "VmallocUsed"))}
        if now == before:
            return now
        before = now
        time.sleep(0.2)


def growth(before, after, number, cpus=None):
    """Octets for each of NUMBER; as they would be with so many CPUs, where this
    machine has one."""
    grown = {key: after[key] - before[key] for key in after}
    grown["percpu"] *= cpus or 1
    return sum(grown.values()) / number
