// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../ports/policy_file.h"
#include "agent.h"
#include "config.h"
#include "log.h"

/* Not a letter: it is not to be typed by mistake. */
#define LOST_STATE 256

static void usage(FILE *to)
{
	fputs("usage: pmip6d [-tdhV] [--lost-state] -c FILE\n"
	      "\n"
	      "Proxy Mobile IPv6: local mobility anchor, mobile access gateway, or both.\n"
	      "\n"
	      "  -c FILE  configuration: see pmip6d.conf(5)\n"
	      "  -t       only say what is wrong with it, and with the profiles\n"
	      "  -d       log what helps to find errors, too\n"
	      "  --lost-state\n"
	      "           begin without the sessions of before, and tell all peers so\n"
	      "  -h       show this\n"
	      "  -V       show the version\n", to);
}

static int check_profiles(const struct config *config)
{
	struct policy *policy;

	if (!config->profiles)
		return 0;
	policy = policy_load(config->profiles, stderr);
	policy_free(policy);
	return !policy;
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "lost-state", no_argument, NULL, LOST_STATE },
		{ 0 }
	};
	bool test = false, debug = false, lose_state = false;
	const char *path = NULL;
	struct config *config;
	int option, status;

	while ((option = getopt_long(argc, argv, "c:dhtV", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case 'd':
			debug = true;
			break;
		case 't':
			test = true;
			break;
		case LOST_STATE:
			lose_state = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		case 'V':
			puts("pmip6d " PMIP6_VERSION);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (!path || optind != argc) {
		usage(stderr);
		return 2;
	}
	config = config_load(path, stderr);
	if (!config)
		return 1;
	if (test) {
		status = check_profiles(config);
	} else {
		log_init(debug ? REPORT_DEBUG : config->log_level);
		status = agent_run(config, lose_state);
	}
	config_free(config);
	return status;
}
