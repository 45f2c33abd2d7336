#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Flow bindings: packets that a selector matches take other paths than the
# preferred one.

. "$(dirname "$0")/lib.sh"

# flows <PROGRAM: with the module's commands, and what packets do
flows() {
	{
		cat <<-'END'
			import genl

			enter("lma")
			family, index = genl.Family(), socket.if_nametoindex("pmip0")
			HNP = "2001:db8:a:1::"
			cn, _ = pair("cn", "eth0", "lma", "cn")
			core = Link("core", "lma")
			NAMES = {MAG1: 1, MAG2: 2, "2001:db8:3::7": 3}
			flow, FORWARD, DUPLICATE, DROP = (family.flow, genl.FORWARD, genl.DUPLICATE,
			                                  genl.DROP)
			UDP_, TCP_ = 17, 6

			def paths(*bids):
			    gateways = [MAG1, MAG2, "2001:db8:3::7"]
			    equal(family.do([family.set_paths(index, HNP, 64,
			                                      [(gateways[b - 1], b, b) for b in bids])]), [0],
			          "paths")

			def flows(*some, flags=genl.NLM_F_CREATE | genl.NLM_F_REPLACE, want=0):
			    equal(family.do([family.flows(index, HNP, 64, some, flags)]), [want], "flows")

			def forget(fid=None, want=0):
			    equal(family.do([family.delete_flows(index, HNP, 64, fid)]), [want], "deletion")

			def taken_by(packet, data):
			    """The paths that a packet takes, in the order of their numbers; what
			    comes after it says that no more come."""
			    cn.send(packet)
			    cn.send(udp(CN, os.environ["MN2"], b"end"))
			    seen = core.until(lambda p: p.nh == IPV6 and has(b"end")(p.inner), "the end")
			    for outer in seen:
			        check(data in outer.payload, f"what is sent: {outer}")
			    return sorted(NAMES[outer.dst] for outer in seen)

			def to(sport=4000, dport=4001, dst=MN1, src=CN, **fields):
			    return taken_by(udp(src, dst, b"data", sport=sport, dport=dport, **fields), b"data")

			def counted():
			    return {one["fid"]: one["stats"]["tx_packets"]
			            for one in pmipctl("lma", "flow-binding", "show", "dev", "pmip0")}

			paths(1, 2, 3)
			forget()
		END
		cat
	} | py
}

# By the order of priorities, not of identifiers; what none matches takes the
# preferred path.
case_order() {
	flows <<-'END'
		equal(to(), [1], "no flow")
		flows(flow(10, 5, [2], dport=(5060, 5062)), flow(9, 6, [3], proto=UDP_))
		equal([to(dport=port) for port in (5059, 5060, 5061, 5062, 5063)],
		      [[3], [2], [2], [2], [3]], "by port, then by protocol")
		flows(flow(9, 4, [3], proto=UDP_))
		equal(to(dport=5060), [3], "a change of priority")
		forget(9)
		equal([to(dport=port) for port in (5059, 5060)], [[1], [2]], "one is deleted")
		forget(9, want=2)
		forget()
		equal(to(dport=5060), [1], "all are")
	END
}

# Each field, at the ends of a range and beside them.
case_fields() {
	flows <<-'END'
		def each(inside, outside, **selector):
		    flows(flow(1, 1, [2], **selector))
		    equal([to(**fields) for fields in inside], [[2]] * len(inside), f"in {selector}")
		    equal([to(**fields) for fields in outside], [[1]] * len(outside), f"not in {selector}")

		each([{"sport": 7}, {"sport": 9}], [{"sport": 6}, {"sport": 10}], sport=(7, 9))
		each([{"dport": 65535}], [{"dport": 65534}], dport=65535)
		each([{"src": "2001:db8:c::7"}, {"src": "2001:db8:c::ff"}],
		     [{"src": "2001:db8:c::6"}, {"src": "2001:db8:c::1:0"}],
		     source=("2001:db8:c::7", "2001:db8:c::ff"))
		each([{"dst": "2001:db8:a:1::9"}], [{"dst": MN1}], destination="2001:db8:a:1::9")
		each([{"tclass": 0xb8}, {"tclass": 0xbb}], [{"tclass": 0xb7}, {"tclass": 0xbc}], ds=0x2e)
		each([{"sport": 8, "dport": 9}], [{"sport": 8}, {"dport": 9}], sport=8, dport=9)
		each([{}], [], proto=(17, 17))
		each([], [{}], proto=6)
		each([], [{}], spi=(0, 0xffffffff))
		each([{}], [])
	END
}

# By extension headers, and where there are no ports.
case_headers() {
	flows <<-'END'
		OPTIONS = bytes([UDP, 0, 1, 4, 0, 0, 0, 0])
		data = udp(CN, MN1, b"data", dport=5060)[40:]
		flows(flow(1, 1, [2], dport=5060), flow(2, 2, [3], proto=58), flow(3, 3, [2], spi=77))
		equal(taken_by(ip6(CN, MN1, OPTIONS + data, 60), b"data"), [2], "behind options")
		equal(taken_by(icmp(CN, MN1, ECHO, 0, b"data"), b"data"), [3], "ICMPv6")
		esp = struct.pack("!II", 77, 1) + b"data"
		equal(taken_by(ip6(CN, MN1, esp, 50), b"data"), [2], "by SPI")
		esp = struct.pack("!II", 78, 1) + b"data"
		equal(taken_by(ip6(CN, MN1, esp, 50), b"data"), [1], "by another SPI")
	END
}

case_actions() {
	flows <<-'END'
		flows(flow(1, 1, [3, 2], DUPLICATE, dport=1), flow(2, 2, [], DROP, dport=2),
		      flow(3, 3, [2, 3], FORWARD, dport=3))
		equal(to(dport=1), [2, 3], "duplicated")
		with drops("lma", flow=1):
		    equal(to(dport=2), [], "dropped")
		equal(to(dport=3), [2], "the first of its paths")
		equal(counted(), {1: 1, 2: 1, 3: 1}, "counters")
	END
}

# One without a path is passed over.
case_inactive() {
	flows <<-'END'
		flows(flow(1, 1, [3, 2], dport=1), flow(2, 2, [2, 3], DUPLICATE, proto=UDP_),
		      flow(3, 3, [9], dport=4001))
		equal([to(dport=1), to()], [[3], [2, 3]], "all are there")
		paths(1, 2)
		equal([to(dport=1), to()], [[2], [2]], "without one of the paths")
		paths(1)
		equal([to(dport=1), to()], [[1], [1]], "without any")
		paths(1, 2, 3)
		equal([to(dport=1), to()], [[3], [2, 3]], "there again")
	END
}

# Those after the first take its flow, and one that comes before it none.
case_fragments() {
	flows <<-'END'
		flows(flow(1, 1, [2], dport=5060), flow(2, 2, [], DROP, dport=5061))

		def overtook():
		    return pmipctl("lma", "stats", "show", "dev", "pmip0")[0]["fragments_overtook"]

		def pieces(ident, dport):
		    return fragments(udp(CN, MN1, b"data" * 300, dport=dport), 600, ident)

		# What is reassembled on the way has no fragments.
		before = overtook()
		for ident, dport, want in (1, 5060, [2]), (2, 5061, []), (3, 5062, [1]):
		    for piece in pieces(ident, dport):
		        equal(taken_by(piece, b"data"), want, f"fragment of a packet to {dport}")
		equal(overtook() - before, 0, "fragments that overtook the first")
		first, second = pieces(4, 5060)
		equal(taken_by(second, b"data"), [1], "one that overtook the first")
		equal(overtook() - before, 1, "fragments that overtook the first")
		equal(taken_by(first, b"data"), [2], "the first")
		equal(taken_by(second, b"data"), [2], "the second, after all")
		# A flow that is there no more.
		first, second = pieces(5, 5060)
		equal(taken_by(first, b"data"), [2], "the first")
		forget(1)
		equal(taken_by(second, b"data"), [1], "without its flow")
	END
}

case_refused() {
	flows <<-'END'
		EINVAL, EEXIST, ENOENT, E2BIG, ERANGE = 22, 17, 2, 7, 34
		CREATE, REPLACE, EXCL = genl.NLM_F_CREATE, genl.NLM_F_REPLACE, genl.NLM_F_EXCL
		flows(flow(1, 1, [2], dport=1), flow(2, 2, [3], dport=2))
		before = pmipctl("lma", "flow-binding", "show", "dev", "pmip0")
		flows(flow(1, 1, [2]), flags=CREATE, want=EEXIST)
		flows(flow(1, 1, [2]), flags=CREATE | EXCL, want=EEXIST)
		flows(flow(3, 3, [2]), flags=REPLACE, want=ENOENT)
		flows(flow(3, 1, [2]), want=EINVAL)
		flows(flow(3, 3, [2]), flow(3, 4, [2]), want=EINVAL)
		flows(flow(3, 3, [2]), flow(4, 3, [2]), want=EINVAL)
		flows(flow(0, 3, [2]), want=ERANGE)
		flows(flow(3, 0, [2]), want=ERANGE)
		flows(flow(3, 3), want=EINVAL)
		flows(flow(3, 3, [2], DROP), want=EINVAL)
		flows(flow(3, 3, [2, 2]), want=EINVAL)
		flows(flow(3, 3, [0]), want=EINVAL)
		flows(flow(3, 3, [2], 4), want=ERANGE)
		flows(flow(3, 3, [2], dport=(6, 5)), want=EINVAL)
		flows(flow(3, 3, [2], source=("2001:db8:c::7", "2001:db8:b::8")), want=EINVAL)
		flows(flow(3, 3, [2], ds=64), want=ERANGE)
		flows(flow(3, 3, [2], flow_label=0x100000), want=ERANGE)
		flows(flow(3, 3, list(range(1, 10))), want=ERANGE)
		flows(flow(3, 3, b"\2\0\0"), want=EINVAL)
		flows(*[genl.nest(genl.FLOW_LIST_FLOW)] * 4097, want=E2BIG)
		flows(want=EINVAL)
		equal(family.do([family.flows(index, "2001:db8:a:77::", 64, [flow(1, 1, [2])])]),
		      [ENOENT], "no binding")
		equal(pmipctl("lma", "flow-binding", "show", "dev", "pmip0"), before, "flows")
		enter("mag1")
		gateway, there = genl.Family(), socket.if_nametoindex("pmip0")
		equal(gateway.do([gateway.flows(there, HNP, 64, [flow(1, 1, [2])])]), [EINVAL],
		      "at a gateway")
	END
}

# As many as there may be, in several messages, each of them shown once; they go with
# their binding.
case_many() {
	flows <<-'END'
		MOST, EACH, E2BIG = 4096, 256, 7
		for first in range(1, MOST + 1, EACH):
		    flows(*(flow(fid, MOST + 1 - fid, [1 + fid % 3], dport=fid)
		            for fid in range(first, first + EACH)))
		flows(flow(MOST + 1, MOST + 1, [2]), want=E2BIG)
		shown = pmipctl("lma", "flow-binding", "show", "dev", "pmip0")
		equal([one["priority"] for one in shown], list(range(1, MOST + 1)), "priorities")
		equal([to(dport=port) for port in (1, 2, 3, MOST - 1, MOST, MOST + 1)],
		      [[2], [3], [1], [1], [2], [1]], "paths")
		equal(family.dump(genl.FLOW_GET), MOST, "of a dump")
		equal(family.do([family.delete(index, HNP, 64)]), [0], "the binding")
		equal(family.dump(genl.FLOW_GET), 0, "of a dump")
		equal(family.do([family.add(index, HNP, 64, MAG1, 3600000)]), [0], "the binding")
	END
}

# Changed all the time: each packet takes the flow as it was or as it is.
case_changes() {
	flows <<-'END'
		import threading

		over, changes = threading.Event(), 0
		enter("lma")
		own = genl.Family()

		def change():
		    global changes
		    while not over.is_set():
		        some = [flow(1, 1, [2 + changes % 2], dport=(5000, 5100))]
		        some += [flow(n, n, [1], dport=6000 + n) for n in range(2, 2 + changes % 40)]
		        equal(own.do([own.flows(index, HNP, 64, some)]), [0], "flows")
		        if changes % 7 == 0:
		            equal(own.do([own.delete_flows(index, HNP, 64, 2)])[0] in (0, 2), True, "one goes")
		        changes += 1

		flows(flow(1, 1, [2], dport=(5000, 5100)))
		thread = threading.Thread(target=change)
		thread.start()
		seen = [to(dport=5000 + n % 100) for n in range(600)]
		over.set()
		thread.join()
		equal(sorted(set(map(tuple, seen))), [(2,), (3,)], "paths")
		check(changes > 50, f"only {changes} changes")
	END
}

# By hand; what is shown can be said again.
case_words() {
	local shown

	flow() { pctl lma flow-binding "$@"; }
	# refused PATTERN WORD...
	refused() {
		! flow "${@:2}" 2>"$work/said" || fail "taken: ${*:2}"
		like "$(<"$work/said")" "$1" "${*:2}"
	}

	flow add $HNP1 dev pmip0 fid 7 priority 20 bid 2 bid 1 proto udp dport 5060-5062 from 2001:db8::/32
	flow add $HNP1 dev pmip0 fid 8 priority 10 action drop to $MN1 sport 9 dscp 46 flow-label 0x12345 \
		spi 1-0xffffffff proto 200-255 from 2001:db8::1-2001:db8::2
	shown=$(pctl lma -j -s flow-binding show dev pmip0)
	is "$(jq -r '.[0] | "\(.hnp) \(.fid) \(.priority) \(.action) \(.bids | length) \(.selector)"' <<<"$shown")" \
		"$HNP1 8 10 drop 0 proto 200-255 sport 9 from 2001:db8::1-2001:db8::2 to $MN1 dscp 46 flow-label 74565 spi 1-4294967295" "one"
	is "$(jq -r '.[1] | "\(.fid) \(.action) \(.bids | join(",")) \(.selector) \(.stats.tx_packets)"' <<<"$shown")" \
		"7 forward 2,1 proto udp dport 5060-5062 from 2001:db8::/32 0" "other"
	like "$(flow show)" 'fid 7 priority 20 action forward bid 2 bid 1 proto udp' "text"
	flow change $HNP1 dev pmip0 fid 8 priority 10 bid 1
	is "$(pctl lma -j flow-binding show | jq -r '.[0].selector')" any "changed"
	refused 'a flow of this identifier exists' add $HNP1 dev pmip0 fid 8 priority 11 bid 1
	refused 'no such flow to change' change $HNP1 dev pmip0 fid 9 priority 11 bid 1
	refused 'two flows have the same priority' add $HNP1 dev pmip0 fid 9 priority 10 bid 1
	refused 'priority is missing' add $HNP1 dev pmip0 fid 9 bid 1
	refused 'identifier is missing' add $HNP1 dev pmip0 priority 1 bid 1
	refused 'path is missing' add $HNP1 dev pmip0 fid 9 priority 1
	refused 'takes no path' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 action drop
	refused 'not an action' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 action lose
	refused 'ends before it begins' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 dport 9-8
	refused 'is not a number' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 dport 65536
	refused 'is not a number' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 dscp 64
	refused 'is not an IPv6 address' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 from 2001:db8::1/32
	refused 'can be said only once' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 dport 1 dport 2
	refused 'unknown word' add $HNP1 dev pmip0 fid 9 priority 1 bid 1 colour 2
	refused 'no such binding' add 2001:db8:a:77::/64 dev pmip0 fid 9 priority 1 bid 1
	refused 'no such flow' del $HNP1 dev pmip0 fid 9
	flow del $HNP1 dev pmip0 fid 8
	is "$(pctl lma -j flow-binding show | jq length)" 1 "left"
	flow del $HNP1 dev pmip0
	is "$(pctl lma -j flow-binding show | jq length)" 0 "left"
}

network
pctl lma binding del $HNP3 dev pmip0
run_cases \
	words "by hand" \
	order "the first that matches, by priority" \
	fields "each field, at the ends of its range" \
	headers "behind extension headers, and without ports" \
	actions "forwarded, duplicated, dropped, and counted" \
	inactive "one without a path is passed over" \
	fragments "fragments take the flow of the first" \
	refused "what is wrong is refused, and changes nothing" \
	many "as many as there may be" \
	changes "while flows change, packets take one of them"
