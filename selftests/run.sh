#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the tests beside it and sums them up. See usage below.

set -euo pipefail

selftests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
vm_d=$(dirname "$selftests")/tools/vm.d

usage() {
	cat <<END
usage: selftests/run.sh [--fast] [TEST...]

Runs the tests of this directory, or those named (as forward, or forward.sh), one
after the other, as root on a kernel that can load the module. With --fast, devices
take the fast path on all interfaces, and without a name only the tests run that
are about packets:

  tools/vm -- selftests/run.sh                      in QEMU
  tools/vm --kernel uml-kasan -- selftests/run.sh   in User Mode Linux
  tools/vm --host -- selftests/run.sh               on this machine

Each prints TAP. A test fails if a case of it does, if it does not print all the
cases that it planned, if it takes longer than \$TEST_TIMEOUT seconds (600), if it
leaves a namespace or a device behind, if the module can not be removed after it,
or if the kernel has reported something. The last line is "N passed, N failed".

\$TEST_CYCLES is how often cycles.sh attaches and detaches.
END
}

# The files that are no tests.
helpers=' lib.sh run.sh agents.sh kunit.sh '

# Whatever way packets go, these see the same.
fast_tests=(binding.sh ecn.sh expiry.sh expiry-set.sh flow.sh forward.sh fragment.sh gso.sh
	hoplimit.sh ipsec.sh local.sh local-routing.sh mn-to-mn.sh multipath.sh netns.sh pmtu.sh
	spoof.sh two-mns.sh)

all_tests() {
	local file

	for file in "$selftests"/*.sh; do
		[[ $helpers == *" ${file##*/} "* ]] || echo "${file##*/}"
	done
}

# What must be the same after a test as before. Fallback devices come with the
# modules of other tunnels.
state() {
	ip netns list | sed 's/ .*//; s/^/namespace /' | sort
	ip -o link show | sed 's/^[0-9]*: \([^:@]*\).*/device \1/' |
		grep -vE ' (ip6tnl0|ip6_vti0|sit0|tunl0|gre0|gretap0|erspan0|ip6gre0)$' | sort
}

# What the kernel has reported since mark() TEST, by the same rules as tools/vm.
mark() { echo "pmip6 selftests: $1" >/dev/kmsg; }

reported() {
	local log

	log=$(dmesg | sed "1,/pmip6 selftests: $1\$/d" | awk -f "$vm_d/races.awk") || {
		echo "its log could not be read"
		return
	}
	grep -aE -f <(grep -Ev '^(#|$)' "$vm_d/reports") <<<"$log" || :
}

# verdict LOG STATUS: nothing, or what is wrong with a test's TAP.
verdict() {
	local planned results failed

	planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$1")
	results=$(grep -cE '^(not )?ok ' "$1" || :)
	failed=$(grep -c '^not ok ' "$1" || :)
	case $2 in
	124 | 137) echo "took longer than $limit s" ;;
	esac
	if [[ ! $planned =~ ^[1-9][0-9]*$ ]]; then
		echo "printed no plan"
	elif ((results != planned)); then
		echo "planned $planned cases and gave $results"
	elif ((failed)); then
		echo "$failed of $planned cases failed"
	elif (($2)); then
		echo "exited with $2"
	fi
}

# run_test FILE: prints its TAP; succeeds if it did.
run_test() {
	local log=$logs/$1.log before status=0 problems begun=$SECONDS left

	echo "# $1"
	before=$(state)
	mark "$1"
	timeout --kill-after=20 "$limit" bash "$selftests/$1" </dev/null >"$log" 2>&1 || status=$?
	cat "$log"

	problems=$(verdict "$log" "$status")
	left=$(diff <(echo "$before") <(state) | grep '^[<>]' || :)
	[[ -z $left ]] || problems+=${problems:+$'\n'}"left behind, or took away: $(tr '\n' ' ' <<<"$left")"
	if [[ -e /sys/module/pmip6 ]] && ! left=$(rmmod pmip6 2>&1); then
		problems+=${problems:+$'\n'}"the module stays: $left"
	fi
	left=$(reported "$1")
	[[ -z $left ]] || problems+=${problems:+$'\n'}"the kernel reports:"$'\n'$left
	if [[ -n $problems ]]; then
		echo "# FAIL $1: ${problems//$'\n'/$'\n'# FAIL $1: }"
		return 1
	fi
	echo "# PASS $1 ($((SECONDS - begun)) s)"
}

# Once for all tests.
load_depends() {
	local module depends

	module=${PMIP6_MODULE:-${selftests%/*}/build/module/$(uname -r)/pmip6.ko}
	[[ -e $module ]] || { echo "run.sh: $module is not built" >&2; exit 1; }
	depends=$(modinfo -F depends "$module")
	# shellcheck disable=SC2086
	[[ -z $depends ]] || modprobe -a ${depends//,/ }
	export PMIP6_DEPENDS_LOADED=1
}

# A router that is in use is no place to unload the module.
check_unused() {
	[[ $EUID == 0 ]] || { echo "run.sh: not root: see tools/vm --help" >&2; exit 1; }
	[[ -z $(ip -o link show type pmip6 2>/dev/null) ]] || {
		echo "run.sh: pmip6 devices are in use here" >&2
		exit 1
	}
	[[ ! -e /sys/module/pmip6 ]] || rmmod pmip6 || {
		echo "run.sh: the module is in use here" >&2
		exit 1
	}
}

main() {
	local tests=() test passed=0 failed=()

	case ${1:-} in
	-h | --help) usage; exit ;;
	--fast)
		export FASTPATH=1
		shift
		;;
	esac
	for test; do
		test=${test##*/}
		test=${test%.sh}.sh
		[[ -e $selftests/$test && $helpers != *" $test "* ]] || {
			echo "run.sh: no such test: $test" >&2
			exit 2
		}
		tests+=("$test")
	done
	((${#tests[@]})) || if [[ -n ${FASTPATH-} ]]; then
		tests=("${fast_tests[@]}")
	else
		mapfile -t tests < <(all_tests)
	fi
	limit=${TEST_TIMEOUT:-600}
	check_unused
	load_depends
	logs=$(mktemp -d "${TMPDIR:-/tmp}/pmip6-logs.XXXXXX")
	trap 'rm -rf "$logs"' EXIT

	for test in "${tests[@]}"; do
		if run_test "$test"; then
			passed=$((passed + 1))
		else
			failed+=("$test")
		fi
	done
	((${#failed[@]} == 0)) || echo "# failed: ${failed[*]}"
	echo "$passed passed, ${#failed[@]} failed"
	((${#failed[@]} == 0))
}

main "$@"
