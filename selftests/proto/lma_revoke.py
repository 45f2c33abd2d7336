# SPDX-License-Identifier: GPL-2.0
"""Binding Revocation Indications of an anchor that is not told what handoff it
is (RFC 5846 8.1).
"""
from lma_peer import *

OTHER_LLID = bytes.fromhex("0200000000ff")
MAX_DELAY = 1.5
PROXY = 0x8000
ATTACHED, NO_BINDING = 132, 128


class Indication:
    """A BRI, and that it is what RFC 5846 5.1 and 8.1 say of one."""

    def __init__(self, ask, hnp, packet):
        data = packet.payload
        equal((packet.src, packet.dst), (LMA, ask.src), "addresses of the BRI")
        equal(checksum(packet.src, packet.dst, MH, data), 0,
              "checksum of the BRI")
        equal((data[0], data[2], len(data)),
              (59, REVOCATION, 8 * (data[1] + 1)),
              "payload protocol, type and length of the BRI")
        kind, trigger, self.sequence, flags = struct.unpack("!BBHH",
                                                            data[6:12])
        # RULE: B-LMA-86
        equal((kind, trigger, flags), (1, 4, PROXY),
              "kind, trigger and flags of the BRI")
        check_layout(data)
        options = [(kind, value) for _, kind, value in options_of(data)
                   if kind > 1]
        equal([kind for kind, _ in options], [8] + [22] * len(hnp),
              "options of the BRI")
        equal(options[0][1], b"\1" + ask.mn.encode(), "MN-ID of the BRI")
        equal([f"{text(value[2:])}/{value[1]}" for _, value in options[1:]],
              hnp, "prefixes of the BRI")
        self.raw = data


def acknowledge(lma, indication, status, src=MAG1, step=0):
    data = bytearray(struct.pack("!BBBBHBBHH", 59, 1, REVOCATION, 0, 0, 2,
                                 status, indication.sequence + step & 0xffff,
                                 PROXY) + bytes([1, 2, 0, 0]))
    data[4:6] = struct.pack("!H", checksum(src, LMA, MH, bytes(data)))
    lma.send(ip6(src, LMA, bytes(data), MH))


def comes(lma, old=MAG1, new=MAG2):
    """A session of one gateway, and an update by another that may mean it; both
    asks, the prefixes of the session and when the second was sent."""
    ask, answer = lma.attach(src=old)
    second = ask.again(src=new, hnp=[ANY], llid=OTHER_LLID)
    sent = time.monotonic()
    lma.send(second.packet())
    return ask, second, answer.hnp, sent


def question(lma, ask, hnp, what="a BRI"):
    return Indication(ask, hnp, lma.expect(is_mh(REVOCATION), what))


@group("asked, the old gateway says that it has left: it is taken over at once")
def revoke_left():
    lma = ANCHOR["asking"]
    for status in 0, 1:
        ask, second, hnp, sent = comes(lma)
        acknowledge(lma, question(lma, ask, hnp), status)
        answer = lma.take(second)
        # RULE: B-LMA-86
        equal((answer.status, answer.hnp), (0, hnp), "status and prefixes")
        # RULE: B-LMA-86
        check(time.monotonic() - sent < MAX_DELAY, "it waited all the same")
        session = lma.session(ask.mn)
        equal((session["proxy_coa"], session["hnp"], session["state"]),
              (MAG2, hnp, "active"), "the session")
        lma.is_bound(hnp[0], MAG2, "forwarding")
        lma.still("what is over")


@group("asked, it says that it is still there: a second session at once")
def revoke_attached():
    lma = ANCHOR["asking"]
    ask, second, hnp, sent = comes(lma)
    acknowledge(lma, question(lma, ask, hnp), ATTACHED)
    answer = lma.take(second)
    # RULE: B-LMA-86
    check(answer.status == 0 and not set(answer.hnp) & set(hnp),
          f"status {answer.status}, prefixes {answer.hnp}")
    # RULE: B-LMA-86
    check(time.monotonic() - sent < MAX_DELAY, "it waited all the same")
    equal(len(lma.mn(ask.mn)), 2, "sessions")
    lma.is_bound(hnp[0], MAG1, "forwarding of the first")
    lma.is_bound(answer.hnp[0], MAG2, "forwarding of the second")


@group("not answered, it is asked once more, and the update waits to the end")
def revoke_unanswered():
    lma = ANCHOR["asking"]
    ask, second, hnp, sent = comes(lma)
    first = question(lma, ask, hnp)
    # None of these is an answer.
    acknowledge(lma, first, 0, src=MAG2)
    acknowledge(lma, first, ATTACHED, step=1)
    copy = question(lma, ask, hnp, "a copy of the BRI")
    waited = time.monotonic() - sent
    check(0.45 < waited < MAX_DELAY, f"a copy after {waited:.3f} s")
    # RULE: B-LMA-86
    equal(copy.raw, first.raw, "the copy of the BRI")
    answer = lma.take(second)
    # RULE: B-LMA-86
    check(time.monotonic() - sent >= MAX_DELAY - 0.05, "it did not wait")
    check(answer.status == 0 and not set(answer.hnp) & set(hnp),
          f"status {answer.status}, prefixes {answer.hnp}")
    equal(len(lma.mn(ask.mn)), 2, "sessions")


@group("refused otherwise, the update waits, and nothing is asked again")
def revoke_refused():
    lma = ANCHOR["asking"]
    ask, second, hnp, sent = comes(lma)
    acknowledge(lma, question(lma, ask, hnp), NO_BINDING)
    answer = lma.take(second)
    # RULE: B-LMA-86
    check(time.monotonic() - sent >= MAX_DELAY - 0.05, "it did not wait")
    check(answer.status == 0 and not set(answer.hnp) & set(hnp),
          f"status {answer.status}, prefixes {answer.hnp}")


@group("a gateway that does not know the message is not asked again")
def revoke_unknown():
    lma = ANCHOR["asking"]
    ask, second, hnp, _ = comes(lma, old=MAG2, new=MAG1)
    question(lma, ask, hnp)
    error = bytearray([59, 2, BE, 0, 0, 0, 2, 0]) + bytes(16)
    error[4:6] = struct.pack("!H", checksum(MAG2, LMA, MH, bytes(error)))
    lma.send(ip6(MAG2, LMA, bytes(error), MH))
    equal(lma.take(second).status, 0, "status")
    ask, second, hnp, sent = comes(lma, old=MAG2, new=MAG1)
    # RULE: B-LMA-86
    equal(lma.take(second).status, 0, "status, and no BRI before it")
    check(time.monotonic() - sent >= MAX_DELAY - 0.05, "it did not wait")
    check(lma.log("bri-not-understood"), "nobody is told")


def revoke(src, sequence, trigger=1, flags=PROXY, **what):
    """A BRI as a gateway sends it."""
    return indication_of(src, LMA, sequence, trigger, flags, **what)


def acknowledged(lma, status, src=MAG1, flags=PROXY, **fields):
    """A gateway revokes, and is answered like that."""
    sequence = next_sequence()
    lma.send(revoke(src, sequence, flags=flags, **fields))
    packet = lma.expect(is_mh(REVOCATION), "a BRA")
    data = packet.payload
    # RULE: BRI-04
    equal((packet.src, packet.dst), (LMA, src), "addresses of the BRA")
    equal(checksum(packet.src, packet.dst, MH, data), 0,
          "checksum of the BRA")
    # RULE: BRI-04
    equal(struct.unpack("!BBHH", data[6:12]), (2, status, sequence, flags),
          "kind, status, sequence number and flags of the BRA")
    check_layout(data)


@group("a gateway revokes what it has registered, and nothing else")
def revoke_by_gateway():
    lma, every = ANCHOR["asking"], PROXY | 0x2000
    ask, answer = lma.attach()
    # RULE: BRI-07
    acknowledged(lma, NO_BINDING, src=MAG2, mn=ask.mn)
    # RULE: BRI-07
    acknowledged(lma, NO_BINDING, mn=ask.mn, hnp=["2001:db8:d:ffff::/64"])
    # RULE: BRI-06
    acknowledged(lma, 133, mn=ask.mn, trigger=8)
    # RULE: BRI-06
    acknowledged(lma, 134, mn=ask.mn, trigger=128)
    # RULE: BRI-03
    acknowledged(lma, NO_BINDING, mn=ask.mn, flags=PROXY | 0x4000)
    acknowledged(lma, 131)
    # RULE: BRI-16
    acknowledged(lma, 130, mn="gw1", trigger=128, flags=every)
    # RULE: BRI-16
    acknowledged(lma, 130, mn="@example.com", trigger=129, flags=every)
    # RULE: BRI-16
    acknowledged(lma, 130, trigger=128, flags=every, groups=[0x101])
    # RULE: BULK-50
    acknowledged(lma, NO_BINDING, mn=ask.mn, trigger=128, flags=every,
                 groups=[0x101])
    equal(lma.session(ask.mn)["state"], "active", "state")
    lma.is_bound(answer.hnp[0], MAG1, "forwarding")
    # RULE: BRI-16
    acknowledged(lma, 0, mn=ask.mn, hnp=answer.hnp)
    equal(lma.session(ask.mn)["state"], "deregistered", "state")
    # RULE: BRI-15
    wait_until(lambda: lma.is_bound(answer.hnp[0], None, "forwarding"),
               "it drops")
