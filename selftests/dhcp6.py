# SPDX-License-Identifier: GPL-2.0
"""Messages of DHCPv6 made to measure, on top of signalling.py."""
from signalling import *

AGENTS, AGENTS_LLADDR = "ff02::1:2", "33:33:00:01:00:02"
SOLICIT, REPLY, RELAY_FORW, RELAY_REPL = 1, 7, 12, 13
RELAY_MSG, INTERFACE_ID = 9, 18


def option(kind, data):
    return struct.pack("!HH", kind, len(data)) + data


def message(src, data):
    """What a client sends, as a packet."""
    return udp(src, AGENTS, data, sport=546, dport=547, hops=1)


def solicit(src):
    return message(src, bytes([SOLICIT, 1, 2, 3]) +
                   option(1, b"\0\3\0\1" + bytes(6)))


def unanswered(src):
    """Of a type that servers do not know, and agents relay (RFC 7283)."""
    return message(src, bytes([99, 1, 2, 3]))


def send(ns, mac, *packets):
    """From a station on the link of a namespace."""
    station = Station(ns, "eth0", mac)
    for packet in packets:
        station.send(packet, AGENTS_LLADDR)


def answer(ns, src, agent, link, interface_id, peer):
    """A Relay-reply, from wherever."""
    enter(ns)
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.bind((src, 0))
    sock.sendto(bytes([RELAY_REPL, 0]) + addr(link) + addr(peer) +
                option(INTERFACE_ID, interface_id.encode()) +
                option(RELAY_MSG, bytes([REPLY, 1, 2, 3])), (agent, 547))
