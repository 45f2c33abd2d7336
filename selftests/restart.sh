#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Agents that are killed and started again: no packet is lost, and nothing in the
# kernel changes.

. "$(dirname "$0")/agents.sh"

# all_state: of all agents' kernels
all_state() {
	local ns

	for ns in lma mag1; do
		echo "$ns"
		kernel_state $ns
	done
}

case_attached() {
	attach_to mag1
	still_attach
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	address mn >"$work/address"
	address still >"$work/still"
	# What comes later is no more than a refresh.
	wait_for 10 equals 2 binding_count lma
}

# killed AGENT...: by SIGKILL, and started again; a ping each 10 ms all the time.
killed() {
	local ns before after

	before=$(all_state)
	pinging cn "$(<"$work/address")"
	for ns in "$@"; do
		agent_end "$ns" KILL
		is "$status" 137 "status of the agent of $ns"
	done
	pings_on
	is "$(all_state)" "$before" "the kernel's state without agents"
	agents_start "$@"
	ping_ends
	is "$lost" 0 "lost pings"
	after=$(all_state)
	[[ $after == "$before" ]] || diff <(echo "$before") <(echo "$after") ||
		fail "the kernel's state has changed"
	for ns in lma mag1; do
		wait_for 10 equals 2 mns $ns || fail "mobile nodes of $ns: $(actl $ns mn show)"
	done
	is "$(mn lma $MN_ID state)" active "state at the anchor"
	is "$(mn mag1 $MN_ID state)" active "state at the gateway"
	ping_ok still $CN 3
}

case_anchor() { killed lma; }
case_gateway() { killed mag1; }
case_both() { killed lma mag1; }

# By an operator, it is the same.
case_stopped() {
	local before ns

	before=$(all_state)
	for ns in lma mag1; do
		agent_end $ns
		is "$status" 0 "status of the agent of $ns"
		[[ ! -e $work/$ns.sock ]] || fail "the control socket of $ns stays"
	done
	is "$(all_state)" "$before" "the kernel's state without agents"
	ping_ok cn "$(<"$work/address")" 5
	agents_start lma mag1
	is "$(all_state)" "$before" "the kernel's state with new ones"
}

# What was read from disk is good enough to go on with: a refresh, a handover.
case_goes_on() {
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	wait_for 30 gone_from mag1 $MN_ID || fail "the gateway keeps it"
	served mn mag2 $MN_ID
	is "$(address mn)" "$(<"$work/address")" "its address"
	ping_ok mn $CN 3
}

# While the gateway's agent is dead, the mobile node leaves it.
case_left_meanwhile() {
	agent_end mag2 KILL
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG1 .*previous=$MAG2" move mag2 mag1
	is "$(bound mag2)" "$MN_HNP $LMA" "bindings of the gateway without an agent"
	agent_start mag2
	wait_for 30 nothing bound mag2 || fail "the gateway keeps $(bound mag2)"
	wait_for 10 gone_from mag2 $MN_ID || fail "the agent keeps it"
	is "$(mn_routes mag2)" "" "routes of the gateway"
	is "$(mn lma $MN_ID proxy_coa)" $MAG1 "gateway at the anchor"
	wait_for 20 is_active mag1 $MN_ID
	ping_ok mn $CN 3
}

network_of_agents
run_cases \
	attached "two mobile nodes are registered" \
	anchor "an anchor's agent is killed: nothing is lost" \
	gateway "a gateway's agent is killed: nothing is lost" \
	both "both are: nothing is lost" \
	stopped "they are stopped: everything stays" \
	goes_on "what was read from disk is moved on" \
	left_meanwhile "a mobile node leaves while the agent is dead" \
	end "the agents end"
