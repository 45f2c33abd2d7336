#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# What is of one link only, or of no protocol that the tunnel carries, does not
# go through it (RFC 4291 2.5, RFC 5213 6.10.5).

. "$(dirname "$0")/lib.sh"

# By a tunnel; the right packet after it must be the next to arrive.
case_decapsulated() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		to_mag1, mag1 = pair("core", "mag1", "mag1", "core")
		cn, mn = Link("cn", "eth0"), Link("mn1", "eth0")

		def at_anchor(src, dst):
		    with drops("lma", bad_address=1):
		        core.send(ip6(MAG1, LMA, udp(src, dst, b"bad"), IPV6))
		        core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		        # RULE: B-MAG-40
		        equal(cn.until(has(b"good"), "the right packet"), [], "what came before")

		def at_gateway(src, dst):
		    with drops("mag1", bad_address=1):
		        to_mag1.send(ip6(LMA, MAG1, udp(src, dst, b"bad"), IPV6))
		        to_mag1.send(ip6(LMA, MAG1, udp(CN, MN1, b"good"), IPV6))
		        equal(mn.until(has(b"good"), "the right packet"), [], "what came before")

		never = "fe80::1", "ff02::1", "ff0e::1", "::", "::1"
		for address in never:
		    at_anchor(MN1, address)
		    at_gateway(CN, address)
		for address in never:
		    at_anchor(address, CN)
		    at_gateway(address, MN1)
	END
}

# Into a tunnel, past the routes that would stop most of it.
case_transmitted() {
	py <<-'END'
		devices = {ns: Device(ns, "pmip0") for ns in ("lma", "mag1")}
		core = {"lma": Link("core", "lma"), "mag1": Link("core", "mag1")}

		def refused(ns, src, dst):
		    with drops(ns, bad_address=1):
		        devices[ns].send(udp(src, dst, b"bad"))
		        devices[ns].send(good[ns])
		        before = core[ns].until(lambda p: p.nh == IPV6 and
		                                p.payload == good[ns], "the right packet")
		        # RULE: B-MAG-40
		        equal(before, [], "what came before")

		good = {"lma": udp(CN, MN1, b"good"), "mag1": udp(MN2, CN, b"good")}
		# Without an access interface: its packets need not have come by one.
		run("mag1", os.environ["pmipctl"], "binding", "change", "2001:db8:a:2::/64",
		    "dev", "pmip0", "remote", LMA, "lifetime", "forever")
		for never in "fe80::5", "ff02::1", "ff0e::1", "::", "::1":
		    refused("lma", CN, never)
		    refused("mag1", MN2, never)
		    refused("lma", never, MN1)
		    refused("mag1", never, CN)
	END
}

# Mobile nodes that ask their own link get no answer from another.
case_link_local_ping() {
	local before

	ipn mn1 addr add fe80::11/64 dev eth0 nodad
	before=$(stat mag1 device tx_packets)
	drops_are "" mag1 drops_are "" lma \
		in_ns mn1 sh -c 'ping -q -c 2 -i 0.01 -W 1 -I eth0 ff02::1 >/dev/null || :'
	is "$(stat mag1 device tx_packets)" "$before" "packets into the tunnel"
}

case_ipv4() {
	ipn lma addr add 192.0.2.1/24 dev pmip0
	drops_are "protocol=2" lma \
		in_ns lma sh -c 'ping -q -c 2 -i 0.01 -W 1 192.0.2.2 >/dev/null || :'
	ipn lma addr del 192.0.2.1/24 dev pmip0
}

case_inner_ipv4() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		inner = bytearray(udp(MN1, CN, b"bad"))
		inner[0] = 0x40 | inner[0] & 0xf
		with drops("lma", protocol=1):
		    core.send(ip6(MAG1, LMA, bytes(inner), IPV6))
		    core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		    equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
}

# Too short for its headers, or for what they say: dropped, and nothing else.
case_truncated() {
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		whole = udp(MN1, CN, b"bad")
		for octets in 0, 1, 8, 39, 40, 47, len(whole) - 1:
		    core.send(ip6(MAG1, LMA, whole[:octets], IPV6))
		core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
}

# Who sends by the device itself can send less than a header.
case_short() {
	py <<-'END'
		device, core = Device("lma", "pmip0"), Link("core", "lma")
		whole = udp(CN, MN1, b"bad")
		for octets in 1, 8, 39:
		    with drops("lma", malformed=1):
		        device.send(whole[:octets])
		        device.send(udp(CN, MN1, b"good"))
		        before = core.until(lambda p: p.nh == IPV6 and p.inner.data == b"good",
		                            "the right packet")
		        equal(before, [], "what came before")
	END
}

case_down() {
	ipn lma link set pmip0 down
	py <<-'END'
		core, lma = pair("core", "lma", "lma", "core")
		cn = Link("cn", "eth0")
		with drops("lma", down=1):
		    core.send(ip6(MAG1, LMA, udp(MN1, CN, b"bad"), IPV6))
		run("lma", "ip", "link", "set", "pmip0", "up")
		core.send(ip6(MAG1, LMA, udp(MN1, CN, b"good"), IPV6))
		equal(cn.until(has(b"good"), "the right packet"), [], "what came before")
	END
	ipn lma route replace $POOL via $NEXT_HOP dev pmip0
}

network
run_cases \
	decapsulated "link-local, multicast, loopback and no address, out of a tunnel" \
	transmitted "link-local, multicast, loopback and no address, into a tunnel" \
	link_local_ping "a multicast ping stays on its link" \
	ipv4 "IPv4 is not carried" \
	inner_ipv4 "an inner packet of another version" \
	truncated "inner packets that are cut short" \
	short "less than a header does not go into a tunnel" \
	down "a device that is down takes nothing"
