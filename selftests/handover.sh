#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mobile node moves from gateway to gateway, and keeps its address and all that
# it has open.

. "$(dirname "$0")/agents.sh"

# handed_over FROM TO: the anchor says so, once, and all of the network agrees.
handed_over() {
	local from_address=$MAG1 to_address=$MAG2

	[[ $1 == mag1 ]] || from_address=$MAG2 to_address=$MAG1
	wait_for 30 is_active "$2" $MN_ID || fail "$2 does not serve it"
	# RULE: B-LMA-31 B-LMA-80 B-MAG-60
	wait_for 20 equals "$MN_HNP $to_address" bound lma ||
		fail "the anchor sends to $(bound lma)"
	is "$(mn lma $MN_ID proxy_coa)" $to_address "its gateway at the anchor"
	is "$(bound "$2")" "$MN_HNP $LMA" "bindings of $2"
	is "$(mn_routes "$2")" $MN_HNP "routes of $2"
	wait_for 30 equals 0 mns "$1" || fail "$1 keeps it: $(actl "$1" mn show)"
	is "$(bound "$1")" "" "bindings of $1"
	is "$(mn_routes "$1")" "" "routes of $1"
	# RULE: B-MAG-22
	is "$(tunnel_count "$1")" 0 "tunnels of $1"
	# RULE: B-LMA-31
	is "$(pctl lma -j tunnel show | jq -r '.[].remote')" $to_address "tunnels of the anchor"
}

# handover FROM TO
handover() {
	says lma "event=(handover|binding-deregistered) .*mn=$MN_ID" move "$1" "$2"
	handed_over "$1" "$2"
}

case_first() {
	attach_to mag1
	served mn mag1 $MN_ID
	address mn >"$work/address"
	# RULE: B-MAG-82
	is "$(ipn mn -6 -j neigh show $FIXED_LINK_LOCAL | jq -r '.[0].lladdr')" $FIXED_LLADDR \
		"link-layer address of its router"
}

# There and back, while both ends send.
case_connection() {
	local sent=$work/sent received=$work/received at moved

	: >"$sent"
	mkfifo "$work/pipe"
	listen mn 5000 "$received"
	background nsenter --net="/run/netns/$RUN-cn" -- \
		socat -u "OPEN:$work/pipe" "TCP6:[$(<"$work/address")]:5000"
	exec 7>"$work/pipe"
	pinging mn $CN
	for moved in "mag1 mag2" "mag2 mag1"; do
		for at in before during after; do
			# shellcheck disable=SC2086
			[[ $at != during ]] || handover $moved
			head -c 200000 /dev/urandom | tee -a "$sent" >&7
		done
		# RULE: B-MAG-60 B-MAG-11
		is "$(address mn)" "$(<"$work/address")" "its address"
		pings_on
	done
	exec 7>&-
	wait_for 60 equals "$(size_of "$sent")" size_of "$received" ||
		fail "of $(size_of "$sent") octets $(size_of "$received") arrive"
	is "$(sha256sum <"$received")" "$(sha256sum <"$sent")" "digest of what arrives"
	ping_ends
	is "$(ipn mn -6 -o addr show dev eth0 scope global | wc -l)" 1 "its addresses"
	diag "$lost pings lost in two handovers"
}

# The old gateway does not notice: its link stays up, and it is told nothing. The
# new one registers nevertheless, and keeps it: what the old one still refreshes
# is not a handover back.
case_unnoticed() {
	local refused from

	attached_to mag1
	keep_carrier mag1
	refused=$(astat lma refused)
	from=$(log_length mag1)
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	wait_for 30 is_active mag2 $MN_ID || fail "the new gateway does not serve it"
	is "$(bound lma)" "$MN_HNP $MAG2" "bindings of the anchor"
	ping_ok cn "$(<"$work/address")" 5
	# At two thirds of a lifetime it asks for more.
	# RULE: B-LMA-75
	wait_for 60 at_least $((refused + 1)) astat lma refused ||
		fail "the refresh of the old gateway is not refused"
	handed_over mag1 mag2
	not said_since "$from" mag1 "event=left .*mn=$MN_ID" || fail "the old gateway has noticed"
	said_since "$from" mag1 "event=unbound .*another gateway has registered it" ||
		fail "the old gateway does not know why"
	ping_ok cn "$(<"$work/address")" 5
	ipn mag1 link del other0
}

attached_to() {
	wait_for 30 is_active "$1" $MN_ID || fail "$1 does not serve it"
	wait_for 30 equals "$(<"$work/address")" address mn
}

# Away and back, and the gateway has not noticed: what its host says when its link
# comes up has it registered again, or the anchor would go on sending elsewhere.
case_and_back() {
	local from

	attached_to mag2
	keep_carrier mag2
	# There is some time to the next one, by which it would notice.
	says lma "event=binding-refreshed .*mn=$MN_ID .*mag=$MAG2" true
	from=$(log_length mag2)
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG1 .*previous=$MAG2" move mag2 mag1
	wait_for 30 is_active mag1 $MN_ID || fail "the new gateway does not serve it"
	ping_ok mn $CN 5
	is_active mag2 $MN_ID || fail "the old gateway has noticed"
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	reaches mn $CN
	not said_since "$from" mag2 "event=left .*mn=$MN_ID" || fail "the old gateway has noticed"
	handed_over mag1 mag2
	ping_ok cn "$(<"$work/address")" 5
	ipn mag2 link del other0
}

# The new gateway is first, and the old one learns of it only then: its
# de-registration ends nothing.
case_make_before_break() {
	local before

	move mag2 mag1
	handed_over mag2 mag1
	before=$(turned_away)
	kill -STOP "$(<"$work/mag1.pid")"
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	is "$(bound mag1)" "$MN_HNP $LMA" "bindings of one that is held up"
	ping_ok cn "$(<"$work/address")" 5
	kill -CONT "$(<"$work/mag1.pid")"
	wait_for 30 at_least $((before + 1)) turned_away ||
		fail "what the old gateway has to say is not turned away"
	# RULE: B-LMA-33 B-MAG-60
	handed_over mag1 mag2
	ping_ok mn $CN 5
}

# turned_away: de-registrations that are ignored, and, should one be due just
# then, refreshes that are refused
turned_away() { echo $(($(astat lma pbu-ignored) + $(astat lma refused))); }

# The old gateway's de-registration arrives, and the new one's registration after
# it, within MinDelayBeforeBCEDelete: the session goes on.
case_break_before_make() {
	local created

	created=$(astat lma created)
	says lma "event=binding-deregistered .*mn=$MN_ID" ipn mag2 link set air0 down
	is "$(bound lma)" "$MN_HNP -" "bindings of the anchor"
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG1 .*previous=$MAG2" move mag2 mag1
	handed_over mag2 mag1
	# RULE: B-LMA-35 B-MAG-60
	is "$(astat lma created)" "$created" "new sessions"
	attached_to mag1
	ping_ok mn $CN 5
}

# Between links of one gateway, the anchor is not asked.
case_within_gateway() {
	local before

	before=$(astat lma created)
	keep_carrier mag1
	ipn mag1 -batch - <<-END
		link add access9 type bridge forward_delay 0
		link set access9 addrgenmode none
		link set access9 up
	END
	wait_for 20 said mag1 "event=access-open access=access9" || fail "no link access9"
	says mag1 "event=moved .*mn=$MN_ID" move_within
	served mn mag1 $MN_ID
	is "$(mn mag1 $MN_ID access)" access9 "its access link"
	is "$(ipn mag1 -6 -j route show table 5214 $MN_HNP | jq -r '.[].dev')" access9 "its route"
	is "$(astat lma created)" "$before" "new sessions"
	is "$(mn lma $MN_ID proxy_coa)" $MAG1 "its gateway at the anchor"
	ping_ok mn $CN 5
}

move_within() {
	ipn mag1 link set air0 master access9
	ipn mn link set eth0 down
	ipn mn link set eth0 up
}

network_of_agents "" 'lifetime = 12 access "access9" {}'
run_cases \
	first "a mobile node is registered" \
	connection "there and back, its connections stay" \
	unnoticed "a gateway that does not notice does not take it back" \
	and_back "one that was away and comes back unnoticed is registered again" \
	make_before_break "a late de-registration ends nothing" \
	break_before_make "a session outlives the time between two gateways" \
	within_gateway "between links of one gateway it moves without the anchor" \
	end "the agents end"
