#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mobile node goes, and its link does not tell: the gateway asks for it.

. "$(dirname "$0")/agents.sh"

# What it sends when its link comes up, it sends from there.
knows_link_local() {
	local known

	known=$(mn mag1 $MN_ID link_local)
	[[ -n $known && $(ipn mn -6 -o addr show dev eth0 scope link) == *" $known/64 "* ]]
}

case_asked_for() {
	keep_carrier mag1
	attach_to mag1
	served mn mag1 $MN_ID
	# RULE: B-MAG-65
	wait_for 30 knows_link_local || fail "its link-local address is not known"
	wait_for 60 at_least 3 astat mag1 neighbour-probes || fail "nobody is asked for"
	is_active mag1 $MN_ID || fail "one that answers was let go"
	is "$(astat mag1 neighbours-failed)" 0 "neighbours that failed"
}

# An address of its prefix that it does not have is not its absence.
case_address_of_nobody() {
	not in_ns cn ping -q -c 2 -i 0.2 -W 5 "${MN_HNP%/*}dead" ||
		fail "somebody has it"
	wait_for 30 nobody_there || fail "the gateway does not look for it"
	wait_for 30 at_least $(($(astat mag1 neighbour-probes) + 2)) astat mag1 neighbour-probes
	is_active mag1 $MN_ID || fail "it was let go"
	is "$(astat mag1 neighbours-failed)" 0 "neighbours that failed"
}

nobody_there() {
	ipn mag1 -6 neigh show "${MN_HNP%/*}dead" dev access0 | grep FAILED >/dev/null
}

case_gone() {
	# RULE: B-MAG-46
	says mag1 "event=left .*mn=$MN_ID .*neighbour does not answer" \
		ipn mag1 link set air0 nomaster
	wait_for 30 gone_from mag1 $MN_ID || fail "the gateway keeps it"
	is "$(astat mag1 neighbours-failed)" 1 "neighbours that failed"
	# RULE: B-MAG-21
	said lma "event=binding-deregistered .*mn=$MN_ID" || fail "the anchor is not told"
	is "$(bound mag1)" "" "bindings of the gateway"
}

# Its link comes up again, which it knows of and the gateway does not.
case_back() {
	ipn mn link set eth0 down
	attach_to mag1
	ipn mn link set eth0 up
	wait_for 30 is_active mag1 $MN_ID || fail "it is not served again"
	served mn mag1 $MN_ID
	ping_ok mn $CN 3
}

agent_topology
agent_configs "" "neighbour-idle = 2"
agents_start lma mag1
run_cases \
	asked_for "one that answers is asked for, and stays" \
	address_of_nobody "an address that nobody has is not its absence" \
	gone "one that does not answer has left" \
	back "when it is back it is served" \
	end "the agents end"
