#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# What is wrong is said, with the line that it stands on, and loses nothing: in
# files, on command lines, on the control socket, and from the network.

. "$(dirname "$0")/agents.sh"

# refuses STATUS PATTERN COMMAND...: it fails with that status, and says so.
refuses() {
	local said got=0

	said=$("${@:3}" 2>&1) || got=$?
	is "$got" "$1" "status of \"${*:3}\" that says \"$said\""
	like "$said" "$2" "what \"${*:3}\" says"
}

# agent NS FILE [OPTION]: in the foreground
agent() { timeout 60 nsenter --net="/run/netns/$RUN-$1" -- "$pmip6d" -c "$2" "${@:3}"; }

# config_refused PATTERN SCRIPT: for the anchor's file after sed's SCRIPT, by -t
# and at start
config_refused() {
	sed -e "$2" "$work/lma.conf" >"$work/bad.conf"
	not cmp -s "$work/lma.conf" "$work/bad.conf" || fail "\"$2\" changes nothing"
	refuses 1 "$1" "$pmip6d" -t -c "$work/bad.conf"
	refuses 1 "$1" agent lma "$work/bad.conf"
}

# ---- Files and command lines -----------------------------------------------

case_configuration() {
	config_refused 'bad.conf:1: .*controlsocket' 's/^control-socket/controlsocket/'
	config_refused 'bad.conf:[0-9]+: .*hss' 's/^lma {/hss {/'
	config_refused 'bad.conf:[0-9]+: pool "2001:db8:a:8100::/56" overlaps "2001:db8:a:8000::/49"' \
		's|^pool.*|&\npool "2001:db8:a:8100::/56" { prefix-length = 64 }|; s|^\tpool.*|&\npool "2001:db8:a:8100::/56" { prefix-length = 64 }|'
	config_refused 'bad.conf:8: .*2001:db8::zz' 's/address = .*/address = "2001:db8::zz"/'
	config_refused 'bad.conf:9: .*ff02::1' 's/mags = .*/mags = {"ff02::1"}/'
	config_refused 'bad.conf:[0-9]+: .*prefix-length' 's/prefix-length = 64/prefix-length = 40/'
	config_refused 'bad.conf:[0-9]+: .*max-lifetime' 's/address =/max-lifetime = -1\n&/'
	config_refused 'bad.conf:[0-9]+' 's/^}//'
	refuses 1 'No such file' "$pmip6d" -c "$work/none.conf"
	refuses 2 usage "$pmip6d"
	refuses 2 usage "$pmip6d" -c "$work/lma.conf" more
	"$pmip6d" -t -c "$work/lma.conf" || fail "what is right is refused"
}

case_profiles() {
	echo 'mn "a" { lladdr = {"02:00:00:00:00"} }' >"$work/bad.profiles"
	sed "s|profiles = .*|profiles = \"$work/bad.profiles\"|" "$work/mag2.conf" >"$work/bad.conf"
	refuses 1 'bad.profiles:1' agent mag2 "$work/bad.conf"
	refuses 1 'bad.profiles:1' agent mag2 "$work/bad.conf" -t
}

case_commands() {
	local at

	for at in 2001:db8::/129 2001:db8:zz::/64 2001:db8::1/64 10.0.0.0/24 ''; do
		refuses 1 '^pmipctl: ' pctl lma binding add "$at" dev pmip0 \
			remote $MAG1 lifetime 60
	done
	refuses 1 '^pmipctl: ' pctl lma binding add 2001:db8:77::/64 dev nodev \
		remote $MAG1 lifetime 60
	refuses 1 '^pmipctl: ' pctl lma binding add 2001:db8:77::/64 dev pmip0 \
		remote nobody lifetime 60
	refuses 1 '^pmipctl: ' pctl lma nonsense
	refuses 1 '^pmipctl: ' pctl lma mn nonsense
	refuses 1 "^pmipctl: pmip6d does not listen on $work/none" \
		pctl lma -S "$work/none" mn show
	is "$(bound lma)" "" "bindings"
}

# Two of them cannot have the same records, or the same control socket.
case_second_agent() {
	refuses 1 'reason=".*(another|other) ' agent lma "$work/lma.conf"
	sed "s|$work/lma.state|$work/other.state|" "$work/lma.conf" >"$work/bad.conf"
	refuses 1 'event=control-failed .*another pmip6d listens there' \
		agent lma "$work/bad.conf"
	agent_runs lma || fail "the first has ended"
	is "$(astat lma sessions)" 0 "sessions of the first"
}

# A device that is there, but is another.
case_other_device() {
	sed "s|$work/mag2|$work/other|; s/pmip0/core/" "$work/mag2.conf" >"$work/bad.conf"
	refuses 1 'event=device-refused .*not of kind pmip6' agent mag2 "$work/bad.conf"
	pctl mag2 device add pmip0 role lma local $MAG2
	refuses 1 'event=device-refused .*with role lma' agent mag2 "$work/mag2.conf"
	pctl mag2 device del pmip0
}

case_no_module() {
	agent_end lma
	unload_module
	# What asks for a device would have it loaded if it were installed.
	refuses 1 'event=device-refused .*modprobe pmip6' agent lma "$work/lma.conf"
	load_module
	agent_start lma
}

# ---- The network -----------------------------------------------------------

gateway() { { echo 'from signalling import *'; cat; } | py; }

# A PBU that is cut short after each of its octets: with the Header Len that it
# had, with the one that it would have then, and not so that it is right again.
case_cut_short() {
	gateway <<-'END'
		# A raw socket sends no message of less than four octets.
		gateway, _ = pair("mag1", "core", "core", "mag1")
		whole = pbu(MAG1, LMA, os.environ["STILL_ID"], os.environ["STILL_LLADDR"])
		with open("/proc/kallsyms") as symbols:
		    filtered = any(" mip6_mh_filter" in line for line in symbols)
		CAUSES = """received truncated checksum unknown-type payload-proto header-len
		    option-truncated option-length option-repeated too-many-prefixes
		    too-many-groups too-many-flows""".split()

		def all_counters():
		    said = run("lma", os.environ["pmipctl"], "-S",
		               f"{os.environ['work']}/lma.sock", "-j", "stats", "show")
		    return next(one for one in json.loads(said) if "role" in one)

		def reaches_the_agent(data):
		    # What a kernel with Mobile IPv6 keeps for itself.
		    if not filtered:
		        return True
		    return len(data) >= 6 and 8 * (data[1] + 1) <= len(data) and \
		        data[1] >= 1

		before = all_counters()
		sent = 0
		for length in range(len(whole)):
		    for data in (whole[:length],
		                 seal(whole[:length], MAG1, LMA, units=False),
		                 seal(whole[:length], MAG1, LMA)):
		        if not data:
		            continue
		        gateway.send(ip6(MAG1, LMA, data, MH))
		        sent += reaches_the_agent(data)

		def accounted():
		    now = all_counters()
		    grown = {name: now[name] - before[name] for name in CAUSES
		             if now[name] != before[name]}
		    equal(sum(grown.values()), sent, f"messages accounted for: {grown}")
		    return grown

		grown = wait_until(accounted, "each is accounted for", 20)
		for name in "received", "truncated", "checksum", "option-truncated":
		    check(filtered or name in grown, f"none is {name}: {grown}")
	END
	agent_runs lma || fail "the anchor's agent has ended"
}

# mn_bound: of the mobile node whose prefix its profile names
mn_bound() { bound lma | grep "^$MN_HNP "; }

case_whole_afterwards() {
	gateway <<-'END'
		gateway = Gateway("mag1", MAG1)
		answer = gateway.ask(os.environ["MN_ID"], os.environ["MN_LLADDR"])
		equal(answer.status, 0, "status")
		# RULE: B-LMA-05
		equal(answer.hnp, os.environ["MN_HNP"], "prefix")
		equal(answer.flags, 0x20, "flags")
		# RULE: B-LMA-98
		check(0 < answer.lifetime <= 60, f"lifetime {answer.lifetime}")
	END
	is "$(mn_bound)" "$MN_HNP $MAG1" "bindings"
}

# From whom the anchor does not know, nothing is taken, however much there is of
# it; and the log does not grow with it.
case_unauthorised() {
	local before lines begun

	ipn mag1 addr add 2001:db8:2::66/128 dev core nodad
	ipn core route add 2001:db8:2::66/128 via $MAG1
	before=$(mn_bound)
	lines=$(log_length lma)
	begun=$SECONDS
	gateway <<-'END'
		stranger = Gateway("mag1", "2001:db8:2::66")
		answer = stranger.ask(os.environ["MN_ID"], os.environ["MN_LLADDR"])
		# RULE: B-LMA-18 B-LMA-19
		equal(answer.status, 154, "status")
		refused = astat("lma", "refused")
		for sequence in range(1000):
		    stranger.send(pbu(stranger.src, LMA, os.environ["MN_ID"],
		                      os.environ["MN_LLADDR"], sequence=sequence))
		    stranger.receive(0)
		def all_refused():
		    equal(astat("lma", "refused") - refused, 1000, "refused")
		wait_until(all_refused, "refusals", 30)
	END
	# RULE: B-LMA-18
	is "$(mn_bound)" "$before" "bindings"
	is "$(mn lma $MN_ID proxy_coa)" $MAG1 "gateway at the anchor"
	said_since "$lines" lma "event=pbu-refused suppressed=" || fail "all of it is in the log"
	# Of refusals, and of answers that nobody takes: 200 at once, and 50 in a
	# second, with as many lines on what was left out.
	within $(($(log_length lma) - lines)) 1 $((500 + 200 * (SECONDS - begun + 1))) \
		"lines of the log"
	ipn mag1 addr del 2001:db8:2::66/128 dev core
}

case_statuses() {
	gateway <<-'END'
		gateway = Gateway("mag1", MAG1)
		mn, lladdr = os.environ["MN_ID"], os.environ["MN_LLADDR"]
		still, other = os.environ["STILL_ID"], os.environ["STILL_LLADDR"]
		for status, fields in (
		        # RULE: B-LMA-14
		        (153, dict(mn="nobody@example.com", lladdr=lladdr)),
		        # RULE: B-LMA-13
		        (160, dict(mn="", lladdr=lladdr)),
		        # RULE: B-LMA-49 B-LMA-52
		        (156, dict(mn=mn, lladdr=lladdr, at=time.time() + 100)),
		        # RULE: B-LMA-52 B-LMA-90
		        (157, dict(mn=mn, lladdr=lladdr, at=time.time() - 100)),
		        # RULE: B-LMA-29
		        (155, dict(mn=still, lladdr=other, hnp=os.environ["MN_HNP"])),
		        # RULE: B-LMA-26
		        (155, dict(mn=still, lladdr=other, hnp="2001:db8:b::/64"))):
		    equal(gateway.ask(**fields).status, status, f"status for {fields}")
	END
	is "$(mn_bound)" "$MN_HNP $MAG1" "bindings"
}

# ---- The control socket ----------------------------------------------------

case_control_socket() {
	py <<-'END'
		path = f"{os.environ['work']}/lma.sock"

		def connect():
		    sock = socket.socket(socket.AF_UNIX)
		    # It waits for room, which there is.
		    sock.connect(path)
		    sock.settimeout(20)
		    return sock

		def ask(data):
		    with connect() as sock:
		        try:
		            sock.sendall(data)
		            return sock.makefile("rb").readline()
		        except (BrokenPipeError, ConnectionResetError):
		            return b""

		for line in b"nonsense\n", b"[]\n", b"{}\n", b"null\n", b'{"do": 5}\n', \
		        b'{"do": "reboot"}\n', b"\n", b"\0\xff\n", b'{"do": "mn-attach"}\n', \
		        b"[" * 4000 + b"\n":
		    answer = json.loads(ask(line))
		    check(answer.get("error"), f"{line} is answered by {answer}")
		equal(ask(b"x" * 100000), b"", "answer to a line without end")
		# Several at once, and none of them complete.
		many = [connect() for i in range(45)]
		for sock in many[:20]:
		    sock.sendall(b'{"do": ')
		for sock in many:
		    sock.close()
		check("mns" in json.loads(ask(b'{"do": "mn-show"}\n')), "no answer afterwards")
		# One line after the other, without waiting for answers.
		with connect() as sock:
		    sock.sendall(b'{"do": "mn-show"}\n' * 50)
		    reader = sock.makefile("rb")
		    for i in range(50):
		        check("mns" in json.loads(reader.readline()), f"answer {i}")
	END
	agent_runs lma || fail "the agent has ended"
	is "$(mn lma $MN_ID state)" active "state of a mobile node"
	is "$(command stat -c %a "$work/lma.sock")" 600 "mode of the control socket"
}

agent_topology
agent_configs
agent_start lma
run_cases \
	configuration "a wrong configuration is refused, by file and line" \
	profiles "so are wrong profiles" \
	commands "wrong commands are refused" \
	second_agent "a second agent with the same files is refused" \
	other_device "a device of another kind or role is refused" \
	no_module "without the module there is a clear error" \
	cut_short "a message cut short anywhere is counted and ignored" \
	whole_afterwards "a whole one is served afterwards" \
	unauthorised "one from a stranger is refused, and cannot fill the log" \
	statuses "what else is wrong is refused for what it is" \
	control_socket "garbage on the control socket is refused" \
	end "the agent ends"
