# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# --host: no guest. For a router, or for a CI machine that is a guest itself.

host_check() {
	local disabled=/proc/sys/kernel/modules_disabled capabilities

	((EUID == 0)) || die "--host needs root"
	if grep -qw nomodule /proc/cmdline; then
		die "this machine loads no modules: it was booted with nomodule; run without --host"
	fi
	[[ -e /proc/modules ]] ||
		die "this machine loads no modules: its kernel lacks CONFIG_MODULES; run without --host"
	[[ ! -e $disabled || $(<"$disabled") == 0 ]] ||
		die "this machine loads no modules: kernel.modules_disabled is set until it is rebooted"
	capabilities=$(awk '/^CapEff:/ { print $2 }' /proc/self/status)
	((0x$capabilities >> 16 & 1)) ||
		die "this root has no CAP_SYS_MODULE, as in a container; run outside of it or without --host"
	need dmesg
	dmesg >/dev/null || die "cannot read the kernel log"
}

# host_mark TEXT: put it into the kernel log, and wait until it has come back:
# then everything before it has too.
host_mark() {
	local _

	echo "pmip6 tools/vm: $nonce $1" >/dev/kmsg
	for _ in {1..100}; do
		! grep -qsF "pmip6 tools/vm: $nonce $1" "$run/follow.log" || return 0
		sleep 0.05
	done
	say "the kernel log does not answer; reports may be missing"
	return 1
}

host_start() {
	krel=$(uname -r)
	dmesg --follow >"$run/follow.log" 2>/dev/null &
	helper=$!
	host_mark begin || die "nothing was run"
	spawn host_command </dev/null 2>&1
}

# The same files as a guest's init writes.
host_command() {
	local status=0

	: >"$run/share/started"
	cd "$repo" || return
	env -u VM VM_KERNEL=host VM_OUT="$run/share/out" "${job[@]}" || status=$?
	echo "$nonce $status" >"$run/share/status.new"
	mv "$run/share/status.new" "$run/share/status"
	: >"$run/share/finished"
}

# What the kernel said while the command ran.
host_log() {
	host_mark end || :
	kill "$helper"
	sed "1,/pmip6 tools.vm: $nonce begin/d; /pmip6 tools.vm: $nonce end/,\$d" "$run/follow.log" >"$run/kernel.log"
}
