/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiles that are written in a test.
 */
#ifndef PMIP6_TESTS_POLICY_TEXT_H
#define PMIP6_TESTS_POLICY_TEXT_H

#include <stdlib.h>

#include "../../ports/policy_file.h"
#include "scratch.h"
#include "test.h"

/**
 * load() - policy_load() of a text
 * @text: the text
 * @errors: what is said of it, with "F" for the name of the file, for free()
 *
 * Return: the profiles, or NULL if they are refused.
 */
static inline struct policy *load(const char *text, char **errors)
{
	const char *path = scratch_write("profiles.conf", text);
	struct capture capture;
	struct policy *policy;

	capture_begin(&capture);
	policy = policy_load(path, capture.file);
	*errors = capture_end_of(&capture, path);
	return policy;
}

/**
 * load_good() - the same of a text that nothing is said of
 * @text: the text
 *
 * Return: the profiles; the test fails if anything is said.
 */
static inline struct policy *load_good(const char *text)
{
	struct policy *policy;
	char *errors;

	policy = load(text, &errors);
	assert_string_equal(errors, "");
	assert_non_null(policy);
	free(errors);
	return policy;
}

#endif /* PMIP6_TESTS_POLICY_TEXT_H */
