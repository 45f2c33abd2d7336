# SPDX-License-Identifier: GPL-2.0
"""An anchor's pmip6d as it is installed, with module, store and sockets: how many Proxy
Binding Updates it answers, and how long each of these takes.

	mags                lma
	gateways --- veth --- pmip6d, pmip0

The gateways are one program, tools/bench.d/load, with an address for each.
"""
import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time

import network
import routers

PMIP6D = os.path.join(routers.BUILD, "user/pmip6d")
LOAD = os.path.join(routers.BUILD, "bench/load")
LMA, MAGS = "2001:db8:1::1", "2001:db8:1::2"
LMA_MAC, MAGS_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
FIRST, GATEWAYS = "2001:db8:2::1", "2001:db8:2::/64"

WINDOW, REFRESHES = 256, 3

# Heartbeats would go unanswered; and a timestamp be old where a machine is busy.
CONFIG = """
control-socket = "{0}/socket"
state-directory = "{0}/state"
security = "none"
lma {{
	device = "pmip0"
	address = "{1}"
	mags = {{ any }}
	accept-unknown-mobile-nodes = true
	HEARTBEAT_INTERVAL = 3600
	TimestampValidityWindow = 20000
	pool "{2}" {{ prefix-length = 64 }}
}}
"""


class AgentFailed(Exception):
    """It does not do what is to be measured."""


class Agent:
    """pmip6d of an anchor, and the namespaces of it and of its gateways."""

    def __init__(self):
        self.ns = network.Namespace("lma")
        self.mags = network.Namespace("mags")
        self.directory = tempfile.mkdtemp()
        self.process = self.reader = None
        self.lines, self.told = [], threading.Condition()
        network.command("ip", "link", "add", "lma", "netns", self.mags.name, "address",
                        MAGS_MAC, "type", "veth", "peer", "name", "mags", "netns",
                        self.ns.name, "address", LMA_MAC)
        # While a neighbour is looked for, few messages to it are kept.
        for ns, device, address, peer, mac in (
                (self.ns, "mags", LMA, MAGS, MAGS_MAC),
                (self.mags, "lma", MAGS, LMA, LMA_MAC)):
            ns.sysctl(ipv6__conf__all__forwarding=1, ipv6__conf__default__accept_dad=0)
            ns.ip("link set lo up", f"link set {device} up",
                  f"addr add {address}/64 dev {device} nodad",
                  f"neigh add {peer} lladdr {mac} dev {device} nud permanent")
        self.ns.ip(f"route add {GATEWAYS} via {MAGS}")
        self.mags.ip(f"route add local {GATEWAYS} dev lo")

    def start(self):
        path = os.path.join(self.directory, "lma.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(self.directory, LMA, routers.POOL))
        with self.ns.entered():
            self.process = subprocess.Popen([PMIP6D, "-c", path], stderr=subprocess.PIPE,
                                            text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.wait_for("event=ready", 0)

    def _read(self):
        for line in self.process.stderr:
            with self.told:
                self.lines.append(line)
                self.told.notify_all()
        with self.told:
            self.lines.append("ended")
            self.told.notify_all()

    def wait_for(self, words, since):
        """Until it has said so, in a line after so many."""
        with self.told:
            self.told.wait_for(lambda: any(words in line or line == "ended"
                                           for line in self.lines[since:]))
            if not any(words in line for line in self.lines[since:]):
                raise AgentFailed(f"pmip6d has ended without {words}:\n" +
                                  "".join(self.lines[-20:]))

    def used(self):
        """Seconds of the processor, in ticks of which it has a hundred."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def load(self, count, *more):
        """What the program of that name says of COUNT mobile nodes."""
        said = json.loads(self.mags.run(
            LOAD, "--lma", LMA, "--from", FIRST, "--count", str(count), "--mags", "100",
            "--window", str(WINDOW), *more))
        if self.has() != count:
            raise AgentFailed(f"{count} mobile nodes are registered, and {self.has()} have "
                              "a binding in the kernel")
        return said

    def has(self):
        """How many bindings are in the kernel."""
        shown = json.loads(self.ns.run(routers.PMIPCTL, "-j", "device", "show", "pmip0"))
        return shown[0]["bindings"] if shown else 0

    def reload(self):
        """The module goes and comes; seconds until it is gone, and until all bindings are
        back after that."""
        since, count = len(self.lines), self.has()
        start = time.monotonic()
        network.command("rmmod", "pmip6")
        gone = time.monotonic()
        network.command("insmod", routers.module("pmip6.ko"))
        self.wait_for("event=ready", since)
        while self.has() < count:
            # Nobody tells, and to ask all the time would take as much as it does.
            time.sleep(0.2)
            if self.process.poll() is not None:
                raise AgentFailed("pmip6d has ended:\n" + "".join(self.lines[-20:]))
        return gone - start, time.monotonic() - gone

    def close(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.reader.join()
        self.ns.close()
        self.mags.close()
        shutil.rmtree(self.directory)


def _rate(part):
    return part["messages"] / (part["ns"] / 1e9)


def instructions(count):
    """Of an update of each kind, in a guest whose clock counts them: there is always one
    under way, so that nobody is idle."""
    agent = Agent()
    try:
        agent.start()
        said = agent.load(count, "--refreshes", "5")
    finally:
        agent.close()
    each = [part["ns"] / part["messages"] for part in said["refreshes"].values()]
    return {"agent_register": round(said["register"]["ns"] / count),
            "agent_refresh": round(statistics.median(each))}


def measure(count, say):
    """Of an agent of its own with so many mobile nodes."""
    agent = Agent()
    try:
        agent.start()
        said = agent.load(count, "--refreshes", str(REFRESHES))
        used = agent.used()
        gone, back = agent.reload()
    finally:
        agent.close()
    refreshes = list(said["refreshes"].values())
    found = {"mobile_nodes": count, "register": said["register"], "refreshes": refreshes,
             "register_per_s": _rate(said["register"]),
             "refresh_per_s": statistics.median(map(_rate, refreshes)),
             "agent_s": used, "unload_s": gone, "back_s": back}
    say(f"{count} mobile nodes: {found['register_per_s']:,.0f} registrations a second, "
        f"{found['refresh_per_s']:,.0f} refreshes; of {used:.1f} s of the agent's; the "
        f"module goes in {gone:.1f} s, all are back {back:.1f} s later")
    return found


def run(counts, say):
    """The figures of the most, and what there is of each."""
    found = [measure(count, say) for count in counts]
    last = found[-1]
    refresh = statistics.median_low(part["p99_us"] for part in last["refreshes"])
    return {"figures": {"agent_pbu_register_per_s": last["register_per_s"],
                        "agent_pbu_refresh_per_s": last["refresh_per_s"],
                        "agent_pbu_register_p99_ms": last["register"]["p99_us"] / 1000,
                        "agent_pbu_refresh_p99_ms": refresh / 1000,
                        "agent_unload_s": last["unload_s"],
                        "agent_reload_s": last["back_s"]},
            "agent": {str(part["mobile_nodes"]): part for part in found}}
