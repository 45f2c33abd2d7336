# SPDX-License-Identifier: GPL-2.0
"""What a gateway asks for, when, and how often."""
from mag_peer import *
from vectors import V1


@group("a mobile node that comes is asked for, and is told nothing before")
def first():
    mag, station = GATEWAY["mag"], new_station()
    # RULE: B-MAG-15 B-MAG-59
    station.solicit()
    request = mag.pbu(station.mn)
    # RULE: B-MAG-17 B-MAG-26
    equal(request.hnp, [ANY], "prefixes, of which none is known")
    # RULE: B-MAG-57
    check(request.hi in (1, 4), f"HI {request.hi}")
    # RULE: B-MAG-71
    equal(request.llid, bytes.fromhex(station.mac.replace(":", "")), "LLID")
    equal(request.lifetime, 600 // 4, "lifetime in units of 4 s")
    equal(mag.state(station.mn), "registering", "state")
    hnp = os.environ["GRANTED"].format(station.number)
    station.solicit()
    # RULE: B-MAG-12 B-MAG-80 B-MAG-50
    station.hears_none(0.5, "before it is registered")
    # RULE: B-MAG-37
    mag.is_bound(hnp, "nowhere", "forwarding before it is registered")
    mag.drain()
    request = mag.pbu(station.mn)
    mag.answer(request, hnp=[hnp])
    frame, prefixes = advertised(station)
    # RULE: B-MAG-18 B-MAG-75 B-MAG-12 B-MAG-11
    equal(list(prefixes), [hnp], "prefixes that are advertised")
    # RULE: B-MAG-82
    equal((frame.to, frame.packet.src, frame.ra["lladdr"], frame.source),
          (station.mac, FIXED_LINK_LOCAL, FIXED_LLADDR, FIXED_LLADDR),
          "whom the advertisement is to and from")
    equal((frame.ra["hops"], prefixes[hnp][0]), (255, 0xc0),
          "hop limit, and flags L and A")
    # RULE: B-MAG-18 B-MAG-75
    mag.is_bound(hnp, LMA, "forwarding")
    time.sleep(0.3)
    station.solicit()
    # RULE: B-MAG-79
    equal(list(advertised(station)[1]), [hnp], "answer to a solicitation")


@group("the prefixes of its profile are asked for by name, all of them")
def by_name():
    mag = GATEWAY["mag"]
    station = Station("air", "mag", "02:00:00:aa:06:02")
    station.mn, station.number = "two@example.com", 0
    own = os.environ["TWO_HNPS"].split()
    request, _ = mag.registered(station)
    # RULE: B-MAG-17 B-MAG-04
    equal(sorted(request.hnp), sorted(own), "prefixes that are asked for")
    _, prefixes = advertised(station)
    # RULE: B-MAG-67 B-MAG-75
    equal(sorted(prefixes), sorted(own), "prefixes that are advertised")
    for hnp in own:
        # RULE: B-MAG-75
        mag.is_bound(hnp, LMA, "forwarding")


@group("octet for octet the golden vector, but for what differs each time")
def vector():
    mag = GATEWAY["mag"]
    station = Station("air", "mag", "02:00:00:00:00:01")
    station.mn = "mn1@example.com"
    station.solicit()
    request = mag.pbu(station.mn)
    mag.answer(request, hnp=["2001:db8:a:1::/64"])
    want = bytearray(bytes.fromhex(V1))
    got = bytearray(request.raw[40:])
    for message in want, got:
        # Checksum, sequence number, lifetime; HI; timestamp.
        for at, length in ((4, 4), (10, 2)):
            message[at:at + length] = bytes(length)
        for at, kind, value in options_of(message):
            if kind in (23, 27):
                message[at + 2:at + 2 + len(value)] = bytes(len(value))
    # RULE: B-MAG-23 B-MAG-16 B-MSG-03 B-MSG-05 B-MSG-11
    equal(got.hex(), want.hex(), "the PBU")


def intervals(mag, station, count):
    """Between the first PBUs of a mobile node that get no answer."""
    station.solicit()
    found = [mag.pbu(station.mn) for _ in range(count + 1)]
    for one, other in zip(found, found[1:]):
        # RULE: B-MAG-53 B-MAG-83
        equal((other.hnp, other.hi, other.lifetime, other.kinds, other.llid),
              (one.hnp, one.hi, one.lifetime, one.kinds, one.llid),
              "what a copy asks for")
        # RULE: B-MAG-53
        check(other.stamp > one.stamp and other.sequence != one.sequence,
              "a copy with the same timestamp or sequence number")
    mag.answer(found[-1])
    mag.becomes(station.mn, "active")
    return [other.at - one.at for one, other in zip(found, found[1:])]


@group("without an answer it asks again, after twice the time up to a limit")
def retransmission():
    for agent, expected in (("mag", (0.2, 0.4, 0.8, 1.6, 1.6)),
                            ("own", (1, 2))):
        mag, station = GATEWAY[agent], new_station(agent)
        found = intervals(mag, station, len(expected))
        for got, want in zip(found, expected):
            # RULE: B-MAG-53 B-MAG-83
            check(want - 0.1 <= got <= want + 0.5,
                  f"{agent}: intervals {found}, want {expected}")


@group("it is extended in time, with HI 5, all prefixes and the same options")
def refresh():
    mag, station = GATEWAY["mag"], new_station()
    granted = ["2001:db8:a:c001::/64", "2001:db8:a:c002::/64"]
    first_one, _ = mag.registered(station, hnp=granted, lifetime=2)
    begun = first_one.at
    request = mag.pbu(station.mn)
    # RULE: B-MAG-20
    check(3 <= request.at - begun < 7.5,
          f"extended after {request.at - begun:.1f} s of 8 s")
    # RULE: B-MAG-20 B-MAG-57
    equal((request.hi, sorted(request.hnp), request.kinds),
          (5, granted, first_one.kinds), "HI, prefixes and options")
    # RULE: B-MAG-20
    equal(request.lifetime, first_one.lifetime, "lifetime")
    mag.answer(request, lifetime=1)
    begun, request = request.at, mag.pbu(station.mn)
    # RULE: B-MAG-20 B-MAG-75
    check(request.at - begun < 3.9,
          f"extended after {request.at - begun:.1f} s of 4 s")
    # RULE: B-MAG-20
    equal((request.hi, sorted(request.hnp)), (5, granted), "HI and prefixes")
    # Of the copies, none is answered in time.
    wait_until(lambda: mag.is_bound(granted[0], "nowhere", "forwarding"),
               "the end of forwarding", 10)
    # RULE: B-MAG-37
    check(4 <= time.monotonic() - begun, "forwarding ended too early")
    mag.drain()
    mag.answer(mag.pbu(station.mn), hnp=granted)
    mag.becomes(station.mn, "active")


@group("what has gone is told with lifetime 0, HI 4, all prefixes, three times")
def end():
    mag, station = GATEWAY["mag"], new_station()
    granted = ["2001:db8:a:c003::/64", "2001:db8:a:c004::/64"]
    first_one, _ = mag.registered(station, hnp=granted)
    mag.control(do="mn-detach", mn=station.mn)
    request = mag.pbu(station.mn)
    # RULE: B-MAG-21
    equal((request.lifetime, request.hi, sorted(request.hnp), request.kinds),
          (0, 4, granted, first_one.kinds),
          "lifetime, HI, prefixes and options")
    copies = [request, mag.pbu(station.mn), mag.pbu(station.mn)]
    for one, other, want in zip(copies, copies[1:], (0.2, 0.4)):
        # RULE: B-MAG-78 B-MAG-53
        equal((other.lifetime, other.hi, sorted(other.hnp)), (0, 4, granted),
              "what a copy says")
        # RULE: B-MAG-78
        check(want - 0.1 < other.at - one.at < want + 0.5,
              f"a copy after {other.at - one.at:.3f} s")
    # RULE: B-MAG-22
    for hnp in granted:
        mag.is_bound(hnp, "nowhere", "forwarding afterwards")
    # RULE: B-MAG-78
    mag.none_of(station.mn, 2, "more copies")
    equal(mag.state(station.mn), "held", "state")

    station = new_station()
    _, granted = mag.registered(station)
    mag.control(do="mn-detach", mn=station.mn)
    mag.answer(mag.pbu(station.mn), lifetime=0)
    # RULE: B-MAG-22
    mag.becomes(station.mn, "held")
    # RULE: B-MAG-22
    mag.is_bound(granted[0], "nowhere", "forwarding afterwards")
    # Those that were sent while the answer was on its way.
    mag.drain()
    # RULE: B-MAG-21
    mag.none_of(station.mn, 1, "a copy of what was answered")


@group("the timers and options of those that count sequence numbers")
def sequence_numbers():
    mag, station = GATEWAY["sequence"], new_station("sequence")
    station.solicit()
    # Request checks that there is no timestamp.
    one = mag.pbu(station.mn)
    other = mag.pbu(station.mn)
    # RULE: B-LMA-88 B-MAG-53
    equal(other.sequence, one.sequence + 1 & 0xffff, "number of a copy")
    mag.answer(other, status=135, seq=other.sequence + 1000 & 0xffff)
    again = mag.pbu(station.mn)
    # RULE: B-LMA-88
    equal(again.sequence, other.sequence + 1001 & 0xffff,
          "number after status 135")
    mag.answer(again)
    mag.becomes(station.mn, "active")


@group("who has no profile is not asked for")
def stranger():
    mag = GATEWAY["mag"]
    mag.drain()
    nobody = Station("air", "mag", "02:00:00:aa:07:01")
    nobody.solicit()
    known = new_station()
    known.solicit()
    request = mag.pbu(known.mn)
    # RULE: B-MAG-47
    equal([one.mn for one in mag.waiting], [], "others that are asked for")
    mag.answer(request)
    # RULE: B-MAG-47 B-MAG-08 B-SEC-08
    nobody.hears_none(0.3, "who has no profile")
