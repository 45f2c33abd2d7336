# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Builds a kernel of Debian's source package, once per configuration:
# source_locate says which, source_build builds it.

source_tarball=/usr/src/linux-source-6.1.tar.xz
source_package=linux-source-6.1
source_recipe=1	# raise it when what is below builds something else than before

# source_locate ARCH BASE TARGET FRAGMENT...: where source and build of this
# configuration are, built or not: the make targets BASE, on which it is founded,
# and TARGET, the image; its fragments are names below config/, and the last of
# them is the flavour's. Everything that goes into the build is in the folder's
# name (comments do not), so that what is there is never out of date.
source_locate() {
	local fragment config

	source_arch=$1 source_base=$2 source_target=$3
	shift 3
	source_fragments=()
	for fragment; do
		source_fragments+=("$here/config/$fragment.config")
	done
	source_flavour=${*: -1}

	need dpkg-query
	source_version=$(dpkg-query -W -f '${Version}' "$source_package" 2>/dev/null) || source_version=
	[[ -n $source_version && -r $source_tarball ]] || die "not installed: $source_package (run tools/deps)"
	source_patches=("$here"/patches/*.patch)
	source_tree=$cache/src/$source_package-${source_version//[^[:alnum:].+-]/_}-$(cat "${source_patches[@]}" | digest)
	config=$(echo "$source_recipe $source_tree"; grep -hE '^(# )?CONFIG_' "${source_fragments[@]}")
	KDIR=$cache/$source_flavour/${source_version//[^[:alnum:].+-]/_}-$(digest <<<"$config")
}

source_is_built() { [[ -e $KDIR/.complete ]]; }

source_build() {
	source_is_built && return
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

source_unpack() {
	local outer=$lock_fd

	lock "source:${source_tree##*/}"
	if [[ ! -d $source_tree ]]; then
		rm -rf "$source_tree.new"
		mkdir -p "$source_tree.new"
		step "$cache/logs/unpack.log" "unpacking $source_package $source_version" \
			tar -C "$source_tree.new" --strip-components=1 -xf "$source_tarball"
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
