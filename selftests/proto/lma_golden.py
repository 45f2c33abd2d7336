# SPDX-License-Identifier: GPL-2.0
"""Messages that were computed once by hand, octet for octet."""
from lma_peer import *

# PBU: seq 1, A and P, 300 s, mn1@example.com, ::/0, HI 1, ATT 4, LLID, TS
V1 = """3b0a0500e5af00018200004b0810016d6e31406578616d706c652e636f6d010400000000
    16120000000000000000000000000000000000001702000118020004190800000200000000
    011b0800006553f100800001020000"""
# The PBA that it gets: 2001:db8:a:1::/64
V2 = """3b0a0600388c00200001004b0810016d6e31406578616d706c652e636f6d010400000000
    1612004020010db8000a000100000000000000001702000118020004190800000200000000
    011b0800006553f100800001020000"""
# PBA: status 160, seq 2
V3 = """3b0506007191a02000020000080101010300000016120000000000000000000000000000
    000000001702000018020000"""
# Binding Error: status 2
V4 = "3b0207005fe7020000000000000000000000000000000000"


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
