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


# RFC 6088 3.2: flags L (destination port) and O (next header); RFC 7109: 11 to
# add, 12 to delete, 13 to modify; 251 as pmip6 has it: Action and PRO.
ADD, DELETE, MODIFY = 11, 12, 13
FORWARD, DROP, DUPLICATE = 0, 1, 2
CREATED, REINSTANTIATED = 0, 2


def selector(port, protocol=17):
    value = b"\2\0" + (0x00220000).to_bytes(4, "big")
    value += port.to_bytes(2, "big") + bytes([protocol])
    return bytes([3, len(value)]) + value


def operation(what):
    return bytes([4, 2, 0, what])


def extras(action, pro=CREATED):
    return bytes([251, 2, action, pro])


def flow(fid, priority, *sub, status=0):
    return PMIP6OptFlow(fid=fid, priority=priority, status=status,
                        sub=b"".join(sub))


def results(answer):
    return [(one.fid, one.status) for one in answer.all(PMIP6OptFlow)]


def flows(lma, hnp):
    """Priority -> flow, of the module."""
    return {one["priority"]: one for one in
            pmipctl(lma.agent, "flow-binding", "show") if one["hnp"] == hnp}


@group("flows are added, changed and deleted, and each is answered by itself")
def flow_life():
    lma = ANCHOR["lma"]
    mn = new_mn()
    first = lma.ok(multihoming(
        mn, flow(7, 10, selector(5060)), flow(8, 0, selector(5061)),
        flow(9, 11, extras(DROP))))
    hnp, = first.hnp
    # RULE: MH-10 MH-29 MH-37
    equal(results(first), [(7, 0), (8, 130), (9, 130)], "results")
    second = lma.ok(other(mn, flow(7, 20, operation(ADD), selector(80, 6),
                                   extras(DUPLICATE))))
    # RULE: MH-10
    equal(results(second), [(7, 0)], "results of the other gateway")
    there = flows(lma, hnp)
    # RULE: MH-03 MH-19 MH-35
    equal({priority: (one["action"], one["bids"][0])
           for priority, one in there.items()},
          {10: ("forward", 1), 20: ("duplicate", 2)}, "flows of the module")
    shown = interfaces(lma, mn)[LLID.hex(":")]["flow_bindings"]
    equal([(one["fid"], one["priority"], one["action"], one["selector"])
           for one in shown], [(7, 10, "forward", "proto udp dport 5060")],
          "flows that are shown")

    # RULE: MH-22 MH-32
    changed = lma.ok(multihoming(
        mn, flow(7, 12, operation(MODIFY), extras(DROP, 1)),
        flow(3, 13, operation(DELETE)), hnp=[hnp], hi=5))
    # RULE: MH-22 MH-32
    equal(results(changed), [(7, 0), (3, 132)], "results of a change")
    equal(sorted((priority, one["action"])
                 for priority, one in flows(lma, hnp).items()),
          [(12, "drop"), (20, "duplicate")], "flows of the module after that")
    # RULE: MH-10
    taken = lma.ok(multihoming(mn, flow(4, 20, selector(1)), hnp=[hnp], hi=5))
    equal(results(taken), [(4, 129)], "a priority that another flow has")
    lma.ok(multihoming(mn, flow(7, 12, operation(DELETE)), hnp=[hnp], hi=5))
    # RULE: MH-22
    equal(list(flows(lma, hnp)), [20], "flows that are left")

    gone = lma.ok(other(mn, hnp=[hnp], hi=4, lifetime=0, act=REMOVE))
    equal(act_of(gone), REMOVE, "what was done with its flows")
    # RULE: MH-13
    wait_until(lambda: equal(flows(lma, hnp), {}, "flows"),
               "the flows are gone with their interface", 10)


@group("flows of an interface that goes are kept, and its gateway hears of them")
def flow_kept():
    lma = ANCHOR["lma"]
    mn = new_mn()
    hnp, = lma.ok(multihoming(mn, flow(7, 10, selector(5060)))).hnp
    lma.ok(other(mn))
    gone = lma.ok(multihoming(mn, hnp=[hnp], hi=4, lifetime=0, act=KEEP))
    # RULE: MH-12
    equal(act_of(gone), KEEP, "what was done with its flows")
    # Once it is acknowledged.
    # RULE: MH-14
    equal([one["bids"] for one in flows(lma, hnp).values()], [[2]],
          "paths of the flow")
    heard = lma.ok(other(mn, hnp=[hnp], hi=5)).all(PMIP6OptFlow)
    # RULE: MH-16 MH-17 MH-18
    equal([(one.fid, one.priority, one.status) for one in heard],
          [(0x8000, 10, 0)], "flows that it hears of")
    # RULE: MH-17
    check(extras(FORWARD, REINSTANTIATED) in heard[0].sub and
          selector(5060)[2:] in heard[0].sub,
          f"what it hears: {heard[0].sub.hex()}")
    back = lma.ok(multihoming(mn, flow(7, 10, selector(5060))))
    equal(results(back), [(7, 0)], "its flow, of an interface that is back")
    equal([one["bids"] for one in flows(lma, hnp).values()], [[1]],
          "paths of its flow")
    # RFC 7864 3.4
    equal(lma.ok(other(mn, hnp=[hnp], hi=5)).all(PMIP6OptFlow), [],
          "flows that the other one hears of then")
    lma.ok(multihoming(mn, hnp=[hnp], hi=4, lifetime=0, act=KEEP))
    heard = lma.ok(other(mn, hnp=[hnp], hi=5)).all(PMIP6OptFlow)
    # Not the number of the one before: what is late may be about that.
    equal([one.fid for one in heard], [0x8001], "flows that it hears of again")
    told = lma.ok(other(mn, flow(0x8001, 10, operation(DELETE)), hnp=[hnp],
                        hi=5))
    equal(results(told), [(0x8001, 0)], "the end of the flow")
    equal(flows(lma, hnp), {}, "flows at the end")
    lma.ok(other(mn, hnp=[hnp], hi=4, lifetime=0))
