#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The traffic of the demo: pings at a fixed rate, and one long TCP transfer.

    traffic.py ping ADDRESS INTERVAL_MS LOG
    traffic.py send ADDRESS PORT RATE LOG
    traffic.py receive PORT LOG

Each runs until SIGTERM (receive: until the sender ends) and leaves its result
in LOG: ping one line a packet (sequence, sent, received or -), the others one
JSON object.
"""

import hashlib
import json
import random
import select
import signal
import socket
import struct
import sys
import time

ECHO_REQUEST, ECHO_REPLY = 128, 129
BLOCK = 16384
# How long to wait for the last replies.
LINGER_S = 1.0


class Stopped:
    """Becomes true with SIGTERM."""

    def __init__(self):
        self.value = False
        signal.signal(signal.SIGTERM, self.stop)

    def stop(self, *_):
        self.value = True

    def __bool__(self):
        return self.value


def ping(address, interval_ms, log):
    stopped = Stopped()
    sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW,
                         socket.IPPROTO_ICMPV6)
    # ICMP6_FILTER: block all types but the reply.
    filter_ = bytearray(b"\xff" * 32)
    word, bit = divmod(ECHO_REPLY, 32)
    struct.pack_into("=I", filter_, 4 * word, 0xffffffff & ~(1 << bit))
    sock.setsockopt(socket.IPPROTO_ICMPV6, 1, bytes(filter_))
    sock.setblocking(False)
    ident = random.getrandbits(16)
    interval = interval_ms / 1000
    sent, received = [], {}

    def take_replies():
        while True:
            try:
                packet = sock.recv(2048)
            except BlockingIOError:
                return
            now = time.time()
            if len(packet) < 12:
                continue
            kind, _, _, got_ident, _, number = struct.unpack_from(
                "!BBHHHI", packet)
            if kind == ECHO_REPLY and got_ident == ident:
                received.setdefault(number, now)

    due = time.time()
    end = None
    while end is None or (time.time() < end and len(received) < len(sent)):
        now = time.time()
        if end is None and stopped:
            end = now + LINGER_S
        if end is None and now >= due:
            number = len(sent)
            sent.append(now)
            try:
                sock.sendto(struct.pack("!BBHHHI", ECHO_REQUEST, 0, 0, ident,
                                        number & 0xffff, number)
                            + bytes(44), (address, 0))
            except OSError:
                pass  # no carrier, no route: this one is lost
            # What was missed is not made up for: no bursts.
            due += interval
            if due < now:
                due = now + interval
        wait = due - time.time() if end is None else 0.01
        select.select([sock], [], [], max(0, wait))
        take_replies()
    with open(log, "w", encoding="ascii") as out:
        for number, when in enumerate(sent):
            got = received.get(number)
            out.write(f"{number} {when:.6f} "
                      f"{'-' if got is None else format(got, '.6f')}\n")


def send(address, port, rate, log):
    stopped = Stopped()
    generator = random.Random(5213)
    digest, total = hashlib.sha256(), 0
    sock = socket.create_connection((address, port), timeout=60)
    begin = time.time()
    while not stopped:
        block = generator.randbytes(BLOCK)
        sock.sendall(block)
        digest.update(block)
        total += len(block)
        ahead = begin + total / rate - time.time()
        if ahead > 0:
            time.sleep(ahead)
        elif ahead < -1:
            begin -= ahead  # a gap is not made up for by a burst
    sock.shutdown(socket.SHUT_WR)
    # The other end closes when it has everything.
    rest = sock.recv(1)
    with open(log, "w", encoding="ascii") as out:
        json.dump({"bytes": total, "sha256": digest.hexdigest(),
                   "closed": rest == b""}, out)


def receive(port, log):
    digest, total = hashlib.sha256(), 0
    server = socket.create_server(("::", port), family=socket.AF_INET6)
    sock, peer = server.accept()
    while True:
        block = sock.recv(65536)
        if not block:
            break
        digest.update(block)
        total += len(block)
    with open(log, "w", encoding="ascii") as out:
        json.dump({"bytes": total, "sha256": digest.hexdigest(),
                   "peer": peer[0]}, out)
    sock.close()


def main(argv):
    if argv[1] == "ping":
        ping(argv[2], float(argv[3]), argv[4])
    elif argv[1] == "send":
        send(argv[2], int(argv[3]), float(argv[4]), argv[5])
    elif argv[1] == "receive":
        receive(int(argv[2]), argv[3])
    else:
        sys.exit(__doc__)


main(sys.argv)
