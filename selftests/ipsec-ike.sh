#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Gateway and anchor agree on keys by IKEv2, as Documentation/operations.rst has
# it: strongSwan at both ends, who prove to one another who they are, and a trap
# that the first update falls into.

SECURITY=ipsec
. "$(dirname "$0")/agents.sh"

export charon=/usr/sbin/charon-systemd
if [[ ! -x $charon ]]; then
	echo "1..1"
	echo "ok 1 - IKEv2 # SKIP no charon-systemd: see tools/deps"
	exit
fi

# ike NS OWN OTHER SECRET: its IKE daemon, in the files of its own
ike() {
	cat >"$work/$1.strongswan" <<-END
		charon-systemd {
			load = random nonce aes sha1 sha2 hmac kdf gmp openssl kernel-netlink socket-default vici
			install_routes = no
			retransmit_timeout = 1
			plugins { vici { socket = unix://$work/$1.vici } }
			filelog { log { path = $work/$1.ike
				flush_line = yes } }
			journal { default = -1 }
		}
	END
	cat >"$work/$1.swanctl" <<-END
		connections {
			peer {
				version = 2
				local_addrs = $2
				remote_addrs = $3
				local { auth = psk
					id = $2 }
				remote { auth = psk
					id = $3 }
				children {
					mh {
						mode = transport
						local_ts = $2[135]
						remote_ts = $3[135]
						esp_proposals = null-sha256
						start_action = trap
					}
				}
			}
		}
		secrets {
			ike-peer {
				id-1 = $2
				id-2 = $3
				secret = "$4"
			}
		}
	END
	STRONGSWAN_CONF=$work/$1.strongswan nsenter --net="/run/netns/$RUN-$1" -- \
		$charon >"$work/$1.charon" 2>&1 </dev/null &
	echo $! >>"$work/charons"
	wait_for 30 test -S "$work/$1.vici" || { cat "$work/$1.charon"; return 1; }
}

# swan NS COMMAND...: swanctl
swan() {
	STRONGSWAN_CONF=$work/$1.strongswan swanctl "${@:2}" --uri "unix://$work/$1.vici"
}

load() { swan "$1" --load-all --noprompt --file "$work/$1.swanctl"; }

# associations NS: how many of ESP the kernel has
associations() { ipn "$1" xfrm state | grep -c 'proto esp' || :; }

explain() { tail -n 25 "$work"/*.ike "$work"/*.log; }

case_trapped() {
	ike lma $LMA $MAG1 "between the two"
	ike mag1 $MAG1 $LMA "between the two"
	load lma
	load mag1
	is "$(associations lma) $(associations mag1)" "0 0" "associations before"
	like "$(ipn mag1 xfrm policy)" "src $MAG1/128 dst $LMA/128 proto (135|mobility-header)" \
		"policy of the gateway"
}

# The first update asks for keys, and a copy of it is the first that is sent.
case_registered() {
	agents_start lma mag1
	capture core mag1 "ip6 proto 135 or ip6 proto 50 or udp port 500"
	attach_to mag1
	served mn mag1 $MN_ID
	capture_end
	# RULE: B-SEC-03
	like "$(swan mag1 --list-sas)" "peer: #[0-9]+, ESTABLISHED, IKEv2" "what the gateway agreed on"
	# RULE: B-SEC-03 B-SEC-02
	like "$(swan mag1 --list-sas)" "mh: #[0-9]+, .*INSTALLED, TRANSPORT, ESP:NULL/HMAC_SHA2_256_128" \
		"how it is protected"
	# RULE: B-SEC-01
	is "$(captured "ip6 proto 135")" 0 "messages without protection"
	within "$(captured "ip6 proto 50")" 2 40 "messages with it"
	is "$(bound lma)" "$MN_HNP $MAG1" "bindings of the anchor"
}

# New keys while bindings are refreshed: nothing is lost by it.
case_rekeyed() {
	local expired refreshed

	expired=$(astat lma expired)
	refreshed=$(astat lma refreshed)
	swan mag1 --rekey --child mh
	wait_for 60 at_least $((refreshed + 2)) astat lma refreshed || fail "no refresh"
	is "$(astat lma expired)" "$expired" "bindings that expired"
	ping_ok mn $CN 3
}

# Who cannot prove who it is gets no keys, and so nobody hears it.
case_not_mutual() {
	local received

	swan lma --terminate --ike peer >"$work/said" || :
	sed -i 's/between the two/something else/' "$work/mag1.swanctl"
	load mag1
	swan mag1 --terminate --ike peer --force >"$work/said" 2>&1 || :
	wait_for 20 equals 0 associations lma || fail "associations are left: $(ipn lma xfrm state)"
	received=$(astat lma pbu-received)
	says mag1 "event=pbu-sent .*mn=$MN_ID" actl mag1 mn detach $MN_ID
	wait_for 60 grep -q 'AUTH_FAILED\|authentication of .* failed\|MAC mismatched' \
		"$work/lma.ike" "$work/mag1.ike" || fail "the anchor takes it for the gateway"
	# RULE: B-SEC-03
	is "$(astat lma pbu-received)" "$received" "PBUs that the anchor took"
}

case_end() {
	local pid

	agents_end
	while read -r pid; do
		kill "$pid"
		wait_for 20 not kill -0 "$pid" || fail "an IKE daemon does not end"
	done <"$work/charons"
}

agent_topology
agent_configs "" "lifetime = 12
	request-bulk-binding-update = false"
run_cases \
	trapped "both ends have a policy, and no keys" \
	registered "the first update has keys agreed on" \
	rekeyed "new keys lose nothing" \
	not_mutual "without the right secret there are none" \
	end "agents and IKE daemons end"
