# SPDX-License-Identifier: GPL-2.0
"""Which session a PBU is of (RFC 5213 5.4.1): each cell of the table."""
from lma_peer import *

OTHER_LLID = bytes.fromhex("0200000000ff")


def made(**changes):
    """A session of MAG1, whose mobile node has no other."""
    lma = ANCHOR["lma"]
    ask, answer = lma.attach(**changes)
    return lma, ask, answer.hnp


def updated(lma, ask, hnp, what):
    """What is asked now is of the session that there is."""
    answer = lma.ok(ask)
    equal(answer.hnp, hnp, f"{what}: prefixes")
    session = lma.session(ask.mn)
    equal((session["hnp"], session["proxy_coa"], session["state"]),
          (hnp, ask.src, "active"), f"{what}: the session")
    return answer


def created(lma, ask, hnp, what, sessions=2):
    """What is asked now makes another session, and that one stays."""
    answer = lma.ok(ask)
    check(not set(answer.hnp) & set(hnp), f"{what}: prefixes {answer.hnp}")
    found = lma.mn(ask.mn)
    equal(len(found), sessions, f"{what}: sessions")
    check(hnp in [one["hnp"] for one in found], f"{what}: {found}")
    return answer


@group("a prefix that nobody has: a new session, whatever HI says")
def named_no_entry():
    lma = ANCHOR["lma"]
    for hi in (1, 2, 3, 4, 5):
        hnp = [f"2001:db8:a:ff0{hi}::/64"]
        # RULE: B-LMA-22 B-LMA-26 B-LMA-83
        equal(lma.ok(new_mn(), hnp=hnp, hi=hi).hnp, hnp, f"HI {hi}: prefix")


@group("a prefix of another mobile node: 155; another set: 159")
def named_sets():
    lma, ask, hnp = made()
    for changes in dict(), dict(src=MAG2), dict(hi=2), dict(lifetime=0):
        # RULE: B-LMA-29 B-LMA-22 B-LMA-26
        lma.status(155, new_mn(), hnp=hnp, **changes)
    for more in (["2001:db8:a:fe01::/64"], [ANY], hnp):
        for changes in dict(), dict(src=MAG2), dict(hi=2), dict(lifetime=0):
            # RULE: B-LMA-29 B-LMA-22 B-LMA-79
            lma.status(159, ask.again(hnp=hnp + more, **changes))
    own = os.environ["TWO_HNPS"].split()
    for hnp in [own[0]], [own[1]]:
        # RULE: B-LMA-29 B-LMA-73
        lma.status(159, "two@example.com", hnp=hnp)
    # RULE: B-LMA-22 B-LMA-73
    lma.ok("two@example.com", hnp=[own[1], own[0]], hi=5)


@group("its own prefix: LLID and ATT, or HI 2, or nobody's LLID and HI 3, or "
       "the same gateway and ATT make it an update")
def named_update():
    # RULE: B-LMA-22 B-LMA-75
    lma, ask, hnp = made()
    updated(lma, ask.again(hnp=hnp, src=MAG2, hi=4), hnp, "LLID and ATT")
    for changes in (dict(llid=OTHER_LLID, att=ETHERNET), dict(llid=None),
                    dict(att=ETHERNET)):
        lma, ask, hnp = made()
        # RULE: B-LMA-22 B-LMA-74
        updated(lma, ask.again(hnp=hnp, src=MAG2, hi=2, **changes), hnp,
                f"HI 2 and {changes}")
    for nobody in None, bytes(6):
        lma, ask, hnp = made(llid=nobody)
        # RULE: B-LMA-22 B-LMA-08
        updated(lma, ask.again(hnp=hnp, src=MAG2, hi=3), hnp,
                "no LLID and HI 3")
    lma, ask, hnp = made()
    # RULE: B-LMA-22 B-LMA-75
    updated(lma, ask.again(hnp=hnp, llid=OTHER_LLID), hnp, "same gateway")


@group("and else it would be a new session with a prefix that is in use: 155")
def named_new():
    for entry, changes in (
            (dict(), dict(src=MAG2, llid=OTHER_LLID)),
            (dict(), dict(src=MAG2, att=ETHERNET)),
            (dict(), dict(src=MAG2, llid=None)),
            (dict(), dict(src=MAG2, llid=None, hi=3)),
            (dict(), dict(src=MAG2, llid=OTHER_LLID, hi=3)),
            (dict(), dict(src=MAG2, llid=OTHER_LLID, hi=1)),
            (dict(), dict(att=ETHERNET)),
            (dict(), dict(att=ETHERNET, llid=OTHER_LLID)),
            (dict(llid=None), dict(src=MAG2)),
            (dict(llid=None), dict(src=MAG2, hi=3, att=ETHERNET)),
            (dict(llid=None), dict(src=MAG2, hi=3, llid=LLID)),
            (dict(llid=bytes(6)), dict(src=MAG2))):
        lma, ask, hnp = made(**entry)
        # RULE: B-LMA-22 B-LMA-71
        lma.status(155, ask.again(hnp=hnp, **changes))
        session = lma.session(ask.mn)
        # RULE: B-LMA-22
        equal((session["proxy_coa"], session["hnp"]), (MAG1, hnp),
              f"{changes} after {entry}: the session")


@group("a refresh by a gateway that was left does not take it back")
def stale_refresh():
    lma, ask, hnp = made()
    lma.ok(ask.again(hnp=hnp, src=MAG2))
    lma.status(155, ask.again(hnp=hnp, hi=5))
    equal(lma.session(ask.mn)["proxy_coa"], MAG2, "gateway of the session")


@group("no prefix named, LLID known: LLID and ATT, or HI 2 and only one entry")
def any_with_llid():
    for hi in (1, 2, 3, 4, 5):
        for src in MAG1, MAG2:
            lma, ask, hnp = made()
            if hi == 5 and src == MAG2:
                continue
            # RULE: B-LMA-22
            updated(lma, ask.again(src=src, hi=hi), hnp, f"HI {hi}")
    for changes in dict(llid=OTHER_LLID), dict(att=ETHERNET):
        lma, ask, hnp = made()
        # RULE: B-LMA-22 B-LMA-74
        updated(lma, ask.again(src=MAG2, hi=2, **changes), hnp, "HI 2")
        for hi in (1, 3, 5):
            lma, ask, hnp = made()
            # RULE: B-LMA-22 B-LMA-71 B-LMA-72 B-LMA-01
            created(lma, ask.again(hi=hi, **changes), hnp, f"HI {hi}")
    # Another interface, and then neither.
    lma, ask, hnp = made()
    created(lma, ask.again(hi=1, llid=OTHER_LLID), hnp, "HI 1")
    for hi in (2, 3, 4):
        # RULE: B-LMA-22
        created(lma, ask.again(hi=hi, llid=b"third" + bytes([hi])), hnp,
                f"HI {hi} and more than one entry", 1 + hi)


@group("no prefix named, no LLID: HI 2 or 3 and only one entry")
def any_without_llid():
    for entry in dict(), dict(llid=None):
        for nobody in None, bytes(6):
            for hi in (2, 3):
                lma, ask, hnp = made(**entry)
                # RULE: B-LMA-22 B-LMA-74
                updated(lma, ask.again(src=MAG2, hi=hi, llid=nobody,
                                       att=ETHERNET), hnp, f"HI {hi}")
            lma, ask, hnp = made(**entry)
            # RULE: B-LMA-22 B-LMA-72
            created(lma, ask.again(hi=1, llid=nobody), hnp, "HI 1")
            for hi in (2, 3, 4):
                # RULE: B-LMA-22
                created(lma, ask.again(hi=hi, llid=nobody), hnp,
                        f"HI {hi} and more than one entry", 1 + hi)


@group("an entry that waits for its deletion is updated at once by HI 4")
def deregistered():
    for entry, changes in (
            (dict(), dict(llid=OTHER_LLID)), (dict(), dict(llid=None)),
            (dict(), dict(att=ETHERNET)), (dict(llid=None), dict(llid=None))):
        lma, ask, hnp = made(**entry)
        lma.ok(ask.again(hnp=hnp, lifetime=0))
        # RULE: B-LMA-84 B-LMA-35 B-LMA-60
        begun = time.monotonic()
        updated(lma, ask.again(src=MAG2, hnp=[ANY], **changes), hnp,
                f"HI 4 and {changes}")
        # RULE: B-LMA-84
        check(time.monotonic() - begun < 1.4, "it waits for more")
    lma, ask, hnp = made(llid=None)
    lma.ok(ask.again(hnp=hnp, lifetime=0))
    # Of the same mobile node, with the same prefixes.
    # RULE: B-LMA-35
    updated(lma, ask.again(hnp=hnp, src=MAG2), hnp, "its prefix, HI 4")


@group("the end of a session that there is not: nothing")
def no_session():
    lma = ANCHOR["lma"]
    before = lma.stat("sessions")
    for changes in dict(), dict(hnp=["2001:db8:a:fd01::/64"]), dict(llid=None):
        mn = new_mn()
        # RULE: B-LMA-22
        lma.ignores("the end of no session", mn, lifetime=0, **changes)
        # RULE: B-LMA-22
        equal(lma.mn(mn), [], "sessions")
    check(lma.stat("sessions") <= before + 1, "sessions by their end")
