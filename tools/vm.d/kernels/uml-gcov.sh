# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# uml-gcov: which lines of the module were run.

. "$here/kernels/uml.sh"

fragments+=(uml-gcov)
