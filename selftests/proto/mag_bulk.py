# SPDX-License-Identifier: GPL-2.0
"""Groups of mobile nodes that one message renews (RFC 6602)."""
from mag_peer import *
from mag_revoke import GLOBAL, NO_BINDING, PROXY, acknowledged, ended

EVERY = PROXY | GLOBAL

# What is granted, in units of 4 s, so that renewals come soon.
SHORT = 4


def join(**changes):
    """A mobile node that comes and is let in."""
    bulk, station = GATEWAY["bulk"], new_station("bulk")
    station.solicit()
    request = bulk.pbu(station.mn)
    hnp = [os.environ["GRANTED"].format(station.number)]
    bulk.send(bulk.let_in(request, hnp=hnp, lifetime=SHORT, **changes))
    bulk.becomes(station.mn, "active")
    return station, request


def leave(*stations):
    """They go, and that is acknowledged."""
    bulk = GATEWAY["bulk"]
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
