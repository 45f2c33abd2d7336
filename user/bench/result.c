// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "result.h"

static const struct {
	const char *name;
	const char *text;
	int digits;		/* behind the point */
} figures[FIGURES] = {
	[FIGURE_REGISTER] = { "pbu_register_per_s", "registrations/s" },
	[FIGURE_REFRESH] = { "pbu_refresh_per_s", "refreshes/s" },
	[FIGURE_HANDOVER] = { "pbu_handover_per_s", "handovers/s" },
	[FIGURE_DEREGISTER] = { "pbu_deregister_per_s", "de-registrations/s" },
	[FIGURE_DELETE] = { "delete_per_s", "deletions/s" },
	[FIGURE_MEMORY] = { "agent_bytes_per_bce", "octets/session" },
	[FIGURE_HEAP] = { "agent_heap_bytes_per_bce", "  of malloc()" },
	[FIGURE_RECORD] = { "record_bytes_per_bce", "  of its record" },
	[FIGURE_BULK] = { "pbu_bulk_per_s", "group renewals/s" },
	[FIGURE_BULK_RATIO] = { "bulk_engine_1m_vs_1", "  against 1 session", 2 },
};

/**
 * struct spread - one figure over all rounds
 * @least: the least
 * @median: the median
 * @most: the most
 */
struct spread {
	double least, median, most;
};

bool round_is_good(const struct round *round)
{
	return round->sent && round->answered == round->sent &&
	       round->accepted == round->sent && !round->left;
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static struct spread spread_of(enum figure figure, const struct round *rounds,
			       unsigned int count)
{
	double sorted[ROUNDS_MAX] = { 0 };
	unsigned int i;

	for (i = 0; i < count; i++)
		sorted[i] = rounds[i].figures[figure];
	qsort(sorted, count, sizeof(*sorted), compare);
	return (struct spread){
		.least = sorted[0],
		.median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2,
		.most = sorted[count - 1],
	};
}

static struct round sum_of(const struct round *rounds, unsigned int count)
{
	struct round sum = { .sent = 0 };
	unsigned int i;

	for (i = 0; i < count; i++) {
		sum.sent += rounds[i].sent;
		sum.answered += rounds[i].answered;
		sum.accepted += rounds[i].accepted;
		sum.left += rounds[i].left;
	}
	return sum;
}

static void print_table(const struct options *options,
			const struct round *rounds)
{
	struct round sum = sum_of(rounds, options->rounds);
	struct spread spread;
	int i;

	printf("%u sessions, %u gateways, %u rounds\n", options->sessions,
	       options->gateways, options->rounds);
	printf("%-20s %12s %12s %12s\n", "", "median", "least", "most");
	for (i = 0; i < FIGURES; i++) {
		spread = spread_of((enum figure)i, rounds, options->rounds);
		printf("%-20s %12.*f %12.*f %12.*f\n", figures[i].text,
		       figures[i].digits, spread.median, figures[i].digits,
		       spread.least, figures[i].digits, spread.most);
	}
	printf("%llu PBUs, %llu answered, %llu accepted; %llu sessions left\n",
	       (unsigned long long)sum.sent, (unsigned long long)sum.answered,
	       (unsigned long long)sum.accepted, (unsigned long long)sum.left);
}

static struct json_object *number(double value)
{
	return json_object_new_int64((int64_t)(value + 0.5));
}

static struct json_object *number_of(enum figure figure, double value)
{
	char text[32];

	if (!figures[figure].digits)
		return number(value);
	snprintf(text, sizeof(text), "%.*f", figures[figure].digits, value);
	return json_object_new_double_s(value, text);
}

static void add_rounds(struct json_object *object, enum figure figure,
		       const struct round *rounds, unsigned int count)
{
	struct json_object *list = json_object_new_array();
	unsigned int i;

	for (i = 0; i < count; i++)
		json_object_array_add(list,
				      number_of(figure,
						rounds[i].figures[figure]));
	json_object_object_add(object, figures[figure].name, list);
}

static void print_json(const struct options *options,
		       const struct round *rounds)
{
	struct round sum = sum_of(rounds, options->rounds);
	struct json_object *object = json_object_new_object();
	struct json_object *raw = json_object_new_object();
	unsigned int i;

	for (i = 0; i < FIGURES; i++) {
		json_object_object_add(object, figures[i].name,
				       number_of((enum figure)i,
						 spread_of((enum figure)i,
							   rounds,
							   options->rounds)
						 .median));
		add_rounds(raw, (enum figure)i, rounds, options->rounds);
	}
	json_object_object_add(object, "sessions",
			       json_object_new_int64(options->sessions));
	json_object_object_add(object, "gateways",
			       json_object_new_int64(options->gateways));
	json_object_object_add(object, "sent", number((double)sum.sent));
	json_object_object_add(object, "answered",
			       number((double)sum.answered));
	json_object_object_add(object, "accepted",
			       number((double)sum.accepted));
	json_object_object_add(object, "left", number((double)sum.left));
	json_object_object_add(object, "rounds", raw);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_SPACED));
	json_object_put(object);
}

void result_print(const struct options *options, const struct round *rounds)
{
	if (options->json)
		print_json(options, rounds);
	else
		print_table(options, rounds);
}
