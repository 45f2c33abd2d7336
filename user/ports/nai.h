/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network access identifiers (RFC 7542), by which mobile nodes are known.
 */
#ifndef PMIP6_PORTS_NAI_H
#define PMIP6_PORTS_NAI_H

#include <stdbool.h>

/* Leaves room for a user name that is a link-layer address, and the @. */
#define NAI_REALM_MAX 241

/**
 * nai_is_valid() - is it one
 * @nai: text
 *
 * RFC 7542 2.2: a user name, and maybe a realm after the only @; at most
 * MH_MN_ID_MAX octets.
 *
 * Return: true if it is.
 */
bool nai_is_valid(const char *nai);

/**
 * nai_is_realm() - is it what can stand behind the @
 * @realm: text
 *
 * Return: true if it is, and has at most NAI_REALM_MAX octets.
 */
bool nai_is_realm(const char *realm);

#endif /* PMIP6_PORTS_NAI_H */
