# SPDX-License-Identifier: GPL-2.0
"""A gateway made of scapy: what it asks an anchor for, and what every answer
has to be, whatever was asked.
"""
from tester import *

MAG3 = os.environ["STRANGER"]
WIFI, ETHERNET = 4, 3
UNITS = 15
LLID = bytes.fromhex("020000000001")

_sequence = 1000
_mns = 0


def next_sequence(step=1):
    global _sequence
    _sequence = (_sequence + step) & 0xffff
    return _sequence


def new_mn():
    """A mobile node that has a profile and no session."""
    global _mns
    _mns += 1
    return f"m{_mns}@example.com"


class Ask:
    """A PBU. What is None is left out; ts is in seconds from now, stamp is
    what stands in the option."""

    def __init__(self, mn, **changes):
        self.src, self.dst, self.mn = MAG1, LMA, mn
        self.hnp, self.hi, self.att, self.llid = [ANY], 4, WIFI, LLID
        self.lla, self.ts, self.stamp = None, 0, None
        self.lifetime, self.flags, self.seq = UNITS, A | P, None
        self.acoa, self.extra, self.options = None, [], None
        for name, value in changes.items():
            check(hasattr(self, name), f"no field {name}")
            setattr(self, name, value)
        if self.seq is None:
            self.seq = next_sequence()
        if self.stamp is None and self.ts is not None:
            self.stamp = int((time.time() + self.ts) * TS_UNIT)

    def again(self, **changes):
        """The same one, newer, and otherwise as said."""
        same = {name: getattr(self, name) for name in
                "src dst hnp hi att llid lla lifetime flags acoa".split()}
        if self.stamp is None:
            same["ts"] = None
        return Ask(self.mn, **{**same, **changes})

    def option_list(self):
        if self.options is not None:
            return self.options
        found = []
        if self.mn is not None:
            subtype, ident = self.mn if isinstance(self.mn, tuple) else (
                1, self.mn.encode())
            found.append(MIP6OptMNID(subtype=subtype, id=ident))
        for hnp in self.hnp or []:
            found.append(prefix_option(hnp))
        if self.hi is not None:
            found.append(PMIP6OptHI(hi=self.hi))
        if self.att is not None:
            found.append(PMIP6OptATT(att=self.att))
        if self.acoa:
            found.append(MIP6OptAltCoA(acoa=self.acoa))
        if self.llid is not None:
            found.append(PMIP6OptLLID(id=self.llid))
        if self.lla is not None:
            found.append(PMIP6OptLLA(lla=self.lla))
        if self.stamp is not None:
            found.append(PMIP6OptTimestamp(stamp=self.stamp))
        return found + list(self.extra)

    def packet(self):
        return (IPv6(src=self.src, dst=self.dst, hlim=64) /
                MIP6MH_BU(seq=self.seq, flags=self.flags >> 9,
                          reserved=self.flags & 0x1ff, mhtime=self.lifetime,
                          res=0, options=self.option_list()))


class Answer:
    """A PBA, and that it is what RFC 5213 5.3.6 says of one."""

    def __init__(self, ask, packet):
        self.ask = ask
        data = packet.payload
        # RULE: B-LMA-38 B-LMA-37
        equal(packet.src, ask.dst, "source of the PBA")
        # RULE: B-LMA-39 B-LMA-37
        equal(packet.dst, ask.src, "destination of the PBA")
        # RULE: B-LMA-82 B-SEC-13
        equal(packet.nh, MH, "next header of the PBA: no routing header, no "
                             "home address")
        equal(checksum(packet.src, packet.dst, MH, data), 0,
              "checksum of the PBA")
        equal((data[0], data[2], len(data)), (59, BA, 8 * (data[1] + 1)),
              "payload protocol, type and length of the PBA")
        self.raw = packet.octets
        self.ba = IPv6(packet.octets)[MIP6MH_BA]
        self.status, self.lifetime = self.ba.status, self.ba.mhtime
        self.sequence = self.ba.seq
        check_layout(data)
        self.groups = [o.number for o in self.all(PMIP6OptGroup)]
        # RULE: B-MSG-02 B-LMA-37 BULK-04 BULK-05 BULK-49
        equal(data[7], 0x28 if self.bulk() else 0x20,
              "flags of the PBA: P, and B if it is granted")
        self.hnp = [f"{o.prefix}/{o.plen}" for o in self.all(PMIP6OptHNP)]
        self.check_echoes()

    def bulk(self):
        """Whether it has to have the B flag: with a group, if it was asked."""
        # RULE: BULK-04 BULK-05
        check(not self.groups or self.ask.flags & B, "a group unasked for")
        return bool(self.groups)

    def all(self, kind):
        return [o for o in self.ba.options if isinstance(o, kind)]

    def one(self, kind):
        found = self.all(kind)
        check(len(found) < 2, f"more than one {kind.__name__}")
        return found[0] if found else None

    @property
    def accepted(self):
        # RULE: B-MSG-06
        return self.status < 128

    @property
    def lla(self):
        option = self.one(PMIP6OptLLA)
        return option and option.lla

    @property
    def stamp(self):
        option = self.one(PMIP6OptTimestamp)
        return option and option.stamp

    def check_echoes(self):
        ask = self.ask
        if self.status != 135:
            # RULE: B-LMA-50 B-LMA-98
            equal(self.sequence, ask.seq, "sequence number of the PBA")
        mn = self.one(MIP6OptMNID)
        # RULE: B-LMA-37 B-LMA-42
        check(mn, "no MN-ID in the PBA")
        subtype, ident = ask.mn if isinstance(ask.mn, tuple) else (
            1, (ask.mn or "").encode())
        # RULE: B-LMA-42 B-LMA-13
        equal((mn.subtype, mn.id), (subtype, ident), "MN-ID of the PBA")
        hi, att = self.one(PMIP6OptHI), self.one(PMIP6OptATT)
        # RULE: B-LMA-43 B-LMA-37
        check(hi and att, "no HI or no ATT in the PBA")
        # RULE: B-LMA-43
        equal((hi.hi, att.att), (ask.hi or 0, ask.att or 0),
              "HI and ATT of the PBA")
        llid = self.one(PMIP6OptLLID)
        # RULE: B-LMA-43
        equal(llid and llid.id, ask.llid, "LLID of the PBA")
        # RULE: B-LMA-41
        equal(self.lla is None, ask.lla is None, "LLA is missing in the PBA")
        self.check_prefixes()
        self.check_timestamp()
        self.check_lifetime()

    def check_prefixes(self):
        if self.accepted:
            # RULE: B-LMA-40 B-LMA-23
            check(self.hnp and ANY not in self.hnp,
                  f"an accepting PBA with prefixes {self.hnp}")
        else:
            # RULE: B-LMA-40
            equal(self.hnp, self.ask.hnp or [ANY], "HNPs of a refusal")

    def check_timestamp(self):
        if self.ask.stamp is None:
            # RULE: B-LMA-53
            equal(self.stamp, None, "timestamp, of which there was none")
        elif self.status in (156, 157):
            # RULE: B-LMA-52 B-LMA-87
            check(self.stamp is not None and
                  abs(self.stamp / TS_UNIT - time.time()) < 10,
                  f"timestamp of status {self.status} is {self.stamp}, and "
                  f"not what the anchor's clock says")
        else:
            # RULE: B-LMA-47 B-LMA-51
            equal(self.stamp, self.ask.stamp, "timestamp of the PBA")

    def check_lifetime(self):
        if not self.accepted or not self.ask.lifetime:
            # RULE: B-LMA-98
            equal(self.lifetime, 0, "lifetime of a refusal or of the end")
        else:
            # RULE: B-LMA-98
            check(0 < self.lifetime <= self.ask.lifetime,
                  f"lifetime {self.lifetime} of {self.ask.lifetime}")


def asked(*args, **changes):
    """An Ask, or what makes one."""
    if args and isinstance(args[0], Ask):
        return args[0]
    return Ask(*args, **changes)


class Anchor(World):
    """An agent with role lma, and that it answers what was asked."""

    def __init__(self, agent):
        super().__init__(agent, LMA)
        self.fence = None
        self.pbas = []

    def take(self, ask, seconds=30):
        """The answer to what was sent, which comes next."""
        packet = self.expect(is_mh(BA), "a PBA", seconds)
        answer = Answer(ask, packet)
        self.pbas.append(answer)
        return answer

    def ask(self, *args, **changes):
        """Send a PBU: a mobile node and what is special, or an Ask."""
        ask = asked(*args, **changes)
        self.send(ask.packet())
        return self.take(ask)

    def status(self, want, *args, **changes):
        answer = self.ask(*args, **changes)
        equal(answer.status, want, "status")
        return answer

    def ok(self, *args, **changes):
        # RULE: B-LMA-32 B-LMA-81
        return self.status(0, *args, **changes)

    def still(self, what):
        """What was sent before is answered by nothing: the next that comes is
        the answer to what is sent now."""
        if self.fence is None:
            self.fence = Ask("fence@example.com", llid=b"\2fence")
        else:
            self.fence = self.fence.again(hi=5, hnp=self.fence_hnp)
        self.send(self.fence.packet())
        packet = self.expect(is_mh(BA), f"{what}: nothing but the fence")
        equal(int.from_bytes(packet.payload[8:10], "big"), self.fence.seq,
              f"{what}: what is answered")
        answer = Answer(self.fence, packet)
        self.pbas.append(answer)
        equal(answer.status, 0, "status of the fence")
        self.fence_hnp = answer.hnp

    def ignores(self, what, *args, **changes):
        self.send(asked(*args, **changes).packet())
        self.still(what)

    def attach(self, mn=None, **changes):
        """A new session; what was asked and what was answered."""
        ask = Ask(mn or new_mn(), **changes)
        answer = self.ok(ask)
        return ask, answer

    def session(self, name):
        """The only session of a mobile node."""
        found = self.mn(name)
        equal(len(found), 1, f"sessions of {name}")
        return found[0]

    def emptied(self):
        """Once what earlier groups had from the pool is free again."""
        def empty():
            for name in "abc":
                equal(self.mn(f"{name}@example.com"), [], "sessions")
        wait_until(empty, "the pool is free", 30)
        return self

    def is_bound(self, hnp, remote, what):
        """Of the kernel: where a prefix is forwarded to."""
        equal(self.bindings().get(hnp, "nowhere"), remote, what)
