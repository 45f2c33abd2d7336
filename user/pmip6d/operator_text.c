// SPDX-License-Identifier: GPL-2.0
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
