#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Lifetimes: nothing is forwarded after the deadline, all is before; events tell;
# renewing in time keeps.

. "$(dirname "$0")/lib.sh"

counts() { pctl "$1" -j device show pmip0 | jq -r '.[0] | "\(.bindings) \(.tunnels)"'; }

expired() { events | grep -c path-expired; }

# A packet each few milliseconds, each with its time; two jiffies of the slowest
# kernel (100 Hz) are what it may be off by.
case_deadline() {
	monitor lma
	py <<-'END'
		LIFETIME, SLACK = 1.5, 0.02
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn = Link("mn1", "eth0")
		cn.sock.setblocking(True)

		before = time.monotonic()
		run("lma", os.environ["pmipctl"], "binding", "change", "2001:db8:a:1::/64", "dev",
		    "pmip0", "remote", MAG1, "lifetime", f"{int(LIFETIME * 1000)}ms")
		after = time.monotonic()
		sent = []
		while time.monotonic() < after + LIFETIME + 0.5:
		    sent.append(time.monotonic())
		    cn.send(udp(CN, MN1, b"%d" % len(sent)))
		    time.sleep(0.004)
		# Which of them arrived: mn's queue has them all.
		arrived = {int(p.data) for p in mn.packets(0.3) if p.nh == UDP}
		late = [at - after - LIFETIME for n, at in enumerate(sent, 1)
		        if n in arrived and at > after + LIFETIME + SLACK]
		equal(late, [], "forwarded so many seconds after the deadline")
		lost = [at - before - LIFETIME for n, at in enumerate(sent, 1)
		        if n not in arrived and at < before + LIFETIME - SLACK]
		equal(lost, [], "not forwarded, though before the deadline")
		check(len(arrived) > 50, f"only {len(arrived)} sent in time")
		check(len(sent) - len(arrived) > 20, f"only {len(sent) - len(arrived)} sent late")

		drops = pmipctl("lma", "stats", "show", "dev", "pmip0")[0]["drops"]
		equal(drops["expired"] + drops["no-binding"], len(sent) - len(arrived), "drops")
		error = cn.expect(lambda p: p.nh == ICMPV6, "the error")
		equal(error.icmp[:2], (UNREACHABLE, 3), "type and code")
	END
	is "$(counts lma)" "2 2" "bindings and tunnels"
	wait_for 2 event_seen path-expired || fail "no event"
	is "$(events | jq -r '.[] | select(.event == "path-expired") | "\(.device) \(.hnp) \(.bid) \(.generation)"')" \
		"pmip0 $HNP1 1 1" "event"
	pctl lma binding add $HNP1 dev pmip0 remote $MAG1 lifetime forever
	ping_ok cn $MN1 2
}

# The same at the gateway, where nothing may leave the mobile node's link.
case_gateway() {
	pctl mag1 binding change $HNP1 dev pmip0 remote $LMA lifetime 300ms access access1
	wait_for 3 equals "1 1" counts mag1 || fail "it does not expire"
	drops_are "no-binding=1" mag1 py <<-'END'
		mn1, access1 = pair("mn1", "eth0", "mag1", "access1")
		mn2, access2 = pair("mn2", "eth0", "mag1", "access2")
		cn = Link("cn", "eth0")
		mn1.send(udp(MN1, CN, b"bad"))
		mn2.send(udp(MN2, CN, b"good"))
		equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
	pctl mag1 binding add $HNP1 dev pmip0 remote $LMA lifetime forever access access1
	ping_ok mn1 $CN 1
}

case_event_time() {
	local begun now

	monitor lma
	begun=$(now_ms)
	pctl lma binding add 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime 400ms cookie 77
	wait_for 5 event_seen '"cookie":77' || fail "no event"
	now=$(now_ms)
	within $((now - begun)) 380 2400 "ms until the event"
	is "$(counts lma)" "3 2" "bindings and tunnels"
}

# Time and again, each time with half of it left. Only if this process was kept
# waiting for longer than that may it be late.
case_renewal() {
	monitor lma
	py <<-'END'
		import genl

		LIFETIME = 0.6
		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		place = index, "2001:db8:a:9::", 64, MAG1, int(LIFETIME * 1000)
		began = renewed = time.monotonic()
		equal(family.do([family.add(*place)]), [0], "answer")
		while renewed < began + 3 * LIFETIME:
		    time.sleep(LIFETIME / 2)
		    answer = family.do([family.add(*place, flags=genl.NLM_F_REPLACE)])
		    if answer != [0] and time.monotonic() - renewed > LIFETIME - 0.02:
		        equal(family.do([family.add(*place)]), [0], "answer to a new one")
		    else:
		        equal(answer, [0], "answer to a renewal")
		    renewed = time.monotonic()
	END
	# Then no more.
	wait_for 5 event_seen path-expired || fail "no event"
	like "$(events | tail -n 1 | jq -r '.[].generation')" '^[1-9]' "generation"
	! pctl lma binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime 1s \
		2>"$work/said" || fail "renewed after it had expired"
	like "$(<"$work/said")" 'it may have expired' "a renewal that is late"
}

# A renewal to less applies, as does one to more after that.
case_shorter() {
	monitor lma
	pctl lma binding add 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime forever
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime 1h
	pctl lma binding change 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime 200ms
	wait_for 3 event_seen path-expired || fail "no event"
	is "$(events | jq -r '.[].generation')" 2 "generation"
	is "$(counts lma)" "3 2" "bindings and tunnels"
}

# What ends in another way is nobody's expiry.
case_deleted() {
	monitor lma
	pctl lma binding add 2001:db8:a:9::/64 dev pmip0 remote $MAG1 lifetime 2s
	pctl lma binding del 2001:db8:a:9::/64 dev pmip0
	pctl lma binding add 2001:db8:a:8::/64 dev pmip0 remote $MAG1 lifetime 2s
	wait_for 5 event_seen 2001:db8:a:8:: || fail "no event"
	is "$(events | jq -r '.[].hnp')" 2001:db8:a:8::/64 "who expired"
}

# Many at once, in more than one turn of the worker; each has its event.
case_many() {
	local i count=40

	monitor lma
	for ((i = 0; i < count; i++)); do
		echo binding add 2001:db8:b:$i::/64 dev pmip0 remote 2001:db8:9::$((i % 7 + 1)) lifetime 2s
	done | in_ns lma xargs -n 9 "$pmipctl"
	wait_for 20 equals $count expired || :
	is "$(expired)" $count "events"
	is "$(events | jq -r '.[].hnp' | sort -u | wc -l)" $count "prefixes with an event"
	is "$(counts lma)" "3 2" "bindings and tunnels"
}

network
run_cases \
	deadline "forwarded until the deadline, and not after" \
	gateway "at the gateway too" \
	event_time "the event comes at its time" \
	renewal "renewing in time keeps" \
	shorter "a shorter lifetime applies" \
	deleted "what is deleted does not expire" \
	many "many that expire together"
