#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Updates and acknowledgements under ESP in transport mode (RFC 5213 4): with
# integrity and without encryption, by keys that are there beforehand.

. "$(dirname "$0")/agents.sh"

AUTH=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

# Which mobile node it is about does not matter to either of them.
# state NS SRC DST SPI
state() {
	ipn "$1" xfrm state add src "$2" dst "$3" proto esp spi "$4" mode transport \
		replay-window 64 auth-trunc 'hmac(sha256)' $AUTH 128 enc 'ecb(cipher_null)' ''
}

# policy NS SRC DST DIR
policy() {
	ipn "$1" xfrm policy add src "$2" dst "$3" proto mobility-header dir "$4" \
		tmpl proto esp mode transport
}

# protect NS ADDRESS TO-LMA FROM-LMA: a gateway and the anchor, by two SPIs
protect() {
	local ns

	for ns in lma "$1"; do
		state "$ns" "$2" $LMA "$3"
		state "$ns" $LMA "$2" "$4"
	done
	policy "$1" "$2" $LMA out
	policy "$1" $LMA "$2" in
	policy lma $LMA "$2" out
	policy lma "$2" $LMA in
}

# used NS SRC DST SPI: packets that an association has had
used() {
	ipn "$1" -s xfrm state get src "$2" dst "$3" proto esp spi "$4" |
		sed -n 's/.*[^0-9]\([0-9][0-9]*\)(packets).*/\1/p' | head -n 1
}

to_anchor() { used lma $MAG1 $LMA 0x101; }
from_anchor() { used mag1 $LMA $MAG1 0x102; }

# associations NS: each of its two ends, and for whom
associations() { ipn "$1" xfrm state | grep -c '^src'; }

case_registered() {
	local from_mag from_lma

	capture core mag1 "ip6 proto 135 or ip6 proto 50"
	attach_to mag1
	served mn mag1 $MN_ID
	wait_for 10 at_least 2 captured "ip6 proto 50" || :
	capture_end
	from_mag=$(captured "ip6 proto 50 and src $MAG1 and dst $LMA")
	from_lma=$(captured "ip6 proto 50 and src $LMA and dst $MAG1")
	# RULE: B-SEC-01 B-SEC-07 B-MAG-29
	within "$from_mag" 1 10 "updates that are protected"
	# RULE: B-SEC-01 B-LMA-44
	within "$from_lma" 1 10 "acknowledgements that are protected"
	# RULE: B-SEC-01 B-SEC-02 B-LMA-44 B-MAG-29
	is "$(captured "ip6 proto 135")" 0 "messages without protection"
	is "$(bound lma)" "$MN_HNP $MAG1" "bindings of the anchor"
	is "$(bound mag1)" "$MN_HNP $LMA" "bindings of the gateway"
}

# Nobody reads it who has no key, but everybody who has a capture: that is what
# integrity alone means, and what the RFC asks for.
case_integrity_only() {
	capture core mag1 "ip6 proto 50"
	refreshes
	capture_end
	# RULE: B-SEC-02
	grep -qa "$MN_ID" "$pcap" || fail "the identifier is not to be read"
}

# refreshes: the gateway does, by hand
refreshes() {
	local before

	before=$(astat lma refreshed)
	wait_for 60 at_least $((before + 1)) astat lma refreshed || fail "no refresh"
}

# One more mobile node, and no more associations.
case_second_mn() {
	local before_to before_from

	before_to=$(to_anchor) before_from=$(from_anchor)
	still_attach
	served still mag1 $STILL_ID
	# RULE: B-SEC-04
	is "$(associations lma) $(associations mag1)" "4 2" "associations"
	# RULE: B-SEC-04 B-SEC-11
	at_least $((before_to + 1)) to_anchor || fail "its update came by another"
	# RULE: B-SEC-04 B-SEC-11
	at_least $((before_from + 1)) from_anchor || fail "its acknowledgement came by another"
}

# What is right but for its protection reaches nobody.
case_unprotected() {
	local received before refused

	received=$(astat lma pbu-received)
	refused=$(wrong_policy)
	before=$(bound lma)
	py <<-'END'
		from signalling import *
		core, lma = pair("core", "lma", "lma", "core")
		for sequence in range(3):
		    core.send(ip6(MAG1, LMA, pbu(MAG1, LMA, os.environ["MN_ID"],
		                                 os.environ["MN_LLADDR"], lifetime=0,
		                                 hnp=os.environ["MN_HNP"],
		                                 sequence=60000 + sequence), MH))
		# What comes after it has gone the same way.
		core.send(icmp(CORE_LMA, LMA, ECHO, 0, b"\0\1\0\1", hops=64))
		core.expect(lambda p: p.icmp[0] == ECHO_REPLY, "the answer to what came last")
	END
	# RULE: B-LMA-17 B-SEC-01 B-SEC-07
	is $(($(wrong_policy) - refused)) 3 "messages that policy has refused"
	# RULE: B-LMA-17 B-SEC-01
	is "$(bound lma)" "$before" "bindings of the anchor"
	# A refresh may have come meanwhile.
	within $(($(astat lma pbu-received) - received)) 0 2 "PBUs that the anchor took"
}

# wrong_policy: what came in at the anchor without the protection that it needs
wrong_policy() { xfrm_stat XfrmInTmplMismatch; }

# xfrm_stat NAME: a counter of the anchor's kernel
xfrm_stat() { in_ns lma awk -v name="$1" '$1 == name { print $2 }' /proc/net/xfrm_stat; }

# One with a wrong key is as good as none.
case_forged() {
	local before

	before=$(xfrm_stat XfrmInStateProtoError)
	ipn mag1 xfrm state delete src $MAG1 dst $LMA proto esp spi 0x101
	# Not taken for a repetition, either.
	ipn mag1 xfrm state add src $MAG1 dst $LMA proto esp spi 0x101 mode transport \
		replay-oseq 1000 replay-window 64 auth-trunc 'hmac(sha256)' "${AUTH/0x00/0xff}" 128 \
		enc 'ecb(cipher_null)' ''
	says mag1 "event=pbu-sent .*mn=$STILL_ID" actl mag1 mn detach $STILL_ID
	wait_for 20 at_least $((before + 1)) xfrm_stat XfrmInStateProtoError ||
		fail "the anchor's kernel takes it"
	# RULE: B-LMA-17 B-SEC-01
	is "$(mn lma $STILL_ID state)" active "state of the mobile node at the anchor"
}

# Policies, selectors and associations are those of gateways: a handover changes
# none.
case_handover() {
	local before

	before=$(policies)
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	served mn mag2 $MN_ID
	# RULE: B-SEC-13
	is "$(policies)" "$before" "policies and associations"
	ping_ok mn $CN 3
}

policies() {
	local ns

	for ns in lma mag1 mag2; do
		ipn $ns xfrm policy
		ipn $ns xfrm state | grep -E '^src|spi'
	done
}

agent_topology
agent_configs "" "lifetime = 12
	request-bulk-binding-update = false"
build
if ! state lma $LMA $MAG1 0x1 2>"$work/said"; then
	echo "1..1"
	echo "ok 1 - IPsec # SKIP no ESP with HMAC-SHA-256: $(<"$work/said")"
	exit
fi
ipn lma xfrm state flush
protect mag1 $MAG1 0x101 0x102
protect mag2 $MAG2 0x201 0x202
agents_start lma mag1 mag2
run_cases \
	registered "a mobile node is registered, and nothing is sent without protection" \
	integrity_only "protected against change, not against reading" \
	second_mn "a second mobile node needs no second association" \
	unprotected "an update without protection is refused before it is looked at" \
	handover "a handover changes neither policies nor associations" \
	forged "an update under another key is not taken" \
	end "the agents end"
