#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Bindings by pmipctl: made, changed, shown, removed; what is wrong is refused
# with a reason, and loses nothing.

. "$(dirname "$0")/lib.sh"

# refused PATTERN NS ARGUMENTS...: what pmipctl says of them
refused() {
	local said

	! said=$(pctl "${@:2}" 2>&1) || fail "accepted: pmipctl ${*:3}"
	like "$said" "$1" "pmipctl ${*:3}"
}

binding() { pctl "$1" -j -s binding show dev pmip0 "$2" | jq -c '.[0]'; }

# of BINDING EXPRESSION
of() { jq -r "$2" <<<"$1"; }

counts() { pctl "$1" -j device show pmip0 | jq -r '.[0] | "\(.bindings) \(.tunnels)"'; }

case_add() {
	local shown

	pctl mag1 binding add $HNP1 dev pmip0 remote $LMA lifetime 100s bid 7 priority 3 \
		access access1 lladdr 02:00:00:00:00:aa cookie 0x1234567890abcdef
	shown=$(binding mag1 $HNP1)
	is "$(of "$shown" '"\(.hnp) \(.device)"')" "$HNP1 pmip0" "binding"
	# Not by jq, which rounds large numbers.
	like "$(pctl mag1 -j binding show)" '"cookie":1311768467294899695,' "cookie"
	is "$(of "$shown" '.paths[0] | "\(.bid) \(.remote) \(.encap) \(.priority) \(.access) \(.lladdr) \(.generation)"')" \
		"7 $LMA ipv6 3 access1 02:00:00:00:00:aa 0" "path"
	within "$(of "$shown" '.paths[0].lifetime_ms')" 80000 100000 "lifetime left"
	is "$(of "$shown" '.stats | add')" 0 "counters"
	is "$(counts mag1)" "1 1" "bindings and tunnels"
	like "$(pctl mag1 -s binding show)" "$HNP1 dev pmip0 cookie 1311768467294899695" "text"
}

case_add_again() {
	refused 'a binding for this prefix exists' mag1 binding add $HNP1 dev pmip0 \
		remote $LMA lifetime 5s
	within "$(of "$(binding mag1 $HNP1)" '.paths[0].lifetime_ms')" 50000 100000 "lifetime left"
}

case_change() {
	local shown

	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever bid 7 priority 3 \
		access access1 lladdr 02:00:00:00:00:aa
	shown=$(binding mag1 $HNP1)
	is "$(of "$shown" '.paths[0] | "\(.lifetime_ms) \(.generation)"')" "null 1" "after a renewal"
	like "$(pctl mag1 -j binding show)" '"cookie":1311768467294899695,' "cookie after a renewal"
	pctl mag1 binding change $HNP1 dev pmip0 cookie 5
	shown=$(binding mag1 $HNP1)
	is "$(of "$shown" '"\(.cookie) \(.paths | length) \(.paths[0].generation)"')" "5 1 1" "after a new cookie"
	pctl mag1 binding change $HNP1 dev pmip0 remote $MAG2 lifetime 60s
	is "$(of "$(binding mag1 $HNP1)" '.paths[0] | "\(.bid) \(.remote) \(.access)"')" "1 $MAG2 null" "another path"
	is "$(counts mag1)" "1 1" "bindings and tunnels"
	pctl mag1 binding change $HNP1 dev pmip0 drop
	is "$(of "$(binding mag1 $HNP1)" '"\(.drop) \(.paths | length)"')" "true 0" "without a path"
	is "$(counts mag1)" "1 0" "bindings and tunnels"
	refused 'no such binding to change' mag1 binding change $HNP2 dev pmip0 drop
}

case_replace() {
	pctl mag1 binding replace $HNP2 dev pmip0 remote $LMA lifetime 60s
	pctl mag1 binding replace $HNP2 dev pmip0 remote $LMA lifetime 90s
	within "$(of "$(binding mag1 $HNP2)" '.paths[0].lifetime_ms')" 60001 90000 "lifetime left"
	# RULE: B-LMA-55
	is "$(counts mag1)" "2 1" "bindings and tunnels"
}

case_del() {
	pctl mag1 binding del $HNP1 dev pmip0
	refused 'no such binding' mag1 binding del $HNP1 dev pmip0
	refused 'no such binding' mag1 binding show dev pmip0 $HNP1
	is "$(pctl mag1 -j binding show | jq -r 'map(.hnp) | join(" ")')" $HNP2 "bindings"
	pctl mag1 binding del $HNP2 dev pmip0
	is "$(counts mag1)" "0 0" "bindings and tunnels"
	is "$(pctl mag1 -j binding show)" "[]" "bindings"
}

case_bad() {
	local add="binding add $HNP1 dev pmip0"

	refused 'bits set after its length' mag1 binding add 2001:db8:a::1/64 dev pmip0 remote $LMA lifetime 1s
	refused 'is not an IPv6 prefix' mag1 binding add 2001:db8:a::/129 dev pmip0 remote $LMA lifetime 1s
	refused 'is not an IPv6 prefix' mag1 binding add 2001:db8:a:::/64 dev pmip0 remote $LMA lifetime 1s
	refused 'device is missing' mag1 binding add $HNP1 remote $LMA lifetime 1s
	refused 'no network device' mag1 binding add $HNP1 dev pmip9 remote $LMA lifetime 1s
	refused 'not of kind pmip6' mag1 binding add $HNP1 dev core remote $LMA lifetime 1s
	refused 'remote endpoint is missing' mag1 $add lifetime 1s
	refused 'lifetime is missing' mag1 $add remote $LMA
	refused 'path is missing' mag1 $add
	refused 'has no path' mag1 $add drop remote $LMA lifetime 1s
	refused 'is not a lifetime' mag1 $add remote $LMA lifetime 0s
	refused 'is not a lifetime' mag1 $add remote $LMA lifetime 5y
	refused 'is not a lifetime' mag1 $add remote $LMA lifetime -1s
	refused 'is not a value of bid' mag1 $add remote $LMA lifetime 1s bid 0
	refused 'is not a value of priority' mag1 $add remote $LMA lifetime 1s priority 256
	for address in ff02::/16 ff0e:db8::/64 fe80::/64 ::1/128; do
		refused 'must be of global unicast addresses' \
			mag1 binding add $address dev pmip0 remote $LMA lifetime 1s
		refused 'must be of global unicast addresses' mag1 binding replace $address dev pmip0 drop
	done
	refused "the device's own address" mag1 $add remote $MAG1 lifetime 1s
	refused 'no network device' mag1 $add remote $LMA lifetime 1s access nowhere
	refused 'not a link-layer address' mag1 $add remote $LMA lifetime 1s lladdr 02:00
	refused 'unknown word' mag1 $add remote $LMA lifetime 1s heavy 3
	for address in :: ::1 fe80::1 ff0e::1; do
		refused 'must be a global unicast address' mag1 $add remote $address lifetime 1s
	done
	refused 'only a device of role mag has access links' \
		lma $add remote $MAG1 lifetime 1s access core
	refused 'lifetime is too long' mag1 $add remote $LMA lifetime 4294967295d
	is "$(counts mag1) $(counts lma)" "0 0 0 0" "bindings and tunnels"
}

# More than fit into one message of a dump, each of them once.
case_dump() {
	local i count=${TEST_DUMP:-70}

	for ((i = 0; i < count; i++)); do
		printf 'binding add 2001:db8:b:%x::/64 dev pmip0 remote 2001:db8:9::%x lifetime forever\n' \
			$i $((i / 2 + 1))
	done | in_ns lma xargs -n 9 "$pmipctl"
	is "$(counts lma)" "$count $((count / 2))" "bindings and tunnels"
	pctl lma -j -s binding show >"$work/dump"
	is "$(jq 'map(.hnp) | unique | length' "$work/dump") $(jq length "$work/dump")" \
		"$count $count" "bindings of the dump, and different ones"
	is "$(pctl lma -j tunnel show dev pmip0 | jq 'map(.paths) | add')" "$count" "paths of the tunnels"
	is "$(pctl lma binding show | grep -c '^2001')" "$count" "lines"
	ipn lma link del pmip0
	anchor_device
	is "$(counts lma)" "0 0" "bindings and tunnels"
}

case_json() {
	attach $HNP1 mag1 $MAG1 access1
	for noun in device binding tunnel info "stats show dev pmip0"; do
		for options in -j -js -jp -jps; do
			pctl mag1 $options $noun | jq -e 'type == "array" and length == 1' >/dev/null ||
				fail "pmipctl $options $noun is not a list of one"
		done
	done
	pctl lma binding del $HNP1 dev pmip0
	pctl mag1 binding del $HNP1 dev pmip0
}

# Root is nobody without CAP_NET_ADMIN.
case_capability() {
	local said words

	for words in "binding add $HNP1 dev pmip0 drop" "binding show" "device show" \
		"tunnel show" "info" "device add pmip5 role lma local 2001:db8:1::5" "device del pmip0"; do
		! said=$(in_ns lma setpriv --bounding-set -net_admin --inh-caps -net_admin -- \
			"$pmipctl" $words 2>&1) || fail "allowed: $words"
		like "$said" 'not permitted' "$words"
	done
	is "$(counts lma)" "0 0" "bindings and tunnels"
	! said=$(in_ns lma setpriv --bounding-set -net_admin --inh-caps -net_admin -- \
		timeout 5 "$pmipctl" monitor 2>&1) || fail "allowed: monitor"
	like "$said" 'can not be received' "monitor"
}

# Root of a user namespace may do all of it in a network namespace of its own,
# and nothing to a device whose underlay is another's.
case_user_namespace() {
	local said unshared

	unshare -Urn true 2>/dev/null || skip "no user namespaces"
	# shellcheck disable=SC2016
	said=$(unshare -Urn sh -ec '
		ip link add d0 type dummy
		ip link set d0 up
		"$1" device add pmip0 role lma local 2001:db8::1
		"$1" binding add 2001:db8:a::/64 dev pmip0 remote 2001:db8::2 lifetime 60s
		"$1" -j device show' sh "$pmipctl")
	is "$(of "$said" '.[0].bindings')" 1 "bindings in a namespace of its own"

	background unshare -Urn sleep 60
	unshared=$pid
	wait_for 5 not test "/proc/$unshared/ns/net" -ef /proc/self/ns/net
	ipn lma link set pmip0 netns "$unshared"
	said=$(nsenter -t "$unshared" -U --preserve-credentials -n "$pmipctl" \
		binding add $HNP1 dev pmip0 remote $MAG1 lifetime 1s 2>&1) && fail "allowed by another's device"
	like "$said" "CAP_NET_ADMIN is needed in the underlay's namespace too" "a binding"
	said=$(nsenter -t "$unshared" -U --preserve-credentials -n "$pmipctl" \
		device set pmip0 hoplimit 3 2>&1) && fail "allowed to change another's device"
	like "$said" "CAP_NET_ADMIN is needed in the underlay's namespace too" "a change of the device"
	nsenter -t "$unshared" -n ip link set pmip0 netns "$RUN-lma"
	ipn lma link set pmip0 up
}

topology
devices
run_cases \
	add "a binding is made and shown" \
	add_again "it is not made again" \
	change "it is changed, in part or in whole" \
	replace "it is replaced, or made" \
	del "it is removed" \
	bad "what is wrong is refused with a reason" \
	dump "a dump of many has each of them once" \
	json "JSON is JSON" \
	capability "without CAP_NET_ADMIN nothing is done or shown" \
	user_namespace "CAP_NET_ADMIN of a user namespace counts for its own"
