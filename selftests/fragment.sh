#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Fragments inside the tunnel stay what they are; fragments of outer packets are
# put together before anything else is done with them.

. "$(dirname "$0")/lib.sh"

# A fragment has no port, but it has addresses, and those are all that matter.
case_inner() {
	local before

	before=$(stat lma tunnel tx_packets)
	drops_are "" lma drops_are "" mag1 ping_ok cn $MN1 3 -s 3000
	# 3008 octets in three fragments of at most 1460 - 48.
	is $(($(stat lma tunnel tx_packets) - before)) 9 "fragments into the tunnel"
	before=$(stat mag1 tunnel tx_packets)
	drops_are "" lma drops_are "" mag1 ping_ok mn1 $CN 3 -s 3000
	is $(($(stat mag1 tunnel tx_packets) - before)) 9 "fragments into the tunnel"
}

case_inner_udp() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn = Link("mn1", "eth0")
		whole = sized(CN, MN1, 1300, b"x")
		with drops("lma"), drops("mag1"):
		    for part in reversed(fragments(whole, 640)):
		        cn.send(part)
		    first = mn.expect(lambda p: p.nh == FRAGMENT, "the last fragment")
		    second = mn.expect(lambda p: p.nh == FRAGMENT, "the first fragment")
		equal(second.payload[8:] + first.payload[8:], whole[40:], "what arrives")
	END
}

# Cut inside the inner header, at its end, and later; in order and not.
case_outer() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		ident = 100
		for at in 8, 32, 40, 48, 800:
		    for order in list, reversed:
		        ident += 1
		        data = b"%d" % ident
		        packet = ip6(MAG1, LMA, sized(MN1, CN, 1300, data), IPV6)
		        with drops("lma"):
		            for part in order(fragments(packet, at, ident)):
		                core.send(part)
		            got = cn.expect(has(data), f"what was cut at {at}")
		        equal(len(got.octets), 1300, "its size")
	END
}

case_outer_spoofed() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		packet = ip6(MAG2, LMA, sized(MN1, CN, 1300, b"bad"), IPV6)
		with drops("lma", wrong_tunnel=1):
		    for part in fragments(packet, 32, 5):
		        core.send(part)
		    core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		    equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
}

# A part of one is nothing.
case_outer_incomplete() {
	local before

	before=$(stat lma device rx_packets)
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		packet = ip6(MAG1, LMA, sized(MN1, CN, 1300, b"bad"), IPV6)
		with drops("lma"):
		    core.send(fragments(packet, 800, 6)[0])
		    core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		    equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
	is $(($(stat lma device rx_packets) - before)) 1 "packets out of the tunnel"
}

network
run_cases \
	inner "fragmented pings, both ways" \
	inner_udp "inner fragments out of order" \
	outer "outer fragments are reassembled" \
	outer_spoofed "and then checked as any other" \
	outer_incomplete "what is not complete does not come out"
