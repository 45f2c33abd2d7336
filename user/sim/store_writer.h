/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes records of sessions as user/ports/store_*.c does: what could not be deleted
 * goes before anything else is written, is tried again, and once more at the end.
 */
#ifndef PMIP6_SIM_STORE_WRITER_H
#define PMIP6_SIM_STORE_WRITER_H

#include <stdbool.h>

struct agent;
struct transaction;

/**
 * store_only_deletes() - is there nothing to keep
 * @transaction: the transaction
 *
 * Return: true if so: what fails then is owed.
 */
bool store_only_deletes(const struct transaction *transaction);

/**
 * store_write() - write the records of a transaction, if the disk lets us
 * @agent: whose
 * @transaction: the transaction
 *
 * Return: 0 or an errno value.
 */
int store_write(struct agent *agent, const struct transaction *transaction);

/**
 * store_end() - the agent ends in good order
 * @agent: the agent, for which nothing waits to be written
 */
void store_end(struct agent *agent);

#endif /* PMIP6_SIM_STORE_WRITER_H */
