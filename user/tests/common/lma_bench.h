/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An anchor in a world, and what gateways say to it.
 */
#ifndef PMIP6_TESTS_LMA_BENCH_H
#define PMIP6_TESTS_LMA_BENCH_H

#include "../../engine/lma.h"
#include "world.h"

#define LMAA "2001:db8:2::1"
#define MAG1 "2001:db8:1::1"
#define MAG2 "2001:db8:3::1"

/* Of the two prefixes that the pool has. */
#define HNP1 "2001:db8:a::/64"
#define HNP2 "2001:db8:a:1::/64"
#define POOL "2001:db8:a::/63"

/* One that is outside of it, for a profile. */
#define OWN1 "2001:db8:b:1::/64"
#define OWN2 "2001:db8:b:2::/64"

/**
 * struct lma_bench - an anchor on the bench
 * @lma: the anchor
 * @world: its world
 * @more: another pool that it has from its next start on, or NULL
 */
struct lma_bench {
	struct lma lma;
	struct world world;
	const char *more;
};

/**
 * lma_bench_setup() - an anchor that has started
 * @state: where to put it
 *
 * Return: 0.
 */
int lma_bench_setup(void **state);

/**
 * lma_bench_teardown() - its end
 * @state: where it is
 *
 * Return: 0.
 */
int lma_bench_teardown(void **state);

/**
 * lma_bench_config() - what its operator has set
 *
 * Return: 1 h at most, MinDelayBeforeBCEDelete 10 s, window 300 ms.
 */
struct lma_config lma_bench_config(void);

/**
 * lma_bench_restart() - the anchor ends and starts again, with its records
 * @bench: the bench
 * @same_boot: only the process ended
 *
 * Return: how many records it took.
 */
unsigned int lma_bench_restart(struct lma_bench *bench, bool same_boot);

/**
 * lma_bench_read() - the anchor reads the data plane, and nothing runs of that
 * @bench: the bench
 */
void lma_bench_read(struct lma_bench *bench);

/**
 * lma_bench_reconcile() - likewise, and everything happens
 * @bench: the bench
 */
void lma_bench_reconcile(struct lma_bench *bench);

/**
 * pbu() - a registration of mn1 by MAG1 over Wi-Fi, with a timestamp of now
 * @bench: the bench
 * @hnp: the prefix to ask for, or NULL for any
 * @handoff: handoff indicator
 *
 * Return: the request, for 300 s, allowed by policy, of the interface whose
 * address ends in 1; its sequence number is one more each time.
 */
struct lma_request pbu(struct lma_bench *bench, const char *hnp,
		       enum mh_handoff_indicator handoff);

/**
 * own_prefixes() - let policy say that prefixes are the mobile node's own
 * @request: a request of it
 * @first: one of them
 * @second: another one, or NULL
 */
void own_prefixes(struct lma_request *request, const char *first,
		  const char *second);

/**
 * give() - hand a request to the anchor, and run nothing
 * @bench: the bench
 * @request: the request
 */
void give(struct lma_bench *bench, const struct lma_request *request);

/**
 * answer() - hand a request to the anchor, and let everything happen
 * @bench: the bench
 * @request: the request
 *
 * Return: the acknowledgement, or NULL if there was none; the test fails if
 * there was more than one.
 */
const struct mh_binding_ack *answer(struct lma_bench *bench,
				    const struct lma_request *request);

/**
 * assert_status() - hand a request to the anchor, which says this
 * @bench: the bench
 * @request: the request
 * @status: the status; -1 for no answer at all
 */
void assert_status(struct lma_bench *bench, const struct lma_request *request,
		   int status);

/**
 * register_mn1() - a session of mn1 at MAG1
 * @bench: the bench
 *
 * Return: the session, of HNP1.
 */
struct bce *register_mn1(struct lma_bench *bench);

/**
 * lma_bench_begin() - a test begins with mn1 at MAG1, since a second ago
 * @state: where the bench is
 * @bench: set to that
 *
 * Return: the session, of HNP1.
 */
struct bce *lma_bench_begin(void **state, struct lma_bench **bench);

/**
 * binding_error() - a Binding Error comes, and everything happens
 * @bench: the bench
 * @from: from there
 * @status: its status
 *
 * Return: whether the anchor takes it for an answer to one of its messages.
 */
bool binding_error(struct lma_bench *bench, const char *from, uint8_t status);

/**
 * lma_bench_until() - let time pass, and everything that becomes due
 * @bench: the bench
 * @ms: how long
 */
void lma_bench_until(struct lma_bench *bench, uint64_t ms);

/**
 * assert_agreed() - engine, data plane and store say the same
 * @bench: the bench, with nothing under way
 */
void assert_agreed(struct lma_bench *bench);

#endif /* PMIP6_TESTS_LMA_BENCH_H */
