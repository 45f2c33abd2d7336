#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the KUnit suites of the module and prints their results as one KTAP
# document. For a kernel with KUnit:
#
#	tools/vm --kernel uml -- selftests/kunit.sh
#
# Fails if a test failed or was skipped, if a suite did not run to its end, and
# if there are other suites than these:

suites='pmip6_binding pmip6_lifetime pmip6_expiry_set pmip6_encap pmip6_decap pmip6_local
	pmip6_classifier pmip6_selector'

set -eu

modules=${1:-build/module/$(uname -r)}

fail() {
	echo "kunit.sh: $*" >&2
	exit 1
}

# A guest ends anyway; and now and then User Mode Linux hangs when the memory
# of a module is given back.
unload() {
	status=$?
	trap - EXIT
	[ -z "${VM:-}" ] || exit "$status"
	for module in pmip6_kunit pmip6; do
		[ ! -e "/sys/module/$module" ] || rmmod "$module" || status=1
	done
	exit "$status"
}

# What the kernel has said since the line that has $1 in it. The files below
# debugfs do not do: KUnit cuts each test's part of them off after 512 octets.
log_since() {
	dmesg | sed -e 's/^\[[^]]*\] //' | sed -e "1,/$1/d"
}

# The lines of KTAP as they are, others as its diagnostics; complaints to
# standard error, and a status.
check() {
	awk -v wanted="$suites" '
	function wrong(what) {
		fflush()
		print "kunit.sh: " what >"/dev/stderr"
		bad = 1
	}
	BEGIN {
		count = split(wanted, name)
		for (i = 1; i <= count; i++)
			expected[name[i]] = 1
		print "KTAP version 1"
		print "1.." count
	}
	!/^ *(KTAP version |#|1\.\.[0-9]|(not )?ok [0-9])/ {
		print "# " $0
		next
	}
	{ print }
	/^    # Subtest: / { suite = $3; planned = -1; ran = 0 }
	/^    1\.\./ { planned = substr($1, 4) + 0 }
	/^    (not )?ok / { ran++; total++ }
	/^    not ok / { failed++ }
	/^not ok / { bad = 1 }
	/^ *ok .*# SKIP/ { skipped++ }
	/^(not )?ok / {
		if ($NF != suite || ran != planned || !ran)
			wrong($0 ": " ran " tests of " planned " ran")
		if (!(suite in expected))
			wrong("unexpected suite: " suite)
		delete expected[suite]
		done++
	}
	END {
		for (suite in expected)
			wrong("suite did not run: " suite)
		if (failed)
			wrong("tests failed: " failed)
		if (skipped)
			wrong("skipped: " skipped)
		printf "# suites=%d tests=%d failed=%d\n", done, total, failed
		exit bad
	}'
}

[ "$(id -u)" = 0 ] || fail "must be root, to load modules"
for module in pmip6 pmip6_kunit; do
	[ -e "$modules/$module.ko" ] ||
		fail "no $modules/$module.ko: make module KDIR=..., for a kernel with CONFIG_KUNIT"
	[ ! -e "/sys/module/$module" ] || fail "$module is loaded already: rmmod it first"
done

depends=$(modinfo -F depends "$modules/pmip6.ko" | tr , ' ')
# shellcheck disable=SC2086	# a list
[ -z "$depends" ] || modprobe -a $depends
# The suites' own need of KUnit and of pmip6.
modprobe -q kunit || :

trap unload EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
marker="kunit.sh: run $$ at $(cut -d ' ' -f 1 /proc/uptime)"
echo "$marker" >/dev/kmsg || fail "cannot write to /dev/kmsg"
insmod "$modules/pmip6.ko"
insmod "$modules/pmip6_kunit.ko"
log_since "$marker" | check
