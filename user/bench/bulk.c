// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <time.h>

#include "../engine/alloc.h"
#include "bulk.h"
#include "field.h"

/* So many are written, then handled, then read: only the second is measured. */
#define BATCH 256u
#define BATCHES 40u

/**
 * struct side - one of the two anchors
 * @field: who sends
 * @subject: who answers
 * @letters: room for a batch
 * @took: processor seconds for all updates for its group
 */
struct side {
	struct field field;
	struct subject subject;
	struct letter *letters;
	double took;
};

static double processor_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void join(struct side *side, uint32_t mn, struct round *round)
{
	struct letter *letter = &side->letters[0];

	field_write(&side->field, mn, ERRAND_JOIN, letter);
	subject_take(&side->subject, letter);
	round->sent++;
	round->answered += letter->answer_len != 0;
	round->accepted += field_read(&side->field, mn, ERRAND_JOIN, letter);
}

static void begin(struct side *side, uint32_t sessions,
		  const struct options *options, struct round *round)
{
	uint32_t mn;

	*side = (struct side){ .took = 0 };
	field_init(&side->field, sessions, 1, options->seed);
	subject_init(&side->subject);
	side->letters = must_alloc(BATCH * sizeof(*side->letters));
	for (mn = 0; mn < sessions; mn++)
		join(side, mn, round);
}

static void end(struct side *side)
{
	subject_free(&side->subject);
	field_free(&side->field);
	free(side->letters);
}

static void renew(struct side *side, struct round *round)
{
	double start;
	uint32_t i;

	for (i = 0; i < BATCH; i++)
		field_write_bulk(&side->field, &side->letters[i]);
	start = processor_s();
	for (i = 0; i < BATCH; i++)
		subject_take(&side->subject, &side->letters[i]);
	side->took += processor_s() - start;
	round->sent += BATCH;
	for (i = 0; i < BATCH; i++) {
		round->answered += side->letters[i].answer_len != 0;
		round->accepted += field_read_bulk(&side->letters[i]);
	}
}

void bulk_run(const struct options *options, struct round *round)
{
	struct side all, one;
	unsigned int i;

	begin(&all, options->sessions, options, round);
	begin(&one, 1, options, round);
	/* The first of each is not counted: it finds nothing in a cache. */
	renew(&all, round);
	renew(&one, round);
	all.took = one.took = 0;
	for (i = 0; i < BATCHES; i++) {
		renew(&all, round);
		renew(&one, round);
	}
	round->figures[FIGURE_BULK] = BATCH * BATCHES / all.took;
	round->figures[FIGURE_BULK_RATIO] = all.took / one.took;
	end(&all);
	end(&one);
}
