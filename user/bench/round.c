// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <time.h>

#include "../engine/alloc.h"
#include "field.h"
#include "memory.h"
#include "round.h"

/* So many are written, then handled, then read: only the second is measured. */
#define BATCH 256u

/* In what steps time passes while sessions are deleted. */
#define DELETE_STEP_US 1000u
#define DELETE_WAIT_US 20000000u

/**
 * struct bench - a round under way
 * @field: who sends
 * @subject: who answers
 * @letters: room for a batch
 * @round: what has come of it
 */
struct bench {
	struct field field;
	struct subject subject;
	struct letter *letters;
	struct round *round;
};

/* What others do on the processor does not count. */
static double processor_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double handle(struct bench *bench, uint32_t count)
{
	double start = processor_s();
	uint32_t i;

	for (i = 0; i < count; i++)
		subject_take(&bench->subject, &bench->letters[i]);
	return processor_s() - start;
}

static double run_batch(struct bench *bench, enum errand errand,
			const uint32_t *mns, uint32_t count)
{
	struct round *round = bench->round;
	double took;
	uint32_t i;

	for (i = 0; i < count; i++)
		field_write(&bench->field, mns[i], errand, &bench->letters[i]);
	took = handle(bench, count);
	round->sent += count;
	for (i = 0; i < count; i++) {
		round->answered += bench->letters[i].answer_len != 0;
		round->accepted += field_read(&bench->field, mns[i], errand,
					      &bench->letters[i]);
	}
	return took;
}

/* How many a second, all of them in a new order. */
static double run_errand(struct bench *bench, enum errand errand)
{
	struct field *field = &bench->field;
	uint32_t all = field->mobile_count, at, count;
	double took = 0;

	field_shuffle(field);
	for (at = 0; at < all; at += count) {
		count = all - at < BATCH ? all - at : BATCH;
		took += run_batch(bench, errand, &field->order[at], count);
	}
	return all / took;
}

static double run_refreshes(struct bench *bench, unsigned int times)
{
	double sum = 0;
	unsigned int i;

	/* Each is of as many, so the rate is the harmonic mean. */
	for (i = 0; i < times; i++)
		sum += 1 / run_errand(bench, ERRAND_REFRESH);
	return times / sum;
}

/* MinDelayBeforeBCEDelete passes. */
static double run_deletion(struct bench *bench)
{
	struct field *field = &bench->field;
	uint64_t until = field->now_us + DELETE_WAIT_US +
			 (uint64_t)field->mobile_count * 20;
	double start = processor_s();

	for (; bench->subject.lma.bc.count && field->now_us < until;
	     field->now_us += DELETE_STEP_US)
		subject_pass(&bench->subject, field_now(field));
	bench->round->left = bench->subject.lma.bc.count;
	return field->mobile_count / (processor_s() - start);
}

/* The most that it was, so that what only messages need is in it. */
static void note_memory(struct bench *bench, const struct memory *before)
{
	double *figures = bench->round->figures;
	struct memory now = memory_now();
	double count = bench->field.mobile_count;
	double resident = (double)now.resident - (double)before->resident;
	double heap = (double)now.heap - (double)before->heap;

	if (resident / count > figures[FIGURE_MEMORY])
		figures[FIGURE_MEMORY] = resident / count;
	if (heap / count > figures[FIGURE_HEAP])
		figures[FIGURE_HEAP] = heap / count;
}

void round_run(const struct options *options, struct round *round)
{
	double *figures = round->figures;
	struct bench bench = { .round = round };
	struct memory before;

	field_init(&bench.field, options->sessions, options->gateways,
		   options->seed);
	bench.letters = must_alloc(BATCH * sizeof(*bench.letters));
	subject_init(&bench.subject);
	before = memory_now();

	figures[FIGURE_REGISTER] = run_errand(&bench, ERRAND_REGISTER);
	note_memory(&bench, &before);
	figures[FIGURE_REFRESH] = run_refreshes(&bench, options->refreshes);
	note_memory(&bench, &before);
	figures[FIGURE_HANDOVER] = run_errand(&bench, ERRAND_HANDOVER);
	note_memory(&bench, &before);
	figures[FIGURE_DEREGISTER] = run_errand(&bench, ERRAND_DEREGISTER);
	figures[FIGURE_RECORD] = (double)bench.subject.record_octets /
				 (double)bench.subject.records;
	figures[FIGURE_DELETE] = run_deletion(&bench);

	subject_free(&bench.subject);
	free(bench.letters);
	field_free(&bench.field);
}
