#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Side by side with ip6tnl, whose handler sees the same protocol: whoever came
# first, each gets what is its own.

. "$(dirname "$0")/lib.sh"

# another_tunnel: by ip6tnl, between the anchor and the core
another_tunnel() {
	ipn lma link add tnl1 type ip6tnl local $LMA remote $CORE_LMA mode any
	ipn core link add tnl1 type ip6tnl local $CORE_LMA remote $LMA mode any
	ipn lma -batch - <<-END
		link set tnl1 up
		addr add 2001:db8:7::1/64 dev tnl1 nodad
	END
	ipn core -batch - <<-END
		link set tnl1 up
		addr add 2001:db8:7::2/64 dev tnl1 nodad
	END
}

received() { ipn lma -s -j link show "$1" | jq '.[0].stats64.rx.packets'; }

# both: each tunnel carries its own, and only that.
both() {
	local pmip6 tnl

	pmip6=$(received pmip0) tnl=$(received tnl1)
	drops_are "" lma ping_ok cn $MN1 3
	is "$(($(received pmip0) - pmip6)) $(($(received tnl1) - tnl))" "3 0" \
		"received by pmip0 and tnl1, for a mobile node"
	pmip6=$(received pmip0) tnl=$(received tnl1)
	ping_ok core 2001:db8:7::1 3
	is "$(($(received pmip0) - pmip6)) $(($(received tnl1) - tnl))" "0 3" \
		"received by pmip0 and tnl1, for the other"
}

no_devices() {
	ipn lma link del tnl1 2>/dev/null || :
	ipn core link del tnl1 2>/dev/null || :
	unload_module
}

case_pmip6_first() {
	no_devices
	modprobe -r ip6_tunnel 2>/dev/null || skip "ip6_tunnel is in use, or built in"
	load_module
	devices
	bindings
	modprobe ip6_tunnel
	another_tunnel
	both
}

case_ip6tnl_first() {
	no_devices
	modprobe ip6_tunnel
	another_tunnel
	load_module
	devices
	bindings
	both
}

# The fallback device takes whatever reaches it: not what is ours, but all else.
case_fallback() {
	local fallback

	ipn lma -6 tunnel change ip6tnl0 mode any
	ipn lma link set ip6tnl0 up
	both
	fallback=$(received ip6tnl0)
	drops_are "no-tunnel=1" lma py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(CORE_MAG1, LMA, udp(MN1, CN, b"not ours"), IPV6))
	END
	is $(($(received ip6tnl0) - fallback)) 1 "received by ip6tnl0"
	drops_are "wrong-tunnel=1" lma py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(MAG1, LMA, udp("2001:db8:a:3::2", CN, b"ours, and wrong"), IPV6))
	END
	is $(($(received ip6tnl0) - fallback)) 1 "received by ip6tnl0"
	ipn lma link set ip6tnl0 down
}

# Without a tunnel for it, the sender hears that nobody is there for it.
case_nobody() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(CORE_MAG1, LMA, udp(MN1, CN, b"not ours"), IPV6))
		error = core.expect(lambda p: p.nh == ICMPV6 and p.icmp[0] == UNREACHABLE, "the error")
		equal(error.dst, CORE_MAG1, "whom it tells")
	END
}

# What is ip6tnl's own between the same ends, as long as we have no such tunnel.
case_same_ends() {
	ipn lma link add tnl2 type ip6tnl local $LMA remote $MAG2 mode any
	ipn mag2 link add tnl2 type ip6tnl local $MAG2 remote $LMA mode any
	pctl lma binding del $HNP3 dev pmip0
	pctl mag2 binding del $HNP3 dev pmip0
	ipn lma -batch - <<-END
		link set tnl2 up
		addr add 2001:db8:6::1/64 dev tnl2 nodad
	END
	ipn mag2 -batch - <<-END
		link set tnl2 up
		addr add 2001:db8:6::2/64 dev tnl2 nodad
	END
	ping_ok lma 2001:db8:6::2 3
	attach $HNP3 mag2 $MAG2 access1
	ping_ok cn $MN3 3
	ipn lma link del tnl2
	ipn mag2 link del tnl2
}

topology
run_cases \
	pmip6_first "ip6tnl comes second" \
	ip6tnl_first "ip6tnl comes first" \
	fallback "its fallback device gets what is not ours" \
	nobody "without it the sender hears that nobody is there" \
	same_ends "between the same ends, one after the other"
