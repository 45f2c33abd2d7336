# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests in User Mode Linux: an ordinary process (and one for each address
# space in it) that runs the kernel natively.

# uml_has_room DIR: can the guest's memory, a file that it runs code from, be there?
# In many containers /dev/shm is small, and the guest would die of SIGBUS; or
# nothing may be executed from it.
uml_has_room() {
	local avail options

	avail=$(df --output=avail -BM "$1" 2>/dev/null | tail -n 1 | tr -dc 0-9) || return
	options=$(findmnt -n -o OPTIONS -T "$1") || return
	((${avail:-0} > mem)) && [[ ,$options, != *,noexec,* ]]
}

# uml_start KREL: boot it; $child is then the guest. The initramfs needs no
# modules, everything is built in; but thanks to it the host's root is never
# mounted other than read-only.
uml_start() {
	local krel=$1 tmp=/dev/shm

	need setpriv findmnt
	initramfs "$krel"

	[[ $run != *[[:space:],]* ]] || die "TMPDIR must not have spaces or commas in its name: $run"
	uml_has_room "$tmp" || tmp=$run

	# Where seccomp is not for us the guest traces its processes, which takes longer.
	# A panic is an abort(); no core files. Kernel messages go to stdout, and
	# there is no other console.
	ulimit -c 0
	spawn env TMPDIR="$tmp" setpriv --pdeathsig KILL \
		"$KDIR/linux" mem="${mem}M" initrd="$initramfs" uml_dir="$run" umid=uml \
		seccomp=auto \
		con=null ssl=null con0=null,fd:1 loglevel=5 oops=panic panic=-1 slab_nomerge \
		printk.time=1 printk.devkmsg=on vm_root=hostfs vm_share="$run/share" \
		</dev/null >"$run/console.log" 2>"$run/guest.log"

	# --pdeathsig: should tools/vm be killed with -9, so is its guest. But the
	# kernel has a helper process that outlives it, so end the whole group.
	# shellcheck disable=SC2016	# for perl to expand
	setpriv --pdeathsig TERM perl -e '
		$SIG{TERM} = sub { kill KILL => -$ARGV[0]; exit };
		sleep while 1' "$child" </dev/null >/dev/null 2>&1 &
	guard=$!
	disown "$guard"		# its end is no news
}
