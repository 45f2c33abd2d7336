# SPDX-License-Identifier: GPL-2.0
"""Messages that were computed once by hand, octet for octet."""
from lma_peer import *
from vectors import *

def golden(lma, octets, want, what):
    lma.send(octets)
    packet = lma.expect(lambda p: p.nh == MH, what)
    equal(packet.payload.hex(), bytes.fromhex(want).hex(), what)


@group("golden vectors, octet for octet")
def vectors():
    lma = ANCHOR["golden"]
    # RULE: B-LMA-37 B-LMA-40 B-LMA-43 B-LMA-51 B-MSG-03 B-MSG-05 B-MSG-11
    golden(lma, ip6(MAG1, LMA, bytes.fromhex(V1), MH), V2, "a PBA")
    data = bytes([59, 1, BU, 0, 0, 0]) + struct.pack("!HHH", 2, A | P, 75)
    data += bytes([1, 2, 0, 0])
    data = data[:4] + struct.pack("!H", checksum(MAG1, LMA, MH, data)) + data[6:]
    # RULE: B-LMA-13 B-LMA-42 B-LMA-40
    golden(lma, ip6(MAG1, LMA, data, MH), V3, "a PBA without an MN-ID")
    data = bytes([59, 0, 200, 0, 0, 0, 0, 0])
    data = data[:4] + struct.pack("!H", checksum(MAG1, LMA, MH, data)) + data[6:]
    # RULE: B-LMA-12
    golden(lma, ip6(MAG1, LMA, data, MH), V4, "a Binding Error")
