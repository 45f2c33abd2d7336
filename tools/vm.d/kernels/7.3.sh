# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# 7.3: Debian 13's newer kernel. Modules are built with that release's compiler
# and libc, which the tools that come with the headers need.

series=7.3
suite=trixie
tools='gcc make mawk ?essential'

. "$here/backports.sh"
