# SPDX-License-Identifier: GPL-2.0
"""Bulk groups of an anchor (RFC 6602), as gateways of another make see them."""
from lma_peer import *

ALL_SESSIONS = 1
GROUP, OTHER = 0x101, 0x102


class BulkAsk(Ask):
    """A PBU for groups."""

    def __init__(self, *numbers, **changes):
        same = dict(hnp=None, hi=None, att=None, llid=None,
                    extra=[PMIP6OptGroup(number=one) for one in numbers])
        super().__init__(None, **{**same, **changes})
        self.numbers = list(numbers)


class BulkAnswer(Answer):
    """Its PBA: nothing of a session that was not in it, and all groups."""

    def bulk(self):
        # RULE: BULK-04
        return self.ask.flags & B

    def check_echoes(self):
        ask = self.ask
        equal(self.sequence, ask.seq, "sequence number of the PBA")
        # RULE: BULK-09
        equal(self.groups, ask.numbers, "groups of the PBA")
        equal(bool(self.one(MIP6OptMNID)), ask.mn is not None,
              "MN-ID of the PBA")
        equal(self.hnp, ask.hnp or [], "HNPs of the PBA")
        self.check_timestamp()
        self.check_lifetime()


def renew(lma, want, *numbers, **changes):
    """Send a PBU for groups, which is answered by this status."""
    ask = BulkAsk(*numbers, **changes)
    lma.send(ask.packet())
    answer = BulkAnswer(ask, lma.expect(is_mh(BA), "a PBA"))
    equal(answer.status, want, "status")
    return answer


def joining(mn=None, number=GROUP, **changes):
    extra = [] if number is None else [PMIP6OptGroup(number=number)]
    return Ask(mn or new_mn(), **{**dict(flags=A | P | B, extra=extra),
                                  **changes})


def sets(lma):
    """HNP -> expiry set of the module, or None."""
    return {one["hnp"]: one["paths"][0].get("expiry_set")
            for one in pmipctl(lma.agent, "binding", "show")
            if one.get("paths")}


def left(lma, ask):
    return lma.session(ask.mn)["lifetime_ms"]


@group("sessions join a group, one update extends all of them, and they leave")
def bulk():
    lma = ANCHOR["lma"]
    first, second, third = joining(), joining(), Ask(new_mn())
    answers = [lma.ok(one) for one in (first, second, third)]
    # RULE: BULK-03 BULK-30 BULK-44 BULK-49
    equal([answer.groups for answer in answers], [[GROUP], [GROUP], []],
          "groups of the PBAs")
    hnps = [answer.hnp[0] for answer in answers]
    there = sets(lma)
    # RULE: BULK-33
    check(there[hnps[0]] and there[hnps[0]] == there[hnps[1]] and
          not there[hnps[2]], f"expiry sets of {hnps}: {there}")
    # RULE: BULK-01
    equal(lma.session(first.mn)["group"], GROUP, "group of the session")

    # RULE: BULK-31 BULK-32 BULK-34
    equal(renew(lma, 0, GROUP, lifetime=100).lifetime, 100, "lifetime")
    # RULE: BULK-32
    check(min(left(lma, first), left(lma, second)) > 350000,
          "not all of the group were extended")
    check(left(lma, third) < 61000, "one that is not in it was extended")
    equal(sets(lma), there, "expiry sets after that")
    # One line for all of them.
    equal(len([line for line in lma.log("group-renewed")
               if f"group={GROUP} " in line]), 1, "lines of its log")
    # With the flag, too, and of all groups.
    equal(renew(lma, 0, GROUP, lifetime=200, flags=A | P | B).lifetime, 200,
          "lifetime")
    # RULE: BULK-12
    equal(renew(lma, 0, ALL_SESSIONS, lifetime=150).lifetime, 150, "lifetime")

    # RULE: BULK-06
    stays = lma.ok(first.again(hnp=[hnps[0]], hi=5, lifetime=300, extra=[
        PMIP6OptGroup(number=GROUP)]))
    check(stays.groups == [GROUP] and stays.lifetime <= 150,
          f"a refresh of a member: {stays.groups}, {stays.lifetime}")
    # RULE: BULK-06 BULK-48
    equal(lma.ok(first.again(hnp=[hnps[0]], hi=5, flags=A | P,
                             lifetime=20)).groups, [], "groups of who leaves")
    # RULE: BULK-48
    check(not sets(lma)[hnps[0]], "it ends with the others")
    # RULE: BULK-42
    equal(lma.ok(second.again(hnp=[hnps[1]], src=MAG2, flags=A | P)).groups, [],
          "groups of who has moved")
    # RULE: BULK-42
    renew(lma, 175, GROUP)
    for ask, hnp, src in ((first, hnps[0], MAG1), (second, hnps[1], MAG2),
                          (third, hnps[2], MAG1)):
        lma.ok(ask.again(hnp=[hnp], src=src, flags=A | P, lifetime=0))


@group("what is no update for a group of its gateway is refused, and changes nothing")
def bulk_refused():
    lma = ANCHOR["lma"]
    ask = joining(lifetime=100)
    hnp = lma.ok(ask).hnp[0]
    before = left(lma, ask)
    # RULE: BULK-35
    renew(lma, 175, OTHER, lifetime=1000)
    # RULE: BULK-08 BULK-35
    renew(lma, 175, GROUP, OTHER, lifetime=1000)
    # RULE: BULK-46
    renew(lma, 175, 0, lifetime=1000)
    # RULE: BULK-32
    renew(lma, 175, GROUP, src=MAG2, lifetime=1000)
    # RULE: BULK-07
    renew(lma, 175, GROUP, hnp=[hnp], lifetime=1000)
    renew(lma, 129, GROUP, lifetime=0)
    renew(lma, 157, GROUP, ts=-10, lifetime=1000)
    renew(lma, 156, GROUP, ts=40, lifetime=1000)
    check(left(lma, ask) <= before, "one of them has extended a session")
    # RULE: BULK-53
    equal(lma.stat("sessions") > 0 and lma.stat("groups"), 1, "groups")
    # RULE: BULK-43
    lma.ok(ask.again(hnp=[hnp], flags=A | P, lifetime=0))
    # RULE: BULK-43
    renew(lma, 175, GROUP)


@group("an anchor that is not to has no groups, and speaks as if it knew none")
def bulk_off():
    lma = ANCHOR["sequence"]
    ask = joining(ts=None)
    answer = lma.ok(ask)
    # RULE: BULK-37 BULK-49
    equal(answer.groups, [], "groups of the PBA")
    lma.send(BulkAsk(GROUP, ts=None).packet())
    packet = lma.expect(is_mh(BA), "a PBA")
    # RULE: BULK-37
    check(packet.payload[6] in (158, 160), f"status {packet.payload[6]}")
    lma.ok(ask.again(hnp=answer.hnp, flags=A | P, lifetime=0))
