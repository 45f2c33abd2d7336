#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# What an anchor lets gateways do, which are made of sockets here: which of them may
# register which mobile nodes with which prefixes, for whom, and by which clock.

. "$(dirname "$0")/agents.sh"

# Another address of the first gateway, and two prefixes that the second one has.
export OTHER=2001:db8:2::99 FEW=2001:db8:a:4000::/63
export FREE_PREFIX=2001:db8:a:8888::/64

anchor_config() {
	agent_configs "
		accept-unknown-mobile-nodes = true
		MinDelayBeforeBCEDelete = 60000
		pool \"$FEW\" { prefix-length = 64 }
		mag \"$MAG1\" { prefixes = {\"$AGENT_POOL\"} }
		mag \"$MAG2\" {
			prefixes = {\"$FEW\"}
			mobile-nodes = {\"*@example.org\"}
		}
		mag \"$OTHER\" { }
		mag \"2001:db8:3::77\" { service = false }
		${1:-}"
	# The gateways have sections of their own instead.
	sed -i '/mags = /d' "$work/lma.conf"
}

gateways() {
	{
		cat <<-'END'
			from signalling import *
			one, two = Gateway("mag1", MAG1), Gateway("mag2", MAG2)
			LL = "02:00:00:00:06:01"
		END
		cat
	} | py
}

case_prefixes() {
	gateways <<-'END'
		# RULE: B-SEC-05
		got = one.ask("a@example.com", LL)
		equal(got.status, 0, "any prefix")
		check(got.hnp.startswith("2001:db8:a:8"), f"{got.hnp} is of its pool")
		equal(one.ask("b@example.com", LL, hnp=os.environ["FREE_PREFIX"]).status, 0,
		      "a prefix that it may register")
		equal(one.ask("c@example.com", LL, hnp="2001:db8:a:4000::/64").status, 155,
		      "a prefix of a pool that is not its")
		# Its own the mobile node may have, but by no gateway.
		equal(one.ask(os.environ["MN_ID"], os.environ["MN_LLADDR"],
		              hnp=os.environ["MN_HNP"]).status, 155, "a prefix of the profile")
		# It is not to be taken over, either, by who may not have the prefix.
		got = one.ask("d@example.org", LL)
		equal(two.ask("d@example.org", LL).status, 154, "handover")
		equal(two.ask("d@example.org", LL, hnp=got.hnp).status, 155, "handover by name")
	END
	is "$(mn lma d@example.org proxy_coa)" $MAG1 "gateway of the session"
}

case_mobile_nodes() {
	gateways <<-'END'
		# RULE: B-SEC-05 B-SEC-09
		equal(two.ask("a@example.net", LL).status, 154, "one that is not its")
		equal(two.ask("a@example.org", LL).status, 0, "one that is")
	END
}

# It is told once that there is nothing left, and counted.
case_nothing_left() {
	local from

	from=$(log_length lma)
	gateways <<-'END'
		equal(two.ask("b@example.org", LL).status, 0, "the last one")
		# RULE: B-LMA-25
		for mn in "c@example.org", "e@example.org", "f@example.org":
		    equal(two.ask(mn, LL).status, 130, "one more")
	END
	is "$(astat lma pool-exhausted)" 3 "refusals for want of a prefix"
	is "$(tail -n "+$((from + 1))" "$work/lma.log" |
		grep -c "level=error event=pool-exhausted role=lma mn=c@example.org mag=$MAG2 status=130")" \
		1 "lines that say so"
}

# What is bound is what the option says; the answer goes to who asked.
case_alternate() {
	gateways <<-'END'
		other = Gateway("mag1", os.environ["OTHER"])
		got = other.ask("alt@example.com", LL, alt_coa=MAG1)
		# RULE: B-LMA-39 B-LMA-75
		equal(got.status, 0, "with the address of a gateway")
		with open(f"{os.environ['work']}/hnp", "w") as file:
		    file.write(got.hnp)
		equal(other.ask("alt@example.com", LL, alt_coa=MAG2).status, 154,
		      "with that of another, who may not register it")
		equal(other.ask("new@example.com", LL, alt_coa="2001:db8:3::78").status, 154,
		      "with one that is not a gateway's")
		equal(other.ask("new@example.com", LL, alt_coa="2001:db8:3::77").status, 154,
		      "with one of a gateway out of service")
		# RULE: B-LMA-11
		before = astat("lma", "pbu-ignored")
		other.send(pbu(os.environ["OTHER"], LMA, "new@example.com", LL, alt_coa="ff02::1"))
		wait_until(lambda: astat("lma", "pbu-ignored") == before + 1, "it is not ignored")
		check(not other.receive(0.1), "an answer")
	END
	is "$(mn lma alt@example.com proxy_coa)" $MAG1 "gateway of the session"
	# RULE: B-LMA-58
	like "$(bound lma)" "$(<"$work/hnp") $MAG1" "binding"
	gateways <<-'END'
		hnp = open(f"{os.environ['work']}/hnp").read()
		# From the address itself, it is the same gateway.
		# RULE: B-LMA-33
		equal(one.ask("alt@example.com", LL, hnp=hnp, lifetime=0).status, 0, "its end")
	END
	is "$(mn lma alt@example.com state)" deregistered "state of the session"
}

# By how much, and whose clock is wrong.
case_clock() {
	gateways <<-'END'
		equal(one.ask("late@example.com", LL, at=time.time() - 3600).status, 156, "status")
		equal(one.ask("early@example.com", LL, at=time.time() + 3600).status, 156, "status")
	END
	# RULE: B-LMA-52
	said lma "event=pbu-refused role=lma mn=late@example.com mag=$MAG1 status=156 clock-difference=-3[56][0-9]{5}ms" ||
		fail "nothing is said of a clock that is late"
	said lma "event=pbu-refused role=lma mn=early@example.com mag=$MAG1 status=156 clock-difference=3[56][0-9]{5}ms" ||
		fail "nothing is said of a clock that is early"
	is "$(astat lma timestamp-mismatches)" 2 "refusals for the clock"
	# RULE: B-LMA-48
	is "$(astat lma clock-synchronized)" \
		"$(if said lma event=clock-unsynchronized; then echo 0; else echo 1; fi)" \
		"what is said of the anchor's own clock"
}

# Older than two options: refused, unless the operator has such gateways.
case_draft() {
	gateways <<-'END'
		# RULE: B-MSG-08
		equal(one.ask("old@example.com", LL, hi=None, att=None).status, 161, "status")
		equal(one.ask("old@example.com", LL, att=None).status, 162, "status")
	END
	agent_end lma
	anchor_config "accept-draft-peers = true"
	agent_start lma
	gateways <<-'END'
		got = one.ask("old@example.com", LL, hi=None, att=None)
		# RULE: B-MSG-08 B-LMA-43
		equal((got.status, got.options[HI], got.options[ATT]), (0, bytes(2), bytes(2)),
		      "status, HI and ATT")
		# RULE: B-MSG-08
		equal(one.ask("old@example.com", LL, hi=None, att=None, hnp=got.hnp).status, 0, "refresh")
	END
	# RULE: B-LMA-95
	is "$(mn lma a@example.org state)" active "state of a session of before"
}

agent_topology
ipn mag1 address add $OTHER/64 dev core nodad
ipn core neigh add $OTHER dev mag1 nud permanent \
	lladdr "$(ipn mag1 -j link show core | jq -r '.[0].address')"
anchor_config
agents_start lma
run_cases \
	prefixes "a gateway registers the prefixes that it may" \
	mobile_nodes "and the mobile nodes that it may" \
	nothing_left "that no prefix is left is said once" \
	alternate "an alternate care-of address is bound" \
	clock "whose clock is wrong is said, and how much" \
	draft "gateways older than two options, if they are wanted" \
	end "the agent ends"
