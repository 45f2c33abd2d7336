#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mobile node with two interfaces and one address, at two gateways at once; flows
# choose between them.
#
#	cn --- lma --- core --- mag1 --- access0 --- eth0 mn
#	                  \---- mag2 --- access0 --- eth1 mn

. "$(dirname "$0")/agents.sh"

# Its second interface, and the address that it has on both.
SECOND_LLADDR=02:00:00:00:01:09
MN_ADDR=${MN_HNP%/64}77

# flows NS: "fid state origin ..." at a gateway
flows() {
	actl "$1" -j flow show "$MN_ID" | jq -r 'sort_by(.fid)[] | "\(.fid) \(.state) \(.origin)"' | paste -sd' '
}

# by <PROGRAM: with by(PROTOCOL, PORT), the gateway that such packets are sent to
by() {
	{
		cat <<-'END'
			cn, _ = pair("cn", "eth0", "lma", "cn")
			core = Link("core", "lma")
			NAMES = {MAG1: 1, MAG2: 2}
			MN_ADDR = os.environ["MN_ADDR"]

			def tcp(src, dst, data, sport, dport):
			    """A segment that nobody has asked for."""
			    return ip6(src, dst, struct.pack("!HHIIBBHHH", sport, dport, 1, 1, 0x50,
			                                     0x10, 1000, 0, 0) + data, 6)

			def by(kind, port):
			    make = {"udp": udp, "tcp": tcp}[kind]
			    data = b"%d %d" % (port, time.monotonic_ns())
			    cn.send(make(CN, MN_ADDR, data, sport=999, dport=port))
			    outer = core.expect(lambda p: p.nh == IPV6 and
			                        data in p.inner.payload, f"{kind} {port}")
			    return NAMES[outer.dst]
		END
		cat
	} | py
}

case_joins() {
	attach_to mag1
	wait_for 30 is_active mag1 $MN_ID || fail "it is not served by mag1"
	ipn mag2 -batch - <<<"link set air1 master access0 up"
	ipn mn link set eth1 up
	wait_for 30 is_active mag2 $MN_ID || fail "it is not served by mag2"
	# RULE: MH-01 MH-30 MH-39
	is "$(mn mag1 $MN_ID hnp[0]) $(mn mag2 $MN_ID hnp[0])" "$MN_HNP $MN_HNP" "prefixes"
	# RULE: MH-03 MH-08
	is "$(interfaces)" "$MAG1 20 $MAG2 10" "interfaces at the anchor"
	is "$(mn mag1 $MN_ID multihoming) $(mn mag2 $MN_ID multihoming)" "true true" "multihoming"
	# RULE: MH-22
	is "$(flows mag1)" "1 active profile" "flows of mag1"
	is "$(flows mag2)" "1 active profile" "flows of mag2"
}

# What matches a flow goes by its gateway, all else by the preferred path.
case_chosen() {
	# RULE: MH-19
	by <<-'END'
		equal([by("udp", port) for port in (5059, 5060, 5062, 5063)], [2, 1, 1, 2], "UDP")
		equal([by("tcp", port) for port in (80, 5060)], [2, 2], "TCP")
	END
}

# Which of them it sends by is its own choice.
case_uplink() {
	{
		echo 'from signalling import *'
		cat <<-'END'
			cn, _ = pair("cn", "eth0", "lma", "cn")
			for dev, mac in (("eth0", "MN_LLADDR"), ("eth1", "SECOND_LLADDR")):
			    station = Station("mn", dev, os.environ[mac])
			    data = dev.encode()
			    station.send(udp(os.environ["MN_ADDR"], CN, data))
			    # RULE: MH-02
			    cn.expect(lambda p: p.nh == UDP and data in p.payload, f"a packet by {dev}")
		END
	} | py
}

# By command, while it is there; TCP comes by mag1 as long as it has that flow.
case_commanded() {
	local accepted

	actl mag1 flow add $MN_ID fid 2 priority 5 proto tcp
	# RULE: MH-22 MH-32
	wait_for 10 equals "1 active profile 2 active operator" flows mag1 || fail "flows: $(flows mag1)"
	by <<<'equal([by("tcp", 80), by("udp", 80)], [1, 2], "TCP and UDP")'
	accepted=$(astat mag1 flows-accepted)
	actl mag1 flow change $MN_ID fid 2 priority 5 proto tcp dport 443
	wait_for 10 at_least $((accepted + 1)) astat mag1 flows-accepted || fail "it is not accepted"
	by <<<'equal([by("tcp", 80), by("tcp", 443)], [2, 1], "TCP")'
	actl mag1 flow del $MN_ID fid 2
	wait_for 10 equals "1 active profile" flows mag1 || fail "flows: $(flows mag1)"
	by <<<'equal([by("tcp", 443)], [2], "TCP")'
}

# Its flows go on by the other one, which hears of it.
case_kept() {
	actl mag1 mn detach $MN_ID
	wait_for 20 equals "$MAG2 10" interfaces || fail "interfaces: $(interfaces)"
	# RULE: MH-14 MH-33
	by <<<'equal([by("udp", 5060), by("tcp", 80)], [2, 2], "packets")'
	actl mag2 flow add $MN_ID fid 3 priority 40 proto udp dport 53
	# RULE: MH-16 MH-17 MH-18 MH-23
	wait_for 10 equals "1 active profile 3 active operator 32768 active anchor" flows mag2 ||
		fail "flows: $(flows mag2)"
}

# It comes again, and has its flow again, which the other one lets go of when there is
# something to say. What leaves without keeping takes its flows with it.
case_removed() {
	actl mag1 mn attach $MN_ID dev access0
	wait_for 30 equals "$MAG1 20 $MAG2 10" interfaces || fail "interfaces: $(interfaces)"
	# RULE: MH-34
	is "$(mn mag1 $MN_ID hnp[0])" "$MN_HNP" "prefix"
	wait_for 10 equals "1 active profile" flows mag1 || fail "flows: $(flows mag1)"
	by <<<'equal([by("tcp", 80), by("udp", 5060)], [2, 1], "packets")'
	actl mag2 flow del $MN_ID fid 3
	# RULE: MH-23
	wait_for 10 equals "1 active profile" flows mag2 || fail "flows: $(flows mag2)"
	actl mag2 mn detach $MN_ID
	wait_for 20 equals "$MAG1 20" interfaces || fail "interfaces: $(interfaces)"
	# RULE: MH-13
	is "$(pctl lma -j flow-binding show | jq -r '[.[].selector] | join(";")')" \
		"proto udp dport 5060-5062" "flows of the module"
	by <<<'equal([by("udp", 5060), by("tcp", 80)], [1, 1], "packets")'
}

export MN_ADDR SECOND_LLADDR
agent_topology
agent_configs "multihoming = true"
created="link add eth1 netns $RUN-mn address $SECOND_LLADDR type veth peer name air1 netns $RUN-mag2"
ip -batch - <<<"$created"
profile_of mag1 $MN_LLADDR 20 keep "fid 1 priority 10 proto udp dport 5060-5062"
profile_of mag2 $SECOND_LLADDR 10 remove "fid 1 priority 20 proto tcp"
agents_start lma mag1 mag2
run_cases \
	joins "two interfaces of a mobile node join with the same prefix" \
	chosen "flows choose between them, and the rest goes by priority" \
	uplink "packets from either of them are taken" \
	commanded "flows come, change and go by command" \
	kept "flows of an interface that leaves go on by the other" \
	removed "it comes again; what leaves without keeping takes its flows with it" \
	end "the agents end"
