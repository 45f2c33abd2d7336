#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Expiry sets that paths have in common: one renewal is every member's, all end at
# the same moment, and one event tells of it.

. "$(dirname "$0")/lib.sh"

set_is() {
	pctl lma -j expiry-set show dev pmip0 id "$1" | jq -r '.[0] | "\(.paths) \(.generation)"'
}

sets() { pctl lma -j expiry-set show dev pmip0 | jq -r '[.[].id] | sort | join(" ")'; }

bindings_left() { pctl lma -j device show pmip0 | jq '.[0].bindings'; }

# member PREFIX ID [COMMAND]
member() { pctl lma binding "${3:-add}" "$1" dev pmip0 remote $MAG1 expiry-set "$2"; }

add_set() { pctl lma expiry-set add id "$1" dev pmip0 lifetime "${2:-1h}"; }

# refused PATTERN WORD...: pmipctl says why
refused() {
	! pctl lma "${@:2}" 2>"$work/said" || fail "taken: ${*:2}"
	like "$(<"$work/said")" "$1" "${*:2}"
}

case_members() {
	add_set 7
	add_set 2147483647 forever
	member 2001:db8:a:9::/64 7
	member 2001:db8:a:8::/64 7
	is "$(set_is 7)" "2 0" "paths and generation"
	is "$(set_is 2147483647)" "0 0" "paths and generation"
	is "$(sets)" "7 2147483647" "sets"
	is "$(pctl lma -j binding show dev pmip0 2001:db8:a:9::/64 |
		jq -r '.[0].paths[0] | .expiry_set, (.lifetime_ms > 3500000)')" $'7\ntrue' "its path"
	like "$(pctl lma expiry-set show)" 'paths 2' "as text"
	pctl lma expiry-set renew id 7 dev pmip0 lifetime 2h
	is "$(set_is 7)" "2 1" "paths and generation"
	is "$(pctl lma -j binding show dev pmip0 |
		jq '[.[].paths[] | select(.expiry_set == 7 and .lifetime_ms > 7100000)] | length')" 2 "renewed"
	pctl lma binding del 2001:db8:a:9::/64 dev pmip0
	is "$(set_is 7)" "1 1" "paths and generation"
	pctl lma binding del 2001:db8:a:8::/64 dev pmip0
	pctl lma expiry-set del id 7 dev pmip0
	pctl lma expiry-set del id 2147483647 dev pmip0
	is "$(sets)" "" "sets"
}

# From its own lifetime to a set's, to another set's, and back.
case_moves() {
	add_set 1
	add_set 2
	pctl lma binding add 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime forever
	member 2001:db8:a:9::/64 1 change
	is "$(set_is 1) $(set_is 2)" "1 0 0 0" "in the first"
	# Again: nothing changes.
	member 2001:db8:a:9::/64 1 change
	member 2001:db8:a:9::/64 2 change
	is "$(set_is 1) $(set_is 2)" "0 0 1 0" "in the second"
	# To another gateway, and in the same set.
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG2 expiry-set 2
	is "$(set_is 1) $(set_is 2)" "0 0 1 0" "by another tunnel"
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG2 lifetime 1h
	is "$(set_is 1) $(set_is 2)" "0 0 0 0" "on its own"
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 drop
	member 2001:db8:a:9::/64 1 change
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 drop
	is "$(set_is 1)" "0 0" "a binding that drops"
	pctl lma binding del 2001:db8:a:9::/64 dev pmip0
	pctl lma expiry-set del id 1 dev pmip0
	pctl lma expiry-set del id 2 dev pmip0
}

case_refused() {
	add_set 5
	refused 'an expiry set of this id exists' expiry-set add id 5 dev pmip0 lifetime 1h
	refused 'no such expiry set to renew: it may have expired' \
		expiry-set renew id 6 dev pmip0 lifetime 1h
	refused 'no such expiry set' expiry-set del id 6 dev pmip0
	refused 'no such expiry set' expiry-set show id 6 dev pmip0
	refused 'no such expiry set: it may have expired' \
		binding add 2001:db8:a:9::/64 dev pmip0 remote $MAG1 expiry-set 6
	is "$(bindings_left)" 3 "what was refused is not there"
	member 2001:db8:a:9::/64 5
	refused 'no such expiry set: it may have expired' \
		binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG2 expiry-set 6
	is "$(set_is 5)" "1 0" "where it was"
	refused 'a lifetime of 0 ends it with them' expiry-set del id 5 dev pmip0
	pctl lma binding del 2001:db8:a:9::/64 dev pmip0
	# What pmipctl would not send.
	py <<-'END'
		import genl

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		REPLACE = genl.NLM_F_REPLACE

		def of_set(number, *more):
		    return family.message(
		        family.family, genl.NLM_F_REQUEST | genl.NLM_F_ACK | genl.NLM_F_CREATE,
		        genl.BINDING_NEW,
		        genl.attr(genl.BINDING_IFINDEX, struct.pack("=I", index)) +
		        genl.address(genl.BINDING_HNP, "2001:db8:a:9::", 64) +
		        genl.nest(genl.BINDING_PATHS, genl.nest(
		            genl.PATHS_PATH, genl.address(genl.PATH_REMOTE, MAG1),
		            genl.attr(genl.PATH_EXPIRY_SET, struct.pack("=I", number)), *more)))

		EINVAL, ERANGE, EEXIST = 22, 34, 17
		lifetime = genl.attr(genl.PATH_LIFETIME, struct.pack("=Q", 1000))
		generation = genl.attr(9, struct.pack("=I", 1))
		equal(family.do([of_set(5, lifetime)]), [EINVAL], "with a lifetime")
		equal(family.do([of_set(5, generation)]), [EINVAL], "with a generation")
		equal(family.do([of_set(0)]), [EINVAL], "neither set nor lifetime")
		equal(family.do([of_set(0, lifetime)]), [0], "0 is its own")
		equal(family.do([family.delete(index, "2001:db8:a:9::", 64)]), [0], "deleted")
		equal(family.do([of_set(2 ** 31)]), [ERANGE], "an id that is too high")
		equal(family.do([family.add_set(index, 0, 1)]), [ERANGE], "the id 0")
		equal(family.do([family.add_set(index, 2 ** 31, 1)]), [ERANGE], "one too high")
		equal(family.do([family.add_set(index, 6, 2 ** 42 + 1)]), [ERANGE], "too long")
		equal(family.do([family.add_set(index, 5, 1, genl.NLM_F_CREATE)]), [EEXIST],
		      "neither replaced nor new")
		equal(family.do([family.add_set(index, 5, 3600000,
		                                genl.NLM_F_CREATE | REPLACE)]), [0], "either")
	END
	is "$(set_is 5)" "0 1" "renewed once"
	pctl lma expiry-set del id 5 dev pmip0
	is "$(bindings_left)" 3 "bindings"
}

# Members are forwarded until the moment at which all of them end, one that joined
# late as well; whose lifetime is its own goes on.
case_deadline() {
	monitor lma
	add_set 7 1h
	member $HNP1 7 change
	member $HNP2 7 change
	ping_ok cn $MN2 2
	py <<-'END'
		LIFETIME, SLACK = 1.5, 0.02
		cn, _ = pair("cn", "eth0", "lma", "cn")
		links = {n: Link(f"mn{n}", "eth0") for n in (1, 2, 3)}
		addresses = {1: MN1, 2: MN2, 3: os.environ["MN3"]}

		before = time.monotonic()
		run("lma", os.environ["pmipctl"], "expiry-set", "renew", "id", "7", "dev", "pmip0",
		    "lifetime", f"{int(LIFETIME * 1000)}ms")
		after = time.monotonic()
		sent = []
		while time.monotonic() < after + LIFETIME + 0.5:
		    sent.append(time.monotonic())
		    for address in addresses.values():
		        cn.send(udp(CN, address, b"%d" % len(sent)))
		    time.sleep(0.01)
		for n, link in links.items():
		    arrived = {int(p.data) for p in link.packets(0.3) if p.nh == UDP}
		    if n == 3:
		        equal(len(arrived), len(sent), "of the one that is no member")
		        continue
		    late = [at for i, at in enumerate(sent, 1)
		            if i in arrived and at > after + LIFETIME + SLACK]
		    equal(late, [], f"forwarded to mn{n} after the deadline")
		    lost = [at for i, at in enumerate(sent, 1)
		            if i not in arrived and at < before + LIFETIME - SLACK]
		    equal(lost, [], f"not forwarded to mn{n} before the deadline")
		    check(len(arrived) > 20 and len(sent) - len(arrived) > 20,
		          f"{len(arrived)} of {len(sent)} arrived")
	END
	wait_for 3 event_seen expiry-set-expired || fail "no event"
	is "$(events | jq -r '.[] | select(.event == "expiry-set-expired") |
		"\(.device) \(.id) \(.paths) \(.generation)"')" "pmip0 7 2 1" "event"
	is "$(events | grep -c path-expired || :)" 0 "events of paths"
	is "$(sets) $(bindings_left)" " 1" "sets and bindings"
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	pctl lma binding add $HNP2 dev pmip0 remote $MAG1 lifetime forever
}

# Time and again, each time with half of it left.
case_renewal() {
	py <<-'END'
		import genl

		LIFETIME = 0.6
		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")

		def names():
		    return [f"2001:db8:a:{n:x}::" for n in range(0x100, 0x140)]

		def begin():
		    answers = family.do([family.add_set(index, 3, int(LIFETIME * 1000))] + [
		        family.add(index, name, 64, MAG1, 0, genl.NLM_F_CREATE, 3)
		        for name in names()])
		    equal(set(answers), {0}, "answers")

		begin()
		began = renewed = time.monotonic()
		while renewed < began + 3 * LIFETIME:
		    time.sleep(LIFETIME / 2)
		    answer = family.do([family.add_set(index, 3, int(LIFETIME * 1000),
		                                       genl.NLM_F_REPLACE)])
		    # Only who was kept waiting may be late.
		    if answer != [0] and time.monotonic() - renewed > LIFETIME - 0.02:
		        begin()
		    else:
		        equal(answer, [0], "answer to a renewal")
		    renewed = time.monotonic()
		    equal(family.dump(genl.EXPIRY_SET_GET), 1, "sets")
	END
	is "$(bindings_left)" 67 "bindings while it is renewed"
	wait_for 5 equals 3 bindings_left || fail "they do not expire"
	is "$(sets)" "" "sets"
}

# It ends at once, and its number is free for another.
case_ended() {
	monitor lma
	add_set 7
	member $HNP1 7 change
	ping_ok cn $MN1 2
	pctl lma expiry-set renew id 7 dev pmip0 lifetime 0
	wait_for 3 event_seen expiry-set-expired || fail "no event"
	is "$(bindings_left)" 2 "bindings"
	add_set 7
	member $HNP1 7
	ping_ok cn $MN1 2
	pctl lma binding change $HNP1 dev pmip0 remote $MAG1 lifetime forever
	pctl lma expiry-set del id 7 dev pmip0
}

# More than one turn of the worker takes; meanwhile the number has another set, and
# members go there, elsewhere and away.
case_many() {
	monitor lma
	py <<-'END'
		import genl

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		COUNT = 4000
		names = [f"2001:db8:b:{n:x}::" for n in range(COUNT)]
		equal(family.do([family.add_set(index, 9, 3600000)]), [0], "the set")
		for at in range(0, COUNT, 100):
		    equal(set(family.do([family.add(index, name, 64, f"2001:db8:9::{at % 7 + 1}", 0,
		                                    genl.NLM_F_CREATE, 9)
		                         for name in names[at:at + 100]])), {0}, "members")
		either = genl.NLM_F_CREATE | genl.NLM_F_REPLACE
		equal(family.do([family.add_set(index, 9, 0, genl.NLM_F_REPLACE)]), [0], "the end")
		# Until the worker has taken it, it could be renewed.
		EEXIST, begun = 17, time.monotonic()
		while (answer := family.do([family.add_set(index, 9, 3600000,
		                                           genl.NLM_F_CREATE | genl.NLM_F_EXCL)
		                            ])) == [EEXIST]:
		    check(time.monotonic() - begun < 20, "the worker does not take it")
		equal(answer, [0], "the new set")
		answers = family.do(
		    [family.add(index, name, 64, MAG1, 0, either, 9) for name in names[:20]] +
		    [family.add(index, name, 64, MAG1, 3600000, either) for name in names[20:40]])
		equal(set(answers), {0}, "answers meanwhile")
	END
	wait_for 20 event_seen expiry-set-expired || wait_for 1 equals 43 bindings_left ||
		fail "they are not reaped"
	wait_for 20 equals 43 bindings_left || fail "bindings: $(bindings_left)"
	like "$(set_is 9)" '^20 ' "the new set"
	is "$(pctl lma -j tunnel show dev pmip0 | jq -r length)" 2 "tunnels"
	# With all that it has.
	pctl lma device del pmip0
	anchor_device
	is "$(bindings_left) $(sets)" "0 " "of a new device"
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	pctl lma binding add $HNP2 dev pmip0 remote $MAG1 lifetime forever
	pctl lma binding add $HNP3 dev pmip0 remote $MAG2 lifetime forever
}

# While the worker is at it.
case_device_goes() {
	local round

	for round in 1 2 3; do
		py <<-'END'
			import genl

			enter("lma")
			family, index = genl.Family(), socket.if_nametoindex("pmip0")
			equal(family.do([family.add_set(index, 9, 3600000)]), [0], "the set")
			names = [f"2001:db8:b:{n:x}::" for n in range(2000)]
			for at in range(0, len(names), 100):
			    equal(set(family.do([family.add(index, name, 64, MAG1, 0, genl.NLM_F_CREATE, 9)
			                         for name in names[at:at + 100]])), {0}, "members")
			equal(family.do([family.add_set(index, 9, 0, genl.NLM_F_REPLACE),
			                 family.add_set(index, 8, 3600000)]), [0, 0], "the end")
			run("lma", os.environ["pmipctl"], "device", "del", "pmip0")
		END
		anchor_device
		is "$(bindings_left) $(sets)" "0 " "of a new device, round $round"
	done
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	ping_ok cn $MN1 1
}

network
run_cases \
	members "paths join a set, are renewed with it, and leave" \
	moves "a path moves from set to set" \
	refused "what is wrong is refused, and says why" \
	deadline "members end together, with one event" \
	renewal "renewing in time keeps all" \
	ended "a lifetime of 0 ends it at once" \
	many "many members, and a new set of the same number meanwhile" \
	device_goes "a device goes while its set is reaped"
