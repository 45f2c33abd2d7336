#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Namespaces that end, with all that is in them: bindings, tunnels, traffic.

. "$(dirname "$0")/lib.sh"

# That a namespace is gone for good shows by the other end of its links.
ends() { wait_for 30 absent "$1" "$2" || fail "the namespace at the other end of $2 does not end"; }

case_under_traffic() {
	network
	flood cn $MN1
	flood mn3 $MN2
	wait_for 20 busy lma 200 || fail "no traffic"
	ip netns del "$RUN-lma"
	ends cn eth0
	ends core lma
	# What is left works on.
	is "$(pctl mag1 -j binding show | jq length)" 2 "bindings of the gateway"
	flood mn1 $CN
	wait_for 20 busy mag1 600 || fail "the gateway does not go on"
	ip netns del "$RUN-mag1"
	ends mn1 eth0
	end_all
}

# end_all: for the next case
end_all() {
	local ns

	reap_background
	for ns in cn lma core mag1 mag2 mn1 mn2 mn3 overlay; do
		[[ ! -e /run/netns/$RUN-$ns ]] || del_ns $ns
	done
}

# overlay: the anchor's device and its access in a namespace of their own
overlay() {
	network
	make_ns overlay router
	ipn lma link set pmip0 netns "$RUN-overlay"
	ipn lma link set cn netns "$RUN-overlay"
	ipn overlay -batch - <<-END
		link set cn up
		link set pmip0 up
		addr add $LMA_CN/64 dev cn nodad
		route add $POOL dev pmip0
	END
	reaches cn $MN1
	flood cn $MN1
	wait_for 20 busy overlay 100 || fail "no traffic"
}

case_underlay_ends() {
	overlay
	ip netns del "$RUN-lma"
	ends core lma
	wait_for 10 absent overlay pmip0 || fail "the device outlives its underlay"
	is "$(pctl overlay -j device show)" "[]" "devices"
	end_all
}

case_overlay_ends() {
	overlay
	ip netns del "$RUN-overlay"
	ends cn eth0
	# Gone from the underlay too: its address is free, and so are its tunnels.
	anchor_device
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	is "$(pctl lma -j tunnel show | jq -r 'map(.remote) | join(" ")')" $MAG1 "tunnels"
	drops_are "" mag1 in_ns lma ping -q -c 1 -W 5 $MN1
	end_all
}

# Both at once.
case_both_end() {
	overlay
	ip -batch - <<-END
		netns del $RUN-overlay
		netns del $RUN-lma
	END
	ends cn eth0
	ends core lma
	end_all
}

# Many that come and go, each with a device and bindings.
case_many() {
	local i

	for i in 1 2 3 4; do
		ip netns add "$RUN-many$i"
		echo "many$i" >>"$work/namespaces"
		in_ns "many$i" sh -ec 'ip link add d0 type dummy; ip link set d0 up
			ip addr add 2001:db8::1/64 dev d0 nodad
			"$1" device add pmip0 role lma local 2001:db8::1
			"$1" binding add 2001:db8:a::/64 dev pmip0 remote 2001:db8::2 lifetime 60s' \
			sh "$pmipctl"
		ip link add "probe$i" type veth peer name probe netns "$RUN-many$i"
	done
	for i in 1 2 3 4; do echo "netns del $RUN-many$i"; done | ip -batch -
	for i in 1 2 3 4; do
		wait_for 30 not ip link show "probe$i" || fail "namespace $i does not end"
	done
}

run_cases \
	under_traffic "an anchor and a gateway end under traffic" \
	underlay_ends "the underlay of a device ends" \
	overlay_ends "the namespace that a device was moved to ends" \
	both_end "both end" \
	many "several end at once"
