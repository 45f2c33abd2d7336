#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Two mobile nodes on one access link of one gateway know nothing of one another:
# each has a home link of its own.

. "$(dirname "$0")/agents.sh"

export ONE_LLADDR=02:00:00:00:03:01 TWO_LLADDR=02:00:00:00:03:02
export ONE_HNP=2001:db8:a:11::/64 TWO_HNP=2001:db8:a:12::/64

more_profiles() {
	profiles "
		mn \"one@example.com\" {
			lladdr = {\"$ONE_LLADDR\"}
			prefixes = {\"$ONE_HNP\"}
		}
		mn \"two@example.com\" {
			lladdr = {\"$TWO_LLADDR\"}
			prefixes = {\"$TWO_HNP\"}
		}"
}

stations() {
	{
		cat <<-'END'
			from signalling import *
			# An error that goes back would have the gateway ask for a station that
			# is not there to answer, and what follows it would be dropped.
			somebody = listener("cn")
			one = Station("still", "eth0", os.environ["ONE_LLADDR"])
			two = Station("still", "eth0", os.environ["TWO_LLADDR"])
			ONE = os.environ["ONE_HNP"].replace("/64", "7")
			TWO = os.environ["TWO_HNP"].replace("/64", "7")
		END
		cat
	} | py
}

# Both hear the same wire; each takes what is sent to it.
case_prefixes() {
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	stations <<-'END'
		both = Station("still", "eth0", one.mac)
		one.solicit()
		two.solicit()
		found = {}
		for frame in both.frames(20):
		    pass_on = frame.is_ra
		    if pass_on:
		        found[frame.to] = frame
		    if len(found) == 1:
		        break
		ra = two.expect_ra("of the other")
		for mac, frame, hnp in ((one.mac, found[one.mac], "ONE_HNP"),
		                        (two.mac, ra, "TWO_HNP")):
		    equal(frame.to, mac, "destination")
		    # RULE: B-LMA-09 B-MAG-11
		    equal([prefix[0] for prefix in frame.ra["prefixes"]],
		          [os.environ[hnp]], f"prefixes of {mac}")
	END
	is "$(bound mag1)" "$ONE_HNP $LMA"$'\n'"$TWO_HNP $LMA" "bindings"
	# RULE: B-LMA-54 B-MAG-34
	is "$(tunnel_count mag1)" 1 "tunnels"
}

# All addresses of its prefix are its own: the gateway is asked for some, as by
# duplicate address detection, and has none, but the one it is a router by.
case_own_addresses() {
	stations <<-'END'
		def ask(target, src="::"):
		    group = "ff02::1:ff" + addr(target)[13:14].hex() + ":" + addr(target)[14:].hex()
		    rest = bytes(4) + addr(target)
		    if src != "::":
		        rest += b"\1\1" + octets_of(one.mac)
		    one.send(icmp(src, group, NS, 0, rest, hops=255),
		             "33:33:ff:" + mac_of(addr(target)[13:]))

		prefix = os.environ["ONE_HNP"].replace("::/64", "")
		own = [f"{prefix}::1", f"{prefix}::5213", f"{prefix}:200:5eff:fe00:5213"]
		for target in own:
		    ask(target)
		# What is the gateway's is asked for last.
		ask(FIXED_LINK_LOCAL, one.link_local)
		answered = []
		for frame in one.frames(20):
		    if frame.packet.nh == ICMPV6 and frame.packet.payload[0] == NA:
		        answered.append(text(frame.packet.payload[8:24]))
		        if answered[-1] == FIXED_LINK_LOCAL:
		            break
		# RULE: B-MAG-68
		equal(answered, [FIXED_LINK_LOCAL], "addresses that the gateway has")
	END
}

# No advertisement is for everybody, whoever asks.
case_apart() {
	stations <<-'END'
		wire = Link("still", "eth0")
		enter("still")
		wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
		                     socket.htons(ETH_P_IPV6))
		wire.bind(("eth0", ETH_P_IPV6))
		wire.settimeout(1)
		heard = 0
		end = time.monotonic() + 30
		while heard < 3 and time.monotonic() < end:
		    one.solicit()
		    try:
		        while True:
		            data, sender = wire.recvfrom(2048)
		            if sender[2] == socket.PACKET_OUTGOING:
		                continue
		            frame = Frame(data)
		            if frame.is_ra:
		                # RULE: B-MAG-05
		                equal(frame.to, one.mac, "destination of an advertisement")
		                equal([prefix[0] for prefix in frame.ra["prefixes"]],
		                      [os.environ["ONE_HNP"]], "prefixes")
		                heard += 1
		    except TimeoutError:
		        pass
		check(heard >= 3, f"{heard} advertisements")
	END
}

case_traffic() {
	drops_are "" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		for station, src in (one, ONE), (two, TWO):
		    station.send(udp(src, CN, src.encode()))
		    packet = cn.expect(has(src.encode()), "what a mobile node sends")
		    equal(packet.src, src, "source")
	END
}

# With the prefix of the other, or with one of nobody, it does not get through;
# what it says rightly afterwards does.
case_spoofed() {
	drops_are "link-layer-address=2" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		one.send(udp(TWO, CN, b"spoofed"))
		two.send(udp(ONE, CN, b"spoofed"))
		one.send(udp(ONE, CN, b"right"))
		before = cn.until(has(b"right"), "what is right")
		# RULE: B-SEC-15
		check(not [p for p in before if has(b"spoofed")(p)], f"spoofed: {before}")
	END
	drops_are "no-binding=1" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		one.send(udp("2001:db8:a:99::1", CN, b"nobody's"))
		one.send(udp(ONE, CN, b"right"))
		before = cn.until(has(b"right"), "what is right")
		check(not [p for p in before if has(b"nobody's")(p)], f"nobody's: {before}")
	END
}

# From one to the other they go by way of the anchor, and arrive at the right one.
case_to_one_another() {
	local before after

	before=$(stat lma device rx_packets)
	stations <<-'END'
		one.send(udp(ONE, TWO, b"from one"))
		def is_ours(packet):
		    return packet.nh == UDP
		# Whether the other is there, the gateway asks as a router does.
		for frame in two.frames(20):
		    packet = frame.packet
		    if packet.nh == ICMPV6 and packet.payload[0] == NS:
		        rest = b"\x60\0\0\0" + packet.payload[8:24] + b"\2\1" + octets_of(two.mac)
		        two.send(icmp(text(packet.payload[8:24]), packet.src, NA, 0, rest, hops=255))
		    if packet.nh == UDP:
		        break
		else:
		    raise AssertionError("nothing arrives")
		equal(packet.src, ONE, "source")
		equal(packet.dst, TWO, "destination")
		equal(packet.data, b"from one", "data")
		# One at each gateway's end of the tunnel, and one at the anchor.
		equal(packet.hops, 61, "hop limit")
	END
	after=$(stat lma device rx_packets)
	# RULE: B-MAG-39
	is $((after - before)) 1 "packets that came to the anchor"
}

# One leaves, and the other does not notice.
case_one_leaves() {
	actl mag1 mn detach one@example.com
	wait_for 20 equals "$TWO_HNP $LMA" bound mag1 || fail "bound: $(bound mag1)"
	# RULE: B-MAG-34 B-LMA-56
	is "$(tunnel_count mag1)" 1 "tunnels"
	drops_are "no-binding=1" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		one.send(udp(ONE, CN, b"detached"))
		two.send(udp(TWO, CN, b"right"))
		before = cn.until(has(b"right"), "what is right")
		# RULE: B-MAG-37
		check(not [p for p in before if has(b"detached")(p)], f"detached: {before}")
	END
}

agent_topology
# Only its end of the link is used.
in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
# Stations answer only when they are waiting for something.
agent_configs "" "neighbour-idle = 600"
more_profiles
agents_start lma mag1
run_cases \
	prefixes "each is advertised its own prefix" \
	own_addresses "of its prefix the gateway has no address" \
	apart "what one is told the other is not" \
	traffic "both are forwarded for" \
	spoofed "neither is with the prefix of the other, or of nobody" \
	to_one_another "from one to the other it goes by way of the anchor" \
	one_leaves "when one leaves, the other stays" \
	end "the agents end"
