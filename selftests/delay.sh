#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A gateway that does not know what handoff it is lets its anchor wait for the other
# gateway to de-register (RFC 5213 5.4.1.2 (4)). Gateways are made of sockets here.

. "$(dirname "$0")/agents.sh"

# Longer than of RFC 5213, so that a busy machine is in time for it.
export WAIT_MS=4000

gateways() {
	{
		cat <<-'END'
			from signalling import *
			WAIT = int(os.environ["WAIT_MS"]) / 1000
			FIRST, SECOND = "02:00:00:00:04:01", "02:00:00:00:04:02"
			old, new = Gateway("mag1", MAG1), Gateway("mag2", MAG2)

			def attaches(mn, lladdr=SECOND):
			    """The new gateway sends its PBU, once more each time."""
			    new.sequence = new.sequence + 1 & 0xffff
			    new.send(pbu(MAG2, LMA, mn, lladdr, sequence=new.sequence, hi=4))

			def answer(seconds):
			    data = new.receive(seconds)
			    return data and Pba(data)

			def begin(mn):
			    """At the old gateway, by its first interface."""
			    hnp = old.ask(mn, FIRST, hi=1).hnp
			    attaches(mn)
			    return hnp, time.monotonic()
		END
		cat
	} | py
}

# sessions MN: "HNP gateway" of each that the anchor shows
sessions() {
	actl lma -j mn show "$1" | jq -r '.[] | "\(.hnp[0]) \(.proxy_coa)"' | sort
}

case_taken_over() {
	gateways <<-'END'
		hnp, begun = begin("one@example.com")
		# RULE: B-LMA-85
		check(not answer(1), "an answer while the old gateway has it")
		gone = old.ask("one@example.com", FIRST, hnp=hnp, lifetime=0)
		equal((gone.status, gone.lifetime), (0, 0), "de-registration")
		got = answer(WAIT / 2)
		# RULE: B-LMA-74
		check(got, "no answer to who waited")
		equal((got.status, got.sequence, got.hnp), (0, new.sequence, hnp), "who waited")
		check(time.monotonic() - begun < WAIT, "not before the wait was over")
	END
	is "$(sessions one@example.com)" "$(sessions one@example.com | sed "s| .*| $MAG2|")" \
		"gateway of the session"
	is "$(sessions one@example.com | wc -l)" 1 "sessions"
	like "$(bound lma)" "$(sessions one@example.com)" "binding"
	is "$(astat lma delays-deregistered)" 1 "waits that were ended"
}

case_new() {
	gateways <<-'END'
		hnp, begun = begin("two@example.com")
		# RULE: B-LMA-94
		check(not answer(WAIT / 2), "an answer in half of the time")
		# A copy replaces the first, and the time goes on.
		attaches("two@example.com")
		got = answer(4 * WAIT)
		waited = time.monotonic() - begun
		check(got, "no answer")
		# RULE: B-LMA-85
		equal((got.status, got.sequence), (0, new.sequence), "the newer copy")
		check(got.hnp != hnp, f"{got.hnp} twice")
		check(waited > WAIT - 0.5, f"it was answered after {waited} s")
		# RULE: B-LMA-85
		check(waited < WAIT * 1.4, f"it was answered after {waited} s")
		check(not answer(1), "two answers")
	END
	# RULE: B-LMA-72
	is "$(sessions two@example.com | wc -l)" 2 "sessions"
	is "$(astat lma delays-timed-out)" 1 "waits that timed out"
	like "$(bound lma)" "$(sessions two@example.com | head -n 1)" "binding"
	like "$(bound lma)" "$(sessions two@example.com | tail -n 1)" "binding"
}

# Who knows needs not wait.
case_at_once() {
	gateways <<-'END'
		hnp = old.ask("three@example.com", FIRST, hi=1).hnp
		begun = time.monotonic()
		equal(new.ask("three@example.com", SECOND, hi=2).hnp, hnp, "handoff between interfaces")
		other = old.ask("three@example.com", FIRST, hi=1)
		check(other.hnp != hnp, "new interface")
		check(time.monotonic() - begun < WAIT / 2, "it waits")
	END
}

# What waits is in nobody's records: its gateway asks again, and all begins anew.
case_restart() {
	gateways <<-'END'
		begin("four@example.com")
		wait_until(lambda: astat("lma", "delayed") == 3, "it does not wait")
	END
	agent_end lma
	is "$status" 0 "status of the anchor"
	agent_start lma
	gateways <<-'END'
		check(not answer(WAIT + 1), "an answer to what was forgotten")
		attaches("four@example.com")
		wait_until(lambda: astat("lma", "delayed") == 1, "it does not wait")
		got = answer(2 * WAIT)
		equal(got and got.status, 0, "who waited")
	END
	is "$(sessions four@example.com | wc -l)" 2 "sessions"
}

agent_topology
agent_configs "
	accept-unknown-mobile-nodes = true
	MaxDelayBeforeNewBCEAssign = $WAIT_MS"
agents_start lma
run_cases \
	taken_over "who waits takes over what the other gateway de-registers" \
	new "without a de-registration it is a new session" \
	at_once "who knows more does not wait" \
	restart "a restart forgets who waits" \
	end "the agent ends"
