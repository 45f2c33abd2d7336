// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "tap.h"

static unsigned int count, failed;

void tap(bool good, const char *what)
{
	printf("%sok %u - %s\n", good ? "" : "not ", ++count, what);
	fflush(stdout);
	failed += !good;
}

unsigned int tap_failed(void)
{
	return failed;
}
