/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the records of both roles have in common: options as they go on the
 * wire, so that one parser reads them, and times that outlive a reboot.
 */
#ifndef PMIP6_ENGINE_RECORD_H
#define PMIP6_ENGINE_RECORD_H

#include <stdbool.h>

#include "../mh/cursor.h"
#include "../mh/mh.h"
#include "types.h"

/* Room for any record. */
#define RECORD_MAX (MH_MAX_LEN + 256)

/**
 * record_put_options() - write identifiers and prefixes
 * @builder: the record
 * @options: those
 */
void record_put_options(struct builder *builder,
			const struct mh_options *options);

/**
 * record_get_options() - read identifiers and prefixes
 * @cursor: the record
 * @options: where to put them
 *
 * Return: false if they are no options.
 */
bool record_get_options(struct cursor *cursor, struct mh_options *options);

/**
 * record_put_time() - write a time to come
 * @builder: the record
 * @mono_ms: the time
 * @now: the time that it is
 */
void record_put_time(struct builder *builder, uint64_t mono_ms, struct now now);

/**
 * record_get_time() - read a time to come
 * @cursor: the record
 * @same_boot: struct now.mono_ms counts as it did when it was written
 * @now: the time that it is
 *
 * After a reboot it is found by the wall clock, and is never later than it
 * could have been when it was written; and never further away than a lifetime
 * can be.
 *
 * Return: the time, in struct now.mono_ms.
 */
uint64_t record_get_time(struct cursor *cursor, bool same_boot, struct now now);

#endif /* PMIP6_ENGINE_RECORD_H */
