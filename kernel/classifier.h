/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of many selectors is the first to match a packet, at a cost that hardly
 * depends on how many there are.
 *
 * The selectors' ranges divide each field into intervals, within which the same
 * selectors match: a row of bits. A packet's interval is found by bisection in
 * each field that matters to any; the rows' common bits are the selectors that
 * match. A row begins with a word that says which of its words are not 0, so
 * that few of them are looked at.
 */
#ifndef PMIP6_CLASSIFIER_H
#define PMIP6_CLASSIFIER_H

#include <linux/types.h>

#include "selector.h"

/* As many as there are bits in a word of words. */
#define PMIP6_SELECTORS_MAX 4096

struct pmip6_classifier;

/**
 * pmip6_classifier_new() - make ready to look for selectors
 * @selectors: those, in the order in which they count
 * @count: how many, up to PMIP6_SELECTORS_MAX; not looked at afterwards
 *
 * The memory grows with the square of their number where all of them differ: some
 * 1 KiB for 64 of them in one field, and 4 MiB for 4,096.
 *
 * Context: process. Sleeps.
 * Return: the classifier, or NULL without memory.
 */
struct pmip6_classifier *
pmip6_classifier_new(const struct pmip6_selector *const *selectors,
		     unsigned int count);

/**
 * pmip6_classifier_free() - the end of it
 * @classifier: the classifier, which nobody reads any more, or NULL
 *
 * Context: process. May sleep.
 */
void pmip6_classifier_free(struct pmip6_classifier *classifier);

/**
 * pmip6_classifier_find() - the first selector that matches
 * @classifier: the classifier
 * @key: what the packet has
 * @from: the first that is looked for
 *
 * Context: any.
 * Return: which, or -1.
 */
int pmip6_classifier_find(const struct pmip6_classifier *classifier,
			  const struct pmip6_flow_key *key, unsigned int from);

#endif /* PMIP6_CLASSIFIER_H */
