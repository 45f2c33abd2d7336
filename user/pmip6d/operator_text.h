/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator says, as text.
 */
#ifndef PMIP6D_OPERATOR_TEXT_H
#define PMIP6D_OPERATOR_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "../mh/mh.h"

/* What is wrong with a prefix that is none. */
#define OPERATOR_NO_PREFIX \
	"a prefix is like 2001:db8:1::/64: of global unicast addresses, with no bits set after its length"

/**
 * operator_prefix() - a prefix, as configurations have them
 * @text: the text
 * @prefix: where to put it
 *
 * Return: false if it is none.
 */
bool operator_prefix(const char *text, struct mh_prefix *prefix);

/**
 * operator_group() - the identifier of a bulk group
 * @text: the text
 * @group: where to put it
 *
 * Return: false if it is none.
 */
bool operator_group(const char *text, uint32_t *group);

#endif /* PMIP6D_OPERATOR_TEXT_H */
