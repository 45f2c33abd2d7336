# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share: namespaces, TAP, counters, waiting. A test sources it,
# defines functions and ends with run_cases. Each case is a function of its own
# shell: it fails by "fail", by any command that fails, and is left out by "skip".

set -euo pipefail

selftests=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)
repo=${selftests%/*}
pmipctl=${PMIP6_PMIPCTL:-$repo/build/user/pmipctl}
module=${PMIP6_MODULE:-$repo/build/module/$(</proc/sys/kernel/osrelease)/pmip6.ko}
export pmipctl

# Every namespace of this test run begins so.
RUN=pmip6-$$
export RUN LC_ALL=C.UTF-8

# The addresses of topology(), which py() hands on.
export CN=2001:db8:c::2 LMA_CN=2001:db8:c::1
export LMA=2001:db8:1::1 MAG1=2001:db8:2::1 MAG2=2001:db8:3::1
export CORE_LMA=2001:db8:1::ff CORE_MAG1=2001:db8:2::ff CORE_MAG2=2001:db8:3::ff
export POOL=2001:db8:a::/48
export MN1=2001:db8:a:1::2 MN2=2001:db8:a:2::2 MN3=2001:db8:a:3::2
export HNP1=2001:db8:a:1::/64 HNP2=2001:db8:a:2::/64 HNP3=2001:db8:a:3::/64

# Of routes by pmip0, as pmip6d makes them; those of gateways here have none.
export NEXT_HOP=fe80::5213

# At a gateway: what comes from mobile nodes, and routes to them.
TABLE_UP=100 TABLE_DOWN=200

# ---- TAP -------------------------------------------------------------------

SKIPPED=77

diag() { printf '# %s\n' "$*"; }

fail() {
	diag "$*"
	exit 1
}

skip() {
	echo "$*" >"$work/skip"
	exit "$SKIPPED"
}

# is GOT WANTED WHAT
is() { [[ $1 == "$2" ]] || fail "$3: got \"$1\", want \"$2\""; }

# like GOT PATTERN WHAT: PATTERN is a regular expression of bash.
like() { [[ $1 =~ $2 ]] || fail "$3: got \"$1\", want /$2/"; }

# within GOT LOW HIGH WHAT
within() { (($1 >= $2 && $1 <= $3)) || fail "$4: got $1, want $2 to $3"; }

# A case without a trace in its output must still say where it stopped.
on_error() {
	diag "$(basename "${BASH_SOURCE[1]}"):${BASH_LINENO[0]}: \"$BASH_COMMAND\" gave $1"
}

# run_cases NAME DESCRIPTION...: the functions case_NAME, each in a shell of its
# own, and the test's exit.
run_cases() {
	local count=$(($# / 2)) at=0 failed=0 status name words

	echo "1..$count"
	while (($#)); do
		name=$1 words=$2
		shift 2
		at=$((at + 1))
		rm -f "$work/skip"
		set +e
		(
			set -eE
			trap 'on_error $?' ERR
			trap - EXIT
			"case_$name"
		) >"$work/case.log" 2>&1 </dev/null
		status=$?
		set -e
		case $status in
		0) echo "ok $at - $words" ;;
		"$SKIPPED") echo "ok $at - $words # SKIP $(<"$work/skip")" ;;
		*)
			echo "not ok $at - $words"
			{ cat "$work/case.log"; explain; } | sed 's/^\(# \)\?/# /'
			failed=$((failed + 1))
			;;
		esac
		reap_background
	done
	((!failed))
}

# explain: what may help to see why a case failed. Those who know more than this
# file have one of their own.
explain() { :; }

# ---- Waiting ---------------------------------------------------------------

# Nothing ever comes out of it: to sleep without a process.
exec {never}<> <(:)

# wait_for SECONDS COMMAND...: until it succeeds; fails if it has not by then. A
# machine that stands still, or whose clock is set, is not who is waited for: no
# round counts for more than two seconds.
wait_for() {
	local left=$(($1 * 1000000)) last=${EPOCHREALTIME/[.,]/} now passed

	shift
	until "$@" >/dev/null 2>&1; do
		now=${EPOCHREALTIME/[.,]/}
		passed=$((now - last)) last=$now
		left=$((left - (passed < 0 || passed > 2000000 ? 2000000 : passed)))
		((left > 0)) || break
		read -r -t 0.05 -u "$never" || :
	done
	((left > 0))
}

not() { ! "$@"; }

# equals WANTED COMMAND...: its output
equals() { [[ $("${@:2}") == "$1" ]]; }

# nothing COMMAND...: that is its output, and it does not fail
nothing() { local output; output=$("$@") && [[ -z $output ]]; }

# absent NS DEV: that there is none is said of a namespace that is there
absent() { local links; links=$(ipn "$1" -o link show) && [[ $links != *": $2"[:@]* ]]; }

# at_least WANTED COMMAND...: its output, a number
at_least() { (($("${@:2}") >= $1)); }

now_ms() { local now=${EPOCHREALTIME/[.,]/}; echo "${now%???}"; }

# ---- Processes -------------------------------------------------------------

# background COMMAND...: runs until the case ends; its number in $pid.
background() {
	local in_background=1

	"$@" <&0 &
	pid=$!
	echo "$pid" >>"$work/background"
}

# Ends what the case has left running.
reap_background() {
	local pid

	[[ -s $work/background ]] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null || :
	done <"$work/background"
	while read -r pid; do
		wait_for 5 not kill -0 "$pid" || kill -KILL "$pid" 2>/dev/null || :
	done <"$work/background"
	rm -f "$work/background"
}

# ---- Namespaces ------------------------------------------------------------

# in_ns NS COMMAND...
in_ns() { nsenter --net="/run/netns/$RUN-$1" -- "${@:2}"; }

# ipn NS ARGUMENTS...: ip
ipn() { ip -n "$RUN-$1" "${@:2}"; }

# pctl NS ARGUMENTS...: pmipctl
pctl() { nsenter --net="/run/netns/$RUN-$1" -- "$pmipctl" "${@:2}"; }

# plan_* and step only write down what shall be, and build makes it so: a process
# for each namespace, not for each step, because in an emulated guest processes
# are what takes the time.

declare -A scripts=() is_router=()
created=''
links=0

# plan_host NS, plan_router NS: a new namespace. What is sent in it, a test has
# asked for; and errors are not limited.
plan_host() {
	created+="netns add $RUN-$1"$'\n'
	scripts[$1]=''
	echo "$1" >>"$work/namespaces"
	step "$1" link set lo up
}

plan_router() {
	plan_host "$1"
	is_router[$1]=1
}

# step NS WORD...: of ip
step() { scripts[$1]+="${*:2}"$'\n'; }

# plan_link NS DEV ADDRESS NS DEV ADDRESS: a veth pair of which each end knows the
# other. ADDRESS is that of the end, with its length, or - for none.
plan_link() {
	local mac=02:00:00:00

	links=$((links + 1))
	printf -v mac '02:00:00:00:%02x' $links
	created+="link add $2 netns $RUN-$1 address $mac:0a type veth"
	created+=" peer name $5 netns $RUN-$4 address $mac:0b"$'\n'
	link_end "$1" "$2" "$3" "$6" "$mac:0b"
	link_end "$4" "$5" "$6" "$3" "$mac:0a"
}

# link_end NS DEV ADDRESS PEER_ADDRESS PEER_MAC
link_end() {
	step "$1" link set "$2" addrgenmode none up
	[[ $3 == - ]] || step "$1" addr add "$3" dev "$2" nodad
	[[ $4 == - ]] ||
		step "$1" neigh add "${4%/*}" lladdr "$5" dev "$2" nud permanent
}

# build: all of the above
build() {
	local ns

	[[ -z $created ]] || ip -batch - <<<"$created"
	for ns in "${!scripts[@]}"; do
		if [[ -n ${is_router[$ns]:-} ]]; then
			# shellcheck disable=SC2016
			in_ns "$ns" sh -c 'cd /proc/sys/net/ipv6
				echo 0 >icmp/ratelimit; echo 1 >conf/all/forwarding
				exec ip -batch -' <<<"${scripts[$ns]}"
		else
			ipn "$ns" -batch - <<<"${scripts[$ns]}"
		fi
	done
	created='' scripts=() is_router=()
}

# make_ns NS [router], link NS DEV ADDRESS NS DEV ADDRESS: the same, at once.
make_ns() {
	"plan_${2:-host}" "$1"
	build
}

link() {
	plan_link "$@"
	build
}

# del_ns NS: as "ip netns del", and nothing is left running in it.
del_ns() {
	local pids

	pids=$(ip netns pids "$RUN-$1" 2>/dev/null) || return 0
	# shellcheck disable=SC2086
	[[ -z $pids ]] || kill -KILL $pids 2>/dev/null || :
	ip netns del "$RUN-$1" 2>/dev/null || :
}

# topology: a correspondent, an anchor, two gateways and three mobile nodes,
# one of them at the second gateway. The core knows no home network prefix, so
# what reaches a mobile node has come through a tunnel.
#
#	cn --- lma --- core --- mag1 --- access1 mn1
#	                  |         \--- access2 mn2
#	                  \---- mag2 --- access1 mn3
#
# Hosts know what fits into the tunnel, unless $HOST_MTU is empty.
topology() {
	local ns mtu=${HOST_MTU-1460}

	for ns in cn mn1 mn2 mn3; do plan_host $ns; done
	for ns in lma core mag1 mag2; do plan_router $ns; done
	plan_link cn eth0 $CN/64 lma cn $LMA_CN/64
	plan_link lma core $LMA/64 core lma $CORE_LMA/64
	plan_link mag1 core $MAG1/64 core mag1 $CORE_MAG1/64
	plan_link mag2 core $MAG2/64 core mag2 $CORE_MAG2/64
	plan_link mag1 access1 fe80::1/64 mn1 eth0 $MN1/64
	plan_link mag1 access2 fe80::1/64 mn2 eth0 $MN2/64
	plan_link mag2 access1 fe80::1/64 mn3 eth0 $MN3/64

	step cn route add default via $LMA_CN ${mtu:+mtu $mtu}
	step lma route add default via $CORE_LMA
	step core route add 2001:db8:c::/64 via $LMA
	step mag1 route add default via $CORE_MAG1
	step mag2 route add default via $CORE_MAG2
	for ns in mn1 mn2 mn3; do step $ns route add default via fe80::1 dev eth0 ${mtu:+mtu $mtu}; done
	build
	gateway_rules mag1 access1 access2
	gateway_rules mag2 access1
}

# devices: pmip0 in the anchor and the gateways, and what leads to it.
devices() {
	anchor_device
	gateway_device mag1 $MAG1
	gateway_device mag2 $MAG2
}

anchor_device() {
	pctl lma device add pmip0 role lma local $LMA
	ipn lma route add $POOL via $NEXT_HOP dev pmip0
	fast lma cn core pmip0
}

# gateway_device NS ADDRESS
gateway_device() {
	pctl "$1" device add pmip0 role mag local "$2"
	ipn "$1" -6 route add default dev pmip0 table $TABLE_UP
	fast "$1" core access1 access2
}

# fast NS IFACE...: with $FASTPATH, those of them that there are take the fast path
fast() {
	local iface there=()

	[[ -n ${FASTPATH-} ]] || return 0
	for iface in "${@:2}"; do
		! ipn "$1" link show "$iface" >/dev/null 2>&1 || there+=("$iface")
	done
	pctl "$1" device set pmip0 fastpath on dev "${there[@]}"
}

# gateway_rules NS ACCESS...: they last, whatever becomes of the device.
gateway_rules() {
	local access

	{
		for access in pmip0 lo; do
			echo "rule add iif $access lookup $TABLE_DOWN pref 900"
		done
		for access in "${@:2}"; do
			echo "rule add iif $access lookup $TABLE_UP pref 1000"
		done
	} | ipn "$1" -6 -batch -
}

# bindings: each mobile node where it is, on both ends, for ever.
bindings() {
	attach $HNP1 mag1 $MAG1 access1
	attach $HNP2 mag1 $MAG1 access2
	attach $HNP3 mag2 $MAG2 access1
}

# attach HNP MAG ADDRESS ACCESS [LIFETIME]
attach() {
	pctl lma binding add "$1" dev pmip0 remote "$3" lifetime "${5:-forever}"
	pctl "$2" binding add "$1" dev pmip0 remote $LMA lifetime "${5:-forever}" access "$4"
	ipn "$2" route replace "$1" dev "$4" table $TABLE_DOWN
}

# network: all of the above
network() {
	topology
	devices
	bindings
}

# ---- Counters --------------------------------------------------------------

# stat NS NOUN FIELD [KEY VALUE]: a counter, added up over what matches.
stat() {
	local match=true

	[[ -z ${4:-} ]] || match=".$4 == \"$5\""
	pctl "$1" -j -s "$2" | jq "[.[] | select($match) | .stats.$3] | add // 0"
}

# drops NS [DEV]: " reason:number reason:number ..."
drops() {
	local json

	json=$(pctl "$1" -j stats show dev "${2:-pmip0}")
	[[ $json =~ '"drops":{'([^\}]+)'}' ]] || fail "no drops at $1: $json"
	json=${BASH_REMATCH[1]//\"/}
	echo " ${json//,/ }"
}

# dropped NS REASON [DEV]
dropped() {
	[[ $(drops "$1" "${3:-pmip0}") =~ \ $2:([0-9]+) ]]
	echo "${BASH_REMATCH[1]}"
}

# new_drops NS BEFORE [DEV]: "reason=N ..." since then, in the order of the uapi
new_drops() {
	local now reason found=''

	for now in $(drops "$1" "${3:-pmip0}"); do
		reason=${now%:*}
		[[ $2 =~ \ $reason:([0-9]+) ]]
		((${now#*:} == BASH_REMATCH[1])) ||
			found+="${found:+ }$reason=$((${now#*:} - BASH_REMATCH[1]))"
	done
	echo "$found"
}

# drops_are WANTED NS COMMAND...: what it makes pmip0 in NS drop, and no more.
drops_are() {
	local wanted=$1 ns=$2 before

	before=$(drops "$ns")
	"${@:3}"
	wait_for 2 equals "$wanted" new_drops "$ns" "$before" ||
		is "$(new_drops "$ns" "$before")" "$wanted" "drops at $ns"
}

# ---- Traffic ---------------------------------------------------------------

# py [ARGUMENT...] <PROGRAM: with the names of packets.py
py() { python "$(</dev/stdin)" "$@"; }

# python PROGRAM [ARGUMENT...]: the same, and in the place of background's shell
python() {
	set -- "import sys
sys.path.insert(0, '$selftests')
from packets import *
$1" "${@:2}"
	${in_background:+exec} /usr/bin/python3 -ESX "pycache_prefix=$work" -c "$@"
}

# ping_ok NS ADDRESS COUNT [OPTION...]: all of them answered
ping_ok() {
	local said

	said=$(in_ns "$1" ping -q -c "$3" -i 0.01 -W 5 "${@:4}" "$2" || :)
	like "$said" "$3 packets transmitted, $3 received" "ping from $1 to $2"
}

# reaches NS ADDRESS: it does, once a link that was moved is up again at both ends
reaches() {
	wait_for 20 in_ns "$1" ping -q -c 1 -W 1 "$2" || fail "$2 is not reached from $1"
}

# flood NS ADDRESS: as much as goes, until the case ends
flood() {
	background nsenter --net="/run/netns/$RUN-$1" -- ping -f -q -W 1 "$2" >/dev/null
}

# busy NS COUNT: has its device sent so many packets?
busy() { at_least "$2" stat "$1" device tx_packets; }

# capture NS DEV [FILTER]: into $pcap until capture_end
capture() {
	pcap=$work/$1-$2.pcap
	: >"$work/tcpdump.log"
	background nsenter --net="/run/netns/$RUN-$1" -- tcpdump -n --immediate-mode -U \
		-s 256 -i "$2" -w "$pcap" "${@:3}" 2>"$work/tcpdump.log"
	tcpdump=$pid
	wait_for 15 grep -q 'listening on' "$work/tcpdump.log" || fail "tcpdump does not start"
}

capture_end() {
	kill -INT "$tcpdump"
	wait "$tcpdump" || :
}

# captured FILTER: how many packets of $pcap
captured() { tcpdump -n -r "$pcap" "$@" 2>/dev/null | grep -c . || :; }

# monitor NS [DEV]: from now on events of NS can be had from events, JSON a line.
# That it listens shows by the expiry of a binding that is not among them; nor is
# it one of those events that are told ten times a second at most.
monitor() {
	: >"$work/events"
	background nsenter --net="/run/netns/$RUN-$1" -- "$pmipctl" -j monitor >>"$work/events"
	wait_for 20 heard "$1" "${2:-pmip0}" || fail "the monitor does not start"
}

heard() {
	[[ -s $work/events ]] ||
		{ pctl "$1" binding replace 2001:db8:ffff::/64 dev "$2" drop &&
			pctl "$1" binding change 2001:db8:ffff::/64 dev "$2" \
				remote 2001:db8:ffff::1 lifetime 1ms
			false; }
}

events() { grep -v '"hnp":"2001:db8:ffff::/64"' "$work/events" || :; }

# event_seen PATTERN
event_seen() { events | grep -- "$1" >/dev/null; }

# listen NS PORT FILE: one TCP connection into FILE; $pid is the server's.
listen() {
	background nsenter --net="/run/netns/$RUN-$1" -- \
		socat -u "TCP6-LISTEN:$2,reuseaddr" "CREATE:$3"
	wait_for 10 listens "$1" "$2" || fail "socat does not start"
}

listens() { [[ -n $(in_ns "$1" ss -Hltn "sport = $2") ]]; }

# transfer NS ADDRESS NS FILE: by TCP, and what arrives is the same. It may take
# a minute: a hundred times what it takes, and a lost packet or two.
transfer() {
	local received=$work/received

	listen "$1" 5000 "$received"
	in_ns "$3" timeout 60 socat -u "OPEN:$4" "TCP6:[$2]:5000" ||
		fail "no transfer from $3 to $2"
	wait_for 10 not kill -0 "$pid" || fail "the transfer does not end"
	cmp "$4" "$received"
}

size_of() { command stat -c %s "$1"; }

# ---- The module ------------------------------------------------------------

is_loaded() { [[ -e /sys/module/pmip6 ]]; }

load_module() {
	is_loaded && return
	# run.sh has seen to what the module needs.
	if [[ -z ${PMIP6_DEPENDS_LOADED:-} ]]; then load_depends; fi
	insmod "$module"
}

load_depends() {
	local depends

	depends=$(modinfo -F depends "$module")
	# shellcheck disable=SC2086
	[[ -z $depends ]] || modprobe -a ${depends//,/ }
}

unload_module() { ! is_loaded || rmmod pmip6; }

# ---- Begin and end ---------------------------------------------------------

cleanup() {
	local status=$? ns

	trap '' INT TERM
	reap_background
	[[ ! -e $work/namespaces ]] || while read -r ns; do
		del_ns "$ns"
	done <"$work/namespaces"
	rm -rf "$work"
	exit "$status"
}

[[ $EUID == 0 ]] || { echo "Bail out! not root: see tools/vm --help"; exit 1; }
for file in "$pmipctl" "$module"; do
	[[ -e $file ]] || { echo "Bail out! $file is not built"; exit 1; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/$RUN.XXXXXX")
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
load_module
