#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# What a gateway says to its anchor, and what it makes of the answers, against
# an anchor that answers as it is told: RFC 5213 6.9.1 and 6.9.4 on the wire.

. "$(dirname "$0")/agents.sh"

MOBILES=12

mobiles() {
	local number more=''

	for number in $(seq $MOBILES); do
		more+="
			mn \"m$number@example.com\" {
				lladdr = {\"$(printf '02:00:00:00:03:%02x' "$number")\"}
				${1:-}
			}"
	done
	profiles "$more
		mn \"m20@example.com\" {
			lladdr = {\"02:00:00:00:03:14\"}
			prefixes = {\"2001:db8:a:99::/64\"}
		}"
}

# with_anchor <PROGRAM: the mobile nodes' host says nothing of its own
with_anchor() {
	{ echo 'from anchor import *'; echo 'anchor = Anchor()'; cat; } | py
}

# gateway [MORE [NEIGHBOUR-IDLE]], regateway: it begins, again with nothing
gateway() {
	agent_configs '' "lifetime = 40 neighbour-idle = ${2:-0}
		retry-after-refusal = 2 ${1:-}"
	mobiles
	agent_start mag1
	wait_for 20 said mag1 "event=access-open access=access1"
}

regateway() {
	agent_end mag1
	rm -rf "$work/mag1.state"
	gateway "$@"
}

# ---- The first message -----------------------------------------------------

case_first() {
	with_anchor <<-'END'
		mobile = Mobile(1)
		before = time.time()
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		# RULE: B-MAG-24
		equal(pbu.src, MAG1, "source")
		# RULE: B-MAG-23 B-MSG-01
		equal(pbu.flags, A | P, "flags")
		# RULE: B-MAG-16 B-MAG-23
		equal({kind for kind, _ in pbu.options},
		      {MN_ID, HNP, HI, ATT, LL_ID, TIMESTAMP}, "options")
		# RULE: B-MAG-16 B-MAG-28
		equal(pbu.one(MN_ID), b"\1" + mobile.id.encode(), "identifier")
		# RULE: B-MAG-17 B-MAG-26 B-MSG-03
		equal(pbu.one(HNP), bytes(18), "prefix")
		# RULE: B-MAG-57 B-MSG-11
		equal(pbu.one(HI), bytes([0, 4]), "handoff")
		# RULE: B-MAG-72 B-MSG-11
		equal(pbu.one(ATT), bytes([0, 3]), "technology")
		# RULE: B-MAG-71 B-MSG-11
		equal(pbu.one(LL_ID), bytes(2) + octets_of(mobile.mac), "link layer")
		# RULE: B-MSG-05
		check(before - .01 <= pbu.time <= time.time() + .01, f"{pbu.time}")
		equal(pbu.lifetime, 40, "lifetime")
		for kind, (unit, rest) in ALIGNMENT.items():
		    # RULE: B-MSG-03 B-MSG-05
		    check(kind not in pbu.places or
		          pbu.places[kind] % unit == rest, f"{pbu.places}")
		# RULE: B-MAG-12 B-MAG-80
		mobile.hears_none(.3, "before the answer")
		equal(bound(), [], "bindings before the answer")
		anchor.answer(pbu, hnp=[mobile.hnp])
		# RULE: B-MAG-12 B-MAG-18 B-MAG-75
		mobile.expect_prefix(mobile.hnp)
		# RULE: B-MAG-18 B-MAG-75
		equal(bound(), [mobile.hnp], "bindings")
	END
}

# Its own prefix is asked for, but what the anchor says is true.
case_prefixes() {
	with_anchor <<-'END'
		mobile = Mobile(20)
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		# RULE: B-MAG-17 B-MAG-26
		equal(pbu.hnp, ["2001:db8:a:99::/64"], "prefixes")
		two = ["2001:db8:a:a1::/64", "2001:db8:a:a2::/64"]
		anchor.answer(pbu, hnp=two, lifetime=8)
		mobile.expect_prefix(two[1])
		# RULE: B-MAG-13 B-MAG-75
		check(set(two) <= set(bound()), f"{bound()}")
		left = mobile.show()[0]["lifetime_ms"]
		# RULE: B-MAG-75
		check(left <= 8000, f"{left}")
		# In time, HI 5, and every prefix that it has.
		again = anchor.pbu(mobile.id, 8)
		# RULE: B-MAG-20
		check(again.at - pbu.at < 8, f"{again.at - pbu.at}")
		# RULE: B-MAG-20 B-MAG-57
		equal(again.hi, 5, "handoff of the refresh")
		# RULE: B-MAG-20
		equal(again.hnp, two, "prefixes of the refresh")
		# RULE: B-MAG-20
		equal([kind for kind, _ in again.options if kind != HNP],
		      [kind for kind, _ in pbu.options if kind != HNP], "options")
		# One goes, one comes.
		new = ["2001:db8:a:a2::/64", "2001:db8:a:a3::/64"]
		anchor.answer(again, hnp=new)
		# RULE: B-MAG-42
		mobile.expect_prefix(two[0], "withdrawn", valid=False)
		check(set(new) <= set(bound()), f"{bound()}")
		# RULE: B-MAG-42
		check(two[0] not in bound(), f"{bound()}")
		run("mag1", os.environ["pmipctl"], "-S",
		    f"{os.environ['work']}/mag1.sock", "mn", "detach", mobile.id)
		end = anchor.pbu(mobile.id)
		# RULE: B-MAG-21 B-MAG-57
		equal((end.lifetime, end.hi, end.hnp), (0, 4, new), "end")
		anchor.answer(end)
		mobile.await_state("held")
		check(not set(new) & set(bound()), f"{bound()}")
	END
}

# ---- No answer, and wrong ones ---------------------------------------------

case_retransmission() {
	with_anchor <<-'END'
		mobile = Mobile(2)
		mobile.solicit()
		last = anchor.pbu(mobile.id)
		for wait in 1, 2, 4:
		    pbu = anchor.pbu(mobile.id)
		    took = pbu.at - last.at
		    # RULE: B-MAG-53 B-MAG-83
		    check(wait - .2 < took < wait + .8, f"{wait} s took {took}")
		    # RULE: B-MAG-53
		    check(pbu.time > last.time, "the timestamp is no newer")
		    # RULE: B-MAG-70
		    equal(pbu.sequence, last.sequence + 1 & 0xffff, "sequence")
		    equal(pbu.hi, last.hi, "handoff of a copy")
		    last = pbu
		anchor.answer(last, hnp=[mobile.hnp])
		mobile.expect_prefix(mobile.hnp)
	END
}

case_wrong_answers() {
	with_anchor <<-'END'
		mobile = Mobile(3)
		other = Anchor(src=LMA_CN)
		ignored = astat("mag1", "pba-ignored")
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		other.answer(pbu, hnp=[mobile.hnp])
		anchor.answer(pbu, hnp=[mobile.hnp], flags=0)
		anchor.answer(pbu, hnp=[mobile.hnp], sequence=pbu.sequence + 100 & 0xffff)
		anchor.answer(pbu, hnp=[mobile.hnp], lifetime=0)
		anchor.answer(pbu, hnp=[ANY])
		# RULE: B-MAG-54 B-MSG-02
		wait_until(lambda: astat("mag1", "pba-ignored") == ignored + 5,
		           "five are ignored")
		for reason in "source", "no-proxy", "unasked":
		    # RULE: B-MAG-54 B-MSG-02
		    equal(astat("mag1", f"pba-ignored-{reason}"), 1, reason)
		equal(astat("mag1", "pba-ignored-no-prefix"), 2, "no prefix")
		# RULE: B-MAG-80
		mobile.hears_none(.2, "after wrong answers")
		check(mobile.hnp not in bound(), f"{bound()}")
		# It goes on asking, and takes the right one.
		pbu = anchor.pbu(mobile.id)
		anchor.answer(pbu, hnp=[mobile.hnp])
		mobile.expect_prefix(mobile.hnp)
	END
}

# It answers something else: not asked again before the operator says so.
case_other_echo() {
	with_anchor <<-'END'
		for number, echo in ((4, {HI: bytes([0, 3])}),
		                     (5, {ATT: bytes([0, 9])}),
		                     (6, {LL_ID: bytes(7) + b"\7"}),
		                     (7, {MN_ID: b"\1nobody@example.com"})):
		    mobile = Mobile(number)
		    mobile.solicit()
		    pbu = anchor.pbu(mobile.id)
		    anchor.answer(pbu, hnp=[mobile.hnp], echo=echo)
		    mobile.await_state("refused")
		    # RULE: B-MAG-54
		    check(mobile.hnp not in bound(), f"{bound()}")
		for number in 4, 5, 6, 7:
		    mobile = Mobile(number)
		    mobile.solicit()
		    # RULE: B-MAG-54
		    anchor.hears_none(mobile.id, 1.2, "after another echo")
		agent("mn", "attach", "m4@example.com", "dev", "access1")
		pbu = anchor.pbu("m4@example.com")
		anchor.answer(pbu, hnp=[Mobile(4).hnp])
		Mobile(4).await_state("active")
	END
}

# ---- Refusals --------------------------------------------------------------

case_refusals() {
	with_anchor <<-'END'
		mobile = Mobile(8)
		mobile.solicit()
		# Of one that is there: again, with a newer timestamp.
		first = anchor.pbu(mobile.id)
		anchor.answer(first, status=157)
		pbu = anchor.pbu(mobile.id)
		# RULE: B-MAG-55
		check(pbu.time > first.time, "no newer timestamp")
		# For want of something: after a while.
		anchor.answer(pbu, status=130)
		mobile.await_state("refused")
		# RULE: B-MAG-19 B-MAG-80
		mobile.hears_none(.3, "refused")
		check(mobile.hnp not in bound(), f"{bound()}")
		wait_until(lambda: mobile.state() == "gone", "may ask again", 10)
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		# Without service: not before the operator says so.
		anchor.answer(pbu, status=152)
		mobile.await_state("refused")
		time.sleep(2.2)
		mobile.solicit()
		# RULE: B-MAG-55
		anchor.hears_none(mobile.id, .5, "without service")
		equal(mobile.state(), "refused", "state")
		agent("mn", "attach", mobile.id, "dev", "access1")
		anchor.answer(anchor.pbu(mobile.id), hnp=[mobile.hnp])
		mobile.await_state("active")
		for reason, count in (("clock", 1), ("resources", 1),
		                      ("service", 1)):
		    equal(astat("mag1", f"pba-refused-{reason}"), count, reason)
	END
}

case_prefix_refused() {
	with_anchor <<-'END'
		mobile = Mobile(20)
		agent("mn", "attach", mobile.id, "dev", "access1")
		pbu = anchor.pbu(mobile.id)
		equal(pbu.hnp, ["2001:db8:a:99::/64"], "prefixes")
		anchor.answer(pbu, status=155)
		pbu = anchor.pbu(mobile.id)
		# RULE: B-MAG-55 B-MAG-17
		equal(pbu.hnp, [ANY], "prefixes after they were refused")
		anchor.answer(pbu, hnp=[mobile.hnp])
		mobile.expect_prefix(mobile.hnp)
	END
}

# Clocks that differ: others are served, and it is too once ours was set.
case_clock() {
	with_anchor <<-'END'
		mobile, other = Mobile(9), Mobile(10)
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		anchor.answer(pbu, status=156, at=time.time() + 3)
		mobile.await_state("refused")
		# RULE: B-MAG-55
		wait_until(lambda: log_has(
		    f"event=refused .*mn={mobile.id} .*status=156 "
		    "clock-difference=(1[5-9]|[23][0-9]|4[0-4])[0-9]{2}ms"), "the difference is told")
		time.sleep(2.2)
		mobile.solicit()
		# RULE: B-MAG-55
		anchor.hears_none(mobile.id, .5, "before the clock was set")
		other.solicit()
		theirs = anchor.pbu(other.id)
		# RULE: B-MAG-55
		check(abs(theirs.time - time.time()) < 1, "our clock was set")
		anchor.answer(theirs, hnp=[other.hnp])
		other.expect_prefix(other.hnp)
		try:
		    time.clock_settime(time.CLOCK_REALTIME, time.time() + 3)
		    # RULE: B-MAG-55
		    anchor.answer(anchor.pbu(mobile.id), hnp=[mobile.hnp])
		    mobile.expect_prefix(mobile.hnp)
		finally:
		    time.clock_settime(time.CLOCK_REALTIME, time.time() - 3)
	END
}

# ---- The end ---------------------------------------------------------------

# How it came is said where the link layer knows, and only there.
case_handoff() {
	with_anchor <<-'END'
		mobile = Mobile(11)
		for word, hi in (("same-interface", 3), ("new-interface", 1), ("2", 2),
		                 ("unknown", 4)):
		    agent("mn", "attach", mobile.id, "dev", "access1", "handoff", word)
		    pbu = anchor.pbu(mobile.id)
		    # RULE: B-MAG-57
		    equal(pbu.hi, hi, f"handoff {word}")
		    anchor.answer(pbu, hnp=[mobile.hnp])
		    mobile.await_state("active")
		    agent("mn", "detach", mobile.id)
		    anchor.answer(anchor.pbu(mobile.id, match=lambda pbu:
		                             not pbu.lifetime))
		    mobile.await_state("held")
	END
}

# Without an answer it ends all the same; the message is repeated in time.
case_no_answer_at_the_end() {
	with_anchor <<-'END'
		mobile = Mobile(12)
		mobile.solicit()
		anchor.answer(anchor.pbu(mobile.id), hnp=[mobile.hnp])
		mobile.await_state("active")
		agent("mn", "detach", mobile.id)
		first = anchor.pbu(mobile.id)
		# RULE: B-MAG-21
		equal((first.lifetime, first.hi, first.hnp), (0, 4, [mobile.hnp]), "end")
		check(mobile.hnp in bound(), "forwarding ended too early")
		second = anchor.pbu(mobile.id)
		# RULE: B-MAG-78
		check(second.at - first.at < 1.5, f"{second.at - first.at}")
		# RULE: B-MAG-78
		equal((second.lifetime, second.hnp), (0, [mobile.hnp]), "repeated")
		# RULE: B-MAG-22
		wait_until(lambda: mobile.hnp not in bound(), "forwarding ends", 1)
		# RULE: B-MAG-77
		anchor.answer(second, status=157)
		mobile.await_state("held")
		anchor.hears_none(mobile.id, 1, "after the end")
	END
}

# ---- Other ways ------------------------------------------------------------

# By sequence numbers, and with a link-local address that is the anchor's to say.
case_sequence_and_router() {
	regateway 'TimestampBasedApproachInUse = false
		FixedMAGLinkLocalAddressOnAllAccessLinks = none'
	with_anchor <<-'END'
		mobile = Mobile(1)
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		# RULE: B-MAG-16
		check(not pbu.has(TIMESTAMP), f"{pbu.options}")
		# RULE: B-MAG-27 B-MAG-73 B-MSG-04
		equal(pbu.router, "::", "link-local address that is asked for")
		# RULE: B-MSG-04
		equal(pbu.places[LINK_LOCAL] % 8, 6, "alignment")
		# What another gateway has said before.
		anchor.answer(pbu, status=135, sequence=pbu.sequence + 700 & 0xffff)
		again = anchor.pbu(mobile.id)
		# RULE: B-MAG-16 B-MAG-53
		equal(again.sequence, pbu.sequence + 701 & 0xffff, "sequence")
		router = "fe80::aaaa"
		anchor.answer(again, hnp=[mobile.hnp], router=router)
		ra = mobile.expect_prefix(mobile.hnp)
		# RULE: B-MAG-76
		equal(ra.packet.src, router, "source of the advertisement")

		def addresses():
		    return [one["local"] for link in json.loads(run(
		            "mag1", "ip", "-6", "-j", "addr", "show", "dev", "access1"))
		        for one in link["addr_info"]]

		# RULE: B-MAG-76
		wait_until(lambda: router in addresses(), f"{addresses()}")
		# The mobile node has it itself.
		rest = bytes(4) + b"\1\1" + octets_of(mobile.mac)
		mobile.send(icmp(router, ALL_ROUTERS, RS, 0, rest, hops=255),
		            "33:33:00:00:00:02")
		upload = anchor.pbu(mobile.id)
		# RULE: B-MAG-58
		check(upload.router.startswith("fe80::"), upload.router)
		# RULE: B-MAG-58
		check(upload.router not in (router, "::"), upload.router)
		equal(upload.hi, 5, "handoff")
		# RULE: B-MAG-16
		equal(upload.sequence, again.sequence + 1 & 0xffff, "sequence")
		anchor.answer(upload)
		# RULE: B-MAG-58
		wait_until(lambda: router not in addresses() and
		           upload.router in addresses(), f"{addresses()}")
		mobile.expect(lambda frame: frame.packet.src == upload.router,
		              "advertised from another address")
		agent("mn", "detach", mobile.id)
		end = anchor.pbu(mobile.id)
		# RULE: B-MAG-21
		check(end.has(LINK_LOCAL), f"{end.options}")
		anchor.answer(end)
		wait_until(lambda: upload.router not in addresses(), f"{addresses()}")
	END
}

# Killed, and begun anew with a fixed one and without its records: what it gave
# the link goes.
case_leftover_router() {
	with_anchor <<-'END'
		mobile = Mobile(3)
		mobile.solicit()
		anchor.answer(anchor.pbu(mobile.id), hnp=[mobile.hnp],
		              router="fe80::cccc")
		mobile.expect_prefix(mobile.hnp)
	END
	router_is fe80::cccc || fail "the link does not have the address"
	agent_end mag1 KILL
	rm -r "$work/mag1.state"
	gateway '' 1
	# RULE: B-MAG-76
	wait_for 10 not router_is fe80::cccc || fail "the link keeps the address"
	router_is $FIXED_LINK_LOCAL ||
		fail "the link does not have the fixed one"
}

# router_is ADDRESS: the access link has it
router_is() { [[ $(ipn mag1 -6 addr show dev access1) == *" $1/"* ]]; }

# Nobody is asked for who is silent, and can not be told from one that has left.
case_silent() {
	with_anchor <<-'END'
		mobile = Mobile(2)
		mobile.solicit()
		pbu = anchor.pbu(mobile.id)
		anchor.answer(pbu, hnp=[mobile.hnp], lifetime=20)
		mobile.await_state("active")
		# It says nothing any more.
		end = anchor.pbu(mobile.id, 40)
		# RULE: B-MAG-43 B-MAG-44 B-MAG-45
		equal((end.lifetime, end.hnp), (0, [mobile.hnp]), "no refresh, but the end")
		anchor.answer(end)
		mobile.await_state("gone")
		# RULE: B-MAG-45
		equal(bound(), [], "bindings")
		# Nor are copies sent of it.
		mobile.solicit()
		anchor.pbu(mobile.id)
		pbu = anchor.pbu(mobile.id, 60, lambda pbu: not pbu.lifetime)
		anchor.kept.clear()
		# RULE: B-MAG-53 B-MAG-83
		anchor.hears_none(mobile.id, .2, "copies of one that may be gone")
	END
}

agent_topology
in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
still_attach
gateway
run_cases \
	first "the first message, option by option, and service only after the answer" \
	prefixes "several prefixes, others than were asked for, and others later" \
	retransmission "no answer: again, less and less often, newer each time" \
	wrong_answers "answers of others, to nothing, and without sense" \
	other_echo "an anchor that repeats other options is not asked again" \
	refusals "refused: again at once, after a while, or by command only" \
	prefix_refused "its own prefix is refused: any other will do" \
	clock "clocks that differ: told, and not asked again before ours is set" \
	handoff "the Handoff Indicator is what the operator's link layer knows" \
	no_answer_at_the_end "the end without an answer" \
	sequence_and_router "sequence numbers, and a router's address from the anchor" \
	leftover_router "a router's address does not outlive what wanted it" \
	silent "nobody is asked for who is silent" \
	end "the agents end"
