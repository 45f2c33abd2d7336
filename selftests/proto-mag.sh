#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A gateway as anchors of another make and mobile nodes see it: packets built and
# read by scapy, and read once more by tshark. The groups of assertions are in
# proto/mag*.py; PROTO_ONLY names those that shall run.

. "$(dirname "$0")/proto/agents.sh"

export AGENTS="mag own sequence bulk several"
export TWO_HNPS="2001:db8:a:102::/64 2001:db8:a:103::/64"
export THIRD_HNP=2001:db8:a:104::/64 GRANTED="2001:db8:a:{:x}::/64"

# gateway_config NS EXTRA [GROUPS]: mobile nodes are at its device "access", whose other
# end has its name.
gateway_config() {
	plan_link air "$1" - "$1" access -
	step "$1" addr add "$MAG1/64" dev core nodad
	cat >"$work/$1.conf" <<-END_OF_CONFIG
		control-socket = "$work/$1.sock"
		state-directory = "$work/$1.state"
		profiles = "$work/profiles.conf"
		log-level = "debug"
		security = "${SECURITY:-none}"
		mag {
			device = "pmip0"
			address = "$MAG1"
			HEARTBEAT_INTERVAL = 3600
			lma = "$LMA"
			neighbour-idle = 0
			request-bulk-binding-update = ${3:-false}
			access "access" { access-technology = "ieee-802.11" }
			$2
		}
	END_OF_CONFIG
}

plan_host air
# shellcheck disable=SC2086
world $AGENTS
{
	for ((mn = 1; mn <= 120; mn++)); do
		printf 'mn "s%d@example.com" { lladdr = {"02:00:00:aa:05:%02x"} }\n' $mn $mn
	done
	cat <<-END_OF_PROFILES
		mn "mn1@example.com" { lladdr = {"02:00:00:00:00:01"} }
		mn "two@example.com" {
			lladdr = {"02:00:00:aa:06:02"}
			prefixes = {"${TWO_HNPS% *}", "${TWO_HNPS#* }"}
		}
		mn "multi@example.com" {
			lladdr = {"02:00:00:aa:08:01"}
			multihoming = true
			flows-on-detachment = keep
			flows = {
				"fid 1 priority 10 proto udp dport 5060-5062",
				"fid 2 priority 20 action drop from 2001:db8:40::/48"
			}
		}
		mn "plain@example.com" {
			lladdr = {"02:00:00:aa:08:02"}
			multihoming = true
			flows = {"fid 1 priority 10 any"}
		}
		mn "third@example.com" {
			lladdr = {"02:00:00:aa:06:03"}
			prefixes = {"$THIRD_HNP"}
		}
	END_OF_PROFILES
} >"$work/profiles.conf"
gateway_config mag 'INITIAL_BINDACK_TIMEOUT = 200
	MAX_BINDACK_TIMEOUT = 1600
	retry-after-refusal = 86400'
gateway_config own 'FixedMAGLinkLocalAddressOnAllAccessLinks = none
	FixedMAGLinkLayerAddressOnAllAccessLinks = none
	retry-after-refusal = 1'
# Where no address is fixed, its link has one like any other.
step own addr add fe80::aa/64 dev access nodad
gateway_config sequence 'TimestampBasedApproachInUse = false
	INITIAL_BINDACK_TIMEOUT = 300'
gateway_config bulk 'INITIAL_BINDACK_TIMEOUT = 300
	MAX_BINDACK_TIMEOUT = 1200' true
gateway_config several 'INITIAL_BINDACK_TIMEOUT = 5000
	MAX_BINDACK_TIMEOUT = 5000
	bulk-group-size = 1
	bulk-groups-per-update = 4' true
# shellcheck disable=SC2086
test_agents mag.py $AGENTS
