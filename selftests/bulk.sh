#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Bulk groups (RFC 6602): mobile nodes that are renewed together, by one exchange.
# mag1 asks for groups, mag2 does not.

. "$(dirname "$0")/agents.sh"

# In seconds, what the anchor grants.
LIFETIME=24

# group NS KEY: of its only group
group() { actl "$1" -j group show | jq -r "if length == 1 then .[0].$2 else \"\(length) groups\" end"; }

# sets NS: what its kernel has: number and paths
sets() { pctl "$1" -j expiry-set show | jq -r '.[] | "\(.id) \(.paths)"'; }

# deafen, mend: acknowledgements of mag1 are lost, or not.
deafen() {
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				meta l4proto 135 ip6 daddr $MAG1 counter drop
			}
		}
	END
}

mend() { in_ns core nft delete table ip6 cut; }

case_joined() {
	attach_to mag1
	still_attach
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	address mn >"$work/address"
	address still >"$work/still-address"
	# RULE: BULK-01
	is "$(group mag1 members)" 2 "members at the gateway"
	is "$(group lma members)" 2 "members at the anchor"
	# RULE: BULK-03 BULK-44
	is "$(group lma id)" "$(group mag1 id)" "identifier at the anchor"
	is "$(mn mag1 $MN_ID group)" "$(group mag1 id)" "group of a mobile node"
	is "$(sets mag1)" "$(group mag1 expiry_set) 2" "expiry sets of the gateway"
	is "$(sets lma)" "$(group lma expiry_set) 2" "expiry sets of the anchor"
	group mag1 id >"$work/group"
}

# exchanges: Binding Updates and Acknowledgements on the wire
exchanges() { captured 'ip6[42] = 5 or ip6[42] = 6'; }

# Twice over, and each time by two messages.
case_renewed() {
	local renewed

	renewed=$(astat mag1 bulk-pba-accepted)
	pinging cn "$(<"$work/address")"
	capture core mag1 'ip6 proto 135'
	wait_for $((5 * LIFETIME)) at_least $((renewed + 2)) astat mag1 bulk-pba-accepted ||
		fail "it is not renewed"
	capture_end
	ping_ends
	is "$lost" 0 "lost pings"
	# RULE: BULK-21
	is "$(exchanges)" 4 "messages for two renewals of two mobile nodes"
	is "$(astat lma bulk-pbu-accepted)" "$(astat mag1 bulk-pba-accepted)" "renewals at the anchor"
	is "$(astat mag1 expired) $(astat lma expired)" "0 0" "bindings that expired"
	within "$(mn lma $STILL_ID lifetime_ms)" 1 $((LIFETIME * 1000)) "lifetime at the anchor"
	is "$(lines mag1 'event=group-renewed')" "$(astat mag1 bulk-pba-accepted)" "lines about it"
}

case_commanded() {
	local renewed

	renewed=$(astat mag1 bulk-pba-accepted)
	actl mag1 group renew "$(<"$work/group")"
	# RULE: BULK-20
	wait_for 10 at_least $((renewed + 1)) astat mag1 bulk-pba-accepted || fail "it is not renewed"
	not actl mag1 group renew 1 2>/dev/null || fail "there is no such group, and it was renewed"
	not actl lma group renew all 2>/dev/null || fail "an anchor has renewed groups"
}

# may_be_grouped true|false: what the profile of one says, at its gateway
may_be_grouped() {
	sed -i "/$STILL_ID/,/lladdr/s/bulk-binding-update = .*/bulk-binding-update = $1/" "$work/profiles.conf"
	says mag1 event=profiles-loaded kill -HUP "$(<"$work/mag1.pid")"
}

# Policy changes: one leaves by an update of its own, and nobody notices; or joins when
# it is renewed.
case_reloaded() {
	pinging cn "$(<"$work/still-address")"
	may_be_grouped false
	# RULE: BULK-06 BULK-48
	wait_for 20 nothing mn mag1 $STILL_ID group || fail "it is still in a group"
	is "$(mn lma $STILL_ID group)" "" "group at the anchor"
	is "$(group mag1 members) $(group lma members)" "1 1" "members at gateway and anchor"
	within "$(mn mag1 $STILL_ID lifetime_ms)" 1 $((LIFETIME * 1000)) "lifetime of its own"
	may_be_grouped true
	# RULE: BULK-15
	wait_for $((2 * LIFETIME)) equals 2 group mag1 members || fail "it does not join again"
	is "$(group lma members)" 2 "members at the anchor"
	ping_ends
	is "$lost" 0 "lost pings"
	is "$(astat mag1 expired) $(astat lma expired)" "0 0" "bindings that expired"
}

# The agent goes and comes: the group, its set and its members are as they were.
case_restarted() {
	local before

	before="$(group mag1 id) $(sets mag1)"
	agent_end mag1
	agent_start mag1
	# RULE: BULK-54
	is "$(group mag1 id) $(sets mag1)" "$before" "group and expiry set"
	is "$(group mag1 members)" 2 "members"
	ping_ok cn "$(<"$work/still-address")" 3
}

# The acknowledgement of a renewal is lost; a member moves before the next copy is
# answered: the renewal is of those that stay.
case_handover() {
	local copies

	deafen
	copies=$(astat mag1 bulk-pbu-retransmitted)
	actl mag1 group renew all
	wait_for 20 at_least $((copies + 1)) astat mag1 bulk-pbu-retransmitted || fail "it does not ask again"
	is "$(group mag1 state)" renewing "state"
	move mag1 mag2
	served mn mag2 $MN_ID
	mend
	wait_for 20 equals active group mag1 state || fail "it is not renewed"
	wait_for 20 gone_from mag1 $MN_ID || fail "its former gateway still has it"
	# RULE: BULK-42
	is "$(mn lma $MN_ID group)" "" "group of the one that moved"
	is "$(mn mag2 $MN_ID group)" "" "group at the gateway that asks for none"
	wait_for 20 equals 1 group mag1 members || fail "members: $(group mag1 members)"
	is "$(group lma members)" 1 "members at the anchor"
	ping_ok cn "$(<"$work/address")" 3
	ping_ok cn "$(<"$work/still-address")" 3
}

# The anchor wants no groups any more: each by itself, without a pause.
case_refused() {
	pinging cn "$(<"$work/still-address")"
	sed -i 's/max-lifetime/accept-bulk-binding-update = false\n&/' "$work/lma.conf"
	agent_end lma
	agent_start lma
	# RULE: BULK-37
	wait_for $((2 * LIFETIME)) said mag1 event=group-fell-back || fail "it does not fall back"
	# RULE: BULK-22
	wait_for $LIFETIME nothing mn mag1 $STILL_ID group || fail "it is still in a group"
	wait_for 10 nothing sets mag1 || fail "expiry sets: $(sets mag1)"
	ping_ends
	is "$lost" 0 "lost pings"
	is "$(astat mag1 expired)" 0 "bindings that expired"
	is_active mag1 $STILL_ID || fail "it is not served"
}

agent_topology
agent_configs "max-lifetime = $LIFETIME" "MAX_BINDACK_TIMEOUT = 2000
	reregister-within = 5
	request-bulk-binding-update = true"
mag_config mag2 $MAG2 "request-bulk-binding-update = false"
sed -i "/$STILL_ID/a bulk-binding-update = true" "$work/profiles.conf"
agents_start lma mag1 mag2
run_cases \
	joined "two mobile nodes join a group" \
	renewed "it is renewed in time, by one exchange" \
	commanded "and by command" \
	reloaded "a profile that takes one out of it, and lets it in" \
	restarted "it outlives the agent" \
	handover "a member moves while an acknowledgement is lost" \
	refused "an anchor without groups" \
	end "the agents end"
