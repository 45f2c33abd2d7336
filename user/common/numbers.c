// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "numbers.h"

void numbers_help(const struct numbers *numbers)
{
	unsigned int i;

	for (i = 0; i < numbers->count; i++)
		printf("  --%-10s N   %s\n", numbers->number[i].name,
		       numbers->number[i].help);
}

bool numbers_wrong(const struct numbers *numbers, const char *what,
		   const char *value)
{
	fprintf(stderr, "%s: %s \"%s\": see %s --help\n", numbers->program,
		what, value, numbers->program);
	return false;
}

static bool read_number(const struct numbers *numbers,
			const struct number *number, const char *text,
			uint64_t *to)
{
	unsigned long long value;
	char *end;

	if (!text) {
		fprintf(stderr, "%s: --%s wants a number: see %s --help\n",
			numbers->program, number->name, numbers->program);
		return false;
	}
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-')
		return numbers_wrong(numbers, "not a number", text);
	if (value < number->least || value > number->most) {
		fprintf(stderr, "%s: --%s is from %llu to %llu, not %s\n",
			numbers->program, number->name,
			(unsigned long long)number->least,
			(unsigned long long)number->most, text);
		return false;
	}
	*to = value;
	return true;
}

enum numbers_outcome numbers_read(const struct numbers *numbers, char ***argv,
				  uint64_t *values)
{
	const char *word = **argv;
	unsigned int i;

	for (i = 0; i < numbers->count; i++)
		if (!strncmp(word, "--", 2) &&
		    !strcmp(word + 2, numbers->number[i].name))
			return read_number(numbers, &numbers->number[i],
					   *++*argv, &values[i]) ?
			       NUMBERS_READ : NUMBERS_WRONG;
	return NUMBERS_NOT_ONE;
}
