# SPDX-License-Identifier: GPL-2.0
"""Binding Revocation Indications, as a gateway answers them (RFC 5846 9.1)."""
from mag_peer import *

PROXY, IPV4_ONLY, GLOBAL = 0x8000, 0x4000, 0x2000
NO_BINDING, NO_IDENTITY, ATTACHED, NO_TRIGGER, NO_FUNCTION = \
    128, 131, 132, 133, 134

_sequence = 0x7ff0


def indication(mn, hnp=(), trigger=4, flags=PROXY, sequence=None, src=LMA, **what):
    """A BRI as an anchor sends it."""
    global _sequence
    if sequence is None:
        _sequence = sequence = _sequence + 1 & 0xffff
    return sequence, flags, indication_of(src, MAG1, sequence, trigger, flags,
                                          mn=mn, hnp=hnp, **what)


def acknowledged(mag, status, *args, **changes):
    """What is asked is answered like that, once, and by nothing else."""
    sequence, flags, packet = indication(*args, **changes)
    mag.send(packet)
    packet = mag.expect(is_mh(REVOCATION), "a BRA")
    data = packet.payload
    equal((packet.src, packet.dst), (MAG1, LMA), "addresses of the BRA")
    equal(checksum(packet.src, packet.dst, MH, data), 0,
          "checksum of the BRA")
    equal((data[0], data[2], data[3], len(data)),
          (59, REVOCATION, 0, 8 * (data[1] + 1)),
          "payload protocol, type, reserved octet and length of the BRA")
    # RULE: B-LMA-86
    equal(struct.unpack("!BBHH", data[6:12]), (2, status, sequence, flags),
          "kind, status, sequence number and flags of the BRA")
    check_layout(data)
    # RULE: BULK-51
    equal(groups_of(data), list(changes.get("groups", ())),
          "groups of the BRA")
    return sequence


@group("asked for a mobile node that is attached, it refuses: 132")
def revoke_attached():
    mag, station = GATEWAY["mag"], new_station()
    _, hnp = mag.registered(station)
    for trigger in 2, 3, 4:
        acknowledged(mag, ATTACHED, station.mn, hnp, trigger)
    acknowledged(mag, ATTACHED, station.mn)
    equal(mag.state(station.mn), "active", "state")
    mag.is_bound(hnp[0], LMA, "forwarding")
    mag.none_of(station.mn, 1, "after the refusal")


@group("asked for one that has left, its binding ends, and nothing more is sent")
def revoke_left():
    mag, station = GATEWAY["mag"], new_station()
    _, hnp = mag.registered(station)
    mag.control(do="mn-detach", mn=station.mn)
    # The first copy of its de-registration is not answered.
    equal(mag.pbu(station.mn).lifetime, 0, "lifetime")
    # More of them may be on their way.
    sequence, flags, packet = indication(station.mn, hnp)
    mag.send(packet)
    while True:
        packet = mag.receive(20)
        check(packet, "no BRA")
        if is_mh(REVOCATION)(packet):
            break
        mag.pbus.append(Request(mag, packet))
    # RULE: B-LMA-86
    equal(struct.unpack("!BBHH", packet.payload[6:12]),
          (2, 0, sequence, flags), "the BRA")
    mag.becomes(station.mn, "held")
    # RULE: B-LMA-86
    mag.none_of(station.mn, 4, "after it was revoked")
    mag.is_bound(hnp[0], "nowhere", "forwarding")
    # The acknowledgement may have been lost.
    acknowledged(mag, 0, station.mn, hnp, sequence=sequence)
    acknowledged(mag, NO_BINDING, station.mn, hnp)


@group("what it can not follow is refused, and what is no anchor's ignored")
def revoke_refused():
    mag, station = GATEWAY["mag"], new_station()
    _, hnp = mag.registered(station)
    acknowledged(mag, NO_BINDING, "nobody@example.com")
    acknowledged(mag, NO_BINDING, station.mn, ["2001:db8:ffff::/64"])
    acknowledged(mag, NO_BINDING, station.mn, hnp, flags=0)
    acknowledged(mag, NO_BINDING, station.mn, flags=PROXY | IPV4_ONLY)
    acknowledged(mag, NO_IDENTITY, None)
    for trigger in 8, 100:
        # RULE: BRI-06
        acknowledged(mag, NO_TRIGGER, station.mn, hnp, trigger)
    # RULE: BRI-06
    acknowledged(mag, NO_TRIGGER, None, trigger=130, flags=PROXY | GLOBAL)
    # RULE: BRI-18
    acknowledged(mag, NO_IDENTITY, None, trigger=129, flags=PROXY | GLOBAL)
    acknowledged(mag, NO_IDENTITY, station.mn, trigger=129,
                 flags=PROXY | GLOBAL)
    acknowledged(mag, NO_BINDING, "@example.net", trigger=129,
                 flags=PROXY | GLOBAL)
    # RULE: BRI-17
    acknowledged(mag, NO_FUNCTION, None, hnp, trigger=128,
                 flags=PROXY | GLOBAL)
    acknowledged(mag, NO_FUNCTION, station.mn, flags=PROXY | GLOBAL)
    acknowledged(mag, NO_FUNCTION, station.mn, trigger=128)
    mag.send(indication(station.mn, src=STRANGER)[2])
    acknowledged(mag, ATTACHED, station.mn, hnp)
    equal(mag.state(station.mn), "active", "state")
    mag.is_bound(hnp[0], LMA, "forwarding")


def ended(mag, station, hnp):
    """It has no home any more, and is told so."""
    mag.becomes(station.mn, "refused")
    # RULE: BRI-20
    wait_until(lambda: mag.is_bound(hnp[0], "nowhere", "forwarding"),
               "the end of forwarding")
    # RULE: BRI-20
    mag.none_of(station.mn, 2, "after it was revoked")


@group("its anchor revokes a mobile node, whether it is there or not")
def revoke_one():
    mag, station = GATEWAY["mag"], new_station()
    _, hnp = mag.registered(station)
    sequence = acknowledged(mag, 0, station.mn, hnp, trigger=1)
    ended(mag, station, hnp)
    # RULE: BRI-04
    acknowledged(mag, 0, station.mn, hnp, trigger=1, sequence=sequence)
    # RULE: BRI-07
    acknowledged(mag, NO_BINDING, station.mn, hnp, trigger=1)


@group("its anchor revokes a realm, and all that it has here")
def revoke_many():
    mag, first, second = GATEWAY["mag"], new_station(), new_station()
    _, one = mag.registered(first)
    _, two = mag.registered(second)
    realm = "@" + first.mn.split("@")[1]
    # RULE: BRI-18
    acknowledged(mag, 0, realm, trigger=129, flags=PROXY | GLOBAL)
    ended(mag, first, one)
    ended(mag, second, two)
    third = new_station()
    _, hnp = mag.registered(third)
    # RULE: BRI-17
    acknowledged(mag, 0, None, trigger=128, flags=PROXY | GLOBAL)
    ended(mag, third, hnp)
    # RULE: BRI-07
    acknowledged(mag, NO_BINDING, None, trigger=128, flags=PROXY | GLOBAL)
