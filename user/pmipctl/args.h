/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of a command line: KEY VALUE pairs, in any order.
 */
#ifndef PMIPCTL_ARGS_H
#define PMIPCTL_ARGS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "../mh/mh.h"

/**
 * arg_value() - the word after a key
 * @argc: words left, from the key on
 * @argv: those
 *
 * Says what is wrong if there is none.
 *
 * Return: the word or NULL.
 */
const char *arg_value(int argc, char **argv);

/**
 * arg_addr() - an address
 * @word: the word
 * @addr: where to put it
 *
 * Says what is wrong if it is none.
 *
 * Return: true if it is one.
 */
bool arg_addr(const char *word, struct in6_addr *addr);

/**
 * arg_prefix() - a prefix; an address alone is one of length 128
 * @word: the word
 * @prefix: where to put it
 *
 * Says what is wrong if it is none.
 *
 * Return: true if it is one.
 */
bool arg_prefix(const char *word, struct mh_prefix *prefix);

/**
 * arg_lladdr() - a link-layer address
 * @word: the word
 * @lladdr: where to put its 6 octets
 *
 * Says what is wrong if it is none.
 *
 * Return: true if it is one.
 */
bool arg_lladdr(const char *word, uint8_t *lladdr);

/**
 * arg_u32() - a number
 * @key: what it is of
 * @word: the word
 * @low: the least
 * @high: the most
 * @value: where to put it
 *
 * Says what is wrong if it is none.
 *
 * Return: true if it is one.
 */
bool arg_u32(const char *key, const char *word, uint32_t low, uint32_t high,
	     uint32_t *value);

/**
 * arg_flag() - on or off
 * @key: what it is of
 * @word: the word
 * @flag: the bit
 * @flags: where to set or clear it
 *
 * Says what is wrong if it is neither.
 *
 * Return: true if it is one.
 */
bool arg_flag(const char *key, const char *word, uint32_t flag,
	      uint32_t *flags);

/**
 * arg_lifetime() - a span of time: 1500ms, 90s (or 90), 5m, 2h, 1d, forever
 * @word: the word
 * @ms: where to put it
 *
 * Says what is wrong if it is none.
 *
 * Return: true if it is one.
 */
bool arg_lifetime(const char *word, uint64_t *ms);

/**
 * arg_ifindex() - a network device
 * @word: its name
 * @ifindex: where to put its index
 *
 * Says what is wrong if there is none.
 *
 * Return: true if there is one.
 */
bool arg_ifindex(const char *word, uint32_t *ifindex);

/**
 * arg_device() - "dev DEV", or nothing, and no word more
 * @argc: words that are left
 * @argv: those
 * @ifindex: where to put its index; left alone if there is nothing
 *
 * Return: true, or false after saying what is wrong.
 */
bool arg_device(int argc, char **argv, uint32_t *ifindex);

#endif /* PMIPCTL_ARGS_H */
