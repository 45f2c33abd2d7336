#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Lifetimes: bindings are refreshed in time; when the anchor cannot be reached
# they end, at both ends, and come back when it can.

. "$(dirname "$0")/agents.sh"

# In seconds, what the anchor grants.
LIFETIME=12

# cut, mend: the way between gateway and anchor, for signalling only, or for all.
cut_signalling() {
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				meta l4proto 135 counter drop
			}
		}
	END
}

mend() { in_ns core nft delete table ip6 cut; }

case_attached() {
	attach_to mag1
	served mn mag1 $MN_ID
	address mn >"$work/address"
	within "$(mn mag1 $MN_ID lifetime_ms)" 1 $((LIFETIME * 1000)) "lifetime at the gateway"
	within "$(mn lma $MN_ID lifetime_ms)" 1 $((LIFETIME * 1000)) "lifetime at the anchor"
}

# For more than a lifetime, nothing is lost; the generations say that it was
# refreshed.
case_refreshed() {
	local refreshed expired

	expired=$(astat lma expired)
	refreshed=$(astat lma refreshed)
	pinging cn "$(<"$work/address")"
	wait_for $((5 * LIFETIME)) at_least $((refreshed + 2)) astat lma refreshed ||
		fail "it is not refreshed"
	ping_ends
	is "$lost" 0 "lost pings"
	# RULE: B-MAG-20
	is "$(astat lma expired)" "$expired" "bindings that expired"
	is "$(astat lma created)" 1 "sessions"
	within "$(mn lma $MN_ID lifetime_ms)" 1 $((LIFETIME * 1000)) "lifetime at the anchor"
}

# Packets go on until the lifetime is over, and not a moment longer.
case_expires() {
	local before after left_mag left_lma least

	is_active mag1 $MN_ID || fail "it is not served"
	log_length mag1 >"$work/cut"
	pinging cn "$(<"$work/address")"
	cut_signalling
	before=$(now_ms)
	left_mag=$(mn mag1 $MN_ID lifetime_ms)
	left_lma=$(mn lma $MN_ID lifetime_ms)
	after=$(now_ms)
	least=$((left_mag < left_lma ? left_mag : left_lma))
	wait_for 60 said_since "$(<"$work/cut")" mag1 "event=binding-expired .*mn=$MN_ID" ||
		fail "it does not expire at the gateway"
	# RULE: B-LMA-98
	wait_for 60 said lma "event=binding-expired .*mn=$MN_ID" ||
		fail "it does not expire at the anchor"
	ping_stops
	within "$(last_answer)" $((before + least - 1500)) $((after + least + 500)) \
		"time of the last answer"
	is "$lost" 0 "lost pings"
	wait_for 10 nothing bound mag1 || fail "bindings of the gateway: $(bound mag1)"
	is "$(mn_routes mag1)" "" "routes of the gateway"
	is "$(mn mag1 $MN_ID state)" registering "state at the gateway"
	wait_for 10 nothing bound lma || fail "bindings of the anchor: $(bound lma)"
	is "$(mns lma)" 0 "sessions"
}

# last_answer: when it came, in ms
last_answer() {
	sed -n 's/^\[\([0-9]*\)\.\([0-9]\{3\}\).*bytes from.*/\1\2/p' "$work/ping" | tail -n 1
}

# Meanwhile the gateway asks again, after twice as long each time but no longer
# than it may.
case_backs_off() {
	local intervals

	wait_for 60 at_least 5 sent_since_cut || fail "it does not ask again"
	read -ra intervals <<<"$(intervals)"
	# Give or take what a busy machine takes to write a line.
	within "${intervals[0]}" 700 1700 "first interval"
	# RULE: B-MAG-53
	within "${intervals[1]}" 1700 3000 "second interval"
	within "${intervals[2]}" 3500 5000 "third interval"
	# RULE: B-MAG-83
	within "${intervals[3]}" 3500 5000 "fourth interval"
	at_least 4 astat mag1 pbu-retransmitted || fail "nothing was retransmitted"
}

# What was sent since then, but for a refresh that was answered at the last moment.
since_cut() {
	tail -n "+$(($(<"$work/cut") + 1))" "$work/mag1.log" |
		awk '/event=binding-refreshed/ { count = 0 }
			/event=pbu-sent/ { line[count++] = $0 }
			END { for (i = 0; i < count; i++) print line[i] }'
}

sent_since_cut() { since_cut | wc -l; }

# intervals: between PBUs since then, in ms
intervals() {
	local at last=''

	while read -r at _; do
		at=$(date -d "$at" +%s%3N)
		[[ -z $last ]] || echo -n "$((at - last)) "
		last=$at
	done < <(since_cut)
}

case_recovers() {
	mend
	wait_for 60 is_active mag1 $MN_ID || fail "it is not registered again"
	wait_for 30 equals "$(<"$work/address")" address mn
	wait_for 20 equals "$MN_HNP $MAG1" bound lma
	ping_ok cn "$(<"$work/address")" 5
	ping_ok mn $CN 5
}

# Each by itself: groups are in bulk.sh.
network_of_agents "max-lifetime = $LIFETIME" "MAX_BINDACK_TIMEOUT = 4000
	request-bulk-binding-update = false"
run_cases \
	attached "a mobile node is registered for a short time" \
	refreshed "refreshed in time, nothing is lost" \
	expires "without the anchor it ends at both ends, when it should" \
	backs_off "the gateway asks again, less and less often" \
	recovers "with it, it comes back" \
	end "the agents end"
