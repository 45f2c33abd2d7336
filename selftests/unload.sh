#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The module goes, and comes back, while packets pass in both directions.

. "$(dirname "$0")/lib.sh"

# The sources of traffic: a thousand packets a second and more each way, made
# below the stack, so that no route that is missing stops them.
traffic() {
	background py <<-'END'
		import errno
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		down, up = udp(CN, MN1, b"x" * 64), udp(MN1, CN, b"x" * 64)

		def offer(station, packet):
		    try:
		        station.send(packet)
		    except OSError as full:  # on a slow machine the queue may be
		        check(full.errno == errno.ENOBUFS, full)

		while True:
		    for n in range(20):
		        offer(cn, down)
		        offer(mn, up)
		    time.sleep(0.005)
	END
}

# Both ways: into the tunnels and out of them, at both ends.
passing() {
	[[ $(pctl "$1" -j -s device show pmip0) =~ '"rx_packets":'([0-9]+).*'"tx_packets":'([0-9]+) ]] &&
		((BASH_REMATCH[1] >= 200 && BASH_REMATCH[2] >= 200))
}

one_round() {
	load_module
	anchor_device
	gateway_device mag1 $MAG1
	attach $HNP1 mag1 $MAG1 access1
	wait_for 20 passing lma || fail "no traffic at the anchor: $(pctl lma -s stats)"
	wait_for 20 passing mag1 || fail "no traffic at the gateway: $(pctl mag1 -s stats)"
}

case_unload() {
	local round rounds=${TEST_RELOADS:-20}

	traffic
	for ((round = 1; round <= rounds; round++)); do
		one_round
		rmmod pmip6
		! ipn lma link show pmip0 2>/dev/null || fail "the device is still there"
	done
	diag "$rounds times"
}

# Its timers and all else that it still had to do go with it.
case_expiring() {
	traffic
	one_round
	for i in 1 2 3 4 5 6 7 8; do
		echo binding add 2001:db8:b:$i::/64 dev pmip0 remote 2001:db8:9::$i lifetime ${i}00ms
	done | in_ns lma xargs -n 9 "$pmipctl"
	rmmod pmip6
}

case_in_use() {
	load_module
	anchor_device
	background nsenter --net="/run/netns/$RUN-lma" -- "$pmipctl" monitor
	rmmod pmip6
	! pctl lma device show 2>"$work/said" || fail "there is an answer without the module"
	like "$(<"$work/said")" 'modprobe pmip6' "what pmipctl says"
}

topology
run_cases \
	unload "it is removed under traffic, and loaded again" \
	expiring "while bindings expire" \
	in_use "while somebody listens to its events"
