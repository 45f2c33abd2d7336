// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "alloc.h"
#include "effects.h"

void outbox_init(struct outbox *out)
{
	out->first = NULL;
	out->last = &out->first;
}

struct transaction *outbox_take(struct outbox *out)
{
	struct transaction *transaction = out->first;

	if (!transaction)
		return NULL;
	out->first = transaction->next;
	if (!out->first)
		out->last = &out->first;
	transaction->next = NULL;
	return transaction;
}

void outbox_free(struct outbox *out)
{
	struct transaction *transaction;

	while ((transaction = outbox_take(out)))
		transaction_free(transaction);
}

struct transaction *transaction_new(struct outbox *out, void *owner)
{
	struct transaction *transaction = must_alloc(sizeof(*transaction));

	transaction->owner = owner;
	*out->last = transaction;
	out->last = &transaction->next;
	return transaction;
}

struct effect *transaction_add(struct transaction *transaction,
			       enum effect_kind kind)
{
	struct effect *effect;

	if (transaction->count == transaction->room) {
		transaction->room = transaction->room ?
				    2 * transaction->room : 6;
		transaction->effects = must_realloc(transaction->effects,
						    transaction->room *
						    sizeof(*effect));
	}
	effect = &transaction->effects[transaction->count++];
	*effect = (struct effect){ .kind = kind };
	if (kind == EFFECT_SEND)
		effect->send.message = must_alloc_head(sizeof(struct mh_message),
						       MH_MESSAGE_HEAD);
	if (kind == EFFECT_FLOW_SET || kind == EFFECT_FLOW_DELETE)
		effect->flow = must_alloc(sizeof(*effect->flow));
	if (kind == EFFECT_ADVERTISE)
		effect->advertise = must_alloc(sizeof(*effect->advertise));
	return effect;
}

struct report *transaction_report(struct transaction *transaction,
				  enum report_level level, const char *event,
				  const struct mh_mn_id *mn_id)
{
	struct effect *effect = transaction_add(transaction, EFFECT_REPORT);
	struct report *report = must_alloc(sizeof(*report));

	effect->report = report;
	report->level = level;
	report->event = event;
	report->status = -1;
	report->lifetime_s = -1;
	report->bindings = -1;
	report->group = -1;
	report->flow = -1;
	report->restart_counter = -1;
	if (mn_id)
		report->mn_id = *mn_id;
	return report;
}

static void effect_free(struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_STORE_PUT:
	case EFFECT_PEER_PUT:
		free(effect->store.data);
		break;
	case EFFECT_BINDING_SET:
		free(effect->binding.more);
		break;
	case EFFECT_SEND:
		free(effect->send.message);
		break;
	case EFFECT_FLOW_SET:
	case EFFECT_FLOW_DELETE:
		free(effect->flow);
		break;
	case EFFECT_ADVERTISE:
		free(effect->advertise);
		break;
	case EFFECT_REPORT:
		free(effect->report);
		break;
	default:
		break;
	}
}

void transaction_free(struct transaction *transaction)
{
	unsigned int i;

	if (!transaction)
		return;
	for (i = 0; i < transaction->count; i++)
		effect_free(&transaction->effects[i]);
	free(transaction->effects);
	free(transaction);
}

bool effect_takes_away(enum effect_kind kind)
{
	return kind == EFFECT_STORE_DELETE || kind == EFFECT_BINDING_DELETE ||
	       kind == EFFECT_EXPIRY_SET_DELETE || kind == EFFECT_FLOW_DELETE ||
	       kind == EFFECT_ROUTE_DELETE || kind == EFFECT_ADDRESS_DELETE;
}

const struct in6_addr *effect_prefix(const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_BINDING_SET:
	case EFFECT_BINDING_DELETE:
		return &effect->binding.hnp.addr;
	case EFFECT_FLOW_SET:
	case EFFECT_FLOW_DELETE:
		return &effect->flow->hnp.addr;
	case EFFECT_ROUTE_ADD:
	case EFFECT_ROUTE_DELETE:
		return &effect->route.prefix.addr;
	default:
		return NULL;
	}
}

bool effect_may_stay(const struct effect *effect)
{
	return effect_takes_away(effect->kind) &&
	       effect->kind != EFFECT_FLOW_DELETE;
}

enum effect_phase effect_phase(enum effect_kind kind)
{
	switch (kind) {
	case EFFECT_STORE_PUT:
	case EFFECT_STORE_DELETE:
		return PHASE_STORE;
	case EFFECT_BINDING_SET:
	case EFFECT_BINDING_DELETE:
	case EFFECT_EXPIRY_SET_PUT:
	case EFFECT_EXPIRY_SET_DELETE:
	case EFFECT_FLOW_SET:
	case EFFECT_FLOW_DELETE:
		return PHASE_DATAPLANE;
	case EFFECT_ROUTE_ADD:
	case EFFECT_ROUTE_DELETE:
	case EFFECT_TUNNEL_MTU:
	case EFFECT_ADDRESS_ADD:
	case EFFECT_ADDRESS_DELETE:
		return PHASE_ROUTES;
	default:
		return PHASE_MESSAGES;
	}
}
