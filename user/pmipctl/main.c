// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../pmip6d/paths.h"
#include "pmipctl.h"

struct options options = {
	.socket = DEFAULT_CONTROL_SOCKET,
};

static const struct noun *const nouns[] = {
	&noun_device, &noun_binding, &noun_expiry_set, &noun_flow_binding,
	&noun_tunnel, &noun_stats, &noun_mn, &noun_flow, &noun_peer, &noun_group,
	&noun_revoke, &noun_monitor, &noun_info,
};

#define NOUNS (sizeof(nouns) / sizeof(nouns[0]))

int fail(const char *format, ...)
{
	va_list args;

	fputs("pmipctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return 1;
}

static void usage(FILE *to)
{
	const struct verb *verb;
	size_t i;

	fputs("Usage: pmipctl [-j] [-p] [-s] [-S SOCKET] NOUN [VERB] ...\n"
	      "  -j  JSON          -p  pretty JSON\n"
	      "  -s  counters      -S  control socket of pmip6d\n"
	      "  -V  version       -h  this text\n", to);
	for (i = 0; i < NOUNS; i++)
		for (verb = nouns[i]->verbs; verb->name; verb++)
			fprintf(to, "  pmipctl %s %s %s\n", nouns[i]->name,
				verb->name, verb->usage);
	fputs("Words may be shortened as long as they are unambiguous. See pmipctl(8).\n",
	      to);
}

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

/* The whole word, or the only one that begins so. */
static const struct verb *find_verb(const struct noun *noun, const char *word)
{
	const struct verb *verb, *found = NULL;
	int count = 0;

	for (verb = noun->verbs; verb->name; verb++) {
		if (!strcmp(verb->name, word))
			return verb;
		if (begins(verb->name, word)) {
			found = verb;
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

static const struct noun *find_noun(const char *word)
{
	const struct noun *found = NULL;
	int count = 0;
	size_t i;

	for (i = 0; i < NOUNS; i++) {
		if (!strcmp(nouns[i]->name, word))
			return nouns[i];
		if (begins(nouns[i]->name, word)) {
			found = nouns[i];
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

int run_verb(const struct noun *noun, int argc, char **argv)
{
	const struct verb *verb = noun->verbs;

	if (argc) {
		verb = find_verb(noun, argv[0]);
		if (!verb)
			return fail("unknown command \"%s\" of \"%s\": try pmipctl -h",
				    argv[0], noun->name);
		argc--;
		argv++;
	}
	return verb->run(argc, argv);
}

int main(int argc, char **argv)
{
	const struct noun *noun;
	int opt;

	while ((opt = getopt(argc, argv, "+jpsS:Vh")) != -1) {
		switch (opt) {
		case 'j':
			options.json = true;
			break;
		case 'p':
			options.pretty = true;
			break;
		case 's':
			options.statistics = true;
			break;
		case 'S':
			options.socket = optarg;
			break;
		case 'V':
			puts("pmipctl " PMIP6_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind == argc) {
		usage(stderr);
		return 2;
	}
	noun = find_noun(argv[optind]);
	if (!noun)
		return fail("unknown object \"%s\": try pmipctl -h",
			    argv[optind]);
	return run_verb(noun, argc - optind - 1, argv + optind + 1);
}
