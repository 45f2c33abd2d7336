#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The fast path as agents are told of it: it is on when they start, stays on, and
# comes back with the device and with interfaces.

. "$(dirname "$0")/agents.sh"

ifaces_of() { pctl "$1" -j device show pmip0 | jq -r '.[0].fastpath // [] | sort | join(" ")'; }

# fast_of NS: how many packets went by it
fast_of() { pctl "$1" -j stats show dev pmip0 | jq '.[0] | .fast_rx_packets + .fast_tx_packets'; }

# comes_to NS INTERFACES: within a while, these are all that it has
comes_to() { wait_for 30 equals "$2" ifaces_of "$1" || fail "$1: got \"$(ifaces_of "$1")\", want \"$2\""; }

case_started() {
	comes_to lma "cn core"
	comes_to mag1 "access1 core"
	is "$(ifaces_of mag2)" "" "interfaces of who names none"
}

case_taken() {
	local ns before after

	still_attach
	served still mag1 $STILL_ID
	wait_for 10 reaches still $CN || fail "no traffic"
	for ns in lma mag1; do fast_of $ns >"$work/$ns.fast"; done
	ping_ok still $CN 5
	for ns in lma mag1; do
		before=$(<"$work/$ns.fast") after=$(fast_of $ns)
		((after - before >= 5)) || fail "the fast path of $ns took $((after - before)) packets"
	done
}

# Whoever changed it meanwhile, the configuration is what holds.
case_restart() {
	agent_end lma KILL
	is "$(ifaces_of lma)" "cn core" "interfaces without an agent"
	agent_start lma
	comes_to lma "cn core"
	agent_end lma
	pctl lma device set pmip0 fastpath off
	says lma 'event=fastpath-set dev=pmip0 interfaces="core cn"' agent_start lma
	is "$(ifaces_of lma)" "cn core" "interfaces after another start"
}

case_new_device() {
	says lma event=ready ipn lma link del pmip0
	comes_to lma "cn core"
	wait_for 20 reaches still $CN || fail "no traffic by the new one"
}

# It is taken when it comes, as often as that is.
case_interface() {
	agent_end mag2
	mag_config mag2 $MAG2 'fastpath-interfaces = {"later", "core"}'
	says mag2 'event=fastpath-interface-missing dev=pmip0 interface=later' agent_start mag2
	comes_to mag2 core
	ipn mag2 link add later type dummy
	comes_to mag2 "core later"
	says mag2 'event=fastpath-interface-missing .*interface=later' ipn mag2 link del later
	is "$(ifaces_of mag2)" "core" "interfaces after its end"
	ipn mag2 link add sooner type dummy
	ipn mag2 link set sooner name later
	comes_to mag2 "core later"
	ipn mag2 link set later name sooner
	comes_to mag2 core
}

case_refused() {
	agent_end mag2
	mag_config mag2 $MAG2 'fastpath-interfaces = {"lo", "core"}'
	says mag2 'event=fastpath-refused .*interfaces="lo core" reason=".*loopback' agent_start mag2
	is "$(ifaces_of mag2)" core "interfaces, as before"
	agent_runs mag2 || fail "the agent has ended"
}

# An empty list is none, no list is whatever there is.
case_off() {
	agent_end mag2
	mag_config mag2 $MAG2 ""
	agent_start mag2
	is "$(ifaces_of mag2)" core "interfaces of a device that an operator has set"
	agent_end mag2
	mag_config mag2 $MAG2 'fastpath-interfaces = {}'
	agent_start mag2
	comes_to mag2 ""
}

agent_topology
agent_configs 'fastpath-interfaces = {"core", "cn"}'
mag_config mag1 $MAG1 'access "access1" {} fastpath-interfaces = {"core", "access1"}'
agents_start lma mag1 mag2
run_cases \
	started "they are told of it" \
	taken "packets are taken" \
	restart "a new agent leaves it, or sets it" \
	new_device "a new device has it" \
	interface "an interface comes, goes, comes back, and has another name" \
	refused "what the kernel refuses is said" \
	off "it is left alone, and turned off" \
	end "the agents end"
