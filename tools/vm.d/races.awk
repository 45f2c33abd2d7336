# SPDX-License-Identifier: GPL-2.0
#
# A kernel log without the headlines of data races that are not a module's: the
# kernel has some of its own, known and harmless. A race is a module's if one is
# in either stack; until the end of the report its lines are held back.

function print_held(keep,    i) {
	for (i = 1; i <= count; i++)
		print keep || held[i] !~ /KCSAN: / ? held[i] : ""
	count = 0
}

count && /====================/ { held[++count] = $0; print_held(ours); next }
/BUG: KCSAN: / { print_held(ours); ours = 0; held[++count] = $0; next }
count { held[++count] = $0; ours = ours || / \[[a-z0-9_]+\]$/; next }
{ print }
END { print_held(1) }
