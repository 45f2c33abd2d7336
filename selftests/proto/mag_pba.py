# SPDX-License-Identifier: GPL-2.0
"""What a gateway makes of acknowledgements."""
from mag_peer import *

REFUSALS = (128, 129, 130, 131, 132, 133, 134, 135, 139, 145, 147, 152, 153,
            154, 155, 156, 158, 159, 160, 161, 162, 174, 200, 255)
ACCEPTED = (1, 2, 6, 127)


@group("128 and above is a refusal, whatever it says; what is below is none")
def statuses():
    mag = GATEWAY["mag"]
    stations = {status: new_station() for status in REFUSALS + ACCEPTED}
    granted = {}
    for status, station in stations.items():
        station.solicit()
        granted[status] = os.environ["GRANTED"].format(0xa00 + status)
    for status, station in stations.items():
        mag.answer(mag.pbu(station.mn), status=status,
                   hnp=[granted[status]])
    for status in ACCEPTED:
        # RULE: B-MSG-06
        mag.becomes(stations[status].mn, "active")
        # RULE: B-MSG-06
        equal(list(advertised(stations[status])[1]), [granted[status]],
              f"prefixes that are advertised after status {status}")
    for status in REFUSALS:
        # RULE: B-MAG-19 B-MSG-06
        mag.becomes(stations[status].mn, "refused")
    # Copies that were sent before the answers. The retry is a day away.
    mag.drain(0.1)
    mag.none_of("nobody", 1, "nobody's")
    for status in REFUSALS:
        # RULE: B-MAG-19 B-MAG-55
        equal([describe(one.raw) for one in mag.waiting
               if one.mn == stations[status].mn], [],
              f"what is sent after status {status}")
        stations[status].solicit()
    bound = mag.bindings()
    for status in REFUSALS:
        # RULE: B-MAG-19 B-MAG-37
        check(granted[status] not in bound, f"forwarding of status {status}")
    for status in REFUSALS:
        # RULE: B-MAG-19 B-MAG-80
        stations[status].hears_none(0.02, f"after status {status}")


@group("157: again, and newer; 156: not before the clock is set")
def clocks():
    mag, station = GATEWAY["mag"], new_station()
    station.solicit()
    for _ in range(2):
        request = mag.pbu(station.mn)
        mag.answer(request, status=157,
                   stamp=int((time.time() + 0.05) * TS_UNIT))
    # RULE: B-MAG-55
    last = mag.pbu(station.mn, 5)
    # RULE: B-MAG-55
    check(last.stamp > request.stamp, "a timestamp that is not newer")
    mag.answer(last)
    mag.becomes(station.mn, "active")
    # A gateway that asks those who were refused again each second.
    eager, station = GATEWAY["own"], new_station("own")
    station.solicit()
    request = eager.pbu(station.mn)
    eager.answer(request, status=156, stamp=request.stamp + 3600 * TS_UNIT)
    eager.becomes(station.mn, "refused")
    # RULE: B-MAG-55
    eager.none_of(station.mn, 2.5, "after status 156")
    other = new_station("own")
    other.solicit()
    # Its own clock is what it goes by: Request checks that.
    # RULE: B-MAG-55
    eager.answer(eager.pbu(other.mn))
    eager.becomes(other.mn, "active")


@group("152: no retry; 130 and others: later; 155: not the same prefix again")
def retries():
    eager = GATEWAY["own"]
    one, other = new_station("own"), new_station("own")
    for station in one, other:
        station.solicit()
    eager.answer(eager.pbu(one.mn), status=152)
    eager.answer(eager.pbu(other.mn), status=130)
    refused = time.monotonic()
    again = None
    end = refused + 20
    while again is None and time.monotonic() < end:
        # Nothing but a frame of it brings it back, once it may come.
        other.solicit()
        one.solicit()
        try:
            again = eager.pbu(other.mn, 0.5)
        except AssertionError as error:
            check("none of" in str(error), error)
    check(again, "it is not asked for again after status 130")
    # RULE: B-MAG-19
    check(again.at - refused > 0.9, "it is asked for at once")
    # RULE: B-MAG-55
    eager.none_of(one.mn, 1, "after status 152")
    eager.answer(again)

    mag = GATEWAY["mag"]
    station = Station("air", "mag", "02:00:00:aa:06:03")
    station.mn = "third@example.com"
    station.solicit()
    request = mag.pbu(station.mn)
    equal(request.hnp, [os.environ["THIRD_HNP"]], "prefix of the profile")
    mag.answer(request, status=155)
    again = mag.pbu(station.mn, 5)
    # RULE: B-MAG-55 B-MAG-17
    equal(again.hnp, [ANY], "prefix after status 155")
    mag.answer(again)
    mag.becomes(station.mn, "active")


@group("what answers nothing that was asked, or is not an anchor's: nothing")
def not_asked():
    mag, station = GATEWAY["mag"], new_station()
    hnp = [os.environ["GRANTED"].format(0xb00)]
    station.solicit()
    request = mag.pbu(station.mn)
    wrong = {"sequence number": dict(seq=request.sequence + 7 & 0xffff),
             "no P": dict(flags=0), "no prefix": dict(hnp=[]),
             "all zero prefix": dict(hnp=[ANY]), "no time": dict(lifetime=0),
             "another source": dict(src=STRANGER)}
    before = mag.stat("pba-ignored")
    for what, changes in wrong.items():
        # RULE: B-MAG-54 B-MAG-74 B-MSG-02
        mag.answer(request, **{"hnp": hnp, **changes})
    bad = bytearray(bytes(mag.pba(request, hnp=hnp)))
    bad[44] ^= 1
    # RULE: B-MAG-74
    mag.send(bytes(bad))
    wait_until(lambda: equal(mag.stat("pba-ignored"), before + len(wrong),
                             "ignored"), "they are ignored", 10)
    # RULE: B-MAG-54 B-MAG-74 B-MSG-02
    equal(mag.state(station.mn), "registering", "state")
    # RULE: B-MAG-54 B-MAG-74
    mag.is_bound(hnp[0], "nowhere", "forwarding")
    # RULE: B-MAG-54
    mag.answer(mag.pbu(station.mn, 5), hnp=hnp)
    mag.becomes(station.mn, "active")
    # Nor when nothing is asked.
    # RULE: B-MAG-54
    mag.answer(request, status=154, hnp=hnp)
    mag.answer(request, hnp=[os.environ["GRANTED"].format(0xb01)])
    other = new_station()
    mag.registered(other)
    # RULE: B-MAG-54
    equal(mag.state(station.mn), "active", "state")
    mag.is_bound(hnp[0], LMA, "forwarding")


@group("what echoes something else is ignored, and ends the asking")
def other_echo():
    mag = GATEWAY["mag"]
    for what, changes in (("HI", dict(hi=2)), ("ATT", dict(att=3)),
                          ("MN-ID", dict(mn="s1@example.com")),
                          ("LLID", dict(llid=b"\2\0\0\0\0\x99"))):
        station = new_station()
        hnp = [os.environ["GRANTED"].format(station.number)]
        before = mag.stat("pba-ignored-echo")
        station.solicit()
        mag.answer(mag.pbu(station.mn), hnp=hnp, **changes)
        # RULE: B-MAG-54
        wait_until(lambda: equal(mag.stat("pba-ignored-echo"), before + 1,
                                 "ignored"), f"another {what}", 10)
        mag.drain(0.1)
        # RULE: B-MAG-54
        mag.none_of(station.mn, 1.5, f"after another {what}")
        # RULE: B-MAG-54
        check(mag.state(station.mn) != "active", f"it is active by another "
                                                 f"{what}")
        # RULE: B-MAG-54
        mag.is_bound(hnp[0], "nowhere", f"forwarding by another {what}")


@group("options in another order, and those that nobody knows")
def option_order():
    mag = GATEWAY["mag"]
    unknown = [MIP6OptUnknown(otype=201, odata=b"x" * 5),
               MIP6OptUnknown(otype=19, odata=bytes(9))]
    for changes in dict(reverse=True), dict(extra=unknown), dict(
            extra=unknown, reverse=True):
        # RULE: B-MSG-09 B-MSG-10
        mag.registered(new_station(), **changes)


@group("more than was asked for is not taken; less is what counts")
def granted_lifetime():
    mag = GATEWAY["mag"]
    for lifetime, most in ((0xffff, 600000), (10, 40000)):
        station = new_station()
        mag.registered(station, lifetime=lifetime)
        left = mag.mn(station.mn)[0]["lifetime_ms"]
        # RULE: B-MAG-75 B-LMA-98
        check(most - 10000 < left <= most, f"lifetime {left} ms")


@group("a link-local address of the anchor's choice is the router's")
def link_local():
    own, station = GATEWAY["own"], new_station("own")
    station.solicit()
    request = own.pbu(station.mn)
    # RULE: B-MAG-73 B-MAG-27
    equal(request.lla, "::", "link-local address that is asked for")
    own.answer(request, lla="fe80::1234:5678")
    frame, _ = advertised(station)
    # RULE: B-MAG-76
    equal(frame.packet.src, "fe80::1234:5678", "source of advertisements")
    # One that the mobile node has: another, which the anchor is told at once.
    station = new_station("own")
    station.solicit()
    own.answer(own.pbu(station.mn), lla=station.link_local)
    again = own.pbu(station.mn, 5)
    # RULE: B-MAG-58
    check(again.lla not in ("::", station.link_local) and
          again.lla.startswith("fe80::") and again.lifetime,
          f"{describe(again.raw)} after {station.link_local}")
    own.answer(again)
    station.solicit()
    frame, _ = advertised(station)
    # RULE: B-MAG-58
    equal(frame.packet.src, again.lla, "source of advertisements")


def header(kind, rest, proto=59):
    data = bytearray(bytes([proto, 0, kind, 0, 0, 0]) + rest)
    data += bytes(-len(data) % 8)
    data[1] = len(data) // 8 - 1
    data[4:6] = struct.pack("!H", checksum(LMA, MAG1, MH, bytes(data)))
    return ip6(LMA, MAG1, bytes(data), MH)


@group("Mobility Headers that are none, or none for a gateway")
def wrong_messages():
    mag = GATEWAY["mag"]
    mag.send(header(200, bytes(10)))
    packet = mag.expect(is_mh(BE), "a Binding Error")
    # RULE: B-MAG-74
    equal((packet.src, packet.dst, packet.payload[6]), (MAG1, LMA, 2),
          "source, destination and status")
    mag.send(header(BA, bytes(10), proto=UDP))
    packet = mag.expect(lambda p: p.nh == ICMPV6, "a Parameter Problem")
    # RULE: B-MAG-74
    equal(packet.icmp, (4, 0, 40), "type, code and pointer")
    mag.send(header(BA, bytes(2)))
    packet = mag.expect(lambda p: p.nh == ICMPV6, "a Parameter Problem")
    # RULE: B-MAG-74
    equal(packet.icmp, (4, 0, 41), "type, code and pointer")
    # A PBU is no gateway's business, and a Binding Error nobody's.
    mag.send(header(BU, struct.pack("!HHH", 1, A | P, 15)))
    mag.send(header(BE, bytes([2, 0]) + bytes(16)))
    mag.registered(new_station())
