# SPDX-License-Identifier: GPL-2.0
"""Prefixes that a gateway routes and does not advertise, so that flows to them
can come by it (RFC 7864 3.2.2, 3.3, 4)."""
from mag_peer import *

UPN, UPA = 19, 20
REREGISTER, FLOW_MOBILITY = 1, 8
FAILED, NOT_ATTACHED = 131, 132
L = 0x80
CN = "2001:db8:ff::1"

_sequence = 0x100


def notification(mn, reason, options=()):
    """A UPN as an anchor sends it, which asks for an answer."""
    global _sequence
    _sequence += 1
    data = bytearray(struct.pack("!BBBBHHHH", 59, 0, UPN, 0, 0, _sequence,
                                 reason, 0x8000))
    data += bytes([8, 1 + len(mn), 1]) + mn.encode()
    for flags, hnp in options:
        prefix, length = hnp.split("/")
        gap = (4 - len(data)) % 8
        data += b"\0" * gap if gap < 2 else bytes([1, gap - 2]) + bytes(gap - 2)
        data += bytes([22, 18, flags, int(length)]) + addr(prefix)
    gap = -len(data) % 8
    data += b"\0" * gap if gap < 2 else bytes([1, gap - 2]) + bytes(gap - 2)
    data[1] = len(data) // 8 - 1
    data[4:6] = struct.pack("!H", checksum(LMA, MAG1, MH, bytes(data)))
    return ip6(LMA, MAG1, bytes(data), MH)


def answered(mag, status, mn, reason, options=()):
    mag.send(notification(mn, reason, options))
    packet = mag.expect(is_mh(UPA), "a UPA")
    data = packet.payload
    equal((packet.src, packet.dst), (MAG1, LMA), "addresses of the UPA")
    equal(checksum(packet.src, packet.dst, MH, data), 0, "checksum of the UPA")
    equal(struct.unpack("!HB", data[6:9]), (_sequence, status),
          "sequence number and status of the UPA")
    check_layout(data)
    return [f"{text(value[2:])}/{value[1]}"
            for _, kind, value in options_of(data) if kind == 22]


def comes(mag, station, address):
    """What the anchor sends for an address comes to the mobile node."""
    data = b"to " + address.encode()
    mag.send(ip6(LMA, MAG1, udp(CN, address, data), 41))
    for frame in station.frames(10):
        packet = frame.packet
        if data in packet.payload:
            return
        if packet.nh == ICMPV6 and packet.payload[:1] == b"\x87":
            rest = bytes([0x60, 0, 0, 0]) + addr(address) + b"\2\1" + bytes(
                int(octet, 16) for octet in station.mac.split(":"))
            station.send(icmp(address, packet.src, 136, 0, rest, hops=255))
    raise AssertionError(f"nothing comes for {address}")


def goes(mag, station, address):
    """What it sends from an address goes to the anchor."""
    data = b"from " + address.encode()
    station.send(udp(address, CN, data))
    outer = mag.forwarded(lambda p: p.nh == 41 and data in p.payload,
                          f"what is sent from {address}")
    equal((outer.src, outer.dst), (MAG1, LMA), "its tunnel")


def is_routed(mag, station, hnp, what):
    address = hnp.replace("::/64", f"::{station.number:x}")
    # RULE: MH-42
    mag.is_bound(hnp, LMA, f"binding of {what}")
    # RULE: MH-42
    comes(mag, station, address)
    # RULE: MH-42
    goes(mag, station, address)


def is_advertised(mag, station, hnp, off_link, what):
    # What was sent before is not what is sent now.
    for _ in station.frames(0.3):
        pass
    station.solicit()
    # RULE: MH-42
    equal(list(advertised(station)[1]), hnp, what)
    # Who solicits may have been away: it is registered again.
    renewed(mag, station, hnp, off_link)


def renewed(mag, station, hnp, off_link):
    request = mag.pbu(station.mn)
    # That one is off the link is no news to an anchor.
    equal([(o.reserved, f"{o.prefix}/{o.plen}")
           for o in request.all(PMIP6OptHNP)], [(0, one) for one in hnp + off_link],
          "prefixes of a renewal")
    before = mag.stat("pba-accepted")
    mag.answer(request, hnp=hnp, extra=[prefix_option(one, L) for one in off_link])
    wait_until(lambda: equal(mag.stat("pba-accepted"), before + 1, "PBAs"),
               "it is accepted")
    # Copies that were sent while the answer was on its way.
    mag.drain()


@group("prefixes that are off the link are routed, and not advertised")
def off_link():
    mag, station = GATEWAY["mag"], new_station()
    home, moved, third = (f"2001:db8:a:e{n}0{station.number % 16:x}::/64"
                          for n in (1, 2, 3))
    station.solicit()
    request = mag.pbu(station.mn)
    mag.answer(request, hnp=[home], extra=[prefix_option(moved, L)])
    mag.becomes(station.mn, "active")
    # RULE: MH-42
    equal(list(advertised(station)[1]), [home], "the first advertisement")
    is_advertised(mag, station, [home], [moved],
                  "the advertisement that it asks for")
    for hnp in home, moved:
        is_routed(mag, station, hnp, "what it was granted")
    shown = mag.mn(station.mn)[0]
    equal((shown["hnp"], shown["off_link"]), ([home], [moved]), "mn show")
    said = run(mag.agent, os.environ["pmipctl"], "-S",
               f"{os.environ['work']}/{mag.agent}.sock", "mn", "show", station.mn)
    check(f" hnp {home} off-link {moved} " in said, f"mn show: {said}")

    # By a notification: in the place of those before.
    named = [(L, third)]
    # RULE: MH-42
    equal(answered(mag, 0, station.mn, FLOW_MOBILITY, named), [third],
          "prefixes of the UPA")
    is_advertised(mag, station, [home], [third], "what is advertised then")
    for hnp in home, third:
        is_routed(mag, station, hnp, "what was notified")
    check(moved not in mag.bindings(), "what is not named any more")
    equal(answered(mag, FAILED, station.mn, FLOW_MOBILITY), [],
          "prefixes of the UPA to a notification without any")
    equal(answered(mag, NOT_ATTACHED, "s99@example.com", FLOW_MOBILITY, named),
          [], "prefixes of the UPA for one that is not there")

    # A renewal that is asked for names all of them as well.
    equal(answered(mag, 0, station.mn, REREGISTER), [], "prefixes of the UPA")
    request = mag.pbu(station.mn)
    equal([(o.reserved, f"{o.prefix}/{o.plen}")
           for o in request.all(PMIP6OptHNP)], [(0, home), (0, third)],
          "prefixes of a renewal")
    mag.answer(request, hnp=[], extra=[prefix_option(home), prefix_option(third, L)])
    wait_until(lambda: check(mag.mn(station.mn)[0]["off_link"] == [third], "off the link"),
               "it is as before")
    is_routed(mag, station, third, "what was renewed")
