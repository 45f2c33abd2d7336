#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Addresses by DHCPv6: gateways are relay agents of one server (Kea, at the
# correspondent), and mobile nodes have a stock client (dhclient). A mobile node
# with two prefixes moves; two more have addresses of one prefix.
#
#	mag2 --- access1 --- other

. "$(dirname "$0")/agents.sh"

export OTHER_ID=other@example.com OTHER_LLADDR=02:00:00:00:01:03
# Of the mobile node that moves: one by one, and all one link.
SECOND_HNP=2001:db8:a:2::/64
FIRST_ADDRESS=2001:db8:a:1::1001 SECOND_ADDRESS=2001:db8:a:2::1001
# One prefix, and an address each.
SHARED=2001:db8:b::/64
STILL_LINK_LOCAL=fe80::ff:fe00:102
STILL_ADDRESS=2001:db8:b::11 OTHER_ADDRESS=2001:db8:b::12

dhcp_profiles() {
	cat >"$work/profiles.conf" <<-END
		mn "$MN_ID" {
			lladdr = {"$MN_LLADDR"}
			prefixes = {"$SECOND_HNP", "$MN_HNP"}
			address-configuration = "dhcpv6"
		}
		mn "$STILL_ID" {
			lladdr = {"$STILL_LLADDR"}
			prefixes = {"$STILL_ADDRESS/128"}
			address-configuration = "dhcpv6"
		}
		mn "$OTHER_ID" {
			lladdr = {"$OTHER_LLADDR"}
			prefixes = {"$OTHER_ADDRESS/128"}
			address-configuration = "dhcpv6"
		}
	END
}

# ---- Server and clients ----------------------------------------------------

# kea_config: in $work/kea.conf
kea_config() {
	cat >"$work/kea.conf" <<-END
		{ "Dhcp6": {
		  "interfaces-config": { "interfaces": [ "eth0/$CN" ] },
		  "server-id": { "type": "EN", "enterprise-id": 32473, "identifier": "01", "persist": false },
		  "lease-database": { "type": "memfile", "name": "$work/leases.csv", "lfc-interval": 0 },
		  "mac-sources": [ "client-link-addr-option" ],
		  "host-reservation-identifiers": [ "hw-address" ],
		  "renew-timer": 4, "rebind-timer": 200,
		  "preferred-lifetime": 300, "valid-lifetime": 600,
		  "subnet6": [ {
		    "id": 1, "subnet": "$SHARED", "reservations": [
		      { "hw-address": "$STILL_LLADDR", "ip-addresses": [ "$STILL_ADDRESS" ] },
		      { "hw-address": "$OTHER_LLADDR", "ip-addresses": [ "$OTHER_ADDRESS" ] }
		    ] } ],
		  "shared-networks": [ { "name": "mn", "subnet6": [
		    { "id": 2, "subnet": "$MN_HNP", "reservations": [
		      { "hw-address": "$MN_LLADDR", "ip-addresses": [ "$FIRST_ADDRESS" ] } ] },
		    { "id": 3, "subnet": "$SECOND_HNP", "reservations": [
		      { "hw-address": "$MN_LLADDR", "ip-addresses": [ "$SECOND_ADDRESS" ] } ] }
		  ] } ],
		  "loggers": [ { "name": "kea-dhcp6", "severity": "INFO",
		    "output_options": [ { "output": "stdout" } ] } ]
		} }
	END
}

# kea ARGUMENTS...: the server, at the correspondent
kea() {
	KEA_PIDFILE_DIR=$work KEA_LOCKFILE_DIR=$work \
		nsenter --net="/run/netns/$RUN-cn" -- kea-dhcp6 "$@"
}

# It lasts as long as its namespace.
kea_start() {
	kea_config
	kea -c "$work/kea.conf" >"$work/kea.log" 2>&1 </dev/null &
	wait_for 60 grep -q DHCP6_STARTED "$work/kea.log" || {
		cat "$work/kea.log"
		fail "kea does not start"
	}
}

# client_script: what dhclient runs instead of the one of its package, which would
# change files of the machine.
client_script() {
	cat >"$work/script" <<-'END'
		#!/bin/sh
		case $reason in
		BOUND6 | RENEW6 | REBIND6)
			ip -6 addr replace "$new_ip6_address/128" dev "$interface" \
				valid_lft "$new_max_life" preferred_lft "$new_preferred_life"
			;;
		EXPIRE6 | RELEASE6 | STOP6)
			ip -6 addr del "$old_ip6_address/128" dev "$interface"
			;;
		esac
	END
	chmod +x "$work/script"
	: >"$work/dhclient.conf"
}

# has_link_local NS: it has tested that nobody else has its address
has_link_local() {
	[[ -n $(ipn "$1" -6 -o addr show dev eth0 scope link -tentative) ]]
}

# client NS [OPTION...]: dhclient there, as long as it likes. It asks from its
# link-local address, and ends if it has none.
client() {
	wait_for 20 has_link_local "$1" || fail "$1 has no link-local address"
	nsenter --net="/run/netns/$RUN-$1" -- dhclient -6 -d -v -cf "$work/dhclient.conf" \
		-lf "$work/$1.leases" -pf "$work/$1.dhclient.pid" -sf "$work/script" \
		"${@:2}" eth0 >>"$work/$1.dhclient.log" 2>&1 </dev/null &
	echo $! >"$work/$1.client"
}

# client_dies NS: without a word to the server
client_dies() {
	kill -KILL "$(<"$work/$1.client")"
	wait_for 5 not kill -0 "$(<"$work/$1.client")" || fail "the client of $1 lives on"
}

# leased NS: its addresses by DHCPv6, in order
leased() {
	ipn "$1" -6 -j addr show dev eth0 scope global -tentative |
		jq -r '.[].addr_info[] | select(.prefixlen == 128) | .local' | sort
}

# addresses NS: all that it has
addresses() {
	ipn "$1" -6 -j addr show dev eth0 scope global |
		jq -r '.[].addr_info[].local // empty' | sort
}

# has_leases NS NUMBER
has_leases() { [[ $(leased "$1" | wc -l) == "$2" ]]; }

get_leases() {
	wait_for 60 has_leases "$1" "$2" || {
		tail -n 30 "$work/$1.dhclient.log" "$work/kea.log"
		fail "$1 has $(leased "$1" | wc -l) addresses"
	}
}

# pings_from NS ADDRESS TO...: from that address
pings_from() {
	local to

	for to in "${@:3}"; do ping_ok "$1" "$to" 5 -I "$2"; done
}

# links: link-address of every Relay-forward that was captured
links() {
	tshark -r "$pcap" -Y 'dhcpv6.msgtype == 12' -T fields -e dhcpv6.linkaddr 2>/dev/null |
		sort -u
}

# ---- Cases -----------------------------------------------------------------

# All prefixes of the link become its own, and it has an address of each.
case_first() {
	capture cn eth0 udp port 547
	attach_to mag1
	wait_for 30 is_active mag1 $MN_ID || fail "mag1 does not serve it"
	client mn -N -N
	get_leases mn 2
	# RULE: B-LMA-78
	is "$(leased mn | tr '\n' ' ')" "$FIRST_ADDRESS $SECOND_ADDRESS " "its addresses"
	capture_end
	# RULE: B-MAG-41 B-MAG-89
	is "$(links)" 2001:db8:a:1:200:5eff:fe00:5213 "link-address at mag1"
	# RULE: B-MAG-06
	is "$(addresses mn)" "$(leased mn)" "all its addresses"
	pings_from mn $FIRST_ADDRESS $CN
	pings_from mn $SECOND_ADDRESS $CN
}

# It moves while it is pinged: it has the same addresses, and the server extends
# them by way of the new gateway.
case_handover() {
	local before

	capture cn eth0 udp port 547 and src $MAG2
	pinging cn $SECOND_ADDRESS
	before=$(lines mag2 "event=dhcp-answered .*mn=$MN_ID .*type=reply")
	move mag1 mag2
	wait_for 30 is_active mag2 $MN_ID || fail "mag2 does not serve it"
	pings_on
	wait_for 60 at_least $((before + 2)) lines mag2 "event=dhcp-answered .*mn=$MN_ID .*type=reply" ||
		fail "no answers by way of mag2"
	at_least 1 lines mag2 "event=dhcp-relayed .*mn=$MN_ID .*type=renew"
	ping_ends
	diag "$lost pings lost in a handover"
	# RULE: B-MAG-91
	is "$(addresses mn)" $FIRST_ADDRESS$'\n'$SECOND_ADDRESS "its addresses"
	# RULE: B-LMA-78
	is "$(mn lma $MN_ID 'hnp | sort | join(" ")')" "$MN_HNP $SECOND_HNP" "its prefixes"
	capture_end
	# RULE: B-MAG-90
	is "$(links)" 2001:db8:a:1:200:5eff:fe00:5213 "link-address at mag2"
	pings_from mn $FIRST_ADDRESS $CN
}

# One that begins anew, or forgot all but who it is, gets the same from there.
case_again() {
	client_dies mn
	ipn mn -6 addr flush dev eth0 scope global
	client mn -N -N
	get_leases mn 2
	is "$(leased mn)" $FIRST_ADDRESS$'\n'$SECOND_ADDRESS "its addresses, confirmed"
	at_least 1 lines mag2 "event=dhcp-relayed .*mn=$MN_ID .*type=confirm"
	client_dies mn
	ipn mn -6 addr flush dev eth0 scope global
	sed -i '/^default-duid/!d' "$work/mn.leases"
	client mn -N -N
	get_leases mn 2
	# RULE: B-MAG-91
	is "$(leased mn)" $FIRST_ADDRESS$'\n'$SECOND_ADDRESS "its addresses, asked for"
	reaches mn $CN
}

# All_DHCP_Servers is among the servers of mag2.
case_group() {
	local before

	capture core mag2 dst ff05::1:3 and udp dst port 547
	before=$(astat mag2 dhcp-forwarded)
	wait_for 60 at_least $((before + 2)) astat mag2 dhcp-forwarded || fail "nothing is forwarded"
	capture_end
	# RULE: B-MAG-89
	at_least 1 captured
	is "$(captured "ip6[7] != 8")" 0 "with another hop limit than 8"
}

# flags NS: what Router Advertisements say to it
flags() { in_ns "$1" rdisc6 -1 -w 10000 eth0 | sed 's/ *: */:/'; }

# Two of one prefix, at two gateways.
case_shared() {
	local said

	still_attach
	ipn mag2 link set access1 up
	wait_for 30 is_active mag1 $STILL_ID || fail "mag1 does not serve still"
	wait_for 30 is_active mag2 $OTHER_ID || fail "mag2 does not serve other"
	client still
	client other
	get_leases still 1
	get_leases other 1
	is "$(addresses still)" $STILL_ADDRESS "its addresses"
	is "$(addresses other)" $OTHER_ADDRESS "the other's addresses"
	# RULE: B-LMA-66
	is "$(bound lma | grep "^${SHARED%::/64}")" \
		"$STILL_ADDRESS/128 $MAG1"$'\n'"$OTHER_ADDRESS/128 $MAG2" "bindings of the anchor"
	pings_from still $STILL_ADDRESS $CN $OTHER_ADDRESS
	pings_from other $OTHER_ADDRESS $CN $STILL_ADDRESS
	ping_ok cn $STILL_ADDRESS 5
	ping_ok cn $OTHER_ADDRESS 5
	said=$(flags still)
	# RULE: B-MAG-06
	like "$said" "Stateful address conf.:( *)Yes" "M flag"
	like "$said" "Autonomous address conf.:( *)No" "A flag"
	like "$said" "On-link:( *)No" "L flag"
	is "$(ipn still -6 route show $SHARED)" "" "routes of still to the prefix"
}

# frames MAC PACKETS: from a station with that address where the host "still" is
frames() {
	python "
from dhcp6 import *
LL = '$STILL_LINK_LOCAL'
send('still', '$1', $2)"
}

# answer SOURCE-NS SOURCE [LINK]: one for still at mag1, from there
answer() {
	python "
from dhcp6 import *
answer('$1', '$2', '$MAG1', '${3:-$STILL_ADDRESS}', 'access1/$STILL_LLADDR',
       '$STILL_LINK_LOCAL')"
}

# counts NS COUNTER COMMAND...: it makes the agent count one more.
counts() {
	local before

	before=$(astat "$1" "$2")
	"${@:3}"
	wait_for 20 at_least $((before + 1)) astat "$1" "$2" || fail "no $2 at $1"
	is "$(astat "$1" "$2")" $((before + 1)) "$2 of $1"
}

# Nobody speaks for another, and agents and servers are not on access links.
case_refused() {
	local before

	client_dies still
	before=$(astat mag1 dhcp-forwarded)
	counts mag1 dhcp-not-registered frames 02:00:00:00:01:99 "solicit('fe80::99')"
	counts mag1 dhcp-not-its-address frames $STILL_LLADDR "solicit('$OTHER_ADDRESS')"
	counts mag1 dhcp-nested-relay frames $STILL_LLADDR \
		"message(LL, bytes([12, 0]) + bytes(32))"
	counts mag1 dhcp-invalid-type frames $STILL_LLADDR "message(LL, b'\\7abc')"
	counts mag1 dhcp-invalid-option frames $STILL_LLADDR "message(LL, b'\\1abc' + bytes([0, 8, 0, 9]))"
	is "$(astat mag1 dhcp-forwarded)" "$before" "forwarded all the same"
	counts mag1 dhcp-forwarded frames $STILL_LLADDR "unanswered(LL)"
}

# Answers are taken from the server only, and go to whom they are for.
case_answers() {
	counts mag1 dhcp-untrusted answer core $CORE_MAG1
	counts mag1 dhcp-other-link answer cn $CN $OTHER_ADDRESS
	capture still eth0 udp port 546
	counts mag1 dhcp-answered answer cn $CN
	wait_for 20 at_least 1 captured "ether dst $STILL_LLADDR" || fail "no answer on the link"
	capture_end
	is "$(captured not ether dst $STILL_LLADDR)" 0 "answers to others"
}

# More than its share is not relayed.
case_limited() {
	local before limited

	before=$(astat mag1 dhcp-received)
	limited=$(astat mag1 dhcp-limited)
	frames $STILL_LLADDR '*150 * [unanswered(LL)]'
	wait_for 20 at_least $((before + 150)) astat mag1 dhcp-received || fail "not all are heard"
	limited=$(($(astat mag1 dhcp-limited) - limited))
	within $limited 70 130 "too many"
}

# No answer goes to one that has left.
case_left() {
	counts mag1 dhcp-answered answer cn $CN
	actl mag1 mn detach $STILL_ID
	wait_for 30 equals held mn mag1 $STILL_ID state || fail "mag1 keeps it"
	counts mag1 dhcp-left answer cn $CN
	counts mag1 dhcp-not-registered frames $STILL_LLADDR "unanswered(LL)"
}

# What the manual gives as an example, Kea takes.
case_example() {
	kea -t "$repo/Documentation/examples/kea-dhcp6.conf" >"$work/example.log" 2>&1 || {
		tail "$work/example.log"
		fail "kea does not take its example"
	}
}

plan_host other
agent_topology
station other access1 mag2 $OTHER_LLADDR
build
agent_configs "" "dhcp-servers = {\"$CN\"}"
dhcp_profiles
mag_config mag2 $MAG2 "access \"access1\" {} dhcp-servers = {\"$CN\", \"ff05::1:3%core\"}"
client_script
kea_start
agents_start lma mag1 mag2

run_cases \
	first "a mobile node gets an address of each of its prefixes" \
	handover "it moves, has the same, and the server extends them" \
	again "it begins anew at the other gateway, and has the same" \
	group "messages go to a group of servers too" \
	shared "two mobile nodes with addresses of one prefix, at two gateways" \
	refused "nobody speaks for another" \
	answers "answers come from the server, and go to whom they are for" \
	limited "more than its share" \
	left "no answer for one that has left" \
	example "the example configuration of Kea" \
	end "the agents end"
