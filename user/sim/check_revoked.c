// SPDX-License-Identifier: GPL-2.0
/*
 * Binding Revocation: that nothing is forwarded for what a peer is told is over.
 */
#include "../engine/lma_internal.h"
#include "../engine/mag_internal.h"
#include "world.h"

static bool is_forwarded(const struct agent *agent,
			 const struct kernel_path *path)
{
	return path && kernel_path_ends_us(&agent->kernel, path) >
	       agent->sim->now_us;
}

static void check_prefix(struct agent *agent, const struct mh_prefix *hnp,
			 const struct kernel_path *path)
{
	char text[TRACE_TEXT];

	if (is_forwarded(agent, path))
		check_fail(agent->sim,
			   "nothing is acknowledged that does not stand",
			   "%s says that what is revoked is over, but forwards for %s",
			   agent->name, trace_prefix(hnp, text));
}

/* Not of one that was registered anew since it was told. */
static void check_session(struct agent *agent, const struct revoking *revoking)
{
	const struct kernel_binding *binding;
	const struct bule *bule;
	const struct bce *bce;
	unsigned int i;

	if (agent_is_lma(agent)) {
		bce = revoking->session;
		for (i = 0; i < bce->prefix_count; i++)
			check_prefix(agent, &bce->prefixes[i].prefix,
				     check_path(agent, bce,
						&bce->prefixes[i].prefix));
	} else {
		bule = revoking->session;
		for (i = 0; bule && i < bule->hnp_count; i++) {
			binding = kernel_binding(&agent->kernel,
						 &bule->hnp[i]);
			check_prefix(agent, &bule->hnp[i],
				     binding ? binding->paths : NULL);
		}
	}
}

/* Of copies, some were registered anew since the first was answered. */
static bool is_first(const struct revocations *all,
		     const struct revocation *revocation, uint64_t now_ms)
{
	const struct revocation_copy *copy;
	unsigned int i;

	for (i = 0; i < REVOCATION_COPIES; i++) {
		copy = &all->copies[i];
		if (copy->bri.sequence == revocation->bri.sequence &&
		    IN6_ARE_ADDR_EQUAL(&copy->peer, &revocation->peer))
			return copy->until_ms == now_ms + REVOCATION_COPIES_MS;
	}
	return true;
}

void check_revocation_ack(struct agent *agent, const struct effect_send *send)
{
	const struct revocations *all = agent_is_lma(agent) ?
		&agent->lma->revocations : &agent->mag->revocations;
	const struct mh_revocation *bra = &send->message->revocation;
	const struct revocation *revocation;
	const struct revoking *revoking;

	if (bra->kind != MH_BR_ACK || bra->status >= MH_STATUS_REJECTED)
		return;
	for (revocation = all->all; revocation; revocation = revocation->next) {
		if (revocation->ours ||
		    revocation->bri.sequence != bra->sequence ||
		    !IN6_ARE_ADDR_EQUAL(&revocation->peer, &send->dst) ||
		    !is_first(all, revocation, agent_now(agent).mono_ms))
			continue;
		for (revoking = revocation->members; revoking;
		     revoking = revoking->next)
			check_session(agent, revoking);
		for (revoking = revocation->ending; revoking;
		     revoking = revoking->next)
			check_session(agent, revoking);
	}
}
