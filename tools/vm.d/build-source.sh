# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Builds a kernel of one of Debian's source packages, once per configuration:
# source_locate says which, source_build builds it. The package is that of Debian
# 12, installed; where a kernel's file sets $suite and $series, it is the one that
# the backports of that release have when it is first asked for.

source_recipe=1	# raise it when what is below builds something else than before
source_patches=()	# to be applied to it

# source_find: sets what is known of the package; without a version it has still to
# be fetched.
source_find() {
	local there

	source_version=
	if [[ -z ${suite:-} ]]; then
		source_package=linux-source-6.1
		source_tarball=/usr/src/$source_package.tar.xz
		need dpkg-query
		source_version=$(dpkg-query -W -f '${Version}' "$source_package" 2>/dev/null) || source_version=
		[[ -n $source_version && -r $source_tarball ]] || die "not installed: $source_package (run tools/deps)"
		return
	fi
	there=$cache/source/$suite-$series
	[[ -e $there/package ]] || return 0
	read -r source_package source_version <"$there/package"
	source_tarball=$there/usr/src/$source_package.tar.xz
}

# source_locate ARCH BASE TARGET FRAGMENT...: where source and build of this
# configuration are, built or not: the make targets BASE, on which it is founded,
# and TARGET, the image; its fragments are names below config/, and the last of
# them is the flavour's. Everything that goes into the build is in the folder's
# name (comments do not), so that what is there is never out of date.
source_locate() {
	local fragment config

	source_asked=("$@")
	source_arch=$1 source_base=$2 source_target=$3
	shift 3
	source_fragments=()
	for fragment; do
		source_fragments+=("$here/config/$fragment.config")
	done
	source_flavour=${*: -1}

	source_find
	KDIR=
	[[ -n $source_version ]] || return 0
	source_tree=$cache/src/$source_package-${source_version//[^[:alnum:].+-]/_}
	((!${#source_patches[@]})) || source_tree+=-$(cat "${source_patches[@]}" | digest)
	config=$(echo "$source_recipe $source_tree"; grep -hE '^(# )?CONFIG_' "${source_fragments[@]}")
	KDIR=$cache/$source_flavour/${source_version//[^[:alnum:].+-]/_}-$(digest <<<"$config")
}

source_is_built() { [[ -n $KDIR && -e $KDIR/.complete ]]; }

# source_build: afterwards the kernel is there, and its release and modules known.
source_build() {
	source_is_built || source_build_new
	krel=$(<"$KDIR/include/config/kernel.release")
	modules=$KDIR/install/lib/modules/$krel
}

source_build_new() {
	[[ -n $source_version ]] || source_fetch
	need make gcc flex bison bc xz patch
	# The kernel's makefiles refuse both.
	[[ $cache != *[[:space:]:]* ]] || die "the cache folder must not have spaces or colons in its name: $cache"

	lock "$source_flavour:$source_version"
	if ! source_is_built; then
		source_unpack
		rm -rf "$KDIR"
		step "$cache/logs/$source_flavour-config.log" "configuring $source_flavour" source_configure
		step "$cache/logs/$source_flavour-build.log" \
			"building $source_flavour ($source_package $source_version); takes minutes, once" source_compile
		: >"$KDIR/.complete"
	fi
	unlock
}

# source_fetch: the newest of the series; if that is gone, the newest that there is.
source_fetch() {
	local there=$cache/source/$suite-$series

	need apt-get apt-cache dpkg-deb
	lock "source:$suite-$series"
	if [[ ! -e $there/package ]]; then
		rm -rf "$there" "$there.new"
		mkdir -p "$there.new"
		step "$cache/logs/source-$series.log" "fetching the source of kernel $series" \
			source_download "$there.new"
		mv "$there.new" "$there"
	fi
	unlock
	source_locate "${source_asked[@]}"
}

source_download() {
	local name names

	archive_update
	names=$(archive_apt apt-cache pkgnames linux-source- | grep -E '^linux-source-[0-9]+\.[0-9]+$' | sort -V)
	name=linux-source-$series
	grep -qxF "$name" <<<"$names" || name=$(tail -n 1 <<<"$names")
	[[ -n $name ]] || { echo "$mirror has no source of a kernel in $suite-backports"; return 1; }
	cd "$1" || return
	archive_apt apt-get download "$name"
	dpkg-deb -x "$name"_*.deb .
	echo "$name $(dpkg-deb -f "$name"_*.deb Version)" >package
	rm "$name"_*.deb
}

source_unpack() {
	local outer=${lock_fd:-}

	lock "source:${source_tree##*/}"
	if [[ ! -d $source_tree ]]; then
		rm -rf "$source_tree.new"
		mkdir -p "$source_tree.new"
		step "$cache/logs/unpack.log" "unpacking $source_package $source_version" \
			tar -C "$source_tree.new" --strip-components=1 -xf "$source_tarball"
		((!${#source_patches[@]})) ||
			step "$cache/logs/patch.log" "patching it" source_patch "$source_tree.new"
		mv "$source_tree.new" "$source_tree"
	fi
	unlock
	lock_fd=$outer
}

source_patch() {
	local patch

	for patch in "${source_patches[@]}"; do
		patch -d "$1" -p1 --fuzz=0 <"$patch"
	done
}

source_make() {
	# Nothing of the caller's own kernel building may leak in.
	env -u MAKEFLAGS -u MAKELEVEL -u KBUILD_OUTPUT -u CROSS_COMPILE \
		make -s -C "$source_tree" ARCH="$source_arch" O="$KDIR" LOCALVERSION= -j"$(nproc)" "$@"
}

source_configure() {
	mkdir -p "$KDIR"
	source_make "$source_base"
	cat "${source_fragments[@]}" >>"$KDIR/.config"
	source_make olddefconfig
	source_verify_config
}

# Kconfig drops, without a word, what it does not know or what lacks a
# dependency; a debug kernel without its checks would find nothing and look well.
source_verify_config() {
	awk '
	function name(line) {
		sub(/^# /, "", line); sub(/(=| is not set).*/, "", line)
		return line
	}
	!/^(# )?CONFIG_[A-Za-z0-9_]+(=| is not set)/ { next }
	FILENAME == ARGV[ARGC - 1] { got[name($0)] = $0; next }
	{ want[name($0)] = $0 }		# the last fragment to name it decides
	END {
		for (n in want) {
			off = want[n] ~ /^#/
			if (off ? got[n] ~ /=/ : got[n] != want[n]) {
				print "asked for: " want[n] "; got: " (got[n] ? got[n] : "nothing")
				bad = 1
			}
		}
		exit bad
	}' "${source_fragments[@]}" "$KDIR/.config"
}

source_compile() {
	source_make "$source_target" modules
	source_make INSTALL_MOD_PATH="$KDIR/install" modules_install
}
