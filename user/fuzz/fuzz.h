/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every fuzz target begins with. A target is one source file, fuzz_NAME.c,
 * whose first comment says what it feeds and, after "Covers:", which files that
 * is about. See Documentation/fuzzing.rst.
 */
#ifndef PMIP6_FUZZ_H
#define PMIP6_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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

#endif /* PMIP6_FUZZ_H */
