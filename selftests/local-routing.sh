#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Local routing at a gateway (RFC 5213 6.10.3, 6.10.5): two mobile nodes that may
# reach each other without their anchor do, and nobody else does.

. "$(dirname "$0")/lib.sh"

MAC4=02:00:00:00:99:04
export MN4=2001:db8:a:4::2 HNP4=2001:db8:a:4::/64 HOST=2001:db8:d::2

# may on|off HNP...
may() {
	local hnp

	for hnp in "${@:2}"; do
		pctl mag1 binding change "$hnp" dev pmip0 local-routing "$1"
	done
}

# seen: packets that the anchor has received, and that the gateway has routed
# locally
seen() { echo "$(stat lma device rx_packets) $(stat mag1 device local_packets)"; }

# goes by|straight FROM ADDRESS: three pings there and back, each by the anchor, or
# none of them
goes() {
	local before after wanted="6 0"

	[[ $1 == by ]] || wanted="0 6"
	before=$(seen)
	drops_are "" mag1 drops_are "" lma ping_ok "$2" "$3" 3
	after=$(seen)
	is "$((${after% *} - ${before% *})) $((${after#* } - ${before#* }))" "$wanted" \
		"packets by the anchor and packets straight from $2 to $3"
}

case_off() {
	is "$(pctl mag1 -j binding show dev pmip0 $HNP1 | jq '.[0].local_routing')" null \
		"the flag of a binding"
	# RULE: B-MAG-38 B-MAG-52
	goes by mn1 $MN2
	goes by mn2 $MN1
}

# It takes the permission of both.
case_one_side() {
	may on $HNP1
	# RULE: B-MAG-33 B-MAG-38
	goes by mn1 $MN2
	goes by mn2 $MN1
	may off $HNP1
	may on $HNP2
	goes by mn1 $MN2
}

case_on() {
	may on $HNP1 $HNP2
	is "$(pctl mag1 -j binding show dev pmip0 $HNP1 | jq '.[0].local_routing')" true \
		"the flag of a binding"
	capture core mag1 "ip6 proto 41 or host $MN1"
	# RULE: B-MAG-38
	goes straight mn1 $MN2
	goes straight mn2 $MN1
	ping_ok cn $MN1 1
	wait_for 5 at_least 2 captured "host $CN or ip6 proto 41" || :
	capture_end
	is "$(captured)" 2 "packets of the core, of which two are the correspondent's"
}

case_off_again() {
	may off $HNP1
	goes by mn1 $MN2
	may on $HNP1
	goes straight mn1 $MN2
	# What renews or changes a path says nothing of it.
	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever access access1
	goes straight mn1 $MN2
}

# Whoever is not here is reached by the tunnel.
case_others() {
	local local_before

	may on $HNP1
	local_before=$(stat mag1 device local_packets)
	# RULE: B-MAG-39
	drops_are "" mag1 ping_ok mn1 $CN 3
	drops_are "" mag1 ping_ok mn1 $MN3 3
	is "$(stat mag1 device local_packets)" "$local_before" "packets straight"
}

# growth NOUN FIELD [KEY VALUE]: since it was last asked for
declare -A before=()
growth() {
	local now key="$*"

	now=$(stat mag1 "$@")
	grown=$((now - ${before[$key]:-0}))
	before[$key]=$now
}

case_counters() {
	local field

	for field in rx tx local; do
		for unit in packets bytes; do
			growth device ${field}_$unit
			growth binding ${field}_$unit hnp $HNP1
			growth binding ${field}_$unit hnp $HNP2
			[[ $field == local ]] || growth tunnel ${field}_$unit
		done
	done
	in_ns mn1 ping -q -c 5 -i 0.01 -W 5 $MN2 >/dev/null
	counted 10 1040 device rx
	counted 10 1040 device tx
	counted 10 1040 device local
	for hnp in $HNP1 $HNP2; do
		counted 5 520 binding rx hnp $hnp
		counted 5 520 binding tx hnp $hnp
		counted 5 520 binding local hnp $hnp
	done
	counted 0 0 tunnel rx
	counted 0 0 tunnel tx
	is "$(pctl mag1 -j -s tunnel show | jq '.[0].stats | has("local_packets")')" false \
		"a tunnel counts what is local"
	like "$(pctl mag1 stats show dev pmip0)" 'local-packets [0-9]+ local-bytes [0-9]+' "stats"
	like "$(pctl mag1 -s binding show dev pmip0 $HNP1)" 'local-routing' "binding"
}

# counted PACKETS BYTES NOUN DIRECTION [KEY VALUE]
counted() {
	growth "$3" "$4_packets" "${@:5}"
	is "$grown" "$1" "$4 packets of ${*:3}"
	growth "$3" "$4_bytes" "${@:5}"
	is "$grown" "$2" "$4 octets of ${*:3}"
}

# This gateway is one router on the way, and says so when the hops end.
case_hops() {
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2 = Link("mn2", "eth0")
		for before, after in (64, 63), (2, 1), (255, 254):
		    mn1.send(udp(MN1, MN2, b"x", hops=before))
		    equal(mn2.expect(has(b"x"), "the packet").hops, after, f"hop limit {before}")
		mn1.send(udp(MN1, MN2, b"bad", hops=1))
		error = mn1.expect(lambda p: p.icmp[0] == TIME_EXCEEDED, "the error")
		equal(error.dst, MN1, "who is told")
		mn1.send(udp(MN1, MN2, b"good"))
		equal(mn2.until(has(b"good"), "the right packet"), [], "what came before")
	END
}

# What others see of the packet before it is handed over stays as they saw it.
case_watched() {
	capture mag1 pmip0 "udp dst port 4001"
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2 = Link("mn2", "eth0")
		mn1.send(udp(MN1, MN2, b"x", hops=9))
		equal(mn2.expect(has(b"x"), "the packet").hops, 8, "hop limit")
	END
	wait_for 5 at_least 2 captured || :
	capture_end
	is "$(captured 'ip6[7] == 8') $(captured 'ip6[7] == 9')" "1 1" \
		"of both ways through the device, hop limits 8 and 9"
}

# Both on one link: the one whose address is not the link's other end is told apart
# by its link-layer address.
case_same_link() {
	pctl mag1 binding add $HNP4 dev pmip0 remote $LMA lifetime forever access access1 \
		lladdr $MAC4 local-routing on
	pctl lma binding add $HNP4 dev pmip0 remote $MAG1 lifetime forever
	ipn mag1 route replace $HNP4 dev access1 table $TABLE_DOWN
	ipn mag1 neigh replace $MN4 lladdr $MAC4 dev access1 nud permanent
	py "$MAC4" "$MN4" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		core = Link("core", "mag1")
		mac4, MN4 = bytes.fromhex(sys.argv[1].replace(":", "")), sys.argv[2]

		mn1.send(udp(MN1, MN4, b"to", hops=9))
		packet = mn1.expect(has(b"to"), "the packet")
		equal(packet.hops, 8, "hop limit")
		mn1.send(udp(MN4, MN1, b"from", hops=9), source=mac4)
		equal(mn1.expect(has(b"from"), "the packet").hops, 8, "hop limit")
		with drops("mag1", link_layer_address=1), drops("lma"):
		    mn1.send(udp(MN4, MN1, b"bad"))
		    mn1.send(udp(MN1, CN, b"end"))
		    core_saw = core.until(lambda p: p.nh == IPV6 and p.inner.data == b"end", "the end")
		equal(core_saw, [], "what went to the anchor")
	END
	# Without it, by the anchor.
	pctl mag1 binding change $HNP4 dev pmip0 local-routing off
	py "$MN4" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn1.send(udp(MN1, sys.argv[1], b"to", hops=9))
		# RULE: B-MAG-38
		equal(mn1.expect(has(b"to"), "the packet").hops, 6, "hop limit after three routers")
	END
	pctl mag1 binding change $HNP4 dev pmip0 local-routing on
}

case_no_redirect() {
	capture mn1 eth0 "icmp6 and ip6[40] == 137"
	ping_ok mn1 $MN2 3
	py "$MN4" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		for i in range(3):
		    mn1.send(udp(MN1, sys.argv[1], b"x"))
		    mn1.expect(has(b"x"), "the packet")
	END
	capture_end
	is "$(captured)" 0 "redirects"
	is "$(in_ns mag1 awk '$1 == "Icmp6OutRedirects" { print $2 }' /proc/net/snmp6)" 0 \
		"redirects of the gateway"
}

# Who is not whom it says it is does not get there, nor to the anchor.
case_spoofed() {
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		core = Link("core", "mag1")

		def refused(link, src, dst, at, **reasons):
		    with drops("mag1", **reasons), drops("lma"):
		        for part in fragments(sized(src, dst, 1200, b"bad"), 600, ident=2):
		            link.send(part)
		        link.send(udp(src, dst, b"bad"))
		        mn2.send(udp(MN2, MN1, b"good"))
		        mn1.send(udp(MN1, MN2, b"good"))
		        for mn in mn1, mn2:
		            came = mn.until(has(b"good"), "the right packet")
		            equal([p for p in came if p.nh != ICMPV6], [], "what came before")
		    link.send(udp(at, CN, b"end"))
		    saw = core.until(lambda p: p.nh == IPV6 and p.inner.data == b"end", "the end")
		    equal(saw, [], "what went to the anchor")

		# RULE: B-MAG-37
		refused(mn2, MN1, MN2, MN2, access_link=3)
		refused(mn1, MN2, MN1, MN1, access_link=3)
		refused(mn1, MN3, MN2, MN1, no_binding=3)
		refused(mn1, MAG1, MN2, MN1, no_binding=3)
		# The stack itself does not forward these.
		# RULE: B-MAG-40
		refused(mn1, "fe80::7", MN2, MN1)
	END
}

# Nothing around it makes it smaller.
case_mtu() {
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2 = Link("mn2", "eth0")
		with drops("mag1"):
		    mn1.send(sized(MN1, MN2, 1500, b"x"))
		    equal(len(mn2.expect(has(b"x"), "the packet").octets), 1500, "size")
		with drops("mag1", too_big=1):
		    mn1.send(sized(MN1, CN, 1500, b"x"))
		    error = mn1.expect(lambda p: p.icmp[0] == TOO_BIG, "the error")
		equal(error.icmp[2], 1460, "MTU of the tunnel")
	END
	ipn mag1 link set access2 mtu 1400
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		with drops("mag1"):
		    mn1.send(sized(MN1, MN2, 1401, b"x"))
		    error = mn1.expect(lambda p: p.icmp[0] == TOO_BIG, "the error")
		equal(error.icmp[2], 1400, "MTU of the other access link")
	END
	ipn mag1 link set access2 mtu 1500
}

case_tcp() {
	local by_anchor

	by_anchor=$(stat lma device rx_packets)
	head -c 1000000 /dev/urandom >"$work/data"
	drops_are "" mag1 transfer mn2 $MN2 mn1 "$work/data"
	is "$(stat lma device rx_packets)" "$by_anchor" "packets by the anchor"
}

# A firewall that drops what conntrack calls invalid is in no one's way: not even
# when a connection is refused, which ends before it is known.
case_conntrack() {
	in_ns mag1 nft -f - <<-END || skip "no nftables"
		add table inet t
		add chain inet t c { type filter hook forward priority 0; policy accept; }
		add rule inet t c ct state invalid counter drop
	END
	in_ns mn1 timeout 10 socat -u OPEN:/dev/null "TCP6:[$MN2]:5999" 2>"$work/socat" &&
		fail "nobody listens there"
	like "$(<"$work/socat")" "Connection refused" "what the other says"
	head -c 100000 /dev/urandom >"$work/data"
	transfer mn2 $MN2 mn1 "$work/data"
	goes straight mn1 $MN2
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2 = Link("mn2", "eth0")
		whole = sized(MN1, MN2, 2600, b"whole")
		for part in fragments(whole, 1304, ident=9):
		    mn1.send(part)
		first = mn2.expect(lambda p: p.nh == FRAGMENT, "a fragment")
		last = mn2.expect(lambda p: p.nh == FRAGMENT, "the other fragment")
		equal(first.payload[8:] + last.payload[8:], whole[40:], "the packet")
	END
	is "$(in_ns mag1 nft -j list ruleset | jq '[.. | .counter? // empty | .packets] | add')" 0 \
		"invalid packets"
	in_ns mag1 nft delete table inet t
}

# Each registered elsewhere: both of their anchors leave it to the gateway.
case_two_anchors() {
	pctl mag1 binding change $HNP2 dev pmip0 remote $MAG2 lifetime forever access access2
	goes straight mn1 $MN2
	goes straight mn2 $MN1
	pctl mag1 binding change $HNP2 dev pmip0 remote $LMA lifetime forever access access2
}

# tunnelled COMMAND...: a packet from one to the other goes into the tunnel then.
tunnelled() {
	"$@"
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		core = Link("core", "mag1")
		mn1.send(udp(MN1, MN2, b"x"))
		packet = core.expect(lambda p: p.nh == IPV6 and p.inner.data == b"x", "the packet")
		equal((packet.src, packet.dst), (MAG1, LMA), "tunnel")
	END
}

# A destination that has left, or is just leaving, is its anchor's to find.
case_leaves() {
	# Or the error that comes back would end the case.
	pctl lma binding change $HNP2 dev pmip0 drop
	# RULE: B-MAG-37 B-MAG-39
	tunnelled pctl mag1 binding change $HNP2 dev pmip0 drop
	tunnelled pctl mag1 binding del $HNP2 dev pmip0
	pctl mag1 binding add $HNP2 dev pmip0 remote $LMA lifetime 50ms access access2 local-routing on
	tunnelled wait_for 5 not pctl mag1 binding show dev pmip0 $HNP2
	pctl mag1 binding add $HNP2 dev pmip0 remote $LMA lifetime forever local-routing on
	tunnelled true
	pctl mag1 binding change $HNP2 dev pmip0 remote $LMA lifetime forever access access2
	pctl lma binding change $HNP2 dev pmip0 remote $MAG1 lifetime forever
	goes straight mn1 $MN2
}

# In the middle of a handover: what is on its way is found at the other gateway.
case_moves() {
	local before

	before=$(stat mag2 binding rx_packets hnp $HNP2)
	ipn mag2 link add access9 type dummy
	ipn mag2 link set access9 up
	attach_elsewhere
	in_ns mn1 ping -q -c 3 -i 0.01 -W 1 $MN2 >/dev/null || :
	is "$(stat mag2 binding rx_packets hnp $HNP2)" $((before + 3)) "packets at the other gateway"
	pctl mag2 binding del $HNP2 dev pmip0
	pctl lma binding change $HNP2 dev pmip0 remote $MAG1 lifetime forever
	attach_back
	goes straight mn1 $MN2
}

attach_elsewhere() {
	pctl mag1 binding del $HNP2 dev pmip0
	pctl mag2 binding add $HNP2 dev pmip0 remote $LMA lifetime forever access access9
	pctl lma binding change $HNP2 dev pmip0 remote $MAG2 lifetime forever
}

attach_back() {
	pctl mag1 binding add $HNP2 dev pmip0 remote $LMA lifetime forever access access2 \
		local-routing on
}

# A host at the gateway that is no mobile node, RFC 5213 6.10.5: what it sends goes
# toward the anchor, as no other route leads to mobile nodes.
case_regular_host() {
	make_ns host
	link mag1 lan0 2001:db8:d::1/64 host eth0 $HOST/64
	ipn host route add default via 2001:db8:d::1
	ipn core route add $POOL via $LMA
	ipn core route add 2001:db8:d::/64 via $MAG1
	py "$HOST" <<-'END'
		host, lan0 = pair("host", "eth0", "mag1", "lan0")
		core, mn2 = Link("core", "mag1"), Link("mn2", "eth0")
		HOST = sys.argv[1]
		with drops("mag1"), drops("lma"):
		    host.send(udp(HOST, MN2, b"x", hops=9))
		    # RULE: B-MAG-87
		    packet = core.expect(lambda p: p.dst == MN2, "the packet on its way to the anchor")
		    equal((packet.src, packet.hops), (HOST, 8), "source and hop limit")
		    equal(mn2.expect(has(b"x"), "the packet").hops, 5,
		          "hop limit after gateway, core, anchor and gateway")
	END
	# And what mobile nodes send to it.
	goes_to_host 5
	may off $HNP1
	pctl mag1 binding add 2001:db8:d::/64 dev pmip0 hosts local-routing on
	ipn mag1 route add 2001:db8:d::/64 dev lan0 table $TABLE_DOWN
	goes_to_host 5
}

# goes_to_host HOPS: a packet of mn1, with a hop limit of 9; fewer than 8 if it went
# by the anchor
goes_to_host() {
	py "$HOST" "$1" <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		host = Link("host", "eth0")
		with drops("mag1"), drops("lma"):
		    mn1.send(udp(MN1, sys.argv[1], b"x", hops=9))
		    equal(host.expect(has(b"x"), "the packet").hops, int(sys.argv[2]), "hop limit")
	END
}

# Both may: straight to the host, too.
case_to_host() {
	may on $HNP1
	# RULE: B-MAG-38
	goes_to_host 8
	pctl mag1 binding change 2001:db8:d::/64 dev pmip0 local-routing off
	# RULE: B-MAG-38
	goes_to_host 5
	pctl mag1 binding change 2001:db8:d::/64 dev pmip0 local-routing on
	goes_to_host 8
	py "$HOST" <<-'END'
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		host = Link("host", "eth0")
		with drops("mag1", access_link=1), drops("lma"):
		    mn2.send(udp(MN1, sys.argv[1], b"bad"))
		    mn1.send(udp(MN1, sys.argv[1], b"good"))
		    came = host.until(has(b"good"), "the right packet")
		    equal([p for p in came if p.nh != ICMPV6], [], "what came before")
	END
	like "$(pctl mag1 binding show dev pmip0 2001:db8:d::/64)" 'local-routing hosts' "text"
	is "$(pctl mag1 -j binding show dev pmip0 2001:db8:d::/64 | jq '.[0].hosts')" true "JSON"
	refused 'a binding that drops, or of hosts, has no path' \
		mag1 binding change 2001:db8:d::/64 dev pmip0 hosts remote $LMA lifetime 5s
	pctl mag1 binding change 2001:db8:d::/64 dev pmip0 remote $LMA lifetime forever
	is "$(pctl mag1 -j binding show dev pmip0 2001:db8:d::/64 | jq '.[0].hosts')" null \
		"hosts that are given a path"
	# With it they are none, whatever tool says so.
	py <<-'END'
		import errno, genl
		enter("mag1")
		HOSTS = 2
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		equal(family.do([family.change_flags(index, "2001:db8:d::", 64, HOSTS, HOSTS)]),
		      [errno.EINVAL], "answer")
	END
	pctl mag1 binding del 2001:db8:d::/64 dev pmip0
	ipn core route del $POOL via $LMA
	ipn mag1 link del lan0
	del_ns host
}

refused() {
	local said

	! said=$(pctl "${@:2}" 2>&1) || fail "accepted: pmipctl ${*:3}"
	like "$said" "$1" "pmipctl ${*:3}"
}

case_refused() {
	refused 'only a device of role mag routes locally' \
		lma binding change $HNP1 dev pmip0 local-routing on
	pctl lma binding change $HNP1 dev pmip0 local-routing off
	refused 'a pmip6 device is no access link' \
		mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime forever access pmip0
	refused '"maybe" is not a value of local-routing' \
		mag1 binding change $HNP1 dev pmip0 local-routing maybe
	refused 'only a prefix and dev DEV' mag1 binding del $HNP1 dev pmip0 local-routing on
	like "$(pctl mag1 info show)" "local-routing" "capabilities"
	goes straight mn1 $MN2
}

network
run_cases \
	off "without permission, by the anchor" \
	one_side "with the permission of one, by the anchor" \
	on "with the permission of both, straight" \
	off_again "a change applies to the next packet" \
	others "to others, by the tunnel" \
	counters "every counter says so" \
	hops "one hop" \
	watched "tcpdump sees what went in and what came out" \
	same_link "two on one access link" \
	no_redirect "nobody is redirected" \
	spoofed "a false source is refused as ever" \
	mtu "the MTU is that of the access links" \
	tcp "TCP" \
	conntrack "conntrack finds nothing wrong" \
	two_anchors "of two anchors" \
	leaves "a destination that leaves is reached by the tunnel" \
	moves "and found where it went" \
	regular_host "what is from and for a regular host goes by the anchor" \
	to_host "to one that may, straight" \
	refused "what makes no sense is refused"
