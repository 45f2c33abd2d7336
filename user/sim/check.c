// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "../engine/lma_multihoming.h"
#include "../engine/mag_group_internal.h"
#include "world.h"

/*
 * A kernel is told how long from now on: what waits in a queue, or for the
 * device, lasts so much longer, until the next reading of the kernel.
 */
#define QUEUE_US (5 * US_PER_S)

/* Every so many events some packets are looked at. */
#define PACKETS_EVERY 16

/* How many lines of what led to it are printed. */
#define LINES 60

void check_fail(struct sim *sim, const char *broken, const char *format, ...)
{
	va_list arguments;

	if (sim->check.broken)
		return;
	sim->check.broken = broken;
	va_start(arguments, format);
	vsnprintf(sim->check.why, sizeof(sim->check.why), format, arguments);
	va_end(arguments);
	TRACE(sim, "CHECK", "%s: %s", broken, sim->check.why);
}

/* The mobile node that it is about, if it names one: mnN and no more. */
static bool names_mn(const char *why, char *word, size_t size)
{
	const char *at = strstr(why, "mn=mn");
	size_t len;

	if (!at)
		return false;
	at += 3;
	len = 2 + strspn(at + 2, "0123456789");
	snprintf(word, size, "%.*s", (int)len, at);
	return true;
}

void check_print(const struct sim *sim, FILE *to)
{
	char mn[16], word[20];

	fprintf(to, "# broken: %s\n# %s\n", sim->check.broken, sim->check.why);
	fprintf(to, "# virtual time: %llu.%06llu s\n",
		(unsigned long long)(sim->now_us / US_PER_S),
		(unsigned long long)(sim->now_us % US_PER_S));
	if (names_mn(sim->check.why, mn, sizeof(mn))) {
		fprintf(to, "# the last lines about %s:\n", mn);
		snprintf(word, sizeof(word), "%s@", mn);
		trace_print_kept(&sim->trace, to, LINES, word);
	}
	fprintf(to, "# the last lines of all:\n");
	trace_print_kept(&sim->trace, to, LINES, NULL);
}

/* --- Nobody forwards for longer than it was granted. */

static void grant_key(const struct agent *agent, const struct mh_prefix *hnp,
		      uint8_t *key)
{
	memcpy(key, &agent->index, 4);
	memcpy(key + 4, hnp, PREFIX_KEY);
}

static struct grant *find_grant(const struct agent *agent,
				const struct mh_prefix *hnp)
{
	struct grant *grant;
	uint8_t key[4 + PREFIX_KEY];

	grant_key(agent, hnp, key);
	HASH_FIND(hh, agent->sim->check.grants, key, sizeof(key), grant);
	return grant;
}

static void note_grant(struct agent *agent, const struct mh_prefix *hnp,
		       uint16_t lifetime)
{
	uint64_t us = (uint64_t)lifetime * LIFETIME_UNIT_MS * US_PER_MS;
	struct check *check = &agent->sim->check;
	struct grant *grant = find_grant(agent, hnp);

	if (!grant) {
		grant = must_alloc(sizeof(*grant));
		grant_key(agent, hnp, grant->key);
		HASH_ADD(hh, check->grants, key, sizeof(grant->key), grant);
	}
	if (grant->lifetime_us < us)
		grant->lifetime_us = us;
	if (grant->until_us < agent->sim->now_us + us)
		grant->until_us = agent->sim->now_us + us;
}

/* As a prefix that nobody has. */
static struct mh_prefix group_key(uint32_t id)
{
	struct mh_prefix key = { .len = 128 };

	memcpy(&key.addr.s6_addr[12], &id, sizeof(id));
	return key;
}

static void note_group_grant(struct agent *agent, uint32_t id,
			     uint16_t lifetime)
{
	struct mh_prefix key = group_key(id);

	note_grant(agent, &key, lifetime);
}

void check_arrival(struct agent *agent, const struct mh_message *message)
{
	const struct mh_binding_ack *ba = &message->ba;
	unsigned int i;

	if (agent_is_lma(agent) || message->type != MH_BINDING_ACK ||
	    ba->status >= MH_STATUS_REJECTED || !ba->lifetime)
		return;
	for (i = 0; i < ba->options.hnp_count; i++)
		note_grant(agent, &ba->options.hnp[i], ba->lifetime);
	for (i = 0; i < ba->options.group_count; i++)
		note_group_grant(agent, ba->options.group[i], ba->lifetime);
}

/*
 * Whom it was granted to: those of a group live as long as each other. A set that
 * has another number since, while a message was on its way, is its member's.
 */
static const struct grant *grant_of(const struct agent *agent,
				    const struct effect_binding *set)
{
	const struct mag *mag = agent->mag;
	const struct mag_group *group = group_by_set(&mag->groups,
						     set->expiry_set);
	const struct bule *member = bul_by_id(&mag->bul, set->cookie);
	struct mh_prefix key;

	if (!group && member)
		group = member->member.group;
	if (!set->expiry_set || !group)
		return find_grant(agent, &set->hnp);
	key = group_key(group->id);
	return find_grant(agent, &key);
}

/*
 * After a reboot only the wall clock tells how much is left, and that may have
 * been set back: then it is no more than all of it (engine/record.h).
 */
static void check_grant(struct agent *agent, const struct effect_binding *set,
			uint64_t expires_us)
{
	const struct grant *grant = grant_of(agent, set);
	uint64_t until = grant ? grant->until_us : 0, started;
	char text[TRACE_TEXT];

	started = agent->boot_us + AGENT_AWAY_S * US_PER_S;
	if (grant && agent->boots && until < started + grant->lifetime_us)
		until = started + grant->lifetime_us;
	if (expires_us <= until + QUEUE_US)
		return;
	check_fail(agent->sim, "a gateway forwards no longer than was granted",
		   "%s forwards %s until %llu ms, was granted until %llu ms",
		   agent->name, trace_prefix(&set->hnp, text),
		   (unsigned long long)(expires_us / US_PER_MS),
		   (unsigned long long)(until / US_PER_MS));
}

/* --- What a kernel is told is an engine's wish. */

/*
 * One that has ended forwards nothing any more; an interface that shares its prefix
 * may stand for another.
 */
static bool is_of_another(const struct agent *agent, const struct bce *bce,
			  uint64_t cookie)
{
	const struct bce *other;

	if (!bce->path)
		return cookie != bce->id;
	if (check_cookie(bce, cookie))
		return false;
	for (other = bc_next(&agent->lma->bc, NULL); other;
	     other = bc_next(&agent->lma->bc, other))
		if (other->id == cookie)
			return true;
	return false;
}

static void check_anchor_set(struct agent *agent,
			     const struct kernel_binding *before,
			     const struct effect_binding *set)
{
	const struct bce *bce = bc_by_prefix(&agent->lma->bc, &set->hnp);
	char text[TRACE_TEXT];

	trace_prefix(&set->hnp, text);
	if (!bce || !check_cookie(bce, set->cookie))
		check_fail(agent->sim, "a prefix belongs to one mobile node",
			   "%s binds %s to session %llu, which does not have it",
			   agent->name, text,
			   (unsigned long long)set->cookie);
	else if (!lma_is_busy(bce))
		check_fail(agent->sim, "what is under way has an owner",
			   "%s binds %s of a session that is not busy",
			   agent->name, text);
	else if (set->more_count && !check_may_share(agent, bce))
		check_fail(agent->sim,
			   "outside multihoming one gateway forwards",
			   "%s binds %s to %u gateways", agent->name, text,
			   1u + set->more_count);
	else if (before && before->paths && !agent->dirty && !agent->reading &&
		 agent->reconciled &&
		 is_of_another(agent, bce, before->told.cookie))
		check_fail(agent->sim, "a prefix belongs to one mobile node",
			   "%s binds %s to session %llu, while %llu forwards",
			   agent->name, text,
			   (unsigned long long)set->cookie,
			   (unsigned long long)before->told.cookie);
}

/* Two entries of one mobile node are two interfaces, of maybe one session. */
static void check_gateway_set(struct agent *agent,
			      const struct kernel_binding *before,
			      const struct effect_binding *set)
{
	const struct update_list *bul = &agent->mag->bul;
	const struct bule *bule = bul_by_id(bul, set->cookie), *other;
	char text[TRACE_TEXT];

	trace_prefix(&set->hnp, text);
	if (!bule || !bule->busy) {
		check_fail(agent->sim, "what is under way has an owner",
			   "%s binds %s of entry %llu, which is not busy",
			   agent->name, text,
			   (unsigned long long)set->cookie);
		return;
	}
	other = before ? bul_by_id(bul, before->told.cookie) : NULL;
	if (other && other != bule && other->forwards &&
	    bule_has_prefix(other, &set->hnp) &&
	    !mh_mn_id_equal(&other->profile.mn_id, &bule->profile.mn_id))
		check_fail(agent->sim, "a prefix belongs to one mobile node",
			   "%s binds %s for mn=%.*s, but forwards it for %.*s",
			   agent->name, text, bule->profile.mn_id.len,
			   (const char *)bule->profile.mn_id.data,
			   other->profile.mn_id.len,
			   (const char *)other->profile.mn_id.data);
}

void check_binding_set(struct agent *agent,
		       const struct kernel_binding *before,
		       const struct effect_binding *set)
{
	const struct kernel_set *joins;
	uint64_t expires;

	if (agent_is_lma(agent)) {
		check_anchor_set(agent, before, set);
		return;
	}
	check_gateway_set(agent, before, set);
	if (!set->has_path)
		return;
	joins = kernel_set(&agent->kernel, set->expiry_set);
	expires = joins ? joins->expires_us :
		  agent->sim->now_us + set->lifetime_ms * US_PER_MS;
	check_grant(agent, set, expires);
}

/* All of its members are renewed by it. */
void check_set_put(struct agent *agent, const struct kernel_set *set)
{
	const struct kernel_path *member;

	if (agent_is_lma(agent)) {
		check_anchor_set_put(agent, set);
		return;
	}
	for (member = set->members; member; member = member->set_next)
		check_grant(agent, &member->binding->told, set->expires_us);
}

/* --- Nothing is acknowledged that does not stand. */

static const char *missing(const struct agent *agent,
			   const struct mh_prefix *hnp,
			   const struct effect_send *send, bool lost)
{
	const struct mh_options *options = &send->message->ba.options;
	const struct bce *bce = bc_by_prefix(&agent->lma->bc, hnp);
	const struct kernel_binding *binding;
	const struct kernel_path *path;

	if (!bce || !bce_has_prefix(bce, hnp) ||
	    !bce_is_of(bce, &options->mn_id))
		return "it is no prefix of a session of its own";
	bce = check_interface(bce, &options->ll_id);
	if (!bce)
		return "its session has no such interface";
	if (!store_find(agent->store.sessions, bce->id))
		return "no record of its session is stored";
	/* What the kernel lost is being put back: see role_read_dataplane(). */
	if (!agent->reconciled || agent->reading || lost)
		return NULL;
	binding = kernel_binding(&agent->kernel, hnp);
	if (!binding)
		return "the kernel has no binding";
	if (!check_cookie(bce, binding->told.cookie))
		return "the kernel's binding is another session's";
	path = check_path(agent, bce, hnp);
	if (!path)
		return "the kernel's binding has no path";
	if (!IN6_ARE_ADDR_EQUAL(&path->what.remote, &send->dst))
		return "the kernel's path goes to another gateway";
	if (!prefix_pool_covers(&agent->lma->pool, hnp) &&
	    !kernel_route(&agent->kernel, hnp, false))
		return "there is no route";
	return check_flows_ack(bce, binding, options);
}

void check_send(struct agent *agent, const struct effect_send *send, bool lost)
{
	const struct mh_binding_ack *ba = &send->message->ba;
	char text[TRACE_TEXT];
	const char *what;
	unsigned int i;

	if (send->message->type == MH_BINDING_REVOCATION)
		check_revocation_ack(agent, send);
	if (send->message->type != MH_BINDING_ACK ||
	    ba->status >= MH_STATUS_REJECTED || !ba->lifetime)
		return;
	if (!ba->options.has_mn_id)
		check_bulk_ack(agent, send);
	for (i = 0; i < ba->options.hnp_count; i++) {
		what = missing(agent, &ba->options.hnp[i], send, lost);
		if (!what)
			continue;
		check_fail(agent->sim,
			   "nothing is acknowledged that does not stand",
			   "%s acknowledges %s to mn=%.*s, but %s",
			   agent->name,
			   trace_prefix(&ba->options.hnp[i], text),
			   ba->options.mn_id.len,
			   (const char *)ba->options.mn_id.data, what);
	}
}

/* --- Steps. */

void check_timers(struct agent *agent)
{
	uint64_t now = agent_now(agent).mono_ms;

	if (agent->ops->next_timer(agent) < now ||
	    peers_next_timer(agent->peers) < now)
		check_fail(agent->sim, "every timer that runs has an owner",
			   "%s has a timer that was due and did not run",
			   agent->name);
}

void check_step(struct sim *sim)
{
	struct check *check = &sim->check;
	struct agent *agent;

	if (check->broken)
		return;
	if (!(sim->totals.events % PACKETS_EVERY))
		check_some_packets(sim);
	if (--check->until_deep)
		return;
	agent = &sim->agents[check->deep_at];
	check->deep_at = (check->deep_at + 1) % sim->agent_count;
	check->until_deep = 200;
	if (!agent->up || agent->dying)
		return;
	check->until_deep += agent->lma ? 4 * agent->lma->bc.count :
			     4 * bul_count(&agent->mag->bul);
	check_engine(agent);
}

void check_free(struct check *check)
{
	struct grant *grant, *next;

	HASH_ITER(hh, check->grants, grant, next) {
		HASH_DEL(check->grants, grant);
		free(grant);
	}
}
