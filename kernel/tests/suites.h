/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The suites of pmip6_kunit.ko, one for each part of the module that can be
 * tested without user space.
 */
#ifndef PMIP6_TESTS_SUITES_H
#define PMIP6_TESTS_SUITES_H

#include <kunit/test.h>

extern struct kunit_suite pmip6_binding_suite;
extern struct kunit_suite pmip6_lifetime_suite;
extern struct kunit_suite pmip6_expiry_set_suite;
extern struct kunit_suite pmip6_encap_suite;
extern struct kunit_suite pmip6_decap_suite;
extern struct kunit_suite pmip6_local_suite;
extern struct kunit_suite pmip6_classifier_suite;
extern struct kunit_suite pmip6_selector_suite;

#endif /* PMIP6_TESTS_SUITES_H */
