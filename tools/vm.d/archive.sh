# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154
#
# Packages of Debian's backports ($suite-backports), fetched and not installed: apt
# has folders of its own for it and none of this machine's sources, but its proxy
# and the archive's keys.

mirror=${VM_MIRROR:-http://deb.debian.org/debian}
archive_keys=/usr/share/keyrings/debian-archive-keyring.gpg

# archive_apt PROGRAM ARGUMENT...: apt-get and the like, on folders of their own,
# one at a time.
archive_apt() {
	local program=$1 state=$cache/apt/$suite

	shift
	mkdir -p "$cache/lock"
	flock "$cache/lock/apt:$suite" "$program" -q -o "Dir::State=$state" -o Dir::State::status=/dev/null -o Dir::State::lists=lists \
		-o "Dir::Cache=$state" -o Dir::Cache::archives=archives \
		-o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o APT::Architecture=amd64 -o APT::Architectures=amd64 -o "APT::Default-Release=$suite-backports" \
		-o APT::Install-Recommends=false -o APT::Sandbox::User=root \
		-o APT::Update::Error-Mode=any -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# archive_update: ask the archive what it has.
archive_update() {
	local state=$cache/apt/$suite

	mkdir -p "$state"/{lists,archives}/partial
	printf "deb [signed-by=$archive_keys] $mirror %s main\n" "$suite" "$suite-backports" >"$state/sources.list"
	archive_apt apt-get -o Acquire::Retries=1 -o Acquire::http::Timeout=15 update
}
