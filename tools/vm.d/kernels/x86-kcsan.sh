# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# x86-kcsan: in QEMU with two CPUs, races between them.

. "$here/x86.sh"

fragments=(x86 x86-kcsan)
