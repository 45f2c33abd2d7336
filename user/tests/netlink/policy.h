/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says that it takes: the policy of the family, command by
 * command, as CTRL_CMD_GETPOLICY tells it.
 */
#ifndef PMIP6_TESTS_NETLINK_POLICY_H
#define PMIP6_TESTS_NETLINK_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

#define POLICY_SETS 32
#define POLICY_ATTRS 32
#define POLICY_CMDS 32
#define POLICY_NONE UINT32_MAX

/**
 * struct policy_attr - what one attribute may be
 * @type: enum netlink_attribute_type, or 0 for one that is refused
 * @min: least value, or length of a binary
 * @max: greatest value, or length of a binary
 * @mask: bits of a bitfield
 * @nested: the set of what is in a nest, or POLICY_NONE
 */
struct policy_attr {
	uint32_t type;
	uint64_t min;
	uint64_t max;
	uint32_t mask;
	uint32_t nested;
};

/**
 * struct policy - a family's
 * @family: its number
 * @known: the command is there
 * @has_do: it can be done
 * @has_dump: it can be dumped
 * @set: what it takes, by command
 * @attrs: what an attribute may be, by set and type
 * @dumps: commands that can only be dumped, in the order of the family
 * @dump_count: how many
 * @told: of so many the kernel has told the policy without their number
 */
struct policy {
	uint16_t family;
	bool known[POLICY_CMDS];
	bool has_do[POLICY_CMDS];
	bool has_dump[POLICY_CMDS];
	uint32_t set[POLICY_CMDS];
	struct policy_attr attrs[POLICY_SETS][POLICY_ATTRS];
	uint32_t dumps[POLICY_CMDS];
	unsigned int dump_count;
	unsigned int told;
};

/**
 * policy_learn() - ask the kernel
 * @policy: where to put it
 * @name: the family's name
 *
 * Ends the program if the family is not there, or has no policy.
 */
void policy_learn(struct policy *policy, const char *name);

#endif /* PMIP6_TESTS_NETLINK_POLICY_H */
