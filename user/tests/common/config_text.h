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

/* Loads a text; what is said of it, with "F" for the name of the file. */
static inline struct config *load(const char *text, char **errors)
{
	const char *path = scratch_write("test.conf", text);
	struct capture capture;
	struct config *config;
	char *at;

	capture_begin(&capture);
	config = config_load(path, capture.file);
	*errors = capture_end(&capture);
	while ((at = strstr(*errors, path))) {
		*at = 'F';
		memmove(at + 1, at + strlen(path),
			strlen(at + strlen(path)) + 1);
	}
	return config;
}

/* One that nothing is said of. */
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

/* Each is refused for its reason. */
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
