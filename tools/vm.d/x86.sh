# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debug kernels of our own in QEMU. Unlike User Mode Linux they have several
# CPUs, and unlike Debian's they look at what these do.

. "$here/initramfs.sh"
. "$here/qemu.sh"
. "$here/build-source.sh"

default_smp=2
default_mem=2048
qemu_modules=()	# all of them built in

kernel_locate() { source_locate x86 allnoconfig vmlinux "${fragments[@]}"; }
kernel_is_built() { source_is_built; }

kernel_build() {
	source_build
	krel=$(<"$KDIR/include/config/kernel.release")
	modules=$KDIR/install/lib/modules/$krel
}

qemu_image() { image=$KDIR/vmlinux; }
kernel_start() { qemu_start; }
