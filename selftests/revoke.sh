#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Binding Revocation (RFC 5846) between real agents: operators of either end
# revoke a mobile node, a realm, all of a peer; sessions, bindings and routes are
# gone at both ends, the mobile node is told, and nothing is forwarded.

. "$(dirname "$0")/agents.sh"

# refused_for WHY ARGUMENTS...: pmipctl says so
refused_for() {
	local said

	! said=$("${@:2}" 2>&1) || fail "\"${*:2}\" is done: $said"
	[[ $said == *"$1"* ]] || fail "\"${*:2}\" says \"$said\", not \"$1\""
}

# revoke NS ARGUMENTS...: what the agent there says of it, in $work/revoked
revoke() { actl "$1" -j revoke "${@:2}" >"$work/revoked"; }

# became KEY: how many sessions; of whichever peer
became() { jq "[.[].$1] | add" "$work/revoked"; }

# leads_to NS PREFIX: the other end of its tunnel
leads_to() { bound "$1" | sed -n "s|^$2 ||p"; }

hnp() { mn "$1" "$2" 'hnp[0]'; }

# preferred NS: the addresses that new connections are made from
preferred() {
	ipn "$1" -6 -j addr show dev eth0 scope global -deprecated -tentative |
		jq -r '.[].addr_info[].local // empty'
}

routers() { ipn "$1" -6 route show default proto ra; }

# has_home NS MAG ID HNP: at both ends, and it is reached
has_home() {
	wait_for 30 is_active "$2" "$3" || fail "$3 is not served by $2"
	wait_for 20 equals active mn lma "$3" state || fail "the anchor has it $(mn lma "$3" state)"
	wait_for 20 has_address "$1" || fail "$1 has no address"
	[[ -n $(routers "$1") ]] || fail "$1 has no router"
	ping_ok cn "$(address "$1")" 10
}

# has_none NS MAG ID HNP: nothing is left of it, and it knows that
has_none() {
	wait_for 5 equals refused mn "$2" "$3" state || fail "$2 has it $(mn "$2" "$3" state)"
	# RULE: BRI-15
	[[ $(mn lma "$3" state) != active ]] || fail "the anchor has it active"
	is "$(leads_to lma "$4")" "-" "where the anchor sends to"
	# RULE: BRI-20
	is "$(leads_to "$2" "$4")" "" "what $2 has for $4"
	# RULE: BRI-20
	is "$(mn_routes "$2" | grep -cx "$4" || :)" 0 "routes of $2 to $4"
	# RULE: BRI-20
	wait_for 5 nothing preferred "$1" || fail "it still prefers $(preferred "$1")"
	# RULE: BRI-20
	wait_for 5 nothing routers "$1" || fail "it still has a router: $(routers "$1")"
	not in_ns cn ping -q -c 1 -W 1 "$(<"$work/$1.address")" || fail "$1 answers"
	said "$2" "event=revoked .*mn=$3" || fail "$2 does not say so"
}

# comes_back NS MAG ID DEV HNP
comes_back() {
	actl "$2" mn attach "$3" dev "$4"
	has_home "$1" "$2" "$3" "$5"
}

both_back() {
	comes_back mn mag1 $MN_ID access0 $MN_HNP
	comes_back still mag1 $STILL_ID access1 "$(<"$work/still.hnp")"
}

case_attached() {
	attach_to mag1
	still_attach
	has_home mn mag1 $MN_ID $MN_HNP
	has_home still mag1 $STILL_ID any
	hnp lma $STILL_ID >"$work/still.hnp"
	address mn >"$work/mn.address"
	address still >"$work/still.address"
}

# What cannot be changes nothing.
case_refusals() {
	local before

	before=$(bound lma; bound mag1)
	refused_for "no such mobile node has a session here" actl lma revoke mn nobody@example.com
	refused_for "no such mobile node is registered here" actl mag1 revoke mn nobody@example.com
	refused_for "a session with that prefix" actl lma revoke mn $MN_ID prefix 2001:db8:a:9::/64
	refused_for "is not an IPv6 prefix" actl lma revoke mn $MN_ID prefix nonsense
	refused_for "a prefix is like" actl lma revoke mn $MN_ID prefix 2001:db8:a:1::1/64
	refused_for "the mobile node is missing" actl lma revoke mn
	refused_for "is not an IPv6 address" actl lma revoke mag nonsense
	refused_for "by that gateway" actl lma revoke mag 2001:db8:66::1
	refused_for "with that anchor" actl mag1 revoke lma 2001:db8:66::1
	refused_for "no mobile access gateway" actl lma revoke lma $LMA
	refused_for "no local mobility anchor" actl mag1 revoke mag $MAG1
	refused_for "a realm is like" actl lma revoke realm "not one"
	refused_for "no mobile node of that realm" actl lma revoke realm example.net
	is "$(bound lma; bound mag1)" "$before" "bindings of anchor and gateway"
	is "$(astat lma bri-sent)" 0 "indications"
}

case_mobile_node() {
	revoke lma mn $MN_ID || fail "exit status $?: $(<"$work/revoked")"
	is "$(became revoked)" 1 "sessions that were revoked"
	is "$(jq -r '.[0].peer' "$work/revoked")" $MAG1 "who was told"
	is "$(jq '.[0].status' "$work/revoked")" 0 "what it says"
	has_none mn mag1 $MN_ID $MN_HNP
	ping_ok cn "$(address still)" 5
	said lma "event=bri-sent .*mn=$MN_ID" || fail "nobody is told"
	said mag1 "event=revoked-by-anchor .*mn=$MN_ID" || fail "nor at the gateway"
	is "$(astat lma revoked)" 1 "sessions that were revoked"
	is "$(astat mag1 revoked)" 1 "bindings that were revoked"
	is "$(astat mag1 bra-sent)" 1 "acknowledgements"
	# Not by itself, whatever it sends.
	# shellcheck disable=SC2119
	in_ns mn ping -q -c 2 -W 1 ff02::2%eth0 >/dev/null || :
	is "$(mn mag1 $MN_ID state)" refused "its state"
	comes_back mn mag1 $MN_ID access0 $MN_HNP
	is "$(astat lma bri-unanswered)" 0 "indications without an answer"
}

# By its link-layer address, and what operators read.
case_one_session() {
	is "$(actl lma revoke mn $STILL_LLADDR prefix "$(<"$work/still.hnp")")" \
		"$MAG1 revoked 1 status 0" "what is shown"
	has_none still mag1 $STILL_ID "$(<"$work/still.hnp")"
	ping_ok cn "$(address mn)" 5
	comes_back still mag1 $STILL_ID access1 "$(<"$work/still.hnp")"
}

case_gateway_of_an_anchor() {
	revoke lma mag $MAG1 || fail "exit status $?: $(<"$work/revoked")"
	is "$(became revoked)" 2 "sessions that were revoked"
	has_none mn mag1 $MN_ID $MN_HNP
	has_none still mag1 $STILL_ID "$(<"$work/still.hnp")"
	refused_for "by that gateway" actl lma revoke mag $MAG1
	both_back
}

case_realm() {
	revoke lma realm EXAMPLE.com || fail "exit status $?: $(<"$work/revoked")"
	is "$(became revoked)" 2 "sessions that were revoked"
	has_none mn mag1 $MN_ID $MN_HNP
	has_none still mag1 $STILL_ID "$(<"$work/still.hnp")"
	both_back
}

case_by_the_gateway() {
	revoke mag1 mn $MN_ID || fail "exit status $?: $(<"$work/revoked")"
	is "$(became revoked)" 1 "bindings that were revoked"
	# RULE: BRI-16
	has_none mn mag1 $MN_ID $MN_HNP
	ping_ok cn "$(address still)" 5
	said lma "event=revoked-by-gateway .*mn=$MN_ID" || fail "the anchor does not say so"
	comes_back mn mag1 $MN_ID access0 $MN_HNP
}

# The anchor does not let this gateway revoke all: nothing happens, and it is
# asked once.
case_not_authorized() {
	! revoke mag1 lma $LMA || fail "it is done: $(<"$work/revoked")"
	# RULE: BRI-16 BRI-21
	is "$(jq '.[0].status' "$work/revoked")" 130 "what the anchor says"
	is "$(became refused)" 2 "bindings that stay"
	ping_ok cn "$(address mn)" 5
	ping_ok cn "$(address still)" 5
	said mag1 "event=bri-refused .*status=130" || fail "nobody is told"
	# RULE: BRI-21
	refused_for "does not let this gateway revoke" actl mag1 revoke lma $LMA
	is "$(astat lma bra-refused)" 1 "refusals of the anchor"
}

# The other gateway may.
case_all_of_an_anchor() {
	says lma "event=(handover|binding-deregistered) .*mn=$MN_ID" move mag1 mag2
	has_home mn mag2 $MN_ID $MN_HNP
	revoke mag2 lma $LMA || fail "exit status $?: $(<"$work/revoked")"
	is "$(became revoked)" 1 "bindings that were revoked"
	# RULE: BRI-16 BRI-21
	has_none mn mag2 $MN_ID $MN_HNP
	ping_ok cn "$(address still)" 5
	actl mag2 mn detach $MN_ID
	move mag2 mag1
	comes_back mn mag1 $MN_ID access0 $MN_HNP
}

# Nobody hears of it: the anchor asks once more, and cleans up then.
case_unanswered() {
	local begun=$SECONDS sent

	sent=$(astat lma bri-sent)
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				meta l4proto 135 @th,16,8 16 counter drop
			}
		}
	END
	revoke lma mn $STILL_ID || fail "exit status $?: $(<"$work/revoked")"
	is "$(became unanswered)" 1 "sessions that ended unanswered"
	within $((SECONDS - begun)) 2 6 "seconds"
	# RULE: BRI-09
	is "$(astat lma bri-sent)" $((sent + 2)) "indications, with copies"
	is "$(leads_to lma "$(<"$work/still.hnp")")" "-" "where the anchor sends to"
	in_ns core nft delete table ip6 cut
	not in_ns cn ping -q -c 1 -W 1 "$(<"$work/still.address")" || fail "it answers"
	# The gateway finds out with its next update, and so does it come back.
	actl mag1 mn attach $STILL_ID dev access1
	wait_for 20 equals active mn lma $STILL_ID state || fail "it does not come back"
	ping_ok cn "$(address still)" 5
}

# shark ARGUMENT...: tshark on what was captured
shark() { tshark -n -r "$pcap" "$@" 2>"$work/tshark.log"; }

# indications TRIGGER GLOBAL SOURCE: how many tshark reads
indications() {
	shark -Y "mip6.bri_br.type == 1 && mip6.bri_r.trigger == $1 && mip6.bri_ip == 1 &&
		mip6.bri_ig == $2 && mip6.bri_iv == 0 && ipv6.src == $3" | wc -l
}

# As another implementation reads it.
case_dissected() {
	capture core lma "ip6 proto 135"
	revoke lma mn $MN_ID
	revoke mag1 mn $STILL_ID
	both_back
	revoke lma realm example.com
	both_back
	revoke lma mag $MAG1
	both_back
	wait_for 20 at_least 4 bras || fail "not all is captured"
	capture_end
	# RULE: BRI-02
	is "$(indications 1 0 $LMA)" 1 "indications for a mobile node by the anchor"
	# RULE: BRI-02
	is "$(indications 1 0 $MAG1)" 1 "indications for a mobile node by the gateway"
	# RULE: BRI-13
	is "$(indications 129 1 $LMA)" 1 "indications for a realm"
	# RULE: BRI-12
	is "$(indications 128 1 $LMA)" 1 "indications for all of a gateway"
	# RULE: BRI-04
	is "$(bras)" 4 "acknowledgements of success"
	is "$(shark -Y '_ws.malformed || _ws.expert.severity >= 0x600000')" "" \
		"what tshark complains of"
}

bras() { shark -Y 'mip6.bri_br.type == 2 && mip6.bri_status == 0' | wc -l; }

# with_path NS: bindings that packets are forwarded by
with_path() { bound "$1" | grep -vc ' -$' || :; }

# served_many: mobile nodes of that realm which the gateway has registered
served_many() {
	actl mag1 -j mn show |
		jq '[.[] | select(.state == "active" and (.mn | endswith("@many.example.com")))] | length'
}

case_many_attached() {
	stations_solicit $MANY
	wait_for 60 at_least $MANY served_many || fail "$(served_many) are registered"
}

# However many they are, both ends are done within a second of the command.
case_many() {
	local begun took

	begun=$(date +%s%3N)
	revoke lma mag $MAG1 || fail "exit status $?: $(<"$work/revoked")"
	took=$(($(date +%s%3N) - begun))
	is "$(became revoked)" $((MANY + 2)) "sessions that were revoked"
	is "$(with_path lma)" 0 "paths of the anchor"
	wait_for 1 equals 0 with_path mag1 || fail "the gateway has $(with_path mag1) paths"
	# RULE: BRI-20
	is "$(mn_routes mag1)" "" "routes of the gateway"
	# A kernel that looks for faults takes its time.
	within $took 0 $MANY_MS "milliseconds"
	# RULE: BRI-12
	is "$(astat lma bri-unanswered)" 1 "indications without an answer: that of before"
	both_back
}

# For figures: REVOKE_MANY=10000.
MANY=${REVOKE_MANY:-500}
MANY_MS=${REVOKE_MANY_MS:-5000}

# A guest that is slow takes longer to have all back than sessions are kept by default.
network_of_agents 'accept-unknown-mobile-nodes = true MinDelayBeforeBCEDelete = 300000' \
	'realm-of-unknown = "many.example.com"'
sed -i "s|mags = .*|mags = {\"$MAG1\"}\n\t\t\tmag \"$MAG2\" { revoke-all = true identity = \"gw2\" }|" \
	"$work/lma.conf"
sed -i 's|lma = .*|&\n\t\t\tidentity = "gw2"|' "$work/mag2.conf"
agent_end lma
agent_end mag2
agents_start lma mag2
run_cases \
	attached "mobile nodes are registered" \
	refusals "what cannot be is refused, for its reason" \
	mobile_node "the anchor revokes a mobile node: nothing is left, and it is told" \
	one_session "and one of its sessions, by link-layer address and prefix" \
	gateway_of_an_anchor "all of a gateway" \
	realm "all of a realm" \
	by_the_gateway "a gateway revokes a mobile node" \
	not_authorized "a gateway that may not revoke all is refused, and asks no more" \
	all_of_an_anchor "one that may does" \
	unanswered "without an answer the anchor cleans up by itself" \
	dissected "tshark reads all of it" \
	many_attached "$MANY more are registered" \
	many "and end by one message" \
	end "the agents end"
