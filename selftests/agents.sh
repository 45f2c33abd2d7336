# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests with agents share, on top of lib.sh: an anchor and two gateways
# that run pmip6d, a mobile node whose link is moved between the gateways, and
# one that stays where it is.
#
#	cn --- lma --- core --- mag1 --- access0 (a bridge) --- mn
#	                  |         \--- access1 --- still
#	                  \---- mag2 --- access0 (a bridge)

# shellcheck source=selftests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

pmip6d=${PMIP6_PMIP6D:-$repo/build/user/pmip6d}
[[ -x $pmip6d ]] || { echo "Bail out! $pmip6d is not built"; exit 1; }
export pmip6d work

# Whoever is asked how it was in the end; a test may have more of them.
agents=(lma mag1 mag2)

# RFC 6543
export FIXED_LLADDR=00:00:5e:00:52:13 FIXED_LINK_LOCAL=fe80::200:5eff:fe00:5213
export MN_LLADDR=02:00:00:00:01:01 STILL_LLADDR=02:00:00:00:01:02
export MN_ID=mn1@example.com STILL_ID=still@example.com
# What the profile says is the first one's; the other's comes from the pool.
export MN_HNP=2001:db8:a:1::/64
export AGENT_POOL=2001:db8:a:8000::/49

# ---- Namespaces and files --------------------------------------------------

# agent_topology: all but the agents. Hosts are plain ones, which take their
# addresses from Router Advertisements.
agent_topology() {
	local ns mag

	for ns in cn mn still; do plan_host $ns; done
	for ns in lma core mag1 mag2; do plan_router $ns; done
	plan_link cn eth0 $CN/64 lma cn $LMA_CN/64
	plan_link lma core $LMA/64 core lma $CORE_LMA/64
	plan_link mag1 core $MAG1/64 core mag1 $CORE_MAG1/64
	plan_link mag2 core $MAG2/64 core mag2 $CORE_MAG2/64
	step cn route add default via $LMA_CN
	step lma route add default via $CORE_LMA
	step core route add 2001:db8:c::/64 via $LMA
	step mag1 route add default via $CORE_MAG1
	step mag2 route add default via $CORE_MAG2
	for mag in mag1 mag2; do
		step $mag link add access0 type bridge forward_delay 0
		step $mag link set access0 addrgenmode none
		step $mag link set access0 up
	done
	station mn air0 mag1 $MN_LLADDR
	station still access1 mag1 $STILL_LLADDR
	build
}

# station NS PEER MAG LLADDR: a host has a link that ends in MAG as PEER, down.
station() {
	created+="link add eth0 netns $RUN-$1 address $4 type veth"
	created+=" peer name $2 netns $RUN-$3"$'\n'
	step "$1" link set eth0 up
}

# agent_configs [EXTRA-LMA [EXTRA-MAG]]: in $work/NS.conf, more of it by text.
# An agent that a busy machine lets wait shall not be refused for its clock.
agent_configs() {
	profiles
	cat >"$work/lma.conf" <<-END
		control-socket = "$work/lma.sock"
		state-directory = "$work/lma.state"
		profiles = "$work/profiles.conf"
		log-level = "debug"
		security = "${SECURITY:-none}"
		lma {
			device = "pmip0"
			address = "$LMA"
			mags = {"$MAG1", "$MAG2"}
			pool "$AGENT_POOL" { prefix-length = 64 }
			TimestampValidityWindow = 20000
			${1:-}
		}
	END
	mag_config mag1 $MAG1 "access \"access1\" {} ${2:-}"
	mag_config mag2 $MAG2 "${2:-}"
}

# mag_config NS ADDRESS EXTRA
mag_config() {
	cat >"$work/$1.conf" <<-END
		control-socket = "$work/$1.sock"
		state-directory = "$work/$1.state"
		profiles = "$work/profiles.conf"
		log-level = "debug"
		security = "${SECURITY:-none}"
		mag {
			device = "pmip0"
			address = "$2"
			lma = "$LMA"
			access "access0" { access-technology = "ieee-802.11" }
			$3
		}
	END
}

# profiles [MORE]: whom all agents know
profiles() {
	cat >"$work/profiles.conf" <<-END
		mn "$MN_ID" {
			lladdr = {"$MN_LLADDR"}
			prefixes = {"$MN_HNP"}
		}
		mn "$STILL_ID" {
			lladdr = {"$STILL_LLADDR"}
		}
		${1:-}
	END
}

# profile_of NS LLADDR PRIORITY KEEP FLOW...: of multihoming, what that gateway knows
# of the mobile node
profile_of() {
	local flow flows=

	for flow in "${@:5}"; do flows+="${flows:+, }\"$flow\""; done
	cat >"$work/$1.profiles" <<-END
		mn "$MN_ID" {
			lladdr = {"$2"}
			multihoming = true
			path-priority = $3
			flows-on-detachment = $4
			flows = {$flows}
		}
	END
	sed -i "s|profiles.conf|$1.profiles|" "$work/$1.conf"
}

# interfaces: "gateway priority ..." of each that the anchor has
interfaces() {
	actl lma -j mn show "$MN_ID" |
		jq -r 'sort_by(.proxy_coa) | .[] | "\(.proxy_coa) \(.priority)"' | paste -sd' '
}

# ---- Agents ----------------------------------------------------------------

# agent_launch NS: begins pmip6d there, and waits for nothing. The log is one of
# all its runs; $work/NS.status has the status of one that has ended.
agent_launch() {
	local in=/run/netns/$RUN-$1

	rm -f "$work/$1.status" "$work/$1.pid"
	touch "$work/$1.log"
	(
		trap '' INT
		set +eE
		trap - ERR EXIT
		# shellcheck disable=SC2094
		nsenter --net="$in" -- "$pmip6d" ${AGENT_OPTIONS:-} \
			-c "$work/$1.conf" >>"$work/$1.log" 2>&1 </dev/null &
		echo $! >"$work/$1.new"
		mv "$work/$1.new" "$work/$1.pid"
		wait $!
		{ echo $? >"$work/$1.status"; } 2>/dev/null
	) 2>/dev/null &
	wait_for 10 test -s "$work/$1.pid"
}

# agent_start NS: the same, until it is ready.
agent_start() {
	local from

	from=$(log_length "$1")
	agent_launch "$1"
	wait_for 60 agent_up "$from" "$1" || {
		tail -n "+$((from + 1))" "$work/$1.log"
		fail "the agent of $1 is not ready"
	}
}

agent_up() { said_since "$1" "$2" event=ready; }

agents_start() {
	local ns

	for ns in "$@"; do agent_start "$ns"; done
}

# network_of_agents [EXTRA-LMA [EXTRA-MAG]]: topology and all three agents.
network_of_agents() {
	agent_topology
	agent_configs "$@"
	agents_start lma mag1 mag2
}

agent_runs() { [[ ! -e $work/$1.status ]]; }

# agent_ended NS: what it ended with, once it has
agent_ended() {
	wait_for 30 test -s "$work/$1.status" || fail "the agent of $1 does not end"
	cat "$work/$1.status"
}

# agent_end NS [SIGNAL]: ends it; its status in $status.
agent_end() {
	kill "-${2:-TERM}" "$(<"$work/$1.pid")"
	status=$(agent_ended "$1")
}

# agents_end: all do, as they should, and have not complained of themselves.
agents_end() {
	local ns

	for ns in "${agents[@]}"; do
		[[ -e $work/$ns.pid ]] || continue
		agent_runs "$ns" || fail "the agent of $ns ended with $(<"$work/$ns.status")"
		agent_end "$ns"
		is "$status" 0 "status of the agent of $ns"
		not grep -E 'runtime error|Sanitizer|assert|corrupt' "$work/$ns.log" ||
			fail "see the log of $ns"
	done
}

case_end() { agents_end; }

# What they said last.
explain() {
	local ns

	for ns in "${agents[@]}"; do
		[[ ! -s $work/$ns.log ]] || tail -n 12 "$work/$ns.log" | sed "s/^/$ns: /"
	done
}

# ---- What they say ---------------------------------------------------------

log_length() {
	local lines=()

	[[ ! -e $work/$1.log ]] || mapfile -t lines <"$work/$1.log"
	echo ${#lines[@]}
}

# said NS PATTERN, said_since LINES NS PATTERN: has its log a line like that?
# Waits ask for this again and again: it needs no process.
said() { said_since 0 "$@"; }
said_since() {
	local lines line

	mapfile -t -s "$1" lines <"$work/$2.log"
	for line in ${lines[@]+"${lines[@]}"}; do
		[[ ! $line =~ $3 ]] || return 0
	done
	return 1
}

# says NS PATTERN COMMAND...: it makes the agent say so.
says() {
	local from

	from=$(log_length "$1")
	"${@:3}"
	wait_for 30 said_since "$from" "$1" "$2" || {
		tail -n "+$((from + 1))" "$work/$1.log"
		fail "the agent of $1 does not say \"$2\" after \"${*:3}\""
	}
}

# lines NS PATTERN: how many of its log
lines() { grep -cE -- "$2" "$work/$1.log" || :; }

# actl NS ARGUMENTS...: pmipctl, with the agent of NS
actl() { "$pmipctl" -S "$work/$1.sock" "${@:2}"; }

# mn NS ID KEY: of a mobile node as the agent shows it; nothing if it does not
mn() { actl "$1" -j mn show "$2" | jq -r ".[0].$3 // empty"; }

# mns NS: how many it shows
mns() { actl "$1" -j mn show | jq length; }

is_active() { [[ $(actl "$1" -j mn show "$2") == *'"state":"active"'* ]]; }
gone_from() { [[ $(actl "$1" -j mn show "$2") == "[]" ]]; }

# astat NS NAME: a counter of the agent
astat() {
	actl "$1" -j stats show |
		jq -e "[.[] | select(.role)][0][\"$2\"]" || fail "no counter $2"
}

# bound NS: "HNP remote" of every binding that its module has, "-" where it drops
bound() {
	pctl "$1" -j binding show |
		jq -r '.[] | "\(.hnp) \(.paths[0].remote // "-")"' | sort
}

binding_count() { pctl "$1" -j binding show | jq length; }
tunnel_count() { pctl "$1" -j tunnel show | jq length; }

# mn_routes NS: routes of the agent to mobile nodes on access links
mn_routes() { ipn "$1" -6 route show table all proto 52 | sed -n 's/ .*table 5214 .*//p'; }

# kernel_state NS: what a new agent must leave as it is: bindings but for what
# their lifetimes have become, tunnels, routes and rules
kernel_state() {
	pctl "$1" -j binding show |
		jq -cS '.[] | .paths |= map(del(.lifetime_ms, .expires_ms))'
	pctl "$1" -j tunnel show | jq -cS '.[]'
	ipn "$1" -6 route show table all proto 52
	ipn "$1" -6 rule
	ipn "$1" -o link show dev pmip0 | cut -d: -f1
}

# ---- Mobile nodes ----------------------------------------------------------

# attach_to MAG: the link of the mobile node ends there from now on.
attach_to() { ipn "$1" -batch - <<<"link set air0 master access0 up"; }

# move FROM TO: takes it from one to the other.
move() {
	ipn "$1" link set air0 netns "$RUN-$2"
	attach_to "$2"
}

still_attach() { ipn mag1 link set access1 up; }
still_detach() { ipn mag1 link set access1 down; }

# keep_carrier MAG: its first link is up, whoever is there.
keep_carrier() {
	ipn "$1" -batch - <<-END
		link add other0 type veth peer name other1
		link set other0 master access0 up
		link set other1 up
	END
}

# address NS: its global address, once it may be used
address() {
	ipn "$1" -6 -j addr show dev eth0 scope global -tentative |
		jq -r '.[].addr_info[].local' | head -n 1
}

has_address() { [[ -n $(address "$1") ]]; }

# served NS MAG ID: it is active at the gateway, and has its address.
served() {
	wait_for 30 is_active "$2" "$3" || fail "$3 is not served by $2"
	wait_for 30 has_address "$1" || fail "$1 has no address"
}

# prefix_of ADDRESS: the /64 that it is from
prefix_of() {
	py "$1" <<-'END'
		print(text(addr(sys.argv[1])[:8] + bytes(8)) + "/64")
	END
}

# stations_solicit COUNT: many stations at the link of the mobile node solicit, each
# until it is told of a prefix.
stations_solicit() {
	py "$1" <<-'END'
		count = int(sys.argv[1])
		enter("mn")
		air = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
		air.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
		air.bind(("eth0", 0x86dd))
		macs = [bytes([2, 0, 0, 0xbb, n >> 8, n & 255]) for n in range(count)]
		waiting = set(macs)
		end = time.monotonic() + 120
		while waiting:
		    check(time.monotonic() < end, f"{len(waiting)} of {count} are not told")
		    for mac in list(waiting)[:64]:
		        own = text(addr("fe80::")[:8] + bytes([mac[0] ^ 2]) + mac[1:3] +
		                   b"\xff\xfe" + mac[3:])
		        ask = icmp(own, "ff02::2", 133, 0, bytes(4) + b"\1\1" + mac,
		                   hops=255)
		        air.send(bytes.fromhex("333300000002") + mac + b"\x86\xdd" + ask)
		    air.settimeout(0.02)
		    try:
		        while True:
		            frame = air.recv(2048)
		            if frame[54:55] == b"\x86":
		                waiting.discard(frame[:6])
		    except TimeoutError:
		        pass
	END
}

# ---- Traffic without end ---------------------------------------------------

# pinging NS ADDRESS: a hundred times a second, from now on
pinging() {
	: >"$work/ping"
	background nsenter --net="/run/netns/$RUN-$1" -- \
		ping -n -D -i 0.01 "$2" >"$work/ping" 2>&1
	pinger=$pid
	wait_for 20 at_least 20 answers || fail "$1 does not reach $2"
}

answers() { grep -c 'bytes from' "$work/ping" || :; }

# More answers come.
pings_on() { wait_for 20 at_least $(($(answers) + 20)) answers || fail "the answers stop"; }

# lost: how many before the last that was answered were not
lost() {
	sed -n 's/.*bytes from.*icmp_seq=\([0-9]*\).*/\1/p' "$work/ping" |
		sort -nu | awk '{ last = $1; n++ } END { print last - n }'
}

# ping_stops: it does, and how many were lost before is in $lost; ping_ends: the
# same, if it still gets answers.
ping_stops() {
	kill -INT "$pinger"
	wait "$pinger" || :
	# shellcheck disable=SC2034
	lost=$(lost)
}

ping_ends() {
	pings_on
	ping_stops
}
