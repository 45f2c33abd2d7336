# SPDX-License-Identifier: GPL-2.0
"""Results, table, comparison and picture."""
import unittest
import xml.etree.ElementTree

import lines
import mass
import picture
import report
import source
import subjects


def measured(low=1.05, median=1.06, high=1.07, **more):
    return {"lines": {"lma_down_1_vs_ip6tnl": {"median": median, "low": low, "high": high}},
            "pairs": 15, **more}


def row(text, name):
    return next(line for line in text.splitlines() if line.startswith(name + " "))


class Results(unittest.TestCase):
    def test_names(self):
        """each figure has its name at the top, and details beside"""
        found = report.results(measured(figures={"stalls": 0}), {"tcp_vs_ip6tnl": 1.1})
        self.assertEqual((found["lma_down_1_vs_ip6tnl"], found["stalls"],
                          found["tcp_vs_ip6tnl"]), (1.06, 0, 1.1))
        self.assertEqual(found["details"]["lma_down_1_vs_ip6tnl"]["high"], 1.07)

    def test_unique(self):
        """no name is used twice"""
        names = [name for name, *_ in report.rows()]
        self.assertEqual(len(names), len(set(names)))

    def test_bounds(self):
        """a line is judged by its interval, and named if it is missed"""
        self.assertEqual(report.missed(report.results(measured())), [])
        self.assertEqual(report.missed(report.results(measured(1.0, 1.01, 1.04))),
                         ["lma_down_1_vs_ip6tnl"])
        self.assertEqual(
            report.missed(report.results(measured(figures={"stalls": 1}))), ["stalls"])


    def test_cost(self):
        """what is a cost is to be at most its bound"""
        detail = {"median": 1.3, "low": 1.2, "high": 1.4}
        found = report.results({"lines": {"flows_4096_vs_1": detail}})
        self.assertEqual(report.missed(found), [])
        detail["low"] = 1.26
        self.assertEqual(report.missed(found), ["flows_4096_vs_1"])


class Table(unittest.TestCase):
    def test_verdicts(self):
        """the table says what holds, what is missed and what was not measured"""
        text = report.table(report.results(measured(figures={"stalls": 2})))
        self.assertIn(" holds ", row(text, "lma_down_1_vs_ip6tnl"))
        self.assertIn(" MISSED ", row(text, "stalls"))
        self.assertIn(" not measured ", row(text, "lma_up_vs_ip6tnl"))

    def test_only_measured(self):
        """where some lines were asked for, others are not in the table"""
        text = report.table(report.results(measured()), everything=False)
        self.assertEqual(len(text.splitlines()), 2)


class Compare(unittest.TestCase):
    def test_changed(self):
        """what is outside of both intervals has changed"""
        before, now = (report.results(measured(*values))
                       for values in ((1.05, 1.06, 1.07), (1.08, 1.09, 1.10)))
        self.assertTrue(row(report.compare(before, now),
                            "lma_down_1_vs_ip6tnl").endswith("+2.8 % changed"))

    def test_noise(self):
        """what is not, may be chance"""
        before, now = (report.results(measured(*values))
                       for values in ((1.05, 1.06, 1.07), (1.06, 1.07, 1.08)))
        self.assertIn("within the intervals", report.compare(before, now))

    def test_nothing(self):
        """results that have nothing in common are not compared"""
        with self.assertRaises(ValueError):
            report.compare({}, report.results(measured()))


class Picture(unittest.TestCase):
    @staticmethod
    def curve(*points):
        return [{"mobile_nodes": n, "ns": ns, "ns_low": ns * 0.9, "ns_high": ns * 1.1}
                for n, ns in points]

    def test_wellformed(self):
        """the picture is XML, with a line for each curve and a dot for each point"""
        text = picture.svg({"a <b> & c": self.curve((1, 400), (10000, 800)),
                            "same": self.curve((1, 400), (1000000, 410))}, "title")
        tree = xml.etree.ElementTree.fromstring(text)
        tags = [element.tag.rpartition("}")[2] for element in tree.iter()]
        self.assertEqual((tags.count("polyline"), tags.count("circle")), (2, 4))
        self.assertIn("a <b> & c", [element.text for element in tree.iter()])

    def test_within(self):
        """all points are within the axes, and more mobile nodes further right"""
        text = picture.svg({"x": self.curve((1, 123), (5000, 31000))}, "title")
        circles = [(float(e.get("cx")), float(e.get("cy")))
                   for e in xml.etree.ElementTree.fromstring(text).iter()
                   if e.tag.endswith("circle")]
        self.assertLess(circles[0][0], circles[1][0])
        self.assertGreater(circles[0][1], circles[1][1])
        for x, y in circles:
            self.assertTrue(picture.LEFT <= x <= picture.WIDTH - picture.RIGHT)
            self.assertTrue(picture.TOP <= y <= picture.HEIGHT - picture.BOTTOM)

    def test_nothing(self):
        """without a curve there is no picture"""
        with self.assertRaises(ValueError):
            picture.svg({}, "title")


class Packets(unittest.TestCase):
    def test_sizes(self):
        """frames are as long as their subject says, and fields are within"""
        for line in lines.TABLE:
            for subject in (line.ours, line.theirs):
                packets = subject.packets()
                tunnelled = subjects.KINDS[subject.kind][2] in (subjects._outer,
                                                                subjects._between)
                self.assertEqual(len(packets.frame), source.ETHERNET + subject.size +
                                 (source.IPV6 if tunnelled else 0))
                for offset, count, _ in packets.fields:
                    self.assertLessEqual(offset + 4, len(packets.frame))
                    self.assertLessEqual(count, subject.count)

    def test_distinct(self):
        """different subjects have different names"""
        found = {s for line in lines.TABLE for s in (line.ours, line.theirs)}
        found |= {s for curve in lines.CURVES.values() for s in curve}
        self.assertEqual(len({s.name for s in found}), len(found))


class Memory(unittest.TestCase):
    def test_growth(self):
        """what each CPU has is multiplied, and nothing else"""
        before = {"slab": 1000, "percpu": 100, "vmalloc": 0}
        after = {"slab": 3000, "percpu": 200, "vmalloc": 500}
        self.assertEqual(mass.growth(before, after, 10), 260)
        self.assertEqual(mass.growth(before, after, 10, 64), 890)

    def test_reports(self):
        """stalls are found in a kernel's log by what it says of them"""
        for line in ("watchdog: BUG: soft lockup - CPU#0 stuck for 23s!",
                     "rcu: INFO: rcu_preempt self-detected stall on CPU",
                     "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:",
                     "INFO: task kworker/0:1:12 blocked for more than 60 seconds."):
            self.assertTrue(mass.REPORTS.search(line), line)
        self.assertFalse(mass.REPORTS.search("random: crng init done"))
