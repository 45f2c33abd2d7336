#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Local routing as policy says: EnableMAGLocalRouting of the gateway, and what the
# profile of a mobile node says instead (RFC 5213 6.10.3, 9.2).

. "$(dirname "$0")/agents.sh"

export VISITORS=2001:db8:f:1::/64 VISITOR=2001:db8:f:1::7

# The addresses of both, once they have them.
both_served() {
	attach_to mag1
	still_attach
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	address mn >"$work/mn"
	address still >"$work/still"
}

# policy MN STILL: what their profiles say of it; - for nothing
policy() {
	local of_mn="" of_still=""

	[[ $1 == - ]] || of_mn="local-routing = $1"
	[[ $2 == - ]] || of_still="local-routing = $2"
	cat >"$work/profiles.conf" <<-END
		mn "$MN_ID" {
			lladdr = {"$MN_LLADDR"}
			prefixes = {"$MN_HNP"}
			$of_mn
		}
		mn "$STILL_ID" {
			lladdr = {"$STILL_LLADDR"}
			$of_still
		}
	END
}

reload() { says mag1 "event=profiles-loaded" kill -HUP "$(<"$work/mag1.pid")"; }

# may MN STILL: what the agent shows, and the module has, of both
may() {
	local id hnp

	is "$(mn mag1 $MN_ID 'local_routing|tostring') $(mn mag1 $STILL_ID 'local_routing|tostring')" \
		"$1 $2" "what the agent shows"
	wait_for 10 equals "$1 $2" flags || is "$(flags)" "$1 $2" "what the module has"
}

flags() { echo "$(flag $MN_HNP) $(flag "$(mn mag1 $STILL_ID 'hnp[0]')")"; }
flag() {
	pctl mag1 -j binding show dev pmip0 "$1" | jq '.[0].local_routing // false'
}

# goes by|straight: what one sends to the other
goes() {
	local before by after wanted="6 0"

	[[ $1 == by ]] || wanted="0 6"
	before=$(stat mag1 device local_packets) by=$(stat lma device rx_packets)
	drops_are "" mag1 ping_ok mn "$(<"$work/still")" 3
	after=$(stat mag1 device local_packets)
	is "$(($(stat lma device rx_packets) - by)) $((after - before))" "$wanted" \
		"packets by the anchor and packets straight"
}

case_default() {
	both_served
	may false false
	# RULE: B-MAG-38 B-MAG-52
	goes by
}

case_profiles() {
	policy true true
	says mag1 "event=local-routing-on .*mn=$STILL_ID" reload
	may true true
	# RULE: B-MAG-33 B-MAG-52
	goes straight
	policy true -
	says mag1 "event=local-routing-off .*mn=$STILL_ID" reload
	may true false
	goes by
}

# A profile that is wrong changes nothing.
case_wrong() {
	policy true true
	reload
	may true true
	policy true sometimes
	says mag1 "event=profiles-refused .*local-routing" kill -HUP "$(<"$work/mag1.pid")"
	may true true
	goes straight
}

# What somebody has changed meanwhile is made right by the next start.
case_repaired() {
	agent_end mag1
	is "$status" 0 "status of the agent"
	pctl mag1 binding change $MN_HNP dev pmip0 local-routing off
	goes by
	policy true true
	agent_start mag1
	may true true
	goes straight
}

# Another configuration, or another profile, is for its next start as well.
case_enabled() {
	agent_end mag1
	policy - -
	sed -i 's/EnableMAGLocalRouting = false/EnableMAGLocalRouting = true/' "$work/mag1.conf"
	says mag1 "event=forwarding-restored|event=ready" agent_start mag1
	may true true
	goes straight
	policy - false
	reload
	may true false
	goes by
	policy - -
	reload
	goes straight
}

# What is sent to a visitor, who has no mobility service, and what it sends.
# visits HOPS: what the other one sends to it with a hop limit of 9 comes with that.
visits() {
	py "$(<"$work/still")" "$1" <<-'END'
		from signalling import *
		STILL, VISITOR = sys.argv[1], os.environ["VISITOR"]
		core = Link("core", "mag1")
		visitor = Station("mn", "eth0", "02:00:00:00:09:01")
		still = Station("still", "eth0", os.environ["STILL_LLADDR"])

		still.send(udp(STILL, VISITOR, b"to", hops=9))
		for frame in visitor.frames(20):
		    packet = frame.packet
		    if packet.nh == ICMPV6 and packet.payload[0] == NS:
		        rest = b"\x60\0\0\0" + packet.payload[8:24] + b"\2\1" + octets_of(visitor.mac)
		        visitor.send(icmp(text(packet.payload[8:24]), packet.src, NA, 0, rest, hops=255))
		    if has(b"to")(packet):
		        break
		else:
		    raise AssertionError("nothing arrives")
		# RULE: B-MAG-38
		equal(packet.hops, int(sys.argv[2]), "hop limit")

		visitor.send(udp(VISITOR, STILL, b"from", hops=9))
		packet = core.expect(lambda p: p.src == VISITOR, "the packet on its way to the anchor")
		# RULE: B-MAG-87
		equal((packet.dst, packet.hops), (STILL, 8), "destination and hop limit")
	END
}

case_visitor() {
	visits 8
	policy - false
	reload
	may true false
	# By gateway, anchor, core and gateway.
	visits 5
	policy - -
	reload
	may true true
	visits 8
	is "$(hosts)" "$VISITORS true" "bindings of hosts"
}

hosts() {
	pctl mag1 -j binding show | jq -r '.[] | select(.hosts) | "\(.hnp) \(.local_routing)"'
}

# It is gone when it is not to be, and made again when it is missing.
case_visitor_repaired() {
	pctl mag1 binding del $VISITORS dev pmip0
	agent_end mag1
	agent_start mag1
	wait_for 10 equals "$VISITORS true" hosts || fail "it is not made again: $(hosts)"
	agent_end mag1
	sed -i 's/EnableMAGLocalRouting = true/EnableMAGLocalRouting = false/' "$work/mag1.conf"
	agent_start mag1
	wait_for 10 nothing hosts || fail "it stays: $(hosts)"
	wait_for 10 no_visitors || fail "its route stays"
	may false false
	agent_end mag1
	sed -i 's/EnableMAGLocalRouting = false/EnableMAGLocalRouting = true/' "$work/mag1.conf"
	agent_start mag1
	wait_for 10 equals "$VISITORS true" hosts || fail "it is not made again: $(hosts)"
	may true true
}

no_visitors() { nothing ipn mag1 -6 route show $VISITORS table 5214; }

# The other one moves away in the middle of it, and comes back.
case_handover() {
	local by

	pinging still "$(<"$work/mn")"
	by=$(stat lma device rx_packets)
	pings_on
	is "$(stat lma device rx_packets)" "$by" "packets by the anchor"
	says lma "event=(handover|binding-deregistered) .*mn=$MN_ID" move mag1 mag2
	wait_for 30 is_active mag2 $MN_ID || fail "the new gateway does not serve it"
	wait_for 30 gone_from mag1 $MN_ID || fail "the old gateway keeps it"
	pings_on
	by=$(stat lma device rx_packets)
	pings_on
	at_least $((by + 40)) stat lma device rx_packets || fail "what is on its way is not by the anchor"
	# RULE: B-MAG-39
	is "$(flag "$(mn mag1 $STILL_ID 'hnp[0]')")" true "the flag of the one that stays"
	says lma "event=(handover|binding-deregistered) .*mn=$MN_ID" move mag2 mag1
	wait_for 30 is_active mag1 $MN_ID || fail "the first gateway does not serve it"
	wait_for 30 gone_from mag2 $MN_ID || fail "the other gateway keeps it"
	wait_for 20 straight_again || fail "what is on its way still goes by the anchor"
	ping_ends
	diag "$lost pings lost in two handovers"
}

straight_again() {
	local before

	before=$(stat mag1 device local_packets)
	pings_on
	(($(stat mag1 device local_packets) >= before + 40))
}

agent_topology
agent_configs "" "EnableMAGLocalRouting = false"
sed -i "s|\(access-technology = \"ieee-802.11\"\)|\1 visitor-prefix = \"$VISITORS\"|" "$work/mag1.conf"
ipn core -batch - <<-END
	route add $VISITORS via $MAG1
	route add $POOL via $LMA
END
agents_start lma mag1 mag2
run_cases \
	default "not enabled: by the anchor" \
	profiles "the profiles of both say so: straight, at once" \
	wrong "profiles that are wrong change nothing" \
	repaired "a flag that differs is set right by the next start" \
	enabled "enabled for all but whose profile says otherwise" \
	visitor "visitors are reached straight, and reach others by the anchor" \
	visitor_repaired "a binding of visitors is there as long as it shall be" \
	handover "a handover in the middle of it, and back" \
	end "the agents end"
