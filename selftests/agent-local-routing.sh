#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Local routing as policy says: EnableMAGLocalRouting of the gateway, and what the
# profile of a mobile node says instead (RFC 5213 6.10.3, 9.2).

. "$(dirname "$0")/agents.sh"

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
agents_start lma mag1 mag2
run_cases \
	default "not enabled: by the anchor" \
	profiles "the profiles of both say so: straight, at once" \
	wrong "profiles that are wrong change nothing" \
	repaired "a flag that differs is set right by the next start" \
	enabled "enabled for all but whose profile says otherwise" \
	handover "a handover in the middle of it, and back" \
	end "the agents end"
