#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# One CPU forwards, and shows what there is, without a pause, while another changes
# what it forwards by: bindings, tunnels, devices, namespaces, the module. Whether
# anybody reads what was freed, or what is being written, is for the kernel to
# report (KASAN, KCSAN); that packets did pass meanwhile, and how the other's
# commands ended, is seen here. $TEST_RACES is how often.

. "$(dirname "$0")/lib.sh"

races=${TEST_RACES:-100}
export races

# What all the programs below begin with: they change things, on the last CPU;
# packets.py is on the first.
changer() {
	{
		cat <<-'END'
			import genl, rtnl
			os.sched_setaffinity(0, {os.cpu_count() - 1})
			RACES = int(os.environ["races"])
			enter("lma")

			def device():
			    return pmipctl("lma", "device", "show", "pmip0")[0]

			def passed():
			    return device()["stats"]["tx_packets"]

			def all_well(errors, what):
			    equal(errors, [0] * len(errors), f"answers to {what}")

			def add_all(family, index, lifetime=60000, flags=genl.NLM_F_CREATE):
			    all_well(family.do([family.add(index, f"2001:db8:a:{n:x}::", 64, MAG1, lifetime,
			                                   flags) for n in range(1, 4)]), "additions")

			def delete_all(family, index):
			    all_well(family.do([family.delete(index, f"2001:db8:a:{n:x}::", 64)
			                        for n in range(1, 4)]), "deletions")
		END
		cat
	} | py "$@"
}

# going NAME <PROGRAM: in the background and for ever, with a function count(n) that
# still_going looks at.
going() {
	: >"$work/$1"
	background python '
counted = 0

def count(more):
    global counted
    counted += more
    if counted // 256 != (counted - more) // 256:
        with open(sys.argv[1], "w") as file:
            file.write(str(counted))
'"$(</dev/stdin)" "$work/$1" </dev/null
	wait_for 60 test -s "$work/$1" || fail "no $1"
}

# still_going NAME...: until now
still_going() {
	local name before

	for name; do
		[[ -e $work/$name ]] || continue
		before=$(<"$work/$name")
		wait_for 60 not equals "$before" cat "$work/$name" || fail "$name has ended"
	done
}

# Both ways, to and from mobile nodes that are there and that are not.
traffic() {
	going traffic <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		mn, mag1 = pair("mn1", "eth0", "mag1", "access1")
		down = [udp(CN, to, b"x" * 64) for to in (MN1, MN2, MN3, "2001:db8:a:4::1")]
		up = udp(MN1, CN, b"x" * 64)

		def offer(station, packet):
		    try:
		        station.send(packet)
		    except OSError as full:  # on a slow machine the queue may be
		        check(full.errno in (105, 100), full)

		while True:
		    for packet in down:
		        offer(cn, packet)
		        offer(mn, up)
		    count(8)
	END
}

# All that there is to read without a lock. On a single CPU it would take time from
# the others, and meet nobody.
readers() {
	(($(nproc) > 1)) || return 0
	going readers <<-'END'
		import genl
		enter("lma")
		family = genl.Family()
		while True:
		    for kind in (genl.DEVICE_GET, genl.BINDING_GET, genl.TUNNEL_GET,
		                 genl.EXPIRY_SET_GET):
		        family.dump(kind)
		    with open("/proc/thread-self/net/dev") as counters:
		        counters.read()
		    count(32)
	END
}

# A path, its flags, and which tunnel it is in, of a binding that is in use.
case_changed() {
	traffic
	readers
	changer <<-'END'
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		add_all(family, index)
		before = passed()
		for turn in range(RACES):
		    messages = []
		    for n in range(1, 4):
		        prefix = f"2001:db8:a:{n:x}::"
		        for remote in MAG1, MAG2, f"2001:db8:9::{turn % 7:x}":
		            messages.append(family.add(index, prefix, 64, remote, 60000 + turn,
		                                       genl.NLM_F_REPLACE))
		    all_well(family.do(messages), "changes")
		check(passed() > before, "nothing was forwarded meanwhile")
		delete_all(family, index)
	END
	still_going traffic readers
}

# All of a device's bindings, and so its tunnels, come and go.
case_flushed() {
	traffic
	readers
	changer <<-'END'
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		before = passed()
		for turn in range(RACES):
		    add_all(family, index)
		    delete_all(family, index)
		add_all(family, index)
		wait_until(lambda: check(passed() > before, "nothing forwarded"), "traffic", 20)
		delete_all(family, index)
		now = device()
		equal((now["bindings"], now["tunnels"]), (0, 0), "what is left")
	END
	still_going traffic readers
}

# They end by themselves while packets for them come, and while they are shown.
case_expired() {
	traffic
	readers
	changer <<-'END'
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		for turn in range(RACES):
		    add_all(family, index, lifetime=1 + turn % 5,
		            flags=genl.NLM_F_CREATE | genl.NLM_F_REPLACE)
		    if turn % 25 == 0:
		        pmipctl("lma", "binding", "show")
		        pmipctl("lma", "tunnel", "show")
		wait_until(lambda: equal(device()["bindings"], 0, "bindings"), "they expire", 20)
		drops = pmipctl("lma", "stats", "show", "dev", "pmip0")[0]["drops"]
		check(drops["no-binding"] > 0, f"nothing came for them: {drops}")
	END
	still_going traffic readers
}

# Those of a set are renewed, leave it, and end with it, all while they are used.
case_sets() {
	traffic
	readers
	changer <<-'END'
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		EITHER = genl.NLM_F_CREATE | genl.NLM_F_REPLACE

		def join(number, prefixes):
		    return [family.add(index, f"2001:db8:a:{n:x}::", 64, MAG1, 0, EITHER, number)
		            for n in prefixes]

		before = passed()
		for turn in range(RACES):
		    number = 1 + turn % 3
		    all_well(family.do([family.add_set(index, number, 60000, EITHER)] +
		                       join(number, range(1, 4))), "members")
		    all_well(family.do([family.add_set(index, number, 60000 + turn, genl.NLM_F_REPLACE),
		                        family.add(index, "2001:db8:a:1::", 64, MAG2, 60000, EITHER),
		                        family.add_set(index, number, 0, genl.NLM_F_REPLACE)]), "the end")
		check(passed() > before, "nothing was forwarded meanwhile")
		all_well(family.do([family.delete(index, "2001:db8:a:1::", 64)]), "deletion")
		wait_until(lambda: equal(device()["bindings"], 0, "bindings"), "sets expire", 20)
		equal(family.dump(genl.EXPIRY_SET_GET), 0, "sets that are left")
	END
	still_going traffic readers
}

# The device under the packets goes, and another takes its place.
case_device_deleted() {
	traffic
	readers
	ipn lma link del pmip0
	changer <<-'END'
		family, links = genl.Family(), rtnl.Rtnl()
		used = 0
		for turn in range(RACES):
		    equal(links.add_device("pmip0", rtnl.ROLE_LMA, LMA), 0, "answer to a new device")
		    index = socket.if_nametoindex("pmip0")
		    add_all(family, index)
		    equal(links.add_route("2001:db8:a::", 48, index), 0, "answer to a route")
		    if turn % 16 == 0:
		        wait_until(lambda: check(passed() > 0, "nothing forwarded"), "traffic", 20)
		        used += 1
		    equal(links.del_link(index), 0, "answer to its deletion")
		check(used, "no device was in use")
	END
	still_going traffic readers
	anchor_device
}

# The same for the namespace that it is in: the anchor's links go with it, and
# what is on their way.
case_namespace_deleted() {
	local i rounds=$(((races + 19) / 20))

	for ((i = 0; i < rounds; i++)); do
		ip -batch - <<-END
			netns add $RUN-going
			link add going netns $RUN-cn type veth peer name cn netns $RUN-going
		END
		ipn cn link set going up
		echo going >>"$work/namespaces"
		in_ns going sh -ec 'ip -batch -
			echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
			"$pmipctl" device add pmip0 role lma local 2001:db8:1::1
			ip route add 2001:db8:a::/48 dev pmip0
			"$pmipctl" binding add 2001:db8:a:1::/64 dev pmip0 remote 2001:db8:2::1 lifetime 60s' <<-END
				link set lo up
				link set cn addrgenmode none up
				addr add 2001:db8:1::1/128 dev lo
				neigh add fe80::99 lladdr 02:00:00:00:99:99 dev cn nud permanent
				route add default via fe80::99 dev cn
			END
		py "$i" <<-'END'
			cn, gone = pair("cn", "going", "going", "cn")
			packet = udp(CN, MN1, b"x" * 64)

			def passed():
			    cn.send(packet)
			    device = pmipctl("going", "device", "show", "pmip0")[0]
			    check(device["stats"]["tx_packets"] > 0, f"nothing forwarded: {device}")

			# Its link has no carrier at once.
			wait_until(passed, "traffic", 20)
			# Whoever is in it keeps it alive.
			gone.sock.close()
			enter("cn")
			ended = os.spawnlp(os.P_NOWAIT, "ip", "ip", "netns", "del", os.environ["RUN"] + "-going")
			try:
			    while True:
			        cn.send(packet)
			except OSError as error:
			    check(error.errno in (6, 19, 100, 105), f"{error}")
			os.waitpid(ended, 0)
		END
		wait_for 30 not ipn cn link show going || fail "the namespace does not end"
	done
}

# And for the module itself.
case_module_removed() {
	traffic
	ipn lma link del pmip0
	rmmod pmip6
	MODULE=$module changer <<-'END'
		import ctypes
		DELETE_MODULE, FINIT_MODULE = 176, 313
		libc = ctypes.CDLL(None, use_errno=True)

		def call(number, *arguments):
		    if libc.syscall(number, *arguments):
		        raise OSError(ctypes.get_errno(), f"system call {number}")

		links, used = rtnl.Rtnl(), 0
		for turn in range((RACES + 3) // 4):
		    with open(os.environ["MODULE"], "rb") as module:
		        call(FINIT_MODULE, module.fileno(), b"", 0)
		    family = genl.Family()
		    equal(links.add_device("pmip0", rtnl.ROLE_LMA, LMA), 0, "answer to a new device")
		    index = socket.if_nametoindex("pmip0")
		    add_all(family, index, lifetime=2)
		    add_all(family, index, flags=genl.NLM_F_CREATE | genl.NLM_F_REPLACE)
		    equal(links.add_route("2001:db8:a::", 48, index), 0, "answer to a route")
		    if turn % 16 == 0:
		        wait_until(lambda: check(passed() > 0, "nothing forwarded"), "traffic", 20)
		        used += 1
		    call(DELETE_MODULE, b"pmip6", os.O_NONBLOCK)
		check(used, "no module was in use")
	END
	still_going traffic
	load_module
	anchor_device
}

topology
devices
attach $HNP1 mag1 $MAG1 access1
pctl lma binding del $HNP1 dev pmip0
run_cases \
	changed "$races times bindings are changed while they are used" \
	flushed "$races times all of them are deleted, and made again" \
	expired "$races times they expire" \
	sets "$races times sets of them are renewed, and end" \
	device_deleted "$races times the device is deleted" \
	namespace_deleted "a twentieth as often the namespace" \
	module_removed "a quarter as often the module"
