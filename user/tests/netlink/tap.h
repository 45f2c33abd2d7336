/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results as TAP.
 */
#ifndef PMIP6_TESTS_NETLINK_TAP_H
#define PMIP6_TESTS_NETLINK_TAP_H

#include <stdbool.h>

/**
 * tap() - a result
 * @good: it passed
 * @what: its name
 */
void tap(bool good, const char *what);

/**
 * tap_failed() - results that did not pass
 *
 * Return: how many.
 */
unsigned int tap_failed(void);

#endif /* PMIP6_TESTS_NETLINK_TAP_H */
