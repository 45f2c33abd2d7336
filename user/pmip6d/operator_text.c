// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../ports/conf_file.h"
#include "operator_text.h"

/* What is wrong with it is said in our words. */
bool operator_prefix(const char *text, struct mh_prefix *prefix)
{
	struct conf conf = { .path = text };
	size_t size;
	char *said;
	bool good;

	conf.errors = open_memstream(&said, &size);
	if (!conf.errors)
		return false;
	good = conf_prefix(&conf, 0, text, prefix);
	fclose(conf.errors);
	free(said);
	return good;
}

bool operator_group(const char *text, uint32_t *group)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	*group = (uint32_t)value;
	return !errno && end != text && !*end && value <= UINT32_MAX;
}
