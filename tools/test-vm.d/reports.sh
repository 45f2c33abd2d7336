# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# What the kernel reports, of what it is told to say and of real faults, fails a run.

# race FUNCTIONS FRAME...: for a guest, what a report of KCSAN with these frames looks
# like.
race() {
	local line functions=$1

	shift
	for line in '<1>========================================' \
		'<1>BUG: KCSAN: data-race in '"$functions" \
		'<1>read to 0xffff88807d21dcd8 of 8 bytes by interrupt on cpu 1:' \
		"${@/#/<1> }" '<1> common+0x1/0x2' \
		'<1>========================================'; do
		echo "$line" >/dev/kmsg
	done
}

# What is said to the kernel log, without any fault.
test_reports() {
	local warning='WARNING: CPU: 0 PID: 1 at selftest'

	promise "a panic: not 0, the report, and no waiting for the timeout"
	vm -- sh -c 'echo c >/proc/sysrq-trigger; sleep 300'
	expect_status 126
	expect_said "Kernel panic - not syncing: sysrq triggered crash"
	expect_said "vm: kernel report: "
	expect_quick 60
	verify

	promise "a warning that is cleared from the log, under a command that fails: 126, and its status is said"
	vm -- sh -c "echo '<4>$warning' >/dev/kmsg; dmesg -C; exit 9"
	expect_status 126
	expect_said "vm: kernel report: $warning"
	expect_said "vm: command exited with status 9"
	verify

	promise "a warning that is kept from the console, under a command that succeeds: 126"
	vm -- sh -c "dmesg -n 1; echo '<4>$warning' >/dev/kmsg; echo went on"
	expect_status 126
	expect_output "went on"
	verify

	if boots_fast; then
		promise "a warning and a timeout: 126, and both are said"
		vm --timeout 3 -- sh -c "echo '<4>$warning' >/dev/kmsg; sleep 100"
		expect_status 126
		expect_said "vm: the command did not end within 3 s"
		expect_said "vm: kernel report: $warning"
		verify
	fi

	promise "a warning at the end of a long log"
	vm -- sh -c "seq 5000 | sed 's/^/<6>line /' | while read -r l; do echo \"\$l\"; done >/dev/kmsg
		echo '<4>$warning' >/dev/kmsg"
	expect_status 126
	expect_said "vm: kernel report: $warning"
	verify

	promise "a data race of the module's: 126"
	vm -- bash -c "$(declare -f race); race 'one / other' 'pmip6_encap+0x10/0x20 [pmip6]'"
	expect_status 126
	expect_said "vm: kernel report: BUG: KCSAN: data-race in one / other"
	verify

	promise "one of the kernel's own is no report"
	vm -- bash -c "$(declare -f race); race 'one / other' 'ip6_output+0x10/0x20'"
	expect_status 0
	verify

	promise "nor is one in an interrupt that came upon the module"
	vm -- bash -c "$(declare -f race)
		race 'one / other' 'tick+0x1/0x2' 'asm_sysvec_apic_timer_interrupt+0x1b/0x20' 'pmip6_encap+0x10/0x20 [pmip6]'"
	expect_status 0
	verify

	promise "nor is an array of the kernel's that changes while it is walked"
	vm -- bash -c "$(declare -f race)
		race 'xas_find / xas_store' 'xa_find+0x1/0x2' 'dump_bindings+0x10/0x20 [pmip6]'"
	expect_status 0
	verify

	promise "a race of one of these with the module is"
	vm -- bash -c "$(declare -f race)
		race 'pmip6_encap / xas_store' 'pmip6_encap+0x10/0x20 [pmip6]'"
	expect_status 126
	expect_said "vm: kernel report: BUG: KCSAN: data-race in pmip6_encap / xas_store"
	verify

	promise "so is the end of such an array while it is used"
	vm -- bash -c "$(declare -f race)
		race 'xa_destroy / xas_find' 'xa_find+0x1/0x2' 'dump_bindings+0x10/0x20 [pmip6]'"
	expect_status 126
	expect_said "vm: kernel report: BUG: KCSAN: data-race in xa_destroy / xas_find"
	verify

	promise "ordinary messages are no reports"
	vm -- sh -c "
		echo '<3>pmip6: a warning, no bug' >/dev/kmsg
		echo '<7>DEBUG: nothing' >/dev/kmsg
		echo '<4>traps: x[1] general protection fault ip:7f sp:7f error:0' >/dev/kmsg"
	expect_status 0
	verify
}

# --- Real faults, by a module.

# fault KIND [TEXT...]: the module's fault of this kind is reported, with these
# texts; without any, it is none.
fault() {
	local text kind=$1

	promise "the fault module: $kind"
	vm -- sh -c "insmod $(printf '%q' "$seen/fault-$kernel/fault.ko") kind=$kind"
	shift
	if [[ $# == 0 ]]; then
		expect_status 0
		expect_silence
	else
		expect_status 126
		for text in "vm: kernel report: " "$@"; do
			expect_said "$text"
		done
	fi
	verify
}

build_fault() {
	local kdir arch=()

	kdir=$("$vm" --kernel "$kernel" --print-kdir)
	! grep -qsx CONFIG_UML=y "$kdir/.config" || arch=(ARCH=um)
	mkdir -p "$seen/fault-$kernel"
	cp "$here/test-vm.d/"{Kbuild,fault.c} "$seen/fault-$kernel/"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$kdir" "${arch[@]}" M="$seen/fault-$kernel" modules >&2
}

test_faults() {
	build_fault
	fault none
	# Newer kernels name the place first.
	fault warn "WARNING: "
	case $kernel in
	stock | [0-9]*)
		fault null "BUG: kernel NULL pointer dereference"
		fault bug "kernel BUG at"
		;;
	uml*)
		fault null "Kernel panic - not syncing: Kernel mode fault"
		fault bug "BUG: failure at"
		# KASAN takes what SLUB writes around such an object for a fault of its own.
		[[ $kernel == uml-kasan ]] || fault cache "Objects remaining "
		fault refcount "refcount_t: addition on 0"
		;;
	esac
	case $kernel in
	uml-kasan)
		fault use-after-free "BUG: KASAN: slab-use-after-free in fault_use_after_free"
		fault overrun "BUG: KASAN: slab-out-of-bounds in fault_overrun"
		fault shift "UBSAN: shift-out-of-bounds"
		fault lock-order "WARNING: possible circular locking dependency detected"
		fault rcu "WARNING: suspicious RCU usage"
		fault sleep "BUG: sleeping function called from invalid context"
		fault timer "ODEBUG: free active"
		fault list "list_del corruption"
		promise "the fault module: a device that is never let go"
		vm -- sh -ec "
			ip link add fault0 type dummy
			insmod $(printf '%q' "$seen/fault-$kernel/fault.ko") kind=netdev
			ip link del fault0 >/dev/null 2>&1 &
			while ip link show fault0; do :; done"
		expect_status 126
		expect_said "unregister_netdevice: waiting for fault0"
		verify
		;;
	x86-kasan)
		fault use-after-free "BUG: KASAN: use-after-free in fault_use_after_free"
		fault freed-while-read "BUG: KASAN: use-after-free in read_or_replace"
		fault lock-order "WARNING: possible circular locking dependency detected"
		fault rcu "WARNING: suspicious RCU usage"
		;;
	x86-kcsan)
		fault race "BUG: KCSAN: data-race in increment [fault]"
		;;
	uml-kmemleak)
		fault leak "unreferenced object 0x" "fault_leak"
		;;
	esac
}
