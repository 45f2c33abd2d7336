#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets of a mobile node go through the tunnel in both directions, and every
# counter on the way says so.

. "$(dirname "$0")/lib.sh"

# snapshot NS: rx and tx of the device, of its bindings and tunnels together, and
# of one binding.
snapshot() {
	local noun

	for noun in device binding tunnel; do pctl "$1" -j -s $noun; done |
		jq -sr '.[0] as $d | .[1] as $b | .[2] as $t |
			["rx_packets", "rx_bytes", "tx_packets", "tx_bytes"][] as $f |
			([$d[].stats[$f]] | add), ([$b[].stats[$f]] | add),
			([$t[].stats[$f]] | add),
			($b[] | select(.hnp == "'$HNP1'") | .stats[$f])' | paste -sd' '
}

# growth BEFORE AFTER: each number's
growth() {
	local before after at

	read -ra before <<<"$1"
	read -ra after <<<"$2"
	for at in "${!before[@]}"; do
		echo $((after[at] - before[at]))
	done | paste -sd' '
}

# both NS COMMAND...: it makes five packets of 104 octets go each way, and the
# device, the bindings, the tunnels and the mobile node's binding all say so.
both() {
	local before

	before=$(snapshot "$1")
	"${@:2}"
	is "$(growth "$before" "$(snapshot "$1")")" \
		"5 5 5 5 520 520 520 520 5 5 5 5 520 520 520 520" "counters at $1"
}

case_ping_to_mn() {
	drops_are "" lma drops_are "" mag1 \
		both lma both mag1 ping_ok cn $MN1 5
}

case_ping_from_mn() {
	# RULE: B-MAG-61
	drops_are "" lma drops_are "" mag1 \
		both lma both mag1 ping_ok mn1 $CN 5
}

case_link_counters() {
	local packets shown

	ping_ok cn $MN1 5
	packets=$(stat lma device tx_packets)
	shown=$(ipn lma -s -j link show pmip0 | jq '.[0].stats64.tx.packets')
	is "$shown" "$packets" "transmitted packets that ip -s link shows"
	packets=$(stat lma device rx_bytes)
	shown=$(ipn lma -s -j link show pmip0 | jq '.[0].stats64.rx.bytes')
	is "$shown" "$packets" "received octets that ip -s link shows"
}

case_wire() {
	capture core mag1
	ping_ok cn $MN1 3
	wait_for 5 at_least 6 captured "ip6 proto 41" || :
	capture_end
	# RULE: B-LMA-54 B-LMA-58
	is "$(captured "ip6 proto 41 and src $LMA and dst $MAG1")" 3 "tunnelled to the gateway"
	# RULE: B-MAG-88 B-MAG-39 B-MAG-30
	is "$(captured "ip6 proto 41 and src $MAG1 and dst $LMA")" 3 "tunnelled to the anchor"
	# RULE: B-MAG-39 B-LMA-54
	is "$(captured "ip6 proto 58 and (host $MN1 or host $CN)")" 0 "without a tunnel"
}

case_tcp_to_mn() {
	local before

	head -c 1000000 /dev/urandom >"$work/data"
	before=$(stat lma binding tx_bytes hnp $HNP1)
	drops_are "" lma drops_are "" mag1 transfer mn1 $MN1 cn "$work/data"
	within $(($(stat lma binding tx_bytes hnp $HNP1) - before)) 1000000 1500000 \
		"octets of the binding"
}

case_tcp_from_mn() {
	local before

	head -c 1000000 /dev/urandom >"$work/data"
	before=$(stat mag1 binding tx_bytes hnp $HNP1)
	drops_are "" lma drops_are "" mag1 transfer cn $CN mn1 "$work/data"
	within $(($(stat mag1 binding tx_bytes hnp $HNP1) - before)) 1000000 1500000 \
		"octets of the binding"
}

# The anchor does not answer for mobile nodes on the link to the correspondent, as
# it does for itself.
case_no_proxy() {
	py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")

		def ask(target):
		    group = "ff02::1:ff" + addr(target)[13:].hex()[:2] + ":" + \
		        addr(target)[14:].hex()
		    rest = bytes(4) + addr(target) + b"\1\1" + cn.mac
		    cn.to = b"\x33\x33" + addr(group)[12:]
		    cn.send(icmp(CN, group, 135, 0, rest, hops=255))

		answers = lambda p: p.nh == ICMPV6 and p.payload[0] == 136
		ask(MN1)
		ask(LMA_CN)
		# RULE: B-LMA-10
		equal(text(cn.expect(answers, "an answer").payload[8:24]), LMA_CN,
		      "for whom the anchor answers")
	END
}

case_handover() {
	local before

	before=$(stat mag2 binding rx_packets hnp $HNP1)
	ipn mag2 link add access9 type dummy
	ipn mag2 link set access9 up
	attach_elsewhere
	in_ns cn ping -q -c 3 -i 0.01 -W 1 $MN1 || :
	is "$(stat mag2 binding rx_packets hnp $HNP1)" $((before + 3)) "packets at the second gateway"
	is "$(pctl lma -j binding show dev pmip0 $HNP1 | jq -r '.[0].paths[0].remote')" $MAG2 "path"
	pctl lma binding replace $HNP1 dev pmip0 remote $MAG1 lifetime forever
	ping_ok cn $MN1 3
}

attach_elsewhere() {
	pctl mag2 binding add $HNP1 dev pmip0 remote $LMA lifetime forever access access9
	pctl lma binding change $HNP1 dev pmip0 remote $MAG2 lifetime forever
}

case_drop_binding() {
	pctl lma binding add 2001:db8:a:9::/64 dev pmip0 drop
	drops_are "no-path=3" lma in_ns cn sh -c 'ping -q -c 3 -i 0.01 -W 1 2001:db8:a:9::1 || :'
}

case_other_prefix_lengths() {
	local mn=2001:db8:a:1:0:0:1:7

	ipn mn1 addr add $mn/128 dev eth0 nodad
	pctl lma binding add $mn/128 dev pmip0 drop
	# RULE: B-LMA-66
	drops_are "no-path=2" lma in_ns cn sh -c "ping -q -c 2 -i 0.01 -W 1 $mn || :"
	pctl lma binding del $mn/128 dev pmip0
	ping_ok cn $mn 2
	ipn mn1 addr del $mn/128 dev eth0
}

network
run_cases \
	ping_to_mn "a correspondent pings a mobile node; all counters agree" \
	ping_from_mn "a mobile node pings a correspondent; all counters agree" \
	link_counters "ip -s link shows the device's counters" \
	wire "on the wire there are only outer headers" \
	tcp_to_mn "a TCP transfer to a mobile node arrives whole" \
	tcp_from_mn "a TCP transfer from a mobile node arrives whole" \
	no_proxy "the anchor does not answer for mobile nodes" \
	handover "a path that changes takes the traffic with it" \
	drop_binding "a binding without a path drops" \
	other_prefix_lengths "the most specific prefix decides"
