#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What happened, from what the agents logged and what was on the wire.

    timeline.py events DIRECTORY SINCE BEGIN   one line an event after SINCE
    timeline.py result DIRECTORY              the figures and the closing line

DIRECTORY holds the agents' logs (NS.log), captures (lma.pcap: tunnel and
signalling at the anchor; mn.pcap: the mobile node's Neighbour Discovery),
traffic (mn.ping, still.ping, send.json, receive.json), the handovers (moves:
detached, attached, old gateway's and new gateway's address) and the addresses
that the mobile node had (addresses).
"""

import ipaddress
import json
import statistics
import struct
import sys
import time
from calendar import timegm

MOBILITY, IPV6, ICMPV6 = 135, 41, 58
MAX_GAP_MS = 100

SHOWN = ("attached", "left", "registered", "binding-created", "handover",
         "binding-deregistered", "unbound", "refused")


def packets(path):
    """(time, IPv6 packet) of a capture of Ethernet frames."""
    with open(path, "rb") as file:
        data = file.read()
    nano = struct.unpack_from("<I", data)[0] == 0xa1b23c4d
    at = 24
    while at + 16 <= len(data):
        seconds, part, length, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x86\xdd":
            yield seconds + part / (1e9 if nano else 1e6), frame[14:]


def address(octets):
    return str(ipaddress.IPv6Address(bytes(octets)))


def signalling(packet):
    """A PBU or PBA in words, or None."""
    if packet[6] != MOBILITY or len(packet) < 52:
        return None
    source, target = address(packet[8:24]), address(packet[24:40])
    body = packet[40:]
    if body[2] == 5:
        sequence, _, lifetime = struct.unpack_from("!HHH", body, 6)
        return f"PBU {source} -> {target} seq={sequence} lifetime={4 * lifetime}s"
    if body[2] == 6:
        status, _, sequence, lifetime = struct.unpack_from("!BBHH", body, 6)
        return (f"PBA {source} -> {target} seq={sequence} status={status} "
                f"lifetime={4 * lifetime}s")
    return None


def advertisement(packet):
    """A Router Advertisement in words, or None."""
    if packet[6] != ICMPV6 or packet[40] != 134:
        return None
    words = [f"RA {address(packet[8:24])} -> {address(packet[24:40])}"]
    at = 56
    while at + 8 <= len(packet) and packet[at + 1]:
        if packet[at] == 3:
            words.append(f"prefix={address(packet[at + 16:at + 32])}"
                         f"/{packet[at + 2]}")
        at += 8 * packet[at + 1]
    return " ".join(words)


def log_lines(directory, ns):
    with open(f"{directory}/{ns}.log", encoding="utf-8") as log:
        for line in log:
            words = line.split(None, 3)
            if len(words) < 4 or not words[2].startswith("event="):
                continue
            stamp, fraction = words[0].rstrip("Z").split(".")
            when = timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S"))
            yield when + int(fraction) / 1000, words[2][6:], words[3].strip()


def events(directory, since):
    found = []
    for ns in ("lma", "mag1", "mag2"):
        for when, event, rest in log_lines(directory, ns):
            if event in SHOWN and when >= since:
                rest = " ".join(word for word in rest.split()
                                if not word.startswith("role="))
                found.append((when, ns, f"{event} {rest}"))
    for when, packet in packets(f"{directory}/lma.pcap"):
        words = signalling(packet)
        if words and when >= since:
            found.append((when, "wire", words))
    for when, packet in packets(f"{directory}/mn.pcap"):
        words = advertisement(packet)
        if words and when >= since:
            found.append((when, "mn", words))
    return sorted(found)


def show_events(directory, since, begin):
    for when, who, what in events(directory, since):
        print(f"{when - begin:9.3f}s  {who:5s} {what}")


class Pings:
    """One ping's log."""

    def __init__(self, path):
        self.sent = self.lost = 0
        replies = []
        with open(path, encoding="ascii") as log:
            for line in log:
                _, _, received = line.split()
                self.sent += 1
                if received == "-":
                    self.lost += 1
                else:
                    replies.append(float(received))
        replies.sort()
        self.gap_ms = max((1000 * (b - a)
                           for a, b in zip(replies, replies[1:])),
                          default=float("inf"))


def uplink(directory, mn):
    """(time, gateway) of each packet of the mobile node's in a tunnel."""
    wanted = ipaddress.IPv6Address(mn).packed
    for when, packet in packets(f"{directory}/lma.pcap"):
        if packet[6] == IPV6 and packet[48:64] == wanted:
            yield when, address(packet[8:24])


def handover_gaps(directory, mn):
    """Milliseconds from the last packet by the old gateway to the first by the
    new one, less the time that the mobile node was kept detached."""
    path = list(uplink(directory, mn))
    gaps = []
    with open(f"{directory}/moves", encoding="ascii") as moves:
        for line in moves:
            detached, attached, old, new = line.split()
            detached, attached = float(detached), float(attached)
            before = [when for when, mag in path
                      if mag == old and when <= attached]
            after = [when for when, mag in path
                     if mag == new and when >= detached]
            if not before or not after:
                raise SystemExit(f"demo: no packet by {old} before, or by "
                                 f"{new} after the move at {detached:.3f}")
            gap = min(after) - max(before) - (attached - detached)
            gaps.append(max(0.0, 1000 * gap))
    return gaps


def result(directory):
    mn, still = Pings(f"{directory}/mn.ping"), Pings(f"{directory}/still.ping")
    with open(f"{directory}/send.json", encoding="ascii") as file:
        sent = json.load(file)
    with open(f"{directory}/receive.json", encoding="ascii") as file:
        received = json.load(file)
    with open(f"{directory}/addresses", encoding="ascii") as file:
        addresses = file.read().split()
    gaps = handover_gaps(directory, addresses[0])
    median = statistics.median(gaps)

    kept = len(set(addresses)) == 1 and len(addresses) == len(gaps) + 1
    intact = (sent["sha256"] == received["sha256"] and sent["closed"]
              and sent["bytes"] == received["bytes"] > 0
              and received["peer"] == addresses[0])
    print(f"handover gap, less the time detached: median {median:.0f} ms of "
          f"{len(gaps)} ({', '.join(f'{gap:.0f}' for gap in gaps)})")
    print(f"host that does not move: {still.lost} of {still.sent} packets "
          f"lost, longest gap {still.gap_ms:.0f} ms")
    print(f"demo: address {'kept' if kept else 'LOST'}, {mn.lost} of {mn.sent} "
          f"packets lost, longest gap {mn.gap_ms:.0f} ms, TCP "
          f"{received['bytes'] / 1e6:.1f} MB "
          f"{'intact' if intact else 'BROKEN'}")
    if median > MAX_GAP_MS:
        print(f"demo: the handover gap is above {MAX_GAP_MS} ms",
              file=sys.stderr)
    return 0 if kept and intact and median <= MAX_GAP_MS else 1


def main(argv):
    if argv[1] == "events":
        show_events(argv[2], float(argv[3]), float(argv[4]))
        return 0
    return result(argv[2])


sys.exit(main(sys.argv))
