// SPDX-License-Identifier: GPL-2.0
/*
 * Loading this module runs the suites; selftests/kunit.sh does, and reads what
 * they say from the kernel log.
 */
#include <linux/module.h>

#include "suites.h"

kunit_test_suites(&pmip6_binding_suite, &pmip6_lifetime_suite,
		  &pmip6_expiry_set_suite, &pmip6_encap_suite,
		  &pmip6_decap_suite, &pmip6_local_suite,
		  &pmip6_classifier_suite, &pmip6_selector_suite);

/* MODULE_IMPORT_NS() takes a token up to 6.12 and a string from 6.13 on. */
MODULE_INFO(import_ns, "EXPORTED_FOR_KUNIT_TESTING");

MODULE_DESCRIPTION("KUnit suites of pmip6");
MODULE_AUTHOR("The pmip6 developers");
MODULE_LICENSE("GPL");
