# SPDX-License-Identifier: GPL-2.0
#
# A kernel log without the headlines of data races that are not the module's: the
# kernel has some of its own, known and harmless. A race is the module's if it is
# in either stack; until the end of the report its lines are held back.

function print_held(keep,    i) {
	for (i = 1; i <= count; i++)
		print keep || held[i] !~ /KCSAN: / ? held[i] : ""
	count = 0
}

count && /====================/ { held[++count] = $0; print_held(ours); next }
/BUG: KCSAN: / { print_held(ours); ours = 0; held[++count] = $0; next }
count { held[++count] = $0; ours = ours || /\[pmip6\]/; next }
{ print }
END { print_held(1) }
