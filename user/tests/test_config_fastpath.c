// SPDX-License-Identifier: GPL-2.0
/*
 * fastpath-interfaces, which user/pmip6d/config.c reads
 */
#include "common/config_text.h"

static void test_without(void **state)
{
	struct config *config = load_good(LMA(""));

	(void)state;
	assert_false(config->lma->device.has_fastpath);
	assert_int_equal(config->lma->device.fastpath_count, 0);
	config_free(config);
}

/* Which is to turn off what somebody else has turned on. */
static void test_none(void **state)
{
	struct config *config = load_good(LMA(" fastpath-interfaces = {}\n"));

	(void)state;
	assert_true(config->lma->device.has_fastpath);
	assert_int_equal(config->lma->device.fastpath_count, 0);
	config_free(config);
}

static void test_either_role(void **state)
{
	struct config *config = load_good(
		LMA(" fastpath-interfaces = { eth0, eth1 }\n")
		"mag {\n device = pmip1\n address = 2001:db8:ffff::2\n"
		" lma = 2001:db8:ffff::1\n access eth2 { }\n"
		" fastpath-interfaces = { eth2 }\n}\n");
	const struct config_device *lma = &config->lma->device;
	const struct config_device *mag = &config->mag->device;

	(void)state;
	assert_true(lma->has_fastpath && mag->has_fastpath);
	assert_int_equal(lma->fastpath_count, 2);
	assert_string_equal(lma->fastpath[0], "eth0");
	assert_string_equal(lma->fastpath[1], "eth1");
	assert_int_equal(mag->fastpath_count, 1);
	assert_string_equal(mag->fastpath[0], "eth2");
	config_free(config);
}

/* count_of() - so many names */
static char *count_of(unsigned int count)
{
	char *text;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	unsigned int i;

	assert_non_null(file);
	fputs("profiles = p\nlma {\n device = pmip0\n"
	      " address = 2001:db8:ffff::1\n mags = {}\n\n"
	      " fastpath-interfaces = {", file);
	for (i = 0; i < count; i++)
		fprintf(file, "%s eth%u", i ? "," : "", i);
	fputs(" }\n}\n", file);
	fclose(file);
	return text;
}

static void test_most(void **state)
{
	char *text = count_of(PMIP6_FASTPATH_MAX_IFACES);
	struct config *config = load_good(text);

	(void)state;
	assert_int_equal(config->lma->device.fastpath_count,
			 PMIP6_FASTPATH_MAX_IFACES);
	assert_string_equal(config->lma->device.fastpath[31], "eth31");
	config_free(config);
	free(text);
}

static void test_too_many(void **state)
{
	char *text = count_of(PMIP6_FASTPATH_MAX_IFACES + 2);
	const struct fault fault = {
		text, "F:7: fastpath-interfaces has more than 32 names\n",
	};

	(void)state;
	expect_faults(&fault, 1);
	free(text);
}

static void test_faults(void **state)
{
	static const struct fault faults[] = {
		{ LMA(" fastpath-interfaces = { eth0,\n eth1, eth0 }\n"),
		  "F:8: \"eth0\" stands in fastpath-interfaces twice\n" },
		{ MAG(" fastpath-interfaces = { eth1, pmip1 }\n"),
		  "F:7: \"pmip1\" is the device, which has no fast path of its own\n" },
		{ LMA(" fastpath-interfaces = { a/b }\n"),
		  "F:7: \"a/b\" is not a name of a network device\n" },
		{ LMA(" fastpath-interfaces = { '', '' }\n"),
		  "F:7: \"\" is not a name of a network device\n"
		  "F:7: \"\" is not a name of a network device\n" },
		{ LMA(" fastpath-interfaces = { abcdefghijklmnop }\n"),
		  "F:7: \"abcdefghijklmnop\" is too long for the name of a network device, which has at most 15 characters\n" },
	};

	(void)state;
	expect_faults(faults, ARRAY_SIZE(faults));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_either_role),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
