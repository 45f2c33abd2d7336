#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Mobile nodes come and go, many times: what is left is what was there before.

. "$(dirname "$0")/lib.sh"

CYCLES=${TEST_CYCLES:-1000}

counts() { pctl lma -j device show pmip0 | jq -r '.[0] | "\(.bindings) \(.tunnels)"'; }

# By pmipctl, at both ends and with a packet each time: that they do come and go.
case_by_hand() {
	local i

	for i in 1 2 3; do
		attach $HNP1 mag1 $MAG1 access1
		is "$(counts lma)" "1 1" "bindings and tunnels"
		ping_ok cn $MN1 1
		pctl lma binding del $HNP1 dev pmip0
		pctl mag1 binding del $HNP1 dev pmip0
		is "$(counts lma)" "0 0" "bindings and tunnels"
	done
}

# Ten thousand leaked bindings of 600 octets and more would be 6 MB; one tunnel
# in four is a new one, with a cache for each CPU. What is freed by RCU needs
# its time.
case_many() {
	TEST_CYCLES=$CYCLES py <<-'END'
		import genl

		def memory():
		    """What the kernel holds and can not give back, in KiB."""
		    with open("/proc/meminfo") as lines:
		        fields = dict(line.split(":") for line in lines)
		    return sum(int(fields[name].split()[0]) for name in ("SUnreclaim", "Percpu"))

		def cycle(first, count):
		    adds, dels = [], []
		    for n in range(first, first + count):
		        prefix = f"2001:db8:b:{n % 65536:x}::"
		        remote = f"2001:db8:9::{n % 4 and 1 or n % 65536 + 2:x}"
		        adds.append(family.add(index, prefix, 64, remote, 60000))
		        dels.append(family.delete(index, prefix, 64))
		    equal(family.do(adds), [0] * count, "answers to additions")
		    device = pmipctl("lma", "device", "show", "pmip0")[0] if not first else None
		    if device:
		        equal(device["bindings"], count, "bindings")
		        check(device["tunnels"] > count // 5, "tunnels")
		    equal(family.do(dels), [0] * count, "answers to deletions")

		def cycles(count):
		    for first in range(0, count, 100):
		        cycle(first, 100)

		def is_empty():
		    device = pmipctl("lma", "device", "show", "pmip0")[0]
		    equal((device["bindings"], device["tunnels"]), (0, 0), "bindings and tunnels")

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		count = int(os.environ["TEST_CYCLES"])
		# Once for caches to fill, and then again, ten times as often.
		cycles(count)
		is_empty()
		time.sleep(1)
		before = memory()
		cycles(count * 10)
		is_empty()
		leak = count * 10 * 600 // 1024
		wait_until(lambda: check(memory() - before < leak // 2,
		                         f"{memory() - before} KiB more than before; "
		                         f"{leak} would be all"), "memory comes back", 20)
	END
}

# A batch goes on after what it can not do, and says which that was.
case_batch() {
	py <<-'END'
		import genl

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		add = lambda n: family.add(index, f"2001:db8:b:{n}::", 64, "2001:db8:9::1", 60000)
		delete = lambda n: family.delete(index, f"2001:db8:b:{n}::", 64)
		EEXIST, ENOENT, EINVAL = 17, 2, 22
		wrong = family.add(index, "2001:db8:b::1", 64, "2001:db8:9::1", 60000)
		equal(family.do([add(1), add(2), add(1), wrong, add(3), delete(2), delete(2)]),
		      [0, 0, EEXIST, EINVAL, 0, 0, ENOENT], "answers")
		bindings = pmipctl("lma", "binding", "show", "dev", "pmip0")
		equal(sorted(b["hnp"] for b in bindings), ["2001:db8:b:1::/64", "2001:db8:b:3::/64"],
		      "bindings")
		equal(family.do([delete(1), delete(3)]), [0, 0], "answers to deletions")
	END
	is "$(counts lma)" "0 0" "bindings and tunnels"
}

# They come and go while packets for them pass.
case_under_traffic() {
	background py <<-'END'
		cn, lma = pair("cn", "eth0", "lma", "cn")
		packets = [udp(CN, f"2001:db8:a:{n:x}::1") for n in range(100)]
		while True:
		    for packet in packets:
		        cn.send(packet)
	END
	py <<-'END'
		import genl

		enter("lma")
		family, index = genl.Family(), socket.if_nametoindex("pmip0")
		for turn in range(20):
		    prefixes = [f"2001:db8:a:{n:x}::" for n in range(100)]
		    add = [family.add(index, p, 64, MAG2, 60000) for p in prefixes]
		    equal(family.do(add), [0] * 100, "answers to additions")
		    equal(family.do([family.delete(index, p, 64) for p in prefixes]), [0] * 100,
		          "answers to deletions")
		device = pmipctl("lma", "device", "show", "pmip0")[0]
		check(device["stats"]["tx_packets"] > 0, f"nothing passed: {device}")
		drops = pmipctl("lma", "stats", "show", "dev", "pmip0")[0]["drops"]
		check(drops["no-binding"] > 0, f"nothing was dropped: {drops}")
		equal([name for name in drops if drops[name] and
		       name not in ("no-binding", "no-path")], [], "other drops")
	END
	is "$(counts lma)" "0 0" "bindings and tunnels"
}

topology
devices
run_cases \
	by_hand "by pmipctl" \
	many "$CYCLES times, and ten times as often; memory is given back" \
	batch "a batch goes on after what it can not do" \
	under_traffic "under traffic"
