// SPDX-License-Identifier: GPL-2.0
#include "test.h"
#include "tlv.h"

/* Where the options of a PBU and of a PBA begin. */
#define OPTIONS_AT 12

unsigned int tlv_walk(const uint8_t *data, size_t len, struct tlv *found)
{
	unsigned int count = 0;
	size_t at = OPTIONS_AT;

	while (at < len) {
		assert_true(count < TLV_MAX);
		found[count].type = data[at];
		found[count].at = at;
		if (data[at] == 0) {
			found[count].len = 1;
		} else {
			assert_true(at + 1 < len);
			found[count].len = 2u + data[at + 1];
		}
		at += found[count++].len;
	}
	assert_int_equal(at, len);
	return count;
}
