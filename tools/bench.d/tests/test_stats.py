# SPDX-License-Identifier: GPL-2.0
"""Medians and intervals."""
import random
import statistics
import unittest

import stats


class Rank(unittest.TestCase):
    def test_known(self):
        """ranks are those of tables of the sign test"""
        self.assertEqual([stats.rank(n) for n in (1, 5, 6, 8, 9, 15, 20, 25, 31, 101)],
                         [0, 0, 1, 1, 2, 4, 6, 8, 10, 41])

    def test_more_confidence(self):
        """more confidence takes a wider interval"""
        self.assertEqual(stats.rank(15, 0.99), 3)


class Summary(unittest.TestCase):
    def test_of_fifteen(self):
        """of 15 values the 4th and the 12th bound the median"""
        values = list(range(1, 16))
        random.Random(1).shuffle(values)
        self.assertEqual(stats.summary(values), {"median": 8, "low": 4, "high": 12,
                                                 "count": 15, "sure": True})

    def test_of_few(self):
        """of few values the interval is all of them, and is not sure"""
        self.assertEqual(stats.summary([3, 1, 2]), {"median": 2, "low": 1, "high": 3,
                                                    "count": 3, "sure": False})

    def test_of_none(self):
        """of no values there is none"""
        with self.assertRaises(ValueError):
            stats.summary([])

    def test_outlier(self):
        """one value that is far off moves neither median nor interval far"""
        found = stats.summary([1.0] * 14 + [100.0])
        self.assertEqual((found["low"], found["median"], found["high"]), (1, 1, 1))

    def test_coverage(self):
        """the interval has the true median in 95 % of all cases, and hardly more"""
        source = random.Random(7)
        inside = 0
        for _ in range(4000):
            found = stats.summary([source.lognormvariate(0, 0.5) for _ in range(15)])
            inside += found["low"] <= 1 <= found["high"]
        self.assertGreater(inside / 4000, 0.95)
        self.assertLess(inside / 4000, 0.98)


class Ratios(unittest.TestCase):
    def test_direction(self):
        """who takes half the time has a ratio of two"""
        self.assertEqual(stats.ratios([1, 2], [2, 4]), [2, 2])

    def test_drift(self):
        """what slows down both of a pair does not show"""
        mine = [100 * 1.1 ** n for n in range(15)]
        other = [150 * 1.1 ** n for n in range(15)]
        found = stats.summary(stats.ratios(mine, other))
        self.assertAlmostEqual(found["low"], 1.5)
        self.assertAlmostEqual(found["high"], 1.5)
        self.assertGreater(statistics.pstdev(mine), 50)

    def test_no_pairs(self):
        """what is no pair, or no time, is refused"""
        for mine, other in (([1], [1, 2]), ([0], [1]), ([1], [-1])):
            with self.assertRaises(ValueError):
                stats.ratios(mine, other)


class Holds(unittest.TestCase):
    def test_interval(self):
        """an interval holds if it reaches the bound"""
        interval = {"median": 1.0, "low": 0.9, "high": 1.1}
        self.assertTrue(stats.holds(interval, 1.1))
        self.assertFalse(stats.holds(interval, 1.11))
        self.assertTrue(stats.holds(interval, 0.9, at_most=True))
        self.assertFalse(stats.holds(interval, 0.89, at_most=True))

    def test_number(self):
        """a number holds if it is at the bound"""
        self.assertTrue(stats.holds(5, 5) and stats.holds(5, 5, at_most=True))
        self.assertFalse(stats.holds(4, 5) or stats.holds(6, 5, at_most=True))
