#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The clock of one gateway is wrong by 10 s: both ends tell the operator, with by
# how much; the others and theirs do not notice; and once it is right, those who
# were refused are served.

. "$(dirname "$0")/agents.sh"

# No namespace has a clock of its own, so what this gateway reads of the wall
# clock is shifted by what a file says, in ms.
shifted_clock() {
	printf '%-16d' 0 >"$work/shift"
	cat >"$work/shift.c" <<-'END_OF_SOURCE'
		#include <fcntl.h>
		#include <stdlib.h>
		#include <sys/mman.h>
		#include <sys/syscall.h>
		#include <time.h>
		#include <unistd.h>

		static const char *shift;

		__attribute__((constructor)) static void start(void)
		{
			int fd = open(getenv("SHIFT"), O_RDONLY);
			void *map = mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);

			if (map == MAP_FAILED)
				abort();
			shift = map;
		}

		int clock_gettime(clockid_t id, struct timespec *ts)
		{
			int error = (int)syscall(SYS_clock_gettime, id, ts);
			long ms;

			if (error || id != CLOCK_REALTIME || !shift)
				return error;
			ms = atol(shift);
			ts->tv_sec += ms / 1000;
			return 0;
		}
	END_OF_SOURCE
	gcc -O1 -shared -fPIC -o "$work/shift.so" "$work/shift.c"
	cat >"$work/pmip6d" <<-END_OF_WRAPPER
		#!/bin/sh
		case \$2 in
		*/mag1.conf) export SHIFT="$work/shift" LD_PRELOAD="$work/shift.so" ;;
		esac
		exec "$pmip6d" "\$@"
	END_OF_WRAPPER
	chmod +x "$work/pmip6d"
	pmip6d=$work/pmip6d
}

# shift_clock MS: as if it were set; whoever waits for that is told.
shift_clock() {
	printf '%-16d' "$1" | dd of="$work/shift" conv=notrunc status=none
	py <<-'END'
		# To what it is, which is not noticed otherwise.
		time.clock_settime(time.CLOCK_REALTIME, time.time())
	END
}

# difference NS PATTERN: what the last such line of its log says, in ms
difference() {
	grep -E -- "$2" "$work/$1.log" |
		sed -n 's/.* clock-difference=\(-\?[0-9]*\)ms.*/\1/p' | tail -n 1
}

# refused_by MS: someone who comes to the gateway whose clock is ahead by that
refused_by() {
	local refused

	# RULE: B-LMA-49 B-LMA-52
	says lma "event=pbu-refused .*mn=$STILL_ID .*mag=$MAG1 .*status=156" still_attach
	# RULE: B-MAG-55
	wait_for 20 equals refused mn mag1 $STILL_ID state || fail "it is not refused"
	said mag1 "event=refused .*mn=$STILL_ID .*status=156 .*clock.*synchronise" ||
		fail "the gateway does not tell what to do"
	# The one says how far the other is ahead.
	within "$(difference mag1 "event=refused .*mn=$STILL_ID .*status=156")" \
		$((-$1 - 2000)) $((-$1 + 2000)) "difference that the gateway tells"
	within "$(difference lma "event=pbu-refused .*mn=$STILL_ID .*status=156")" \
		$(($1 - 2000)) $(($1 + 2000)) "difference that the anchor tells"
	# Not as long as it is wrong, though it would be asked again each second.
	refused=$(astat lma refused)
	not wait_for 3 at_least $((refused + 1)) astat lma refused ||
		fail "it asks again, with a clock that is wrong"
	# RULE: B-MAG-19 B-MAG-80
	is "$(address still)" "" "address of one who was refused"
	is "$(mn lma $STILL_ID state)" "" "state at the anchor"
}

case_elsewhere() {
	move mag1 mag2
	served mn mag2 $MN_ID
	address mn >"$work/address"
	pinging cn "$(<"$work/address")"
	echo "$pinger" >"$work/pinger"
	shift_clock 10000
	refused_by 10000
	is_active mag2 $MN_ID || fail "one at another gateway is not active"
	ping_ends
	is "$lost" 0 "pings that were lost at another gateway"
}

case_right_again() {
	shift_clock 0
	# RULE: B-MAG-55
	served still mag1 $STILL_ID
	ping_ok cn "$(address still)" 3
	still_detach
	wait_for 20 gone_from mag1 $STILL_ID || fail "the gateway keeps it"
	wait_for 20 gone_from lma $STILL_ID || fail "the anchor keeps it"
	# Linux keeps addresses when a link goes.
	ipn still -6 addr flush dev eth0 scope global
}

case_behind() {
	shift_clock -10000
	refused_by -10000
	is_active mag2 $MN_ID || fail "one at another gateway is not active"
	shift_clock 0
	served still mag1 $STILL_ID
}

# What is there when a clock goes wrong is refused when it is to be extended, and
# is back when it is right.
case_while_served() {
	says lma "event=pbu-refused .*mn=$STILL_ID .*status=156" shift_clock 10000
	wait_for 20 equals refused mn mag1 $STILL_ID state || fail "it is not refused"
	is_active mag2 $MN_ID || fail "one at another gateway is not active"
	shift_clock 0
	served still mag1 $STILL_ID
	wait_for 20 equals active mn lma $STILL_ID state || fail "not at the anchor"
	ping_ok cn "$(address still)" 3
	ping_ok cn "$(<"$work/address")" 3
}

shifted_clock
agent_topology
agent_configs "MinDelayBeforeBCEDelete = 500" "lifetime = 12
	retry-after-refusal = 1"
sed -i 's/TimestampValidityWindow = .*/TimestampValidityWindow = 5000/' "$work/lma.conf"
agents_start lma mag1 mag2
run_cases \
	elsewhere "10 s ahead: refused, told at both ends, and no matter elsewhere" \
	right_again "with the right time it is served" \
	behind "10 s behind: the same" \
	while_served "a clock that goes wrong, and right again, later" \
	end "the agents end"
