/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory. A daemon that has none left ends: its state is on disk and in the
 * kernel, traffic goes on, and the next start adopts both.
 */
#ifndef PMIP6_ALLOC_H
#define PMIP6_ALLOC_H

#include <stddef.h>

/**
 * must_alloc() - memory that is zero
 * @size: octets
 *
 * Return: the memory, for free(); never NULL.
 */
void *must_alloc(size_t size);

/**
 * must_alloc_head() - memory whose first octets are zero
 * @size: octets
 * @head: how many of them
 *
 * Return: the memory, for free(); never NULL.
 */
void *must_alloc_head(size_t size, size_t head);

/**
 * must_realloc() - memory made larger or smaller
 * @old: from must_alloc() or must_realloc(), or NULL
 * @size: octets, not 0
 *
 * Return: the memory, for free(); never NULL.
 */
void *must_realloc(void *old, size_t size);

/**
 * must_copy() - memory with these octets in it
 * @from: the octets
 * @size: how many
 *
 * Return: the memory, for free(); never NULL.
 */
void *must_copy(const void *from, size_t size);

#endif /* PMIP6_ALLOC_H */
