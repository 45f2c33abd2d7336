# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# stock: the newest installed kernel of Debian's own release, as a user has it,
# whose headers are installed too. In QEMU, so that there can be several CPUs.
# Kernels from backports are not "stock"; they have files of their own.

. "$here/initramfs.sh"
. "$here/qemu.sh"

default_smp=2
default_mem=1024

kernel_locate() {
	krel=$(
		for image in /boot/vmlinuz-*-amd64; do
			release=${image#/boot/vmlinuz-}
			[[ $release != *@(+bpo|+deb|-cloud-|-rt-)* ]] || continue
			[[ -e /lib/modules/$release/build/Makefile ]] || continue
			echo "$release"
		done | sort -V | tail -n 1
	)
	[[ -n $krel ]] || die "no kernel in /boot that has its headers in /lib/modules/VERSION/build (run tools/deps)"
	KDIR=/lib/modules/$krel/build
	vmlinuz=/boot/vmlinuz-$krel
	kconfig=/boot/config-$krel
	modules=	# they are in the host's /lib/modules
	[[ -r $vmlinuz ]] || die "cannot read $vmlinuz"
}

kernel_is_built() { :; }
kernel_build() { :; }
kernel_start() { qemu_start; }
