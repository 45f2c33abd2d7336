#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# An anchor as gateways of another make see it: packets built and read by scapy,
# and read once more by tshark. The groups of assertions are in proto/lma*.py;
# PROTO_ONLY names those that shall run.

. "$(dirname "$0")/proto/agents.sh"

export AGENTS="lma golden sequence asking"
export OWN_HNP=2001:db8:a:101::/64 TWO_HNPS="2001:db8:a:102::/64 2001:db8:a:103::/64"
export THIRD_HNP=2001:db8:a:104::/64 GOLDEN_HNP=2001:db8:a:1::/64

# shellcheck disable=SC2086
world $AGENTS
{
	for ((mn = 1; mn <= 300; mn++)); do echo "mn \"m$mn@example.com\" {}"; done
	for mn in free fence a b c; do echo "mn \"$mn@example.com\" {}"; done
	cat <<-END_OF_PROFILES
		mn "off@example.com" { service = false }
		mn "own@example.com" { prefixes = {"$OWN_HNP"} }
		mn "two@example.com" { prefixes = {"${TWO_HNPS% *}", "${TWO_HNPS#* }"} }
		mn "third@example.com" { prefixes = {"$THIRD_HNP"} }
		mn "mn1@example.com" { prefixes = {"$GOLDEN_HNP"} }
	END_OF_PROFILES
} >"$work/profiles.conf"
# Neither a busy machine nor an emulated one shall be taken for a wrong clock.
anchor_config lma 'pool "2001:db8:a:8000::/49" { prefix-length = 64 }
	MinDelayBeforeBCEDelete = 600000
	TimestampValidityWindow = 20000
	multihoming = true
	revocation = false'
anchor_config golden 'pool "2001:db8:a:8::/63" { prefix-length = 64 }
	MinDelayBeforeBCEDelete = 1500
	MobileNodeGeneratedTimestampInUse = true'
anchor_config sequence 'pool "2001:db8:b::/48" { prefix-length = 64 }
	TimestampBasedApproachInUse = false
	MaxDelayBeforeNewBCEAssign = 0
	accept-bulk-binding-update = false
	accept-draft-peers = true'
anchor_config asking 'pool "2001:db8:d::/48" { prefix-length = 64 }
	TimestampValidityWindow = 20000'
# shellcheck disable=SC2086
test_agents lma.py $AGENTS
