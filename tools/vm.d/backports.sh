# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154
#
# Kernels from Debian's backports, for guests in QEMU: image, modules and headers
# are fetched into the cache and unpacked there. Nothing is installed: apt has
# folders of its own for it and none of this machine's sources, but its proxy and
# the archive's keys. What such a kernel's file has to set:
#
#	series		of kernels wanted, as 6.12
#	suite		Debian release whose backports have it
#	tools		packages to unpack beside the kernel, to build modules with;
#			if there are any, modules are built with all of them for /usr

. "$here/initramfs.sh"
. "$here/qemu.sh"
. "$here/archive.sh"

default_smp=2
default_mem=1024

backports_recipe=1	# raise it when what is below unpacks something else than before
backports_age=1440	# minutes until the archive is asked again what it has

# backports_use TREE: where things are in an unpacked one.
backports_use() {
	local file

	tree=$1
	krel=$(<"$tree/release")
	root=$tree/root
	modules=$root/usr/lib/modules/$krel
	vmlinuz=$root/boot/vmlinuz-$krel
	kconfig=$root/boot/config-$krel
	# Where there is no package of modules alone, all is beside them.
	[[ -e $vmlinuz ]] || vmlinuz=$modules/vmlinuz kconfig=$modules/config
	KDIR=$tree/kdir
	for file in "$vmlinuz" "$kconfig" "$modules/modules.dep" "$KDIR/Makefile" \
		"$KDIR/include/generated/utsrelease.h"; do
		[[ -r $file ]] || die "not in the packages of $krel: $file"
	done
}

# The tree in use is what this link points to.
kernel_locate() {
	current=$cache/$series/current-$backports_recipe
	KDIR=
	[[ ! -e $current/release ]] || backports_use "$(readlink -f "$current")"
}

kernel_is_built() { [[ -n $KDIR ]]; }
kernel_start() { qemu_start; }

kernel_build() {
	local asked=$current.asked

	# What was built before is for the kernel that was there before.
	[[ -z $KDIR || ($mode == run && -n $build) || $mode == build-only ]] || return 0
	[[ -z $KDIR || -z $(find "$asked" -mmin "-$backports_age" 2>/dev/null) ]] || return 0
	need apt-get apt-cache dpkg-deb depmod tar
	[[ $cache != *[[:space:]:]* ]] || die "the cache folder must not have spaces or colons in its name: $cache"
	[[ -z $tools || ($repo != /usr/* && $cache != /usr/*) ]] ||
		die "modules for $series are built under a /usr of their own; checkout and cache have to be elsewhere"

	lock "$series"
	kernel_locate
	if [[ -z $(find "$asked" -mmin "-$backports_age" 2>/dev/null) ]]; then
		backports_refresh
	fi
	[[ -n $KDIR ]] || backports_renew
	unlock
}

# backports_refresh: ask the archive, and take what it has; without it, what was
# taken before will do.
backports_refresh() {
	local status=0

	say "asking $mirror for kernel $series"
	mkdir -p "$cache/logs" "${current%/*}"
	spawn archive_update </dev/null >"$cache/logs/$suite-update.log" 2>&1
	await || status=$?
	if [[ $status == 0 ]]; then
		backports_renew
		: >"$current.asked"
	elif [[ -n $KDIR ]]; then
		say "it does not answer ($cache/logs/$suite-update.log); going on with $(<"$tree/version")"
		# Waiting for it again and again helps nobody: in an hour.
		touch -d "-$((backports_age - 60)) minutes" "$current.asked"
	else
		cat "$cache/logs/$suite-update.log" >&2
		die "no kernel $series in the cache, and the archive does not answer"
	fi
}

# backports_newest: the newest release of the series, as uname -r says it; if the
# series is gone, the newest that there is.
backports_newest() {
	local releases

	releases=$(archive_apt apt-cache pkgnames linux-image- |
		sed -nE 's/^linux-image-([0-9][^-]*-amd64)$/\1/p' | sort -V)
	grep "^${series//./\\.}[.+-]" <<<"$releases" | tail -n 1 | grep . || tail -n 1 <<<"$releases"
}

# backports_closure PACKAGE...: what would be installed where nothing is, as
# NAME=VERSION.
backports_closure() {
	archive_apt apt-get -qq --simulate install "$@" | sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*/\1=\2/p'
}

# backports_packages RELEASE: what to fetch. Of what image and headers depend on,
# the kernel's own; of what the tools do, all.
backports_packages() {
	local wanted=()

	read -ra wanted <<<"$tools"
	{
		backports_closure "linux-image-$1" "linux-headers-$1" | grep '^linux-' | grep -v '^linux-compiler-'
		[[ ${#wanted[@]} == 0 ]] || backports_closure "linux-headers-$1" "${wanted[@]}"
	} | sort -u
}

# backports_renew: what the archive has, as of when it was asked last, into use.
backports_renew() {
	local release packages version name

	release=$(backports_newest)
	[[ -n $release ]] || die "$mirror has no kernel in $suite-backports"
	packages=$(backports_packages "$release")
	version=$(sed -n "s/^linux-headers-$release=//p" <<<"$packages")
	[[ -n $version ]] || die "apt does not say which packages $release consists of"
	name=$release-$({
		echo "$backports_recipe $suite $tools"
		echo "$packages"
	} | digest)
	[[ $release == "$series"[.+-]* ]] || say "$suite-backports has no $series any more; the newest is $release"
	say "kernel $series is $release ($version)"

	if [[ ! -e $cache/$series/$name/release ]]; then
		backports_fetch "$cache/$series/$name.new"
		step "$cache/logs/$series-unpack.log" "unpacking them" \
			backports_unpack "$cache/$series/$name.new" "$release" "$version"
		rm -rf "$cache/${series:?}/$name"
		mv "$cache/$series/$name.new" "$cache/$series/$name"
	fi
	ln -sfn "$name" "$current.new"
	mv -T "$current.new" "$current"
	touch "$cache/$series/$name"
	backports_use "$cache/$series/$name"
	backports_prune
}

# A guest may still run with the tree before this one.
backports_prune() {
	find "$cache/$series" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n +3 | cut -d' ' -f2- | xargs -rd '\n' rm -rf
}

# backports_fetch TREE: the packages, into TREE/debs. apt checks what it fetches by
# the digests that the archive signed.
backports_fetch() {
	rm -rf "$1"
	mkdir -p "$1/debs"
	step "$cache/logs/$series-fetch.log" "fetching $(wc -l <<<"$packages") packages" \
		backports_download "$1/debs" "$packages"
}

backports_download() {
	cd "$1" || return
	# shellcheck disable=SC2086	# one a line
	archive_apt apt-get download $2
}

# backports_unpack TREE RELEASE VERSION
backports_unpack() {
	local tree=$1 root=$1/root deb link headers

	mkdir -p "$root/usr"
	for link in bin sbin lib lib64; do
		mkdir "$root/usr/$link"
		ln -s "usr/$link" "$root/$link"
	done
	for deb in "$tree"/debs/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -C "$root" -x --no-same-owner --keep-directory-symlink \
			--exclude='./usr/share/*' --exclude='./etc/*' --exclude='./var/*'
	done
	rm -r "$tree/debs"
	# That of the package's scripts.
	[[ ! -e $root/usr/bin/mawk || -e $root/usr/bin/awk ]] || ln -s mawk "$root/usr/bin/awk"
	depmod -b "$root" "$2"

	headers=$root/usr/src/linux-headers-$2
	if [[ -n $tools ]]; then
		backports_kdir "$tree" "/usr/src/linux-headers-$2"
	else
		sed -i "s|/usr/src/|$cache/$series/$(basename "$tree" .new)/root/usr/src/|" "$headers/Makefile"
		ln -s "root/usr/src/linux-headers-$2" "$tree/kdir"
	fi
	echo "$3" >"$tree/version"
	echo "$2" >"$tree/release"
}

# backports_kdir TREE HEADERS: a build folder, as make -C takes it, that has the
# work done where the tree's /usr is /usr. Everything else is where it always is.
backports_kdir() {
	local kdir=$1/kdir

	mkdir -p "$kdir/include"
	ln -s "../root$2/.config" "$kdir/.config"
	ln -s "../../root$2/include/generated" "$kdir/include/generated"
	cat >"$kdir/Makefile" <<-END
		# The headers of this kernel come with tools that need a newer libc than this
		# machine may have.
		here := \$(dir \$(abspath \$(lastword \$(MAKEFILE_LIST))))
		modules:
		%: ; +@\$(here)enter make -C $2 \$@
	END
	cat >"$kdir/enter" <<-'END'
		#!/bin/sh
		# Runs a command where the /usr of this tree is /usr.
		set -eu
		tree=$(cd "$(dirname "$0")/.." && pwd -P)
		options=--mount
		[ "$(id -u)" = 0 ] || options='--mount --map-root-user'
		# shellcheck disable=SC2016,SC2086
		exec unshare $options sh -euc '
			mount --bind "$0/root/usr" /usr
			PATH=/usr/sbin:/usr/bin
			exec "$@"' "$tree" "$@"
	END
	chmod 755 "$kdir/enter"
}
