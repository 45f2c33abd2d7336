// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/effects.c and alloc.c: who owns what is the sanitizers' to see.
 */
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../engine/effects.h"
#include "common/test.h"

static void test_outbox_keeps_order(void **state)
{
	struct transaction *first, *second, *third;
	struct outbox out;
	int owner;

	(void)state;
	outbox_init(&out);
	assert_null(outbox_take(&out));
	first = transaction_new(&out, &owner);
	second = transaction_new(&out, NULL);
	assert_ptr_equal(outbox_take(&out), first);
	assert_ptr_equal(first->owner, &owner);
	assert_null(first->next);
	third = transaction_new(&out, NULL);
	assert_ptr_equal(outbox_take(&out), second);
	assert_ptr_equal(outbox_take(&out), third);
	assert_null(outbox_take(&out));
	transaction_free(first);
	transaction_free(second);
	transaction_free(third);

	/* Emptied, it can be used again. */
	first = transaction_new(&out, NULL);
	assert_ptr_equal(outbox_take(&out), first);
	transaction_free(first);
	transaction_free(NULL);
}

/* What effects own outlives the growing of their array, and goes with them. */
static void test_effects_own_what_they_have(void **state)
{
	struct transaction *transaction;
	struct mh_mn_id mn1 = nai("mn1");
	const struct effect *made;
	struct outbox out;
	unsigned int i;

	(void)state;
	outbox_init(&out);
	transaction = transaction_new(&out, NULL);
	for (i = 0; i < 40; i++) {
		struct effect *effect = transaction_add(transaction,
							EFFECT_STORE_PUT);

		effect->store.data = must_copy("abc", 3);
		effect->store.len = 3;
		effect = transaction_add(transaction, EFFECT_SEND);
		assert_int_equal(effect->send.message->type, 0);
		effect->send.message->type = (uint8_t)i;
		effect = transaction_add(transaction, EFFECT_ADVERTISE);
		effect->advertise->mtu = i;
		transaction_report(transaction, REPORT_INFO, "event", &mn1)
			->ifindex = i;
		transaction_add(transaction, EFFECT_BINDING_SET);
	}
	assert_int_equal(transaction->count, 200);
	made = transaction->effects;
	for (i = 0; i < 40; i++, made += 5) {
		assert_int_equal(made[0].kind, EFFECT_STORE_PUT);
		assert_memory_equal(made[0].store.data, "abc", 3);
		assert_int_equal(made[1].send.message->type, i);
		assert_int_equal(made[2].advertise->mtu, i);
		assert_int_equal(made[3].report->ifindex, i);
		assert_int_equal(made[4].binding.has_path, false);
	}
	outbox_free(&out);
	assert_null(outbox_take(&out));
}

static void test_report_defaults(void **state)
{
	struct mh_mn_id mn1 = nai("mn1");
	struct report *report;
	struct outbox out;

	(void)state;
	outbox_init(&out);
	report = transaction_report(transaction_new(&out, NULL), REPORT_ERROR,
				    "event", &mn1);
	assert_int_equal(report->level, REPORT_ERROR);
	assert_string_equal(report->event, "event");
	assert_true(mh_mn_id_equal(&report->mn_id, &mn1));
	assert_int_equal(report->status, -1);
	assert_true(report->lifetime_s == -1);
	assert_false(report->has_hnp || report->has_peer ||
		     report->has_previous);
	report = transaction_report(out.first, REPORT_DEBUG, "other", NULL);
	assert_int_equal(report->mn_id.len, 0);
	outbox_free(&out);
}

/* Flows go on to match, and what is told later is not right beside them. */
static void test_may_stay(void **state)
{
	struct effect_flow flow = { .id = 0 };
	struct effect effect = { .kind = EFFECT_FLOW_DELETE, .flow = &flow };

	(void)state;
	assert_false(effect_may_stay(&effect));
	flow.id = 1;
	assert_false(effect_may_stay(&effect));
	effect.kind = EFFECT_FLOW_SET;
	assert_false(effect_may_stay(&effect));
	effect.kind = EFFECT_BINDING_DELETE;
	assert_true(effect_may_stay(&effect));
}

/* Store, data plane, routes, messages. */
static void test_phases(void **state)
{
	(void)state;
	assert_int_equal(effect_phase(EFFECT_STORE_PUT), PHASE_STORE);
	assert_int_equal(effect_phase(EFFECT_STORE_DELETE), PHASE_STORE);
	assert_int_equal(effect_phase(EFFECT_BINDING_SET), PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_BINDING_DELETE), PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_EXPIRY_SET_PUT), PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_EXPIRY_SET_DELETE),
			 PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_FLOW_SET), PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_FLOW_DELETE), PHASE_DATAPLANE);
	assert_int_equal(effect_phase(EFFECT_ROUTE_ADD), PHASE_ROUTES);
	assert_int_equal(effect_phase(EFFECT_ROUTE_DELETE), PHASE_ROUTES);
	assert_int_equal(effect_phase(EFFECT_SEND), PHASE_MESSAGES);
	assert_int_equal(effect_phase(EFFECT_ADVERTISE), PHASE_MESSAGES);
	assert_int_equal(effect_phase(EFFECT_HEAR), PHASE_MESSAGES);
	assert_int_equal(effect_phase(EFFECT_REPORT), PHASE_MESSAGES);
	assert_int_equal(effect_phase(EFFECT_PEER_PUT), PHASE_MESSAGES);
	assert_int_equal(effect_phase(EFFECT_PEER_DELETE), PHASE_MESSAGES);
	assert_true(effect_takes_away(EFFECT_STORE_DELETE));
	assert_true(effect_takes_away(EFFECT_BINDING_DELETE));
	assert_true(effect_takes_away(EFFECT_EXPIRY_SET_DELETE));
	assert_true(effect_takes_away(EFFECT_FLOW_DELETE));
	assert_false(effect_takes_away(EFFECT_FLOW_SET));
	assert_true(effect_takes_away(EFFECT_ROUTE_DELETE));
	assert_false(effect_takes_away(EFFECT_STORE_PUT));
	assert_false(effect_takes_away(EFFECT_BINDING_SET));
	assert_false(effect_takes_away(EFFECT_EXPIRY_SET_PUT));
	assert_false(effect_takes_away(EFFECT_ROUTE_ADD));
	assert_false(effect_takes_away(EFFECT_SEND));
	assert_true(PHASE_DATAPLANE > PHASE_STORE &&
		    PHASE_ROUTES > PHASE_DATAPLANE &&
		    PHASE_MESSAGES > PHASE_ROUTES);
}

static void test_prefix(void **state)
{
	struct effect_flow flow;
	struct effect effect = { .kind = EFFECT_BINDING_SET };

	(void)state;
	assert_ptr_equal(effect_prefix(&effect), &effect.binding.hnp.addr);
	effect.kind = EFFECT_BINDING_DELETE;
	assert_ptr_equal(effect_prefix(&effect), &effect.binding.hnp.addr);
	effect.kind = EFFECT_ROUTE_ADD;
	assert_ptr_equal(effect_prefix(&effect), &effect.route.prefix.addr);
	effect.kind = EFFECT_ROUTE_DELETE;
	assert_ptr_equal(effect_prefix(&effect), &effect.route.prefix.addr);
	effect.kind = EFFECT_EXPIRY_SET_PUT;
	assert_null(effect_prefix(&effect));
	effect.kind = EFFECT_FLOW_SET;
	effect.flow = &flow;
	assert_ptr_equal(effect_prefix(&effect), &flow.hnp.addr);
	effect.kind = EFFECT_FLOW_DELETE;
	assert_ptr_equal(effect_prefix(&effect), &flow.hnp.addr);
}

static void test_alloc(void **state)
{
	uint8_t *memory = must_alloc(64), zero[64] = { 0 };

	(void)state;
	assert_memory_equal(memory, zero, sizeof(zero));
	memset(memory, 1, 64);
	memory = must_realloc(memory, 128);
	assert_int_equal(memory[63], 1);
	free(memory);
	memory = must_copy("", 0);
	assert_non_null(memory);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outbox_keeps_order),
		cmocka_unit_test(test_effects_own_what_they_have),
		cmocka_unit_test(test_report_defaults),
		cmocka_unit_test(test_may_stay),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_phases),
		cmocka_unit_test(test_alloc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
