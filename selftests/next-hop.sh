#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Routes by pmip0, with a next hop and without: packets go either way, and with
# one the kernel keeps a single neighbour, however many the destinations are.

. "$(dirname "$0")/lib.sh"

# anchor_by [via NEXT_HOP], gateway_by [via NEXT_HOP]: how their routes lead to it
anchor_by() { ipn lma -6 route replace $POOL "$@" dev pmip0; }
gateway_by() { ipn mag1 -6 route replace default "$@" dev pmip0 table $TABLE_UP; }

unlike() { [[ ! $1 =~ $2 ]] || fail "$3: got \"$1\""; }

# neighbours NS: of pmip0, but for multicast groups
neighbours() {
	ipn "$1" -6 neigh show dev pmip0 nud all | awk '$1 !~ /^ff/ { print $1 }' | sort | xargs
}

# forgotten NS: has pmip0 no neighbours any more?
forgotten() {
	ipn "$1" -6 neigh flush dev pmip0 nud all >/dev/null 2>&1 || :
	nothing neighbours "$1"
}

# The route of before may still be in use: by now it is not.
renewed() {
	ipn "$1" link set pmip0 down
	ipn "$1" link set pmip0 up
	wait_for 10 forgotten "$1" || fail "still there: $(neighbours "$1")"
}

all_reached() {
	ping_ok cn $MN1 3
	ping_ok cn $MN2 3
	ping_ok cn $MN3 3
	ping_ok mn1 $MN3 3
}

case_anchor() {
	renewed lma
	anchor_by via $NEXT_HOP
	drops_are "" lma all_reached
	is "$(neighbours lma)" "$NEXT_HOP" "neighbours"
	like "$(ipn lma -6 route get $MN2)" "via $NEXT_HOP dev pmip0" "route of one"

	renewed lma
	anchor_by
	drops_are "" lma all_reached
	is "$(neighbours lma)" "$MN1 $MN2 $MN3" "neighbours without a next hop"
}

# What lies behind the tunnel here is the whole Internet.
case_gateway() {
	local more=2001:db8:c::3

	ipn cn addr add $more/64 dev eth0 nodad
	ipn lma neigh add $more dev cn \
		lladdr "$(ipn cn -j link show eth0 | jq -r '.[0].address')"
	renewed mag1
	gateway_by via $NEXT_HOP
	drops_are "" mag1 ping_ok mn1 $CN 3
	drops_are "" mag1 ping_ok mn1 $more 3
	is "$(neighbours mag1)" "$NEXT_HOP" "neighbours"

	renewed mag1
	gateway_by
	drops_are "" mag1 ping_ok mn1 $CN 3
	drops_are "" mag1 ping_ok mn1 $more 3
	is "$(neighbours mag1)" "$CN $more" "neighbours without a next hop"
}

# What a path has room for is known of each destination, not of the next hop.
case_path_mtu() {
	local by

	ipn core link set mag1 mtu 1400
	ipn mag1 link set core mtu 1400
	for by in "" "via $NEXT_HOP"; do
		# shellcheck disable=SC2086
		anchor_by $by
		in_ns lma ip -6 route flush cache
		in_ns lma ping -q -M "do" -s 1452 -c 1 -W 1 $MN1 >/dev/null || :
		# The tunnel has learnt it; whoever sends now hears of it.
		in_ns lma ping -q -M "do" -s 1400 -c 1 -W 1 $MN1 >/dev/null || :
		like "$(ipn lma -6 route get $MN1)" "${by:+$by }dev pmip0.* mtu 1360" \
			"what the anchor knows of one, by \"$by\""
		unlike "$(ipn lma -6 route get $MN3)" ' mtu ' "and of another"
		# Who answers has to learn as well.
		in_ns lma ping -q -s 1400 -c 1 -W 1 $MN1 >/dev/null || :
		drops_are "" lma ping_ok lma $MN1 3 -s 1400
	done
	ipn core link set mag1 mtu 1500
	ipn mag1 link set core mtu 1500
	for by in lma mag1 mn1; do in_ns $by ip -6 route flush cache; done
}

# From mobile node to mobile node the next hop is where packets came from.
case_no_redirect() {
	local by

	for by in "" "via $NEXT_HOP"; do
		# shellcheck disable=SC2086
		anchor_by $by
		capture mn1 eth0 "icmp6 and ip6[40] == 137"
		ping_ok mn1 $MN3 3
		capture_end
		is "$(captured)" 0 "redirects, by \"$by\""
	done
}


network
run_cases \
	anchor "an anchor has one neighbour for all mobile nodes" \
	gateway "a gateway has one for all correspondents" \
	path_mtu "path MTUs are each destination's own" \
	no_redirect "nobody is redirected to the next hop"
