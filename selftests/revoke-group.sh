#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Bulk groups that are revoked (RFC 6602 5.1.3, 5.2.3) between real agents, by the
# operator of either end: as tshark reads it, and how soon nothing is forwarded for
# any of thousands.

. "$(dirname "$0")/agents.sh"

# For figures: REVOKE_MANY=10000. A kernel that looks for faults takes its time.
MANY=${REVOKE_MANY:-500}
MANY_MS=${REVOKE_MANY_MS:-5000}

# group NS KEY: of its only group
group() { actl "$1" -j group show | jq -r "if length == 1 then .[0].$2 else \"\(length) groups\" end"; }

# revoke NS ARGUMENTS...: what the agent there says of it, in $work/revoked
revoke() { actl "$1" -j revoke "${@:2}" >"$work/revoked"; }

# with_path NS: bindings that packets are forwarded by
with_path() { bound "$1" | grep -vc ' -$' || :; }

sets() { pctl "$1" -j expiry-set show | jq length; }

# both_served: and in a group with nobody else
both_served() {
	served mn mag1 $MN_ID
	served still mag1 $STILL_ID
	wait_for 10 equals 2 group mag1 members || fail "members: $(group mag1 members)"
	is "$(group lma id) $(group lma members)" "$(group mag1 id) 2" "the anchor's group"
	address mn >"$work/mn.address"
	address still >"$work/still.address"
	ping_ok cn "$(<"$work/mn.address")" 3
	ping_ok cn "$(<"$work/still.address")" 3
}

# none_served: nothing is left of them, and they know
none_served() {
	local ns

	wait_for 10 equals 0 with_path mag1 || fail "the gateway has $(bound mag1)"
	# RULE: BULK-51
	is "$(with_path lma)" 0 "paths of the anchor"
	wait_for 30 nothing mn_routes mag1 || fail "routes of the gateway: $(mn_routes mag1 | wc -l)"
	wait_for 10 equals "0 0" both_sets || fail "expiry sets: $(both_sets)"
	for ns in mn still; do
		not in_ns cn ping -q -c 1 -W 1 "$(<"$work/$ns.address")" || fail "$ns answers"
		# RULE: BRI-20
		wait_for 10 nothing routers $ns || fail "$ns has a router: $(routers $ns)"
	done
}

both_sets() { echo "$(sets mag1) $(sets lma)"; }

routers() { ipn "$1" -6 route show default proto ra; }

come_back() {
	actl mag1 mn attach $MN_ID dev access0
	actl mag1 mn attach $STILL_ID dev access1
	both_served
}

case_attached() {
	attach_to mag1
	still_attach
	both_served
}

case_refusals() {
	local said ns

	for ns in lma mag1; do
		! said=$(actl $ns revoke group 99 2>&1) || fail "there is no such group: $said"
		like "$said" "there is no such group" "what $ns says"
	done
	! said=$(actl lma revoke group "$(group lma id)" mag $MAG2 2>&1) ||
		fail "it is none of that gateway: $said"
	not actl lma revoke group nonsense 2>/dev/null || fail "that is no group"
	not actl lma revoke group 5 mag 2>/dev/null || fail "that is no gateway"
	not actl mag1 revoke group "$(group mag1 id)" mag $MAG1 2>/dev/null ||
		fail "a gateway has revoked as an anchor"
	is "$(astat lma bri-sent) $(astat mag1 bri-sent)" "0 0" "indications"
	both_served
}

case_by_the_anchor() {
	is "$(actl lma revoke group "$(group lma id)")" "$MAG1 revoked 2 status 0" "what is shown"
	none_served
	said mag1 "event=revoked-by-anchor .*bindings=2" || fail "the gateway does not say so"
	said mag1 "event=group-revoked" || fail "it ends them one by one"
	said lma "event=group-revoked" || fail "the anchor ends them one by one"
	is "$(astat lma bri-sent)" 1 "indications"
	come_back
}

case_by_the_gateway() {
	revoke mag1 group "$(group mag1 id)" || fail "exit status $?: $(<"$work/revoked")"
	is "$(jq '.[0].revoked' "$work/revoked")" 2 "bindings that were revoked"
	none_served
	said lma "event=revoked-by-gateway .*bindings=2" || fail "the anchor does not say so"
	is "$(astat lma expired) $(astat mag1 expired)" "0 0" "sessions that expired"
	come_back
}

# shark ARGUMENT...: tshark on what was captured
shark() { tshark -n -r "$pcap" "$@" 2>"$work/tshark.log"; }

# of_group TYPE SOURCE ID: how many indications or acknowledgements it reads
of_group() {
	shark -Y "mip6.bri_br.type == $1 && ipv6.src == $2 && mip6.mng.sub_type == 1 &&
		mip6.mng.mng_id == $3 && !mip6.mnid.subtype && !mip6.nemo.mnp.mnp" | wc -l
}

# As another implementation reads it.
case_dissected() {
	local id again

	capture core lma "ip6 proto 135"
	id=$(group lma id)
	revoke lma group "$id"
	come_back
	again=$(group mag1 id)
	revoke mag1 group "$again"
	come_back
	wait_for 20 at_least 1 of_group 2 $LMA "$again" || fail "not all is captured"
	capture_end
	# RULE: BULK-40 BULK-50 BRI-22
	is "$(of_group 1 $LMA "$id")" 1 "indications by the anchor"
	# RULE: BULK-40 BULK-50 BRI-22
	is "$(of_group 1 $MAG1 "$again")" 1 "indications by the gateway"
	# RULE: BULK-51
	is "$(of_group 2 $MAG1 "$id")" 1 "acknowledgements by the gateway"
	# RULE: BULK-51
	is "$(of_group 2 $LMA "$again")" 1 "acknowledgements by the anchor"
	is "$(shark -Y "mip6.bri_br.type == 1 && (mip6.bri_r.trigger != 128 || mip6.bri_ig == 0)")" "" \
		"indications that are not for many"
	is "$(shark -Y '_ws.malformed || _ws.expert.severity >= 0x600000')" "" \
		"what tshark complains of"
}

# Many more, all of them in one group.
case_many_attached() {
	stations_solicit $MANY
	wait_for 60 equals $((MANY + 2)) group mag1 members || fail "members: $(group mag1 members)"
	wait_for 10 equals $((MANY + 2)) group lma members || fail "the anchor has $(group lma members)"
	is "$(with_path lma)" $((MANY + 2)) "paths of the anchor"
}

# watched MANY: some of the stations send on and on, from all over the group; says
# when the last of that has reached the correspondent, and when the last station was
# told that it has no router, and how many were.
watched() {
	actl mag1 -j mn show | jq -r '.[] | select(.mn | endswith("@many.example.com")) |
		"\(.lladdr) \(.hnp[0])"' >"$work/stations"
	py "$1" "$2" <<-'END'
		many, cn = int(sys.argv[1]), sys.argv[2]
		work = os.environ["work"]
		lines = open(work + "/stations").read().split("\n")[:-1]
		check(len(lines) == many, f"{len(lines)} stations")
		enter("mn")
		air = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86dd))
		air.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
		air.bind(("eth0", 0x86dd))
		air.setblocking(False)
		heard = listener("cn")
		heard.setblocking(False)
		frames = []
		for line in lines[::max(1, many // 64)]:
		    mac, hnp = line.split()
		    own = text(addr(hnp.split("/")[0])[:8] + bytes(7) + b"\1")
		    frames.append(bytes.fromhex("00005e005213" + mac.replace(":", "")) +
		                  b"\x86\xdd" + udp(own, cn))
		begun = time.time()
		last = quiet = begun
		told, told_at, got, sent = set(), 0, set(), 0
		while time.time() < quiet + 3 or len(told) < many:
		    check(time.time() < begun + 120, f"{len(told)} are told")
		    air.send(frames[sent % len(frames)])
		    sent += 1
		    time.sleep(0.0005)
		    try:
		        while True:
		            packet, source = heard.recvfrom(2048)
		            last = quiet = time.time()
		            got.add(source[0])
		            if len(got) == len(frames):
		                open(work + "/watching", "w").close()
		    except BlockingIOError:
		        pass
		    try:
		        while True:
		            frame = air.recv(2048)
		            if frame[54:55] == b"\x86" and frame[60:62] == bytes(2):
		                if frame[:6] not in told:
		                    told.add(frame[:6])
		                    told_at = quiet = time.time()
		    except BlockingIOError:
		        pass
		check(len(got) == len(frames), f"{len(got)} of {len(frames)} were forwarded")
		print(int(last * 1000), int(told_at * 1000), len(told & {
		    bytes.fromhex(line.split()[0].replace(":", "")) for line in lines}))
	END
}

# Forwarding ends at once for all, and the rest follows, without haste.
case_many() {
	local begun took dead told count

	rm -f "$work/watching"
	background watched $MANY $CN >"$work/watched"
	wait_for 60 test -e "$work/watching" || fail "not all of them are forwarded"
	begun=$(date +%s%3N)
	revoke lma group "$(group lma id)" || fail "exit status $?: $(<"$work/revoked")"
	took=$(($(date +%s%3N) - begun))
	is "$(jq '[.[].revoked] | add' "$work/revoked")" $((MANY + 2)) "sessions that were revoked"
	wait $pid || fail "$(<"$work/watched")"
	read -r dead told count <"$work/watched"
	# RULE: BRI-20
	is "$count" $MANY "stations that were told"
	none_served
	echo "# of $MANY: nothing forwarded after $((dead - begun)) ms, all told after $((told - begun)) ms, sessions over after $took ms" \
		>"$work/figures"
	# RULE: BRI-20
	within $((dead - begun)) -100 "$MANY_MS" "milliseconds until nothing is forwarded"
	is "$(astat lma bri-unanswered)" 0 "indications without an answer"
	is "$(astat lma expired) $(astat mag1 expired)" "0 0" "sessions that expired"
	is "$(lines mag1 'event=group-fell-back')" 0 "groups that were not renewed"
}

# Whoever says nothing for long is not gone.
network_of_agents 'accept-unknown-mobile-nodes = true' \
	'realm-of-unknown = "many.example.com"
	request-bulk-binding-update = true
	bulk-group-size = 100000
	neighbour-idle = 3600
	identity = "gw1"'
sed -i "s|mags = .*|mags = {\"$MAG2\"}\n\t\t\tmag \"$MAG1\" { revoke-all = true identity = \"gw1\" }|" \
	"$work/lma.conf"
agent_end lma
agent_start lma
run_cases \
	attached "two mobile nodes are in a group" \
	refusals "what cannot be is refused" \
	by_the_anchor "the anchor revokes the group: nothing is left of either" \
	by_the_gateway "the gateway does" \
	dissected "tshark reads that" \
	many_attached "$MANY more join it" \
	many "and nothing is forwarded for any as soon as it is revoked" \
	end "the agents end"
cat "$work/figures"
