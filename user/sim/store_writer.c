// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "store_writer.h"
#include "world.h"

#define RETRY_US (5 * US_PER_S)

static void on_retry(struct sim *sim, const struct event *event);

bool store_only_deletes(const struct transaction *transaction)
{
	unsigned int i;

	for (i = 0; i < transaction->count; i++)
		if (transaction->effects[i].kind == EFFECT_STORE_PUT)
			return false;
	return true;
}

static void retry_later(struct agent *agent)
{
	agent->store.retries = true;
	sim_after(agent->sim, RETRY_US, on_retry, agent->index, agent->life,
		  NULL);
}

static void try_to_pay(struct agent *agent)
{
	if (agent->store.owed && !fault_happens(agent->sim, FAULT_FORGET))
		store_pay(&agent->store);
}

static void on_retry(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (!agent_is_here(agent, event->life))
		return;
	agent->store.retries = false;
	try_to_pay(agent);
	if (agent->store.owed)
		retry_later(agent);
}

static void owe(struct agent *agent, const struct transaction *transaction)
{
	unsigned int i;

	for (i = 0; i < transaction->count; i++)
		if (transaction->effects[i].kind == EFFECT_STORE_DELETE)
			store_owe(&agent->store,
				  &transaction->effects[i].store);
	if (agent->store.owed && !agent->store.retries)
		retry_later(agent);
}

int store_write(struct agent *agent, const struct transaction *transaction)
{
	bool deletes = store_only_deletes(transaction);
	const struct effect *effect;
	unsigned int i;

	if (fault_happens(agent->sim, deletes ? FAULT_FORGET : FAULT_STORE)) {
		if (deletes)
			owe(agent, transaction);
		return ENOSPC;
	}
	store_pay(&agent->store);
	for (i = 0; i < transaction->count; i++) {
		effect = &transaction->effects[i];
		if (effect->kind == EFFECT_STORE_PUT)
			store_put(&agent->store.sessions, &effect->store,
				  agent->boots);
		else if (effect->kind == EFFECT_STORE_DELETE)
			store_delete(&agent->store.sessions, effect->store.key);
	}
	return 0;
}

void store_end(struct agent *agent)
{
	try_to_pay(agent);
}
