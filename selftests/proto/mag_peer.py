# SPDX-License-Identifier: GPL-2.0
"""An anchor made of scapy, mobile nodes made of raw sockets, and what every
PBU of a gateway has to be, whatever it is for.
"""
from tester import *
from signalling import ALL_NODES, FIXED_LINK_LOCAL, FIXED_LLADDR, Station

WIFI = 4
STRANGER = os.environ["STRANGER"]

_stations = 0


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
        # RULE: B-MAG-23 B-MSG-01
        equal(flags, A | P, "flags of the PBU")
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
            check(is_mh(BU)(packet), f"{what}: {describe(packet.octets)}")
            request = Request(self, packet)
            self.pbus.append(request)
            self.waiting.append(request)

    def none_of(self, mn, seconds, what):
        """No PBU for a mobile node within the time."""
        try:
            found = self.pbu(mn, seconds, what)
        except AssertionError as error:
            check("none of" in str(error), error)
            return
        raise AssertionError(f"{what}: {describe(found.raw)}")

    def drain(self, seconds=0.05):
        """Forget what comes."""
        self.none_of("nobody", seconds, "nobody's")
        self.waiting.clear()

    def pba(self, request, status=0, hnp=None, **changes):
        """The acknowledgement of a PBU, and what is wrong with it."""
        if hnp is None:
            hnp = request.hnp if request.hnp != [ANY] else [
                os.environ["GRANTED"].format(request.sequence % 4096)]
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
