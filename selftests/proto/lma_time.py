# SPDX-License-Identifier: GPL-2.0
"""Timestamps, sequence numbers and lifetimes, as an anchor judges them."""
from lma_peer import *


@group("a timestamp is to be near the anchor's clock")
def window():
    lma = ANCHOR["lma"]
    for seconds in (-10, 10):
        # RULE: B-LMA-49 B-LMA-94 B-LMA-87
        lma.ok(new_mn(), ts=seconds)
    # The last is what counts from 1900.
    for seconds in (-30, 30, 2208988800):
        mn = new_mn()
        # RULE: B-LMA-49 B-LMA-52 B-LMA-87
        lma.status(156, mn, ts=seconds)
        # RULE: B-LMA-52
        equal(lma.mn(mn), [], "sessions by a timestamp that is not valid")
    # RULE: B-LMA-49
    lma.status(156, new_mn(), stamp=0)


@group("and newer than what was accepted of the session: 157 is told before 156")
def newer():
    lma = ANCHOR["lma"]
    ask, answer = lma.attach(ts=2)
    same = dict(hnp=answer.hnp, hi=5)
    # RULE: B-LMA-49 B-LMA-52 B-LMA-90
    lma.status(157, ask.again(**same, ts=1))
    # RULE: B-LMA-90
    lma.status(157, ask.again(**same, ts=-100))
    # RULE: B-LMA-49 B-LMA-52 B-LMA-90
    lma.status(156, ask.again(**same, ts=100))
    # RULE: B-LMA-90
    lma.status(157, ask.again(**same, stamp=ask.stamp))
    # RULE: B-LMA-91 B-LMA-69
    lma.status(157, ask.again(hnp=answer.hnp + [ANY], ts=1))
    # RULE: B-LMA-49
    lma.status(157, ask.again(**{**same, "hi": 4}, ts=1, src=MAG2))
    # What was refused is not remembered; the least that is newer will do.
    # RULE: B-LMA-49 B-LMA-07 B-LMA-51
    lma.ok(ask.again(**same, stamp=ask.stamp + 1))
    # RULE: B-LMA-07 B-LMA-49
    lma.status(157, ask.again(**same, stamp=ask.stamp + 1))
    equal(lma.session(ask.mn)["proxy_coa"], MAG1, "gateway of the session")
    # Of another mobile node, it says nothing.
    # RULE: B-LMA-91
    lma.status(155, new_mn(), hnp=answer.hnp, ts=-1)


@group("with a timestamp, the sequence number is copied and no more")
def sequence_ignored():
    lma = ANCHOR["lma"]
    ask, answer = lma.attach(seq=500)
    for seq in (499, 1, 0, 65535, 500):
        # RULE: B-LMA-50
        lma.ok(ask.again(hnp=answer.hnp, hi=5, seq=seq))


@group("the very same message again gets the same answer")
def repeated():
    lma = ANCHOR["lma"]
    for ts in (0, None):
        ask, answer = lma.attach(ts=ts)
        accepted = lma.stat("accepted")
        equal(lma.ok(ask).raw, answer.raw, "answer to a copy")
        last = ask.again(hnp=answer.hnp, lifetime=0)
        ended = lma.ok(last)
        equal(lma.ok(last).raw, ended.raw, "answer to a copy of the end")
        equal(lma.stat("accepted"), accepted + 1, "accepted by the anchor")


@group("without a timestamp it is the sequence number that is to be newer")
def sequence():
    lma = ANCHOR["lma"]
    for first in (0, 100, 0x7fff, 0x8000, 0xffff):
        # RULE: B-LMA-53 B-LMA-88
        ask, answer = lma.attach(ts=None, seq=first)
        last, same = first, dict(hnp=answer.hnp, hi=5)
        for step in (1, 0x7fff, 1, 2):
            last = (last + step) & 0xffff
            # RULE: B-LMA-53 B-LMA-46 B-LMA-11 B-LMA-88
            lma.ok(ask.again(**same, seq=last))
        for step in (-1, -2, -0x7fff, 0x8000, 0x8001):
            stale = lma.status(
                # RULE: B-LMA-53 B-LMA-46 B-LMA-88
                135, ask.again(**same, seq=(last + step) & 0xffff))
            # RULE: B-LMA-53 B-LMA-11
            equal(stale.sequence, last, "last one that was accepted")
        # Of another gateway the same number is no copy.
        # RULE: B-LMA-53
        lma.status(135, ask.again(hnp=answer.hnp, seq=last, src=MAG2))
        # RULE: B-LMA-46
        lma.ok(ask.again(hnp=answer.hnp, seq=(last + 1) & 0xffff, src=MAG2))


@group("clocks of mobile nodes are compared with themselves only")
def mobile_node_clocks():
    lma = ANCHOR["golden"].emptied()
    ask, answer = lma.attach("a@example.com", ts=-1000000)
    same = dict(hnp=answer.hnp, hi=5)
    # RULE: B-LMA-89
    lma.ok(ask.again(**same, ts=-999999))
    # RULE: B-LMA-89
    lma.ok(ask.again(**same, ts=1000000))
    # RULE: B-LMA-89
    lma.status(157, ask.again(**same, ts=999999))
    lma.ok(ask.again(hnp=answer.hnp, lifetime=0, ts=1000001))


@group("lifetimes: what is granted, and the end of it")
def lifetimes():
    lma = ANCHOR["lma"]
    for asked_for, granted in ((1, 1), (15, 15), (900, 900), (901, 900),
                               (0xffff, 900)):
        # RULE: B-LMA-98
        ask, answer = lma.attach(lifetime=asked_for)
        # RULE: B-LMA-98
        equal(answer.lifetime, granted, f"lifetime for {asked_for}")
        left = lma.session(ask.mn)["lifetime_ms"] if asked_for > 1 else 4000
        # RULE: B-LMA-98
        check(4000 * granted - 10000 < left <= 4000 * granted,
              f"lifetime is {left} ms after {4 * granted} s were granted")


@group("a session that is not refreshed ends with its lifetime")
def expiry():
    lma = ANCHOR["golden"].emptied()
    begun = time.monotonic()
    ask, answer = lma.attach("a@example.com", lifetime=1)
    # RULE: B-LMA-98
    lma.is_bound(answer.hnp[0], MAG1, "forwarding before the end")
    wait_until(lambda: equal(lma.mn(ask.mn), [], "sessions"), "the end", 30)
    # RULE: B-LMA-98
    check(time.monotonic() - begun >= 4,
          f"it ended after {time.monotonic() - begun:.3f} s of 4 s")

    def not_bound():
        lma.is_bound(answer.hnp[0], "nowhere", "forwarding after the end")
    # RULE: B-LMA-98
    wait_until(not_bound, "the end of forwarding", 10)
