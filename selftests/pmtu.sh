#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Path MTU: the sender of the inner packet hears what fits (RFC 2473 7.1), and
# what every IPv6 path must carry arrives even where the tunnel's does not.

. "$(dirname "$0")/lib.sh"

# core_mtu MTU: of the link between the core and the first gateway
core_mtu() {
	ipn core link set mag1 mtu "$1"
	ipn mag1 link set core mtu "$1"
}

# forget: nothing is known of any path.
forget() {
	local ns

	for ns in lma mag1; do in_ns $ns ip -6 route flush cache; done
}

tunnel_mtu() { pctl "$1" -j tunnel show dev pmip0 | jq ".[] | select(.remote == \"$2\") | .mtu"; }

# At the anchor's own link first, then at the link beyond the core.
case_to_mn() {
	core_mtu 1400
	is "$(tunnel_mtu lma $MAG1)" 1460 "tunnel MTU before"
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn = Link("mn1", "eth0")

		def told(size, want):
		    cn.send(sized(CN, MN1, size))
		    error = cn.expect(lambda p: p.icmp[0] == TOO_BIG, f"the error about {size}")
		    # RULE: B-MAG-84
		    equal(error.icmp[2], want, f"MTU told about {size}")
		    equal((error.src, error.dst), (LMA_CN, CN), "who tells whom")
		    equal(error.payload[8:48][8:], addr(CN) + addr(MN1), "which packet it means")

		def arrives(size, data):
		    cn.send(sized(CN, MN1, size, data))
		    equal(len(mn.expect(has(data), f"one of {size}").octets), size, "its size")

		with drops("lma", too_big=2), drops("mag1"):
		    told(1500, 1460)
		    told(1461, 1460)
		with drops("lma"):
		    told(1460, 1360)
		with drops("lma", too_big=1), drops("mag1"):
		    told(1361, 1360)
		    arrives(1360, b"fits")
	END
	# RULE: B-MAG-84
	is "$(tunnel_mtu lma $MAG1)" 1360 "tunnel MTU after"
	# Another tunnel has a path of its own.
	is "$(tunnel_mtu lma $MAG2)" 1460 "tunnel MTU to the other gateway"
	core_mtu 1500
	forget
}

case_from_mn() {
	ipn core link set lma mtu 1420
	ipn lma link set core mtu 1420
	py <<-'END'
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		cn = Link("cn", "eth0")

		def told(size, want):
		    mn.send(sized(MN1, CN, size))
		    error = mn.expect(lambda p: p.icmp[0] == TOO_BIG, f"the error about {size}")
		    # RULE: B-MAG-84
		    equal(error.icmp[2], want, f"MTU told about {size}")
		    equal((error.src, error.dst), (MAG1, MN1), "who tells whom")

		with drops("mag1", too_big=2), drops("lma"):
		    told(1500, 1460)
		    told(1460, 1380)
		    told(1381, 1380)
		    mn.send(sized(MN1, CN, 1380, b"fits"))
		    equal(len(cn.expect(has(b"fits"), "one of 1380").octets), 1380, "its size")
	END
	ipn core link set lma mtu 1500
	ipn lma link set core mtu 1500
	forget
}

# The path narrows while large segments are on their way: TCP hears of it, and
# what was sent arrives.
case_tcp() {
	local size received=$work/received

	head -c 4000000 /dev/urandom >"$work/data"
	mkfifo "$work/feed"
	listen mn1 5000 "$received"
	background nsenter --net="/run/netns/$RUN-cn" -- \
		socat -u "OPEN:$work/feed" "TCP6:[$MN1]:5000"
	exec {feed}>"$work/feed"
	head -c 1500000 "$work/data" >&$feed
	wait_for 30 at_least 1500000 size_of "$received" || fail "the first part does not arrive"
	core_mtu 1380
	# Over, then under, what TCP has found so far; the rest after it has adapted.
	tail -c +1500001 "$work/data" >&$feed
	exec {feed}>&-
	size=4000000
	wait_for 60 at_least $size size_of "$received" ||
		fail "stuck at $(size_of "$received") of $size"
	cmp "$work/data" "$received"
	is "$(tunnel_mtu lma $MAG1)" 1340 "tunnel MTU after"
	like "$(ipn cn -6 route get $MN1)" 'mtu 1340' "what the correspondent knows"
	core_mtu 1500
	forget
}

# Below what an inner packet of 1280 octets needs, the outer one is fragmented:
# by the anchor, not by the core, and reassembled by the gateway.
case_small() {
	core_mtu 1300
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		core, gateway = Link("core", "lma"), Link("mag1", "core")

		with drops("lma", too_big=1), drops("mag1"):
		    # Too large for 1300, and the core says so.
		    cn.send(sized(CN, MN1, 1280, b"lost"))
		    lost = core.expect(lambda p: p.nh == IPV6, "what the core can not send on")
		    # One that is too large for any is told 1280, not less.
		    wait_until(lambda: equal(pmipctl("lma", "tunnel")[0]["mtu"], 1280, "MTU"),
		               "what the anchor hears from the core")
		    cn.send(sized(CN, MN1, 1281))
		    error = cn.expect(lambda p: p.icmp[0] == TOO_BIG, "the error about 1281")
		    equal(error.icmp[2], 1280, "MTU told about 1281")
		    cn.send(sized(CN, MN1, 1280, b"whole"))
		    whole = mn.expect(has(b"whole"), "one of 1280")
		    equal(len(whole.octets), 1280, "its size")
		parts = [p for p in gateway.packets(0.2) if p.nh == FRAGMENT]
		equal([p.payload[0] for p in parts], [IPV6, IPV6], "outer fragments")
		check(all(len(p.octets) <= 1300 for p in parts), f"too large: {parts}")
	END
	is "$(tunnel_mtu lma $MAG1)" 1280 "tunnel MTU"
	core_mtu 1500
	forget
}

case_small_from_mn() {
	core_mtu 1300
	py <<-'END'
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		cn, core = Link("cn", "eth0"), Link("core", "mag1")
		with drops("lma"), drops("mag1"):
		    mn.send(sized(MN1, CN, 1280, b"whole"))
		    equal(len(cn.expect(has(b"whole"), "one of 1280").octets), 1280, "its size")
		parts = [p for p in core.packets(0.2) if p.nh == FRAGMENT]
		equal([p.payload[0] for p in parts], [IPV6, IPV6], "outer fragments")
	END
	core_mtu 1500
}

# A probe by ICMP Echo finds it before any mobile node's packet does.
case_probe() {
	core_mtu 1400
	is "$(tunnel_mtu lma $MAG1)" 1460 "tunnel MTU before"
	not in_ns lma ping -q -c 1 -W 5 -M 'do' -s 1452 $MAG1 || fail "1500 octets get through"
	# RULE: B-MAG-85
	is "$(tunnel_mtu lma $MAG1)" 1360 "tunnel MTU after a probe of 1500 octets"
	in_ns lma ping -q -c 1 -W 5 -M 'do' -s 1352 $MAG1 || fail "1400 octets do not get through"
	core_mtu 1500
	forget
}

HOST_MTU=
network
run_cases \
	to_mn "the correspondent hears what fits, from both links" \
	from_mn "the mobile node hears what fits" \
	probe "a probe by ICMP Echo changes the MTU of the tunnel" \
	tcp "the path narrows under a TCP transfer" \
	small "1280 octets arrive by a path of 1300" \
	small_from_mn "and from the mobile node"
