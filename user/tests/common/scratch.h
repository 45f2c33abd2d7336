/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files for the time of a test program.
 */
#ifndef PMIP6_TESTS_SCRATCH_H
#define PMIP6_TESTS_SCRATCH_H

#include <stdio.h>

/**
 * scratch_path() - the path of a file that is gone when the program ends
 * @name: its name, without a slash
 *
 * Return: the path, until the program ends.
 */
const char *scratch_path(const char *name);

/**
 * scratch_write() - make a file with this text in it
 * @name: its name, without a slash
 * @text: the text
 *
 * Return: its path, until the program ends.
 */
const char *scratch_write(const char *name, const char *text);

/**
 * struct capture - what is printed into memory
 * @file: print there
 * @text: what it was, after capture_end()
 * @size: how much
 */
struct capture {
	FILE *file;
	char *text;
	size_t size;
};

/**
 * capture_begin() - print into memory
 * @capture: where to
 */
void capture_begin(struct capture *capture);

/**
 * capture_end() - see what was printed
 * @capture: where to
 *
 * Return: what it was; the caller frees it.
 */
char *capture_end(struct capture *capture);

/**
 * capture_end_of() - see what was printed of a file
 * @capture: where to
 * @path: the name of the file
 *
 * Return: what it was, with "F" wherever it was that name; the caller frees it.
 */
char *capture_end_of(struct capture *capture, const char *path);

#endif /* PMIP6_TESTS_SCRATCH_H */
