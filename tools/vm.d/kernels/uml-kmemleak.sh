# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# uml-kmemleak: what the command leaked is looked for when it has ended.

. "$here/kernels/uml.sh"

fragments+=(uml-kmemleak)
