#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Hop limits inside and outside, and who hears of it when they or the way end
# (RFC 2473 6.3, 8).

. "$(dirname "$0")/lib.sh"

case_outer() {
	pctl lma device set pmip0 hoplimit 33
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		at_anchor, at_gateway = Link("core", "lma"), Link("core", "mag1")
		outer = lambda p: p.nh == IPV6 and p.inner.data == b"x"

		cn.send(udp(CN, MN1, b"x", hops=9))
		equal(at_anchor.expect(outer, "the outer packet").hops, 33, "what was set")
		equal(mn.expect(has(b"x"), "the inner packet").hops, 7, "down by the two routers")
		mn.send(udp(MN1, CN, b"x", hops=255))
		equal(at_gateway.expect(outer, "the outer packet").hops, 64, "the default")
		equal(cn.expect(has(b"x"), "the inner packet").hops, 253, "down by the two routers")
	END
	is "$(pctl lma -j device show pmip0 | jq '.[0].hop_limit')" 33 "hop limit shown"
	pctl lma device set pmip0 hoplimit 64
}

# Each router on the way tells the sender, in its own name.
case_inner_expires() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")

		def expires(link, src, dst, hops, at, who):
		    packet = udp(src, dst, b"x", hops=hops)
		    link.send(packet)
		    error = link.expect(lambda p: p.icmp[0] == TIME_EXCEEDED, "the error")
		    equal(error.src, who, f"who tells {src} that {hops} hops are too few")
		    equal(error.dst, src, "whom it tells")
		    equal(error.payload[8:48][8:], packet[8:40], "which packet it means")

		with drops("lma"), drops("mag1"):
		    expires(cn, CN, MN1, 1, "lma", LMA_CN)
		    expires(cn, CN, MN1, 2, "mag1", MAG1)
		    expires(mn, MN1, CN, 1, "mag1", MAG1)
		    expires(mn, MN1, CN, 2, "lma", LMA_CN)
	END
}

# What a router between the ends reports of the outer packet, the sender of the
# inner one hears as: unreachable.
case_outer_expires() {
	pctl lma device set pmip0 hoplimit 1
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		packet = udp(CN, MN1, b"x")
		with drops("lma"):
		    cn.send(packet)
		    error = cn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
		equal(error.src, LMA_CN, "who tells")
		equal(error.payload[8:48][8:], packet[8:40], "which packet it means")
	END
	pctl lma device set pmip0 hoplimit 64
}

case_outer_unreachable() {
	ipn core route add unreachable $MAG2/128
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		packet = udp(CN, MN3, b"x")
		with drops("lma"):
		    cn.send(packet)
		    error = cn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
		equal(error.src, LMA_CN, "who tells")
		equal(error.payload[8:48][8:], packet[8:40], "which packet it means")
	END
	ipn core route del unreachable $MAG2/128
}

# The same at the gateway: the mobile node hears.
case_outer_unreachable_mn() {
	ipn core route add unreachable $LMA/128
	py <<-'END'
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		mn.send(udp(MN1, CN, b"x"))
		error = mn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
		equal(error.src, MAG1, "who tells")
	END
	ipn core route del unreachable $LMA/128
}

# An error about a packet that we can not have sent is passed on to nobody.
case_forged() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")

		def error(kind, inner, outer_src=LMA):
		    about = ip6(outer_src, MAG1, inner, IPV6)
		    core.send(icmp(CORE_LMA, LMA, kind, 0, struct.pack("!I", 1280) + about))

		error(UNREACHABLE, udp(CN, "2001:db8:a:99::1", b"nobody"))
		error(UNREACHABLE, udp(CN, MN3, b"of another tunnel"))
		error(TIME_EXCEEDED, b"short")
		error(TOO_BIG, udp(CN, MN1, b"small"))
		error(UNREACHABLE, udp(CN, MN1, b"ours"))
		got = cn.expect(lambda p: p.nh == ICMPV6, "the error about ours")
		equal(got.payload[8 + 48:], b"ours", "what it is about")
	END
}

case_no_route() {
	ipn lma -6 route del default
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		with drops("lma", no_route=1):
		    cn.send(udp(CN, MN1, b"x"))
		    error = cn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
	END
	ipn lma route add default via $CORE_LMA
	ping_ok cn $MN1 1
}

# The way to the gateway must not lead into the tunnel to the gateway.
case_into_itself() {
	ipn lma route add $MAG2/128 dev pmip0
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		core = Link("core", "lma")
		sent = lambda: pmipctl("lma", "device", "show", "pmip0")[0]["stats"]["tx_packets"]
		already = sent()
		with drops("lma", loop=1):
		    cn.send(udp(CN, MN3, b"x"))
		    cn.send(udp(CN, MN1, b"y"))
		    before = core.until(lambda p: p.nh == IPV6 and p.inner.data == b"y",
		                        "what goes by another tunnel")
		    equal(before, [], "what came before")
		equal(sent() - already, 1, "packets into tunnels")
	END
	ipn lma route del $MAG2/128 dev pmip0
	ping_ok cn $MN3 1
}

case_no_binding() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		with drops("lma", no_binding=1):
		    cn.send(udp(CN, "2001:db8:a:99::1", b"x"))
		    error = cn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
	END
}

network
run_cases \
	outer "the outer hop limit is the device's, the inner goes down by two" \
	inner_expires "each router tells of the inner hop limit in its own name" \
	outer_expires "the correspondent hears that the outer hop limit was too low" \
	outer_unreachable "the correspondent hears that the gateway is unreachable" \
	outer_unreachable_mn "the mobile node hears that the anchor is unreachable" \
	forged "errors about what was not sent are not passed on" \
	no_route "no route to the gateway: the correspondent hears" \
	into_itself "a route to the gateway into its own tunnel is none" \
	no_binding "no binding: the correspondent hears"
