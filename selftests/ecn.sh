#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Congestion marks and traffic classes on both ends of the tunnel: RFC 6040 4.1
# in normal mode, and every row and column of its figure 4.

. "$(dirname "$0")/lib.sh"

case_encapsulation() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		at_anchor, at_gateway = Link("core", "lma"), Link("core", "mag1")

		for sender, src, dst, core in ((cn, CN, MN1, at_anchor),
		                               (mn, MN1, CN, at_gateway)):
		    for dscp in 0, 46:
		        for ecn in range(4):
		            tclass = dscp << 2 | ecn
		            data = b"%d" % tclass
		            sender.send(udp(src, dst, data, tclass=tclass))
		            outer = core.expect(lambda p: p.nh == IPV6 and p.inner.data == data,
		                                "the outer packet")
		            # RULE: B-LMA-92
		            equal(outer.tclass, ecn, f"outer class for inner {tclass:#x}")
		            equal(outer.inner.tclass, tclass, "inner class")
	END
}

case_decapsulation() {
	py <<-'END'
		NOT, ECT1, ECT0, CE = range(4)
		# What goes on, by outer (across) and inner (down): RFC 6040 figure 4.
		DROP = None
		FIGURE = {
		    #       Not   ECT1  ECT0  CE
		    NOT:  (NOT,  NOT,  NOT,  DROP),
		    ECT1: (ECT1, ECT1, ECT1, CE),
		    ECT0: (ECT0, ECT1, ECT0, CE),
		    CE:   (CE,   CE,   CE,   CE),
		}
		to_lma, lma = pair("core", "lma", "lma", "core")
		to_mag1, mag1 = pair("core", "mag1", "mag1", "core")
		cn, mn = Link("cn", "eth0"), Link("mn1", "eth0")

		def decapsulated(ns, core, remote, local, src, dst, at):
		    with drops(ns, ecn=1):
		        for inner, row in FIGURE.items():
		            for outer, want in enumerate(row):
		                # The class of the inner packet stays, whatever the outer's.
		                packet = udp(src, dst, b"now", tclass=18 << 2 | inner)
		                core.send(ip6(remote, local, packet, IPV6, tclass=46 << 2 | outer))
		                core.send(ip6(remote, local, udp(src, dst, b"next"), IPV6))
		                got = at.until(has(b"next"), "the next packet")
		                # RULE: B-LMA-92
		                equal([p.tclass for p in got],
		                      [] if want is DROP else [18 << 2 | want],
		                      f"inner {inner}, outer {outer}")

		decapsulated("lma", to_lma, MAG1, LMA, MN1, CN, cn)
		decapsulated("mag1", to_mag1, LMA, MAG1, CN, MN1, mn)
	END
}

network
run_cases \
	encapsulation "outer headers carry the mark, and no more of the class" \
	decapsulation "every combination of an inner and an outer mark"
