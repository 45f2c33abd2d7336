/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of netlink-fault. Each prints its results.
 */
#ifndef PMIP6_TESTS_NETLINK_FAULT_TESTS_H
#define PMIP6_TESTS_NETLINK_FAULT_TESTS_H

struct world;

/**
 * fault_test_commands() - each command, with each allocation failing once
 * @world: where
 */
void fault_test_commands(struct world *world);

/**
 * fault_test_commands_count() - results of that
 *
 * Return: how many.
 */
unsigned int fault_test_commands_count(void);

/**
 * fault_test_module() - loading the module
 * @file: where it is; it is not loaded, and is afterwards
 *
 * One result.
 */
void fault_test_module(const char *file);

/**
 * fault_load_module() - load the module, without a failure
 * @file: where it is; it is not loaded
 *
 * For kernels that look for leaks: the slab allocator of 6.1 itself leaks the name
 * of a cache that there is no memory to show in sysfs for.
 */
void fault_load_module(const char *file);

/**
 * fault_test_leaks() - that kmemleak finds nothing, once the module is gone
 *
 * One result. The module, which nothing uses any more, is not loaded afterwards.
 */
void fault_test_leaks(void);

/**
 * fault_test_namespace() - new namespaces
 *
 * One result.
 */
void fault_test_namespace(void);

/**
 * fault_test_gateway() - the first gateway of a namespace
 * @world: where
 *
 * One result.
 */
void fault_test_gateway(struct world *world);

/**
 * fault_test_packets() - packets both ways
 * @world: where
 *
 * Three results.
 */
void fault_test_packets(struct world *world);

#endif /* PMIP6_TESTS_NETLINK_FAULT_TESTS_H */
