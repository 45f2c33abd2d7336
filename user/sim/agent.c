// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "store_writer.h"
#include "world.h"

/* --- Clocks. */

static uint64_t mono_ms(const struct agent *agent)
{
	return (agent->sim->now_us - agent->boot_us) / US_PER_MS +
	       agent->boot_ms;
}

static uint64_t true_wall(const struct sim *sim)
{
	return AGENT_WALL + sim->now_us / US_PER_S * WALL_PER_SECOND +
	       sim->now_us % US_PER_S * WALL_PER_SECOND / US_PER_S;
}

struct now agent_now(const struct agent *agent)
{
	return (struct now){
		.mono_ms = mono_ms(agent),
		.wall = true_wall(agent->sim) + (uint64_t)agent->skew,
	};
}

static void on_wake(struct sim *sim, const struct event *event);

static void rearm(struct agent *agent)
{
	uint64_t due = agent->ops->next_timer(agent);
	uint64_t ask = peers_next_timer(agent->peers);
	struct sim *sim = agent->sim;

	if (ask < due)
		due = ask;
	if (due == NEVER)
		return;
	due = due > agent->boot_ms ? agent->boot_us +
	      (due - agent->boot_ms) * US_PER_MS : 0;
	/* One more, as the daemon does: its timers are never early. */
	due += US_PER_MS;
	if (due < sim->now_us)
		due = sim->now_us + US_PER_MS;
	if (due >= agent->wake_us)
		return;
	agent->wake_us = due;
	sim_after(sim, due - sim->now_us, on_wake, agent->index, agent->life,
		  NULL);
}

static void on_wake(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];
	uint64_t now;

	if (!agent_is_here(agent, event->life) ||
	    event->due_us != agent->wake_us)
		return;
	agent->wake_us = NEVER;
	now = mono_ms(agent);
	if (agent->ops->next_timer(agent) <= now ||
	    peers_next_timer(agent->peers) <= now) {
		agent->ops->on_timer(agent);
		peers_on_timer(agent->peers, agent_now(agent), &agent->out);
		check_timers(agent);
	}
	agent_run(agent);
	agent_settle_death(agent);
}

void agent_set_clock(struct agent *agent, int64_t skew)
{
	if (agent->skew == skew)
		return;
	TRACE(agent->sim, agent->name, "clock set to %lld ms",
	      (long long)(skew * 1000 / (int64_t)WALL_PER_SECOND));
	agent->skew = skew;
	if (!agent->up || agent->dying || !agent->mag)
		return;
	mag_on_clock(agent->mag, !skew, agent_now(agent), &agent->out);
	agent_run(agent);
	agent_settle_death(agent);
}

void agent_run(struct agent *agent)
{
	if (agent->dying)
		return;
	peers_settle(agent->peers, agent_now(agent), &agent->out);
	exec_run(agent);
	if (!agent->dying)
		rearm(agent);
}

/* --- The kernel is read, and tells. */

void agent_read_kernel(struct agent *agent)
{
	agent->read_again = agent->reading;
	if (agent->reading)
		return;
	agent->reading = true;
	exec_read_kernel(agent);
}

void agent_on_read(struct agent *agent, const struct dataplane_dump *dump)
{
	agent->reading = false;
	if (!agent->kernel.device)
		return;
	if (agent->read_again) {
		agent_read_kernel(agent);
		return;
	}
	TRACE(agent->sim, agent->name, "kernel has %zu bindings, %zu sets",
	      dump->count, dump->set_count);
	agent->ops->on_dataplane(agent, dump);
	agent_run(agent);
	agent->reconciled = true;
	agent_settle_death(agent);
}

void agent_on_expired(struct agent *agent, const struct effect_binding *binding)
{
	agent->ops->on_expired(agent, binding);
	agent_run(agent);
	agent_settle_death(agent);
}

void agent_on_set_expired(struct agent *agent, uint32_t id, uint32_t generation)
{
	/* A role without groups has none. */
	if (!agent->ops->on_set_expired)
		return;
	agent->ops->on_set_expired(agent, id, generation);
	agent_run(agent);
	agent_settle_death(agent);
}

static void on_device(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	agent->kernel.device = true;
	if (!agent->up || agent->dying)
		return;
	TRACE(sim, agent->name, "device is there");
	/* Routes hang on an anchor's device, and not on a gateway's. */
	if (!agent->started || agent_is_lma(agent))
		agent->ops->start(agent);
	if (!agent->started)
		exec_delete_leftovers(agent);
	agent->started = true;
	agent_run(agent);
	exec_resume(agent);
	agent_read_kernel(agent);
	agent_settle_death(agent);
}

void agent_lose_device(struct agent *agent)
{
	struct sim *sim = agent->sim;

	if (!agent->kernel.device)
		return;
	agent->kernel.device = false;
	agent->reconciled = false;
	kernel_erase(agent, false);
	exec_lose_device(agent);
	sim_after(sim, sim_draw(sim, STREAM_FAULTS, 10, 3000) * US_PER_MS,
		  on_device, agent->index, 0, NULL);
}

/* --- Messages. */

/* Those that both roles take. */
static void on_heartbeat(struct agent *agent, const struct in6_addr *src,
			 const struct mh_message *message)
{
	if (message->type == MH_HEARTBEAT)
		peers_on_heartbeat(agent->peers, src, &message->heartbeat,
				   agent_now(agent), &agent->out);
}

void agent_on_packet(struct agent *agent, const struct in6_addr *src,
		     const uint8_t *data, size_t len)
{
	bool ready = agent->reconciled && !agent->reading;
	struct mh_message message;
	enum mh_error error;

	error = mh_checksum(src, &agent->address, data, len) ?
		MH_ERROR_CHECKSUM : mh_parse(data, len, &message);
	if (error) {
		check_fail(agent->sim, "what was written can be read",
			   "%s: %s", agent->name, mh_error_name(error));
		return;
	}
	check_arrival(agent, &message);
	peers_on_message(agent->peers, src, agent_now(agent));
	if (!agent->ops->on_message(agent, src, &agent->address, &message,
				    ready))
		on_heartbeat(agent, src, &message);
	agent_run(agent);
	agent_settle_death(agent);
}

struct agent *agent_by_address(struct sim *sim, const struct in6_addr *address)
{
	uint32_t index = (uint32_t)address->s6_addr[13] << 16 |
			 (uint32_t)address->s6_addr[14] << 8 |
			 address->s6_addr[15];
	struct agent *agent;

	if (!index || index > sim->agent_count)
		return NULL;
	agent = &sim->agents[index - 1];
	return IN6_ARE_ADDR_EQUAL(&agent->address, address) ? agent : NULL;
}

/* --- Lives. */

void agent_create(struct sim *sim, uint32_t index)
{
	struct agent *agent = &sim->agents[index];
	bool lma = index < sim->options.lmas;

	agent->sim = sim;
	agent->index = index;
	agent->ops = lma ? &anchor_ops : &gateway_ops;
	snprintf(agent->name, sizeof(agent->name), "%s%u", lma ? "lma" : "mag",
		 (lma ? index : index - sim->options.lmas) % 10000);
	agent->address.s6_addr[0] = 0x20;
	agent->address.s6_addr[1] = 0x01;
	agent->address.s6_addr[2] = 0x0d;
	agent->address.s6_addr[3] = 0xb8;
	agent->address.s6_addr[13] = (uint8_t)((index + 1) >> 16);
	agent->address.s6_addr[14] = (uint8_t)((index + 1) >> 8);
	agent->address.s6_addr[15] = (uint8_t)(index + 1);
	agent->boot_us = sim->now_us;
	agent->boot_ms = AGENT_BOOT_MS;
	agent->kernel.device = true;
	agent->store.id = 1;
	outbox_init(&agent->out);
}

static int by_key(struct record *a, struct record *b)
{
	return a->key < b->key ? -1 : a->key > b->key;
}

/* As user/pmip6d/restart.c does. */
static void judge_restart(struct agent *agent, bool records_lost)
{
	struct store *store = &agent->store;
	bool other = store->counter_id != store->id;
	bool lost = store->has_counter && (other || records_lost) &&
		    agent->peers->count;

	if (!store->has_counter)
		store->counter = (uint32_t)(agent_now(agent).wall /
					    WALL_PER_SECOND);
	else if (lost)
		store->counter++;
	store->has_counter = true;
	store->counter_id = store->id;
	if (lost)
		TRACE(agent->sim, agent->name, "sessions lost, counter=%u",
		      store->counter);
	peers_set_restart(agent->peers, store->counter, lost);
}

static void restore(struct agent *agent)
{
	struct record *record, *next;
	bool lost = false;

	HASH_SORT(agent->store.peers, by_key);
	HASH_ITER(hh, agent->store.peers, record, next)
		if (!peers_restore(agent->peers, record->key, record->data,
				   record->len))
			store_delete(&agent->store.peers, record->key);
	HASH_SORT(agent->store.sessions, by_key);
	HASH_ITER(hh, agent->store.sessions, record, next) {
		if (agent->ops->restore(agent, record,
					record->boot == agent->boots))
			continue;
		lost = true;
		TRACE(agent->sim, agent->name, "record %llu is no session",
		      (unsigned long long)record->key);
		store_delete(&agent->store.sessions, record->key);
	}
	judge_restart(agent, lost);
}

void agent_start(struct agent *agent)
{
	struct sim *sim = agent->sim;

	TRACE(sim, agent->name, "starts, records=%u boots=%u",
	      HASH_COUNT(agent->store.sessions), agent->boots);
	agent->up = true;
	agent->life++;
	agent->reconciled = agent->reading = agent->read_again = false;
	agent->started = agent->dying = agent->dirty = false;
	agent->wake_us = NEVER;
	agent->ops->begin(agent);
	restore(agent);
	peers_start(agent->peers, agent_now(agent));
	rearm(agent);
	if (agent->kernel.device)
		sim_after(sim, sim_draw(sim, STREAM_PORTS, 1, 50) * US_PER_MS,
			  on_device, agent->index, 0, NULL);
}

/* At once: its kernel and its disk stay as they are. */
static void end(struct agent *agent)
{
	agent->dirty |= exec_abandon(agent);
	store_forget_owed(&agent->store);
	agent->up = false;
	agent->ops->end(agent);
	agent->dying = false;
	agent->crash_in = 0;
}

void agent_stop(struct agent *agent)
{
	exec_flush(agent);
	store_end(agent);
	end(agent);
}

static void on_start_again(struct sim *sim, const struct event *event)
{
	struct agent *agent = &sim->agents[event->who];

	if (!agent->up)
		agent_start(agent);
}

static void reboot(struct agent *agent)
{
	kernel_erase(agent, true);
	agent->boot_us = agent->sim->now_us;
	agent->boot_ms = AGENT_BOOT_MS;
	agent->boots++;
}

void agent_settle_death(struct agent *agent)
{
	struct sim *sim = agent->sim;
	uint64_t ms;

	if (!agent->dying && !agent->stops)
		return;
	TRACE(sim, agent->name, "ends%s%s%s",
	      agent->stops ? " in good order" : "",
	      agent->reboots ? ", reboots" : "",
	      agent->erases ? ", its sessions are erased" : "");
	if (agent->stops)
		agent_stop(agent);
	else
		end(agent);
	if (agent->reboots)
		reboot(agent);
	if (agent->erases)
		store_erase(&agent->store, agent->erases > 1);
	agent->stops = agent->reboots = false;
	agent->erases = 0;
	ms = sim_draw(sim, STREAM_FAULTS, 0, 9) ?
	     sim_draw(sim, STREAM_FAULTS, 50, 5000) :
	     sim_draw(sim, STREAM_FAULTS, 5000, 1000ull * AGENT_AWAY_S);
	sim_after(sim, ms * US_PER_MS, on_start_again, agent->index, 0, NULL);
}

void agent_free(struct agent *agent)
{
	if (agent->up)
		end(agent);
	kernel_erase(agent, true);
	timers_free(&agent->kernel.expiry);
	timers_free(&agent->kernel.set_expiry);
	store_erase(&agent->store, true);
}
