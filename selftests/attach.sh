#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# How mobile nodes come and go at one gateway: by what they are noticed, what
# they are told, and how they are let go.

. "$(dirname "$0")/agents.sh"

export THIRD_LLADDR=02:00:00:00:02:03 THIRD_ID=third@example.com
export BARRED_LLADDR=02:00:00:00:02:04 BARRED_ID=barred@example.com
export FOURTH_LLADDR=02:00:00:00:02:05 FOURTH_ID=fourth@example.com FIFTH_ID=fifth@example.com
export THIRD_HNP=2001:db8:a:3::/64

more_profiles() {
	profiles "
		mn \"$THIRD_ID\" {
			lladdr = {\"$THIRD_LLADDR\"}
			prefixes = {\"$THIRD_HNP\"}
		}
		mn \"$BARRED_ID\" {
			lladdr = {\"$BARRED_LLADDR\"}
			service = false
		}
		${1:-}"
}

# on_access1 <PROGRAM: with a station where the host "still" is
on_access1() {
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	{ echo 'from signalling import *'; cat; } | py
}

third() { on_access1; }

# leaves ID: nothing of it is left at the gateway.
leaves() { wait_for 30 gone_from mag1 "$1" || fail "the gateway keeps $1"; }

# forgotten ID: nor at the anchor, after a while.
forgotten() { wait_for 30 gone_from lma "$1" || fail "the anchor keeps $1"; }

# ---- A host of Linux -------------------------------------------------------

case_host() {
	local mn

	says lma "event=binding-created .*mn=$MN_ID" attach_to mag1
	served mn mag1 $MN_ID
	mn=$(address mn)
	# RULE: B-MAG-59 B-MAG-11
	is "$(prefix_of "$mn")" $MN_HNP "prefix of the mobile node's address"
	# RULE: B-MAG-02
	is "$(mn mag1 $MN_ID 'hnp[0]')" $MN_HNP "prefix at the gateway"
	# RULE: B-MAG-02 B-MAG-10
	is "$(mn mag1 $MN_ID lladdr)" $MN_LLADDR "link-layer address at the gateway"
	# RULE: B-MAG-02 B-MAG-10
	is "$(mn mag1 $MN_ID access)" access0 "access link"
	is "$(mn lma $MN_ID 'hnp[0]')" $MN_HNP "prefix at the anchor"
	is "$(mn lma $MN_ID proxy_coa)" $MAG1 "gateway at the anchor"
	# RULE: B-MAG-59 B-LMA-06 B-LMA-28
	is "$(bound lma)" "$MN_HNP $MAG1" "bindings of the anchor's module"
	# RULE: B-MAG-59 B-MAG-18
	is "$(bound mag1)" "$MN_HNP $LMA" "bindings of the gateway's module"
	# RULE: B-MAG-63
	is "$(ipn mn -6 -j route show default | jq -r '.[0].gateway')" $FIXED_LINK_LOCAL \
		"the mobile node's router"
	ping_ok cn "$mn" 5
	ping_ok mn $CN 5
}

# Its link goes: it is let go at once, and forgotten after a while.
case_host_leaves() {
	says mag1 "event=left .*mn=$MN_ID .*access link is down" \
		ipn mag1 link set air0 down
	# RULE: B-LMA-34
	wait_for 20 equals "$MN_HNP -" bound lma ||
		fail "the anchor still forwards: $(bound lma)"
	is "$(mn lma $MN_ID state)" deregistered "state at the anchor"
	# RULE: B-MAG-22
	is "$(bound mag1)" "" "bindings of the gateway's module"
	# RULE: B-MAG-22 B-MAG-34
	is "$(tunnel_count mag1)" 0 "tunnels of the gateway"
	is "$(mn_routes mag1)" "" "routes of the gateway"
	leaves $MN_ID
	forgotten $MN_ID
	# RULE: B-LMA-36
	is "$(bound lma)" "" "bindings of the anchor's module, later"
	# RULE: B-LMA-56
	is "$(tunnel_count lma)" 0 "tunnels of the anchor"
}

# It comes back with all it had, and says nothing but what it says anyway: no
# Router Solicitation, since its link was down for a moment only.
case_host_comes_back() {
	local before

	before=$(astat mag1 router-solicitations)
	attach_to mag1
	served mn mag1 $MN_ID
	ping_ok mn $CN 3
	is "$(astat mag1 router-solicitations)" "$before" "Router Solicitations"
}

# ---- Stations made to measure ----------------------------------------------

# By a packet of which nothing is known but who sent it; told once, as one frame
# to it alone, though to all nodes.
case_by_any_frame() {
	third <<-'END'
		third = Station("still", "eth0", os.environ["THIRD_LLADDR"])
		third.send(udp("2001:db8:99::1", CN, b"hello"))
		frame = third.expect_ra("after a UDP frame")
		ra = frame.ra
		# RULE: B-MAG-05 B-MAG-11 B-MAG-65
		equal(frame.to, third.mac, "destination of the frame")
		# RULE: B-MAG-82 B-MAG-51
		equal(frame.source, FIXED_LLADDR, "source of the frame")
		# RULE: B-MAG-82 B-MAG-51
		equal(frame.packet.src, FIXED_LINK_LOCAL, "source of the packet")
		equal(frame.packet.dst, ALL_NODES, "destination of the packet")
		equal(ra["hops"], 255, "hop limit")
		equal(ra["lladdr"], FIXED_LLADDR, "source link-layer address")
		equal(ra["lifetime"], 1800, "router lifetime")
		# RULE: B-MAG-67
		equal(ra["prefixes"], [(os.environ["THIRD_HNP"], 0xc0, 2592000, 604800)],
		      "prefixes")
		equal(ra["mtu"], 1460, "MTU, that of the tunnel")
	END
	is "$(mn mag1 $THIRD_ID link_local)" "" "link-local address that was not heard"
	is_active mag1 $THIRD_ID || fail "it is not active"
	still_detach
	leaves $THIRD_ID
}

# By a solicitation, which tells its address; and every other one is answered.
case_by_solicitation() {
	third <<-'END'
		third = Station("still", "eth0", os.environ["THIRD_LLADDR"])
		third.solicit()
		frame = third.expect_ra("after a solicitation")
		equal(frame.to, third.mac, "destination of the frame")
		equal(frame.packet.dst, third.link_local, "destination of the packet")
		for what in "second", "third":
		    # More often than four times a second, none is answered.
		    def again():
		        third.solicit()
		        # RULE: B-MAG-79
		        third.expect_ra(f"after the {what} solicitation", 1)
		    wait_until(again, what, 20)
	END
	still_detach
	leaves $THIRD_ID
}

# While it tests its address it has none to be told at.
case_by_solicitation_without_address() {
	third <<-'END'
		third = Station("still", "eth0", os.environ["THIRD_LLADDR"])
		third.solicit("::")
		frame = third.expect_ra("after a solicitation from ::")
		equal(frame.to, third.mac, "destination of the frame")
		equal(frame.packet.dst, ALL_NODES, "destination of the packet")
	END
	still_detach
	leaves $THIRD_ID
}

# Where nothing was heard of it, the operator may know.
case_by_command() {
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	actl mag1 mn attach $THIRD_ID dev access1
	wait_for 20 is_active mag1 $THIRD_ID || fail "it is not served"
	is "$(mn mag1 $THIRD_ID lladdr)" $THIRD_LLADDR "its address, from its profile"
	is "$(mn lma $THIRD_ID 'hnp[0]')" $THIRD_HNP "its prefix"
	actl mag1 mn detach $THIRD_ID
	leaves_but_held $THIRD_ID
}

leaves_but_held() {
	wait_for 30 equals held mn mag1 "$1" state || fail "$1 is $(mn mag1 "$1" state)"
	forgotten "$1"
	is "$(bound mag1)" "$(bound_without "$1")" "bindings of the gateway"
}

# Others are there or not; it is not among them.
bound_without() { bound mag1 | grep -v "^$THIRD_HNP " || :; }

# Let go by command, it may say what it likes until it is taken again by command
# or its link was down.
case_held() {
	local before

	before=$(astat lma pbu-received)
	third <<-'END'
		third = Station("still", "eth0", os.environ["THIRD_LLADDR"])
		third.send(udp("2001:db8:99::1", CN, b"hello"))
		third.solicit()
		third.hears_none(2, "it is held", was_served=True)
	END
	is "$(mn mag1 $THIRD_ID state)" held "state"
	is "$(astat lma pbu-received)" "$before" "PBUs of the anchor"
	actl mag1 mn attach $THIRD_LLADDR dev access1
	wait_for 20 is_active mag1 $THIRD_ID || fail "it is not served again"
	actl mag1 mn detach $THIRD_LLADDR
	wait_for 20 equals held mn mag1 $THIRD_ID state || fail "it is not held again"
	still_detach
	wait_for 20 gone_from mag1 $THIRD_ID || fail "it is held by a link that is down"
	third <<-'END'
		third = Station("still", "eth0", os.environ["THIRD_LLADDR"])
		def served():
		    third.send(udp("2001:db8:99::1", CN, b"hello"))
		    ra = third.expect_ra("after its link was down", 1).ra
		    check(ra["lifetime"], f"no router: {ra}")
		wait_until(served, "served", 20)
	END
	still_detach
	leaves $THIRD_ID
}

case_wrong_commands() {
	local said

	still_attach
	said=$(actl mag1 mn attach $THIRD_ID 2>&1) && fail "attached somewhere: $said"
	like "$said" "say on which access link" "without a link"
	said=$(actl mag1 mn attach $THIRD_ID dev core 2>&1) && fail "attached on core: $said"
	like "$said" "no access link of this gateway" "on a link of the core"
	said=$(actl mag1 mn attach nobody@example.com dev access1 2>&1) && fail "attached: $said"
	like "$said" "no profile has that identifier" "of nobody"
	said=$(actl mag1 mn attach $BARRED_ID dev access1 2>&1) && fail "attached: $said"
	like "$said" "may not have service" "of one that is barred"
	said=$(actl mag1 mn detach nobody@example.com 2>&1) && fail "detached: $said"
	like "$said" "not attached" "of one that is not there"
	said=$(actl lma mn attach $THIRD_ID dev core 2>&1) && fail "attached: $said"
	like "$said" "no mobile access gateway" "at the anchor"
	still_detach
}

# ---- Those that are nobody's -----------------------------------------------

case_barred() {
	local before

	before=$(astat mag1 service-refused)
	says mag1 "event=service-refused access=access1 lladdr=02:00:00:00:02:04" third <<-'END'
		barred = Station("still", "eth0", os.environ["BARRED_LLADDR"])
		barred.solicit()
		# RULE: B-MAG-47 B-MAG-80
		barred.hears_none(1, "it is barred")
	END
	is "$(astat mag1 service-refused)" $((before + 1)) "service refused"
	# RULE: B-MAG-47
	is "$(mn mag1 $BARRED_ID state)" "" "its entry"
	still_detach
}

# What a stranger sends is counted once in ten seconds; and once it has a profile
# it is served.
case_stranger() {
	local before

	before=$(astat mag1 stations-unknown)
	third <<-'END'
		fourth = Station("still", "eth0", os.environ["FOURTH_LLADDR"])
		for i in range(20):
		    fourth.solicit()
		# RULE: B-SEC-08
		fourth.hears_none(1, "it is unknown")
	END
	is "$(astat mag1 stations-unknown)" $((before + 1)) "unknown stations"
	# RULE: B-SEC-08
	is "$(mn mag1 $FOURTH_ID state)" "" "its entry"
	more_profiles "mn \"$FOURTH_ID\" { lladdr = {\"$FOURTH_LLADDR\"} }"
	says mag1 "event=profiles-loaded.* mns=5" kill -HUP "$(<"$work/mag1.pid")"
	says lma "event=profiles-loaded.* mns=5" \
		kill -HUP "$(<"$work/lma.pid")"
	third <<-'END'
		fourth = Station("still", "eth0", os.environ["FOURTH_LLADDR"])
		def served():
		    fourth.solicit()
		    return fourth.expect_ra("with a profile", 1)
		frame = wait_until(served, "served", 30)
		equal(len(frame.ra["prefixes"]), 1, "prefixes from the pool")
	END
	is "$(prefix_of "$(mn mag1 $FOURTH_ID 'hnp[0]' | cut -d/ -f1)")" \
		"$(mn lma $FOURTH_ID 'hnp[0]')" "its prefix"
	# Another one's says that it has that address.
	more_profiles "mn \"$FIFTH_ID\" { lladdr = {\"$FOURTH_LLADDR\"} }"
	says lma event=profiles-loaded kill -HUP "$(<"$work/lma.pid")"
	says mag1 "event=left .*mn=$FOURTH_ID .*its profile is gone, or another" \
		kill -HUP "$(<"$work/mag1.pid")"
	# RULE: B-MAG-21
	leaves $FOURTH_ID
	third <<-'END'
		fifth = Station("still", "eth0", os.environ["FOURTH_LLADDR"])
		def served():
		    fifth.solicit()
		    return fifth.expect_ra("as somebody else", 1)
		wait_until(served, "served", 30)
	END
	is_active mag1 $FIFTH_ID || fail "the other one is not served"
	# And without it, not any more, though nobody was there to see it go.
	agent_end mag1
	more_profiles
	says mag1 "event=left .*mn=$FIFTH_ID .*its profile is gone" agent_start mag1
	leaves $FIFTH_ID
	kill -HUP "$(<"$work/lma.pid")"
	still_detach
}

case_wrong_profiles() {
	echo 'mn "x" { lladr = {} }' >"$work/profiles.conf"
	says mag1 'event=profiles-refused .*profiles.conf:1' kill -HUP "$(<"$work/mag1.pid")"
	is_active mag1 $MN_ID || fail "the mobile node is served no more"
	more_profiles
}

# ---- What is shown ---------------------------------------------------------

case_shown() {
	is "$(actl mag1 -j mn show | jq -r '.[].mn' | sort)" $MN_ID "mobile nodes"
	is "$(actl mag1 -j mn show nobody | jq -c .)" "[]" "of nobody"
	like "$(actl mag1 mn show)" "$MN_ID at mag state active" "as text"
	like "$(actl lma mn show)" "$MN_ID at lma state active" "as text, at the anchor"
	actl mag1 stats show | grep 'pba-accepted [1-9]' >/dev/null ||
		fail "no statistics as text"
	at_least 1 astat lma sessions || fail "no sessions"
	within "$(mn mag1 $MN_ID lifetime_ms)" 1 600000 "lifetime"
}

agent_topology
agent_configs "MinDelayBeforeBCEDelete = 5000"
# Only its end of the link is used.
in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
more_profiles
agents_start lma mag1
run_cases \
	host "a host is registered, and has its prefix" \
	host_leaves "its link goes down: it is de-registered and forgotten" \
	host_comes_back "it comes back without a Router Solicitation" \
	by_any_frame "any frame attaches a station; it alone is advertised to" \
	by_solicitation "a solicitation attaches it and is answered" \
	by_solicitation_without_address "so does one of a station without an address" \
	by_command "the operator attaches it" \
	held "detached by the operator, it is held until it is taken again" \
	wrong_commands "what the operator cannot have is said" \
	barred "a profile without service is refused" \
	stranger "a stranger is counted; a profile makes it a mobile node" \
	wrong_profiles "wrong profiles change nothing" \
	shown "what the agents have is shown" \
	end "the agents end"
