# SPDX-License-Identifier: GPL-2.0
"""Interfaces that share prefixes, as an anchor has them
(draft-melia-netext-muho-solution)."""
from lma_peer import *

REMOVE, KEEP = 1, 2
OTHER_LLID, THIRD_LLID = b"\2other", b"\2third"


def multihoming(mn, *more, act=0, mhgid=0, **changes):
    option = PMIP6OptMultihoming(group=mhgid, act=act)
    return Ask(mn, **{**dict(hi=1, extra=[option, *more]), **changes})


def other(mn, *more, **changes):
    """By its other interface, at another gateway."""
    return multihoming(mn, *more, **{**dict(src=MAG2, llid=OTHER_LLID),
                                     **changes})


def act_of(answer):
    option = answer.one(PMIP6OptMultihoming)
    return option and option.act


def paths(lma, hnp):
    """Remote -> path, of the module."""
    there, = (one for one in pmipctl(lma.agent, "binding", "show")
              if one["hnp"] == hnp)
    return {path["remote"]: path for path in there.get("paths", [])}


def interfaces(lma, mn):
    """Link-layer address -> session, of the agent."""
    return {one["lladdr"]: one for one in lma.mn(mn)}


@group("interfaces share a prefix, and each comes, is renewed and goes by itself")
def multihoming_life():
    lma = ANCHOR["lma"]
    mn = new_mn()
    first = lma.ok(multihoming(mn))
    hnp, = first.hnp
    # RULE: MH-28 MH-29
    equal(act_of(first), 0, "the option in the PBA")
    second = lma.ok(other(mn, PMIP6OptBID(bid=9, priority=20)))
    # RULE: MH-01 MH-04 MH-30 MH-36 MH-39
    equal(second.hnp, [hnp], "prefixes of the second interface")
    bid = second.one(PMIP6OptBID)
    equal((bid.bid, bid.status, bid.priority), (9, 0, 20),
          "the Binding Identifier option")
    # RULE: MH-03 MH-08
    there = paths(lma, hnp)
    # RULE: MH-03 MH-08
    equal(set(there), {MAG1, MAG2}, "paths")
    # RULE: MH-41
    equal([there[mag]["bid"] for mag in (MAG1, MAG2)], [1, 2], "BIDs")
    equal(there[MAG2]["priority"], 20, "priority of the second")
    shown = interfaces(lma, mn)
    # RULE: MH-03
    equal({lladdr: (one["proxy_coa"], one["hnp"], one["bid"])
           for lladdr, one in shown.items()},
          {LLID.hex(":"): (MAG1, [hnp], 1),
           OTHER_LLID.hex(":"): (MAG2, [hnp], 2)}, "interfaces that are shown")
    # RULE: MH-34
    equal(lma.ok(other(mn, src=f"{MAG1}77", llid=THIRD_LLID)).hnp, [hnp],
          "prefixes of the third interface")
    equal(len(paths(lma, hnp)), 3, "paths with the third")

    # RULE: MH-31
    lma.ok(other(mn, hnp=[hnp], hi=5, lifetime=200))
    shown = interfaces(lma, mn)
    # RULE: MH-31
    check(shown[OTHER_LLID.hex(":")]["lifetime_ms"] > 700000 and
          shown[LLID.hex(":")]["lifetime_ms"] <= 60000,
          f"lifetimes after one was renewed: {shown}")

    gone = lma.ok(multihoming(mn, hnp=[hnp], hi=4, lifetime=0, act=REMOVE))
    # RULE: MH-12 MH-33
    equal(act_of(gone), REMOVE, "what was done with its flows")
    # RULE: MH-33
    equal(set(paths(lma, hnp)), {MAG2, f"{MAG1}77"}, "paths that are left")
    # Its own place is free at once.
    wait_until(lambda: equal(len(lma.mn(mn)), 2, "interfaces"),
               "the interface is forgotten", 10)
    lma.ok(other(mn, hnp=[hnp], hi=4, lifetime=0))
    lma.ok(other(mn, src=f"{MAG1}77", llid=THIRD_LLID, hnp=[hnp], hi=4,
                 lifetime=0))
    equal(paths(lma, hnp), {}, "paths at the end")
    # RULE: B-LMA-34
    wait_until(lambda: equal(lma.session(mn)["state"], "deregistered", "state"),
               "the last one waits", 10)


@group("one interface moves, and gateways that know nothing of it are served")
def multihoming_moves():
    lma = ANCHOR["lma"]
    mn = new_mn()
    hnp, = lma.ok(multihoming(mn)).hnp
    lma.ok(other(mn))
    # RULE: MH-25
    lma.ok(multihoming(mn, hnp=[hnp], hi=3, src=f"{MAG1}77"))
    equal(set(paths(lma, hnp)), {f"{MAG1}77", MAG2}, "paths after a handover")
    # What was left does not come back by a refresh.
    lma.status(155, multihoming(mn, hnp=[hnp], hi=5))
    # RULE: MH-26
    plain = lma.ok(Ask(mn, hi=1, src=f"{MAG1}78", llid=THIRD_LLID))
    check(plain.hnp != [hnp] and act_of(plain) is None,
          f"a PBU without the option: {plain.hnp}")
    # RULE: MH-40
    shared = lma.ok(Ask(mn, hi=6, src=f"{MAG1}78", llid=b"\2share", hnp=[hnp]))
    # RULE: MH-40
    equal((shared.hnp, act_of(shared)), ([hnp], None), "with HI 6 alone")
    equal(len(paths(lma, hnp)), 3, "paths after that")


@group("what an anchor does not have of multihoming is refused, or not known")
def multihoming_refused():
    lma = ANCHOR["lma"]
    mn = new_mn()
    # RULE: MH-05 MH-27
    refused = lma.status(129, multihoming(mn, mhgid=1))
    equal(act_of(refused), None, "the option in a refusal")
    hnp, = lma.ok(multihoming(mn)).hnp
    lma.status(155, multihoming(new_mn(), hnp=[hnp], hi=6, src=MAG2))
    lma.ignores("the removal by a gateway that has none", other(
        mn, hnp=[hnp], hi=4, lifetime=0))
    lma.ok(multihoming(mn, hnp=[hnp], hi=4, lifetime=0))

    off = ANCHOR["sequence"]
    first = off.ok(multihoming(mn, PMIP6OptBID()))
    # RULE: MH-28
    equal((act_of(first), first.one(PMIP6OptBID)), (None, None),
          "options that are not known")
    second = off.ok(other(mn, mhgid=1))
    # RULE: MH-28
    check(second.hnp != first.hnp and act_of(second) is None,
          f"another interface: {second.hnp}")
