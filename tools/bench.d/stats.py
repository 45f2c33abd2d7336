# SPDX-License-Identifier: GPL-2.0
"""Medians of what was measured in pairs, and how far they may be trusted."""
import math
import statistics


class Unexpected(Exception):
    """The figure would be of something else than what its name says."""


def rank(count, confidence=0.95):
    """The k for which the k-th smallest and the k-th largest of COUNT values have
    the median between them with that confidence, whatever the values' distribution
    is; 0 if COUNT is too small for any."""
    tail, k = 0.0, 0
    while k < count // 2:
        tail += math.comb(count, k) / 2 ** count
        if 2 * tail > 1 - confidence:
            break
        k += 1
    return k


def summary(values):
    """Median, and the interval that it lies in with 95 % confidence: for few values
    all of their range, which is less sure, and "sure" tells."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    k = rank(len(ordered))
    low, high = ordered[max(k, 1) - 1], ordered[-max(k, 1)]
    return {"median": statistics.median(ordered), "low": low, "high": high,
            "count": len(ordered), "sure": k > 0}


def ratios(ours, theirs):
    """What ours does in the time that theirs takes, pair by pair: both are times."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} and {len(theirs)} are no pairs")
    if any(value <= 0 for value in [*ours, *theirs]):
        raise ValueError("a time that is not above 0")
    return [b / a for a, b in zip(ours, theirs)]


def holds(figure, bound, at_most=False):
    """Does the interval of a summary, or a single number, reach the bound?"""
    if isinstance(figure, dict):
        figure = figure["low" if at_most else "high"]
    return figure <= bound if at_most else figure >= bound
