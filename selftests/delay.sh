#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A gateway that does not know what handoff it is lets its anchor wait for the other
# gateway to de-register (RFC 5213 5.4.1.2 (4)), which is asked meanwhile whether it
# still has the mobile node (RFC 5846 8.1). Gateways are made of sockets here, but for
# those that are asked last.

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
			    """What it gets, but for heartbeats; or None."""
			    end = time.monotonic() + seconds
			    while True:
			        data = new.receive(max(0, end - time.monotonic()))
			        if not data or data[2] == 6:
			            return data and Pba(data)

			def begin(mn):
			    """At the old gateway, by its first interface."""
			    hnp = old.ask(mn, FIRST, hi=1).hnp
			    attaches(mn)
			    return hnp, time.monotonic()

			def asked():
			    """What the old gateway is asked."""
			    bri = Bri(old.expect(16))
			    # RULE: B-LMA-86
			    equal((bri.trigger, bri.flags), (4, 0x8000), "what it is asked")
			    return bri

			def answers(bri, status):
			    old.send(bra(MAG1, LMA, bri.sequence, status))
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
		# RULE: B-LMA-86
		equal(asked().sequence, asked().sequence, "a copy of the question")
	END
	is "$(astat lma bri-unanswered)" 1 "questions without an answer"
	# RULE: B-LMA-72
	is "$(sessions two@example.com | wc -l)" 2 "sessions"
	is "$(astat lma delays-timed-out)" 1 "waits that timed out"
	like "$(bound lma)" "$(sessions two@example.com | head -n 1)" "binding"
	like "$(bound lma)" "$(sessions two@example.com | tail -n 1)" "binding"
}

# Asked, the old gateway says that it has not got it any more.
case_left() {
	gateways <<-'END'
		hnp, begun = begin("five@example.com")
		answers(asked(), 0)
		got = answer(WAIT / 2)
		# RULE: B-LMA-86
		check(got, "no answer to who waited")
		equal((got.status, got.sequence, got.hnp), (0, new.sequence, hnp), "who waited")
		check(time.monotonic() - begun < WAIT / 2, "not at once")
		check(not answer(1), "two answers")
	END
	is "$(sessions five@example.com)" "$(sessions five@example.com | sed "s| .*| $MAG2|")" \
		"gateway of the session"
	is "$(sessions five@example.com | wc -l)" 1 "sessions"
	like "$(bound lma)" "$(sessions five@example.com)" "binding"
	is "$(astat lma revoked)" 1 "sessions that were revoked"
	said lma "event=binding-revoked .*mn=five@example.com" || fail "nobody is told"
}

# Asked, it says that it still has it.
case_stays() {
	gateways <<-'END'
		hnp, begun = begin("six@example.com")
		answers(asked(), 132)
		got = answer(WAIT / 2)
		# RULE: B-LMA-86
		check(got, "no answer to who waited")
		equal((got.status, got.sequence), (0, new.sequence), "who waited")
		check(got.hnp != hnp, f"{got.hnp} twice")
		check(time.monotonic() - begun < WAIT / 2, "not at once")
	END
	is "$(sessions six@example.com | wc -l)" 2 "sessions"
	like "$(bound lma)" "$(sessions six@example.com | head -n 1)" "binding"
	like "$(bound lma)" "$(sessions six@example.com | tail -n 1)" "binding"
	is "$(astat lma delays-attached)" 1 "waits that ended so"
}

# The operator does not want it asked.
case_off() {
	agent_end lma
	is "$status" 0 "status of the anchor"
	configs "revocation = false"
	agent_start lma
	gateways <<-'END'
		hnp, begun = begin("seven@example.com")
		got = answer(2 * WAIT)
		# RULE: B-LMA-86
		check(got and got.hnp != hnp, "no session of its own")
		waited = time.monotonic() - begun
		check(waited > WAIT - 0.5, f"it was answered after {waited} s")
		while data := old.receive(0):
		    # RULE: B-LMA-86
		    check(data[2] != 16, "the old gateway is asked")
	END
	is "$(astat lma bri-sent)" 0 "indications"
	agent_end lma
	is "$status" 0 "status of the anchor"
	configs
	agent_start lma
}

# A gateway that is an agent, where the mobile node is.
case_agent_stays() {
	agent_start mag1
	attach_to mag1
	served mn mag1 $MN_ID
	gateways <<-END
		begun = time.monotonic()
		attaches("$MN_ID")
		got = answer(WAIT / 2)
		# RULE: B-LMA-86
		check(got and got.status == 0, "no session at once")
		check(got.hnp != "$MN_HNP", "it is the other's")
	END
	is "$(sessions $MN_ID | wc -l)" 2 "sessions"
	is "$(astat mag1 bra-attached)" 1 "indications for one that is there"
	is "$(astat lma bri-attached)" 1 "and as the anchor says"
	is "$(mn mag1 $MN_ID state)" active "state at its gateway"
}

# Where it has left, but what says so gets lost.
case_agent_left() {
	local from

	still_attach
	served still mag1 $STILL_ID
	in_ns core nft -f - <<-END
		table ip6 cut {
			chain forward {
				type filter hook forward priority 0;
				ip6 saddr $MAG1 meta l4proto 135 @th,16,8 5 counter drop
			}
		}
	END
	from=$(log_length mag1)
	still_detach
	wait_for 20 said_since "$from" mag1 "event=left .*mn=$STILL_ID" || fail "it is not noticed"
	HNP=$(sessions $STILL_ID | cut -d ' ' -f 1) gateways <<-END
		attaches("$STILL_ID")
		got = answer(WAIT / 2)
		# RULE: B-LMA-86
		check(got and got.status == 0, "no answer at once")
		equal(got.hnp, os.environ["HNP"], "prefix")
	END
	in_ns core nft delete table ip6 cut
	is "$(sessions $STILL_ID | wc -l)" 1 "sessions"
	is "$(sessions $STILL_ID | cut -d ' ' -f 2)" "$MAG2" "gateway of the session"
	is "$(astat mag1 revoked)" 1 "bindings that were revoked"
	wait_for 10 gone_at_mag1 || fail "it is still known at its gateway"
	not grep -F "$(sessions $STILL_ID | cut -d ' ' -f 1)" <<<"$(bound mag1)" ||
		fail "its gateway forwards for it"
}

gone_at_mag1() { [[ $(actl mag1 -j mn show $STILL_ID 2>&1 | jq length) == 0 ]]; }

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
		wait_until(lambda: astat("lma", "delayed") == 5, "it does not wait")
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

configs() {
	agent_configs "
		accept-unknown-mobile-nodes = true
		MaxDelayBeforeNewBCEAssign = $WAIT_MS
		${1:-}"
}

agent_topology
configs
agents_start lma
run_cases \
	taken_over "who waits takes over what the other gateway de-registers" \
	new "without a de-registration it is a new session" \
	left "asked, the other gateway says that it has left: taken over at once" \
	stays "asked, it says that it is still there: a second session at once" \
	at_once "who knows more does not wait" \
	restart "a restart forgets who waits" \
	off "without revocation nobody is asked" \
	agent_stays "a gateway that has it says so" \
	agent_left "a gateway that it has left says so" \
	end "the agent ends"
