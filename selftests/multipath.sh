#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A binding with several paths: the mobile node is at two gateways at once.

. "$(dirname "$0")/lib.sh"

refused() {
	! pctl "${@:2}" 2>"$work/said" || fail "taken: ${*:2}"
	like "$(<"$work/said")" "$1" "${*:3}"
}

# paths: "bid:remote ..." in the order that the module has them
paths() {
	pctl lma -j binding show dev pmip0 $HNP1 | jq -r '[.[0].paths[] | "\(.bid):\(.remote)"] | join(" ")'
}

# by WORD...: the paths of the mobile node, from nothing
by() { pctl lma binding replace $HNP1 dev pmip0 "$@"; }

# where <PROGRAM: with sent(ports, dst), the gateways that packets of these flows are
# sent to, in their order; each of them comes by one of the two.
where() {
	{
		cat <<-'END'
			cn, _ = pair("cn", "eth0", "lma", "cn")
			core = Link("core", "lma")
			NAMES = {MAG1: 1, MAG2: 2, "2001:db8:3::7": 3}

			def sent(ports, dst=MN1):
			    for port in ports:
			        cn.send(udp(CN, dst, b"%d" % port, sport=port))
			    taken = {}
			    for port in ports:
			        outer = core.expect(lambda p: p.nh == IPV6 and p.inner.nh == UDP,
			                            f"a packet of port {port}")
			        taken[int(outer.inner.data)] = NAMES[outer.dst]
			    equal(sorted(taken), sorted(ports), "packets")
			    return [taken[port] for port in ports]
		END
		cat
	} | py
}

case_preferred() {
	by remote $MAG2 lifetime 1h bid 2 priority 5 path remote $MAG1 lifetime 1h bid 1 priority 4
	is "$(paths)" "1:$MAG1 2:$MAG2" "paths"
	where <<-'END'
		equal(set(sent(range(1000, 1050))), {1}, "gateways")
	END
	by remote $MAG2 lifetime 1h bid 2 priority 3 path remote $MAG1 lifetime 1h bid 1 priority 4
	is "$(paths)" "2:$MAG2 1:$MAG1" "paths"
	where <<-'END'
		equal(set(sent(range(1000, 1050))), {2}, "gateways")
	END
	like "$(pctl lma binding show dev pmip0 $HNP1)" "path 2 remote $MAG2.* path 1 remote $MAG1" "text"
}

# From either, and from nowhere else.
case_uplink() {
	by remote $MAG1 lifetime 1h bid 1 path remote $MAG2 lifetime 1h bid 2 priority 1
	drops_are "wrong-tunnel=1" lma py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		# There is a tunnel to it, but of another binding.
		run("lma", os.environ["pmipctl"], "binding", "add", "2001:db8:a:9::/64", "dev", "pmip0",
		    "remote", "2001:db8:3::7", "lifetime", "1h")
		for mag, data in (MAG1, b"one"), ("2001:db8:3::7", b"bad"), (MAG2, b"two"):
		    core.send(ip6(mag, LMA, udp(MN1, CN, data), IPV6))
		cn.expect(has(b"one"), "by the first gateway")
		equal(cn.until(has(b"two"), "by the second"), [], "what came between")
		run("lma", os.environ["pmipctl"], "binding", "del", "2001:db8:a:9::/64", "dev", "pmip0")
	END
}

# Nothing is lost, nor late: whatever path there is takes what another leaves.
case_expires() {
	monitor lma
	by remote $MAG1 lifetime 1500ms bid 1 path remote $MAG2 lifetime 1h bid 2 priority 1
	where <<-'END'
		begun, taken, port = time.monotonic(), [], 1000
		while time.monotonic() < begun + 2.5:
		    taken += sent(range(port, port + 5))
		    port += 5
		    time.sleep(0.01)
		first = taken.index(2)
		equal(set(taken[:first]), {1}, "gateways up to the deadline")
		equal(set(taken[first:]), {2}, "gateways after it")
	END
	wait_for 5 event_seen path-expired || fail "no event"
	is "$(events | jq -r '.[] | "\(.hnp) \(.bid)"')" "$HNP1 1" "event"
	is "$(paths)" "2:$MAG2" "what is left"
	by remote $MAG2 lifetime 200ms bid 2 priority 1
	wait_for 5 equals 0 bindings_left || fail "the binding stays without a path"
}

bindings_left() { pctl lma -j binding show | jq length; }

# Each flow keeps to one of them, and flows are shared by weight; when one goes, only
# its flows move.
case_shares() {
	by remote $MAG1 lifetime 1h bid 1 weight 9 path remote $MAG2 lifetime 1h bid 2 weight 3 \
		path remote 2001:db8:3::7 lifetime 1h bid 3
	is "$(pctl lma -j binding show dev pmip0 $HNP1 | jq -c '[.[0].paths[].weight]')" "[9,3,null]" "weights"
	where <<-'END'
		def move(*words):
		    run("lma", os.environ["pmipctl"], "binding", "change", os.environ["HNP1"], "dev",
		        "pmip0", *words)

		PORTS = range(1000, 1400)
		all_three = [w for at in range(0, 400, 50) for w in sent(PORTS[at:at + 50])]
		share = [all_three.count(n) for n in (1, 2, 3)]
		# Of 400: 277, 92 and 31, and three standard deviations.
		check(abs(share[0] - 277) < 28 and abs(share[1] - 92) < 26 and abs(share[2] - 31) < 17,
		      f"flows by 9:3:1: {share}")
		again = [w for at in range(0, 400, 50) for w in sent(PORTS[at:at + 50])]
		equal(again, all_three, "gateways of the same flows")

		move("remote", MAG1, "lifetime", "1h", "bid", "1", "weight", "9",
		     "path", "remote", "2001:db8:3::7", "lifetime", "1h", "bid", "3")
		without = [w for at in range(0, 400, 50) for w in sent(PORTS[at:at + 50])]
		for port, was, now in zip(PORTS, all_three, without):
		    check(now == was if was != 2 else now != 2, f"port {port}: {was}, then {now}")
		equal(sorted(set(without)), [1, 3], "gateways that are left")
	END
	# One that counts for less takes none.
	by remote $MAG1 lifetime 1h bid 1 path remote $MAG2 lifetime 1h bid 2 \
		path remote 2001:db8:3::7 lifetime 1h bid 3 priority 1
	where <<-'END'
		equal(sorted(set(sent(range(1000, 1050)))), [1, 2], "gateways")
	END
}

# Of those that share, one whose lifetime has passed takes none.
case_shares_expired() {
	by remote $MAG1 lifetime 1h bid 1 path remote $MAG2 lifetime 300ms bid 2
	wait_for 5 equals "1:$MAG1" paths || fail "it does not expire"
	where <<-'END'
		equal(set(sent(range(1000, 1050))), {1}, "gateways")
	END
}

# A third comes, the first goes, and no packet is lost or sent twice meanwhile.
case_changes() {
	by remote $MAG1 lifetime 1h bid 1 path remote $MAG2 lifetime 1h bid 2
	where <<-'END'
		import genl
		import threading

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		over = threading.Event()
		REPLACE, changes = genl.NLM_F_REPLACE, 0

		def change():
		    global changes
		    one, two, three = (MAG1, 1, 0), (MAG2, 2, 0), ("2001:db8:3::7", 3, 0)
		    sets = [one, two], [two], [one, two, three]
		    while not over.is_set():
		        equal(family.do([family.set_paths(index, "2001:db8:a:1::", 64, sets[changes % 3])]),
		              [0], "answer")
		        changes += 1

		thread = threading.Thread(target=change)
		thread.start()
		taken = []
		for port in range(1000, 3000, 20):
		    taken += sent(range(port, port + 20))
		over.set()
		thread.join()
		equal(len(taken), 2000, "packets")
		equal(sorted(set(taken)), [1, 2, 3], "gateways")
		check(changes > 50, f"only {changes} changes")
	END
}

# One of a set goes with that, and the binding stays.
case_set() {
	pctl lma expiry-set add id 4 dev pmip0 lifetime 1h
	by remote $MAG1 expiry-set 4 bid 1 path remote $MAG2 lifetime 1h bid 2 priority 1
	where <<-'END'
		equal(set(sent(range(1000, 1010))), {1}, "gateways")
	END
	pctl lma expiry-set renew id 4 dev pmip0 lifetime 0
	wait_for 5 equals "2:$MAG2" paths || fail "it does not expire"
	where <<-'END'
		equal(set(sent(range(1000, 1010))), {2}, "gateways")
	END
}

case_refused() {
	local path="remote $MAG1 lifetime 1h" eight='' i

	by remote $MAG2 lifetime 1h bid 2
	refused 'two paths have one binding identifier' lma binding change $HNP1 dev pmip0 \
		$path path $path
	for i in 1 2 3 4 5 6 7 8; do eight+="${eight:+ path} $path bid $i"; done
	by $eight
	is "$(paths | wc -w)" 8 "paths"
	refused 'has 8 paths at most' lma binding change $HNP1 dev pmip0 $eight path $path bid 9
	refused 'remote endpoint is missing' lma binding change $HNP1 dev pmip0 path $path
	refused 'lifetime is missing' lma binding change $HNP1 dev pmip0 remote $MAG1 path $path bid 2
	refused 'is not a value of weight' lma binding change $HNP1 dev pmip0 $path weight 0
	refused 'is not a value of weight' lma binding change $HNP1 dev pmip0 $path weight 17
	refused 'only role lma' mag1 binding change $HNP1 dev pmip0 \
		remote $LMA lifetime 1h path remote $MAG2 lifetime 1h bid 2
	refused "the device's own address" lma binding change $HNP1 dev pmip0 \
		$path path remote $LMA lifetime 1h bid 2
	py <<-'END'
		import genl

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		nine = [(MAG1, bid, 0) for bid in range(1, 10)]
		E2BIG = 7
		equal(family.do([family.set_paths(index, "2001:db8:a:1::", 64, nine)]), [E2BIG], "nine")
	END
	is "$(paths | wc -w)" 8 "what was refused has changed nothing"
	by remote $MAG1 lifetime 1h
	is "$(pctl lma -j tunnel show dev pmip0 | jq -c '[.[] | .paths]')" "[1]" "tunnels"
}

network
pctl lma binding del $HNP2 dev pmip0
pctl lma binding del $HNP3 dev pmip0
run_cases \
	preferred "packets take the preferred path" \
	uplink "what comes by either is taken" \
	expires "when one expires, the other has all at once" \
	shares "flows are shared by weight, and stay" \
	shares_expired "an expired one has no share" \
	changes "while paths change, nothing is lost" \
	set "a path of an expiry set ends without the binding" \
	refused "what is wrong is refused, and changes nothing"
