#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Events of packets of or for nobody: what they tell, and how often.

. "$(dirname "$0")/lib.sh"

# told EXPRESSION: of the only event
told() {
	wait_for 3 event_seen . || fail "no event"
	is "$(events | wc -l)" 1 "events"
	events | jq -r ".[0] | $1"
}

case_unknown_destination() {
	monitor lma
	in_ns cn ping -q -c 1 -W 1 2001:db8:a:99::1 >/dev/null || :
	is "$(told '"\(.event) \(.device) \(.address) \(.drop) \(.remote)"')" \
		"mn-unknown pmip0 2001:db8:a:99::1 no-binding null" "event"
	like "$(told .time)" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$' "time"
}

case_unknown_by_tunnel() {
	monitor lma
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(MAG1, LMA, udp("2001:db8:a:99::2", CN), IPV6))
	END
	is "$(told '"\(.event) \(.address) \(.drop) \(.remote)"')" \
		"mn-unknown 2001:db8:a:99::2 no-binding $MAG1" "event"
}

case_wrong_tunnel() {
	monitor lma
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(MAG2, LMA, udp(MN1, CN), IPV6))
	END
	is "$(told '"\(.event) \(.address) \(.drop) \(.remote)"')" \
		"mn-unknown $MN1 wrong-tunnel $MAG2" "event"
}

# What an agent needs to know that a mobile node has come.
case_unknown_on_access() {
	monitor mag1
	py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn1.send(udp("2001:db8:a:99::3", CN))
	END
	is "$(told '"\(.event) \(.address) \(.drop) \(.access)"')" \
		"mn-unknown 2001:db8:a:99::3 no-binding access1" "event"
}

case_moved_on_access() {
	monitor mag1
	py <<-'END'
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		mn2.send(udp(MN1, CN))
	END
	is "$(told '"\(.event) \(.address) \(.drop) \(.access)"')" \
		"mn-unknown $MN1 access-link access2" "event"
}

case_unknown_tunnel() {
	monitor lma
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		core.send(ip6(CORE_LMA, LMA, udp(MN1, CN), IPV6))
	END
	is "$(told '"\(.event) \(.device) \(.remote) \(.drop)"')" \
		"tunnel-unknown pmip0 $CORE_LMA no-tunnel" "event"
}

# Ten a second, however many packets there are; each of them is counted.
case_rate() {
	local seconds

	monitor lma
	seconds=$(
		py <<-'END'
			core, lma = pair("core", "lma", "lma", "core")
			packet = ip6(MAG1, LMA, udp("2001:db8:a:99::4", CN), IPV6)
			with drops("lma", no_binding=500):
			    begun = time.monotonic()
			    for n in range(500):
			        core.send(packet)
			        time.sleep(0.001)
			    print(int(time.monotonic() - begun) + 1)
		END
	)
	within "$(events | grep -c mn-unknown)" 2 $((10 * seconds + 1)) "events in $seconds s"
}

# Only what is of this namespace.
case_elsewhere() {
	monitor mag1
	in_ns cn ping -q -c 1 -W 1 2001:db8:a:99::5 >/dev/null || :
	in_ns mn1 sh -c 'ping -q -c 1 -W 1 -I 2001:db8:a:1::2 2001:db8:c::2' >/dev/null
	is "$(events)" "" "events of another namespace"
}

network
run_cases \
	unknown_destination "a packet for nobody" \
	unknown_by_tunnel "a packet of nobody, by a tunnel" \
	wrong_tunnel "a packet by another tunnel" \
	unknown_on_access "a packet of nobody, by an access link" \
	moved_on_access "a packet by another access link" \
	unknown_tunnel "a packet by no tunnel" \
	rate "not more than ten events a second" \
	elsewhere "events stay in their namespace"
