# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# Debug kernels of our own in QEMU. Unlike User Mode Linux they have several
# CPUs, and unlike Debian's they look at what these do. They start as a bzImage:
# the entry of PVH runs code that KASAN checks before it has memory to do so.

. "$here/initramfs.sh"
. "$here/qemu.sh"
. "$here/build-source.sh"

default_smp=2
default_mem=2048
qemu_modules=()	# all of them built in

kernel_locate() { source_locate x86 allnoconfig bzImage "${fragments[@]}"; }
kernel_is_built() { source_is_built; }

kernel_build() {
	source_build
	vmlinuz=$KDIR/arch/x86/boot/bzImage
	kconfig=$KDIR/.config
}

kernel_start() { qemu_start; }
