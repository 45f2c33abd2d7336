// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../engine/alloc.h"
#include "conf_file.h"

/* libconfuse has one lexer a process, and hands its callbacks no context. */
static struct conf *reading;

static void print_error(struct conf *conf, unsigned int line,
			const char *format, va_list args)
{
	conf->error_count++;
	if (line)
		fprintf(conf->errors, "%s:%u: ", conf->path, line);
	else
		fprintf(conf->errors, "%s: ", conf->path);
	vfprintf(conf->errors, format, args);
	fputc('\n', conf->errors);
}

void conf_error(struct conf *conf, unsigned int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_error(conf, line, format, args);
	va_end(args);
}

static void on_error(cfg_t *section, const char *format, va_list args)
{
	print_error(reading, (unsigned int)section->line, format, args);
}

/* Also tells where the section begins, see CONF_DEFAULT(). */
static bool is_default(const cfg_opt_t *opt)
{
	return opt->def.parsed && opt->def.fpnumber == 0;
}

/*
 * A key that is set twice loses its first value unsaid, so the line of the
 * last one is kept in the key itself, in a default that this type of key has
 * no use for.
 */
int conf_note(cfg_t *section, cfg_opt_t *opt, const char *text, void *result)
{
	size_t size = strlen(text) + 1;
	struct conf_value *value = must_alloc(sizeof(*value) + size);

	value->line = (unsigned int)section->line;
	memcpy(value->text, text, size);
	*(void **)result = value;

	if (is_default(opt)) {
		opt->def.fpnumber = section->line;
		return 0;
	}
	if (opt->nvalues == 1) {
		if (opt->def.number)
			conf_error(reading, value->line,
				   "%s is set twice, first on line %ld",
				   opt->name, opt->def.number);
		opt->def.number = section->line;
	}
	return 0;
}

static char *read_whole(FILE *file, size_t *size)
{
	size_t room = 65536, count;
	char *text = must_alloc(room);

	*size = 0;
	while ((count = fread(text + *size, 1, room - *size - 1, file))) {
		*size += count;
		if (*size == room - 1) {
			room *= 2;
			text = must_realloc(text, room);
		}
	}
	text[*size] = '\0';
	return text;
}

/* libconfuse would end the process over a file that cannot be read. */
static char *read_file(struct conf *conf, size_t *size)
{
	FILE *file = fopen(conf->path, "re");
	struct stat status;
	char *text = NULL;
	int error = 0;

	if (!file || fstat(fileno(file), &status)) {
		error = errno;
	} else if (S_ISDIR(status.st_mode)) {
		error = EISDIR;
	} else {
		text = read_whole(file, size);
		if (ferror(file))
			error = errno ? errno : EIO;
	}
	if (file)
		fclose(file);
	if (!error)
		return text;
	conf_error(conf, 0, "%s", strerror(error));
	free(text);
	return NULL;
}

static bool begins_comment(const char *text, const char *at)
{
	if (*at == '#')
		return true;
	/* Within a word, slashes are those of a path. */
	return *at == '/' && (at[1] == '/' || at[1] == '*') &&
	       (at == text || strchr(" \t\r\n{}=,()+\"'", at[-1]));
}

static char *skip_string(char *at)
{
	char quote = *at;

	for (at++; *at && *at != quote && *at != '\n'; at++)
		if (*at == '\\' && at[1] && at[1] != '\n')
			at++;
	return *at == quote ? at + 1 : NULL;
}

static char *blank_comment(char *at, unsigned int *line)
{
	bool block = at[0] == '/' && at[1] == '*';
	unsigned int begin = 2;

	for (; *at; at++) {
		if (*at == '\n' && !block)
			return at;
		if (*at == '\n') {
			++*line;
		} else if (block && !begin && at[0] == '*' && at[1] == '/') {
			at[0] = ' ';
			at[1] = ' ';
			return at + 2;
		} else {
			*at = ' ';
		}
		if (begin)
			begin--;
	}
	return block ? NULL : at;
}

/* Deeper than any section may be. */
#define DEPTH_MAX 8

/* Where braces were opened, to tell of one that is not closed. */
struct braces {
	unsigned int lines[DEPTH_MAX];
	unsigned int depth;
};

static void count_brace(struct braces *braces, char at, unsigned int line)
{
	if (at == '{') {
		if (braces->depth < DEPTH_MAX)
			braces->lines[braces->depth] = line;
		braces->depth++;
	} else if (at == '}' && braces->depth) {
		braces->depth--;
	}
}

static bool check_end(struct conf *conf, const struct braces *braces,
		      bool at_end, unsigned int line)
{
	if (!at_end) {
		conf_error(conf, line,
			   "this is no text: there is an octet of 0");
		return false;
	}
	if (braces->depth && braces->depth <= DEPTH_MAX) {
		conf_error(conf, braces->lines[braces->depth - 1],
			   "brace is not closed");
		return false;
	}
	return true;
}

/*
 * libconfuse 3.3 counts a comment as two or three lines, takes a file that
 * ends within a section, and tells of a quote that was forgotten at the end
 * of the file only. So comments become blanks before it sees them, strings
 * end on the line that they begin on, and braces are counted.
 */
static bool prepare(struct conf *conf, char *text, size_t size)
{
	struct braces braces = { .depth = 0 };
	unsigned int line = 1, began;
	char *at = text;

	while (*at) {
		began = line;
		if (begins_comment(text, at)) {
			at = blank_comment(at, &line);
			if (!at) {
				conf_error(conf, began, "comment has no end");
				return false;
			}
		} else if (*at == '"' || *at == '\'') {
			at = skip_string(at);
			if (!at) {
				conf_error(conf, line, "string has no end");
				return false;
			}
		} else {
			count_brace(&braces, *at, line);
			if (*at++ == '\n')
				line++;
		}
	}
	return check_end(conf, &braces, at == text + size, line);
}

bool conf_open(struct conf *conf, cfg_opt_t *opts)
{
	bool right = false;
	size_t size;
	char *text;
	FILE *file;

	conf->root = NULL;
	conf->error_count = 0;
	text = read_file(conf, &size);
	if (!text)
		return false;
	if (prepare(conf, text, size)) {
		/* No C library refuses a buffer that is not empty. */
		text[size] = ' ';
		file = fmemopen(text, size + 1, "r");
		reading = conf;
		conf->root = cfg_init(opts, CFGF_NONE);
		if (!file || !conf->root)
			abort();
		conf->root->filename = strdup(conf->path);
		cfg_set_error_function(conf->root, on_error);
		right = cfg_parse_fp(conf->root, file) == CFG_SUCCESS;
		fclose(file);
		/* It does so without a word for a key of no characters. */
		if (!right && !conf->error_count)
			conf_error(conf, (unsigned int)conf->root->line,
				   "from here on it is not understood: is a key empty?");
	}
	free(text);
	return right;
}

void conf_close(struct conf *conf)
{
	/* This also forgets in which state an error left the lexer. */
	if (conf->root)
		cfg_free(conf->root);
	conf->root = NULL;
	reading = NULL;
}

unsigned int conf_line(cfg_t *section)
{
	const cfg_opt_t *opt;

	for (opt = section->opts; opt->name; opt++)
		if (opt->type == CFGT_PTR && opt->def.parsed)
			return (unsigned int)opt->def.fpnumber;
	return (unsigned int)section->line;
}

bool conf_is_set(cfg_t *section, const char *key)
{
	return cfg_getopt(section, key)->flags & CFGF_MODIFIED;
}

const struct conf_value *conf_item(cfg_t *section, const char *key,
				   unsigned int at)
{
	return cfg_getnptr(section, key, at);
}

const struct conf_value *conf_value(cfg_t *section, const char *key)
{
	return conf_item(section, key, 0);
}

const struct conf_value *conf_required(struct conf *conf, cfg_t *section,
				       const char *key)
{
	const struct conf_value *value = conf_value(section, key);

	if (!value)
		conf_error(conf, conf_line(section), "%s lacks %s",
			   section->name, key);
	return value;
}
