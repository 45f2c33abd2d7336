#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The module, or a device, goes and comes back under running agents: so does all
# that was in it, with the lifetimes that remain.

. "$(dirname "$0")/agents.sh"

case_attached() {
	attach_to mag1
	served mn mag1 $MN_ID
	address mn >"$work/address"
	wait_for 10 equals "$MN_HNP $MAG1" bound lma
}

# lifetime NS: of its only binding in the kernel
lifetime() { pctl "$1" -j binding show | jq '.[0].paths[0].lifetime_ms'; }

# comes_back NS: the binding is as it was, and has not become younger than its session.
comes_back() {
	wait_for 60 bound_as_it_was "$1" || fail "bindings of $1: $(bound "$1")"
	wait_for 5 ends_with_session "$1" ||
		fail "lifetime at $1: $(lifetime "$1"), of the session $(mn "$1" $MN_ID lifetime_ms)"
}

bound_as_it_was() { [[ $(bound "$1") == "$MN_HNP "* ]]; }

# Or before; what is read first is what more is left of, unless it is refreshed in
# between: then it has to be asked again.
ends_with_session() {
	local session

	session=$(mn "$1" $MN_ID lifetime_ms)
	(($(lifetime "$1") <= session))
}

flows() {
	wait_for 30 ping_once || fail "no traffic"
	ping_ok cn "$(<"$work/address")" 5
	ping_ok mn $CN 5
}

ping_once() { in_ns cn ping -q -c 1 -W 1 "$(<"$work/address")"; }

case_module() {
	local ns

	for ns in lma mag1 mag2; do log_length $ns >"$work/$ns.before"; done
	unload_module
	for ns in lma mag1 mag2; do
		wait_for 20 said_since "$(<"$work/$ns.before")" $ns event=module-gone ||
			fail "$ns does not notice"
		agent_runs $ns || fail "the agent of $ns has ended"
	done
	# What it would need the module for waits for it, without harm.
	is "$(mn mag1 $MN_ID state)" active "state without the module"
	load_module
	for ns in lma mag1 mag2; do
		wait_for 60 said_since "$(<"$work/$ns.before")" $ns event=ready ||
			fail "$ns is not ready again"
	done
	comes_back lma
	comes_back mag1
	flows
}

# A mobile node that comes while there is no module is served when there is one.
case_attached_without_module() {
	local ns

	for ns in lma mag1; do log_length $ns >"$work/$ns.before"; done
	unload_module
	for ns in lma mag1; do
		wait_for 20 said_since "$(<"$work/$ns.before")" $ns event=module-gone
	done
	still_attach
	wait_for 20 at_least 2 mns mag1 || fail "it is not noticed"
	load_module
	wait_for 60 is_active mag1 $STILL_ID || fail "it is not served"
	wait_for 60 equals 2 binding_count lma || fail "bindings: $(bound lma)"
	is "$(binding_count mag1)" 2 "bindings of the gateway"
	flows
	served still mag1 $STILL_ID
	ping_ok still $CN 3
	still_detach
	wait_for 30 equals 1 mns mag1 || fail "it does not leave"
	wait_for 30 equals 1 mns lma || fail "it does not leave the anchor"
}

# deleted NS: its device, and it is made again.
deleted() {
	local from

	from=$(log_length "$1")
	ipn "$1" link del pmip0
	wait_for 30 said_since "$from" "$1" event=device-gone || fail "$1 does not notice"
	wait_for 60 said_since "$from" "$1" event=ready || fail "$1 is not ready again"
	comes_back "$1"
	flows
}

case_device_of_anchor() { deleted lma; }
case_device_of_gateway() { deleted mag1; }

# Who takes a device down is left to bring it up. The agent's part is back then.
taken_down() {
	local from

	from=$(log_length "$1")
	ipn "$1" link set pmip0 down
	wait_for 30 said_since "$from" "$1" event=device-down || fail "$1 does not notice"
	not ping_once || fail "packets go through a device that is down"
	ipn "$1" link set pmip0 up
	wait_for 60 said_since "$from" "$1" event=ready || fail "$1 is not ready again"
	comes_back "$1"
	flows
}

case_anchor_down() { taken_down lma; }
case_gateway_down() { taken_down mag1; }

# And all the rest works still.
case_handover() {
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	wait_for 30 is_active mag2 $MN_ID
	flows
}

network_of_agents "MinDelayBeforeBCEDelete = 2000"
run_cases \
	attached "a mobile node is registered" \
	module "the module goes and comes: so do the bindings" \
	attached_without_module "a mobile node that comes meanwhile is served afterwards" \
	device_of_anchor "the anchor's device is made again" \
	device_of_gateway "the gateway's device is made again" \
	anchor_down "the anchor's device is taken down and up" \
	gateway_down "the gateway's device is taken down and up" \
	handover "the mobile node is handed over after all that" \
	end "the agents end"
