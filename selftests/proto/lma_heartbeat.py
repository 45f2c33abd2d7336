# SPDX-License-Identifier: GPL-2.0
"""Heartbeats that an anchor is sent (RFC 5847)."""
from lma_peer import *
from vectors import V5, V6


def heartbeat(lma, octets_or_packet, want, what, src=MAG1):
    """What is answered, as scapy reads it."""
    lma.send(octets_or_packet)
    packet = lma.expect(is_mh(HEARTBEAT), what)
    # RULE: HB-01
    equal((packet.src, packet.dst), (LMA, src), f"{what}: source, destination")
    equal(checksum(packet.src, packet.dst, MH, packet.payload), 0,
          f"{what}: checksum")
    check_layout(packet.payload)
    answer = IPv6(packet.octets)[PMIP6MH_Heartbeat]
    # RULE: HB-01 HB-11
    equal((answer.seq, answer.response, answer.unsolicited, answer.reserved),
          (want, 1, 0, 0), f"{what}: sequence number, R, U, reserved bits")
    counters = [o for o in answer.options
                if isinstance(o, PMIP6OptRestartCounter)]
    # RULE: HB-07
    equal([o.counter for o in counters], [lma.stat("restart-counter")],
          f"{what}: Restart Counter")
    return packet


@group("a Heartbeat is answered, with and without bindings, whatever is in it")
def heartbeats():
    lma = ANCHOR["lma"]
    for src in MAG1, MAG2:
        for seq, changes in ((0, {}), (0xffffffff, {}),
                             (77, {"reserved": 0x3fff}),
                             (78, {"options": [
                                 MIP6OptUnknown(otype=222, odata=b"abcde"),
                                 PMIP6OptRestartCounter(counter=9)]})):
            asked = (IPv6(src=src, dst=LMA, hlim=64) /
                     PMIP6MH_Heartbeat(seq=seq, **changes))
            heartbeat(lma, asked, seq, f"Heartbeat {seq} {changes}", src)
    lma.attach()
    # RULE: HB-01
    heartbeat(lma, IPv6(src=MAG1, dst=LMA) / PMIP6MH_Heartbeat(seq=5), 5,
              "Heartbeat with a binding")


@group("responses and announcements are answered by nothing")
def responses():
    lma = ANCHOR["lma"]
    for fields in dict(response=1), dict(response=1, unsolicited=1):
        lma.send(IPv6(src=MAG1, dst=LMA) / PMIP6MH_Heartbeat(
            seq=99, options=[PMIP6OptRestartCounter(counter=1)], **fields))
        # RULE: HB-09
        lma.still(f"a Heartbeat with {fields}")


@group("octet for octet the golden Heartbeat, but for the counter")
def golden_heartbeat():
    lma = ANCHOR["golden"]
    packet = heartbeat(lma, ip6(MAG1, LMA, bytes.fromhex(V5), MH), 5,
                       "the golden Heartbeat")
    want, got = bytearray(bytes.fromhex(V6)), bytearray(packet.payload)
    for message in want, got:
        # The checksum, and the counter, which the vector has as 3.
        message[4:6], message[16:20] = bytes(2), bytes(4)
    # RULE: HB-01 HB-07
    equal(got.hex(), want.hex(), "the response")
