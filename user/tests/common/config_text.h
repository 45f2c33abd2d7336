/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration files that are written in a test.
 */
#ifndef PMIP6_TESTS_CONFIG_TEXT_H
#define PMIP6_TESTS_CONFIG_TEXT_H

#include <stdlib.h>
#include <string.h>

#include "../../pmip6d/config.h"
#include "scratch.h"
#include "test.h"

/* Line 1 names profiles; what is added to either role begins at line 7. */
#define LMA(more) \
	"profiles = p\nlma {\n device = pmip0\n" \
	" address = 2001:db8:ffff::1\n mags = {}\n\n" more "}\n"
#define MAG(more) \
	"profiles = p\nmag {\n device = pmip1\n" \
	" address = 2001:db8:ffff::11\n lma = 2001:db8:ffff::1\n" \
	" access eth1 { }\n" more "}\n"

/**
 * load() - config_load() of a text
 * @text: the text
 * @errors: what is said of it, with "F" for the name of the file, for free()
 *
 * Return: the configuration, or NULL if it is refused.
 */
static inline struct config *load(const char *text, char **errors)
{
	const char *path = scratch_write("test.conf", text);
	struct capture capture;
	struct config *config;

	capture_begin(&capture);
	config = config_load(path, capture.file);
	*errors = capture_end_of(&capture, path);
	return config;
}

/**
 * load_good() - the same of a text that nothing is said of
 * @text: the text
 *
 * Return: the configuration; the test fails if anything is said.
 */
static inline struct config *load_good(const char *text)
{
	struct config *config;
	char *errors;

	config = load(text, &errors);
	assert_string_equal(errors, "");
	assert_non_null(config);
	free(errors);
	return config;
}

/**
 * struct fault - a text, and what is said of it
 * @text: the text
 * @errors: that, with "F" for the name of the file
 */
struct fault {
	const char *text;
	const char *errors;
};

/**
 * expect_faults() - each text is refused for its reason
 * @faults: the texts
 * @count: how many
 */
static inline void expect_faults(const struct fault *faults, size_t count)
{
	struct config *config;
	char *errors;
	size_t i;

	for (i = 0; i < count; i++) {
		config = load(faults[i].text, &errors);
		assert_string_equal(errors, faults[i].errors);
		assert_null(config);
		free(errors);
	}
}

#endif /* PMIP6_TESTS_CONFIG_TEXT_H */
