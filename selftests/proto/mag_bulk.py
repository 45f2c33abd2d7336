# SPDX-License-Identifier: GPL-2.0
"""Groups of mobile nodes that one message renews (RFC 6602)."""
from mag_peer import *
from mag_revoke import GLOBAL, NO_BINDING, PROXY, acknowledged, ended

EVERY = PROXY | GLOBAL

# What is granted, in units of 4 s, so that renewals come soon, or that there is time.
SHORT, LONG = 4, 30


def join(agent="bulk", lifetime=SHORT, **changes):
    """A mobile node that comes and is let in."""
    bulk, station = GATEWAY[agent], new_station(agent)
    station.solicit()
    request = bulk.pbu(station.mn)
    hnp = [os.environ["GRANTED"].format(station.number)]
    bulk.send(bulk.let_in(request, hnp=hnp, lifetime=lifetime, **changes))
    bulk.becomes(station.mn, "active")
    return station, request


def leave(*stations, agent="bulk"):
    """They go, and that is acknowledged."""
    bulk = GATEWAY[agent]
    for station in stations:
        bulk.control(do="mn-detach", mn=station.mn)
        while True:
            request = bulk.pbu(station.mn)
            if not request.lifetime:
                break
        bulk.answer(request)
        bulk.becomes(station.mn, "held")


@group("who comes asks to join a group; one message renews all of them")
def renewed():
    bulk = GATEWAY["bulk"]
    one, first = join()
    other, second = join()
    # RULE: BULK-02 BULK-46
    check(first.groups[0] > 1, f"identifier {first.groups[0]}")
    # RULE: BULK-01
    equal(second.groups, first.groups, "group of the second one")
    # RULE: BULK-13 BULK-17
    equal(bulk.group()["members"], 2, "members")
    asked = len(bulk.pbus)
    for _ in range(2):
        request = bulk.renewal()
        # RULE: BULK-14
        equal(request.groups, first.groups, "group that is renewed")
        bulk.renew(request, lifetime=SHORT)
        # RULE: BULK-21 BULK-33
        wait_until(lambda: check(bulk.group()["lifetime_ms"] > 3600 * SHORT,
                                 f"lifetime of {bulk.group()}"),
                   "the group is renewed", 5)
    # RULE: BULK-18
    equal(len(bulk.pbus), asked, "PBUs of mobile nodes meanwhile")
    leave(one, other)
    wait_until(lambda: equal(bulk.group(), None, "the group"),
               "the group ends with its last member", 5)


def renew_all(gateway):
    """The operator asks for all groups: one message is for all of them."""
    gateway.control(do="group-renew", group="all")
    return gateway.renewal()


def renewed_all(gateway, count):
    """So many groups were renewed since the operator asked, and none waits."""
    found = gateway.control(do="group-show")["groups"]
    states = [group["state"] for group in found]
    equal(states, ["active"] * count, "states of groups")
    check(all("renewed_ms" in group for group in found), f"groups {found}")


@group("several groups are renewed by one message, or in part")
def together():
    several = GATEWAY["several"]
    stations = [join("several", lifetime=LONG) for _ in range(3)]
    ids = {number for _, request in stations for number in request.groups}
    equal(len(ids), 3, "groups")
    request = renew_all(several)
    # RULE: BULK-08 BULK-20
    equal(set(request.groups), ids, "groups that are renewed")
    several.renew(request, lifetime=LONG)
    # RULE: BULK-21
    wait_until(lambda: renewed_all(several, 3), "all are renewed", 5)
    equal(several.stat("bulk-renewed"), 3, "mobile nodes that are renewed")
    request = renew_all(several)
    # RULE: BULK-08
    equal(set(request.groups), ids, "groups that are renewed next")
    # An anchor that looks at the first only.
    several.renew(request, groups=request.groups[:1], lifetime=LONG)
    alone = [several.renewal() for _ in request.groups[1:]]
    # RULE: BULK-09
    equal(sorted(one.groups for one in alone),
          sorted([number] for number in request.groups[1:]),
          "groups that are asked for alone")
    for one in alone:
        several.renew(one, lifetime=LONG)
    wait_until(lambda: renewed_all(several, 3), "all are renewed", 5)
    equal(several.stat("bulk-renewed"), 6, "mobile nodes that are renewed")
    equal(several.stat("bulk-apart"), 2, "groups that were asked for alone")
    # It does not try that again so soon.
    alone = [renew_all(several)] + [several.renewal() for _ in range(2)]
    # RULE: BULK-08
    equal(sorted(one.groups for one in alone),
          sorted([number] for number in ids), "groups that are renewed then")
    for one in alone:
        several.renew(one, lifetime=LONG)
    wait_until(lambda: renewed_all(several, 3), "all are renewed", 5)
    leave(*(station for station, _ in stations), agent="several")


@group("a renewal that is not answered as it should be is asked for again")
def strange():
    bulk = GATEWAY["bulk"]
    station, _ = join()
    request = bulk.renewal()
    ignored = bulk.stat("pba-ignored")
    # RULE: BULK-09
    bulk.renew(request, groups=[])
    bulk.renew(request, groups=[request.groups[0] + 1])
    bulk.renew(request, lifetime=0)
    # RULE: BULK-05
    bulk.renew(request, groups=[], flags=0x20 | BULK_ACK)
    again = bulk.renewal()
    # RULE: BULK-07
    equal((again.groups, again.sequence != request.sequence),
          (request.groups, True), "group and sequence number of the next one")
    equal(bulk.stat("pba-ignored"), ignored + 4, "acknowledgements")
    bulk.renew(again, lifetime=SHORT)
    leave(station)


@group("its anchor revokes a group, by what it calls that and nothing else")
def revoked():
    bulk = GATEWAY["bulk"]
    (one, request), (other, _) = join(), join()
    groups = request.groups
    granted = os.environ["GRANTED"]
    hnps = [[granted.format(station.number)] for station in (one, other)]
    # RULE: BULK-50
    acknowledged(bulk, NO_BINDING, one.mn, trigger=128, flags=EVERY,
                 groups=groups)
    # RULE: BULK-50
    acknowledged(bulk, NO_BINDING, None, hnps[0], trigger=128, flags=EVERY,
                 groups=groups)
    for option in bytes([33, 6, 0, 0, 0, 0, 0, 7]), bytes([36, 6]) + bytes(6):
        # RULE: BULK-50
        acknowledged(bulk, NO_BINDING, None, trigger=128, flags=EVERY,
                     groups=groups, more=option)
    acknowledged(bulk, NO_BINDING, None, trigger=128, flags=EVERY,
                 groups=[groups[0] + 1])
    equal(bulk.group()["members"], 2, "members")
    # What they were asked for more than once is no news.
    bulk.drain(0.5)
    # RULE: BULK-40 BULK-51 BRI-22
    sequence = acknowledged(bulk, 0, None, trigger=128, flags=EVERY,
                            groups=groups)
    ended(bulk, one, hnps[0])
    ended(bulk, other, hnps[1])
    wait_until(lambda: equal(bulk.group(), None, "the group"),
               "the group ends with its last member", 5)
    # RULE: BRI-04
    acknowledged(bulk, 0, None, trigger=128, flags=EVERY, groups=groups,
                 sequence=sequence)


@group("an anchor that knows no groups: each asks for itself")
def without():
    bulk = GATEWAY["bulk"]
    station, _ = join()
    bulk.renew(bulk.renewal(), status=160, groups=[])
    bulk.groups = False
    # RULE: BULK-22 BULK-37
    request = bulk.pbu(station.mn)
    equal(request.hi, 5, "HI")
    bulk.answer(request, lifetime=SHORT)
    wait_until(lambda: equal(bulk.group(), None, "the group"),
               "the group ends", 5)
    # RULE: BULK-25
    other = new_station("bulk")
    bulk.registered(other)
    leave(other)
    bulk.control(do="mn-detach", mn=station.mn)
