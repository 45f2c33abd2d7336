#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Signalling under IPsec, as it is unless somebody says otherwise: what is not
# protected is nobody's message.

SECURITY=ipsec
. "$(dirname "$0")/agents.sh"

KEY=0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

# Integrity without secrecy: all that RFC 5213 4 asks for.
protect() {
	local algorithms="auth-trunc hmac(sha256) $KEY 128 enc ecb(cipher_null) \"\""
	local from=$LMA to=$MAG1 ns

	for ns in lma mag1; do
		ipn $ns -batch - <<-END
			xfrm state add src $LMA dst $MAG1 proto esp spi 0x101 reqid 1 mode transport $algorithms
			xfrm state add src $MAG1 dst $LMA proto esp spi 0x102 reqid 1 mode transport $algorithms
			xfrm policy add src $from dst $to proto 135 dir out tmpl proto esp reqid 1 mode transport
			xfrm policy add src $to dst $from proto 135 dir in tmpl proto esp reqid 1 mode transport
		END
		from=$MAG1 to=$LMA
	done
}


# refused NS: messages that its kernel kept from the agent for want of protection
refused() {
	# shellcheck disable=SC2016
	in_ns "$1" awk '/^XfrmIn(TmplMismatch|NoPols|PolBlock|NoStates)/ { n += $2 }
		END { print n }' /proc/net/xfrm_stat
}

# Nothing is registered without keys, and the gateway goes on asking.
case_unprotected() {
	local before

	before=$(refused lma)
	still_attach
	wait_for 20 said mag1 "event=attached .*mn=$STILL_ID" || fail "it is not attached"
	wait_for 30 at_least 2 astat mag1 pbu-sent || fail "the gateway does not ask"
	# RULE: B-SEC-01 B-LMA-17
	wait_for 10 at_least $((before + 1)) refused lma || fail "the update is not refused"
	is "$(astat lma pbu-received)" 0 "updates that the anchor has taken"
	is "$(mns lma)" 0 "mobile nodes of the anchor"
}

# With them it is, and there is nothing in the clear.
case_protected() {
	protect
	served still mag1 $STILL_ID
	capture core lma "ip6 proto 135 or ip6 proto 50"
	attach_to mag1
	# RULE: B-SEC-04 B-SEC-11
	served mn mag1 $MN_ID
	capture_end
	is "$(ipn lma xfrm state list | grep -c ^src)" 2 "associations of the anchor"
	# RULE: B-SEC-02 B-SEC-07 B-LMA-44 B-MAG-29 B-MAG-74
	is "$(captured "ip6 proto 135")" 0 "messages in the clear"
	# RULE: B-SEC-02 B-SEC-07 B-LMA-44 B-MAG-29 B-MAG-74
	at_least 2 captured "ip6 proto 50" || fail "no ESP on the wire"
	wait_for 20 in_ns mn ping -q -c 1 -W 1 $CN || fail "it reaches nobody"
}

# registers_no_more: who has just come is registered again, for a while.
registers_no_more() { not wait_for 3 at_least $(($(astat lma pbu-received) + 1)) astat lma pbu-received; }

# Whoever can send from a gateway's address has no more than that.
case_forged() {
	local before taken

	wait_for 30 registers_no_more || fail "there is no end of updates"
	before=$(refused lma)
	taken=$(astat lma pbu-received)
	ipn core addr add $MAG2/128 dev lo nodad
	py <<-'END'
		from signalling import *
		forger = Gateway("core", MAG2)
		lladdr = os.environ["MN_LLADDR"]
		forger.send(pbu(MAG2, LMA, os.environ["MN_ID"], lladdr,
		                hnp=os.environ["MN_HNP"]))
		check(forger.receive(1) is None, "the forger is answered")
	END
	# RULE: B-SEC-01 B-LMA-17
	wait_for 10 at_least $((before + 1)) refused lma || fail "it is not refused"
	is "$(astat lma pbu-received)" "$taken" "updates that the anchor has taken"
	is "$(mn lma $MN_ID proxy_coa)" $MAG1 "whose the mobile node is"
}

# Who is together in a group is nobody else's business.
case_grouped() {
	local renewed

	renewed=$(astat mag1 bulk-pba-accepted)
	capture core lma "ip6 proto 135 or ip6 proto 50"
	actl mag1 group renew all
	wait_for 20 at_least $((renewed + 1)) astat mag1 bulk-pba-accepted ||
		fail "it is not renewed"
	# RULE: BULK-41
	wait_for 10 at_least 2 captured "ip6 proto 50" || fail "no ESP on the wire"
	capture_end
	# RULE: BULK-41
	is "$(captured "ip6 proto 135")" 0 "messages in the clear"
}

# What an operator revokes is told under the same protection.
case_revoked() {
	capture core lma "ip6 proto 135 or ip6 proto 50"
	actl lma revoke mn $MN_ID >"$work/revoked" || fail "$(<"$work/revoked")"
	# RULE: BRI-01
	wait_for 10 at_least 2 captured "ip6 proto 50" || fail "no ESP on the wire"
	capture_end
	# RULE: BRI-01
	is "$(captured "ip6 proto 135")" 0 "messages in the clear"
	is "$(mn mag1 $MN_ID state)" refused "its state at the gateway"
}

agent_topology
agent_configs "" "request-bulk-binding-update = true"
agents_start lma mag1
run_cases \
	unprotected "without keys nothing is registered" \
	protected "with keys everything is, and all of it protected" \
	forged "a message without protection is nobody's" \
	grouped "a bulk group is renewed under protection" \
	revoked "what is revoked is told under protection" \
	end "the agents end"
