#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# IPsec for the outer packets, switched on and off below a tunnel that is in use:
# ESP in transport mode between its ends, with no word to the module.

. "$(dirname "$0")/lib.sh"

KEY=0x000102030405060708090a0b0c0d0e0f10111213

# states NS, policies NS OUT-ADDRESS IN-ADDRESS
states() {
	ipn "$1" -batch - <<-END
		xfrm state add src $LMA dst $MAG1 proto esp spi 1 mode transport aead rfc4106(gcm(aes)) $KEY 128
		xfrm state add src $MAG1 dst $LMA proto esp spi 2 mode transport aead rfc4106(gcm(aes)) $KEY 128
	END
}

out_policy() {
	ipn "$1" xfrm policy add src "$2" dst "$3" proto 41 dir out tmpl proto esp mode transport
}

in_policy() {
	ipn "$1" xfrm policy add src "$3" dst "$2" proto 41 dir in tmpl proto esp mode transport
}

flush() {
	for ns in lma mag1; do
		ipn $ns xfrm policy flush
		ipn $ns xfrm state flush
	done
}

# on_wire: three pings, as IPv6-in-IPv6 and as ESP
on_wire() {
	capture core lma "ip6 proto 41 or ip6 proto 50"
	ping_ok cn $MN1 3
	wait_for 5 at_least 6 captured || :
	capture_end
	echo "$(captured "ip6 proto 41") $(captured "ip6 proto 50")" >"$work/wire"
}

case_later() {
	on_wire
	is "$(<"$work/wire")" "6 0" "plain and protected before"
	states lma
	states mag1
	out_policy lma $LMA $MAG1
	out_policy mag1 $MAG1 $LMA
	on_wire
	# RULE: B-SEC-12
	is "$(<"$work/wire")" "0 6" "plain and protected after"
}

# Room for ESP is not room for us any more, and senders hear of it.
case_mtu() {
	local mtu

	mtu=$(pctl lma -j tunnel show dev pmip0 | jq ".[] | select(.remote == \"$MAG1\") | .mtu")
	within "$mtu" 1400 1459 "tunnel MTU"
	MTU=$mtu py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn = Link("mn1", "eth0")
		mtu = int(os.environ["MTU"])
		with drops("lma", too_big=1):
		    cn.send(sized(CN, MN1, mtu + 1))
		    error = cn.expect(lambda p: p.icmp[0] == TOO_BIG, "the error")
		    equal(error.icmp[2], mtu, "MTU told")
		    cn.send(sized(CN, MN1, mtu, b"fits"))
		    equal(len(mn.expect(has(b"fits"), "what fits").octets), mtu, "its size")
	END
}

case_transfer() {
	head -c 500000 /dev/urandom >"$work/data"
	transfer mn1 $MN1 cn "$work/data"
	transfer cn $CN mn1 "$work/data"
}

# Congestion marks get out through both headers, and in again.
case_ecn() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		at_anchor = Link("core", "lma")
		for ecn in range(4):
		    cn.send(udp(CN, MN1, b"%d" % ecn, tclass=18 << 2 | ecn))
		    outer = at_anchor.expect(lambda p: p.nh == ESP, "the outer packet")
		    # RULE: B-LMA-93
		    equal(outer.tclass & 3, ecn, f"mark outside of one with {ecn}")
		    equal(mn.expect(has(b"%d" % ecn), "the packet").tclass, 18 << 2 | ecn,
		          f"class of the one with {ecn}")
	END
	# Marked on its way by hand: nftables does not on all kernels.
	in_ns core nft -f - <<-END || skip "no nftables"
		add table ip6 congested
		add chain ip6 congested forward { type filter hook forward priority 0; }
		add rule ip6 congested forward meta l4proto esp drop
	END
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn = Link("mn1", "eth0")
		at_core = Link("core", "lma")
		core, mag1 = pair("core", "mag1", "mag1", "core")
		cn.send(udp(CN, MN1, b"marked", tclass=18 << 2 | 2))
		outer = at_core.expect(lambda p: p.nh == ESP, "the outer packet")
		equal(outer.tclass & 3, 2, "mark outside before it is marked")
		marked = bytearray(outer.octets)
		marked[1] |= 3 << 4
		core.send(bytes(marked))
		# RULE: B-LMA-93
		equal(mn.expect(has(b"marked"), "the packet").tclass, 18 << 2 | 3,
		      "class of what was marked on its way")
	END
	in_ns core nft delete table ip6 congested
}

# A policy that wants protection is asked before anything is taken out.
case_required() {
	in_policy lma $LMA $MAG1
	drops_are "" lma ping_ok cn $MN1 2
	drops_are "policy=1" lma py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		core.send(ip6(MAG1, LMA, udp(MN1, CN, b"bad"), IPV6))
		core.send(ip6(MAG2, LMA, udp(MN3, CN, b"good"), IPV6))
		equal(cn.until(has(b"good"), "what needs no protection"), [], "what came before")
	END
}

# No state for what a policy asks: nothing goes out plain.
case_no_state() {
	ipn lma xfrm state flush
	capture core lma "ip6 proto 41"
	in_ns cn ping -q -c 2 -i 0.01 -W 1 $MN1 >/dev/null || :
	capture_end
	is "$(captured)" 0 "plain packets"
	ping_ok cn $MN3 2
}

case_off() {
	flush
	on_wire
	is "$(<"$work/wire")" "6 0" "plain and protected"
}

network
in_ns lma ip xfrm state add src $LMA dst $MAG1 proto esp spi 9 mode transport \
	aead 'rfc4106(gcm(aes))' $KEY 128 2>"$work/said" || {
	echo "1..1"
	echo "ok 1 - IPsec # SKIP no ESP with AES-GCM: $(<"$work/said")"
	exit
}
flush
run_cases \
	later "protected from the next packet on" \
	mtu "what fits is less, and senders hear of it" \
	transfer "TCP both ways" \
	ecn "congestion marks get through" \
	required "what comes without protection is refused" \
	no_state "without a key nothing goes out" \
	off "plain from the next packet on"
