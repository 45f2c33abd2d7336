/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every unit test begins with: cmocka, and values made from text.
 */
#ifndef PMIP6_TESTS_TEST_H
#define PMIP6_TESTS_TEST_H

/* What cmocka.h wants to have been included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../mh/mh.h"

/**
 * null_found() - end a test, as a pointer must not be NULL and is
 * @pointer: what it is called
 * @file: where it was looked at
 * @line: likewise
 */
void null_found(const char *pointer, const char *file, int line)
	__attribute__((noreturn));

/* cmocka's own does not tell a compiler that it ends the test. */
#undef assert_non_null
#define assert_non_null(pointer)					\
	((pointer) ? (void)0 : null_found(#pointer, __FILE__, __LINE__))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * ip6() - an address
 * @text: as inet_pton() reads it
 *
 * Return: the address; the test fails if it is none.
 */
struct in6_addr ip6(const char *text);

/**
 * prefix6() - a prefix
 * @text: address, slash, length
 *
 * Return: the prefix; the test fails if it is none.
 */
struct mh_prefix prefix6(const char *text);

/**
 * nai() - a mobile node identifier
 * @text: a network access identifier
 *
 * Return: the identifier.
 */
struct mh_mn_id nai(const char *text);

/**
 * ll_id6() - a link-layer identifier of six octets
 * @last: the last octet; the others are those of a locally administered address
 *
 * Return: the identifier.
 */
struct mh_ll_id ll_id6(uint8_t last);

/**
 * from_hex() - octets from their hexadecimal digits
 * @hex: two digits an octet; blanks are passed over
 * @to: where to put them
 * @size: room there
 *
 * Return: how many; the test fails if they do not fit or are no digits.
 */
size_t from_hex(const char *hex, uint8_t *to, size_t size);

/**
 * exact_copy() - octets at the very end of an allocation
 * @from: the octets
 * @len: how many
 *
 * The address sanitizer sees a read past them.
 *
 * Return: for free().
 */
uint8_t *exact_copy(const uint8_t *from, size_t len);

/**
 * assert_prefix_equal() - a prefix is what it should be
 * @prefix: the prefix
 * @text: what it should be
 */
void assert_prefix_equal(const struct mh_prefix *prefix, const char *text);

/**
 * assert_ip6_equal() - an address is what it should be
 * @addr: the address
 * @text: what it should be
 */
void assert_ip6_equal(const struct in6_addr *addr, const char *text);

/**
 * assert_options_equal() - options are the same, flows among them
 * @options: options
 * @others: what they should be
 *
 * Not what struct mh_options has no meaning for.
 */
void assert_options_equal(const struct mh_options *options,
			  const struct mh_options *others);

#endif /* PMIP6_TESTS_TEST_H */
