# SPDX-License-Identifier: GPL-2.0
"""Mobile nodes that may be at other gateways as well, and their flows
(draft-melia-netext-muho-solution, RFC 6089, RFC 6088)."""
from mag_peer import *

KEEP = 2
ADD, DELETE, MODIFY = 11, 12, 13
FORWARD, DROP, DUPLICATE = range(3)
CREATED, MODIFIED, MOVED, DELETED = range(4)
PROHIBITED = 128

# What the profile of multi@example.com has, by hand: IPv6, flags, fields.
VOICE = bytes.fromhex("0200 00320000 13c4 13c6 11")
SITE = (bytes.fromhex("0200 c0000000") + addr("2001:db8:40::") +
        addr("2001:db8:40:ffff:ffff:ffff:ffff:ffff"))


def multihoming_station(name, last):
    station = Station("air", "mag", f"02:00:00:aa:08:{last:02x}")
    station.mn = f"{name}@example.com"
    return station


def suboptions(flow):
    """Type -> value, without padding; of each there is one."""
    found, data = {}, flow.sub
    while data:
        if not data[0]:
            data = data[1:]
            continue
        kind, length = data[0], data[1]
        check(length + 2 <= len(data), f"sub-options {flow.sub.hex()}")
        if kind > 1:
            check(kind not in found, f"sub-option {kind} twice")
            found[kind] = data[2:2 + length]
        data = data[2 + length:]
    return found


def flows(request):
    """FID -> (priority, operation, action, PRO, selector)."""
    found = {}
    for flow in request.all(PMIP6OptFlow):
        equal((flow.reserved, flow.status), (0, 0), "reserved and status")
        parts = suboptions(flow)
        # RULE: MH-37
        check(set(parts) <= {3, 4, 251}, f"sub-options {parts}")
        equal(parts[4][0], 0, "reserved octet of the operation")
        found[flow.fid] = (flow.priority, parts[4][1], *parts[251],
                           parts.get(3))
    return found


def option_of(request):
    option, = request.all(PMIP6OptMultihoming)
    equal((option.experiment, option.version, option.group, option.reserved),
          (1, 0, 0, 0), "the Multihoming option")
    return option.act


def answers(request, status=None, act=0):
    """Options of an acknowledgement: each flow with its status."""
    status = status or {}
    return [PMIP6OptMultihoming(act=act)] + [
        PMIP6OptFlow(fid=flow.fid, priority=flow.priority,
                     status=status.get(flow.fid, 0), sub=flow.sub)
        for flow in request.all(PMIP6OptFlow)]


def shown(mag, mn):
    """FID -> flow, as the agent shows it."""
    return {one["fid"]: one
            for one in mag.control(do="flow-show", mn=mn)["flows"]}


def states(mag, mn):
    return {fid: one["state"] for fid, one in shown(mag, mn).items()}


def are(mag, mn, wanted):
    wait_until(lambda: equal(states(mag, mn), wanted, f"flows of {mn}"),
               f"flows of {mn} are {wanted}", 20)


def next_with(mag, mn, fid):
    """The next PBU that says something of a flow; others are answered."""
    while True:
        request = mag.pbu(mn)
        if fid in flows(request):
            return request
        mag.answer(request, extra=answers(request))


@group("a mobile node that may be elsewhere as well: each flow has its answer")
def multihoming():
    mag = GATEWAY["mag"]
    station = multihoming_station("multi", 1)
    hnp = ["2001:db8:a:f01::/64"]
    station.solicit()
    request = mag.pbu(station.mn)
    # RULE: MH-07 MH-12
    equal(option_of(request), 0, "ACT")
    # RULE: MH-29 MH-34 MH-39
    equal((request.hi, request.hnp), (1, [ANY]), "HI and HNP of the first")
    # RULE: MH-06 MH-21 MH-37
    equal(flows(request),
          {1: (10, ADD, FORWARD, CREATED, VOICE),
           2: (20, ADD, DROP, CREATED, SITE)}, "flows of the profile")
    mag.answer(request, hnp=hnp, extra=answers(request, {2: PROHIBITED}))
    mag.becomes(station.mn, "active")
    # RULE: MH-22
    are(mag, station.mn, {1: "active", 2: "refused"})
    equal(shown(mag, station.mn)[2]["refused"], "administratively-prohibited",
          "why")

    # RULE: MH-06
    equal(mag.control(do="flow-add", mn=station.mn,
                      flow="fid 7 priority 5 proto tcp sport 443"), {},
          "what the access network is told")
    request = next_with(mag, station.mn, 7)
    # RULE: MH-32
    equal((request.hi, request.hnp), (5, hnp), "HI and HNP of the change")
    # RULE: MH-22 MH-32
    equal(flows(request),
          {7: (5, ADD, FORWARD, CREATED,
               bytes.fromhex("0200 00820000 01bb 06"))}, "the new flow")
    moved = PMIP6OptFlow(fid=0x8001, priority=15, sub=bytes.fromhex(
        "030702000002000011 fb020202"))
    mag.answer(request, extra=answers(request) + [moved])
    # RULE: MH-23
    are(mag, station.mn, {1: "active", 2: "refused", 7: "active",
                          0x8001: "active"})
    taken = shown(mag, station.mn)[0x8001]
    # RULE: MH-23
    equal((taken["origin"], taken["action"], taken["selector"]),
          ("anchor", "duplicate", "proto udp"), "what was moved here")

    equal(mag.control(do="flow-change", mn=station.mn,
                      flow="fid 7 priority 6 proto tcp sport 443"), {},
          "a change")
    request = next_with(mag, station.mn, 7)
    # RULE: MH-22
    equal(flows(request)[7][:4], (6, MODIFY, FORWARD, MODIFIED), "the change")
    mag.answer(request, extra=answers(request) + [moved])
    are(mag, station.mn, {1: "active", 2: "refused", 7: "active",
                          0x8001: "active"})
    equal(mag.control(do="flow-del", mn=station.mn, fid="7"), {}, "an end")
    request = next_with(mag, station.mn, 7)
    # RULE: MH-22
    equal(flows(request)[7], (6, DELETE, FORWARD, DELETED, None), "the end")
    # RFC 7864 3.4: what was moved there, and is not named any more, is gone.
    mag.answer(request, extra=answers(request))
    # RULE: MH-23
    are(mag, station.mn, {1: "active", 2: "refused"})
    said = mag.control(do="flow-add", mn=station.mn,
                       flow="fid 8 priority 5 port 443")
    check("is no word of a flow" in said["error"], f"an error: {said}")

    mag.control(do="mn-detach", mn=station.mn)
    while True:
        request = mag.pbu(station.mn)
        if not request.lifetime:
            break
        mag.answer(request, extra=answers(request))
    # RULE: MH-12 MH-24 MH-33
    equal((request.hi, request.hnp, option_of(request)), (4, hnp, KEEP),
          "HI, HNP and ACT of the end")
    # RULE: MH-24
    mag.is_bound(hnp[0], LMA, "the binding before it is acknowledged")
    mag.answer(request, extra=answers(request, act=KEEP))
    mag.becomes(station.mn, "held")


@group("an anchor that passes the option over: registered without")
def without_multihoming():
    mag = GATEWAY["mag"]
    station = multihoming_station("plain", 2)
    station.solicit()
    request = mag.pbu(station.mn)
    # RULE: MH-07
    equal((option_of(request), set(flows(request))), (0, {1}), "ACT and flows")
    # RULE: MH-28
    mag.answer(request, hnp=["2001:db8:a:f02::/64"])
    mag.becomes(station.mn, "active")
    # RULE: MH-28
    equal(states(mag, station.mn), {1: "pending"}, "its flow")
    # RULE: MH-28
    equal(mag.mn(station.mn)[0]["multihoming"], False, "multihoming")
    mag.control(do="mn-detach", mn=station.mn)
    while True:
        request = mag.pbu(station.mn)
        if not request.lifetime:
            break
        mag.answer(request)
    # RULE: MH-28
    equal(request.all(PMIP6OptMultihoming), [], "the option at its end")
    mag.answer(request)
    mag.becomes(station.mn, "held")
