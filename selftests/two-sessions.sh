#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# One mobile node, two interfaces, attached both at once: a session each, with
# prefixes of its own (RFC 5213 5.4). On one access link, of which the host "still" is
# both ends.

. "$(dirname "$0")/agents.sh"

export ONE_LLADDR=02:00:00:00:05:01 TWO_LLADDR=02:00:00:00:05:02
export ONE_HNPS="2001:db8:a:21::/64 2001:db8:a:22::/64" TWO_HNP=2001:db8:a:23::/64
export POOL_LLADDR=02:00:00:00:05:03

more_profiles() {
	profiles "
		mn \"both@example.com\" {
			interface \"$ONE_LLADDR\" {
				prefixes = {\"${ONE_HNPS/ /\", \"}\"}
			}
			interface \"$TWO_LLADDR\" {
				prefixes = {\"$TWO_HNP\"}
			}
		}
		mn \"pool@example.com\" {
			lladdr = {\"$POOL_LLADDR\"}
			prefixes-per-session = 3
		}"
}

stations() {
	{
		cat <<-'END'
			from signalling import *
			somebody = listener("cn")
			one = Station("still", "eth0", os.environ["ONE_LLADDR"])
			two = Station("still", "eth0", os.environ["TWO_LLADDR"])
			three = Station("still", "eth0", os.environ["POOL_LLADDR"])
			ONE = [hnp.replace("/64", "7") for hnp in os.environ["ONE_HNPS"].split()]
			TWO = os.environ["TWO_HNP"].replace("/64", "7")

			def advertised(station):
			    station.solicit()
			    ra = station.expect_ra("what it asked for").ra
			    return sorted(prefix[0] for prefix in ra["prefixes"])
		END
		cat
	} | py
}

# hnps_of NS LLADDR: prefixes of the session of that interface
hnps_of() {
	actl "$1" -j mn show "$2" | jq -r '.[].hnp | sort | join(" ")'
}

case_sessions() {
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	stations <<-'END'
		# RULE: B-LMA-73 B-LMA-71
		equal(advertised(one), os.environ["ONE_HNPS"].split(), "prefixes of one interface")
		equal(advertised(two), [os.environ["TWO_HNP"]], "prefixes of the other")
	END
	# RULE: B-LMA-72 B-LMA-71
	is "$(mns lma)" 2 "sessions of the anchor"
	is "$(hnps_of lma $ONE_LLADDR)" "$ONE_HNPS" "prefixes of one session"
	is "$(hnps_of lma $TWO_LLADDR)" "$TWO_HNP" "prefixes of the other"
	is "$(actl lma -j mn show both@example.com | jq length)" 2 "sessions of the mobile node"
	# RULE: B-LMA-80
	is "$(bound lma)" "$(printf "%s $MAG1\n" $ONE_HNPS $TWO_HNP)" "bindings of the anchor"
	is "$(bound mag1)" "$(printf "%s $LMA\n" $ONE_HNPS $TWO_HNP)" "bindings of the gateway"
}

# From each prefix of each.
case_traffic() {
	drops_are "" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		for station, src in (one, ONE[0]), (one, ONE[1]), (two, TWO):
		    station.send(udp(src, CN, src.encode()))
		    packet = cn.expect(has(src.encode()), "what a mobile node sends")
		    equal(packet.src, src, "source")
	END
}

# The prefix of one interface is not for the other, whose mobile node is the same.
case_apart() {
	drops_are "link-layer-address=1" mag1 stations <<-'END'
		cn = Link("cn", "eth0")
		two.send(udp(ONE[1], CN, b"of the other"))
		two.send(udp(TWO, CN, b"right"))
		before = cn.until(has(b"right"), "what is right")
		# RULE: B-LMA-71
		check(not [p for p in before if has(b"of the other")(p)], f"spoofed: {before}")
	END
}

# Three prefixes of the pool, and one session of them.
case_several_of_the_pool() {
	local hnps

	stations <<-'END'
		# RULE: B-LMA-77
		equal(len(advertised(three)), 3, "prefixes that are advertised")
	END
	hnps=$(hnps_of lma $POOL_LLADDR)
	is "$(wc -w <<<"$hnps")" 3 "prefixes of its session"
	is "$(hnps_of mag1 $POOL_LLADDR)" "$hnps" "prefixes at the gateway"
	is "$(bound lma | grep -c " $MAG1")" 6 "bindings of the anchor"
}

# One ends: the other, of the same mobile node, does not notice.
case_one_ends() {
	actl mag1 mn detach $ONE_LLADDR
	wait_for 20 nothing hnps_of mag1 $ONE_LLADDR ||
		fail "at the gateway: $(hnps_of mag1 $ONE_LLADDR)"
	is "$(hnps_of mag1 $TWO_LLADDR)" "$TWO_HNP" "prefixes of the other at the gateway"
	is "$(actl lma -j mn show both@example.com | jq -r '.[].state' | sort | xargs)" \
		"active deregistered" "sessions of the anchor"
	stations <<-'END'
		cn = Link("cn", "eth0")
		# RULE: B-LMA-72
		two.send(udp(TWO, CN, b"on it goes"))
		cn.expect(has(b"on it goes"), "what the other interface sends")
	END
}

agent_topology
# Only its end of the link is used.
in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
# Stations answer only when they are waiting for something.
agent_configs "MinDelayBeforeBCEDelete = 60000" "neighbour-idle = 600"
more_profiles
agents_start lma mag1
run_cases \
	sessions "each interface has a session and its prefixes" \
	traffic "all prefixes are forwarded for" \
	apart "no prefix of one interface is for the other" \
	several_of_the_pool "a pool gives as many as the profile says" \
	one_ends "when one session ends the other goes on" \
	end "the agents end"
