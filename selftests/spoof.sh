#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Nobody sends as somebody else: not by a tunnel, not by an access link (RFC 5213
# 5.6.2, 6.10.5). Every such packet is followed by one that is right, which must
# be the next to arrive, and is counted under its reason.

. "$(dirname "$0")/lib.sh"

MAC1=02:00:00:00:99:01

# Into the anchor's underlay go packets made here, and the correspondent listens.
case_anchor() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")

		def refused(outer_src, inner_src, **reasons):
		    with drops("lma", **reasons):
		        core.send(ip6(outer_src, LMA, udp(inner_src, CN, b"bad"), IPV6))
		        core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		        equal(cn.until(has(b"good"), "the right packet"), [], "what came before")

		# RULE: B-LMA-59
		refused(MAG1, "2001:db8:a:99::1", no_binding=1)
		# RULE: B-LMA-59
		refused(MAG2, MN1, wrong_tunnel=1)
		refused(MAG1, MN3, wrong_tunnel=1)
		refused(CORE_LMA, MN1, no_tunnel=1)
		refused(MAG1, CN, no_binding=1)
	END
}

case_gateway() {
	py <<-'END'
		core, mag1 = pair("core", "mag1", "mag1", "core")
		mn, access1 = pair("mn1", "eth0", "mag1", "access1")

		def refused(outer_src, inner_dst, **reasons):
		    with drops("mag1", **reasons):
		        core.send(ip6(outer_src, MAG1, udp(CN, inner_dst, b"bad"), IPV6))
		        core.send(ip6(LMA, MAG1, udp(CN, MN1, b"good"), IPV6))
		        # RULE: B-MAG-36
		        equal(mn.until(has(b"good"), "the right packet"), [], "what came before")
		    if "no_binding" in reasons:
		        mn.send(udp(MN1, CN, b"end"))
		        back = core.until(lambda p: p.nh == IPV6 and p.inner.data == b"end", "the end")
		        # RULE: B-MAG-36
		        equal(back, [], "what is said of it")

		refused(LMA, "2001:db8:a:99::1", no_binding=1)
		refused(LMA, MN3, no_binding=1)
		refused(LMA, MAG2, no_binding=1)
		refused(CORE_MAG1, MN1, no_tunnel=1)
		refused(MAG2, MN1, no_tunnel=1)
	END
}

# From its access link a mobile node sends as another, or as nobody known.
case_access_link() {
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		cn = Link("cn", "eth0")

		def refused(link, src, **reasons):
		    with drops("mag1", **reasons), drops("lma"):
		        link.send(udp(src, CN, b"bad"))
		        mn1.send(udp(MN1, CN, b"good"))
		        equal(cn.until(has(b"good"), "the right packet"), [], "what came before")

		refused(mn1, MN2, access_link=1)
		refused(mn2, MN1, access_link=1)
		# RULE: B-MAG-37
		refused(mn1, MN3, no_binding=1)
		refused(mn1, MAG1, no_binding=1)
	END
}

# Where several share a link, the link-layer address tells them apart; fragments
# that conntrack reassembles and that are cut anew too.
case_lladdr() {
	local mac

	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever \
		access access1 lladdr $MAC1
	py "$MAC1" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		cn = Link("cn", "eth0")
		right = bytes.fromhex(sys.argv[1].replace(":", ""))

		with drops("mag1", link_layer_address=2), drops("lma"):
		    mn1.send(udp(MN1, CN, b"bad"))
		    mn1.send(udp(MN1, CN, b"bad"), source=right[:5] + b"\x77")
		    mn1.send(udp(MN1, CN, b"good"), source=right)
		    # RULE: B-SEC-15
		    equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
}

case_lladdr_fragments() {
	lladdr_fragments mag1 access1 eth0
}

case_lladdr_conntrack() {
	in_ns mag1 nft -f - <<-END || skip "no nftables"
		add table inet t
		add chain inet t c { type filter hook forward priority 0; }
		add rule inet t c ct state established counter
	END
	lladdr_fragments mag1 access1 eth0
	in_ns mag1 nft delete table inet t
}

# lladdr_fragments NS ACCESS DEV: by way of that link, whose other end is DEV
lladdr_fragments() {
	py "$MAC1" "$@" <<-'END'
		right, ns, access, dev = sys.argv[1:]
		mn1, access = pair("mn1", dev, ns, access)
		cn = Link("cn", "eth0")
		right = bytes.fromhex(right.replace(":", ""))

		with drops(ns, link_layer_address=2), drops("lma"):
		    for part in fragments(sized(MN1, CN, 1200, b"bad"), 600, ident=2):
		        mn1.send(part)
		    for part in fragments(sized(MN1, CN, 1200, b"good"), 600, ident=3):
		        mn1.send(part, source=right)
		    good = sized(MN1, CN, 1200, b"good")[40:]
		    first = cn.expect(lambda p: True, "a fragment")
		    equal(first.payload[8:], good[:600], "the first to arrive")
		    cn.expect(lambda p: p.payload[8:] == good[600:], "the other fragment")
	END
}

# A fragment of somebody else's packet completes nothing.
case_fragment_of_another() {
	py "$MAC1" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		cn = Link("cn", "eth0")
		right = bytes.fromhex(sys.argv[1].replace(":", ""))
		first, last = fragments(sized(MN1, CN, 1200, b"good"), 600, ident=4)

		with drops("mag1", link_layer_address=1), drops("lma"):
		    mn1.send(first, source=right)
		    mn1.send(last)
		    mn1.send(udp(MN1, CN, b"end"), source=right)
		    seen = cn.until(has(b"end"), "the right packet")
		    check(all(p.payload[8:] != last[48:] for p in seen), f"arrived: {seen}")
	END
}

# A path that changes applies to the next packet.
case_moved_access() {
	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever access access2
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		cn = Link("cn", "eth0")
		with drops("mag1", access_link=1), drops("lma"):
		    mn1.send(udp(MN1, CN, b"bad"))
		    mn2.send(udp(MN1, CN, b"good"))
		    equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever access access1
}

# In the namespace that the device was moved to, too.
case_moved_device() {
	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever lladdr "$MAC1"
	make_ns over router
	link over access9 fe80::1/64 mn1 eth9 -
	ipn mag1 link set pmip0 netns "$RUN-over"
	ipn over -6 -batch - <<-END
		link set pmip0 up
		route add default dev pmip0 table $TABLE_UP
		rule add iif access9 lookup $TABLE_UP pref 1000
	END
	lladdr_fragments over access9 eth9
}

network
run_cases \
	anchor "the anchor refuses a source that is not bound to the tunnel" \
	gateway "the gateway refuses a destination or an anchor that is not bound" \
	access_link "the gateway refuses the source of another access link" \
	lladdr "the gateway refuses another link-layer address" \
	lladdr_fragments "in fragments too" \
	lladdr_conntrack "in fragments that conntrack reassembles too" \
	fragment_of_another "a fragment of another link-layer address is not taken" \
	moved_access "a path that changes applies to the next packet" \
	moved_device "fragments are checked where the device was moved to"
