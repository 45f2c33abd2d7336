# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every part of tools/vm uses: messages, the cache, children and steps.

exec {stderr}>&2	# say may be called where stderr is silenced
say() { printf 'vm: %s\n' "$*" >&"$stderr"; }
die() { say "$@"; quit 125; }

# quit STATUS: the way to end; cleanup takes any other end for a fault of ours.
quit() { meant=y; exit "$1"; }

# need PROGRAM...: refuse early, with the remedy, when a program is missing.
need() {
	local program missing=()

	for program; do
		type -P "$program" >/dev/null || missing+=("$program")
	done
	[[ ${#missing[@]} == 0 ]] || die "not installed: ${missing[*]} (run tools/deps)"
}

# spawn COMMAND...: run it, a function included, in the background and in a
# process group of its own. A Ctrl-C at the terminal thus reaches tools/vm
# alone, which then ends the whole group. Sets $child.
spawn() {
	set -m
	"$@" &
	child=$!
	set +m
}

# await: the status of $child. Unlike a foreground command, `wait` is
# interrupted by a signal, so that its trap runs at once.
await() {
	local status=0

	wait "$child" 2>/dev/null || status=$?
	child=
	return "$status"
}

# kill_child: end $child and everything that it started, and leave no zombie.
kill_child() {
	[[ -n ${child:-} ]] || return 0
	kill -KILL -- "-$child" 2>/dev/null || :
	await || :
}

# step LOG TEXT COMMAND...: one line of progress; when the command fails, the
# end of its output.
step() {
	local log=$1 text=$2 status=0

	shift 2
	say "$text"
	mkdir -p "${log%/*}"
	spawn "$@" </dev/null >"$log" 2>&1
	await || status=$?
	if [[ $status != 0 ]]; then
		tail -n 40 "$log" >&2
		say "failed with status $status: $text"
		die "the whole log: $log"
	fi
}

# lock NAME: one builder at a time, until unlock. Waiting in short turns rather
# than in flock(1) keeps tools/vm open to signals.
lock() {
	local told=

	mkdir -p "$cache/lock"
	exec {lock_fd}>"$cache/lock/$1"
	until flock --nonblock "$lock_fd"; do
		[[ -n $told ]] || say "waiting for another tools/vm to finish ${1%%:*}"
		told=y
		sleep 0.3
	done
}

unlock() { exec {lock_fd}>&-; }

# digest: a short name for what comes in.
digest() { sha256sum | cut -c1-12; }
