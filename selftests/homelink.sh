#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The home link that a gateway emulates (RFC 5213, 6.7): what it advertises, to
# whom, and when it takes that back; and who has no home there but visits.

. "$(dirname "$0")/agents.sh"

export VISITORS=2001:db8:f::/64
export SLAAC_LLADDR=02:00:00:00:02:11 SLAAC_ID=slaac@example.com
export DHCP_LLADDR=02:00:00:00:02:12 DHCP_ID=dhcp@example.com
export BOTH_LLADDR=02:00:00:00:02:13 BOTH_ID=both@example.com
export STRANGE_LLADDR=02:00:00:00:02:14 STRANGE_ID=strange@example.com
export REFUSED_LLADDR=02:00:00:00:02:15 REFUSED_ID=refused@example.com
export SLAAC_HNP=2001:db8:a:11::/64 DHCP_HNP=2001:db8:a:12::/64
export BOTH_HNP=2001:db8:a:13::/64

# home_profiles [MORE]: what all agents know
home_profiles() {
	profiles "
		mn \"$SLAAC_ID\" {
			lladdr = {\"$SLAAC_LLADDR\"}
			prefixes = {\"$SLAAC_HNP\"}
			valid-lifetime = 5000
			preferred-lifetime = 3000
		}
		mn \"$DHCP_ID\" {
			lladdr = {\"$DHCP_LLADDR\"}
			prefixes = {\"$DHCP_HNP\"}
			address-configuration = dhcpv6
		}
		mn \"$BOTH_ID\" {
			lladdr = {\"$BOTH_LLADDR\"}
			prefixes = {\"$BOTH_HNP\"}
			address-configuration = both
		}
		${1:-}"
}

# reload NS: it reads its profiles again
reload() { says "$1" event=profiles-loaded kill -HUP "$(<"$work/$1.pid")"; }

# on_access1 <PROGRAM: with stations where the host "still" is
on_access1() {
	still_attach
	wait_for 20 said mag1 "event=access-open access=access1"
	{
		cat <<-'END'
			import signal
			from signalling import *

			HOME = {name: os.environ[name + "_HNP"]
			        for name in ("SLAAC", "DHCP", "BOTH")}
			VISITORS = os.environ["VISITORS"]

			def station(name):
			    return Station("still", "eth0", os.environ[name + "_LLADDR"])

			def agent(ns, signal):
			    with open(f"{os.environ['work']}/{ns}.pid") as pid:
			        os.kill(int(pid.read()), signal)

			def option(ra, prefix):
			    """Its flags, valid and preferred lifetime, or None."""
			    for what, *rest in ra["prefixes"]:
			        if what == prefix:
			            return tuple(rest)

			def next_ra(mn, what, wanted, seconds=20):
			    """The next one of which wanted(ra) is true."""
			    # So that it is not taken for gone; no frame that is answered.
			    mn.send(ip6(mn.link_local, ALL_NODES, b"", nh=59),
			            "33:33:00:00:00:01")
			    end = time.monotonic() + seconds
			    seen = []
			    while time.monotonic() < end:
			        frame = mn.expect_ra(what, end - time.monotonic())
			        equal(frame.to, mn.mac, f"{what}: destination of the frame")
			        seen.append(frame.ra)
			        if wanted(frame.ra):
			            return frame.ra
			    raise AssertionError(f"{what}: {seen}")
		END
		cat
	} | py
}

gone() { wait_for 30 gone_from mag1 "$1" || fail "the gateway keeps $1"; }

# ---- What is advertised ----------------------------------------------------

case_contents() {
	on_access1 <<-'END'
		slaac, dhcp, both = map(station, HOME)
		for mn in slaac, dhcp, both:
		    mn.solicit()
		ra = slaac.expect_ra("by SLAAC").ra
		# RULE: B-MAG-06 B-MAG-67
		equal(ra["flags"] & 0xc0, 0, "M and O")
		equal(option(ra, HOME["SLAAC"]), (0xc0, 5000, 3000), "its prefix")
		# RULE: B-MAG-11
		equal(len(ra["prefixes"]), 1, "prefixes")
		ra = dhcp.expect_ra("by DHCPv6").ra
		# RULE: B-MAG-06 B-MAG-67
		equal(ra["flags"] & 0xc0, 0xc0, "M and O")
		equal(option(ra, HOME["DHCP"]), (0x80, 2592000, 604800), "its prefix")
		frame = both.expect_ra("by both")
		# RULE: B-MAG-06
		equal(frame.ra["flags"] & 0xc0, 0xc0, "M and O")
		equal(option(frame.ra, HOME["BOTH"])[0], 0xc0, "flags of its prefix")
		# RULE: B-MAG-82
		equal(frame.packet.src, FIXED_LINK_LOCAL, "source")
		equal(frame.source, FIXED_LLADDR, "source of the frame")
		# RULE: B-MAG-81 B-MAG-56
		equal(frame.ra["mtu"], 1460, "MTU")
	END
}

# That of a link, of another link, and that of a path, which a packet finds out.
case_mtu() {
	on_access1 <<-'END'
		slaac = station("SLAAC")
		def link(ns, dev, mtu):
		    run(ns, "ip", "link", "set", dev, "mtu", str(mtu))
		def told(mtu):
		    ra = next_ra(slaac, f"MTU {mtu}", lambda ra: ra["mtu"] == mtu)
		    check(option(ra, HOME["SLAAC"])[1], "a valid prefix")
		# RULE: B-MAG-56 B-MAG-86
		link("mag1", "core", 1450)
		told(1410)
		# RULE: B-MAG-56
		link("mag1", "access1", 1400)
		told(1400)
		link("mag1", "access1", 1500)
		told(1410)
		link("mag1", "core", 1500)
		told(1460)
		# RULE: B-MAG-84 B-MAG-86
		link("core", "lma", 1420)
		source = text(addr(HOME["SLAAC"].split("/")[0])[:8] + b"\0" * 7 + b"\7")
		slaac.send(udp(source, CN, bytes(1412)))
		told(1380)
		link("core", "lma", 1500)
	END
}

# ---- When it is taken back -------------------------------------------------

# Its profile goes: so do its prefix and its routes; the router stays for what it
# may still do, visit.
case_withdrawn() {
	sed -i "s/valid-lifetime = 5000/service = false\nvalid-lifetime = 5000/" \
		"$work/profiles.conf"
	on_access1 <<-'END'
		slaac = station("SLAAC")
		agent("mag1", signal.SIGHUP)
		for i in range(3):
		    # RULE: B-MAG-42
		    ra = next_ra(slaac, f"withdrawal {i}",
		                 lambda ra: option(ra, HOME["SLAAC"]) and
		                 option(ra, HOME["SLAAC"])[1:] == (0, 0))
		# Said often enough; and its next frame is that of a visitor.
		slaac.solicit()
		# RULE: B-MAG-49 B-MAG-92
		ra = next_ra(slaac, "a visitor", lambda ra: option(ra, VISITORS))
		check(ra["lifetime"], "a router")
		check(not option(ra, HOME["SLAAC"]) or not option(ra, HOME["SLAAC"])[1],
		      f"its home: {ra}")
	END
	# RULE: B-MAG-42
	is "$(bound mag1 | grep -c "^$SLAAC_HNP" || :)" 0 "bindings of the gateway"
	is "$(mn_routes mag1 | grep -c "^$SLAAC_HNP" || :)" 0 "routes of the gateway"
	home_profiles
	reload mag1
	still_detach
	gone $SLAAC_ID
}

# ---- Solicitations while it is being registered ----------------------------

case_solicits_early() {
	kill -STOP "$(<"$work/lma.pid")"
	on_access1 <<-'END' || { kill -CONT "$(<"$work/lma.pid")"; fail "see above"; }
		both = station("BOTH")
		both.solicit()
		both.solicit("::")
		# RULE: B-MAG-12 B-MAG-50 B-MAG-80
		both.hears_none(2, "it is not registered yet")
		both.solicit()
		agent("lma", signal.SIGCONT)
		# RULE: B-MAG-79 B-MAG-59
		ra = both.expect_ra("once it is").ra
		check(option(ra, HOME["BOTH"]), "its prefix")
	END
	kill -CONT "$(<"$work/lma.pid")"
	still_detach
	gone $BOTH_ID
}

# ---- Addresses on its link -------------------------------------------------

case_addresses() {
	on_access1 <<-'END'
		slaac = station("SLAAC")
		slaac.solicit()
		slaac.expect_ra("its first")
		home = addr(HOME["SLAAC"].split("/")[0])[:8]
		own = text(home + b"\0" * 7 + b"\7")
		def group(target):
		    return text(addr("ff02::1:ff00:0")[:13] + addr(target)[13:])
		def ask(target, src):
		    rest = bytes(4) + addr(target)
		    if src != "::":
		        rest += b"\1\1" + octets_of(slaac.mac)
		    mac = "33:33:" + mac_of(addr(group(target))[12:])
		    slaac.send(icmp(src, group(target), NS, 0, rest, hops=255), mac)
		def answers(target, seconds):
		    for frame in slaac.frames(seconds):
		        data = frame.packet.payload
		        if (frame.packet.nh == ICMPV6 and data[0] == NA and
		                text(data[8:24]) == target):
		            return frame
		# Its link was down: the kernel may still be testing that address.
		for i in range(10):
		    ask(FIXED_LINK_LOCAL, slaac.link_local)
		    frame = answers(FIXED_LINK_LOCAL, 1)
		    if frame:
		        break
		# RULE: B-MAG-68
		check(frame, "no answer for the router's address")
		equal(frame.source, FIXED_LLADDR, "who answers")
		# It takes that for its own: it is told, and so are all others.
		ask(FIXED_LINK_LOCAL, "::")
		frame = answers(FIXED_LINK_LOCAL, 10)
		check(frame, "the router does not defend its address")
		equal(frame.packet.dst, ALL_NODES, "whom it tells")
		# RULE: B-MAG-68
		for target in own, slaac.link_local:
		    ask(target, "::")
		    check(not answers(target, 2), f"somebody else has {target}")
	END
	still_detach
	gone $SLAAC_ID
}

# ---- One of which no address was heard -------------------------------------

# It is asked in a frame to it alone, and its answer tells its address.
case_asked_without_address() {
	on_access1 <<-'END'
		slaac = station("SLAAC")
		slaac.send(udp("2001:db8:99::1", CN, b"hello"))
		slaac.expect_ra("its first")
		def query():
		    for frame in slaac.frames(60):
		        data = frame.packet.payload
		        # Behind a Hop-by-Hop header: a Multicast Listener Query.
		        if frame.packet.nh == 0 and data[8] == 130 and frame.to == slaac.mac:
		            return frame
		# RULE: B-MAG-46
		frame = query()
		check(frame, "nobody asks")
		equal(frame.packet.hops, 1, "hop limit")
		report = bytes([143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0]) + addr("ff02::1:ff00:7")
		data = report[:2] + struct.pack("!H", checksum(
		    slaac.link_local, "ff02::16", ICMPV6, report)) + report[4:]
		slaac.send(ip6(slaac.link_local, "ff02::16",
		               bytes([ICMPV6, 0, 5, 2, 0, 0, 1, 0]) + data, nh=0, hops=1),
		           "33:33:00:00:00:16")
	END
	wait_for 20 has_link_local || fail "its address is not known"
	is_active mag1 $SLAAC_ID || fail "one that answers was let go"
	# And now it says nothing more: it has left.
	# RULE: B-MAG-46
	wait_for 60 gone_from mag1 $SLAAC_ID || fail "the gateway keeps it"
	still_detach
}

has_link_local() { [[ -n $(mn mag1 $SLAAC_ID link_local) ]]; }

# ---- Visitors --------------------------------------------------------------

# A host that nobody knows: it has plain IPv6, and by that way only.
case_visitor() {
	local address before

	ipn still link set eth0 address $STRANGE_LLADDR
	in_ns still sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
	says mag1 "event=station-unknown .*visitor=yes" still_attach
	wait_for 30 has_address still || fail "the visitor has no address"
	address=$(address still)
	# RULE: B-MAG-49 B-MAG-92
	is "$(prefix_of "$address")" $VISITORS "prefix of its address"
	ping_ok still $CN 5
	ping_ok cn "$address" 5
	# RULE: B-MAG-49
	is "$(tunnel_count mag1)" 0 "tunnels of the gateway"
	is "$(mn mag1 $STRANGE_ID state)" "" "its entry"
	at_least 1 astat mag1 visitors || fail "no visitor is counted"

	# With an address of a home, or of anybody, it gets nowhere.
	for address in "${MN_HNP%/*}7" 2001:db8:99::7 2001:db8:c::7; do
		ipn still addr add "$address/128" dev eth0 nodad
		before=$(dropped mag1 no-binding)
		# RULE: B-MAG-37 B-MAG-47
		! in_ns still ping -q -c 3 -i 0.1 -W 1 -I "$address" $CN || fail "from $address"
		at_least $((before + 1)) dropped mag1 no-binding ||
			fail "nothing was dropped that came from $address"
		ipn still addr del "$address/128" dev eth0
	done
}

# Then somebody knows it.
case_visitor_comes_home() {
	home_profiles "mn \"$STRANGE_ID\" { lladdr = {\"$STRANGE_LLADDR\"} }"
	reload lma
	reload mag1
	# RULE: B-MAG-48
	wait_for 40 pings_and is_active mag1 $STRANGE_ID || fail "it is not served"
	wait_for 20 preferred_home || fail "$(ipn still -6 addr show dev eth0)"
	ping_ok still $CN 5
	is "$(tunnel_count mag1)" 1 "tunnels of the gateway"
	home_profiles
	reload mag1
	# RULE: B-MAG-42 B-MAG-49
	wait_for 40 pings_and preferred_visit || fail "$(ipn still -6 addr show dev eth0)"
	reload lma
}

# Who says nothing is not noticed.
pings_and() {
	in_ns still ping -q -c 1 -W 1 $CN || :
	"$@"
}

# Its addresses of the other kind are deprecated: new connections do not use them.
preferred() {
	ipn still -6 -j addr show dev eth0 scope global -deprecated |
		jq -r '.[].addr_info[].local | select(.)'
}

preferred_home() { [[ -n $(preferred) && $(preferred) != *2001:db8:f:* ]]; }
preferred_visit() { [[ -n $(preferred) && $(preferred) != *2001:db8:a:* ]]; }

# Rules and routes of the visitors are adopted, and go with the configuration.
case_adopted() {
	local before

	before=$(kernel_state mag1)
	agent_end mag1
	is "$(kernel_state mag1)" "$before" "what the kernel has"
	agent_start mag1
	is "$(kernel_state mag1)" "$before" "what the kernel has, later"
	like "$(ipn mag1 -6 rule)" "from $VISITORS iif access1 lookup main" "rules"
	agent_end mag1
	cp "$work/mag1.conf" "$work/mag1.full"
	sed -i 's/visitor-prefix = "[^"]*"//' "$work/mag1.conf"
	agent_start mag1
	wait_for 20 no_visitors || fail "$(ipn mag1 -6 rule; ipn mag1 -6 route)"
	still_detach
	agent_end mag1
	mv "$work/mag1.full" "$work/mag1.conf"
	agent_start mag1
}

no_visitors() {
	local rules

	rules=$(ipn mag1 -6 rule) && [[ $rules != *"from $VISITORS"* ]] &&
		nothing ipn mag1 -6 route show $VISITORS
}

# One that its gateway knows, and its anchor does not.
case_refused() {
	in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
	home_profiles "mn \"$REFUSED_ID\" { lladdr = {\"$REFUSED_LLADDR\"} }"
	reload mag1
	on_access1 <<-'END'
		refused = station("REFUSED")
		refused.solicit()
		ra = refused.expect_ra("refused").ra
		# RULE: B-MAG-80 B-MAG-19
		equal([what for what, *rest in ra["prefixes"]], [VISITORS], "prefixes")
		check(ra["lifetime"], "a router")
	END
	is "$(mn mag1 $REFUSED_ID state)" refused "its state"
	home_profiles
	reload mag1
	still_detach
}

# ---- One that sends nothing ------------------------------------------------

# It answers whoever asks for it, but has no traffic of its own.
case_idle() {
	agent_start mag2
	keep_carrier mag2
	ipn mag1 link set air0 netns "$RUN-mag2"
	attach_to mag2
	served mn mag2 $MN_ID
	ping_ok mn $CN 3
	# RULE: B-MAG-46
	wait_for 60 said mag2 "event=left .*mn=$MN_ID .*it sends nothing" ||
		fail "the gateway keeps it"
	wait_for 60 in_ns mn ping -q -c 1 -W 1 $CN || fail "it is not attached again"
}

agent_topology
agent_configs "MinDelayBeforeBCEDelete = 1000" "
	MIN_DELAY_BETWEEN_RAS = 1000 path-mtu-interval = 1 neighbour-idle = 12"
sed -i "s|access \"access1\" {}|access \"access1\" { visitor-prefix = \"$VISITORS\" }|" \
	"$work/mag1.conf"
sed -i 's/neighbour-idle = 12/traffic-idle = 8/' "$work/mag2.conf"
ipn core route add $VISITORS via $MAG1
ipn lma route replace $VISITORS via $CORE_LMA
# Only its end of the link is used, but where it is a host.
in_ns still sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
home_profiles
agents_start lma mag1
run_cases \
	contents "flags, lifetimes and MTU are those of the mobile node" \
	mtu "another MTU of a link or of the path is told" \
	withdrawn "a prefix is withdrawn, more than once" \
	solicits_early "who solicits before it is registered is answered when it is" \
	addresses "the router has its own addresses and no others" \
	asked_without_address "one of which no address was heard is asked all the same" \
	visitor "a stranger has plain IPv6 from the visitor prefix, and no other" \
	visitor_comes_home "it gets a home, and loses it again" \
	adopted "what visitors need is adopted, and goes with the configuration" \
	refused "one that its anchor refuses visits" \
	idle "one without traffic is let go" \
	end "the agents end"
