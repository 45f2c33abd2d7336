# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# 6.12: what users of Debian 12 get who want a newer kernel.

series=6.12
suite=bookworm
tools=

. "$here/backports.sh"
