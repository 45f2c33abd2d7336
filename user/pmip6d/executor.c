// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "../engine/alloc.h"
#include "../ports/routes_rtnl.h"
#include "executor.h"
#include "log.h"

/* An effect that the kernel is to answer for. */
struct step {
	struct step *prev, *next;	/* while parked */
	struct job *job;
	const struct effect *effect;
	uint32_t device;		/* it was tried with this one */
};

/* What waits for the device is about it, for whichever length. */
struct parked_prefix {
	struct in6_addr addr;
	UT_hash_handle hh;
};

/* A transaction under way. */
struct job {
	struct job *prev, *next;
	struct executor *executor;
	struct transaction *transaction;
	struct step *steps;
	int phase;
	unsigned int pending;
	int error;
	bool stop;			/* it keeps what comes after from being done */
};

static void advance(struct job *job);
static void submit(struct step *step);

static const char *prefix_text(const struct mh_prefix *prefix, char *to)
{
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &prefix->addr, addr, sizeof(addr));
	sprintf(to, "%s/%u", addr, prefix->len);
	return to;
}

static void ended(struct job *job, int error, bool takes_away)
{
	/* What stays keeps nothing from being done, nor from having been done. */
	if (error && !takes_away) {
		job->stop = true;
		if (!job->error)
			job->error = error;
	}
	if (!--job->pending)
		advance(job);
}

static bool is_address(const struct effect *effect)
{
	return effect->kind == EFFECT_ADDRESS_ADD ||
	       effect->kind == EFFECT_ADDRESS_DELETE;
}

static bool is_set(const struct effect *effect)
{
	return effect->kind == EFFECT_EXPIRY_SET_PUT ||
	       effect->kind == EFFECT_EXPIRY_SET_DELETE;
}

static bool is_flow(const struct effect *effect)
{
	return effect->kind == EFFECT_FLOW_SET ||
	       effect->kind == EFFECT_FLOW_DELETE;
}

static bool needs_device(const struct effect *effect)
{
	if (is_address(effect))
		return false;
	return effect_phase(effect->kind) == PHASE_DATAPLANE ||
	       effect->kind == EFFECT_TUNNEL_MTU ||
	       !effect->route.access_ifindex;
}

static void log_address_refusal(const struct effect_address *address, int error,
				const char *text)
{
	char what[INET6_ADDRSTRLEN], name[IF_NAMESIZE] = "none";

	if_indextoname(address->ifindex, name);
	log_event(REPORT_ERROR, "access-address-failed",
		  " access=%s address=%s reason=\"%s\"", name,
		  inet_ntop(AF_INET6, &address->address, what, sizeof(what)),
		  text ? text : strerror(error));
}

static void log_refusal(const struct step *step, int error, const char *text)
{
	const struct effect *effect = step->effect;
	bool binding = effect->kind == EFFECT_BINDING_SET ||
		       effect->kind == EFFECT_BINDING_DELETE;
	char prefix[INET6_ADDRSTRLEN + 4];

	if (is_flow(effect)) {
		log_event(REPORT_ERROR, "flow-failed",
			  " role=%s hnp=%s flow=%u reason=\"%s\"",
			  step->job->executor->role,
			  prefix_text(&effect->flow->hnp, prefix),
			  effect->flow->id, text ? text : strerror(error));
		return;
	}
	if (is_set(effect)) {
		log_event(REPORT_ERROR, "expiry-set-failed",
			  " role=%s set=%u reason=\"%s\"",
			  step->job->executor->role, effect->set.id,
			  text ? text : strerror(error));
		return;
	}

	log_event(REPORT_ERROR, binding ? "binding-failed" : "route-failed",
		  " role=%s hnp=%s reason=\"%s\"", step->job->executor->role,
		  prefix_text(binding ? &effect->binding.hnp :
					&effect->route.prefix, prefix),
		  text ? text : strerror(error));
}

static bool is_parked(const struct executor *executor,
		      const struct in6_addr *prefix)
{
	const struct parked_prefix *parked;

	if (!prefix)
		return false;
	HASH_FIND(hh, executor->parked_prefixes, prefix, sizeof(*prefix), parked);
	return parked;
}

static void park(struct step *step)
{
	const struct in6_addr *prefix = effect_prefix(step->effect);
	struct executor *executor = step->job->executor;
	struct parked_prefix *parked;

	DL_APPEND(executor->parked, step);
	if (!prefix || is_parked(executor, prefix))
		return;
	parked = must_alloc(sizeof(*parked));
	parked->addr = *prefix;
	HASH_ADD(hh, executor->parked_prefixes, addr, sizeof(parked->addr),
		 parked);
}

static struct step *take_parked(struct executor *executor)
{
	struct parked_prefix *prefix, *next;
	struct step *parked = executor->parked;

	executor->parked = NULL;
	HASH_ITER(hh, executor->parked_prefixes, prefix, next) {
		HASH_DEL(executor->parked_prefixes, prefix);
		free(prefix);
	}
	return parked;
}

/*
 * Interfaces of a session have transactions each: what takes away what another one
 * set comes after that, also where that was parked, or is on its way to a new device.
 */
static bool comes_after_parked(const struct step *step)
{
	const struct executor *executor = step->job->executor;

	if (executor->device->ifindex)
		return executor->device->ifindex != step->device;
	return is_parked(executor, effect_prefix(step->effect));
}

/*
 * Without the module or the device nothing can be set; once they are back it
 * can. Nothing that was decided is to be undone for that.
 */
static bool wait_for_device(struct step *step, int error)
{
	struct executor *executor = step->job->executor;

	if (!needs_device(step->effect) ||
	    (error != ENODEV && error != ENOENT && error != ENETDOWN))
		return false;
	/* That it went may have been told, but not been heard yet. */
	link_monitor_catch_up(executor->monitor);
	if (executor->device->ifindex == step->device)
		return false;
	if (executor->device->ifindex)
		submit(step);
	else
		park(step);
	return true;
}

/* RFC 5213 6.9.1.2 (15) only recommends it: service does not end for that. */
static void on_address(struct step *step, int error, const char *text)
{
	bool add = step->effect->kind == EFFECT_ADDRESS_ADD;

	if (error && error != (add ? EEXIST : EADDRNOTAVAIL) &&
	    error != ENODEV)
		log_address_refusal(&step->effect->address, error, text);
	ended(step->job, 0, !add);
}

/* A module that knows no flows has none. */
static bool is_gone(const struct effect *effect, int error)
{
	return effect_takes_away(effect->kind) &&
	       (error == ENOENT || error == ESRCH || error == ENODEV ||
		(error == EOPNOTSUPP && effect->kind == EFFECT_FLOW_DELETE));
}

static void on_step(void *context, int error, const char *text)
{
	struct step *step = context;
	bool gone = is_gone(step->effect, error);

	if (is_address(step->effect)) {
		on_address(step, error, text);
		return;
	}
	if (error && (!gone || comes_after_parked(step)) &&
	    wait_for_device(step, error))
		return;
	/* What is not there needs no removal. */
	if (gone)
		error = 0;
	if (error)
		log_refusal(step, error, text);
	ended(step->job, error, effect_may_stay(step->effect));
}

static void on_tunnel(void *context, const struct in6_addr *remote,
		      uint32_t mtu)
{
	const struct step *step = context;
	struct executor *executor = step->job->executor;

	if (executor->on_tunnel &&
	    IN6_ARE_ADDR_EQUAL(remote, &step->effect->tunnel_mtu.remote))
		executor->on_tunnel(executor->context, remote, mtu);
}

/* What could not be read is not known: nothing is to be undone for that. */
static void on_tunnels_read(void *context, int error, const char *text)
{
	struct step *step = context;

	(void)error;
	(void)text;
	ended(step->job, 0, false);
}

static void submit_route(struct step *step, bool add)
{
	const struct effect_route *effect = &step->effect->route;
	struct executor *executor = step->job->executor;
	struct route route = {
		.prefix = effect->prefix,
		.table = effect->access_ifindex ? executor->table_access :
						  executor->table_tunnel,
		.ifindex = effect->access_ifindex ? effect->access_ifindex :
						    step->device,
		.tunnel = !effect->access_ifindex,
	};

	/* On whichever access link it is. */
	if (!add && effect->access_ifindex)
		route.ifindex = 0;
	if (add)
		route_add(executor->rtnl, &route, on_step, step);
	else
		route_delete(executor->rtnl, &route, on_step, step);
}

static void submit_address(struct step *step)
{
	const struct effect_address *address = &step->effect->address;
	struct nl_queue *rtnl = step->job->executor->rtnl;

	if (step->effect->kind == EFFECT_ADDRESS_DELETE)
		address_delete(rtnl, address->ifindex, &address->address, 64,
			       on_step, step);
	else if (address->detect)
		address_add_detected(rtnl, address->ifindex, &address->address,
				     64, on_step, step);
	else
		address_add(rtnl, address->ifindex, &address->address, 64,
			    on_step, step);
}

static void submit(struct step *step)
{
	struct executor *executor = step->job->executor;
	const struct effect *effect = step->effect;

	step->device = executor->device->ifindex;
	if (effect->kind == EFFECT_TUNNEL_MTU) {
		dataplane_read_tunnels(executor->dataplane, step->device,
				       on_tunnel, on_tunnels_read, step);
		return;
	}
	if (!step->device && needs_device(effect) &&
	    (!effect_takes_away(effect->kind) || comes_after_parked(step))) {
		park(step);
		return;
	}
	switch (effect->kind) {
	case EFFECT_BINDING_SET:
		dataplane_set(executor->dataplane, step->device,
			      &effect->binding, on_step, step);
		break;
	case EFFECT_BINDING_DELETE:
		dataplane_delete(executor->dataplane, step->device,
				 &effect->binding.hnp, on_step, step);
		break;
	case EFFECT_EXPIRY_SET_PUT:
		dataplane_put_set(executor->dataplane, step->device,
				  &effect->set, on_step, step);
		break;
	case EFFECT_EXPIRY_SET_DELETE:
		dataplane_delete_set(executor->dataplane, step->device,
				     effect->set.id, on_step, step);
		break;
	case EFFECT_FLOW_SET:
		dataplane_put_flow(executor->dataplane, step->device,
				   effect->flow, on_step, step);
		break;
	case EFFECT_FLOW_DELETE:
		dataplane_delete_flow(executor->dataplane, step->device,
				      effect->flow, on_step, step);
		break;
	case EFFECT_ADDRESS_ADD:
	case EFFECT_ADDRESS_DELETE:
		submit_address(step);
		break;
	default:
		submit_route(step, effect->kind == EFFECT_ROUTE_ADD);
		break;
	}
}

static void on_stored(void *context, int error)
{
	struct job *job = context;
	bool takes_away = true;
	unsigned int i;

	for (i = 0; i < job->transaction->count; i++)
		if (job->transaction->effects[i].kind == EFFECT_STORE_PUT)
			takes_away = false;
	if (error)
		log_event(REPORT_ERROR, "store-failed", " role=%s reason=\"%s\"",
			  job->executor->role, strerror(error));
	ended(job, error, takes_away);
}

static void run_store(struct job *job)
{
	struct executor *executor = job->executor;
	struct store_batch *batch = NULL;
	const struct effect *effect;
	unsigned int i;

	for (i = 0; i < job->transaction->count; i++) {
		effect = &job->transaction->effects[i];
		if (effect_phase(effect->kind) != PHASE_STORE)
			continue;
		if (!batch)
			batch = store_batch_new(executor->store_role);
		if (effect->kind == EFFECT_STORE_PUT)
			store_batch_put(batch, effect->store.key,
					effect->store.data, effect->store.len);
		else
			store_batch_delete(batch, effect->store.key);
	}
	if (!batch)
		return;
	job->pending++;
	store_submit(executor->store, batch, on_stored, job);
}

static void send_message(struct executor *executor,
			 const struct effect_send *send)
{
	char text[INET6_ADDRSTRLEN];
	int error = ENOTCONN;

	if (executor->socket)
		error = mh_socket_send(executor->socket, &send->src, &send->dst,
				       send->message);
	/* Whoever waits for it asks again. */
	if (error)
		log_event(REPORT_WARNING, "send-failed",
			  " role=%s peer=%s reason=\"%s\"", executor->role,
			  inet_ntop(AF_INET6, &send->dst, text, sizeof(text)),
			  strerror(error));
}

static void advertise(struct executor *executor,
		      const struct effect_advertise *ra)
{
	int error = nd_advertise(executor->nd, ra);

	/* ENODEV: the link went, and its mobile nodes with it. */
	if (error && error != ENODEV)
		log_event(REPORT_WARNING, "advertise-failed",
			  " ifindex=%u reason=\"%s\"", ra->ifindex,
			  strerror(error));
}

/*
 * Of one whose address is known the kernel finds out. Another is asked which
 * groups it has joined; and since its answer, with its address, is no Neighbour
 * Discovery, its next frame is to be heard.
 */
static void probe(struct executor *executor, const struct effect_probe *probe)
{
	if (!IN6_IS_ADDR_UNSPECIFIED(&probe->address)) {
		neighbour_probe(executor->rtnl, probe->ifindex,
				&probe->address, probe->lladdr);
		return;
	}
	nd_hear(executor->nd, probe->ifindex, probe->lladdr, true);
	nd_query(executor->nd, probe->ifindex, probe->lladdr);
}

static void on_peer_stored(void *context, int error)
{
	const struct executor *executor = context;

	if (error)
		log_event(REPORT_ERROR, "store-failed",
			  " role=%s of=peers reason=\"%s\"", executor->role,
			  strerror(error));
}

/* Nobody waits for it: a peer that is not kept is told nothing, no more. */
static void keep_peer(struct executor *executor, const struct effect *effect)
{
	struct store_batch *batch = store_batch_new(executor->store_role);

	if (effect->kind == EFFECT_PEER_PUT)
		store_batch_put(batch, effect->store.key, effect->store.data,
				effect->store.len);
	else
		store_batch_delete(batch, effect->store.key);
	store_submit(executor->peer_store, batch, on_peer_stored, executor);
}

static void run_message(struct executor *executor, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_SEND:
		send_message(executor, &effect->send);
		break;
	case EFFECT_ADVERTISE:
		advertise(executor, effect->advertise);
		break;
	case EFFECT_PROBE:
		probe(executor, &effect->probe);
		break;
	case EFFECT_HEAR:
		nd_hear(executor->nd, effect->hear.ifindex, effect->hear.lladdr,
			effect->hear.every_frame);
		break;
	case EFFECT_REPORT:
		log_report(executor->role, effect->report);
		break;
	case EFFECT_PEER_PUT:
	case EFFECT_PEER_DELETE:
		keep_peer(executor, effect);
		break;
	default:
		break;
	}
}

static void run_phase(struct job *job)
{
	const struct effect *effect;
	unsigned int i;

	if (job->phase == PHASE_STORE) {
		run_store(job);
		return;
	}
	for (i = 0; i < job->transaction->count; i++) {
		effect = &job->transaction->effects[i];
		if ((int)effect_phase(effect->kind) != job->phase)
			continue;
		if (job->phase == PHASE_MESSAGES) {
			run_message(job->executor, effect);
			continue;
		}
		job->pending++;
		job->steps[i].job = job;
		job->steps[i].effect = effect;
		submit(&job->steps[i]);
	}
}

static void forget(struct job *job)
{
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	DL_DELETE(job->executor->jobs, job);
	transaction_free(job->transaction);
	free(job->steps);
	free(job);
}

static void finish(struct job *job)
{
	struct executor *executor = job->executor;
	void *owner = job->transaction->owner;
	int error = job->error;

	forget(job);
	if (owner)
		executor->on_done(executor->context, owner, error);
}

static void advance(struct job *job)
{
	while (!job->stop && ++job->phase < PHASE_END) {
		run_phase(job);
		if (job->pending)
			return;
	}
	finish(job);
}

void executor_run(struct executor *executor, struct outbox *out)
{
	struct transaction *transaction;
	struct job *job;

	while ((transaction = outbox_take(out))) {
		job = must_alloc(sizeof(*job));
		job->executor = executor;
		job->transaction = transaction;
		job->steps = must_alloc((transaction->count + 1) *
					sizeof(*job->steps));
		job->phase = PHASE_STORE - 1;
		DL_APPEND(executor->jobs, job);
		advance(job);
	}
}

void executor_resume(struct executor *executor)
{
	struct step *waiting = take_parked(executor), *step, *next;

	DL_FOREACH_SAFE(waiting, step, next) {
		DL_DELETE(waiting, step);
		submit(step);
	}
}

void executor_abandon(struct executor *executor)
{
	while (executor->jobs)
		forget(executor->jobs);
	take_parked(executor);
}
