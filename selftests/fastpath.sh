#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The fast path: what it takes, that this comes out as it would otherwise, octet
# by octet, and what it leaves to the usual way. With $FASTPATH set, other tests
# go by it too.

. "$(dirname "$0")/lib.sh"

# fast_of NS: rx and tx packets that the fast path took
fast_of() {
	pctl "$1" -j stats show dev pmip0 | jq -r '.[0] | "\(.fast_rx_packets) \(.fast_tx_packets)"'
}

# taken NS COMMAND...: how many more of both after it
taken() {
	local before after

	read -ra before < <(fast_of "$1")
	"${@:2}" >&2
	read -ra after < <(fast_of "$1")
	echo "$((after[0] - before[0])) $((after[1] - before[1]))"
}

ifaces_of() { pctl "$1" -j device show pmip0 | jq -r '.[0].fastpath // [] | sort | join(" ")'; }

# refused PATTERN ARGUMENTS...: what pmipctl says of them at the anchor
refused() { refused_at lma "$@"; }

# refused_at NS PATTERN ARGUMENTS...
refused_at() {
	local said

	! said=$(pctl "$1" "${@:3}" 2>&1) || fail "accepted: pmipctl ${*:3}"
	like "$said" "$2" "pmipctl ${*:3}"
}

on() {
	pctl lma device set pmip0 fastpath on dev cn core
	pctl mag1 device set pmip0 fastpath on dev core access1 access2
}

# From one mobile node to another, too.
on_between() {
	on
	pctl lma device set pmip0 fastpath on dev cn core pmip0
}

off() {
	pctl lma device set pmip0 fastpath off
	pctl mag1 device set pmip0 fastpath off
}

case_off() {
	is "$(ifaces_of lma)" "" "interfaces at first"
	is "$(taken lma ping_ok cn $MN1 3)" "0 0" "taken by the anchor"
	is "$(taken mag1 ping_ok cn $MN1 3)" "0 0" "taken by the gateway"
}

case_named() {
	pctl lma device set pmip0 fastpath on dev cn
	is "$(ifaces_of lma)" "cn" "one interface"
	like "$(pctl lma device show pmip0)" " fastpath cn( |$)" "as text"
	pctl lma device set pmip0 hoplimit 63 fastpath on dev core cn core
	is "$(ifaces_of lma)" "cn core" "two, one of them named twice"
	pctl lma device set pmip0 hoplimit 64
	is "$(ifaces_of lma)" "cn core" "after a change of something else"
	pctl lma device set pmip0 fastpath on dev core
	is "$(ifaces_of lma)" "core" "the other"
	pctl lma device set pmip0 fastpath off
	is "$(ifaces_of lma)" "" "none"
}

case_refused() {
	local many=() i

	pctl lma device set pmip0 fastpath on dev cn
	for ((i = 0; i < 33; i++)); do many+=(core); done
	refused 'no network device "cm"' device set pmip0 fastpath on dev core cm
	refused 'neither a loopback nor another pmip6 device' device set pmip0 fastpath on dev core lo
	pctl lma device add pmip8 role lma local 2001:db8:1::8
	refused 'neither a loopback nor another pmip6 device' device set pmip0 fastpath on dev core pmip8
	pctl lma device del pmip8
	refused_at mag1 "only an anchor's own device" device set pmip0 fastpath on dev core pmip0
	refused '32 interfaces at most' device set pmip0 fastpath on dev "${many[@]}"
	refused 'fastpath comes last' device set pmip0 fastpath
	refused 'fastpath comes last' device set pmip0 fastpath on
	refused 'fastpath comes last' device set pmip0 fastpath on dev
	refused 'fastpath comes last' device set pmip0 fastpath off dev core
	refused 'once it is there' device add pmip9 role lma local 2001:db8:1::7 fastpath on dev core
	is "$(ifaces_of lma)" "cn" "interfaces after what was refused"
	is "$(ifaces_of mag1)" "" "interfaces of the gateway"
	pctl lma device set pmip0 fastpath off
}

# Answers have room for them all: of the family, one device and all, and of rtnetlink.
case_most() {
	local i all=()

	for ((i = 0; i < 32; i++)); do all+=("most$i"); done
	printf 'link add %s type dummy\n' "${all[@]}" | ipn lma -batch -
	pctl lma device set pmip0 fastpath on dev "${all[@]}"
	is "$(pctl lma -j device show pmip0 | jq '.[0].fastpath | length')" 32 "interfaces in a dump"
	py <<-'END'
		import genl
		enter("lma")
		family = genl.Family()
		equal(family.do([family.device(socket.if_nametoindex("pmip0"))]), [0], "answer for one device")
	END
	like "$(ipn lma -d link show pmip0)" " pmip6 " "ip -d link"
	printf 'link del %s\n' "${all[@]}" | ipn lma -batch -
	is "$(ifaces_of lma)" "" "interfaces after they are gone"
}

case_taken() {
	on
	is "$(drops_are "" lma drops_are "" mag1 taken lma ping_ok cn $MN1 5)" "5 5" "by the anchor"
	is "$(taken mag1 ping_ok mn1 $CN 5)" "5 5" "by the gateway"
	is "$(stat lma device tx_packets)" "$(stat lma binding tx_packets)" "device and bindings"
	is "$(stat lma device tx_packets)" "$(stat lma tunnel tx_packets)" "device and tunnels"
	is "$(stat mag1 device rx_bytes)" "$(stat mag1 tunnel rx_bytes)" "octets of device and tunnels"
}

# What comes out of one tunnel and goes into another, by the anchor's own device.
case_between() {
	on
	is "$(taken lma ping_ok mn1 $MN3 3)" "6 0" "packets that are received only"
	on_between
	is "$(ifaces_of lma)" "cn core pmip0" "interfaces"
	is "$(drops_are "" lma taken lma ping_ok mn1 $MN3 3)" "6 6" "between two gateways"
	is "$(drops_are "" lma taken lma ping_ok mn1 $MN2 3)" "6 6" "at one gateway"
	is "$(drops_are "" lma taken lma ping_ok mn1 $CN 3)" "3 3" "to a correspondent"
	# Whom no path leads to is for the usual way to refuse.
	pctl lma binding change $HNP3 dev pmip0 drop
	drops_are "no-path=2" lma \
		in_ns mn1 sh -c "ping -q -c 2 -i 0.01 -W 1 $MN3 >/dev/null || :"
	pctl lma binding change $HNP3 dev pmip0 remote $MAG2 lifetime forever
	# By itself, too.
	pctl lma device set pmip0 fastpath on dev pmip0
	is "$(taken lma ping_ok mn1 $MN3 3)" "0 6" "packets that are sent only"
	off
}

# What arrives in the core and at the ends, for packets of all kinds.
case_same_octets() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		at_anchor, at_gateway = Link("core", "lma"), Link("core", "mag1")
		ends = listener("cn"), listener("mn1"), raw_listener("cn", 50), raw_listener("mn1", 50)

		def packets(src, dst):
		    for n, (size, tclass, hops) in enumerate(
		            (size, tclass, hops) for size in (60, 61, 128, 1280, 1460)
		            for tclass in (0, 0xb9, 0xff) for hops in (3, 64, 255)):
		        data = (b"%d" % n).ljust(size - 48, b".")
		        yield b"%d" % n, udp(src, dst, data, tclass=tclass, hops=hops)
		    for nh in 6, 50:
		        yield None, ip6(src, dst, bytes([nh] * 40), nh)

		def pass_all():
		    seen = []
		    for sender, core, receiver, src, dst in (
		            (cn, at_anchor, mn, CN, MN1), (mn, at_gateway, cn, MN1, CN)):
		        for data, packet in packets(src, dst):
		            mine = lambda p: (p.src, p.dst) == (src, dst) and (
		                p.nh == packet[6] and p.payload == packet[40:])
		            sender.send(packet)
		            outer = core.expect(lambda p: p.nh == IPV6 and mine(p.inner), "outer packet")
		            inner = receiver.expect(mine, "inner packet")
		            seen.append((outer.octets, inner.octets))
		    return seen

		def fast(state):
		    for ns, devs in ("lma", ["cn", "core"]), ("mag1", ["core", "access1"]):
		        run(ns, os.environ["pmipctl"], "device", "set", "pmip0", "fastpath",
		            *(["on", "dev"] + devs if state else ["off"]))

		def counted():
		    stats = [pmipctl(ns, "stats", "show", "dev", "pmip0")[0] for ns in ("lma", "mag1")]
		    return [one[key] for one in stats for key in ("fast_rx_packets", "fast_tx_packets")]

		fast(False)
		usual = pass_all()
		fast(True)
		before = counted()
		quick = pass_all()
		for one, other in zip(usual, quick, strict=True):
		    equal(other, one, "outer and inner packet by the fast path")
		count = len(usual) // 2
		equal([now - then for now, then in zip(counted(), before)], [count] * 4,
		      "packets that were taken")
	END
}

# Which of them come out, and what senders hear, are for other tests to say.
case_left_alone() {
	on
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		core, _ = pair("core", "lma", "lma", "core")
		to_mag1, _ = pair("core", "mag1", "mag1", "core")
		ends = listener("cn"), listener("mn1")
		HOPOPTS = bytes([UDP, 0, 1, 4, 0, 0, 0, 0])

		def fast(ns):
		    stats = pmipctl(ns, "stats", "show", "dev", "pmip0")[0]
		    return [stats["fast_rx_packets"], stats["fast_tx_packets"]]

		def leaves(ns, link, packet, what, **frame):
		    before = fast(ns)
		    link.send(packet, **frame)
		    # What comes after it has been dealt with.
		    link.send(udp(CN, MN1, b"next") if link is cn else
		              udp(MN1, CN, b"next") if link is mn else
		              ip6(MAG1, LMA, udp(MN1, CN, b"next"), IPV6) if link is core else
		              ip6(LMA, MAG1, udp(CN, MN1, b"next"), IPV6))
		    (mn if link in (cn, to_mag1) else cn_end).expect(has(b"next"), f"what follows {what}")
		    after = fast(ns)
		    equal(sum(after) - sum(before), 1, f"taken, {what} among them")

		cn_end = cn
		for link, ns, src, dst in (cn, "lma", CN, MN1), (mn, "mag1", MN1, CN):
		    leaves(ns, link, ip6(src, dst, HOPOPTS + udp_data(src, dst, b"x"), 0), "an option")
		    leaves(ns, link, fragments(udp(src, dst, b"x" * 64), 32)[0], "a fragment")
		    leaves(ns, link, udp(src, dst, b"x", hops=1), "the last hop")
		    leaves(ns, link, udp(src, dst, b"x", hops=0), "no hop")
		    leaves(ns, link, sized(src, dst, 1461), "what is too big")
		    leaves(ns, link, udp(src, dst, b"x") + b"pad", "padding")
		    leaves(ns, link, udp("::ffff:192.0.2.1" if link is cn else "::1", dst, b"x"),
		           "a source that is none")
		leaves("lma", cn, udp(CN, "2001:db8:a:77::1", b"x"), "nobody's address")
		leaves("lma", cn, b"\x45" + udp(CN, MN1, b"x")[1:], "another version")
		run("mag1", os.environ["pmipctl"], "binding", "replace", os.environ["HNP1"], "dev", "pmip0",
		    "remote", LMA, "lifetime", "forever", "access", "access1", "lladdr", mn.mac.hex(":"))
		leaves("mag1", mn, udp(MN1, CN, b"x"), "another station's frame",
		       source=b"\2\0\0\0\x77\x77")
		leaves("mag1", mn, udp(MN2, CN, b"x"), "another link's mobile node")
		leaves("mag1", mn, udp(MN1, MAG1, b"x"), "what is for the gateway")

		inner = udp(MN1, CN, b"x")
		leaves("lma", core, ip6(MAG2, LMA, inner, IPV6), "what another gateway sent")
		leaves("lma", core, ip6("2001:db8:9::9", LMA, inner, IPV6), "what a stranger sent")
		leaves("lma", core, fragments(ip6(MAG1, LMA, inner, IPV6), 32)[0], "an outer fragment")
		leaves("lma", core, ip6(MAG1, LMA, udp(MN3, CN, b"x"), IPV6), "who is elsewhere")
		leaves("lma", core, ip6(MAG1, LMA, fragments(inner, 8)[0], IPV6), "an inner fragment")
		leaves("lma", core, ip6(MAG1, LMA, inner[:-1], IPV6), "a short inner packet")
		leaves("lma", core, ip6(MAG1, LMA, inner[:39], IPV6), "less than a header")
		leaves("mag1", to_mag1, ip6(LMA, MAG1, udp(CN, MN3, b"x"), IPV6), "who is not here")
	END
}

# A gateway that does not know where the mobile node is asks, and then does.
case_neighbour() {
	on
	ipn mag1 neigh flush dev access1 nud permanent
	ping_ok cn $MN1 3
	is "$(taken mag1 ping_ok cn $MN1 3)" "3 3" "taken by the gateway"
}

# Each time, and not only as long as nobody was looked for yet.
case_nobody_there() {
	on
	in_ns mag1 sh -ec 'cd /proc/sys/net/ipv6/neigh/access1
		echo 1 >mcast_solicit; echo 1 >ucast_solicit; echo 200 >retrans_time_ms'
	py "${HNP1%/*}77" <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		for turn in range(3):
		    cn.send(udp(CN, sys.argv[1], b"x"))
		    error = cn.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] < 128, f"error {turn}", 5)
		    equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
	END
}

# As Documentation/operations.rst says; but not where packets of mobile nodes leave
# the anchor, which is for routing to say.
case_bypasses() {
	on
	in_ns lma nft -f - <<-END || skip "no nftables"
		add table inet t
		add chain inet t c { type filter hook forward priority 0; }
		add rule inet t c oifname pmip0 drop
	END
	ping_ok cn $MN1 3
	in_ns lma nft add rule inet t c iifname pmip0 drop
	! in_ns mn1 ping -q -c 1 -W 1 $CN || fail "what leaves the anchor is not filtered"
	! in_ns mn1 ping -q -c 1 -W 1 $MN3 || fail "what leaves a tunnel is not filtered"
	on_between
	ping_ok mn1 $MN3 3
	! in_ns mn1 ping -q -c 1 -W 1 $CN || fail "what leaves the anchor is not filtered any more"
	in_ns lma nft flush chain inet t c
	in_ns lma nft add rule inet t c oifname pmip0 drop
	off
	! in_ns cn ping -q -c 1 -W 1 $MN1 || fail "the filter is not asked"
	in_ns lma nft delete table inet t
	ping_ok cn $MN1 1
}

case_seen_by_tcpdump() {
	on
	capture lma cn "host $MN1"
	ping_ok cn $MN1 3
	wait_for 5 at_least 6 captured || :
	capture_end
	is "$(captured)" 6 "packets that tcpdump saw"
}

# Who does not forward does not do so by the fast path either.
case_no_forwarding() {
	on
	in_ns lma sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'
	is "$(taken lma in_ns cn sh -c "ping -q -c 1 -W 1 $MN1 || :")" "0 0" "taken by no router"
	in_ns lma sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	# The routes of routers are those of hosts no more.
	reaches cn $MN1
	ipn lma link set pmip0 down
	is "$(taken lma in_ns cn sh -c "ping -q -c 1 -W 1 $MN1 || :")" "0 0" "taken by a device that is down"
	ipn lma link set pmip0 up
	ipn lma route replace $POOL via $NEXT_HOP dev pmip0
	ping_ok cn $MN1 1
}

case_address_moves() {
	on
	ipn lma addr del $LMA/64 dev core
	is "$(taken lma in_ns mn1 sh -c "ping -q -c 1 -W 1 $CN || :")" "0 0" "taken for an address that is gone"
	ipn lma addr add $LMA/64 dev core nodad
	ipn lma route replace default via $CORE_LMA
	reaches mn1 $CN
}

case_ipsec() {
	on
	ipn lma xfrm state add src $LMA dst $MAG1 proto esp spi 1 mode transport \
		aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128
	ipn lma xfrm policy add src $LMA dst $MAG1 proto 41 dir out tmpl proto esp mode transport
	capture core lma "ip6 proto 50 and src $LMA"
	is "$(taken lma in_ns cn sh -c "ping -q -c 3 -i 0.01 -W 1 $MN1 || :")" "0 0" "taken"
	wait_for 5 at_least 3 captured || :
	capture_end
	is "$(captured)" 3 "protected packets"
	ipn lma xfrm policy flush
	ipn lma xfrm state flush
	is "$(taken lma ping_ok cn $MN1 3)" "3 3" "taken without IPsec"
}

case_policy_in() {
	on
	ipn lma xfrm policy add src $MAG1 dst $LMA proto 41 dir in tmpl proto esp mode transport
	drops_are "policy=3" lma in_ns mn1 sh -c "ping -q -c 3 -i 0.01 -W 1 $CN || :"
	ipn lma xfrm policy flush
}

case_interfaces_go() {
	ipn lma link add spare type dummy
	ipn lma link add other type dummy
	pctl lma device set pmip0 fastpath on dev cn spare other core
	ipn lma link del spare
	is "$(ifaces_of lma)" "cn core other" "after one was deleted"
	ipn lma link set other netns "$RUN-cn"
	is "$(ifaces_of lma)" "cn core" "after one was moved away"
	ipn cn link del other
	ping_ok cn $MN1 1
}

case_device_goes() {
	on_between
	flood cn $MN1
	ipn lma link del pmip0
	anchor_device
	bindings_again
	is "$(ifaces_of lma)" "" "interfaces of the new device"
	on_between
	ipn lma link set pmip0 netns "$RUN-cn"
	is "$(pctl cn -j device show pmip0 | jq -r '.[0].fastpath // [] | join(" ")')" "" "of one that was moved"
	ipn cn link del pmip0
	anchor_device
	bindings_again
	reap_background
	ping_ok cn $MN1 1
}

bindings_again() {
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
}

case_module_goes() {
	local ns

	on_between
	flood cn $MN1
	wait_for 20 busy lma 100 || fail "no traffic"
	for ns in lma mag1 mag2; do ipn $ns link del pmip0; done
	rmmod pmip6
	reap_background
	load_module
	devices
	bindings
	ping_ok cn $MN1 1
}

network
run_cases \
	off "it is off" \
	named "it is on for the interfaces that are named" \
	refused "what cannot be is refused, and changes nothing" \
	most "it takes as many interfaces as may be named" \
	taken "both ways it takes packets of mobile nodes, and counts them" \
	between "from one mobile node to another, if the anchor's own device is named" \
	same_octets "they come out as they would without" \
	left_alone "what is out of the ordinary goes the usual way" \
	neighbour "a mobile node whose link-layer address is not known is asked for it" \
	nobody_there "who sends to nobody hears that, each time" \
	bypasses "it bypasses the forwarding filter" \
	seen_by_tcpdump "tcpdump sees what it takes" \
	no_forwarding "it takes nothing where nothing is forwarded" \
	address_moves "nor for an address that is not there" \
	ipsec "nor what IPsec protects" \
	policy_in "nor what IPsec policy refuses" \
	interfaces_go "interfaces end" \
	device_goes "the device ends, or is moved, under traffic" \
	module_goes "and so does the module"
