#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Devices: made, shown, changed and removed; what is wrong is refused with a
# reason, and changes nothing.

. "$(dirname "$0")/lib.sh"

# refused PATTERN NS ARGUMENTS...: what pmipctl says of them
refused() {
	local said

	! said=$(pctl "${@:2}" 2>&1) || fail "accepted: pmipctl ${*:3}"
	like "$said" "$1" "pmipctl ${*:3}"
}

devices_of() { pctl "$1" -j device show | jq -r 'map(.name) | sort | join(" ")'; }

case_add() {
	local shown

	pctl lma device add pmip0 role lma local $LMA hoplimit 17 link core fwmark 5
	shown=$(pctl lma -j device show pmip0 | jq -c '.[0]')
	is "$(jq -r '"\(.name) \(.role) \(.local) \(.hop_limit) \(.link) \(.fwmark) \(.bindings) \(.tunnels)"' <<<"$shown")" \
		"pmip0 lma $LMA 17 core 5 0 0" "device"
	like "$(ipn lma -d link show pmip0)" "UP.* pmip6 " "ip -d link"
	like "$(pctl lma device show)" "pmip0 role lma local $LMA hoplimit 17 link core fwmark 5" "text"
}

case_no_link_local() {
	is "$(ipn lma -6 -o addr show dev pmip0)" "" "addresses of the device"
}

case_set() {
	pctl lma device set pmip0 hoplimit 255 link none fwmark 0
	is "$(pctl lma -j device show pmip0 | jq -r '.[0] | "\(.hop_limit) \(.link) \(.fwmark)"')" \
		"255 null null" "device"
	refused 'the role can not be changed' lma device set pmip0 role mag
	refused 'the local address can not be changed' lma device set pmip0 local 2001:db8:1::7
	refused 'is not a value of hoplimit' lma device set pmip0 hoplimit 0
	refused 'is not a value of hoplimit' lma device set pmip0 hoplimit 256
	refused 'no network device "pmip7"' lma device set pmip0 link pmip7
	is "$(pctl lma -j device show pmip0 | jq -r '.[0] | "\(.role) \(.local) \(.hop_limit)"')" \
		"lma $LMA 255" "device after what was refused"
}

case_bad() {
	refused 'role is missing: lma or mag' lma device add pmip9 local 2001:db8:1::7
	refused 'local address is missing' lma device add pmip9 role lma
	refused 'is not a role' lma device add pmip9 role both local 2001:db8:1::7
	refused 'is not an IPv6 address' lma device add pmip9 role lma local 192.0.2.1
	for address in :: ::1 fe80::1 ff0e::1; do
		refused 'must be a global unicast address' \
			lma device add pmip9 role lma local $address
	done
	refused 'unknown word "colour"' lma device add pmip9 role lma colour red
	refused '"local" needs a value' lma device add pmip9 role lma local
	refused 'is not a name' lma device add a-name-too-long-for-one role lma local 2001:db8:1::7
	refused 'File exists' lma device add core role lma local 2001:db8:1::7
	refused 'no network device' lma device show pmip9
	# Kernels before 6.7 give no reason for a dump.
	refused 'not of kind pmip6|not supported' lma binding show dev core
	is "$(devices_of lma)" "pmip0" "devices"
	! ipn lma link add pmip9 type pmip6 2>"$work/said" || fail "no attributes, but accepted"
	like "$(<"$work/said")" 'role is missing' "ip link add"
}

# An underlay's interface is one of its namespace, by its number too.
case_no_underlay() {
	py <<-'END'
		import rtnl

		enter("lma")
		links, core = rtnl.Rtnl(), socket.if_nametoindex("core")
		ENODEV = 19
		add = lambda link: links.add_device("pmip9", rtnl.ROLE_LMA, "2001:db8:1::7", link)
		equal(add(4000000), ENODEV, "a device on an interface that there is not")
		equal("pmip9" in [name for _, name in socket.if_nameindex()], False, "a device")
		equal(add(core), 0, "a device on one that there is")
		equal(pmipctl("lma", "device", "show", "pmip9")[0]["link"], "core", "its interface")
		equal(links.del_link(socket.if_nametoindex("pmip9")), 0, "its end")
	END
}

case_same_address() {
	refused 'another pmip6 device has this local address' \
		lma device add pmip1 role mag local $LMA
	# It is an address of the underlay, so another namespace may have it too.
	pctl mag1 device add pmip1 role lma local $LMA
	pctl mag1 device del pmip1
}

case_several() {
	ipn lma addr add 2001:db8:1::2/64 dev core nodad
	pctl lma device add pmip1 role mag local 2001:db8:1::2
	is "$(devices_of lma)" "pmip0 pmip1" "devices"
	# The same prefix and the same gateway, once for each of them.
	for dev in pmip0 pmip1; do
		pctl lma binding add $HNP1 dev $dev remote $MAG1 lifetime forever
	done
	is "$(pctl lma -j tunnel show | jq -r 'map("\(.device) \(.local)") | sort | join(",")')" \
		"pmip0 $LMA,pmip1 2001:db8:1::2" "tunnels"
	is "$(pctl lma -j tunnel show dev pmip1 | jq length)" 1 "tunnels of one"
	is "$(pctl lma -j binding show dev pmip0 | jq length)" 1 "bindings of one"
	is "$(pctl lma -j binding show | jq length)" 2 "bindings of both"
	pctl lma device del pmip1
	is "$(pctl lma -j binding show | jq -r 'map(.device) | join(",")')" pmip0 "bindings after one is gone"
	pctl lma binding del $HNP1 dev pmip0
}

case_counters() {
	is "$(ipn lma -s -j link show pmip0 | jq -c '.[0].stats64.tx | [.packets, .dropped]')" "[0,0]" \
		"counters before"
	ipn lma route add $POOL dev pmip0
	in_ns lma ping -q -c 2 -i 0.01 -W 1 $MN1 || :
	is "$(ipn lma -s -j link show pmip0 | jq -c '.[0].stats64.tx | [.packets, .dropped]')" "[0,2]" \
		"transmitted and dropped for want of a binding"
	is "$(dropped lma no-binding)" 2 "its reason"
}

case_ip_link_del() {
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	ipn lma link del pmip0
	absent lma pmip0 || fail "the device is still there"
	is "$(devices_of lma)" "" "devices"
	pctl lma device add pmip0 role mag local $LMA
	is "$(pctl lma -j device show | jq -r '.[0] | "\(.role) \(.bindings)"')" "mag 0" "a new one of that name"
	pctl lma device del pmip0
	refused 'no network device' lma device del pmip0
}

# The underlay stays where the device was made: packets go in by the namespace it
# is in now, and come out where it was.
case_move() {
	local before

	pctl lma device add pmip0 role lma local $LMA
	pctl mag1 device add pmip0 role mag local $MAG1
	make_ns inner router
	ipn lma link set pmip0 netns "$RUN-inner"
	ipn lma link set cn netns "$RUN-inner"
	ipn mag1 link set pmip0 netns "$RUN-mn1"

	is "$(devices_of lma)" "" "devices where it was"
	is "$(devices_of inner)" "pmip0" "devices where it is"
	refused 'no network device' lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	ipn inner -batch - <<-END
		link set cn up
		link set pmip0 up
		addr add $LMA_CN/64 dev cn nodad
		route add $POOL dev pmip0
	END
	ipn mn1 -6 -batch - <<-END
		link set pmip0 up
		route replace default dev pmip0
	END
	pctl inner binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	pctl mn1 binding add $HNP1 dev pmip0 remote $LMA lifetime forever
	reaches cn $MN1
	before=$(stat inner tunnel tx_packets)
	ping_ok cn $MN1 3
	is $(($(stat inner tunnel tx_packets) - before)) 3 "packets of the tunnel"
	refused 'another pmip6 device has this local address' \
		lma device add pmip1 role lma local $LMA
	is "$(ipn inner -j link show pmip0 | jq '.[0] | has("link_netnsid")')" true \
		"namespace of the underlay in ip link"
}

topology
run_cases \
	add "a device is made and shown" \
	no_link_local "it has no link-local address" \
	set "it is changed, but not in role or local address" \
	bad "what is wrong is refused with a reason" \
	no_underlay "an underlay interface that there is not is refused" \
	same_address "one device for each local address" \
	several "several devices side by side" \
	counters "ip -s link shows what it dropped" \
	ip_link_del "ip link del takes a device with its bindings" \
	move "a device in another namespace keeps its underlay"
