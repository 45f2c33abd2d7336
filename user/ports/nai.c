// SPDX-License-Identifier: GPL-2.0
#include "nai.h"

#include <string.h>

#include "../mh/mh.h"

static bool is_label(const char *at, const char *end)
{
	const char *c;

	if (at == end || *at == '-' || end[-1] == '-')
		return false;
	for (c = at; c < end; c++)
		if (*c != '-' && (unsigned char)*c < 0x80 &&
		    !strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", *c))
			return false;
	return true;
}

bool nai_is_valid(const char *nai)
{
	const char *at = strchr(nai, '@'), *c, *dot;

	for (c = nai; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	if (c == nai || at == nai || c - nai > MH_MN_ID_MAX)
		return false;
	while (at) {
		dot = strchr(at + 1, '.');
		if (!is_label(at + 1, dot ? dot : c))
			return false;
		at = dot;
	}
	return true;
}

bool nai_is_realm(const char *realm)
{
	char nai[MH_MN_ID_MAX + 1] = "x@";

	if (strlen(realm) > NAI_REALM_MAX || strchr(realm, '@'))
		return false;
	strcat(nai, realm);
	return nai_is_valid(nai);
}
