# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernel log: putting it together, looking for reports, showing, keeping.

export LC_ALL=C		# what a log contains need not be UTF-8

# patterns FILE: its regular expressions, without the comments.
patterns() { grep -vE '^(#|$)' "$here/$1" || :; }

# log_join CONSOLE DMESG: the two records of one kernel log as one. The console
# has what came before a crash, and what the command hid with `dmesg -C`; dmesg
# has the lines below the console's level, and what it hid with `dmesg -n`.
log_join() {
	tr -d '\r' <"$1" | awk '
	# Lines without a time belong to the one before them.
	match($0, /^\[ *[0-9]+\.[0-9]+\]/) { time = substr($0, 2, RLENGTH - 2) + 0 }
	FILENAME == ARGV[1] { in_dmesg[$0] = 1 }
	FILENAME == ARGV[1] || !(/^\[[ 0-9.]+\] *$/ || $0 in in_dmesg) { printf "%.6f\t%s\n", time, $0 }
	' "$2" - | sort -s -n -k1,1 | cut -f2-
}

# log_reports FILE: "number:line" of each line that is a report.
log_reports() {
	local log

	log=$(awk -f "$here/races.awk" "$1") || { echo "0:the log could not be read"; return; }
	grep -anE -f <(patterns reports) <<<"$log" | grep -avE -f <(patterns ignore) || :
}

# log_check FILE WHERE: show the reports of a log that is kept at WHERE. False
# when there are any.
log_check() {
	local matches first last count

	matches=$(log_reports "$1")
	[[ -n $matches ]] || return 0
	count=$(wc -l <<<"$matches")
	first=${matches%%:*}
	last=$(tail -n 1 <<<"$matches" | cut -d: -f1)

	# From just before the first to well after the last, which for most
	# reports is the whole call trace.
	first=$((first > 3 ? first - 3 : 1))
	last=$((last + 60 < first + 199 ? last + 60 : first + 199))
	sed -n "${first},${last}p" "$1" | sed 's/^/    /' >&2
	say "kernel report: $(head -n 1 <<<"$matches" | sed -E 's/^[0-9]+://; s/^\[ *[0-9.]+\] *//')"
	((count == 1)) || say "lines of the kernel log that are, or belong to, a report: $count"
	say "the whole kernel log: $2"
	return 1
}

# log_keep FILE: keep the log, with --out there, else among the last ten in the
# cache. Sets $kept to where.
log_keep() {
	local folder=$cache/logs/kernel

	if [[ -n $out ]]; then
		kept=$out/kernel.log
		cp "$1" "$kept"
		return
	fi
	mkdir -p "$folder"
	kept=$folder/$(date +%Y%m%d-%H%M%S)-$kernel-$$.log
	cp "$1" "$kept"
	# Somebody else may be doing the same.
	find "$folder" -name '*.log' -printf '%T@ %p\n' 2>/dev/null |
		sort -rn | tail -n +11 | cut -d' ' -f2- | xargs -rd '\n' rm -f || :
}
