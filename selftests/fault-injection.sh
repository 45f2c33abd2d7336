#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel runs out of memory, at each place where it can: see "netlink-fault"
# without arguments, whose cases these are. Kernels that are for use can not fail
# on demand; those that are for this must not leave it out.

. "$(dirname "$0")/lib.sh"

program=${pmipctl%/*}/tests/netlink-fault
[[ -x $program ]] || { echo "Bail out! $program is not built"; exit 1; }

mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
if ! "$program" --possible; then
	echo "1..1"
	case ${VM_KERNEL:-} in
	uml-kasan | uml-kmemleak | uml-gcov)
		echo "not ok 1 - allocations fail on demand"
		exit 1
		;;
	*)
		echo "ok 1 # SKIP this kernel has no CONFIG_FAILSLAB"
		exit
		;;
	esac
fi

if [[ ${VM_KERNEL:-} == uml-kmemleak && ! -e /sys/kernel/debug/kmemleak ]]; then
	echo "1..1"
	echo "not ok 1 - what is left behind is looked for"
	exit 1
fi

unload_module
"$program" "$module"
