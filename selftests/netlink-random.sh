#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Messages of the family at random: see "netlink-random" without arguments, whose
# cases these are. $TEST_MESSAGES is how many, $TEST_SEED what they follow from: the
# same each time, unless another is given.

. "$(dirname "$0")/lib.sh"

program=${pmipctl%/*}/tests/netlink-random
[[ -x $program ]] || { echo "Bail out! $program is not built"; exit 1; }

# An emulated processor takes ten times as long.
case ${VM_KERNEL:-} in
uml*) messages=20000 ;;
*) messages=5000 ;;
esac

"$program" "${TEST_MESSAGES:-$messages}" "${TEST_SEED:-1}"
