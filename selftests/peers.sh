#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Anchor and gateways ask each other whether they are there (RFC 5847), and do
# something about it when one has lost its bindings, or is not.

. "$(dirname "$0")/agents.sh"

# Lab intervals, and a delete delay that a test can wait for.
BEATS="lab-heartbeat-interval = true HEARTBEAT_INTERVAL = 1 MISSING_HEARTBEATS_ALLOWED = 9"
DELETE_MS=4000

# peer NS ADDRESS KEY: of a peer as the agent shows it
peer() { actl "$1" -j peer show "$2" | jq -r ".[0].$3 // empty"; }

# asked NS ADDRESS: how often the agent has asked it
asked() { actl "$1" -s -j peer show "$2" | jq '.[0].stats.asked'; }

peer_is() { [[ $(peer "$1" "$2" state) == "$3" ]]; }

await_peer() {
	wait_for "${4:-40}" peer_is "$1" "$2" "$3" || fail "$1: $(actl "$1" -s peer show)"
}

both_back() {
	is_active mag1 $MN_ID && is_active mag1 $STILL_ID &&
		is_active lma $MN_ID && is_active lma $STILL_ID
}

# lose NS: all that the agent and the kernel know of bindings, but not who the
# peers were
lose() {
	agent_end "$1" KILL
	rm "$work/$1.state/data.mdb" "$work/$1.state/lock.mdb"
	pctl "$1" device del pmip0
}

case_asked() {
	local pcap

	capture core lma "ip6 proto 135"
	attach_to mag1
	still_attach
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	address mn >"$work/address"
	address still >"$work/still"
	await_peer lma $MAG1 up
	await_peer mag1 $LMA up
	wait_for 20 at_least 4 astat lma heartbeats-answered
	wait_for 20 at_least 4 astat mag1 heartbeats-answered
	capture_end
	is "$(peer lma $MAG1 bindings)" 2 "bindings with the gateway"
	# RULE: HB-07
	is "$(peer lma $MAG1 restart_counter)" "$(astat mag1 restart-counter)" \
		"what the gateway says"
	# RULE: HB-07
	is "$(peer mag1 $LMA restart_counter)" "$(astat lma restart-counter)" \
		"what the anchor says"
	like "$(actl lma -s peer show $MAG1)" "$MAG1 of lma state up bindings 2" "as text"
	# Without a binding, nobody is asked.
	# RULE: HB-02
	is "$(astat mag2 heartbeats-sent)" 0 "requests of a gateway without mobile nodes"
	is "$(actl lma -j peer show $MAG2 | jq length)" 0 "peers without bindings"
	echo "$pcap" >"$work/pcap"
}

shark() { tshark -n -r "$(<"$work/pcap")" "$@" 2>/dev/null; }

# Each response has the number of a request from the other end before it.
case_on_the_wire() {
	shark -Y 'mip6.mhtype == 13' -T fields -e ipv6.src -e ipv6.dst \
		-e mip6.hb.u_flag -e mip6.hb.r_flag -e mip6.hb.seqnr -e mip6.rc \
		>"$work/beats"
	py "$work/beats" <<-'END'
		asked, answered, last = set(), 0, {}
		with open(sys.argv[1]) as file:
		    for line in file:
		        src, dst, u, r, sequence, counter = line.rstrip("\n").split("\t")
		        sequence = int(sequence, 0)
		        is_set = lambda flag: flag.lower() in ("1", "true")
		        check(not is_set(u), f"unsolicited: {line}")
		        if is_set(r):
		            # RULE: HB-01
		            check((dst, src, sequence) in asked, f"answers nothing: {line}")
		            # RULE: HB-07
		            check(counter, f"no Restart Counter: {line}")
		            answered += 1
		        else:
		            # RULE: HB-07
		            check(not counter, f"a Restart Counter: {line}")
		            # RULE: HB-04
		            check((src, dst) not in last or
		                  sequence == last[src, dst] + 1, f"not the next: {line}")
		            last[src, dst] = sequence
		            asked.add((src, dst, sequence))
		check(answered >= 8, f"{answered} responses")
	END
	is "$(shark -Y '_ws.malformed || _ws.expert.severity >= 0x600000')" "" \
		"what tshark complains of"
}

# An anchor that restarts with its records is nothing to anybody.
case_anchor_restarts() {
	local counter pbus

	counter=$(astat lma restart-counter)
	pbus=$(astat lma pbu-received)
	is "$(astat mag1 reregistered)" 0 "registered anew before"
	agent_end lma KILL
	agent_start lma
	# RULE: HB-06
	is "$(astat lma restart-counter)" "$counter" "Restart Counter"
	wait_for 20 at_least 3 astat lma heartbeats-answered
	wait_for 20 at_least 3 astat lma heartbeats-received
	# RULE: HB-08
	is "$(astat mag1 peers-restarted)" 0 "restarts that the gateway saw"
	is "$(astat mag1 reregistered)" 0 "registered anew"
	# RULE: HB-09
	is "$(astat lma restarts-announced)" 0 "announcements"
	is "$(astat lma peers-restarted)" 0 "restarts that the anchor saw"
	is "$(astat lma pbu-received)" 0 "PBUs since, of $pbus before"
}

# Without its kernel's state it has still lost nothing.
case_kernel_lost() {
	local counter

	counter=$(astat lma restart-counter)
	agent_end lma KILL
	pctl lma device del pmip0
	agent_start lma
	wait_for 20 equals 2 binding_count lma
	# RULE: HB-06
	is "$(astat lma restart-counter)" "$counter" "Restart Counter"
	is "$(astat mag1 peers-restarted)" 0 "restarts that the gateway saw"
	ping_ok cn "$(<"$work/address")" 3
}

# One that has lost everything says so, and all is back as it was.
case_anchor_forgets() {
	local counter pcap began

	counter=$(astat lma restart-counter)
	capture core lma "ip6 proto 135"
	lose lma
	is "$(mn mag1 $MN_ID state)" active "state at the gateway"
	began=$(now_ms)
	says mag1 "event=peer-restarted .*lma=$LMA .*restart-counter=$((counter + 1))" agent_start lma
	# RULE: HB-06
	is "$(astat lma restart-counter)" $((counter + 1)) "Restart Counter"
	wait_for 60 both_back || fail "$(actl lma mn show; actl mag1 mn show)"
	within $(($(now_ms) - began)) 0 60000 "ms until all are back"
	diag "all bindings are back after $(($(now_ms) - began)) ms"
	wait_for 10 at_least 3 astat lma restarts-announced
	capture_end
	echo "$pcap" >"$work/pcap"
	# RULE: HB-09
	at_least 1 shark_count "mip6.mhtype == 13 && mip6.hb.u_flag == 1 && mip6.hb.r_flag == 1" ||
		fail "no announcement on the wire"
	# RULE: HB-08
	is "$(astat mag1 reregistered)" 2 "registered anew"
	is "$(mn lma $MN_ID hnp[0])" $MN_HNP "prefix of the one"
	is "$(address mn)" "$(<"$work/address")" "address of the one"
	is "$(address still)" "$(<"$work/still")" "address of the other"
	ping_ok cn "$(<"$work/address")" 3
	ping_ok cn "$(<"$work/still")" 3
	# The next start has lost nothing.
	agent_end lma
	agent_start lma
	is "$(astat lma restart-counter)" $((counter + 1)) "Restart Counter after one more"
}

shark_count() { shark -Y "$1" | wc -l; }

# The operator says that the records are not to be gone on with.
case_told_to_forget() {
	local counter

	counter=$(astat lma restart-counter)
	agent_end lma
	AGENT_OPTIONS=--lost-state agent_start lma
	is "$(astat lma restart-counter)" $((counter + 1)) "Restart Counter"
	wait_for 60 both_back || fail "$(actl lma mn show; actl mag1 mn show)"
	ping_ok cn "$(<"$work/still")" 3
	# New ones wait no more for what others may still have.
	agent_end lma
	agent_start lma
	# RULE: HB-06
	is "$(astat lma restart-counter)" $((counter + 1)) "Restart Counter after one more"
}

# A gateway has lost everything: what it registers anew stays, the rest goes.
case_gateway_forgets() {
	local invalidated

	invalidated=$(astat lma invalidated)
	await_peer lma $MAG1 up
	lose mag1
	still_detach
	says lma "event=peer-restarted .*mag=$MAG1" agent_start mag1
	background nsenter --net="/run/netns/$RUN-mn" -- ping -q -i 0.2 $CN
	# RULE: HB-08
	is "$(astat lma invalidated)" $((invalidated + 2)) "bindings that are invalid"
	is "$(mn lma $STILL_ID state)" invalid "state of the one that is not there"
	served mn mag1 $MN_ID
	# RULE: HB-08
	wait_for 20 gone_from lma $STILL_ID || fail "the anchor keeps it"
	is "$(mn lma $MN_ID state)" active "state of the one that is"
	is "$(address mn)" "$(<"$work/address")" "its address"
	ping_ok cn "$(<"$work/address")" 3
}

cut() {
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				meta l4proto 135 counter drop
			}
		}
	END
}

mend() { in_ns core nft delete table ip6 cut; }

# Signalling does not pass: both notice, and what stands stays.
case_unreachable() {
	local reregistered

	still_attach
	served still mag1 $STILL_ID
	await_peer lma $MAG1 up
	await_peer mag1 $LMA up
	reregistered=$(astat mag1 reregistered)
	cut
	# RULE: HB-05
	await_peer lma $MAG1 unreachable
	# RULE: HB-05
	await_peer mag1 $LMA unreachable
	said lma "event=peer-unreachable .*mag=$MAG1" || fail "the anchor does not say so"
	said mag1 "event=peer-unreachable .*lma=$LMA" || fail "the gateway does not say so"
	is "$(astat lma peers-unreachable-now)" 1 "unreachable peers"
	ping_ok cn "$(<"$work/address")" 3
	is "$(mns lma)" 2 "sessions"
	at_least $((reregistered + 2)) astat mag1 reregistered || fail "nobody is registered anew"
	says lma "event=peer-back .*mag=$MAG1" mend
	await_peer mag1 $LMA up
	is "$(astat lma peers-unreachable-now)" 0 "unreachable peers"
	wait_for 40 both_back
}

gateway() { { echo 'from signalling import *'; cat; } | py; }

# What a peer may say: bits and options of tomorrow, no binding, nothing asked.
case_strange_heartbeats() {
	agent_end mag2
	gateway <<-'END'
		peer = Gateway("mag2", MAG2)
		counter = astat("lma", "restart-counter")
		peer.send(heartbeat(MAG2, LMA, 0xfffc, 0xfedcba98,
		                    options=[(200, b"abc"), (RESTART_COUNTER, bytes(4))]))
		answer = Heartbeat(peer.expect(13))
		# RULE: HB-01
		equal(answer.sequence, 0xfedcba98, "sequence number")
		# RULE: HB-11
		equal(answer.flags, 1, "flags")
		# RULE: HB-07
		equal(answer.counter, counter, "Restart Counter")
		# An announcement is not answered, nor is a response.
		for flags in 3, 1:
		    peer.send(heartbeat(MAG2, LMA, flags, 7, 99))
		peer.send(heartbeat(MAG2, LMA, 0, 8))
		# RULE: HB-09
		equal(Heartbeat(peer.expect(13)).sequence, 8, "the next answer")
		equal(astat("lma", "peers-restarted"), 1, "restarts")
	END
}

# It knows no Heartbeats, and registers a mobile node all the same.
case_no_heartbeat() {
	gateway <<-'END'
		peer = Gateway("mag2", MAG2)
		answer = peer.ask("third@example.com", "02:00:00:00:01:03")
		equal(answer.status, 0, "status")
		# One that answers nothing is ignored.
		peer.send(binding_error(MAG2, LMA))
		asked = Heartbeat(peer.expect(13))
		equal(asked.flags, 0, "flags")
		peer.send(binding_error(MAG2, LMA))
		def left_alone():
		    said = run("lma", os.environ["pmipctl"], "-S",
		               f"{os.environ['work']}/lma.sock", "-j", "peer", "show", MAG2)
		    equal(json.loads(said)[0]["state"], "no-heartbeat", "state")
		wait_until(left_alone, "it is left alone", 10)
		while peer.receive(0):
		    pass
		# RULE: HB-10
		check(peer.receive(5) is None, "it is asked again")
		left_alone()
		# It may still ask itself.
		peer.send(heartbeat(MAG2, LMA, 0, 3))
		equal(Heartbeat(peer.expect(13)).flags, 1, "flags of the answer")
	END
	said lma "event=peer-without-heartbeat .*mag=$MAG2" || fail "the anchor does not say so"
	like "$(actl lma peer show $MAG2)" "state no-heartbeat" "as text"
	# RULE: HB-10
	is "$(asked lma $MAG2)" 1 "how often it was asked"
	not actl lma peer reset 2001:db8:9::9 2>"$work/refused" || fail "nobody is reset"
	like "$(<"$work/refused")" "no such peer" "why"
	actl lma peer reset $MAG2
	is "$(asked lma $MAG2)" 2 "how often it was asked"
	agent_start mag2
}

agent_topology
agent_configs "$BEATS MinDelayBeforeBCEDelete = $DELETE_MS" "$BEATS"
profiles 'mn "third@example.com" { lladdr = {"02:00:00:00:01:03"} }'
agents_start lma mag1 mag2
run_cases \
	asked "anchor and gateway ask each other, as long as there are bindings" \
	on_the_wire "each response answers a request" \
	anchor_restarts "an anchor that has its records has not restarted" \
	kernel_lost "nor has one whose kernel has lost its state" \
	anchor_forgets "one that has lost both says so, and all is back" \
	told_to_forget "so does one that is told to begin anew" \
	gateway_forgets "a gateway has lost everything: what it does not know goes" \
	unreachable "the path is cut: both notice, and what stands stays" \
	strange_heartbeats "reserved bits, unknown options, answers to nothing" \
	no_heartbeat "a peer that answers by Binding Error is left alone" \
	end "the agents end"
