// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "message.h"

#define DEBUG "/sys/kernel/debug/"
#define TIMES 1000000000UL

static int nth_fd = -1;
static int all_fd = -1;

static bool set(const char *attr, const char *name, unsigned long value)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), DEBUG "%s/%s", attr, name);
	file = fopen(path, "w");
	if (!file)
		return false;
	fprintf(file, "%lu\n", value);
	return !fclose(file);
}

static bool set_flag(const char *attr, const char *name, bool on)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), DEBUG "%s/%s", attr, name);
	file = fopen(path, "w");
	if (!file)
		return false;
	fputs(on ? "Y\n" : "N\n", file);
	return !fclose(file);
}

bool fault_open(void)
{
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	all_fd = open("/proc/thread-self/make-it-fail", O_WRONLY | O_CLOEXEC);
	return nth_fd >= 0 && all_fd >= 0 &&
	       set("failslab", "verbose", 0) &&
	       set("failslab", "probability", 0) &&
	       set_flag("failslab", "ignore-gfp-wait", false) &&
	       set("fail_page_alloc", "verbose", 0) &&
	       set("fail_page_alloc", "probability", 0) &&
	       set("fail_page_alloc", "min-order", 0) &&
	       set_flag("fail_page_alloc", "ignore-gfp-wait", false);
}

void fault_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, (size_t)len, 0) != len)
		die("fail-nth");
}

static unsigned int rest(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		die("fail-nth");
	fault_arm(0);
	return (unsigned int)strtoul(text, NULL, 10);
}

bool fault_disarm(void)
{
	return !rest();
}

unsigned int fault_used(unsigned int nth)
{
	return nth - rest();
}

static unsigned long failed(void)
{
	FILE *file = fopen(DEBUG "failslab/times", "r");
	char text[32], *end;
	unsigned long left;

	if (!file || !fgets(text, sizeof(text), file))
		die("failslab/times");
	fclose(file);
	left = strtoul(text, &end, 10);
	if (end == text)
		die("failslab/times");
	return TIMES - left;
}

/* By what is open already: a file can not be opened without memory. */
static void of_this_thread(const char *whether)
{
	if (pwrite(all_fd, whether, 1, 0) != 1)
		die("make-it-fail");
}

void fault_arm_after(unsigned long octets)
{
	if (!set_flag("failslab", "task-filter", true) ||
	    !set("failslab", "space", octets) ||
	    !set("failslab", "times", TIMES) ||
	    !set("failslab", "probability", 100))
		die("failslab");
	of_this_thread("1");
}

bool fault_disarm_after(void)
{
	of_this_thread("0");
	if (!set("failslab", "probability", 0) ||
	    !set("failslab", "space", 0) ||
	    !set_flag("failslab", "task-filter", false))
		die("failslab");
	return failed();
}

void fault_begin(unsigned int percent)
{
	if (!set_flag("failslab", "ignore-gfp-wait", true) ||
	    !set("failslab", "times", TIMES) ||
	    !set("failslab", "probability", percent))
		die("failslab");
}

unsigned long fault_end(void)
{
	unsigned long count;

	if (!set("failslab", "probability", 0))
		die("failslab");
	count = failed();
	if (!set("failslab", "times", 1) ||
	    !set_flag("failslab", "ignore-gfp-wait", false))
		die("failslab");
	return count;
}
