// SPDX-License-Identifier: GPL-2.0
/*
 * user/mh/names.c
 */
#include <string.h>

#include "common/test.h"

static void test_every_error_has_a_name(void **state)
{
	int error, other;

	(void)state;
	for (error = 0; error < MH_ERROR_MAX; error++) {
		assert_non_null(mh_error_name((enum mh_error)error));
		for (other = 0; other < error; other++)
			assert_string_not_equal(
				mh_error_name((enum mh_error)error),
				mh_error_name((enum mh_error)other));
	}
	assert_string_equal(mh_error_name(MH_OK), "ok");
	assert_string_equal(mh_error_name(MH_ERROR_CHECKSUM), "checksum");
	assert_string_equal(mh_error_name(MH_ERROR_MAX), "unknown");
}

/* RFC 5213 8.9 owns 152 to 162: none of them may be without a name. */
static void test_statuses(void **state)
{
	static const struct {
		uint8_t status;
		const char *name;
	} known[] = {
		{ 0, "accepted" },
		{ 128, "reason-unspecified" },
		{ 129, "administratively-prohibited" },
		{ 130, "insufficient-resources" },
		{ 133, "not-home-agent-for-this-mobile-node" },
		{ 135, "sequence-number-out-of-window" },
		{ 152, "proxy-reg-not-enabled" },
		{ 153, "not-lma-for-this-mobile-node" },
		{ 154, "mag-not-authorized-for-proxy-reg" },
		{ 155, "not-authorized-for-home-network-prefix" },
		{ 156, "timestamp-mismatch" },
		{ 157, "timestamp-lower-than-prev-accepted" },
		{ 158, "missing-home-network-prefix-option" },
		{ 159, "bce-pbu-prefix-set-do-not-match" },
		{ 160, "missing-mn-identifier-option" },
		{ 161, "missing-handoff-indicator-option" },
		{ 162, "missing-access-tech-type-option" },
		{ 175, "invalid-mobile-node-group-identifier" },
		{ 180, "cannot-support-multipath-binding" },
	};
	unsigned int status, i = 0;

	(void)state;
	for (status = 0; status < 256; status++) {
		const char *expected = "unknown";

		if (i < ARRAY_SIZE(known) && known[i].status == status)
			expected = known[i++].name;
		assert_string_equal(mh_status_name((uint8_t)status), expected);
	}
	assert_int_equal(i, ARRAY_SIZE(known));
}

static void test_mn_id_equal(void **state)
{
	struct mh_mn_id a = nai("mn1@example.com"), b = a;

	(void)state;
	assert_true(mh_mn_id_equal(&a, &b));
	/* What is behind the identifier is no part of it. */
	b.data[b.len] = 'x';
	assert_true(mh_mn_id_equal(&a, &b));
	b.len++;
	assert_false(mh_mn_id_equal(&a, &b));
	b = a;
	b.subtype = 3;
	assert_false(mh_mn_id_equal(&a, &b));
	b = nai("mn2@example.com");
	assert_false(mh_mn_id_equal(&a, &b));
	a.len = 0;
	b.len = 0;
	assert_true(mh_mn_id_equal(&a, &b));
}

static void test_prefixes(void **state)
{
	struct mh_prefix a = prefix6("2001:db8:a:1::/64");
	struct mh_prefix b = prefix6("2001:db8:a:1::/65");
	struct mh_prefix c = prefix6("2001:db8:a:2::/64");

	(void)state;
	assert_true(mh_prefix_equal(&a, &a));
	assert_false(mh_prefix_equal(&a, &b));
	assert_false(mh_prefix_equal(&a, &c));
	assert_false(mh_prefix_any(&a));
	a = prefix6("::/0");
	assert_true(mh_prefix_any(&a));
	a = prefix6("::/64");
	assert_true(mh_prefix_any(&a));
	a = prefix6("::1/128");
	assert_false(mh_prefix_any(&a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_error_has_a_name),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_mn_id_equal),
		cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
