# SPDX-License-Identifier: GPL-2.0
"""Instructions against those of the last landing."""
import unittest

import baseline
import lines


def found(**more):
    """Results with these besides plain forwarding and a lookup of ours."""
    return {"machines": {"instructions": {"kernel": "6.1.0-1", "compiler": "GCC 12",
                                          "emulator": "QEMU 7.2", "seconds": 1}},
            "instructions": {"forwarding_1": 4000, "lma_down_1": 6000, **more}}


def on_other(ratio, **more):
    """The same module on a kernel where everything takes RATIO times as much."""
    result = found(**more)
    result["machines"]["instructions"]["kernel"] = "6.1.0-2"
    result["instructions"] = {name: round(value * ratio)
                              for name, value in result["instructions"].items()}
    return result


class Baseline(unittest.TestCase):
    def compared(self, before, now):
        """Does it pass, and what is said."""
        said = []
        return baseline.compare(baseline.of(before), now, "FILE", said.append), said

    def test_same(self):
        """what takes as much as before passes, a line each"""
        well, said = self.compared(found(), found(lma_down_1=6050))
        self.assertTrue(well)
        self.assertEqual(said, [
            "ok 1 - forwarding_1: 4,000 instructions, +0.0 %",
            "ok 2 - lma_down_1: 6,050 instructions, +0.8 %", "1..2"])

    def test_more(self):
        """what takes more fails: who, by how much, and what to do if that is meant"""
        well, said = self.compared(found(), found(lma_down_1=6080))
        self.assertFalse(well)
        self.assertIn("not ok 2 - lma_down_1: 6,080 instructions, +1.3 %: "
                      "it had 6,000", said)
        self.assertIn("tools/bench instructions --write FILE", said[2])

    def test_less(self):
        """what takes less passes, and the baseline is to be lowered"""
        well, said = self.compared(found(), found(lma_down_1=5000))
        self.assertTrue(well)
        self.assertIn("-16.7 %: lower the baseline", said[1])

    def test_agent(self):
        """updates of the agent may differ by more, as they do"""
        before = found(agent_refresh=80000)
        self.assertTrue(self.compared(before, found(agent_refresh=82000))[0])
        self.assertFalse(self.compared(before, found(agent_refresh=83000))[0])

    def test_missing(self):
        """a subject that only one side has fails"""
        for before, now in ((found(), found(lma_up_1=1)), (found(lma_up_1=1), found())):
            well, said = self.compared(before, now)
            self.assertFalse(well)
            self.assertTrue(said[2].startswith("not ok 3 - lma_up_1: not in "))

    def test_many(self):
        """where a binding is among many is random, so what it takes is not compared"""
        self.assertTrue(self.compared(found(), found(lma_down_10000=9000))[0])

    def test_other_kernel(self):
        """on another kernel, what takes more as controls do passes"""
        well, said = self.compared(found(), on_other(1.2))
        self.assertTrue(well)
        self.assertIn("kernel 6.1.0-2 is not 6.1.0-1", said[0])
        self.assertIn("+20.0 to +20.0 %", said[0])

    def test_other_kernel_more(self):
        """and what takes more than they do fails, where they take less, too"""
        for ratio in (1.2, 1, 0.8):
            self.assertTrue(self.compared(found(), on_other(ratio, lma_down_1=6110))[0])
            self.assertFalse(self.compared(found(), on_other(ratio, lma_down_1=6130))[0])

    def test_controls_differ(self):
        """between controls that have changed by less and by more, nothing is certain"""
        before = found(ip6tnl_up_1=7000)
        self.assertTrue(self.compared(
            before, on_other(1, ip6tnl_up_1=7700, lma_down_1=6600))[0])
        self.assertFalse(self.compared(
            before, on_other(1, ip6tnl_up_1=7700, lma_down_1=6740))[0])

    def test_not_measured(self):
        """without instructions, or where they were measured, there is nothing to compare"""
        for results in ({}, {"instructions": {"lma_down_1": 1}},
                        {"machines": found()["machines"]}):
            with self.assertRaises(baseline.Unusable):
                baseline.of(results)

    def test_no_control(self):
        """on another kernel without a control, neither"""
        before, now = found(), on_other(1)
        for side in before, now:
            del side["instructions"]["forwarding_1"]
        with self.assertRaises(baseline.Unusable):
            self.compared(before, now)

    def test_measured(self):
        """controls are measured, and so is each way of ours, the fast path's too"""
        names = {subject.name for subject in lines.INSTRUCTIONS}
        self.assertLessEqual({*baseline.CONTROLS, "lma_down_1", "lma_up_1", "mag_down_1",
                              "mag_up_1", "fast_lma_down_1", "fast_lma_up_1",
                              "fast_mag_up_1"}, names)
