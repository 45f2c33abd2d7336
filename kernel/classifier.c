// SPDX-License-Identifier: GPL-2.0
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "classifier.h"
#include "compat.h"

/**
 * struct dimension - a field that matters to some selector
 * @field: which
 * @wide: it has addresses
 * @count: intervals, of which the first begins at 0
 * @starts: where each of them begins, if @wide
 * @numbers: the same, if it is not
 * @rows: of each of them, and of packets that lack the field, @stride words
 */
struct dimension {
	enum pmip6_selector_field field;
	bool wide;
	unsigned int count;
	struct pmip6_value *starts;
	u32 *numbers;
	u64 *rows;
};

/**
 * struct pmip6_classifier - a compiled list of selectors
 * @selectors: how many
 * @stride: words of a row: the one that tells of the others, and those
 * @count: dimensions that there are
 * @dimension: those
 */
struct pmip6_classifier {
	unsigned int selectors;
	unsigned int stride;
	unsigned int count;
	struct dimension dimension[PMIP6_FIELDS];
};

static bool is_wide(enum pmip6_selector_field field)
{
	return field == PMIP6_FIELD_SOURCE ||
	       field == PMIP6_FIELD_DESTINATION;
}

/* --- Look for one. */

static unsigned int find_number(const struct dimension *dimension, u32 number)
{
	unsigned int low = 0, high = dimension->count, middle;

	while (high - low > 1) {
		middle = (low + high) / 2;
		if (dimension->numbers[middle] <= number)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static unsigned int find_value(const struct dimension *dimension,
			       const struct pmip6_value *value)
{
	unsigned int low = 0, high = dimension->count, middle;

	while (high - low > 1) {
		middle = (low + high) / 2;
		if (pmip6_value_below(value, &dimension->starts[middle]))
			high = middle;
		else
			low = middle;
	}
	return low;
}

static const u64 *row_of(const struct pmip6_classifier *classifier,
			 const struct dimension *dimension,
			 const struct pmip6_flow_key *key)
{
	const struct pmip6_value *value = &key->value[dimension->field];
	unsigned int at = dimension->count;

	if (key->fields & BIT(dimension->field))
		at = dimension->wide ? find_value(dimension, value) :
				       find_number(dimension, value->low);
	return dimension->rows + (size_t)at * classifier->stride;
}

/* The bits that all rows have in common in one word, from one of them on. */
static u64 common_bits(const struct pmip6_classifier *classifier,
		       const u64 *const *rows, unsigned int word,
		       unsigned int from)
{
	u64 bits = ~0ULL;
	unsigned int i;

	if (word == from / 64)
		bits <<= from % 64;
	for (i = 0; i < classifier->count; i++)
		bits &= rows[i][1 + word];
	return bits;
}

int pmip6_classifier_find(const struct pmip6_classifier *classifier,
			  const struct pmip6_flow_key *key, unsigned int from)
{
	const u64 *rows[PMIP6_FIELDS];
	unsigned int i, word;
	u64 words = ~0ULL, bits;

	if (from >= classifier->selectors)
		return -1;
	/* All of them match all. */
	if (!classifier->count)
		return from;
	for (i = 0; i < classifier->count; i++) {
		rows[i] = row_of(classifier, &classifier->dimension[i], key);
		words &= rows[i][0];
	}
	words &= ~0ULL << from / 64;
	for (; words; words &= words - 1) {
		word = __ffs64(words);
		bits = common_bits(classifier, rows, word, from);
		if (bits)
			return word * 64 + __ffs64(bits);
	}
	return -1;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_classifier_find);

/* --- Make one. */

static int compare_values(const void *a, const void *b)
{
	return pmip6_value_below(a, b) ? -1 : pmip6_value_below(b, a);
}

/* Where a range has ended; false if it goes on to the end. */
static bool find_end(const struct dimension *dimension,
		     const struct pmip6_value *last, struct pmip6_value *end)
{
	end->low = last->low + 1;
	end->high = last->high + !end->low;
	return dimension->wide ? end->low || end->high : end->low <= U32_MAX;
}

static unsigned int unique(struct pmip6_value *values, unsigned int count)
{
	unsigned int kept = 1, i;

	for (i = 1; i < count; i++)
		if (compare_values(&values[kept - 1], &values[i]))
			values[kept++] = values[i];
	return kept;
}

/* Where the intervals begin: at 0, with each range, and behind it. */
static bool find_starts(struct dimension *dimension,
			const struct pmip6_selector *const *selectors,
			unsigned int count)
{
	const enum pmip6_selector_field field = dimension->field;
	struct pmip6_value *starts;
	unsigned int n = 1, i;

	starts = kvcalloc(2 * (size_t)count + 1, sizeof(*starts),
			  GFP_KERNEL_ACCOUNT);
	if (!starts)
		return false;
	for (i = 0; i < count; i++) {
		if (!(selectors[i]->fields & BIT(field)))
			continue;
		starts[n++] = selectors[i]->first[field];
		n += find_end(dimension, &selectors[i]->last[field],
			      &starts[n]);
	}
	sort(starts, n, sizeof(*starts), compare_values, NULL);
	dimension->count = unique(starts, n);
	dimension->starts = starts;
	return true;
}

static void toggle(u64 *rows, unsigned int stride, unsigned int row,
		   unsigned int selector)
{
	rows[(size_t)row * stride + 1 + selector / 64] ^=
		BIT_ULL(selector % 64);
}

/* Each range's bit where it begins and where it has ended. */
static void mark_range(const struct pmip6_classifier *classifier,
		       struct dimension *dimension, unsigned int i,
		       const struct pmip6_selector *selector)
{
	const struct pmip6_value *last = &selector->last[dimension->field];
	struct pmip6_value end;

	toggle(dimension->rows, classifier->stride,
	       find_value(dimension, &selector->first[dimension->field]), i);
	if (find_end(dimension, last, &end))
		toggle(dimension->rows, classifier->stride,
		       find_value(dimension, &end), i);
}

static void tell_of_words(u64 *row, unsigned int stride)
{
	unsigned int word;

	for (word = 1; word < stride; word++)
		if (row[word])
			row[0] |= BIT_ULL(word - 1);
}

/*
 * A selector to which the field does not matter is in each row, and in the last,
 * which is that of packets without the field.
 */
static bool fill_rows(const struct pmip6_classifier *classifier,
		      struct dimension *dimension,
		      const struct pmip6_selector *const *selectors)
{
	unsigned int stride = classifier->stride, i, word;
	u64 *row;

	dimension->rows = kvcalloc((dimension->count + 1) * (size_t)stride,
				   sizeof(u64), GFP_KERNEL_ACCOUNT);
	if (!dimension->rows)
		return false;
	for (i = 0; i < classifier->selectors; i++) {
		if (selectors[i]->fields & BIT(dimension->field)) {
			mark_range(classifier, dimension, i, selectors[i]);
			continue;
		}
		toggle(dimension->rows, stride, 0, i);
		toggle(dimension->rows, stride, dimension->count, i);
	}
	row = dimension->rows;
	for (i = 1; i < dimension->count; i++, row += stride)
		for (word = 1; word < stride; word++)
			row[stride + word] ^= row[word];
	for (i = 0; i <= dimension->count; i++)
		tell_of_words(dimension->rows + (size_t)i * stride, stride);
	return true;
}

/* Ports and the like are bisected in less memory. */
static bool make_narrow(struct dimension *dimension)
{
	unsigned int i;

	dimension->numbers = kvmalloc_array(dimension->count, sizeof(u32),
					    GFP_KERNEL_ACCOUNT);
	if (!dimension->numbers)
		return false;
	for (i = 0; i < dimension->count; i++)
		dimension->numbers[i] = dimension->starts[i].low;
	kvfree(dimension->starts);
	dimension->starts = NULL;
	return true;
}

static bool add_dimension(struct pmip6_classifier *classifier,
			  enum pmip6_selector_field field,
			  const struct pmip6_selector *const *selectors)
{
	struct dimension *dimension;

	dimension = &classifier->dimension[classifier->count++];
	dimension->field = field;
	dimension->wide = is_wide(field);
	return find_starts(dimension, selectors, classifier->selectors) &&
	       fill_rows(classifier, dimension, selectors) &&
	       (dimension->wide || make_narrow(dimension));
}

struct pmip6_classifier *
pmip6_classifier_new(const struct pmip6_selector *const *selectors,
		     unsigned int count)
{
	struct pmip6_classifier *classifier;
	unsigned int fields = 0, field, i;

	if (WARN_ON_ONCE(count > PMIP6_SELECTORS_MAX))
		return NULL;
	classifier = kzalloc(sizeof(*classifier), GFP_KERNEL_ACCOUNT);
	if (!classifier)
		return NULL;
	classifier->selectors = count;
	classifier->stride = 1 + DIV_ROUND_UP(count, 64);
	for (i = 0; i < count; i++)
		fields |= selectors[i]->fields;
	for (field = 0; field < PMIP6_FIELDS; field++) {
		if (!(fields & BIT(field)) ||
		    add_dimension(classifier, field, selectors))
			continue;
		pmip6_classifier_free(classifier);
		return NULL;
	}
	return classifier;
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_classifier_new);

void pmip6_classifier_free(struct pmip6_classifier *classifier)
{
	unsigned int i;

	if (!classifier)
		return;
	for (i = 0; i < classifier->count; i++) {
		kvfree(classifier->dimension[i].starts);
		kvfree(classifier->dimension[i].numbers);
		kvfree(classifier->dimension[i].rows);
	}
	kfree(classifier);
}
EXPORT_SYMBOL_IF_KUNIT(pmip6_classifier_free);
