/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inputs as files, for parsers that open theirs, and what those say of them.
 */
#ifndef PMIP6_FUZZ_FILE_H
#define PMIP6_FUZZ_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * file_of() - a file that has these octets
 * @data: the octets
 * @size: how many
 *
 * Return: its path, always the same; it has them until the next call.
 */
const char *file_of(const uint8_t *data, size_t size);

/**
 * struct said - what a parser says
 * @file: it is written here
 * @text: what it was, after said_end()
 * @size: how much
 */
struct said {
	FILE *file;
	char *text;
	size_t size;
};

/**
 * said_begin() - listen
 * @said: where to
 */
void said_begin(struct said *said);

/**
 * said_end() - no more is said
 * @said: where to; its text is for free()
 * @path: the file that it is about
 * @good: the parser took that
 *
 * Requires that something was said if it did not, nothing if it did, and that
 * each line begins with "PATH: " or "PATH:LINE: ".
 */
void said_end(struct said *said, const char *path, bool good);

#endif /* PMIP6_FUZZ_FILE_H */
