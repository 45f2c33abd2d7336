#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Between anchor and gateways 30 % of all packets are lost, 10 % come twice and
# many in another order, in either direction, while mobile nodes attach and move
# from gateway to gateway and back. All end where they are, with what they had,
# and nobody ever has the prefix of another.
#
# LOSS_MNS (100) mobile nodes move LOSS_MOVES (10) times; who moves when comes
# from LOSS_SEED. What is lost is for netem to say, which takes no seed.

. "$(dirname "$0")/agents.sh"

seed=${LOSS_SEED:-$SRANDOM} mns=${LOSS_MNS:-100} moves=${LOSS_MOVES:-10}

more_profiles() {
	for ((mn = 1; mn <= mns; mn++)); do
		printf 'mn "r%d@example.com" { lladdr = {"02:00:00:aa:%02x:%02x"} }\n' \
			$mn $((mn >> 8)) $((mn & 255))
	done
}

# roam: with the names of roaming.py
roam() {
	{
		echo 'from roaming import *'
		cat
	} | py
}

impair() {
	local dev

	for dev in lma mag1 mag2; do
		tc -n "$RUN-core" qdisc add dev $dev root netem limit 10000 \
			delay 10ms reorder 25% 50% loss 30% duplicate 10%
	done
}

# All of it is one process, since where they are is known to no other.
case_roaming() {
	impair
	roam <<-END
		import subprocess
		roaming = Roaming($mns, $moves, $seed)
		for mn in roaming.mns:
		    roaming.at(roaming.random.uniform(0, 2), roaming.arrive, mn,
		               roaming.random.choice(list(GATEWAYS)))
		begun = time.monotonic()
		roaming.run_until(roaming.moving, 240, "all moves")
		print(f"{time.monotonic() - begun:.1f} s until all had moved")
		# RULE: B-LMA-30 B-LMA-33 B-LMA-75 B-MAG-53 B-MAG-83 B-MAG-45 B-LMA-01
		roaming.run_until(roaming.wrong, 90, "all sessions are right")
		print(f"{time.monotonic() - begun:.1f} s until all was right")
		# RULE: B-LMA-80 B-LMA-31 B-MAG-22
		roaming.run_until(roaming.wrong_in_kernel, 30, "all bindings are right")
		equal(len(set(mn.prefix for mn in roaming.mns)), $mns, "prefixes")
		# What is lost now, no agent has lost.
		with open(os.environ["work"] + "/lost", "w") as lost:
		    lost.write(run("core", "tc", "-s", "qdisc", "show"))
		for dev in "lma", "mag1", "mag2":
		    run("core", "tc", "qdisc", "del", "dev", dev, "root")
		forwarding(roaming)
	END
}

# Never a prefix of two, also of those who heard nothing of it: what the anchor
# gave, it gave once.
case_prefixes() {
	grep -h 'event=binding-created' "$work/lma.log" |
		sed -E 's/.* (mn=[^ ]*).* (hnp=[^ ]*).*/\2 \1/' | sort -u >"$work/given"
	# RULE: B-LMA-24
	is "$(cut -d' ' -f1 "$work/given" | uniq -d)" "" "prefixes that two were given"
	# None should: who comes back after that is given another.
	diag "sessions that ended: $(grep -h 'event=binding-\(expired\|deleted\)' \
		"$work/lma.log" | sed -E 's/.* (event=[^ ]*).* (mn=[^ ]*).*/\1 \2/' | head -5 | paste -sd,)"
	# RULE: B-LMA-24 B-LMA-01
	is "$(wc -l <"$work/given")" "$mns" "prefixes that were given"
	is "$(astat lma created)" "$mns" "sessions that began"
	is "$(astat lma sessions)" "$mns" "sessions"
}

# The network was as bad as it should be, and they did move.
case_was_bad() {
	local lost

	lost=$(sed -n 's/.*(dropped \([0-9]*\),.*/\1/p' "$work/lost" |
		awk '{ n += $1 } END { print n + 0 }')
	diag "lost: $lost"
	within "$lost" $((mns * moves / 2)) 1000000 "packets that were lost"
	# RULE: B-MAG-53 B-MAG-83
	within $(($(astat mag1 pbu-retransmitted) + $(astat mag2 pbu-retransmitted))) \
		$((mns * moves / 4)) 1000000 "copies of PBUs"
	within "$(astat lma handovers)" $((mns * moves / 4)) 1000000 "handovers"
}

agent_topology
plan_host air
for mag in mag1 mag2; do
	created+="link add $mag netns $RUN-air type veth peer name access2 netns $RUN-$mag"$'\n'
	step air link set $mag addrgenmode none up
	step $mag link set access2 addrgenmode none up
done
build
for mag in mag1 mag2; do
	# Who does not answer for a second has gone.
	in_ns $mag sh -c 'echo 200 >/proc/sys/net/ipv6/neigh/access2/retrans_time_ms'
done
# A gateway that was left while it asked may be the last that the anchor hears of
# a mobile node, until it notices: then the next refresh of the one that serves it
# repairs that, which is why lifetimes are short.
# A session outlives what may be lost of it: else one that ends and comes back
# late is a new one, by RFC 5213. Copies come after 200 ms, not a second, and then
# each half second, for the sake of the test's time: a refresh has five seconds to
# get through before its session expires, and so it has a dozen copies.
agent_configs "MinDelayBeforeBCEDelete = 120000" "access \"access2\" {}
	lifetime = 20
	INITIAL_BINDACK_TIMEOUT = 200
	MAX_BINDACK_TIMEOUT = 500
	neighbour-idle = 1"
# The gateway's access0 and access1 are there, and nobody is on them.
profiles "$(more_profiles)"
agents_start lma mag1 mag2
echo "# LOSS_SEED=$seed"
run_cases \
	roaming "$mns mobile nodes move $moves times each, and all end up right" \
	prefixes "no prefix was ever given to two" \
	was_bad "packets were lost, and they did move" \
	end "the agents end"
