# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The initramfs of every guest: busybox, initramfs-init, and the modules that it
# takes to reach the host's root.

# How busybox is called there.
initramfs_applets=(sh mount umount mkdir mknod insmod ln ip poweroff sleep switch_root)

# initramfs KREL [MODULE...]: sets $initramfs to one with these modules of that
# kernel and what they need, built if it is not in the cache. They are in $modules,
# or where the host has its own.
initramfs() {
	local krel=$1 inputs

	need busybox cpio modprobe
	inputs=("$(type -P busybox)")
	# A kernel's package may be replaced without taking a new name.
	[[ $# == 1 ]] || inputs+=("${modules:-/lib/modules/$krel}/modules.dep")
	initramfs=$cache/initramfs/$krel-$({
		echo "$*"
		stat -Lc '%n %s %Y' "${inputs[@]}"
		cat "$here/initramfs-init" "$here/initramfs.sh"
	} | digest)
	[[ ! -e $initramfs ]] || return 0

	lock "initramfs:$krel"
	[[ -e $initramfs ]] || step "$cache/logs/initramfs-$krel.log" "building the initramfs for $krel" initramfs_pack "$@"
	unlock
}

initramfs_pack() {
	local krel=$1 root=$initramfs.d kind path name

	shift
	rm -rf "$root"
	mkdir -p "$root"/{bin,proc,lower,upper,share,root,modules}
	cp "$(type -P busybox)" "$root/bin/busybox"
	for name in "${initramfs_applets[@]}"; do
		ln -s busybox "$root/bin/$name"
	done
	cp "$here/initramfs-init" "$root/init"
	chmod 755 "$root/init"

	# The answer is lines of "insmod PATH", dependencies first, or "builtin
	# NAME".
	for name; do
		modprobe -d "${modules%/lib/modules/*}/" --set-version "$krel" --show-depends "$name"
	done >"$root.modules"
	: >"$root/modules/order"
	while read -r kind path _; do
		[[ $kind == insmod ]] || continue
		name=${path##*/} name=${name%.xz} name=${name%.zst}
		[[ ! -e $root/modules/$name ]] || continue
		case $path in
		*.xz) xz -dc "$path" ;;
		*.zst) zstd -dqc "$path" ;;
		*) cat "$path" ;;
		esac >"$root/modules/$name"
		echo "$name" >>"$root/modules/order"
	done <"$root.modules"

	(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$initramfs.new"
	mv "$initramfs.new" "$initramfs"
	rm -rf "$root" "$root.modules"
}
