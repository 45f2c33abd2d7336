# SPDX-License-Identifier: GPL-2.0
#
# A kernel log without the headlines of data races that are not a module's: the
# kernel has some of its own, known and harmless. A race is a module's if one is in
# either stack, and not only in what an interrupt came upon; until the end of the
# report its lines are held back. Of an XArray that is changed while it is walked they
# are the kernel's, whoever has called it: one of them has its lock, and the other one is
# under RCU, for which lib/xarray.c does not mark all that it writes. One that is
# destroyed is the module's.

function print_held(keep,    i) {
	for (i = 1; i <= count; i++)
		print keep || held[i] !~ /KCSAN: / ? held[i] : ""
	count = 0
}

count && /====================/ { held[++count] = $0; print_held(ours); next }
/BUG: KCSAN: / {
	print_held(ours)
	ours = interrupted = 0
	inside = / data-race in (xas_store \/ xas_[a-z_]+|xas_[a-z_]+ \/ xas_store)$/
	held[++count] = $0
	next
}
count {
	held[++count] = $0
	if (/ to 0x[0-9a-f]+ of /)
		interrupted = 0
	if (/ asm_[a-z0-9_]*interrupt\+/)
		interrupted = 1
	ours = ours || !inside && !interrupted && / \[[a-z0-9_]+\]$/
	next
}
{ print }
END { print_held(1) }
