# SPDX-License-Identifier: GPL-2.0
"""The life of a session at an anchor, and what its module forwards meanwhile."""
from lma_peer import *


@group("a session begins, is refreshed, handed over and ended")
def life():
    lma = ANCHOR["lma"]
    ask, answer = lma.attach()
    hnp, = answer.hnp
    # What is accepted stands when the answer goes out.
    # RULE: B-LMA-27 B-LMA-28 B-LMA-58 B-LMA-80
    lma.is_bound(hnp, MAG1, "forwarding at the beginning")
    # RULE: B-LMA-03 B-LMA-05 B-LMA-27
    equal((lma.session(ask.mn)["hnp"], lma.session(ask.mn)["lladdr"]),
          ([hnp], LLID.hex(":")), "the session")
    # RULE: B-LMA-30 B-LMA-32 B-LMA-75
    lma.ok(ask.again(hnp=[hnp], hi=5, lifetime=200))
    # RULE: B-LMA-30
    check(lma.session(ask.mn)["lifetime_ms"] > 700000,
          "the lifetime is not that of the refresh")
    lma.is_bound(hnp, MAG1, "forwarding after the refresh")
    # RULE: B-LMA-30 B-LMA-75 B-LMA-32
    lma.ok(ask.again(hnp=[hnp], src=MAG2))
    # RULE: B-LMA-31 B-LMA-80 B-LMA-58
    lma.is_bound(hnp, MAG2, "forwarding after the handover")
    # RULE: B-LMA-33
    lma.ignores("the end by the gateway that was left",
                ask.again(hnp=[hnp], lifetime=0))
    lma.is_bound(hnp, MAG2, "forwarding after that")
    equal(lma.session(ask.mn)["state"], "active", "state after that")
    # RULE: B-LMA-34 B-LMA-81 B-LMA-75
    lma.ok(ask.again(hnp=[hnp], src=MAG2, lifetime=0))
    # RULE: B-LMA-34
    equal(lma.session(ask.mn)["state"], "deregistered", "state at the end")
    # RULE: B-LMA-34
    lma.is_bound(hnp, None, "forwarding at the end, which drops")
    # RULE: B-LMA-33
    lma.ignores("the end by another gateway", ask.again(hnp=[hnp], lifetime=0))
    # RULE: B-LMA-35
    equal(lma.ok(ask.again()).hnp, [hnp], "prefix when it is back")
    # RULE: B-LMA-35
    lma.is_bound(hnp, MAG1, "forwarding when it is back")
    # RULE: B-LMA-35
    equal(lma.session(ask.mn)["state"], "active", "state when it is back")


@group("all prefixes of a session go together")
def many_prefixes():
    lma = ANCHOR["lma"]
    own = sorted(os.environ["TWO_HNPS"].split())
    for changes, remote in ((dict(), MAG1), (dict(src=MAG2), MAG2),
                            (dict(src=MAG2, hnp=own, lifetime=0), None),
                            (dict(src=MAG1), MAG1)):
        answer = lma.ok("two@example.com", **changes)
        # RULE: B-LMA-73 B-LMA-80
        equal(sorted(answer.hnp), own, "prefixes")
        for hnp in own:
            # RULE: B-LMA-73 B-LMA-80 B-LMA-74
            lma.is_bound(hnp, remote, f"forwarding of {hnp}")


@group("what has ended is kept for MinDelayBeforeBCEDelete, and no longer")
def delete_wait():
    lma = ANCHOR["golden"].emptied()
    ask, answer = lma.attach("a@example.com")
    begun = time.monotonic()
    lma.ok(ask.again(hnp=answer.hnp, lifetime=0))
    # A copy does not make it longer.
    lma.ok(ask.again(hnp=answer.hnp, lifetime=0))
    seen = time.monotonic()
    while lma.mn(ask.mn):
        seen = time.monotonic()
        check(seen - begun < 30, "it is never deleted")
        time.sleep(0.02)
    # RULE: B-LMA-34 B-LMA-36 B-LMA-64
    check(seen - begun > 1.2, f"it was deleted after {seen - begun:.3f} s")
    wait_until(lambda: lma.is_bound(answer.hnp[0], "nowhere", "forwarding"),
               "the end of forwarding", 10)
    # What began again within the time goes on.
    ask, answer = lma.attach("b@example.com")
    lma.ok(ask.again(hnp=answer.hnp, lifetime=0))
    # RULE: B-LMA-35
    equal(lma.ok(ask.again(src=MAG2)).hnp, answer.hnp, "prefix within the wait")
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        # RULE: B-LMA-35
        equal(lma.session(ask.mn)["state"], "active", "state after the wait")
        time.sleep(0.2)
    lma.ok(ask.again(src=MAG2, hnp=answer.hnp, lifetime=0))
