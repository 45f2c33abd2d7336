/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every fuzz target begins with. A target is one source file, fuzz_NAME.c,
 * whose first comment says what it feeds and, after "Covers:", which files that
 * is about. See Documentation/fuzzing.rst.
 */
#ifndef PMIP6_FUZZ_H
#define PMIP6_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * LLVMFuzzerTestOneInput() - what a target does with an input
 * @data: its octets, at the very end of an allocation
 * @size: how many
 *
 * Called by libFuzzer, or by replay.c with each file of a corpus. What is wrong
 * ends the process. Leaves nothing behind that the next call could notice.
 *
 * Return: 0; -1 for an input that is of no use in a corpus.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/**
 * LLVMFuzzerInitialize() - what a target needs once; not every one has it
 * @argc: as main() has it
 * @argv: likewise
 *
 * Return: 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Ends the process, saying where and why, if a property does not hold. */
#define REQUIRE(condition)						\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: not so: %s\n",		\
				__FILE__, __LINE__, #condition);	\
			abort();					\
		}							\
	} while (0)

/**
 * same_octets() - are two structures the same, octet by octet
 * @one: a structure
 * @other: another one
 * @size: of each
 *
 * Finds a difference in any member, also in one that is new. For structures
 * that were zero as a whole before their members were set: what is between the
 * members is zero in both, then.
 *
 * Return: true if they are.
 */
static inline bool same_octets(const void *one, const void *other, size_t size)
{
	return !memcmp(one, other, size);
}

#endif /* PMIP6_FUZZ_H */
