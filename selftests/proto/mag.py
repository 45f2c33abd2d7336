# SPDX-License-Identifier: GPL-2.0
"""Drives agents with role mag; see proto-mag.sh."""
import builtins

from mag_peer import *

# The agents: "mag" has fixed addresses on its access link and is quick to ask
# again; "own" has its own ones and takes up again each second who was refused;
# "sequence" knows no timestamps; "bulk" asks for groups, and "several" for several
# of them at once.
builtins.GATEWAY = GATEWAY = {name: Gateway(name)
                              for name in os.environ["AGENTS"].split()}

import mag_pbu
import mag_pba
import mag_revoke
import mag_bulk
import mag_multihoming
import mag_off_link


@group("tshark reads each PBU as scapy does, and none is malformed")
def second_opinion():
    path = f"{os.environ['work']}/mag.pcap"
    write_capture(path)
    pbus = [pbu for gateway in GATEWAY.values() for pbu in gateway.pbus]
    found = tshark(path, f"mip6.mhtype == 5 && ipv6.src == {MAG1} && "
                         "mip6.mnid.identifier")
    equal(len(found), len(pbus), "PBUs that tshark reads")
    said = tshark(path, f"mip6.mhtype == 16 && ipv6.src == {MAG1} && "
                        "mip6.bri_br.type == 2 && mip6.bri_status == 132")
    # RULE: B-LMA-86
    check(len(said) >= 4, f"{len(said)} BRAs of status 132")
    by_number = {}
    for packet in found:
        message = packet["_source"]["layers"]["ipv6"]["mipv6"]
        head = message["Binding Update"]
        options = message["Mobility Options"]
        hnp = options["mip6.options.hnp"]
        by_number.setdefault(int(head["mip6.bu.seqnr"]), []).append(
            (head["mip6.bu.a_flag"], head["mip6.bu.p_flag"],
             int(head["mip6.bu.lifetime"]),
             options["mip6.options.mnid_tree"]["mip6.mnid.identifier"],
             hnp if isinstance(hnp, list) else [hnp],
             int(options["mip6.options.hi_tree"]["mip6.hi"]),
             int(options["mip6.options.att_tree"]["mip6.att"])))
    for pbu in pbus:
        want = ("1", "1", pbu.lifetime, pbu.mn,
                [bytes(o).hex(":") for o in pbu.all(PMIP6OptHNP)], pbu.hi,
                WIFI)
        check(want in by_number.get(pbu.sequence, []),
              f"{describe(pbu.raw)}: tshark reads "
              f"{by_number.get(pbu.sequence)}")
    # RULE: B-MSG-03 B-MSG-05
    equal(tshark(path, f"ipv6.src == {MAG1} && (_ws.malformed || "
                       "_ws.expert.severity >= 0x600000)"), [],
          "what tshark complains of")


if __name__ == "__main__":
    sys.exit(not run_groups(GATEWAY, int(sys.argv[1])))
