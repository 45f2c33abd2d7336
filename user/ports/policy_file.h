/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy profiles in a file: see pmip6d.conf(5).
 */
#ifndef PMIP6_PORTS_POLICY_FILE_H
#define PMIP6_PORTS_POLICY_FILE_H

#include <stdio.h>

#include "policy.h"

/**
 * policy_load() - read a file of profiles
 * @path: the file
 * @errors: what is wrong goes here, "FILE:LINE: what" a line
 *
 * Not to be called by two threads at once.
 *
 * Return: for policy_free(), or NULL if anything is wrong.
 */
struct policy *policy_load(const char *path, FILE *errors);

#endif /* PMIP6_PORTS_POLICY_FILE_H */
