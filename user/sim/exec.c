// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "../engine/alloc.h"
#include "network.h"
#include "store_writer.h"
#include "world.h"

/* A transaction under way; the device may have gone since, and what it was told. */
struct job {
	struct job *prev, *next;
	struct agent *agent;
	struct transaction *transaction;
	int phase;
	unsigned int pending;
	int error;
	bool stop;
	bool lost;
};

enum op_kind {
	OP_STORE,		/* the records of a transaction, in one batch */
	OP_EFFECT,		/* an effect that the kernel answers for */
	OP_PEER,		/* a record of a peer, which nobody waits for */
	OP_READ,		/* all that the module has is read */
	OP_LEFTOVERS,		/* routes that are nobody's go */
};

/* One thing in a queue. */
struct op {
	struct op *next;
	enum op_kind kind;
	struct job *job;
	const struct effect *effect;
	struct effect_store peer;
	bool forget_peer;
};

/* What was read, on its way. */
struct reading {
	struct dataplane_dump dump;
};

static void advance(struct job *job);
static void run_port(struct sim *sim, const struct event *event);

/* --- An agent may end before each effect. */

static bool dies(struct agent *agent)
{
	if (agent->dying)
		return true;
	if (!agent->crash_in || --agent->crash_in)
		return false;
	agent->dying = true;
	return true;
}

/* --- Queues. */

static void schedule(struct agent *agent, enum port port)
{
	struct sim *sim = agent->sim;
	uint64_t us = sim_draw(sim, STREAM_PORTS, 20, 200);

	if (sim_chance(sim, STREAM_PORTS, 3))
		us = sim_draw(sim, STREAM_PORTS, 200, 20000);
	sim_after(sim, us, run_port, agent->index | (uint32_t)port << 30,
		  agent->life, NULL);
}

static void push(struct agent *agent, enum port port, struct op *op)
{
	struct exec *exec = &agent->exec;

	op->next = NULL;
	if (exec->first[port]) {
		exec->last[port]->next = op;
	} else {
		exec->first[port] = op;
		schedule(agent, port);
	}
	exec->last[port] = op;
}

static struct op *op_new(enum op_kind kind, struct job *job,
			 const struct effect *effect)
{
	struct op *op = must_alloc(sizeof(*op));

	op->kind = kind;
	op->job = job;
	op->effect = effect;
	return op;
}

static void op_free(struct op *op)
{
	free(op->peer.data);
	free(op);
}

/* --- Effects. */

static bool needs_device(const struct effect *effect)
{
	if (effect->kind == EFFECT_ADDRESS_ADD ||
	    effect->kind == EFFECT_ADDRESS_DELETE)
		return false;
	return effect_phase(effect->kind) == PHASE_DATAPLANE ||
	       effect->kind == EFFECT_TUNNEL_MTU ||
	       !effect->route.access_ifindex;
}

static bool can_fail(const struct effect *effect)
{
	return effect->kind != EFFECT_ADDRESS_ADD &&
	       effect->kind != EFFECT_ADDRESS_DELETE &&
	       effect->kind != EFFECT_TUNNEL_MTU;
}

static int an_error(struct sim *sim)
{
	static const int errors[] = { EIO, ENOMEM, EINVAL, EBUSY };

	return errors[sim_draw(sim, STREAM_PORTS, 0, 3)];
}

static void ended(struct job *job, int error, bool takes_away)
{
	struct agent *agent = job->agent;

	if (error) {
		TRACE(agent->sim, agent->name, "fault error=%d %s", error,
		      takes_away ? "stays" : "fails");
		/* What stays on disk is owed: see store_write(). */
		agent->dirty |= takes_away && job->phase != PHASE_STORE;
	}
	/* What stays keeps nothing from being done, nor from having been done. */
	if (error && !takes_away) {
		job->stop = true;
		if (!job->error)
			job->error = error;
	}
	if (!--job->pending && !agent->dying)
		advance(job);
}

static void run_store_op(struct agent *agent, struct op *op)
{
	struct job *job = op->job;
	int error;

	op_free(op);
	if (dies(agent)) {
		if (sim_chance(agent->sim, STREAM_PORTS, 50))
			store_write(agent, job->transaction);
		return;
	}
	error = store_write(agent, job->transaction);
	ended(job, error, store_only_deletes(job->transaction));
}

/* What waits for the device is not overtaken by what takes it away. */
static bool is_parked(const struct agent *agent, const struct effect *effect)
{
	const struct in6_addr *prefix = effect_prefix(effect), *other;
	const struct op *op;

	if (!prefix)
		return false;
	LL_FOREACH(agent->exec.parked, op) {
		other = effect_prefix(op->effect);
		if (other && IN6_ARE_ADDR_EQUAL(other, prefix))
			return true;
	}
	return false;
}

static void run_effect_op(struct agent *agent, struct op *op)
{
	const struct effect *effect = op->effect;
	struct job *job = op->job;
	bool may_stay = effect_may_stay(effect);
	int error = 0;

	if (!agent->kernel.device && needs_device(effect)) {
		/* What is not there needs no removal. */
		if ((effect_takes_away(effect->kind) &&
		     !is_parked(agent, effect)) ||
		    effect->kind == EFFECT_TUNNEL_MTU) {
			op_free(op);
			ended(job, 0, may_stay);
		} else {
			LL_APPEND(agent->exec.parked, op);
		}
		return;
	}
	op_free(op);
	if (dies(agent)) {
		if (sim_chance(agent->sim, STREAM_PORTS, 50))
			kernel_apply(agent, effect);
		return;
	}
	if (can_fail(effect) && fault_happens(agent->sim, FAULT_DATAPLANE))
		error = an_error(agent->sim);
	else if (effect->kind == EFFECT_TUNNEL_MTU)
		gateway_on_tunnel(agent, &effect->tunnel_mtu.remote);
	else
		error = kernel_apply(agent, effect);
	ended(job, error, may_stay);
}

static void run_peer_op(struct agent *agent, struct op *op)
{
	if (op->forget_peer)
		store_delete(&agent->store.peers, op->peer.key);
	else
		store_put(&agent->store.peers, &op->peer, agent->boots);
	op_free(op);
}

static void reading_free(void *data)
{
	struct reading *reading = data;

	dataplane_dump_free(&reading->dump);
	free(reading);
}

static void on_read(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	struct reading *reading = event->data;

	if (agent_is_here(agent, event->life))
		agent_on_read(agent, &reading->dump);
	reading_free(reading);
}

/* What was read and what happens meanwhile overtake each other. */
static void run_read_op(struct agent *agent, struct op *op)
{
	struct reading *reading = must_alloc(sizeof(*reading));
	struct sim *sim = agent->sim;
	struct event event = {
		.due_us = sim->now_us + sim_draw(sim, STREAM_PORTS, 0, 3000),
		.run = on_read,
		.who = agent->index,
		.life = agent->life,
		.data = reading,
		.drop = reading_free,
	};

	op_free(op);
	reading->dump = kernel_dump(agent);
	queue_push(&sim->queue, event);
}

static void run_first(struct agent *agent, enum port port)
{
	struct op *op = agent->exec.first[port];

	agent->exec.first[port] = op->next;
	switch (op->kind) {
	case OP_STORE:
		run_store_op(agent, op);
		break;
	case OP_EFFECT:
		run_effect_op(agent, op);
		break;
	case OP_PEER:
		run_peer_op(agent, op);
		break;
	case OP_READ:
		run_read_op(agent, op);
		break;
	case OP_LEFTOVERS:
		op_free(op);
		kernel_delete_leftovers(agent);
		break;
	}
}

static void run_port(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who & 0x3fffffff];
	enum port port = (enum port)(event->who >> 30);
	struct op *first = agent->exec.first[port];

	/* What was queued may be done already: see exec_finish(). */
	if (!agent_is_here(agent, event->life) || !first)
		return;
	if (first->next)
		schedule(agent, port);
	run_first(agent, port);
}

void exec_lose_device(struct agent *agent)
{
	struct job *job;

	DL_FOREACH(agent->exec.jobs, job)
		job->lost = true;
}

void exec_finish(struct agent *agent)
{
	bool any;
	int port;

	do {
		any = false;
		for (port = 0; port < PORTS; port++) {
			if (!agent->exec.first[port])
				continue;
			any = true;
			run_first(agent, (enum port)port);
		}
	} while (any);
}

void exec_flush(struct agent *agent)
{
	while (agent->exec.first[PORT_STORE])
		run_first(agent, PORT_STORE);
}

/* --- Messages, and what nobody waits for. */

static void keep_peer(struct agent *agent, const struct effect *effect)
{
	struct op *op = op_new(OP_PEER, NULL, NULL);

	op->forget_peer = effect->kind == EFFECT_PEER_DELETE;
	op->peer.key = effect->store.key;
	op->peer.len = effect->store.len;
	if (!op->forget_peer)
		op->peer.data = must_copy(effect->store.data,
					  effect->store.len);
	push(agent, PORT_STORE, op);
}

static void trace_report(struct agent *agent, const struct report *report)
{
	char prefix[TRACE_TEXT] = "-";

	if (report->has_hnp)
		trace_prefix(&report->hnp, prefix);
	TRACE(agent->sim, agent->name,
	      "log %s mn=%.*s hnp=%s status=%d reason=\"%s\"", report->event,
	      report->mn_id.len, (const char *)report->mn_id.data, prefix,
	      report->status, report->reason ? report->reason : "");
}

static void run_message(const struct job *job, const struct effect *effect)
{
	struct agent *agent = job->agent;

	switch (effect->kind) {
	case EFFECT_SEND:
		check_send(agent, &effect->send, job->lost);
		network_send(agent, &effect->send);
		break;
	case EFFECT_PROBE:
		mobile_on_probe(agent, &effect->probe);
		break;
	case EFFECT_HEAR:
		gateway_hear(agent, &effect->hear);
		break;
	case EFFECT_REPORT:
		if (agent->sim->trace.wanted)
			trace_report(agent, effect->report);
		break;
	case EFFECT_PEER_PUT:
	case EFFECT_PEER_DELETE:
		keep_peer(agent, effect);
		break;
	default:
		break;
	}
}

/* --- Transactions. */

static void queue_store(struct job *job)
{
	unsigned int i;

	for (i = 0; i < job->transaction->count; i++) {
		if (effect_phase(job->transaction->effects[i].kind) !=
		    PHASE_STORE)
			continue;
		job->pending++;
		push(job->agent, PORT_STORE, op_new(OP_STORE, job, NULL));
		return;
	}
}

static void run_phase(struct job *job)
{
	enum port port = job->phase == PHASE_DATAPLANE ? PORT_DATAPLANE :
							 PORT_ROUTES;
	const struct effect *effect;
	unsigned int i;

	if (job->phase == PHASE_STORE) {
		queue_store(job);
		return;
	}
	for (i = 0; i < job->transaction->count; i++) {
		effect = &job->transaction->effects[i];
		if ((int)effect_phase(effect->kind) != job->phase)
			continue;
		if (job->phase != PHASE_MESSAGES) {
			job->pending++;
			push(job->agent, effect->kind == EFFECT_TUNNEL_MTU ?
			     PORT_DATAPLANE : port,
			     op_new(OP_EFFECT, job, effect));
			continue;
		}
		/* A line for the operator is nothing to end before. */
		if (effect->kind != EFFECT_REPORT && dies(job->agent))
			return;
		run_message(job, effect);
	}
}

static void forget(struct job *job)
{
	struct exec *exec = &job->agent->exec;

	DL_DELETE(exec->jobs, job);
	exec->owned -= job->transaction->owner != NULL;
	transaction_free(job->transaction);
	free(job);
}

static void advance(struct job *job)
{
	struct agent *agent = job->agent;
	void *owner;
	int error;

	while (!job->stop && ++job->phase < PHASE_END) {
		run_phase(job);
		if (agent->dying || job->pending)
			return;
	}
	owner = job->transaction->owner;
	error = job->error;
	forget(job);
	if (!owner)
		return;
	agent->ops->on_done(agent, owner, error);
	agent_run(agent);
}

void exec_run(struct agent *agent)
{
	struct transaction *transaction;
	struct job *job;

	while (!agent->dying && (transaction = outbox_take(&agent->out))) {
		job = must_alloc(sizeof(*job));
		job->agent = agent;
		job->transaction = transaction;
		job->phase = PHASE_STORE - 1;
		DL_APPEND(agent->exec.jobs, job);
		agent->exec.owned += transaction->owner != NULL;
		advance(job);
	}
}

void exec_read_kernel(struct agent *agent)
{
	push(agent, PORT_DATAPLANE, op_new(OP_READ, NULL, NULL));
}

void exec_delete_leftovers(struct agent *agent)
{
	push(agent, PORT_ROUTES, op_new(OP_LEFTOVERS, NULL, NULL));
}

void exec_resume(struct agent *agent)
{
	struct op *op, *next, *parked = agent->exec.parked;

	agent->exec.parked = NULL;
	LL_FOREACH_SAFE(parked, op, next)
		push(agent,
		     effect_phase(op->effect->kind) == PHASE_DATAPLANE ?
		     PORT_DATAPLANE : PORT_ROUTES, op);
}

static bool free_ops(struct op **first)
{
	struct op *op;
	bool any = *first;

	while ((op = *first)) {
		*first = op->next;
		op_free(op);
	}
	return any;
}

bool exec_abandon(struct agent *agent)
{
	struct exec *exec = &agent->exec;
	bool any = exec->jobs || agent->out.first;
	struct job *job, *next;
	int port;

	DL_FOREACH_SAFE(exec->jobs, job, next)
		forget(job);
	for (port = 0; port < PORTS; port++)
		any |= free_ops(&exec->first[port]);
	any |= free_ops(&exec->parked);
	outbox_free(&agent->out);
	return any;
}
