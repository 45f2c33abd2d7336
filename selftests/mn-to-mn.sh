#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Mobile nodes of one anchor reach each other by it, whether at one gateway or at
# two (RFC 5213 5.6.2: no local routing unless allowed).

. "$(dirname "$0")/lib.sh"

# each NS: packets of pmip0, received and transmitted
packets() { pctl "$1" -j -s device show pmip0 | jq -r '.[0].stats | "\(.rx_packets) \(.tx_packets)"'; }

# through FROM ADDRESS: pings it three times; the anchor takes in and sends out
# each packet of both directions.
through() {
	local before after

	before=$(packets lma)
	drops_are "" lma drops_are "" mag1 drops_are "" mag2 ping_ok "$1" "$2" 3
	after=$(packets lma)
	# RULE: B-MAG-39
	is "$((${after% *} - ${before% *})) $((${after#* } - ${before#* }))" "6 6" \
		"packets received and transmitted by the anchor"
}

case_two_gateways() { through mn1 $MN3; }

case_one_gateway() { through mn1 $MN2; }

# The anchor's device is where the packet came in and where it goes out.
case_no_redirect() {
	capture mn1 eth0 "icmp6 and ip6[40] == 137"
	ping_ok mn1 $MN3 3
	ping_ok mn1 $MN2 3
	capture_end
	is "$(captured)" 0 "redirects"
	is "$(in_ns lma awk '$1 == "Icmp6OutRedirects" { print $2 }' /proc/net/snmp6)" 0 \
		"redirects of the anchor"
}

case_hops() {
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2, mn3 = Link("mn2", "eth0"), Link("mn3", "eth0")
		for mn, address in (mn2, MN2), (mn3, MN3):
		    mn1.send(udp(MN1, address, b"x", hops=9))
		    equal(mn.expect(has(b"x"), "the packet").hops, 6,
		          "hop limit after gateway, anchor and gateway")
	END
}

case_tcp() {
	head -c 500000 /dev/urandom >"$work/data"
	drops_are "" mag1 drops_are "" mag2 transfer mn3 $MN3 mn1 "$work/data"
	drops_are "" mag1 transfer mn2 $MN2 mn1 "$work/data"
}

# A mobile node does not reach another by the gateway's own routes.
case_no_shortcut() {
	pctl lma binding change $HNP2 dev pmip0 drop
	drops_are "no-path=2" lma \
		in_ns mn1 sh -c "ping -q -c 2 -i 0.01 -W 1 $MN2 >/dev/null || :"
	pctl lma binding change $HNP2 dev pmip0 remote $MAG1 lifetime forever
	ping_ok mn1 $MN2 1
}

network
run_cases \
	two_gateways "at two gateways, by the anchor" \
	one_gateway "at one gateway, by the anchor" \
	no_redirect "nobody is redirected" \
	hops "three hops" \
	tcp "TCP from mobile node to mobile node" \
	no_shortcut "what the anchor drops does not arrive"
