# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# x86-kasan: in QEMU with two CPUs, the checks of uml-kasan.

. "$here/x86.sh"

default_mem=3072
fragments=(x86 uml-kasan x86-kasan)
