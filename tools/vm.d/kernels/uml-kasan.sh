# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# uml-kasan: KASAN, lockdep, object lifetimes, reference trackers, failing
# allocations.

. "$here/kernels/uml.sh"

default_mem=2048
fragments+=(uml-kasan)
