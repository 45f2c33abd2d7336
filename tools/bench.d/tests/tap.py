#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs the test modules named, or all that need no guest, and prints TAP."""
import glob
import os
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]


class Result(unittest.TestResult):
    """A line for each test, as it ends."""

    def _line(self, test, failed=None):
        state = "not ok" if failed else "ok"
        words = test.shortDescription() or test.id()
        print(f"{state} {self.testsRun} - {words}", flush=True)
        for line in (failed or "").splitlines():
            print(f"# {line}")

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, self.errors[-1][1])


def main():
    names = sys.argv[1:] or sorted(
        os.path.basename(path)[:-len(".py")]
        for path in glob.glob(os.path.join(HERE, "test_*.py")))
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    print(f"1..{suite.countTestCases()}", flush=True)
    result = Result()
    suite.run(result)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
