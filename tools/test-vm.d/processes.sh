# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Several guests at once, and what is left of one that is interrupted.

group_is_gone() { ! pgrep -g "$1" >/dev/null; }

# We may be in the background, where a signal that is ignored stays so.
as_started_by_hand=(env "--default-signal=INT,HUP")

# interrupt SIGNAL: start one in job control, as a shell at a terminal does, give
# it SIGNAL when its command runs, and see that nothing is left.
interrupt() {
	local signal=$1 guest_group='' pid

	rm -rf "$work/tmp"
	mkdir -p "$work/tmp"
	set -m
	TMPDIR=$work/tmp "${as_started_by_hand[@]}" "$vm" --kernel "$kernel" --no-build -- \
		sh -c 'echo up; sleep 300' >"$work/stdout" 2>"$work/stderr" &
	set +m
	pid=$!
	wait_until test -s "$work/stdout" || problem "the command did not start"
	# The guest has the folder's name among its arguments, and a group of its
	# own.
	guest_group=$(pgrep -of "^[^ ]*(qemu-system-x86_64|/linux) .*$work/tmp" || :)
	if [[ -z $guest_group ]] || group_is_gone "$guest_group"; then
		problem "cannot see the guest's processes"
	fi
	kill "-$signal" "$pid" || problem "it is gone already"
	status=0
	wait "$pid" 2>/dev/null || status=$?
	expect_status $((128 + $(kill -l "$signal")))
	wait_until group_is_gone "$pid" || problem "left: $(pgrep -ag "$pid")"
	wait_until group_is_gone "${guest_group:-0}" || problem "left: $(pgrep -ag "$guest_group")"
	[[ $signal == KILL || -z $(ls -A "$work/tmp") ]] || problem "left: $(ls "$work/tmp")"
}

# A terminal is what script(1) gives; ^C is typed when the command runs.
interrupt_at_terminal() {
	rm -rf "$work/tmp"
	mkdir -p "$work/tmp"
	: >"$work/typescript"
	status=0
	{
		wait_until grep -q up "$work/typescript" || :
		printf '\003'
		wait_until grep -q interrupted "$work/typescript" || :
	} | TMPDIR=$work/tmp "${as_started_by_hand[@]}" script -qefc "$(printf '%q ' "$vm" --kernel "$kernel" --no-build -- \
		sh -c 'echo up; sleep 300')" "$work/typescript" >"$work/stdout" || status=$?
	expect_status 130
	grep -q 'vm: interrupted' "$work/typescript" || problem "it is not said"
	! pgrep -f "$work/tmp/pmip6-vm" >/dev/null || problem "left: $(pgrep -af "$work/tmp/pmip6-vm")"
	[[ -z $(ls -A "$work/tmp") ]] || problem "left: $(ls "$work/tmp")"
}

test_processes() {
	local pids=() i signal

	promise "two at once do not disturb each other"
	for i in 1 2; do
		"$vm" --kernel "$kernel" --no-build --out "$work/out$i" -- \
			sh -c "sleep 2; echo $i; echo $i >\$VM_OUT/f; exit 1$i" >"$work/stdout$i" 2>>"$work/stderr" &
		pids[i]=$!
	done
	for i in 1 2; do
		status=0
		wait "${pids[i]}" || status=$?
		expect_status "1$i"
		expect_file "$work/stdout$i" "$i"
		expect_file "$work/out$i/f" "$i"
	done
	verify

	for signal in TERM INT HUP; do
		[[ $signal == TERM ]] || boots_fast || continue
		promise "SIG$signal leaves no process and no file behind"
		interrupt "$signal"
		verify
	done

	promise "SIGKILL leaves no process behind"
	interrupt KILL
	verify

	promise "^C at a terminal ends it, and leaves nothing behind"
	interrupt_at_terminal
	verify
}
