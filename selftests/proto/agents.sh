# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What proto-lma.sh and proto-mag.sh share: agents, each in a namespace of its
# own, and a world around them that one Python program plays.

# shellcheck source=selftests/agents.sh
. "$(dirname "${BASH_SOURCE[0]}")/../agents.sh"

# Those of the golden vectors.
LMA=2001:db8:2::1 MAG1=2001:db8:1::1 MAG2=2001:db8:3::1
export STRANGER=2001:db8:4::1

# world NS...: each has a link to the world, where nobody but raw sockets is.
world() {
	local ns

	plan_host world
	for ns in "$@"; do
		plan_router "$ns"
		plan_link world "$ns" - "$ns" core -
		step "$ns" neigh add fe80::1 lladdr "$(printf '02:00:00:00:%02x:0a' "$links")" \
			dev core nud permanent
		step "$ns" route add default via fe80::1 dev core
	done
}

# anchor_config NS EXTRA
anchor_config() {
	step "$1" addr add "$LMA/64" dev core nodad
	cat >"$work/$1.conf" <<-END_OF_CONFIG
		control-socket = "$work/$1.sock"
		state-directory = "$work/$1.state"
		profiles = "$work/profiles.conf"
		log-level = "debug"
		security = "${SECURITY:-none}"
		lma {
			device = "pmip0"
			address = "$LMA"
			HEARTBEAT_INTERVAL = 3600
			mags = {"$MAG1", "$MAG2", "${MAG1}77", "${MAG1}78"}
			$2
		}
	END_OF_CONFIG
}

# test_agents PROGRAM NS...: start agents, run the program, end them. The program
# prints the plan, with one more result than its own.
test_agents() {
	local failed=0 ns last said

	build
	agents_start "${@:2}"
	# Not isolated: scapy is a package of the distribution, and compiled there.
	/usr/bin/python3 -EsB "$selftests/proto/$1" 1 | tee "$work/tap" || failed=1
	last=$(sed -n 's/^1\.\.//p' "$work/tap")
	said=$(agents_end_well "${@:2}" 2>&1) || {
		echo "not ok $last - the agents end"
		echo "# ${said//$'\n'/$'\n'# }"
		return 1
	}
	echo "ok $last - the agents end"
	return $failed
}

agents_end_well() {
	local ns

	for ns in "$@"; do
		agent_runs "$ns" || fail "the agent of $ns ended with $(<"$work/$ns.status")"
		agent_end "$ns"
		is "$status" 0 "status of the agent of $ns"
		not grep -E 'runtime error|Sanitizer|assert|corrupt' "$work/$ns.log" ||
			fail "see the log of $ns"
	done
}
