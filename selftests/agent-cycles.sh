#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Mobile nodes come and go, $TEST_CYCLES times: nothing is left of them.

. "$(dirname "$0")/agents.sh"

cycles=${TEST_CYCLES:-20}
export cycles

# How much an agent may grow, in KiB.
GROWTH=512

# without_huge_pages: a page of 2 MiB, which the kernel gives to who touches the
# first octet of it, looks like a leak. PR_SET_THP_DISABLE outlives exec.
without_huge_pages() {
	cat >"$work/pmip6d" <<-END
		#!/usr/bin/python3 -ES
		import ctypes, os, sys
		if ctypes.CDLL(None).prctl(41, 1, 0, 0, 0):
		    sys.exit("prctl")
		os.execv("$pmip6d", ["$pmip6d"] + sys.argv[1:])
	END
	chmod +x "$work/pmip6d"
	binary=$pmip6d
	pmip6d=$work/pmip6d
}

# Not of an agent that keeps what it frees, to see who uses it afterwards.
sanitized() { grep -q __asan_init "$binary"; }

rss() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$(<"$work/$1.pid")/status"; }

# commanded COUNT: it is attached and detached by command.
commanded() {
	py "$1" <<-'END'
		mn = os.environ["STILL_ID"]

		class Agent:
		    def __init__(self, ns):
		        self.sock = socket.socket(socket.AF_UNIX)
		        self.sock.settimeout(20)
		        self.sock.connect(f"{os.environ['work']}/{ns}.sock")
		        self.reader = self.sock.makefile("r")

		    def ask(self, **request):
		        self.sock.sendall(json.dumps(request).encode() + b"\n")
		        answer = json.loads(self.reader.readline())
		        check("error" not in answer, f"{request}: {answer}")
		        return answer

		    def state(self):
		        mns = self.ask(do="mn-show", mn=mn)["mns"]
		        return mns[0]["state"] if mns else None

		def wait_state(agent, wanted, cycle):
		    wait_until(lambda: equal(agent.state(), wanted, f"state in cycle {cycle}"),
		               "state", 30)

		gateway, anchor = Agent("mag1"), Agent("lma")
		for cycle in range(int(sys.argv[1])):
		    gateway.ask(do="mn-attach", mn=mn, access="access1")
		    wait_state(gateway, "active", cycle)
		    check(anchor.state() == "active", f"the anchor does not know it in cycle {cycle}")
		    gateway.ask(do="mn-detach", mn=mn)
		    wait_state(gateway, "held", cycle)
		    # Some of them until it is forgotten, some while it is waited for.
		    if cycle % 2:
		        wait_state(anchor, None, cycle)
	END
}

case_commands() {
	local before ns

	in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	commanded $(((cycles + 3) / 4))
	for ns in lma mag1; do rss $ns >"$work/$ns.rss"; done
	commanded "$cycles"
	is "$(mn mag1 $STILL_ID state)" held "state"
	still_detach
	nothing_left
}

# Over its link, between two gateways, without a pause.
case_moves() {
	local count at from=mag1 to=mag2 next

	count=$(((cycles + 4) / 5))
	attach_to mag1
	served mn mag1 $MN_ID
	address mn >"$work/address"
	for ((at = 0; at < count; at++)); do
		move $from $to
		wait_for 30 is_active $to $MN_ID || fail "$to does not serve it in cycle $at"
		next=$from from=$to to=$next
	done
	# Its link came up just now: it may still be looking for its router.
	wait_for 20 equals "$(<"$work/address")" address mn ||
		fail "its address is $(address mn), not $(<"$work/address")"
	wait_for 20 in_ns mn ping -q -c 1 -W 1 $CN || fail "it reaches nobody"
	ipn $from link set air0 down
	nothing_left
}

nothing_left() {
	local ns

	for ns in lma mag1 mag2; do
		wait_for 40 equals 0 mns $ns || fail "left at $ns: $(actl $ns mn show)"
		is "$(bound $ns)" "" "bindings of $ns"
		is "$(tunnel_count $ns)" 0 "tunnels of $ns"
		is "$(mn_routes $ns)" "" "routes of $ns"
	done
	is "$(ipn lma -6 -j route show proto 52 | jq -r '.[].dst')" $AGENT_POOL \
		"routes of the anchor"
}

case_memory() {
	local ns

	! sanitized || skip "the agents are built with a sanitizer"
	for ns in lma mag1; do
		within "$(rss $ns)" 1 $(($(<"$work/$ns.rss") + GROWTH)) "KiB of $ns"
	done
}

# What would be stored would be there again.
case_records() {
	local ns

	for ns in lma mag1 mag2; do
		agent_end $ns KILL
		agent_start $ns
		is "$(mns $ns)" 0 "mobile nodes that $ns has stored"
	done
	is "$(lines lma 'event=(store|binding|route)-failed')" 0 "failures at lma"
	is "$(lines mag1 'event=(store|binding|route)-failed')" 0 "failures at mag1"
}

without_huge_pages
network_of_agents "MinDelayBeforeBCEDelete = 200"
run_cases \
	commands "$cycles times by command" \
	moves "$(((cycles + 4) / 5)) times from gateway to gateway" \
	memory "the agents have not grown" \
	records "and have stored nothing" \
	end "the agents end"
