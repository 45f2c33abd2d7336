#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Large TCP segments go through device and tunnel whole, and are cut where the
# hardware can not; what is cut has right checksums.

. "$(dirname "$0")/lib.sh"

SIZE=4000000

# offload NS DEV on|off
offload() {
	in_ns "$1" ethtool -K "$2" tso "$3" gso "$3" tx "$3" rx "$3" >/dev/null 2>&1
}

checksum_errors() {
	in_ns "$1" cat /proc/net/snmp /proc/net/snmp6 | awk '
		/^Tcp:/ { if ($NF ~ /[0-9]/) sum += $NF }
		/InCsumErrors/ { sum += $2 }
		END { print sum + 0 }'
}

# packets_of FROM TO NS FIELD: how many packets pmip0 counts for a transfer
packets_of() {
	local before

	before=$(stat "$3" device "$4")
	transfer "$1" "$2" "${5}" "$work/data" >&2
	echo $(($(stat "$3" device "$4") - before))
}

# If every packet were as large as fits, there would be this many.
SEGMENTS=$((SIZE / 1400))

case_to_mn() {
	local before_tx before_rx

	before_tx=$(stat lma device tx_packets)
	before_rx=$(stat mag1 device rx_packets)
	drops_are "" lma drops_are "" mag1 transfer mn1 $MN1 cn "$work/data"
	within $(($(stat lma device tx_packets) - before_tx)) 1 $((SEGMENTS / 4)) "packets into the tunnel"
	within $(($(stat mag1 device rx_packets) - before_rx)) 1 $((SEGMENTS / 4)) "packets out of the tunnel"
}

case_from_mn() {
	local before_tx before_rx

	before_tx=$(stat mag1 device tx_packets)
	before_rx=$(stat lma device rx_packets)
	drops_are "" lma drops_are "" mag1 transfer cn $CN mn1 "$work/data"
	within $(($(stat mag1 device tx_packets) - before_tx)) 1 $((SEGMENTS / 4)) "packets into the tunnel"
	within $(($(stat lma device rx_packets) - before_rx)) 1 $((SEGMENTS / 4)) "packets out of the tunnel"
}

# On the wire too: one outer packet, larger than the link.
case_wire() {
	local largest

	capture core lma "ip6 proto 41"
	transfer mn1 $MN1 cn "$work/data"
	capture_end
	largest=$(tcpdump -n -v -r "$pcap" 2>/dev/null |
		sed -n 's/.*IPv6 (41) payload length: \([0-9]*\).*/\1/p' | sort -n | tail -n 1)
	within "${largest:-0}" 3000 65535 "largest outer packet"
}

# Cut by the anchor, as the link does not do it: the outer headers of each piece
# are right, and so is the checksum, which nobody would hide from this receiver.
case_software() {
	local before

	offload lma core off
	offload mn1 eth0 off
	before=$(stat mag1 device rx_packets)
	capture core lma "ip6 proto 41 and len > 1514"
	drops_are "" lma drops_are "" mag1 transfer mn1 $MN1 cn "$work/data"
	capture_end
	is "$(captured)" 0 "outer packets larger than the link"
	within $(($(stat mag1 device rx_packets) - before)) $SEGMENTS $((2 * SEGMENTS)) "packets out of the tunnel"
	is "$(checksum_errors mn1) $(checksum_errors cn)" "0 0" "checksum errors"
	offload lma core on
	offload mn1 eth0 on
}

# Nobody on the way offers anything, sender included.
case_none() {
	local at

	for at in "cn eth0" "lma cn" "lma core" "core lma" "core mag1" "mag1 core" "mag1 access1" "mn1 eth0"; do
		offload ${at% *} ${at#* } off
	done
	drops_are "" lma drops_are "" mag1 transfer mn1 $MN1 cn "$work/data"
	drops_are "" lma drops_are "" mag1 transfer cn $CN mn1 "$work/data"
	is "$(checksum_errors mn1) $(checksum_errors cn)" "0 0" "checksum errors"
}

network
head -c $SIZE /dev/urandom >"$work/data"
run_cases \
	to_mn "segments to a mobile node go whole" \
	from_mn "segments from a mobile node go whole" \
	wire "on the wire they are larger than the link" \
	software "cut by the anchor, with right checksums" \
	none "without any offload"
