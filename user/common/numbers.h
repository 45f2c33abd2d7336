/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of a command line that are numbers: --NAME N.
 */
#ifndef PMIP6_COMMON_NUMBERS_H
#define PMIP6_COMMON_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct number - an option
 * @name: without the two dashes
 * @least: the least that it may be
 * @most: the most
 * @help: what it is
 */
struct number {
	const char *name;
	uint64_t least;
	uint64_t most;
	const char *help;
};

/**
 * struct numbers - those of a program
 * @program: its name
 * @number: the options
 * @count: how many
 */
struct numbers {
	const char *program;
	const struct number *number;
	unsigned int count;
};

enum numbers_outcome {
	NUMBERS_NOT_ONE,	/* it is another option */
	NUMBERS_READ,
	NUMBERS_WRONG,		/* why was printed */
};

/**
 * numbers_help() - print a line for each
 * @numbers: those
 */
void numbers_help(const struct numbers *numbers);

/**
 * numbers_wrong() - print that the command line is wrong
 * @numbers: those of the program
 * @what: what is wrong
 * @value: with which word
 *
 * Return: false.
 */
bool numbers_wrong(const struct numbers *numbers, const char *what,
		   const char *value);

/**
 * numbers_read() - read one, if it is one
 * @numbers: those of the program
 * @argv: the word that may be one; moved on to its number if it is
 * @values: where to put that, in the order of the options
 *
 * Return: whether it was.
 */
enum numbers_outcome numbers_read(const struct numbers *numbers, char ***argv,
				  uint64_t *values);

#endif /* PMIP6_COMMON_NUMBERS_H */
