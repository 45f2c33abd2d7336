# SPDX-License-Identifier: GPL-2.0
"""Mobility Headers that are none, or none for an anchor (RFC 6275 9.2)."""
from lma_peer import *

PARAMETER_PROBLEM = 4


def header(kind, rest=bytes(10), proto=59, units=None, cksum=None, src=MAG1):
    """An IPv6 packet with a Mobility Header, wrong as it may be."""
    data = bytearray(bytes([proto, 0, kind, 0, 0, 0]) + rest)
    data += bytes(-len(data) % 8)
    data[1] = len(data) // 8 - 1 if units is None else units
    found = checksum(src, LMA, MH, bytes(data)) if cksum is None else cksum
    data[4:6] = struct.pack("!H", found)
    return ip6(src, LMA, bytes(data), MH)


@group("a type that nobody knows is answered by a Binding Error")
def unknown_types():
    lma = ANCHOR["lma"]
    for kind in (8, 14, 100, 200, 255):
        lma.send(header(kind))
        packet = lma.expect(is_mh(BE), f"Binding Error for type {kind}")
        error = IPv6(packet.octets)[MIP6MH_BE]
        # RULE: B-LMA-12
        equal((packet.src, packet.dst, error.status, error.ha,
               len(packet.payload)), (LMA, MAG1, 2, "::", 24),
              "source, destination, status, home address and length")
        equal(checksum(packet.src, packet.dst, MH, packet.payload), 0,
              "checksum of the Binding Error")
    # Of strangers too: they learn what they may not send.
    lma.send(header(200, src=MAG3))
    equal(lma.expect(is_mh(BE), "Binding Error for a stranger").dst, MAG3,
          "destination")


@group("Binding Errors and acknowledgements are answered by nothing")
def no_answer():
    lma = ANCHOR["lma"]
    # RULE: B-LMA-12
    lma.send(header(BE, bytes([2, 0]) + bytes(16)))
    lma.still("a Binding Error 2")
    lma.send(header(BE, bytes([1, 0]) + addr(MAG1)))
    lma.still("a Binding Error 1")
    lma.send(header(BA, bytes([0, 0x20, 0, 1, 0, 15])))
    lma.still("an acknowledgement")


def problem(lma, octets, pointer, what):
    lma.send(octets)
    packet = lma.expect(lambda p: p.nh == ICMPV6, f"what is said of {what}")
    # RULE: B-LMA-12
    equal((packet.icmp, packet.src, packet.dst),
          ((PARAMETER_PROBLEM, 0, pointer), LMA, MAG1),
          f"type, code and pointer, source and destination for {what}")
    equal(packet.payload[8:48], octets[:40], f"what is quoted of {what}")


@group("a payload, or too little of a header: Parameter Problem")
def parameter_problems():
    lma = ANCHOR["lma"]
    ask = Ask(new_mn())
    data = bytearray(bytes(ask.packet())[40:])
    data[0] = UDP
    data[4:6] = bytes(2)
    data[4:6] = struct.pack("!H", checksum(MAG1, LMA, MH, bytes(data)))
    # RULE: B-LMA-12
    problem(lma, ip6(MAG1, LMA, bytes(data), MH), 40, "a payload protocol")
    problem(lma, header(BU, bytes(2)), 41, "a Header Len of 0")
    equal(lma.mn(ask.mn), [], "sessions")


@group("a wrong checksum, or less than Header Len says: nothing")
def checksums():
    lma = ANCHOR["lma"]
    ask = Ask(new_mn())
    good = bytes(ask.packet())
    before = lma.stat("checksum")
    for at in (44, 45, 46, 50, len(good) - 1):
        bad = bytearray(good)
        bad[at] ^= 0x10
        lma.send(bytes(bad))
    # Not over the octets that follow.
    lma.send(ip6(MAG1, LMA, good[40:] + b"12345678", MH))
    # RULE: B-LMA-12
    lma.still("a wrong checksum")
    # RULE: B-LMA-12
    equal(lma.stat("checksum"), before + 6, "wrong checksums")
    cut = bytearray(good[40:-8])
    cut[4:6] = bytes(2)
    cut[4:6] = struct.pack("!H", checksum(MAG1, LMA, MH, bytes(cut)))
    lma.send(ip6(MAG1, LMA, bytes(cut), MH))
    # RULE: B-LMA-12
    lma.still("less than Header Len says")
    equal(lma.mn(ask.mn), [], "sessions")


@group("what follows the Mobility Header is not read")
def trailing():
    lma = ANCHOR["lma"]
    ask = Ask(new_mn())
    data = bytearray(bytes(ask.packet())[40:] + bytes(PMIP6OptHI(hi=1)) * 2)
    data[4:6] = bytes(2)
    data[4:6] = struct.pack("!H", checksum(MAG1, LMA, MH, bytes(data)))
    lma.send(ip6(MAG1, LMA, bytes(data), MH))
    equal(lma.take(ask).status, 0, "status")


@group("a flood of what is wrong is not answered by a flood")
def limited():
    lma = ANCHOR["lma"]
    for _ in range(400):
        lma.link.send(header(200))
    lma.link.send(bytes(Ask("nobody@example.com").packet()))
    errors = 0
    for packet in lma.link.packets(20):
        if is_mh(BE)(packet):
            errors += 1
        elif is_mh(BA)(packet):
            break
    else:
        raise AssertionError("no PBA after the flood")
    # RULE: B-LMA-12
    check(1 <= errors < 200, f"{errors} Binding Errors for 400 messages")
