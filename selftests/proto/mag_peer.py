# SPDX-License-Identifier: GPL-2.0
"""An anchor made of scapy, mobile nodes made of raw sockets, and what every
PBU of a gateway has to be, whatever it is for.
"""
from tester import *
from signalling import ALL_NODES, FIXED_LINK_LOCAL, FIXED_LLADDR, Station

WIFI = 4
STRANGER = os.environ["STRANGER"]

# B of a PBA, and the option of a group (RFC 6602 4).
BULK_ACK, GROUP = 0x08, 50

_stations = 0


def groups_of(data):
    """Identifiers of the groups that a message names."""
    found = [value for _, kind, value in options_of(data) if kind == GROUP]
    for value in found:
        # RULE: BULK-10 BULK-11
        equal((len(value), value[0], value[1]), (6, 1, 0),
              "length, sub-type and reserved octet of a group")
    return [int.from_bytes(value[2:], "big") for value in found]


class BulkRequest:
    """A PBU that renews groups (RFC 6602 5.1.3)."""

    def __init__(self, gateway, packet):
        data = packet.payload
        self.raw = packet.octets
        self.at = time.monotonic()
        self.sequence, flags, self.lifetime = struct.unpack("!HHH",
                                                            data[6:12])
        self.groups = groups_of(data)
        check_layout(data)
        # RULE: BULK-07
        equal(flags, A | P, "flags of a PBU that renews")
        check(1 <= len(set(self.groups)) == len(self.groups) <= gateway.most,
              f"groups that it names: {self.groups}")
        kinds = {kind for _, kind, _ in options_of(data)}
        # RULE: BULK-19
        check(not kinds & {8, 22, 25, 26},
              f"options of a PBU that renews: {kinds}")
        # RULE: BULK-07
        equal(23 in kinds and 27 in kinds, True, "HI and timestamp")
        equal(checksum(packet.src, packet.dst, MH, data), 0, "checksum")
        gateway.sequence = self.sequence
        gateway.stamp = max([gateway.stamp] + [
            int.from_bytes(value, "big")
            for _, kind, value in options_of(data) if kind == 27])


class Request:
    """A PBU, and that it is what RFC 5213 6.9.1.1 says of one."""

    def __init__(self, gateway, packet):
        data = packet.payload
        self.at = time.monotonic()
        # RULE: B-MAG-23 B-MAG-24
        equal(packet.src, MAG1, "source of the PBU")
        # RULE: B-MAG-23 B-MAG-25
        equal(packet.dst, LMA, "destination of the PBU")
        # RULE: B-SEC-13 B-MAG-29
        equal(packet.nh, MH, "next header of the PBU: no home address")
        equal(checksum(packet.src, packet.dst, MH, data), 0,
              "checksum of the PBU")
        equal((data[0], data[2], data[3], len(data)),
              (59, BU, 0, 8 * (data[1] + 1)),
              "payload protocol, type, reserved octet and length of the PBU")
        self.raw = packet.octets
        self.bu = IPv6(packet.octets)[MIP6MH_BU]
        self.sequence, flags, self.lifetime = struct.unpack("!HHH",
                                                            data[6:12])
        self.groups = groups_of(data)
        joins = B if gateway.groups and self.lifetime else 0
        # RULE: B-MAG-23 B-MSG-01 BULK-15
        equal(flags, A | P | joins, "flags of the PBU")
        # RULE: BULK-02 BULK-48
        equal(len(self.groups), 1 if joins else 0, "groups that a PBU names")
        check_layout(data)
        kinds = [kind for _, kind, _ in options_of(data) if kind > 1]
        self.kinds = sorted(set(kinds))
        self.check_options(gateway)

    def all(self, kind):
        return [o for o in self.bu.options if isinstance(o, kind)]

    def one(self, kind):
        found = self.all(kind)
        equal(len(found), 1, f"how many {kind.__name__} a PBU has")
        return found[0]

    def check_options(self, gateway):
        # RULE: B-MAG-16 B-MAG-28
        self.mn = self.one(MIP6OptMNID).id.decode()
        equal(self.one(MIP6OptMNID).subtype, 1, "subtype of the MN-ID")
        self.hnp = [f"{o.prefix}/{o.plen}" for o in self.all(PMIP6OptHNP)]
        # RULE: B-MAG-26 B-MAG-16
        check(self.hnp, "a PBU without HNP")
        # RULE: B-MAG-17
        check(self.hnp == [ANY] or ANY not in self.hnp, f"HNPs {self.hnp}")
        # RULE: B-MAG-16
        self.hi = self.one(PMIP6OptHI).hi
        # RULE: B-MAG-57
        check(self.hi in (1, 4, 5), f"HI {self.hi}, which it can not know")
        # RULE: B-MAG-16 B-MAG-72
        equal(self.one(PMIP6OptATT).att, WIFI, "access technology")
        # RULE: B-MAG-71
        self.llid = self.one(PMIP6OptLLID).id
        llas = [o.lla for o in self.all(PMIP6OptLLA)]
        # RULE: B-MAG-73 B-MAG-16 B-MAG-27
        equal(len(llas), 0 if gateway.fixed else 1, "LLA options of a PBU")
        self.lla = llas[0] if llas else None
        self.check_order(gateway)

    def check_order(self, gateway):
        if not gateway.timestamps:
            # RULE: B-LMA-97 B-MAG-16
            equal(self.all(PMIP6OptTimestamp), [], "timestamps")
            return
        # RULE: B-MAG-16
        self.stamp = self.one(PMIP6OptTimestamp).stamp
        # RULE: B-MAG-16 B-LMA-87
        check(-60 < self.stamp / TS_UNIT - time.time() < 1,
              f"timestamp {self.stamp / TS_UNIT}, read at {time.time()}")
        # RULE: B-MAG-53
        check(self.stamp > gateway.stamp, "a timestamp that is not newer")
        gateway.stamp = self.stamp
        if gateway.sequence is not None:
            # RULE: B-MAG-70
            equal(self.sequence, gateway.sequence + 1 & 0xffff,
                  "sequence number, one for all")
        gateway.sequence = self.sequence


class Gateway(World):
    """An agent with role mag; this end plays its anchor."""

    def __init__(self, agent):
        super().__init__(agent, MAG1)
        self.fixed = agent != "own"
        self.timestamps = agent != "sequence"
        self.groups = agent in ("bulk", "several")
        self.most = 4 if agent == "several" else 1
        self.renewals = []
        self.granted = {}
        self.stamp, self.sequence = 0, None
        self.waiting = []
        self.pbus = []

    def pbu(self, mn, seconds=20, what="a PBU"):
        """The next one for a mobile node; those of others are kept."""
        end = time.monotonic() + seconds
        while True:
            for request in self.waiting:
                if request.mn == mn:
                    self.waiting.remove(request)
                    return request
            left = end - time.monotonic()
            packet = self.receive(left) if left > 0 else None
            check(packet, f"{what}: none of {mn} within {seconds} s")
            check(self.keep(packet), f"{what}: {describe(packet.octets)}")

    def keep(self, packet):
        """Whether it is a PBU: then it is one that waits for an answer."""
        if not is_mh(BU)(packet):
            return False
        if any(kind == 8 for _, kind, _ in options_of(packet.payload)):
            request = Request(self, packet)
            self.pbus.append(request)
            self.waiting.append(request)
        else:
            self.renewals.append(BulkRequest(self, packet))
        return True

    def expect(self, match, what, seconds=20):
        """The next one but for PBUs, which come when they will."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            packet = self.receive(left) if left > 0 else None
            check(packet, f"{what}: nothing comes within {seconds} s")
            if match(packet):
                return packet
            check(self.keep(packet), f"{what}: {describe(packet.octets)}")

    def forwarded(self, match, what, seconds=20):
        """The next packet from a mobile node that matches."""
        for packet in self.link.packets(seconds):
            if match(packet):
                return packet
            if self.is_signalling(packet):
                check(self.keep(packet), f"{what}: {describe(packet.octets)}")
        raise AssertionError(f"{what}: nothing comes within {seconds} s")

    def none_of(self, mn, seconds, what):
        """No PBU for a mobile node within the time."""
        try:
            found = self.pbu(mn, seconds, what)
        except AssertionError as error:
            check("none of" in str(error), error)
            return
        raise AssertionError(f"{what}: {describe(found.raw)}")

    def renewal(self, seconds=20, what="a PBU that renews a group"):
        """The next one."""
        end = time.monotonic() + seconds
        while not self.renewals:
            left = end - time.monotonic()
            packet = self.receive(left) if left > 0 else None
            check(packet, f"{what}: none within {seconds} s")
            check(self.keep(packet), f"{what}: {describe(packet.octets)}")
        return self.renewals.pop(0)

    def let_in(self, request, **changes):
        """The acknowledgement with the B flag."""
        groups = changes.pop("groups", request.groups)
        changes["extra"] = [PMIP6OptGroup(number=number) for number in groups]
        return self.pba(request, flags=0x20 | BULK_ACK, **changes)

    def renew(self, request, status=0, groups=None, lifetime=None, flags=0x20):
        """Answers a PBU that renews."""
        groups = request.groups if groups is None else groups
        if lifetime is None:
            lifetime = 0 if status >= 128 else request.lifetime
        self.send(IPv6(src=LMA, dst=MAG1, hlim=64) /
                  MIP6MH_BA(status=status, flags=flags >> 5, res2=flags & 31,
                            res=0, seq=request.sequence, mhtime=lifetime,
                            options=[PMIP6OptGroup(number=number)
                                     for number in groups]))

    def group(self):
        """What the agent says of its only group; None if there is none."""
        found = self.control(do="group-show")["groups"]
        check(len(found) < 2, f"groups: {found}")
        return found[0] if found else None

    def drain(self, seconds=0.05):
        """Forget what comes, until nothing does for some time."""
        packet = self.receive(seconds)
        while packet:
            check(self.keep(packet), describe(packet.octets))
            packet = self.receive(seconds)
        self.waiting.clear()

    def grant(self, mn):
        """A prefix that nothing else here has."""
        number = self.granted.setdefault(mn, 0x1000 + len(self.granted))
        return os.environ["GRANTED"].format(number)

    def pba(self, request, status=0, hnp=None, **changes):
        """The acknowledgement of a PBU, and what is wrong with it."""
        if hnp is None:
            hnp = request.hnp if request.hnp != [ANY] else [
                self.grant(request.mn)]
        fields = {"src": LMA, "dst": MAG1, "mn": request.mn,
                  "seq": request.sequence, "hi": request.hi, "att": WIFI,
                  "llid": request.llid, "lla": request.lla, "flags": 0x20,
                  "stamp": getattr(request, "stamp", None), "extra": [],
                  "reverse": False,
                  "lifetime": 0 if status >= 128 else request.lifetime}
        for name, value in changes.items():
            check(name in fields, f"no field {name}")
            fields[name] = value
        options = [MIP6OptMNID(subtype=1, id=fields["mn"].encode())]
        options += [prefix_option(one) for one in hnp]
        for name, kind, key in (("hi", PMIP6OptHI, "hi"),
                                ("att", PMIP6OptATT, "att"),
                                ("llid", PMIP6OptLLID, "id"),
                                ("lla", PMIP6OptLLA, "lla"),
                                ("stamp", PMIP6OptTimestamp, "stamp")):
            if fields[name] is not None:
                options.append(kind(**{key: fields[name]}))
        options += fields["extra"]
        if fields["reverse"]:
            options.reverse()
        return (IPv6(src=fields["src"], dst=fields["dst"], hlim=64) /
                MIP6MH_BA(status=status, flags=fields["flags"] >> 5,
                          res2=fields["flags"] & 31, res=0,
                          seq=fields["seq"], mhtime=fields["lifetime"],
                          options=options))

    def answer(self, request, *args, **changes):
        self.send(self.pba(request, *args, **changes))

    def state(self, mn):
        """What the agent says of a mobile node; None if nothing."""
        found = self.mn(mn)
        return found[0]["state"] if found else None

    def becomes(self, mn, state):
        wait_until(lambda: equal(self.state(mn), state, f"state of {mn}"),
                   f"{mn} becomes {state}", 20)

    def is_bound(self, hnp, remote, what):
        equal(self.bindings().get(hnp, "nowhere"), remote, what)

    def registered(self, station, **changes):
        """A mobile node that comes and is accepted; the first PBU and what
        was granted."""
        station.solicit()
        request = self.pbu(station.mn)
        hnp = [os.environ["GRANTED"].format(station.number)]
        changes.setdefault("hnp", hnp if request.hnp == [ANY] else request.hnp)
        self.answer(request, **changes)
        self.becomes(station.mn, "active")
        # Copies that were sent while the answer was on its way.
        self.drain()
        return request, changes["hnp"]


def new_station(agent="mag"):
    """A mobile node that has a profile, on the access link of an agent."""
    global _stations
    _stations += 1
    station = Station("air", agent, f"02:00:00:aa:05:{_stations:02x}")
    station.mn, station.number = f"s{_stations}@example.com", _stations
    return station


def advertised(station, seconds=20):
    """The next advertisement to it: its prefixes and the rest of it."""
    frame = station.expect_ra("an advertisement", seconds)
    return frame, {prefix: (flags, valid, preferred) for
                   prefix, flags, valid, preferred in frame.ra["prefixes"]}
