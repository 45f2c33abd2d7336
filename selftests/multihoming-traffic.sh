#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A mobile node with two interfaces and one address, then a third one, while UDP and
# TCP flow to it by all of them at once; and it loses two of them meanwhile. It is a
# plain host, which has its address by Router Advertisement on each.
#
#	cn --- lma --- core --- mag1 --- access2 --- eth0 mn
#	                  |---- mag2 --- access2 --- eth1 mn
#	                  \---- mag3 --- access2 --- eth2 mn
#
# Between anchor and gateways it takes 10 ms each way. Access links are no bridges: of a
# bridge the kernel tells up to a second late that the last of its links is down.

. "$(dirname "$0")/agents.sh"

export MAG3=2001:db8:4::1 CORE_MAG3=2001:db8:4::ff
export MN_ADDR=${MN_HNP%/64}77
agents+=(mag3)

# What the streams and connections go to: a call and a file by mag1, a film and pages
# by mag2; nobody has said anything of the rest.
export CALL=5061 FILM=7100 REST=9000 FILE=6001 PAGES=8080
CALLS="proto udp dport 5060-5062" FILES="proto tcp dport $FILE"
FILMS="proto udp dport $FILM"

third_gateway() {
	plan_router mag3
	plan_link mag3 core $MAG3/64 core mag3 $CORE_MAG3/64
	step mag3 route add default via $CORE_MAG3
	created+="link add eth1 netns $RUN-mn type veth peer name access2 netns $RUN-mag2"$'\n'
	created+="link add eth2 netns $RUN-mn type veth peer name access2 netns $RUN-mag3"$'\n'
	step mag1 link set air0 name access2
	for n in 1 2 3; do step mag$n link set access2 addrgenmode none up; done
	for n in 0 1 2; do
		step mn link set eth$n down address 02:00:00:00:02:0$n
		step mn token set ::77 dev eth$n
	done
	build
	for n in lma mag1 mag2 mag3; do
		tc -n "$RUN-core" qdisc add dev $n root netem delay 10ms
	done
}

# joins N MAG: by its interface N it is served there, and has the address
joins() {
	ipn mn link set eth"$1" up
	wait_for 30 is_active "$2" $MN_ID || fail "it is not served by $2"
	wait_for 30 equals $MN_ADDR addresses eth"$1" || fail "eth$1 has $(addresses eth"$1")"
}

# addresses DEV: those that may be used
addresses() {
	ipn mn -6 -j addr show dev "$1" scope global -tentative |
		jq -r '.[].addr_info[]?.local // empty' | paste -sd' '
}

# send_by DEV: what the mobile node sends from now on
send_by() { ipn mn route replace default via $FIXED_LINK_LOCAL dev "$1" metric 100; }

# traffic <PROGRAM: with the names of traffic.py, and all of the traffic in t; what is
# captured meanwhile at the anchor and on each access link, it may look at after
# ended()
traffic() {
	local place pids=()

	for place in "lma core" "mag1 access2" "mag2 access2" "mag3 access2"; do
		# shellcheck disable=SC2086
		capture $place ip6
		pids+=("$tcpdump")
	done
	{
		cat <<-'END'
			import signal
			from traffic import *
			CALL, FILM, REST, FILE, PAGES = (
			    int(os.environ[name]) for name in "CALL FILM REST FILE PAGES".split())
			MAG3 = os.environ["MAG3"]
			t = Traffic([CALL, FILM, REST], [FILE, PAGES])
			call, film, rest = (t.stream[port] for port in (CALL, FILM, REST))

			def tell(figures):
			    os.write(8, f"# {figures}\n".encode())

			def ended():
			    t.end()
			    for pid in sys.argv[1:]:
			        os.kill(int(pid), signal.SIGINT)
			    wait_until(lambda: not any(map(is_running, sys.argv[1:])), "captures end", 20)
			    seen = [capture(name) for name in
			            ("lma-core", "mag1-access2", "mag2-access2", "mag3-access2")]
			    no_reset(*seen)
			    return seen

			def is_running(pid):
			    try:
			        with open(f"/proc/{pid}/stat") as file:
			            return file.read().split()[2] != "Z"
			    except OSError:
			        return False
		END
		cat
	} | py "${pids[@]}"
}

case_joins() {
	joins 0 mag1
	joins 1 mag2
	# RULE: MH-01 MH-30 MH-39
	is "$(addresses eth0) $(addresses eth1)" "$MN_ADDR $MN_ADDR" "addresses"
	# RULE: MH-03 MH-08
	is "$(interfaces)" "$MAG1 30 $MAG2 20" "interfaces at the anchor"
	send_by eth1
}

# Counters of the module and captures on both access links say the same.
case_divided() {
	traffic <<-'END'
		def counts():
		    """A flow that an update names once more is counted from nothing."""
		    with open(os.environ["work"] + "/lma.log") as log:
		        updates = sum("event=binding-refreshed" in line for line in log)
		    return (updates, count("lma", "flow-binding", "selector"),
		            count("lma", "tunnel", "remote"), [len(one.sent) for one in (call, film, rest)])

		while True:
		    t.rest()
		    updates, *before = counts()
		    t.go_on()
		    t.flows(400)
		    t.rest()
		    new_updates, *after = counts()
		    if updates == new_updates:
		        break
		t.go_on()
		_, mag1, mag2, mag3 = ended()
		# RULE: MH-19
		equal([one.devs() for one in (call, film, rest)], [["eth0"], ["eth1"], ["eth1"]],
		      "interfaces of streams")
		equal([one.lost() for one in (call, film, rest)], [[], [], []], "lost")
		# RULE: MH-19
		equal(kinds(mag1), [("tcp", FILE), ("udp", CALL)], "what mag1 delivers")
		equal(kinds(mag2), [("tcp", PAGES), ("udp", FILM), ("udp", REST)],
		      "what mag2 delivers")
		# RULE: MH-02
		equal(kinds(mag1, "up"), [], "what is sent by eth0")
		equal(kinds(mag2, "up"), [("tcp", FILE), ("tcp", PAGES), ("udp", CALL),
		                          ("udp", FILM), ("udp", REST)], "what is sent by eth1")
		times = [[one.at for one in seen if one.down] for seen in (mag1, mag2)]
		for one, other in (times, times[::-1]):
		    check(sum(other[0] < at < other[-1] for at in one) > 400,
		          f"both are busy at once: {one[0]} to {one[-1]}, {other[0]} to {other[-1]}")
		# Each packet is counted, and by the flow that it is of.
		flows, tunnels = [{key: new[key] - old[key] for key in new}
		                  for old, new in zip(before[:2], after[:2])]
		calls, films, others = [new - old for old, new in zip(before[2], after[2])]
		files, pages = flows["proto tcp dport 6001"], flows["proto tcp"]
		equal([flows["proto udp dport 5060-5062"], flows["proto udp dport 7100"]],
		      [calls, films], "counters of UDP flows")
		check(files > 100 and pages > 100, f"counters of TCP flows: {flows}")
		equal([tunnels[MAG1], tunnels[MAG2]], [calls + files, films + pages + others],
		      "counters of tunnels")
	END
}

# It is preferred: what no flow matches goes there, and nothing else does.
case_third() {
	traffic <<-'END'
		t.flows()
		set_link("mn", "eth2", True)
		t.go_by("eth2", REST)
		t.flows()
		_, mag1, mag2, mag3 = ended()
		# RULE: MH-34
		equal([one.devs() for one in (call, film, rest)],
		      [["eth0"], ["eth1"], ["eth1", "eth2"]], "interfaces of streams")
		equal([call.lost(), film.lost()], [[], []], "lost")
		equal(kinds(mag3), [("udp", REST)], "what mag3 delivers")
		tell(f"of what no flow matches {len(rest.lost())} of {len(rest.sent)} packets are lost")
	END
	wait_for 30 equals $MN_ADDR addresses eth2 || fail "no address on eth2"
	# RULE: MH-34
	is "$(interfaces)" "$MAG1 30 $MAG2 20 $MAG3 10" "interfaces at the anchor"
}

# The mobile node loses it, and nobody has been told. What was under way is lost: what
# the anchor sends until it hears of it, and no more.
case_kept() {
	traffic <<-'END'
		t.flows()
		at = set_link("mn", "eth0", False)
		t.go_by("eth2", CALL)
		t.flows()
		lma, mag1, mag2, mag3 = ended()
		round_trip = call.round_trip()
		# RULE: MH-14
		equal([one.devs() for one in (call, film, rest)],
		      [["eth0", "eth2"], ["eth1"], ["eth2"]], "interfaces of streams")
		# RULE: MH-33
		equal([film.lost(), rest.lost()], [[], []], "lost of others")
		# It would go by the flow of mag2 that all of TCP takes.
		# RULE: MH-14
		check(("tcp", FILE) in kinds(mag3), f"what mag3 delivers: {kinds(mag3)}")

		# The anchor has let nothing fall, and changes over once.
		calls = [(one.gateway, one.number) for one in lma if one.down and one.kind == ("udp", CALL)
		         and one.gateway]
		equal([number for _, number in calls], list(range(len(call.sent))), "what the anchor sends")
		told = [one.at for one in lma if one.is_message(BU, MAG1)][-1]
		answered = [one.at for one in lma if one.is_message(BA, MAG1)][-1]
		late = [one.kind for one in lma if one.gateway == MAG1 and one.at > answered]
		equal(late, [], "what goes to mag1 after its answer")
		# Its flows have moved before its path goes: what else packets match is not for them.
		# RULE: MH-14
		equal([one.at - answered for one in lma if one.gateway == MAG2 and
		       one.kind in (("tcp", FILE), ("udp", CALL))], [], "by another flow, or by none")

		# Loss is what is sent in a round trip, and while agents take notice and act.
		lost = call.lost()
		span = call.sent[lost[-1]] - call.sent[lost[0]] if lost else 0
		notice, answer = told - at - round_trip / 2, answered - told
		acting = notice + answer
		tell(f"{len(lost)} packets lost, sent in {span * 1e3:.1f} ms; round trip "
		     f"{round_trip * 1e3:.1f} ms, gateway's notice {notice * 1e3:.1f} ms, anchor's answer "
		     f"{answer * 1e3:.1f} ms")
		check(not lost or len(lost) == lost[-1] - lost[0] + 1, f"lost in a row: {lost}")
		check(span <= round_trip + acting + 2 * INTERVAL_S, "no more than a round trip is lost")
		check(acting < 1, "agents act at once")
	END
	# RULE: MH-33
	is "$(interfaces)" "$MAG2 20 $MAG3 10" "interfaces at the anchor"
}

# By command, so that its link is still there: what is under way arrives.
case_removed() {
	send_by eth2
	traffic <<-'END'
		t.flows()
		t.command("mag2", os.environ["pmipctl"], "-S", os.environ["work"] + "/mag2.sock",
		          "mn", "detach", os.environ["MN_ID"])
		t.go_by("eth2", FILM)
		t.flows()
		_, _, mag2, mag3 = ended()
		# RULE: MH-13
		equal([one.devs() for one in (call, film, rest)], [["eth2"], ["eth1", "eth2"], ["eth2"]],
		      "interfaces of streams")
		equal(kinds(mag2), [("tcp", PAGES), ("udp", FILM)], "what mag2 delivers")
		equal(kinds(mag3), [("tcp", FILE), ("tcp", PAGES), ("udp", CALL), ("udp", FILM),
		                    ("udp", REST)], "what mag3 delivers")
		# RULE: MH-24
		equal([one.lost() for one in (call, film, rest)], [[], [], []], "lost")
	END
	# RULE: MH-13
	is "$(pctl lma -j flow-binding show | jq -r '[.[].selector] | sort | join(";")')" \
		"$FILES;$CALLS" "flows of the module"
	is "$(interfaces)" "$MAG3 10" "interfaces at the anchor"
}

agent_topology
third_gateway
agent_configs "multihoming = true" 'access "access2" {}'
mag_config mag3 $MAG3 'access "access2" {}'
sed -i "s|mags = .*|mags = {\"$MAG1\", \"$MAG2\", \"$MAG3\"}|" "$work/lma.conf"
profile_of mag1 02:00:00:00:02:00 30 keep "fid 1 priority 10 $CALLS" "fid 2 priority 20 $FILES"
profile_of mag2 02:00:00:00:02:01 20 remove "fid 1 priority 40 proto tcp" "fid 2 priority 50 $FILMS"
profile_of mag3 02:00:00:00:02:02 10 remove
agents_start "${agents[@]}"
# For figures, past what is kept of a case.
exec 8>&1
run_cases \
	joins "two interfaces of a mobile node have the same address" \
	divided "flows take both of them at once, and the rest goes by priority" \
	third "a third one joins, and only the rest goes there" \
	kept "one that is lost keeps its flows: a round trip is all that they lose" \
	removed "one that is removed has its flows follow the rest, and nothing is lost" \
	end "the agents end"
