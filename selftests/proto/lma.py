# SPDX-License-Identifier: GPL-2.0
"""Drives agents with role lma; see proto-lma.sh."""
import builtins

from lma_peer import *

# The agents: "lma" looks at clocks, "golden" has the addresses of the golden
# vectors, little to give away, and mobile nodes with clocks of their own.
# "sequence" knows no timestamps, waits for nothing and takes what drafts allow.
# "asking" is the one that asks gateways before it waits for them.
builtins.ANCHOR = ANCHOR = {name: Anchor(name)
                            for name in os.environ["AGENTS"].split()}

import lma_golden
import lma_order
import lma_options
import lma_time
import lma_lookup
import lma_wait
import lma_revoke
import lma_life
import lma_bulk
import lma_multihoming
import lma_messages
import lma_heartbeat


# What tshark calls a field, and what scapy made of it.
def fields_of(answer):
    llid, stamp = answer.one(PMIP6OptLLID), answer.one(PMIP6OptTimestamp)
    return {
        "status": answer.status, "sequence": answer.sequence,
        "lifetime": answer.lifetime,
        "mn": (b"\x08" + bytes(answer.one(MIP6OptMNID))[1:]).hex(":"),
        "hnp": [bytes(option).hex(":") for option in answer.all(PMIP6OptHNP)],
        "hi": answer.one(PMIP6OptHI).hi, "att": answer.one(PMIP6OptATT).att,
        "llid": llid and bytes(llid).hex(":"),
        "ts": stamp and bytes(stamp).hex(":"),
    }


def read_by_tshark(packet):
    message = packet["_source"]["layers"]["ipv6"]["mipv6"]
    head = message["Binding Acknowledgement"]
    options = message["Mobility Options"]
    hnp = options["mip6.options.hnp"]
    check(head["mip6.ba.p_flag"] == "1", f"no P flag: {head}")
    return {
        "status": int(head["mip6.ba.status"]),
        "sequence": int(head["mip6.ba.seqnr"]),
        "lifetime": int(head["mip6.ba.lifetime"]),
        "mn": options["mip6.options.mnid"],
        "hnp": hnp if isinstance(hnp, list) else [hnp],
        "hi": int(options["mip6.options.hi_tree"]["mip6.hi"]),
        "att": int(options["mip6.options.att_tree"]["mip6.att"]),
        "llid": options.get("mip6.options.mnlli"),
        "ts": options.get("mip6.options.ts"),
    }


@group("tshark reads each answer as scapy does, and none is malformed")
def second_opinion():
    path = f"{os.environ['work']}/lma.pcap"
    write_capture(path)
    pbas = {answer.raw: answer for anchor in ANCHOR.values()
            for answer in anchor.pbas}
    # What came by other ways than Anchor.take() is left to its group, and what is
    # of no session.
    found = tshark(path, "mip6.mhtype == 6 && mip6.ba.p_flag == 1 && "
                         f"ipv6.src == {LMA} && mip6.options.mnid")
    check(len(found) >= sum(len(one.pbas) for one in ANCHOR.values()) > 50,
          f"{len(found)} PBAs of {len(pbas)}")
    by_content = [read_by_tshark(packet) for packet in found]
    for answer in pbas.values():
        check(fields_of(answer) in by_content,
              f"tshark does not read {describe(answer.raw)}")
    asked = tshark(path, f"mip6.mhtype == 16 && ipv6.src == {LMA} && "
                         "mip6.bri_br.type == 1")
    check(len(asked) >= 5, f"{len(asked)} indications")
    # RULE: B-LMA-86
    equal(len(asked), len(tshark(
        path, f"mip6.mhtype == 16 && ipv6.src == {LMA} && "
              "mip6.bri_br.type == 1 && mip6.bri_r.trigger == 4 && "
              "mip6.bri_ip == 1 && mip6.bri_ig == 0 && mip6.bri_iv == 0")),
          "indications as tshark reads them")
    said = tshark(path, f"mip6.mhtype == 16 && ipv6.src == {LMA} && "
                        "mip6.bri_br.type == 2 && mip6.bri_status == 130 && "
                        "mip6.bri_ap == 1 && mip6.bri_ag == 1")
    # RULE: BRI-16
    check(len(said) >= 2, f"{len(said)} BRAs of status 130")
    # An empty MN-ID is what RFC 5213 wants, and RFC 4283 does not know.
    said = tshark(path, f"ipv6.src == {LMA} && (_ws.malformed || "
                        "_ws.expert.severity >= 0x600000) && "
                        "!(mip6.ba.status == 160)")
    # RULE: B-MSG-03 B-MSG-05
    equal(said, [], "what tshark complains of")


if __name__ == "__main__":
    sys.exit(not run_groups(ANCHOR, int(sys.argv[1])))
