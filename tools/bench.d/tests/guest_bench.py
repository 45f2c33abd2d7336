# SPDX-License-Identifier: GPL-2.0
"""In a guest: routers forward what they should, and who does not is found out."""
import dataclasses
import json
import unittest

import agent
import grouped
import lines
import mass
import network
import routers
import source
import subjects
import tcp
from subjects import Subject


class Guest(unittest.TestCase):
    def setUp(self):
        self.namespace = network.Namespace("source")
        self.lab = subjects.Lab(self.namespace, source.Sender(), lambda text: None)

    def tearDown(self):
        self.lab.close()
        self.namespace.close()


class Subjects(Guest):
    def test_each_kind(self):
        """each kind forwards, to one mobile node and to many, in frames of its length"""
        for kind in subjects.KINDS:
            for count, random in ((1, False), (20, True)):
                self.assertGreater(
                    self.lab.measure(Subject(kind, count, random), 64, 32), 0)

    def test_sizes_and_tunnels(self):
        """sizes and tunnels of the table's lines forward, too"""
        kept = {dataclasses.replace(subject, count=min(subject.count, 40),
                                    tunnels=min(subject.tunnels, 8))
                for line in lines.TABLE for subject in (line.ours, line.theirs)}
        for subject in sorted(kept, key=lambda subject: subject.name):
            self.lab.measure(subject, 64)

    def test_fast_path(self):
        """what is measured of the fast path takes it"""
        # What goes between two mobile nodes takes it in and out again.
        for kind, times in (("fast_lma_down", 1), ("fast_lma_up", 1),
                            ("fast_lma_between", 2), ("fast_mag_up", 1)):
            subject = Subject(kind, 4, True)
            before = self.lab.router(subject).taken()
            self.lab.measure(subject, 640)
            self.assertEqual(self.lab.router(subject).taken() - before, 640 * times)

    def test_flows(self):
        """what is measured of flows hits the one that it should, or none"""
        for flows, hit in ((1, 1), (300, 1), (300, 300), (300, 0)):
            subject = Subject("lma_down", flows=flows, hit=hit)
            self.lab.measure(subject, 64)
            shown = json.loads(self.lab.router(subject).ns.run(
                routers.PMIPCTL, "-j", "-s", "flow-binding", "show", "dev", "pmip0"))
            counts = {flow["fid"]: flow["stats"]["tx_packets"] for flow in shown}
            self.assertEqual(len(counts), flows)
            self.assertEqual({fid: count for fid, count in counts.items() if count},
                             {hit: 64} if hit else {})

    def test_one_neighbour(self):
        """many mobile nodes, or their correspondents, are one neighbour of a tunnel"""
        for kind, tunnel in (("lma_down", "pmip0"), ("mag_up", "pmip0"),
                             ("ip6tnl_down", "tunnel"), ("ip6tnl_rules", "tunnel"),
                             ("ip6tnl_source_routes", "tunnel")):
            subject = Subject(kind, 20, True)
            self.lab.measure(subject, 200)
            shown = self.lab.router(subject).ns.run(
                "ip", "-6", "-j", "neigh", "show", "dev", tunnel, "nud", "all")
            kept = [neighbour["dst"] for neighbour in json.loads(shown)
                    if not neighbour["dst"].startswith("ff")]
            self.assertEqual(kept, [routers.NEXT_HOP])

    def test_all_drawn(self):
        """random mobile nodes are all of them, and about as often"""
        subject = Subject("lma_down", 16, True)
        self.lab.measure(subject, 16000)
        shown = json.loads(self.lab.router(subject).ns.run(
            routers.PMIPCTL, "-j", "-s", "binding", "show", "dev", "pmip0"))
        counts = [binding["stats"]["tx_packets"] for binding in shown]
        self.assertEqual((len(counts), sum(counts)), (16, 16000))
        self.assertTrue(all(800 < count < 1200 for count in counts), counts)


class Refused(Guest):
    def assertNothing(self, subject, *words):
        self.lab.keep_only(())
        self.lab.measure(subject, 64)
        self.lab.router(subject).ns.run(*words)
        with self.assertRaisesRegex(subjects.ForwardsNothing, subject.name):
            self.lab.measure(subject, 64)

    def test_no_binding(self):
        """who has no binding is not forwarded for, and measured as nothing"""
        for kind in ("lma_down", "lma_up", "mag_up", "mag_down"):
            self.assertNothing(Subject(kind), routers.FILL, "del", "--dev", "pmip0",
                               "--prefix", str(routers.POOL[0]))

    def test_no_route(self):
        """nor is a router without a route"""
        self.assertNothing(Subject("forwarding"), "ip", "-6", "route", "replace",
                           "blackhole", str(routers.POOL), "metric", "1")

    def test_one_missing(self):
        """one binding of many that is missing is enough"""
        self.assertNothing(Subject("lma_down", 4, True), routers.FILL, "del", "--dev",
                           "pmip0", "--first", "2", "--prefix", str(routers.POOL[0]))

    def test_around_tunnel(self):
        """what leaves, but not by the tunnel, does not count"""
        self.assertNothing(Subject("ip6tnl_down"), "ip", "-6", "route", "replace",
                           str(routers.POOL), "via", routers.NEXT)


class Masses(Guest):
    def test_all_figures(self):
        """each figure of masses is there, and is of bindings that were there"""
        found = mass.Mass(self.lab, 2000, lambda *text: None).run()
        self.assertEqual(set(found), {figure.name for figure in lines.FIGURES})
        self.assertEqual(found["stalls_uml"], 0)
        self.assertGreater(found["kernel_bytes_per_binding"], 100)

    def test_set_expiry(self):
        """that an expiry set ends too late, or with more than one event, is told"""
        few = mass.Mass(self.lab, 50, lambda *text: None)
        anchor, renew = few.anchor(), grouped.renew

        def late(anchor, number, lifetime_ms):
            # Another one ends meanwhile, with an event of its own.
            anchor.add(1, "--first", "50", "--lifetime", "1")
            renew(anchor, number, lifetime_ms + 500)

        try:
            renew(anchor, 1, mass.HOUR_MS)
            few.add(anchor, 50, "--set", "1")
            grouped.renew = late
            grouped.expiry(few, anchor, 100, 0.5)
        finally:
            grouped.renew = renew
            anchor.close()
        self.assertGreater(few.figures["set_expiry_late"], 0)
        self.assertEqual(few.figures["set_expiry_events"], 2)

    def test_refused(self):
        """bindings that are refused are no figure"""
        anchor = routers.Anchor(self.namespace, 10)
        try:
            with self.assertRaises(network.CommandFailed):
                mass.Mass(self.lab, 10, print).add(anchor, 20)
        finally:
            anchor.close()


class Agents(unittest.TestCase):
    def test_all_figures(self):
        """each figure of the agent is there, and is of mobile nodes that were registered"""
        found = agent.run([100, 600], lambda *text: None)
        self.assertEqual(set(found["figures"]), {figure.name for figure in lines.AGENT})
        part = found["agent"]["600"]
        for round_ in [part["register"], *part["refreshes"]]:
            self.assertEqual((round_["messages"], round_["refused"]), (600, 0))
            self.assertLessEqual(round_["p50_us"], round_["p99_us"])
        self.assertEqual(len(part["refreshes"]), agent.REFRESHES)

    def load(self, setting, *more):
        """What load does where the anchor is configured otherwise."""
        started = agent.Agent()
        kept = agent.CONFIG
        agent.CONFIG = kept.replace(*setting)
        try:
            started.start()
            started.load(4, *more)
        finally:
            agent.CONFIG = kept
            started.close()

    def test_refused(self):
        """mobile nodes that are refused are no figure"""
        for setting in ("any", '"2001:db8::1"'), ("= 64 }", "= 33 }"):
            with self.assertRaises(network.CommandFailed):
                self.load(setting)

    def test_lost(self):
        """nor is a binding that the kernel does not have"""
        started = agent.Agent()
        try:
            started.start()
            started.has = lambda: 3
            with self.assertRaises(agent.AgentFailed):
                started.load(4)
        finally:
            started.close()

    def test_ended(self):
        """nor an agent that ends"""
        with self.assertRaisesRegex(agent.AgentFailed, "pool"):
            self.load(("64 }", "1 }"))


class Connections(unittest.TestCase):
    def test_both(self):
        """TCP passes by either tunnel"""
        for kind in tcp.Ours, tcp.Theirs:
            path = kind()
            try:
                self.assertGreater(path.throughput(4_000_000), 1e6)
            finally:
                path.close()

    def test_around_tunnel(self):
        """what arrives, but not by the tunnel, does not count"""
        path = tcp.Ours()
        try:
            path.ns["lma"].ip(f"route replace {routers.prefix(0)} via {tcp.MAG}")
            path.ns["mag"].ip(f"route add {routers.prefix(0)} dev mn",
                              f"route add default via {tcp.LMA}",
                              f"rule del iif mn lookup {tcp.TABLE_UP}")
            with self.assertRaises(network.CommandFailed):
                path.throughput(4_000_000)
        finally:
            path.close()


class Senders(Guest):
    def test_refusals(self):
        """the sender refuses what it can not send"""
        self.namespace.ip("link add nowhere type dummy")
        packets = Subject("forwarding").packets()
        sender = self.lab.sender
        with self.namespace.entered():
            self.assertRaises(OSError, sender.run, "nowhere", packets, 1)
            self.namespace.ip("link set nowhere up")
            sender.run("nowhere", packets, 1)
            for more in ({"count": 0}, {"count": 1, "burst": 0}, {"count": 1, "burst": 999}):
                self.assertRaises(OSError, sender.run, "nowhere", packets, **more)
            for frame, fields in ((bytes(13), ()), (bytes(3000), ()),
                                  (bytes(64), ((61, 2, 0),))):
                self.assertRaises(OSError, sender.run, "nowhere",
                                  source.Packets(frame, fields), 1)
        self.namespace.ip("link del nowhere")
