# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# uml: User Mode Linux without debugging, one CPU at native speed, with KUnit.
# The debug flavours are this file with more fragments. Debian 12's own source
# would do; but there a process takes five times as long to start, and all that
# tests do is start processes.

. "$here/initramfs.sh"
. "$here/uml.sh"
. "$here/archive.sh"
. "$here/build-source.sh"

suite=trixie
series=7.3
source_patches=("$here"/patches/um-*.patch)

default_smp=1
default_mem=1024
max_smp=1
fragments=(uml)

kernel_locate() { source_locate um defconfig linux "${fragments[@]}"; }
kernel_is_built() { source_is_built; }

kernel_build() { source_build; }

kernel_start() { uml_start "$krel"; }
