#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Agents that start without their records, or with another configuration: what
# they do not know, or should not have any more, does not stay.

. "$(dirname "$0")/agents.sh"

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

# Without its records an agent begins anew: what it does not know is not to be
# forwarded, and what is heard is registered again.
case_gateway_forgets() {
	agent_end mag1 KILL
	rm -r "$work/mag1.state"
	agent_start mag1
	background nsenter --net="/run/netns/$RUN-mn" -- ping -q -i 0.2 $CN
	background nsenter --net="/run/netns/$RUN-still" -- ping -q -i 0.2 $CN
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	is "$(address mn)" "$(<"$work/address")" "the one's address"
	is "$(address still)" "$(<"$work/still")" "the other's address"
	ping_ok cn "$(<"$work/still")" 3
	is "$(binding_count mag1)" 2 "bindings of the gateway"
	is "$(tunnel_count mag1)" 1 "tunnels of the gateway"
}

# The anchor learns of its sessions from the next refresh, which names prefixes.
case_anchor_forgets() {
	local from

	agent_end lma KILL
	rm -r "$work/lma.state"
	from=$(log_length lma)
	agent_start lma
	# A refresh may come at once.
	said_since "$from" lma "event=stray-deleted .*hnp=$MN_HNP" ||
		fail "an anchor that knows nobody keeps bindings"
	wait_for 60 equals 2 mns lma || fail "the sessions do not come back"
	wait_for 20 equals 2 binding_count lma
	ping_ok cn "$(<"$work/address")" 3
	ping_ok cn "$(<"$work/still")" 3
	is "$(mns lma)" 2 "sessions"
}

# by_device NS ROUTE...: its next hop and device, for each of ours
by_device() {
	ipn "$1" -6 -j route show "${@:2}" proto 52 |
		jq -r '.[] | select(.dev == "pmip0") | "\(.gateway) \(.dev)"'
}

# Before there was a next hop, the agents' routes were without. None is left, and
# there is no moment without a route.
case_without_next_hop() {
	is "$(by_device lma "$AGENT_POOL")" "$NEXT_HOP pmip0" "the anchor's route"
	is "$(by_device mag1 default table 5213)" "$NEXT_HOP pmip0" "the gateway's route"
	pinging cn "$(<"$work/still")"
	agent_end lma
	agent_end mag1
	ipn lma -6 route replace "$AGENT_POOL" dev pmip0 proto 52
	ipn mag1 -6 route replace default dev pmip0 table 5213 proto 52
	is "$(by_device lma "$AGENT_POOL")" "null pmip0" "the anchor's route of before"
	is "$(by_device mag1 default table 5213)" "null pmip0" "the gateway's route of before"
	agent_start lma
	agent_start mag1
	wait_for 20 equals "$NEXT_HOP pmip0" by_device lma "$AGENT_POOL" ||
		fail "the anchor's routes: $(by_device lma "$AGENT_POOL")"
	wait_for 20 equals "$NEXT_HOP pmip0" by_device mag1 default table 5213 ||
		fail "the gateway's routes: $(by_device mag1 default table 5213)"
	ping_ends
	is "$lost" 0 "lost pings"
}

# A pool that goes takes no session with it, but nobody gets a prefix any more.
case_pool_removed() {
	is "$(ipn lma -6 -j route show "$AGENT_POOL" proto 52 | jq length)" 1 "routes to the pool"
	pinging cn "$(<"$work/still")"
	agent_end lma
	sed -i '/pool "/d' "$work/lma.conf"
	agent_start lma
	wait_for 10 equals 0 pool_routes || fail "the route to the pool stays"
	ping_ends
	is "$lost" 0 "lost pings"
	is "$(mn lma $STILL_ID state)" active "state of a session"
	is "$(address still)" "$(<"$work/still")" "its address"
}

pool_routes() { ipn lma -6 -j route show "$AGENT_POOL" proto 52 | jq length; }

# The same of a link, and of tables: what they had been is nowhere left.
case_links_and_tables_changed() {
	agent_end mag1
	mag_config mag1 $MAG1 'rule-priority = 800 table-uplink = 61 table-access = 62'
	agent_start mag1
	wait_for 20 gone_from mag1 $STILL_ID || fail "a mobile node stays without a link"
	wait_for 10 nothing ours 'lookup 521[34]' || fail "rules: $(ipn mag1 -6 rule)"
	is "$(ours access1)" "" "rules for a link that is not ours any more"
	is "$(ipn mag1 -6 rule | grep -c '^80[01]:.*proto 52')" 4 "rules"
	is "$(ipn mag1 -6 route show table all proto 52 | sed -n '/table 521/p')" "" \
		"routes in tables that are not ours any more"
	ipn mag1 -6 -j route show table 62 | jq -r '.[].dst' | grep -x $MN_HNP >/dev/null ||
		fail "there is no route to the mobile node"
	ping_ok cn "$(<"$work/address")" 3
	ping_ok mn $CN 3
}

ours() { ipn mag1 -6 rule | sed -nE "/proto 52/ { /$1/ p }"; }

# Not so short that it ends while a slow machine starts an agent.
network_of_agents "max-lifetime = 40"
run_cases \
	attached "two mobile nodes are registered" \
	gateway_forgets "a gateway without its records begins anew" \
	anchor_forgets "an anchor without its records learns from refreshes" \
	without_next_hop "routes without a next hop get one" \
	pool_removed "a pool that is removed leaves sessions, but no route" \
	links_and_tables_changed "links and tables that change leave nothing behind" \
	end "the agents end"
