# SPDX-License-Identifier: GPL-2.0
"""Drives agents with role lma; see proto-lma.sh."""
import builtins

from lma_peer import *

# The agents: "lma" looks at clocks, "golden" has the addresses of the golden
# vectors, little to give away, and mobile nodes with clocks of their own.
builtins.ANCHOR = ANCHOR = {name: Anchor(name)
                            for name in os.environ["AGENTS"].split()}

import lma_order
import lma_options


@group("tshark reads each answer as it was sent, and none is malformed")
def second_opinion():
    path = f"{os.environ['work']}/lma.pcap"
    write_capture(path)
    found = tshark(path, "mip6.mhtype == 6")
    pbas = [pba for anchor in ANCHOR.values() for pba in anchor.pbas]
    check(len(pbas) > 50, f"only {len(pbas)} PBAs")
    equal(len(found), len(pbas), "PBAs that tshark sees")


if __name__ == "__main__":
    sys.exit(not run_groups(ANCHOR, int(sys.argv[1])))
