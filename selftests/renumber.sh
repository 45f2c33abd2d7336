#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mobile node gets other prefixes: the anchor's operator says so, its gateway
# is told (RFC 7077), and nothing is left of what it had (RFC 5213, 6.12).

. "$(dirname "$0")/agents.sh"

# Neither is in the pool, nor in a profile.
NEW=2001:db8:a:7::/64
OTHER=2001:db8:a:8::/64
LAST=2001:db8:a:9::/64

# In seconds, what the anchor grants, so that refreshes are soon.
LIFETIME=12

# lose TYPE, mend: Mobility Headers of that type are lost on their way.
lose() {
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				meta l4proto 135 @th,16,8 $1 counter drop
			}
		}
	END
}

mend() { in_ns core nft delete table ip6 cut; }

UPN=19 PBA=6

# renumber ARGUMENTS...: by the anchor, which agrees
renumber() { actl lma mn renumber "$@" >"$work/renumber" || fail "$(<"$work/renumber")"; }

# refused_for WHY ARGUMENTS...: pmipctl says so
refused_for() {
	local said

	! said=$("${@:2}" 2>&1) || fail "\"${*:2}\" is done: $said"
	[[ $said == *"$1"* ]] || fail "\"${*:2}\" says \"$said\", not \"$1\""
}

# hnp NS ID: its prefixes, as the agent shows them
hnp() { mn "$1" "$2" 'hnp | join(" ")'; }

pending() { mn lma "$1" 'pending[0]'; }

# leads_to NS PREFIX: the other end of its tunnel
leads_to() { bound "$1" | sed -n "s|^$2 ||p"; }

lma_routes() { ipn lma -6 route show table all proto 52 | sed 's/ .*//'; }

# preferred NS: the addresses that new connections are made from
preferred() {
	ipn "$1" -6 -j addr show dev eth0 scope global -deprecated -tentative |
		jq -r '.[].addr_info[].local // empty'
}

# prefers NS PREFIX: one, which is from there
prefers() { [[ $(preferred "$1") == "${2%:/64}"* && $(preferred "$1" | wc -l) == 1 ]]; }

# renumbered MAG FROM TO: the mobile node, at both ends and at itself
renumbered() {
	local address=$MAG1

	[[ $1 == mag1 ]] || address=$MAG2
	wait_for 30 equals "$3" hnp "$1" $MN_ID || fail "$1 has $(hnp "$1" $MN_ID), not $3"
	# RULE: B-LMA-63
	is "$(hnp lma $MN_ID)" "$3" "its prefixes at the anchor"
	is "$(pending $MN_ID)" "" "what it is to get"
	wait_for 20 prefers mn "$3" || fail "it prefers $(preferred mn), none of $3"
	is "$(leads_to lma "$3")" "$address" "where the anchor sends to"
	is "$(leads_to "$1" "$3")" $LMA "where $1 sends to"
	# RULE: B-LMA-63
	is "$(leads_to lma "$2")" "" "what the anchor has for $2"
	# RULE: B-LMA-63
	is "$(lma_routes | grep -cx "$2" || :)" 0 "routes of the anchor to $2"
	# RULE: B-LMA-63 B-MAG-42
	is "$(leads_to "$1" "$2")" "" "what $1 has for $2"
	# RULE: B-LMA-63 B-MAG-42
	is "$(mn_routes "$1" | grep -cx "$2" || :)" 0 "routes of $1 to $2"
	ping_ok cn "$(preferred mn)" 5
	ping_ok mn $CN 5
	is "$(mns lma)" 2 "sessions"
}

case_attached() {
	attach_to mag1
	still_attach
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	is "$(hnp lma $MN_ID)" $MN_HNP "its prefix"
	wait_for 20 prefers mn $MN_HNP || fail "it has $(preferred mn)"
	address mn >"$work/address"
	ping_ok cn "$(<"$work/address")" 5
}

# What cannot be changes nothing.
case_refusals() {
	local before

	before=$(bound lma; lma_routes)
	refused_for "no such mobile node has a session here" \
		actl lma mn renumber nobody@example.com
	refused_for "a prefix is like" actl lma mn renumber $MN_ID 2001:db8:a:7::1/64
	refused_for "a prefix is like" actl lma mn renumber $MN_ID fe80::/64
	refused_for "a prefix is like" actl lma mn renumber $MN_ID nonsense
	refused_for "it has just these" actl lma mn renumber $MN_ID $MN_HNP
	refused_for "another session has it" actl lma mn renumber $MN_ID "$(hnp lma $STILL_ID)"
	refused_for "another session has it" actl lma mn renumber $STILL_ID 2001:db8:a:1:8000::/65
	refused_for "hands out others only" actl lma mn renumber $MN_ID 2001:db8:a:9000::/65
	refused_for "no local mobility anchor" actl mag1 mn renumber $MN_ID
	refused_for "the mobile node is missing" actl lma mn renumber
	is "$(bound lma; lma_routes)" "$before" "bindings and routes of the anchor"
	is "$(astat lma upn-sent)" 0 "notifications"
}

prefers_old() { grep -q "$(<"$work/address")" <(preferred mn); }

# By its link-layer address, to a prefix that is named.
case_named() {
	local shown

	shown=$(actl lma -j mn renumber $MN_LLADDR $NEW)
	is "$(jq -r '.[0].pending | join(" ")' <<<"$shown")" $NEW "what it is to get"
	is "$(jq -r '.[0].mn' <<<"$shown")" $MN_ID "its identifier"
	renumbered mag1 $MN_HNP $NEW
	is "$(lma_routes | grep -cx "$NEW" || :)" 1 "routes of the anchor to $NEW"
	# It keeps that for what it has open, and uses it for nothing new.
	# RULE: B-MAG-42
	wait_for 5 not prefers_old || fail "it still prefers the old address"
	not in_ns cn ping -q -c 1 -W 1 "$(<"$work/address")" || fail "the old address answers"
	said lma "event=renumbered .*mn=$MN_ID .*hnp=$NEW" || fail "the anchor does not say so"
	said lma "event=prefix-withdrawn .*hnp=$MN_HNP" || fail "nor of the old prefix"
	said mag1 "event=notified .*mn=$MN_ID" || fail "the gateway was not told"
	# RULE: B-MAG-42
	is "$(astat mag1 prefixes-withdrawn)" 1 "prefixes that were withdrawn"
	at_least 1 astat lma upn-sent || fail "no notification was sent"
	at_least 1 astat mag1 upn-received || fail "no notification has come"
	at_least 1 astat mag1 upa-sent || fail "it was not acknowledged"
	wait_for 10 at_least 1 astat lma upa-received || fail "no acknowledgement has come"
	is "$(astat lma upn-unanswered)" 0 "notifications without an answer"
}

# refreshed: the gateway has named what the mobile node has; it will not do so
# again for some seconds
refreshed() {
	local from

	from=$(log_length lma)
	wait_for $((2 * LIFETIME)) said_since "$from" lma "event=binding-refreshed .*mn=$MN_ID" ||
		fail "it is not refreshed"
}

# That of its profile again; what it had is another's, but not at once.
case_free() {
	renumber $MN_ID
	wait_for 30 equals $MN_HNP hnp mag1 $MN_ID || fail "it keeps $(hnp mag1 $MN_ID)"
	refused_for "another session has it" actl lma mn renumber $STILL_ID $NEW
	renumbered mag1 $NEW $MN_HNP
	refreshed
	# RULE: B-LMA-63
	renumber $STILL_ID $NEW
	wait_for 30 equals $NEW hnp mag1 $STILL_ID || fail "it is not free: $(bound lma)"
	wait_for 20 prefers still $NEW || fail "it prefers $(preferred still)"
	ping_ok cn "$(preferred still)" 5
	ping_ok cn "$(preferred mn)" 5
}

# Nobody hears of it before the next refresh; until then, all goes on.
case_notification_lost() {
	local before copies

	before=$(astat lma upn-unanswered)
	copies=$(astat lma upn-retransmitted)
	refreshed
	lose $UPN
	renumber $MN_ID $OTHER
	is "$(pending $MN_ID)" $OTHER "what it is to get"
	ping_ok cn "$(preferred mn)" 5
	wait_for $((2 * LIFETIME)) at_least $((before + 1)) astat lma upn-unanswered ||
		fail "the anchor has an answer"
	said lma "event=upn-unanswered .*mn=$MN_ID" || fail "nobody is told"
	at_least $((copies + 1)) astat lma upn-retransmitted || fail "it was not sent again"
	wait_for $((2 * LIFETIME)) equals $OTHER hnp mag1 $MN_ID || fail "it keeps $(hnp mag1 $MN_ID)"
	mend
	renumbered mag1 $MN_HNP $OTHER
}

# The gateway asks again, for what it has: that is the same session.
case_acknowledgement_lost() {
	local created from

	refreshed
	created=$(astat lma created)
	from=$(log_length lma)
	lose $PBA
	renumber $MN_ID $MN_HNP
	wait_for 20 said_since "$from" lma "event=renumbered .*mn=$MN_ID" ||
		fail "the gateway does not ask"
	from=$(log_length lma)
	wait_for 20 said_since "$from" lma "event=binding-refreshed .*mn=$MN_ID .*hnp=$MN_HNP" ||
		fail "it is not the same session"
	is "$(hnp mag1 $MN_ID)" $OTHER "its prefix at the gateway"
	mend
	renumbered mag1 $OTHER $MN_HNP
	is "$(astat lma created)" "$created" "sessions that began"
}

# The anchor ends before anybody has heard of it, and has not forgotten.
case_anchor_killed() {
	refreshed
	lose $UPN
	renumber $MN_ID $OTHER
	agent_end lma KILL
	mend
	agent_start lma
	renumbered mag1 $MN_HNP $OTHER
	at_least 1 astat lma upn-sent || fail "nobody was told again"
}

# The gateway that it comes to is given what the mobile node has, and told of the
# new one then, so that it withdraws the old one.
case_handover() {
	# What the gateway that it comes to asks for.
	sed -i "s|$MN_HNP|$OTHER|" "$work/profiles.conf"
	says mag2 event=profiles-loaded kill -HUP "$(<"$work/mag2.pid")"
	refreshed
	lose $UPN
	renumber $MN_ID $LAST
	says lma "event=(handover|binding-deregistered) .*mn=$MN_ID" move mag1 mag2
	wait_for 30 is_active mag2 $MN_ID || fail "the new gateway does not serve it"
	mend
	renumbered mag2 $OTHER $LAST
	wait_for 20 nothing leads_to mag1 $OTHER || fail "mag1 keeps $OTHER"
}

# What waits for a refresh waits for one of its own.
network_of_agents "max-lifetime = $LIFETIME" "request-bulk-binding-update = false"
run_cases \
	attached "mobile nodes are registered" \
	refusals "what cannot be is refused, for its reason" \
	named "the operator names a prefix, and nothing is left of the old one" \
	free "back to that of its profile; the other one is free for another" \
	notification_lost "without a notification it comes with the next refresh" \
	acknowledgement_lost "a lost acknowledgement makes no new session" \
	anchor_killed "it outlives a restart of the anchor" \
	handover "a gateway that it moves to gives it the new one" \
	end "the agents end"
