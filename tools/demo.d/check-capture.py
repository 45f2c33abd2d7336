#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What the demo put on the wire, as tshark reads it, against what was sent.

    check-capture.py DIRECTORY

DIRECTORY is what the demo left: lma.pcap, and the agents' logs. Prints TAP.
"""

import re
import subprocess
import sys
import time

FIELDS = ("ipv6.src ipv6.dst mip6.mhtype mip6.bu.p_flag mip6.bu.a_flag "
          "mip6.bu.seqnr mip6.bu.lifetime mip6.ba.p_flag mip6.ba.status "
          "mip6.ba.seqnr mip6.ba.lifetime mip6.mnid.identifier "
          "mip6.nemo.mnp.mnp mip6.nemo.mnp.pfl mip6.mnlli.lli "
          "mip6.timestamp_tmp "
          "mip6.hb.r_flag mip6.hb.seqnr").split()
PBU, PBA, HEARTBEAT = "5", "6", "13"
WARNING = "0x600000"


class Failure(Exception):
    """Says what is not as it should be."""


def equal(got, wanted, what):
    if got != wanted:
        raise Failure(f"{what}: got {got}, want {wanted}")


def tshark(directory, *arguments):
    command = ["tshark", "-n", "-r", f"{directory}/lma.pcap", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        raise Failure(f"tshark: {done.stderr.strip()}")
    return done.stdout.splitlines()


class Demo:
    """A capture and the logs beside it."""

    def __init__(self, directory):
        self.directory = directory
        options = [word for field in FIELDS for word in ("-e", field)]
        lines = tshark(directory, "-Y", "mipv6", "-T", "fields",
                       "-E", "separator=|", *options)
        self.messages = [dict(zip(FIELDS, line.split("|"))) for line in lines]
        self.pbus = [m for m in self.messages if m["mip6.mhtype"] == PBU]
        self.pbas = [m for m in self.messages if m["mip6.mhtype"] == PBA]
        self.heartbeats = [m for m in self.messages
                           if m["mip6.mhtype"] == HEARTBEAT]

    def logged(self, name, event):
        """What a log says of an event: a dictionary a line."""
        with open(f"{self.directory}/{name}.log", encoding="utf-8") as log:
            return [dict(re.findall(r"(\S+?)=(\S+)", line)) for line in log
                    if f" event={event} " in line]


def dissected(demo):
    if not demo.pbus or not demo.pbas:
        raise Failure("no PBU or no PBA in the capture")
    equal(len(demo.pbus) + len(demo.pbas) + len(demo.heartbeats),
          len(demo.messages), "messages that are PBU, PBA or Heartbeat")
    for message in demo.pbus:
        equal((message["mip6.bu.p_flag"], message["mip6.bu.a_flag"]),
              ("1", "1"), "flags P and A of a PBU")
    for message in demo.pbas:
        equal(message["mip6.ba.p_flag"], "1", "flag P of a PBA")


def no_complaint(demo):
    equal(tshark(demo.directory, "-Y",
                 f"_ws.malformed || _ws.expert.severity >= {WARNING}"), [],
          "what tshark complains of")


def pbus_as_sent(demo):
    """By each gateway, in their order."""
    for name in ("mag1", "mag2"):
        said = demo.logged(name, "pbu-sent")
        own = [m for m in demo.pbus if m["ipv6.src"] == ADDRESS[name]]
        equal([(m["mip6.mnid.identifier"], 4 * int(m["mip6.bu.lifetime"]),
                m["ipv6.dst"]) for m in own],
              [(s["mn"], int(s["lifetime"].rstrip("s")), s["lma"])
               for s in said], f"PBUs of {name}")
        numbers = [int(m["mip6.bu.seqnr"]) for m in own]
        equal(numbers, [(numbers[0] + i) & 0xffff for i in range(len(own))],
              f"sequence numbers of {name}")


# RFC 5213 5.5: what a gateway hears whose update came after a newer one of
# another gateway. It may not yet know that the mobile node left.
TIMESTAMP_LOWER_THAN_PREV_ACCEPTED = "157"


def sent_at(pbu):
    """Its Timestamp option: seconds with a fraction, as one can compare them."""
    seconds, fraction = pbu["mip6.timestamp_tmp"].removesuffix(" UTC").split(".")
    return time.strptime(seconds, "%b %d, %Y %H:%M:%S"), fraction


def is_newer(one, other):
    """Of the same mobile node, by another gateway, and stamped no earlier."""
    return (one["ipv6.src"] != other["ipv6.src"] and
            one["mip6.mnid.identifier"] == other["mip6.mnid.identifier"] and
            sent_at(one) >= sent_at(other))


def check_status(pbu, pba, answers, order):
    """The anchor may take a newer one from when it came, and has when it answers."""
    newer = [(one, ack) for one, ack in answers
             if ack["mip6.ba.status"] == "0" and is_newer(one, pbu)]
    if any(order[id(ack)] < order[id(pbu)] for one, ack in newer):
        allowed = [(TIMESTAMP_LOWER_THAN_PREV_ACCEPTED, "0")]
    else:
        allowed = [("0", pbu["mip6.bu.lifetime"])]
        if any(order[id(one)] < order[id(pba)] for one, ack in newer):
            allowed.append((TIMESTAMP_LOWER_THAN_PREV_ACCEPTED, "0"))
    got = (pba["mip6.ba.status"], pba["mip6.ba.lifetime"])
    if got not in allowed:
        raise Failure(f"status and lifetime of {pba}: got {got}, want one of "
                      f"{allowed}, for {pbu}")


def pbas_as_asked(demo):
    order = {id(m): position for position, m in enumerate(demo.messages)}
    asked = {(m["ipv6.src"], m["mip6.bu.seqnr"]): m for m in demo.pbus}
    answers = []
    for pba in demo.pbas:
        pbu = asked.get((pba["ipv6.dst"], pba["mip6.ba.seqnr"]))
        if not pbu:
            raise Failure(f"a PBA that answers nothing: {pba}")
        answers.append((pbu, pba))
    for pbu, pba in answers:
        check_status(pbu, pba, answers, order)
        for field in ("mip6.mnid.identifier", "mip6.mnlli.lli"):
            equal(pba[field], pbu[field], f"{field} of a PBA")


def heartbeats_as_asked(demo):
    """Each response answers a request; the last may be under way at the end."""
    asked = {(m["ipv6.src"], m["ipv6.dst"], m["mip6.hb.seqnr"])
             for m in demo.heartbeats if m["mip6.hb.r_flag"] == "0"}
    answered = {(m["ipv6.dst"], m["ipv6.src"], m["mip6.hb.seqnr"])
                for m in demo.heartbeats if m["mip6.hb.r_flag"] == "1"}
    if not answered:
        raise Failure("no Heartbeat is answered in the capture")
    equal(answered - asked, set(), "responses to nothing")


def pbas_as_logged(demo):
    """Each mobile node has the prefix that the anchor says it has."""
    said = {(line["mn"], line["hnp"])
            for event in ("binding-created", "handover")
            for line in demo.logged("lma", event)}
    equal({(m["mip6.mnid.identifier"],
            f"{m['mip6.nemo.mnp.mnp']}/{m['mip6.nemo.mnp.pfl']}")
           for m in demo.pbas}, said, "mobile nodes and their prefixes")


CHECKS = (
    (dissected, "every message is dissected as a PBU, a PBA or a Heartbeat"),
    (no_complaint, "no packet is malformed, no expert warns"),
    (pbus_as_sent, "PBUs are those that the gateways say they sent"),
    (pbas_as_asked, "each PBA answers a PBU, and says the same"),
    (heartbeats_as_asked, "each Heartbeat response answers a request"),
    (pbas_as_logged, "the prefixes are those that the anchor says it granted"),
)


def main(directory):
    demo = Demo(directory)
    failed = 0
    for number, (check, words) in enumerate(CHECKS, 1):
        try:
            check(demo)
            print(f"ok {number} - {words}")
        except Failure as failure:
            print(f"not ok {number} - {words}\n# {failure}")
            failed += 1
    return 1 if failed else 0


if len(sys.argv) != 2:
    sys.exit(__doc__)
with open(f"{sys.argv[1]}/gateways", encoding="ascii") as gateways:
    ADDRESS = dict(line.split() for line in gateways)
try:
    sys.exit(main(sys.argv[1]))
except Failure as complaint:
    print(f"not ok 1 - the capture is read\n# {complaint}")
    sys.exit(1)
