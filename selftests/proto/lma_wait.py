# SPDX-License-Identifier: GPL-2.0
"""PBUs that wait for a de-registration, the scheme of sequence numbers, and an
Alternate Care-of Address.
"""
from lma_peer import *

OTHER_LLID = bytes.fromhex("0200000000ff")
MAX_DELAY = 1.5


def waits(lma, **changes):
    """A session, and an update of another interface that waits for its end.
    Both asks, the session's prefixes and when the second was sent."""
    ask, answer = lma.attach()
    second = ask.again(**{"src": MAG2, "hnp": [ANY], "llid": OTHER_LLID,
                          **changes})
    lma.send(second.packet())
    sent = time.monotonic()
    # RULE: B-LMA-22 B-LMA-85
    lma.still("an update that waits")
    return ask, second, answer.hnp, sent


def after_delay(sent, what):
    waited = time.monotonic() - sent
    # RULE: B-LMA-94 B-LMA-22
    check(MAX_DELAY - 0.05 <= waited < MAX_DELAY + 10,
          f"{what} after {waited:.3f} s, not after {MAX_DELAY} s")


@group("HI 4 of another interface waits, and without an end is a new session")
def waits_in_vain():
    lma = ANCHOR["lma"]
    for changes in dict(), dict(llid=None), dict(att=ETHERNET, llid=LLID):
        ask, second, hnp, sent = waits(lma, **changes)
        answer = lma.take(second)
        after_delay(sent, "a PBA")
        # RULE: B-LMA-22 B-LMA-72
        check(answer.status == 0 and not set(answer.hnp) & set(hnp),
              f"status {answer.status}, prefixes {answer.hnp}")
        # RULE: B-LMA-22 B-LMA-01 B-LMA-72
        equal(len(lma.mn(ask.mn)), 2, "sessions")


@group("with an end it takes the session over, at once")
def waits_for_end():
    lma = ANCHOR["lma"]
    for changes in dict(), dict(llid=None), dict(att=ETHERNET, llid=LLID):
        ask, second, hnp, sent = waits(lma, **changes)
        last = ask.again(hnp=hnp, lifetime=0)
        lma.send(last.packet())
        answers = {}
        for _ in range(2):
            packet = lma.expect(is_mh(BA), "two PBAs")
            of = last if packet.dst == MAG1 else second
            answers[of] = Answer(of, packet)
        # RULE: B-LMA-22 B-LMA-60 B-LMA-35
        equal((answers[last].status, answers[second].status,
               answers[second].hnp), (0, 0, hnp), "statuses and prefixes")
        # RULE: B-LMA-35
        check(time.monotonic() - sent < MAX_DELAY, "it waited for more")
        session = lma.session(ask.mn)
        # RULE: B-LMA-22 B-LMA-35 B-LMA-60
        equal((session["proxy_coa"], session["hnp"], session["state"]),
              (MAG2, hnp, "active"), "the session")
        lma.is_bound(hnp[0], MAG2, "forwarding")


@group("a copy that is newer takes the place of the one that waits")
def waits_once():
    lma = ANCHOR["lma"]
    ask, second, hnp, sent = waits(lma)
    time.sleep(max(0, sent + 1 - time.monotonic()))
    copy = second.again()
    # RULE: B-LMA-85
    lma.ignores("a copy of what waits", copy)
    # Status, sequence number and timestamp are those of the copy.
    answer = lma.take(copy)
    # RULE: B-LMA-85
    after_delay(sent, "a PBA")
    # RULE: B-LMA-85
    check(time.monotonic() - sent < MAX_DELAY + 0.9,
          "the time began again with the copy")
    equal(answer.status, 0, "status")
    # RULE: B-LMA-85
    lma.still("what the copy took the place of")
    # RULE: B-LMA-85
    equal(len(lma.mn(ask.mn)), 2, "sessions")


@group("two entries, or a delay of 0: nothing waits")
def waits_not():
    # RULE: B-LMA-22 B-LMA-94
    lma = ANCHOR["sequence"]
    ask, answer = lma.attach(ts=None, seq=1)
    begun = time.monotonic()
    second = lma.ok(ask.again(src=MAG2, llid=OTHER_LLID, seq=1))
    # RULE: B-LMA-22 B-LMA-94
    check(second.hnp != answer.hnp and time.monotonic() - begun < 1.4,
          f"prefixes {second.hnp}, {time.monotonic() - begun:.3f} s")


@group("where sequence numbers are in use, timestamps are not looked at")
def sequence_scheme():
    lma = ANCHOR["sequence"]
    ask, answer = lma.attach(seq=10, ts=1000000)
    same = dict(hnp=answer.hnp, hi=5)
    # RULE: B-LMA-88 B-LMA-97 B-LMA-96
    lma.ok(ask.again(**same, seq=11, ts=-1000000))
    # RULE: B-LMA-88 B-LMA-97 B-LMA-46
    stale = lma.status(135, ask.again(**same, seq=9, ts=2000000))
    # RULE: B-LMA-88 B-LMA-46
    equal(stale.sequence, 11, "last one that was accepted")
    # RULE: B-LMA-46 B-LMA-88
    lma.status(135, ask.again(hnp=answer.hnp, src=MAG2, seq=11, ts=None))
    lma.ok(ask.again(hnp=answer.hnp, src=MAG2, seq=12, ts=None))


@group("peers of the draft have neither HI nor ATT")
def draft_peers():
    lma = ANCHOR["sequence"]
    # RULE: B-MSG-08
    lma.ok(new_mn(), hi=None, att=None, ts=None)
    # RULE: B-MSG-08 B-LMA-20
    lma.status(158, new_mn(), hnp=None, hi=None, att=None, ts=None)


@group("an Alternate Care-of Address is where packets go, and no answer")
def alternate():
    lma = ANCHOR["lma"]
    coa, other = MAG1 + "77", MAG1 + "78"
    ask, answer = lma.attach(acoa=coa)
    # RULE: B-LMA-39 B-LMA-75
    lma.is_bound(answer.hnp[0], coa, "forwarding")
    equal(lma.session(ask.mn)["proxy_coa"], coa, "care-of address")
    # RULE: B-LMA-75
    lma.ok(ask.again(hnp=answer.hnp, hi=5))
    # RULE: B-LMA-75 B-LMA-33
    lma.ignores("the end from another care-of address",
                ask.again(hnp=answer.hnp, acoa=None, lifetime=0))
    # RULE: B-LMA-75 B-LMA-33
    lma.ignores("the end with another care-of address",
                ask.again(hnp=answer.hnp, acoa=other, lifetime=0))
    # RULE: B-LMA-75
    lma.ok(ask.again(hnp=answer.hnp, acoa=other))
    # RULE: B-LMA-75 B-LMA-80
    lma.is_bound(answer.hnp[0], other, "forwarding afterwards")
    # RULE: B-LMA-75 B-LMA-39
    lma.ok(ask.again(hnp=answer.hnp, acoa=other, lifetime=0))
    for wrong in "::", "ff02::1", "fe80::1", "::1":
        mn = new_mn()
        lma.ignores(f"care-of address {wrong}", mn, acoa=wrong)
        equal(lma.mn(mn), [], "sessions")
    # RULE: B-LMA-18 B-LMA-19
    lma.status(154, new_mn(), src=MAG3, acoa=MAG1)
    lma.status(154, new_mn(), acoa=MAG3)
