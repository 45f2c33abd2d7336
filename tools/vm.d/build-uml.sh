# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Builds a User Mode Linux kernel from Debian's source package, once per
# configuration: uml_build FRAGMENT... (names below config/). The flavour is
# named like its last fragment.

uml_tarball=/usr/src/linux-source-6.1.tar.xz
uml_package=linux-source-6.1
uml_recipe=1	# raise it when what is below builds something else than before

# uml_locate FRAGMENT...: where source and build of this configuration are,
# built or not. Everything that goes into the build is in the folder's name
# (comments do not), so that what is there is never out of date.
uml_locate() {
	local fragment config

	uml_fragments=()
	for fragment; do
		uml_fragments+=("$here/config/$fragment.config")
	done
	uml_flavour=${*: -1}

	need dpkg-query
	uml_version=$(dpkg-query -W -f '${Version}' "$uml_package" 2>/dev/null) || uml_version=
	[[ -n $uml_version && -r $uml_tarball ]] || die "not installed: $uml_package (run tools/deps)"
	uml_patches=("$here"/patches/*.patch)
	uml_source=$cache/src/$uml_package-${uml_version//[^[:alnum:].+-]/_}-$(cat "${uml_patches[@]}" | digest)
	config=$(echo "$uml_recipe $uml_source"; grep -hE '^(# )?CONFIG_' "${uml_fragments[@]}")
	KDIR=$cache/$uml_flavour/${uml_version//[^[:alnum:].+-]/_}-$(digest <<<"$config")
}

uml_is_built() { [[ -e $KDIR/.complete ]]; }

uml_build() {
	uml_is_built && return
	need make gcc flex bison bc xz patch
	# The kernel's makefiles refuse both.
	[[ $cache != *[[:space:]:]* ]] || die "the cache folder must not have spaces or colons in its name: $cache"

	lock "$uml_flavour:$uml_version"
	if ! uml_is_built; then
		uml_unpack
		rm -rf "$KDIR"
		step "$cache/logs/$uml_flavour-config.log" "configuring $uml_flavour" uml_configure
		step "$cache/logs/$uml_flavour-build.log" \
			"building $uml_flavour ($uml_package $uml_version); takes minutes, once" uml_compile
		: >"$KDIR/.complete"
	fi
	unlock
}

uml_unpack() {
	local outer=$lock_fd

	lock "source:${uml_source##*/}"
	if [[ ! -d $uml_source ]]; then
		rm -rf "$uml_source.new"
		mkdir -p "$uml_source.new"
		step "$cache/logs/unpack.log" "unpacking $uml_package $uml_version" \
			tar -C "$uml_source.new" --strip-components=1 -xf "$uml_tarball"
		step "$cache/logs/patch.log" "patching it" uml_patch "$uml_source.new"
		mv "$uml_source.new" "$uml_source"
	fi
	unlock
	lock_fd=$outer
}

uml_patch() {
	local patch

	for patch in "${uml_patches[@]}"; do
		patch -d "$1" -p1 --fuzz=0 <"$patch"
	done
}

uml_make() {
	# Nothing of the caller's own kernel building may leak in.
	env -u MAKEFLAGS -u MAKELEVEL -u KBUILD_OUTPUT -u CROSS_COMPILE \
		make -s -C "$uml_source" ARCH=um O="$KDIR" LOCALVERSION= -j"$(nproc)" "$@"
}

uml_configure() {
	mkdir -p "$KDIR"
	uml_make defconfig
	cat "${uml_fragments[@]}" >>"$KDIR/.config"
	uml_make olddefconfig
	uml_verify_config
}

# Kconfig drops, without a word, what it does not know or what lacks a
# dependency; a debug kernel without its checks would find nothing and look well.
uml_verify_config() {
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
	}' "${uml_fragments[@]}" "$KDIR/.config"
}

uml_compile() {
	uml_make linux modules
	uml_make INSTALL_MOD_PATH="$KDIR/install" modules_install
}
