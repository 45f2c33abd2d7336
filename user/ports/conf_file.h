/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration files: libconfuse reads them, and every value keeps the line
 * that it stands on, so that whatever turns out to be wrong with it later can
 * be told with its place. Values are read as text and understood here.
 */
#ifndef PMIP6_PORTS_CONF_FILE_H
#define PMIP6_PORTS_CONF_FILE_H

#include <confuse.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../mh/mh.h"

/**
 * struct conf - a file that is being read
 * @path: its name, as in what is said of it
 * @errors: where that goes
 * @error_count: how much was wrong so far
 * @root: what is in it
 */
struct conf {
	const char *path;
	FILE *errors;
	unsigned int error_count;
	cfg_t *root;
};

/**
 * struct conf_value - what was set
 * @line: where it stands
 * @text: the value
 */
struct conf_value {
	unsigned int line;
	char text[];
};

/**
 * conf_note() - cfg_callback_t of all keys
 * @section: where the key stands
 * @opt: the key
 * @text: its value, or the next one of a list
 * @result: struct conf_value goes there
 *
 * Return: 0.
 */
int conf_note(cfg_t *section, cfg_opt_t *opt, const char *text, void *result);

/* KEY = VALUE */
#define CONF_VALUE(key) \
	{ .name = (key), .type = CFGT_PTR, .parsecb = conf_note, .freecb = free }

/*
 * KEY = VALUE with a default. libconfuse reads that where the section begins,
 * which is how conf_line() knows: every section has one of these.
 */
#define CONF_DEFAULT(key, value) \
	{ .name = (key), .type = CFGT_PTR, .parsecb = conf_note, \
	  .freecb = free, .def = { .parsed = (value) } }

/* KEY = { VALUE, VALUE } */
#define CONF_LIST(key) \
	{ .name = (key), .type = CFGT_PTR, .flags = CFGF_LIST, \
	  .parsecb = conf_note, .freecb = free }

/**
 * conf_open() - read a file
 * @conf: its @path and @errors are set
 * @opts: what may be in it
 *
 * Says what is wrong. Not to be called by two threads at once, nor before
 * conf_close() of another.
 *
 * Return: true if its form is right, whatever its values are.
 */
bool conf_open(struct conf *conf, cfg_opt_t *opts);

/**
 * conf_close() - forget what was read
 * @conf: the file, also if it could not be read
 */
void conf_close(struct conf *conf);

/**
 * conf_error() - something is wrong
 * @conf: in this file
 * @line: there, or 0 if it has no place
 * @format: what
 */
void conf_error(struct conf *conf, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * conf_line() - where a section begins
 * @section: the section, with a key that has a default
 *
 * Return: the line.
 */
unsigned int conf_line(cfg_t *section);

/**
 * conf_is_set() - does a key stand in the file
 * @section: where to look
 * @key: the key
 *
 * Return: true if so, also for an empty list.
 */
bool conf_is_set(cfg_t *section, const char *key);

/**
 * conf_value() - what a key was set to
 * @section: where to look
 * @key: the key, not of a list
 *
 * Return: its value, or NULL if it has none.
 */
const struct conf_value *conf_value(cfg_t *section, const char *key);

/**
 * conf_item() - one value of a list
 * @section: where to look
 * @key: the key
 * @at: which, from 0
 *
 * Return: the value, or NULL after the last.
 */
const struct conf_value *conf_item(cfg_t *section, const char *key,
				   unsigned int at);

/**
 * conf_required() - what a key was set to, which has to be set
 * @conf: the file
 * @section: where to look
 * @key: the key, not of a list
 *
 * Return: its value, or NULL having said so.
 */
const struct conf_value *conf_required(struct conf *conf, cfg_t *section,
				       const char *key);

/**
 * conf_u32() - a number that may be set
 * @conf: the file
 * @section: where to look
 * @key: its key
 * @low: the least
 * @high: the most
 * @number: left alone if it is not set
 *
 * Says what is wrong with it.
 */
void conf_u32(struct conf *conf, cfg_t *section, const char *key, uint32_t low,
	      uint32_t high, uint32_t *number);

/**
 * conf_bool() - yes or no, if it is set
 * @conf: the file
 * @section: where to look
 * @key: its key
 * @flag: left alone if it is not set
 *
 * Says what is wrong with it.
 */
void conf_bool(struct conf *conf, cfg_t *section, const char *key, bool *flag);

/**
 * conf_ifname() - the name of a network device
 * @conf: the file
 * @value: the value, or NULL for no name
 * @ifname: where to put it, of IFNAMSIZ octets
 *
 * Says what is wrong with it. There need not be such a device.
 */
void conf_ifname(struct conf *conf, const struct conf_value *value,
		 char *ifname);

/**
 * conf_unicast() - an address that packets of other networks can come from
 * @conf: the file
 * @value: the value, or NULL for ::
 * @addr: where to put it
 *
 * Says what is wrong with it.
 *
 * Return: true if it is one.
 */
bool conf_unicast(struct conf *conf, const struct conf_value *value,
		  struct in6_addr *addr);

/**
 * conf_unicast_text() - the same of a title
 * @conf: the file
 * @line: where it stands
 * @text: the title
 * @addr: where to put it
 *
 * Return: true if it is one.
 */
bool conf_unicast_text(struct conf *conf, unsigned int line, const char *text,
		       struct in6_addr *addr);

/**
 * conf_prefix() - a prefix of addresses that conf_unicast() would take
 * @conf: the file
 * @line: where it stands
 * @text: the value
 * @prefix: where to put it
 *
 * Says what is wrong with it.
 *
 * Return: true if it is one.
 */
bool conf_prefix(struct conf *conf, unsigned int line, const char *text,
		 struct mh_prefix *prefix);

/**
 * conf_lladdr() - a link-layer address of one station
 * @conf: the file
 * @value: the value
 * @lladdr: where to put its ETH_ALEN octets
 *
 * Says what is wrong with it.
 *
 * Return: true if it is one.
 */
bool conf_lladdr(struct conf *conf, const struct conf_value *value,
		 uint8_t *lladdr);

/**
 * conf_lladdr_text() - the same of a title
 * @conf: the file
 * @line: where it stands
 * @text: the title
 * @lladdr: where to put its ETH_ALEN octets
 *
 * Return: true if it is one.
 */
bool conf_lladdr_text(struct conf *conf, unsigned int line, const char *text,
		      uint8_t *lladdr);

/**
 * conf_prefixes_overlap() - is one within the other
 * @a: one prefix
 * @b: the other
 *
 * Return: true if so.
 */
bool conf_prefixes_overlap(const struct mh_prefix *a,
			   const struct mh_prefix *b);

#endif /* PMIP6_PORTS_CONF_FILE_H */
