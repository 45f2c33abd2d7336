# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests in QEMU: which accelerator, and the start.

# What the initramfs needs to reach the host's root.
qemu_modules=(virtio_pci 9pnet_virtio 9p overlay)

# qemu_image: sets $image to the ELF kernel inside $vmlinuz, which QEMU can start
# directly (PVH): to unpack itself takes a bzImage 3 s when emulated. A kernel
# that does not allow it, by its $kconfig, starts as the bzImage that it is.
qemu_image() {
	image=$vmlinuz
	grep -qsx CONFIG_PVH=y "$kconfig" || return 0
	image=$cache/image/$krel-$(stat -Lc '%s-%Y' "$vmlinuz")
	[[ ! -e $image ]] || return 0
	lock "image:$krel"
	[[ -e $image ]] || step "$cache/logs/image-$krel.log" "unpacking $vmlinuz" qemu_unpack "$vmlinuz" "$image"
	unlock
}

# The bzImage's header is in Documentation/x86/boot.rst: setup_sects at 0x1f1,
# payload offset and length at 0x248 and 0x24c, the last 4 octets not compressed.
qemu_unpack() {
	local bzimage=$1 to=$2 setup offset length unpack

	read -r setup < <(od -An -tu1 -j 0x1f1 -N 1 "$bzimage")
	read -r offset length < <(od -An -tu4 -w8 -j 0x248 -N 8 "$bzimage")
	mkdir -p "${to%/*}"
	for unpack in xz zstd gzip lz4; do
		dd if="$bzimage" iflag=skip_bytes,count_bytes bs=64K status=none \
			skip=$(((setup + 1) * 512 + offset)) count=$((length - 4)) |
			"$unpack" -dc >"$to.new" || continue
		[[ $(head -c 4 "$to.new") == $'\x7fELF' ]] || continue
		mv "$to.new" "$to"
		return
	done
	return 1
}

# qemu_command IMAGE CONSOLE ACCEL...: sets $qemu and $cmdline, the arguments and
# the kernel's parameters that every boot has.
qemu_command() {
	local image=$1 log=$2

	shift 2
	qemu=(
		qemu-system-x86_64 "$@" -no-user-config -nodefaults -no-reboot
		-display none -monitor none -serial "file:${log//,/,,}"
		-kernel "$image" -initrd "$initramfs"
	)
	# oops=panic panic=-1: an oops ends the guest now, not at the timeout.
	# loglevel=5: the console gets warnings and worse, oops lines included;
	# the rest comes with dmesg at the end.
	# no_timer_check: on a machine that is busy, an emulated timer can miss the
	# moment in which the kernel looks whether it ticks, and that is a panic.
	cmdline="console=ttyS0 loglevel=5 oops=panic panic=-1 printk.time=1 printk.devkmsg=on log_buf_len=2M mitigations=off"
	# Objects of the module's caches are counted: see user/tests/netlink/memory.c.
	cmdline+=" no_timer_check slab_nomerge"
}

# qemu_accel IMAGE: sets $accel. /dev/kvm may be there and refuse, or hang the
# guest, so it has to have booted once since the machine did.
qemu_accel() {
	local image=$1 boot verdict qemu cmdline

	# shellcheck disable=SC2154	# of tools/vm
	if [[ -n $icount ]]; then
		# A string instruction counts once for each octet: so those without.
		accel=(-accel "tcg,thread=single" -cpu "max,erms=off,fsrm=off" -icount "shift=0,sleep=off")
		return
	fi
	accel=(-accel "tcg,thread=multi" -cpu max)
	[[ -r /dev/kvm && -w /dev/kvm ]] || return 0
	boot=$(</proc/sys/kernel/random/boot_id)
	verdict=$cache/kvm-$boot
	if [[ ! -e $verdict ]]; then
		lock kvm
		if [[ ! -e $verdict ]]; then
			say "trying KVM"
			rm -f "$cache"/kvm-*
			qemu_command "$image" "$run/kvm.log" -accel kvm -cpu host
			spawn timeout --signal=KILL 20 "${qemu[@]}" -m 512M -append "$cmdline vm_root=none" \
				</dev/null >"$run/kvm.err" 2>&1
			await || :
			if grep -qs 'vm: guest: booted' "$run/kvm.log"; then
				echo yes >"$verdict"
			else
				say "KVM does not work here; emulating"
				echo no >"$verdict"
			fi
		fi
		unlock
	fi
	[[ $(<"$verdict") == no ]] || accel=(-accel kvm -cpu host)
}

# qemu_start: boot $vmlinuz; $child is then the guest.
qemu_start() {
	local image accel qemu cmdline

	need qemu-system-x86_64 setpriv
	qemu_image
	initramfs "$krel" "${qemu_modules[@]}"
	qemu_accel "$image"
	qemu_command "$image" "$run/console.log" "${accel[@]}"
	# --pdeathsig: should tools/vm be killed with -9, so is its guest.
	spawn setpriv --pdeathsig KILL "${qemu[@]}" -smp "$smp" -m "${mem}M" -append "$cmdline vm_root=9p" \
		-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap" \
		-virtfs "local,path=${run//,/,,}/share,mount_tag=vm,security_model=none,multidevs=remap" \
		</dev/null >"$run/guest.log" 2>&1
}
