# SPDX-License-Identifier: GPL-2.0
"""What an anchor makes of options, and what it puts into its own."""
from lma_peer import *


@group("prefixes: one from the pool, all of the profile, those asked for")
def prefixes_granted():
    lma = ANCHOR["lma"]
    own = os.environ["TWO_HNPS"].split()
    asks = [lma.attach() for _ in range(5)]
    granted = [hnp for _, answer in asks for hnp in answer.hnp]
    # RULE: B-LMA-24 B-LMA-23 B-LMA-71
    equal(len(set(granted)), 5, f"different prefixes among {granted}")
    # RULE: B-LMA-77 B-LMA-73
    _, answer = lma.attach("two@example.com")
    equal(sorted(answer.hnp), sorted(own), "prefixes of the profile")
    for hnp in own:
        # RULE: B-LMA-80
        lma.is_bound(hnp, MAG1, "forwarding of each of them")
    # All zero with any length, and in company (B-LMA-79).
    # RULE: B-LMA-23
    lma.ok(new_mn(), hnp=["::/64"])
    # RULE: B-LMA-79
    answer = lma.ok("own@example.com", hnp=[ANY, os.environ["OWN_HNP"]])
    equal(answer.hnp, [os.environ["OWN_HNP"]], "prefix beside ::")
    # RULE: B-LMA-26
    answer = lma.ok("third@example.com", hnp=[os.environ["THIRD_HNP"]])
    equal(answer.hnp, [os.environ["THIRD_HNP"]], "prefix that was named")


@group("the link-local address: whose it is, and who makes it")
def link_local():
    lma = ANCHOR["lma"]
    ask, answer = lma.attach(lla="::")
    made = answer.lla
    # RULE: B-LMA-41
    check(made.startswith("fe80::") and made != "fe80::",
          f"address that the anchor made: {made}")
    # RULE: B-LMA-41
    equal(lma.ok(ask.again(hnp=answer.hnp, hi=5)).lla, made,
          "address of a session, asked for again")
    # RULE: B-LMA-41
    equal(lma.ok(ask.again(hnp=answer.hnp, hi=5, lla="fe80::5")).lla,
          "fe80::5", "address that the gateway chose")
    # RULE: B-LMA-41 B-LMA-04 B-LMA-27
    equal(lma.ok(ask.again(hnp=answer.hnp, src=MAG2)).lla, "fe80::5",
          "address of a session, asked for by another gateway")
    # RULE: B-LMA-41
    equal(lma.ok(ask.again(hnp=answer.hnp, src=MAG2, lla=None)).lla, None,
          "address that nobody asked for")
    other, other_answer = lma.attach(lla="fe80::77")
    # RULE: B-LMA-41 B-LMA-27
    equal(other_answer.lla, "fe80::77", "address of a new session")
    # RULE: B-LMA-41
    equal(lma.ok(other.again(hnp=other_answer.hnp, lla="::", hi=5)).lla,
          "fe80::77", "address that was kept")
    for lla in "::", "fe80::99":
        # RULE: B-LMA-41
        equal(lma.status(153, "nobody@example.com", lla=lla).lla, lla,
              "address of a refusal")
    third, third_answer = lma.attach(lla="::")
    # RULE: B-LMA-41
    check(third_answer.lla != made, f"two sessions with {made}")


@group("HI, ATT and LLID are echoed, whatever they are")
def echoes():
    lma = ANCHOR["lma"]
    for hi in (1, 2, 3, 4, 5, 6, 0, 200):
        # RULE: B-LMA-43 B-LMA-83
        lma.ok(new_mn(), hi=hi)
    for att in (1, 5, 13, 200, 0):
        # RULE: B-LMA-43 B-LMA-08
        lma.ok(new_mn(), att=att)
    for llid in (None, b"", bytes(6), bytes.fromhex("0200000000aabbcc"),
                 b"\1", bytes(range(16))):
        # RULE: B-LMA-43 B-LMA-08
        lma.ok(new_mn(), llid=llid)


@group("reserved octets and flags are not looked at")
def reserved():
    lma = ANCHOR["lma"]
    mn = new_mn()
    ask = Ask(mn)
    ask.options = [
        MIP6OptMNID(subtype=1, id=mn.encode()),
        PMIP6OptHNP(prefix="::", plen=0, reserved=0xff),
        PMIP6OptHI(hi=4, reserved=0xff), PMIP6OptATT(att=4, reserved=0xff),
        PMIP6OptLLID(id=LLID, reserved=0xffff),
        PMIP6OptTimestamp(stamp=ask.stamp)]
    # RULE: B-MSG-03 B-MSG-11
    lma.ok(ask)
    # Reserved octet of the Mobility Header.
    ask = Ask(new_mn())
    packet = ask.packet()
    packet[MIP6MH_BU].res = 0xff
    lma.send(packet)
    equal(lma.take(ask).status, 0, "status with the reserved octet set")
    for flag in (0x4000, 0x2000, 0x1000, 0x0800, 0x0100, 0x0080, 0x0010,
                 0x0008, 0x0004, 0x0002, 0x0001):
        lma.ok(new_mn(), flags=A | P | flag)


@group("A is not needed for an answer, P is for one as an anchor's")
def flags():
    lma = ANCHOR["lma"]
    # RULE: B-LMA-98
    lma.ok(new_mn(), flags=P)
    mn = new_mn()
    # RULE: B-MSG-01 B-LMA-02
    lma.send(Ask(mn, flags=A).packet())
    lma.still("a Binding Update of a mobile node's own")
    # RULE: B-MSG-01 B-MSG-02
    equal(lma.mn(mn), [], "sessions by a Binding Update without P")


def shuffled(ask, order):
    found = ask.option_list()
    ask.options = [found[at] for at in order]
    return ask


@group("options in any order, with unknown ones and padding in between")
def order_of_options():
    lma = ANCHOR["lma"]
    for order in ((5, 4, 3, 2, 1, 0), (1, 0, 3, 2, 5, 4), (2, 4, 0, 5, 3, 1)):
        # RULE: B-MSG-09 B-LMA-37
        lma.ok(shuffled(Ask(new_mn()), order))
    unknown = [MIP6OptUnknown(otype=kind, odata=bytes(length))
               for kind, length in ((200, 0), (254, 1), (99, 40), (70, 253))]
    # RULE: B-MSG-10 B-LMA-12
    lma.ok(new_mn(), extra=unknown)
    mn = new_mn()
    ask = Ask(mn)
    ask.options = unknown + ask.option_list() + unknown
    # RULE: B-MSG-10
    lma.ok(ask)
    vendor = [MIP6OptUnknown(otype=19, odata=bytes([0, 0, 0, kind, 1, 2, 3]))
              for kind in range(5)]
    # RULE: B-MSG-09
    lma.ok(new_mn(), extra=vendor)
    ask = Ask(new_mn())
    ask.options = [one for option in ask.option_list() for one in
                   (MIP6OptUnknown(otype=1, odata=b"\xff\xff\xff"), option)]
    lma.ok(ask)


# A Mobility Header's own octets, so that its options may be wrong.
def by_hand(ask, options, cut=0):
    data = bytes([59, 0, BU, 0, 0, 0]) + struct.pack(
        "!HHH", ask.seq, ask.flags, ask.lifetime) + options
    data += bytes(-len(data) % 8)
    data = bytearray(data)
    data[1] = len(data) // 8 - 1 - cut
    data[4:6] = struct.pack("!H", checksum(ask.src, ask.dst, MH, bytes(data)))
    return ip6(ask.src, ask.dst, bytes(data), MH)


@group("padding octet by octet and no alignment are read as they are")
def unaligned():
    lma = ANCHOR["lma"]
    for pad in range(8):
        ask = Ask(new_mn())
        raw = b"".join(bytes(option) for option in ask.option_list())
        lma.send(by_hand(ask, bytes(pad) + raw))
        equal(lma.take(ask).status, 0, f"status after {pad} octets of padding")


@group("an option that stands twice, is too long or of a wrong length: nothing")
def broken_options():
    lma = ANCHOR["lma"]
    mn = new_mn()

    def nothing(what, counter, octets):
        before = lma.stat(counter)
        lma.send(octets)
        # RULE: B-LMA-12
        lma.still(what)
        equal(lma.stat(counter), before + 1, f"{counter} after {what}")
        # RULE: B-LMA-12
        equal(lma.mn(mn), [], f"sessions after {what}")

    for option in Ask(mn, lla="::").option_list():
        if option.otype == 22:
            continue
        # RULE: B-MSG-09
        nothing(f"two of option {option.otype}", "option-repeated",
                bytes(Ask(mn, lla="::", extra=[option]).packet()))
    ask = Ask(mn)
    raw = b"".join(bytes(option) for option in ask.option_list())
    nothing("an option that ends later than the message", "option-truncated",
            by_hand(ask, raw + b"\xc8\xff"))
    for kind, length in ((22, 17), (22, 19), (23, 1), (23, 3), (24, 0),
                         (24, 3), (26, 15), (26, 17), (27, 7), (27, 9),
                         (8, 0), (25, 1)):
        others = b"".join(bytes(option) for option in ask.option_list()
                          if option.otype != kind)
        # RULE: B-MSG-03 B-MSG-04 B-MSG-05 B-MSG-11
        nothing(f"option {kind} of {length} octets", "option-length",
                by_hand(ask, others + bytes([kind, length]) + bytes(length)))
