// SPDX-License-Identifier: GPL-2.0
/*
 * Makes allocations of the kernel fail, one after the other, and looks at what
 * becomes of it: see usage() below.  Prints TAP.
 */
#include <stdio.h>
#include <string.h>

#include <linux/pmip6.h>

#include "fault.h"
#include "fault_tests.h"
#include "memory.h"
#include "policy.h"
#include "tap.h"
#include "world.h"

static int usage(void)
{
	fputs("usage: netlink-fault MODULE\n"
	      "       netlink-fault --possible\n\n"
	      "Loads MODULE, which must not be loaded, and sends each command of the family\n"
	      "\"pmip6\", and those of links of that kind, with the first allocation that the\n"
	      "kernel makes for it failing, with the second, and so on until none fails. Each\n"
	      "must be done, or be refused with ENOMEM and have changed nothing. Then packets,\n"
	      "while one allocation in ten fails. Where the kernel has kmemleak, loading\n"
	      "never fails, and the module is removed at the end: nothing may be left. To be\n"
	      "run as root. --possible succeeds if this kernel can fail on demand.\n",
	      stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static struct policy policy;
	struct world world;
	long objects;

	if (argc != 2)
		return usage();
	if (!strcmp(argv[1], "--possible"))
		return !fault_open();
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!fault_open())
		die("this kernel does not fail on demand");
	/* Either the module, or its leaks. */
	printf("1..%u\n", fault_test_commands_count() + 8);
	if (memory_can_leak())
		fault_load_module(argv[1]);
	else
		fault_test_module(argv[1]);
	policy_learn(&policy, PMIP6_GENL_NAME);
	world_open(&world, policy.family);
	fault_test_commands(&world);
	fault_test_gateway(&world);
	fault_test_namespace();
	fault_test_packets(&world);
	world_empty(&world);
	tap(!world_works(&world), "the family works afterwards");
	world_empty(&world);
	objects = memory_objects();
	printf("# objects left: %ld\n", objects);
	tap(!objects, "no binding or path is left");
	world_close(&world);
	if (memory_can_leak())
		fault_test_leaks();
	return !!tap_failed();
}
