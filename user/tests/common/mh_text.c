// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "mh_text.h"
#include "test.h"

enum mh_error parse_octets(const uint8_t *data, size_t len,
			   struct mh_message *message)
{
	uint8_t *copy = exact_copy(data, len);
	enum mh_error error;

	/* So that what is not read into does not differ. */
	memset(message, 0, sizeof(*message));
	error = mh_parse(copy, len, message);
	free(copy);
	return error;
}

enum mh_error parse(const char *hex, struct mh_message *message)
{
	uint8_t data[MH_MAX_LEN];

	return parse_octets(data, from_hex(hex, data, sizeof(data)), message);
}

void assert_is_mn(const struct mh_options *options, const char *mn)
{
	struct mh_mn_id mn_id = nai(mn);

	assert_true(options->has_mn_id);
	assert_true(mh_mn_id_equal(&options->mn_id, &mn_id));
}

void assert_truncated(const char *hex)
{
	struct mh_message message;
	uint8_t data[MH_MAX_LEN];
	size_t len = from_hex(hex, data, sizeof(data)), at;

	for (at = 0; at < len; at++)
		assert_int_equal(parse_octets(data, at, &message),
				 MH_ERROR_TRUNCATED);
	/* Also by its own account of its length. */
	for (at = 0; at < data[1]; at++) {
		uint8_t octet = data[1];

		data[1] = (uint8_t)at;
		assert_int_not_equal(parse_octets(data, 8 * (at + 1), &message),
				     MH_OK);
		data[1] = octet;
	}
	data[1] = 0;
	assert_int_equal(parse_octets(data, 8, &message), MH_ERROR_HEADER_LEN);
}
