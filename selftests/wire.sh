#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# What the agents say to one another, as another implementation reads it: tshark
# understands all of it, and it says what the agents say that they said.

. "$(dirname "$0")/agents.sh"

# One life of a mobile node: it comes, is refreshed, moves, and leaves.
case_session() {
	capture core lma "ip6 proto 135"
	attach_to mag1
	served mn mag1 $MN_ID
	wait_for 60 refreshes || fail "no refresh"
	says lma "event=handover .*mn=$MN_ID .*mag=$MAG2 .*previous=$MAG1" move mag1 mag2
	served mn mag2 $MN_ID
	wait_for 30 equals 0 mns mag1 || fail "the old gateway keeps it"
	says lma "event=binding-deregistered .*mn=$MN_ID" ipn mag2 link set air0 down
	wait_for 20 equals 0 mns mag2 || fail "the gateway keeps it"
	mn lma $MN_ID sequence >"$work/sequence"
	[[ -s $work/sequence ]] || fail "the anchor has forgotten it"
	wait_for 20 all_captured || fail "not all messages are captured"
	capture_end
	echo "$pcap" >"$work/pcap"
}

# A PBU whose handoff indicator says that nothing has changed.
refreshes() { tshark -n -r "$pcap" -Y 'mip6.hi == 5' 2>/dev/null | grep . >/dev/null; }

sent() { echo $(($(astat mag1 sent) + $(astat mag2 sent) + $(astat lma sent))); }

# heartbeats NS: how many it has sent
heartbeats() { echo $(($(astat "$1" heartbeats-sent) + $(astat "$1" heartbeat-responses-sent))); }
all_captured() { (($(captured "ip6 proto 135") == $(sent))); }

# shark ARGUMENT...: tshark on what was captured
shark() { TZ=UTC tshark -n -r "$(<"$work/pcap")" "$@" 2>"$work/tshark.log"; }

case_dissected() {
	local all

	all=$(sent)
	within "$all" 7 100 "messages"
	# RULE: B-MSG-01
	is "$(shark -Y 'mip6.mhtype == 5 && mip6.bu.p_flag == 1' | wc -l)" \
		$(($(astat mag1 pbu-sent) + $(astat mag2 pbu-sent))) "PBUs"
	# RULE: B-MSG-02
	is "$(shark -Y 'mip6.mhtype == 6 && mip6.ba.p_flag == 1' | wc -l)" \
		$(($(astat lma sent) - $(heartbeats lma))) "PBAs"
	is "$(shark -Y mipv6 | wc -l)" "$all" "messages"
	# 0x600000 is a warning.
	is "$(shark -Y '_ws.malformed || _ws.expert.severity >= 0x600000')" "" \
		"what tshark complains of"
}

case_fields() {
	shark -Y 'mip6.mhtype == 5 || mip6.mhtype == 6' -T fields -E separator=/t -E occurrence=a \
		-e frame.time_epoch -e ipv6.src -e ipv6.dst -e mip6.proto -e mip6.mhtype \
		-e mip6.bu.seqnr -e mip6.bu.a_flag -e mip6.bu.lifetime \
		-e mip6.ba.status -e mip6.ba.seqnr -e mip6.ba.lifetime \
		-e mip6.mnid.subtype -e mip6.mnid.identifier \
		-e mip6.nemo.mnp.mnp -e mip6.nemo.mnp.pfl -e mip6.hi -e mip6.att \
		-e mip6.mnlli.lli -e mip6.timestamp_tmp >"$work/fields"
	py "$work/fields" "$(<"$work/sequence")" <<-'END'
		import datetime, re
		NAMES = """time src dst proto type bu_seq ack bu_lifetime status ba_seq
		    ba_lifetime id_type mn hnp len hi att lladdr stamp""".split()

		def read(line):
		    got = dict(zip(NAMES, line.rstrip("\n").split("\t")))
		    equal(len(got), len(NAMES), f"fields of {line}")
		    got["time"] = float(got["time"])
		    stamp = datetime.datetime.strptime(got["stamp"][:-7], "%b %d, %Y %H:%M:%S.%f") \
		        if "." in got["stamp"] else None
		    check(stamp, f"timestamp {got['stamp']}")
		    got["clock"] = stamp.replace(tzinfo=datetime.timezone.utc).timestamp()
		    return got

		def logged(ns, event):
		    with open(f"{os.environ['work']}/{ns}.log") as log:
		        return [line for line in log if f" event={event} " in line]

		with open(sys.argv[1]) as fields:
		    messages = [read(line) for line in fields]
		SAME = "mn hnp len hi att lladdr stamp id_type".split()
		pbus = [m for m in messages if m["type"] == "5"]
		pbas = [m for m in messages if m["type"] == "6"]
		for m in messages:
		    equal(m["proto"], "59", "payload protocol")
		    equal(m["id_type"], "1", "subtype of the identifier")
		    equal(m["mn"], os.environ["MN_ID"], "identifier")
		    equal(f"{m['hnp']}/{m['len']}", os.environ["MN_HNP"], "prefix")
		    equal(m["att"], "4", "access technology")
		    equal(m["lladdr"].replace(":", ""), os.environ["MN_LLADDR"].replace(":", ""),
		          "link-layer identifier")
		for m in pbus:
		    # RULE: B-MAG-23
		    equal(m["ack"], "1", "A flag")
		    # RULE: B-MAG-25
		    equal(m["dst"], LMA, "destination of a PBU")
		    # RULE: B-LMA-87 B-MSG-05
		    check(abs(m["clock"] - m["time"]) < 5, f"timestamp of {m}")

		# Each gateway counts, and each timestamp is newer than the last.
		for ns, address in ("mag1", MAG1), ("mag2", MAG2):
		    own = [m for m in pbus if m["src"] == address]
		    said = [int(re.search(r" lifetime=(\d+)s", line)[1])
		            for line in logged(ns, "pbu-sent")]
		    equal([4 * int(m["bu_lifetime"]) for m in own], said, f"lifetimes that {ns} asks for")
		    check(len(own) >= 2, f"PBUs of {ns}: {own}")
		    for one, next_one in zip(own, own[1:]):
		        check(next_one["clock"] > one["clock"], f"timestamps of {ns}: {own}")
		        equal(int(next_one["bu_seq"]), int(one["bu_seq"]) + 1 & 0xffff, f"sequence of {ns}")

		# Each acknowledgement is of one of them, and says the same.
		by_sequence = {(m["src"], m["bu_seq"]): m for m in pbus}
		for m in pbas:
		    # RULE: B-LMA-38
		    equal(m["src"], LMA, "source of a PBA")
		    equal(m["status"], "0", "status")
		    # RULE: B-LMA-39 B-LMA-98
		    asked = by_sequence.pop((m["dst"], m["ba_seq"]))
		    # RULE: B-LMA-37 B-LMA-51
		    equal({n: m[n] for n in SAME}, {n: asked[n] for n in SAME}, "what is echoed")
		    # RULE: B-LMA-98
		    equal(m["ba_lifetime"], asked["bu_lifetime"], "lifetime that is granted")
		# But those of a gateway that was left.
		for m in by_sequence.values():
		    equal((m["src"], m["bu_lifetime"]), (MAG1, "0"), "PBU without an answer")
		equal(len(by_sequence), len(logged("lma", "pbu-ignored")), "PBUs without an answer")

		# What happened, in the words of RFC 5213.
		first, last = pbus[0], pbus[-1]
		story = [(m["src"], m["hi"], m["bu_lifetime"]) for m in pbus]
		equal(story[0], (MAG1, "4", "3"), "first registration")
		# RULE: B-MAG-20
		check((MAG1, "5", "3") in story, f"no refresh in {story}")
		handover = next(m for m in pbus if m["src"] == MAG2)
		equal((handover["hi"], handover["bu_lifetime"]), ("4", "3"), "handover")
		# RULE: B-MAG-21
		equal((last["src"], last["hi"], last["bu_lifetime"]), (MAG2, "4", "0"), "the end")
		equal(last["bu_seq"], sys.argv[2], "sequence number that the anchor shows")
		ended = [m for m in pbas if m["ba_lifetime"] == "0"]
		for event, count in (("binding-created", 1), ("handover", 1),
		                     ("binding-deregistered", len(ended))):
		    found = [line for line in logged("lma", event)
		             if f" mn={os.environ['MN_ID']} " in line and
		             f" hnp={os.environ['MN_HNP']} " in line]
		    equal(len(found), count, f"lines of {event}")
		check(" lifetime=12s" in logged("lma", "binding-created")[0], "lifetime that is logged")
	END
}

# From an anchor that is asked for what it does not grant.
case_refusal() {
	capture core lma "ip6 proto 135"
	py <<-'END'
		from signalling import *
		gateway = Gateway("mag1", MAG1)
		equal(gateway.ask("nobody@example.com", "02:00:00:00:00:99").status, 153, "status")
	END
	wait_for 10 at_least 2 captured "ip6 proto 135" || :
	capture_end
	echo "$pcap" >"$work/pcap"
	is "$(shark -Y 'mip6.mhtype == 6' -T fields -e mip6.ba.status -e mip6.mnid.identifier)" \
		$'153\tnobody@example.com' "what tshark reads"
	is "$(shark -Y '_ws.malformed || _ws.expert.severity >= 0x600000')" "" \
		"what tshark complains of"
}

agent_topology
agent_configs "MinDelayBeforeBCEDelete = 60000" "lifetime = 12"
agents_start lma mag1 mag2
run_cases \
	session "a session from its beginning to its end" \
	dissected "tshark understands every message" \
	fields "every field says what the agents say" \
	refusal "a refusal is understood, too" \
	end "the agents end"
