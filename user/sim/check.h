/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must be true whatever goes wrong, looked at where it may become false:
 * each step costs the same however many mobile nodes there are.
 */
#ifndef PMIP6_SIM_CHECK_H
#define PMIP6_SIM_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <uthash.h>

#include "../engine/effects.h"
#include "kernel.h"

struct agent;
struct bce;
struct bule;
struct kernel_binding;
struct kernel_path;
struct kernel_set;
struct lma_flow;
struct sim;

#define CHECK_WHY 400

/**
 * struct grant - for how long an anchor has granted a prefix to a gateway
 * @key: gateway and prefix
 * @until_us: the longest of what has come there
 * @lifetime_us: the longest lifetime
 * @hh: in the check
 */
struct grant {
	uint8_t key[4 + PREFIX_KEY];
	uint64_t until_us;
	uint64_t lifetime_us;
	UT_hash_handle hh;
};

/**
 * struct check - what is looked after
 * @broken: the name of what is not true, or NULL
 * @why: how that shows
 * @grants: by gateway and prefix
 * @until_deep: so many events until an agent is looked through
 * @deep_at: which
 * @packets_of: which mobile node gets packets next
 */
struct check {
	const char *broken;
	char why[CHECK_WHY];
	struct grant *grants;
	uint64_t until_deep;
	uint32_t deep_at;
	uint32_t packets_of;
};

/**
 * check_fail() - something is not as it must be; the first one counts
 * @sim: the run
 * @broken: the name of what is not true; a constant string
 * @format: how that shows
 */
void check_fail(struct sim *sim, const char *broken, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * check_binding_set() - a kernel was told to set a binding
 * @agent: by whom
 * @before: what there was, or NULL
 * @set: what there is now
 */
void check_binding_set(struct agent *agent,
		       const struct kernel_binding *before,
		       const struct effect_binding *set);

/**
 * check_set_put() - a kernel was told to put an expiry set
 * @agent: by whom
 * @set: the set, as it is now
 */
void check_set_put(struct agent *agent, const struct kernel_set *set);

/**
 * check_send() - a message leaves an agent
 * @agent: the agent
 * @send: the message
 * @lost: the kernel has lost what was told it before this, and since it was decided
 */
void check_send(struct agent *agent, const struct effect_send *send, bool lost);

/**
 * check_anchor_groups() - are the bulk groups of an anchor in order
 * @agent: a running anchor
 */
void check_anchor_groups(struct agent *agent);

/**
 * check_anchor_set_put() - an anchor's kernel was told to put an expiry set
 * @agent: the anchor
 * @set: the set, as it is now
 */
void check_anchor_set_put(struct agent *agent, const struct kernel_set *set);

/**
 * check_bulk_ack() - an anchor accepts an update for groups
 * @agent: the anchor
 * @send: the acknowledgement
 */
void check_bulk_ack(struct agent *agent, const struct effect_send *send);

/**
 * check_revocation_ack() - an agent says that what was revoked is over
 * @agent: the agent
 * @send: the acknowledgement
 */
void check_revocation_ack(struct agent *agent, const struct effect_send *send);

/**
 * check_arrival() - a message arrives at an agent
 * @agent: the agent
 * @message: the message
 */
void check_arrival(struct agent *agent, const struct mh_message *message);

/**
 * check_timers() - an agent's timers that were due have run
 * @agent: the agent
 */
void check_timers(struct agent *agent);

/**
 * check_step() - an event is over
 * @sim: the run
 *
 * Looks one agent through after so many events that it costs no more than
 * those.
 */
void check_step(struct sim *sim);

/**
 * check_engine() - is an engine in order in itself
 * @agent: a running agent
 *
 * Its timers have owners, and its transactions.
 */
void check_engine(struct agent *agent);

/**
 * check_interface() - the entry of an interface
 * @bce: one of the entries of its session
 * @ll_id: the interface
 *
 * Return: the entry, @bce if it is not one of several, or NULL.
 */
const struct bce *check_interface(const struct bce *bce,
				  const struct mh_ll_id *ll_id);

/**
 * check_cookie() - does a cookie name a session, by whichever of its interfaces
 * @bce: one of the entries of the session
 * @cookie: the cookie
 *
 * Return: true if so.
 */
bool check_cookie(const struct bce *bce, uint64_t cookie);

/**
 * check_path() - the path that an anchor's kernel has for an entry
 * @agent: the anchor
 * @bce: the entry
 * @hnp: one of its prefixes
 *
 * Return: the path or NULL.
 */
const struct kernel_path *check_path(const struct agent *agent,
				     const struct bce *bce,
				     const struct mh_prefix *hnp);

/**
 * check_may_share() - may interfaces of a mobile node share its prefixes
 * @agent: its anchor
 * @bce: its session
 *
 * Return: true if both may.
 */
bool check_may_share(const struct agent *agent, const struct bce *bce);

/**
 * check_flow() - does an anchor's kernel have a flow
 * @bce: one of the entries of its session
 * @binding: of one of its prefixes
 * @flow: the flow
 *
 * Return: NULL, or how that is wrong.
 */
const char *check_flow(const struct bce *bce,
		       const struct kernel_binding *binding,
		       const struct lma_flow *flow);

/**
 * check_flows_ack() - do flows that an anchor accepts stand
 * @bce: the entry of their interface
 * @binding: of one of its prefixes
 * @options: of the acknowledgement
 *
 * Return: NULL, or how they do not.
 */
const char *check_flows_ack(const struct bce *bce,
			    const struct kernel_binding *binding,
			    const struct mh_options *options);

/**
 * check_gateway_path() - does a gateway's kernel forward for an entry
 * @mag: the gateway
 * @bule: the entry
 * @hnp: one of its prefixes
 *
 * Return: what is wrong with that, a constant string, or NULL.
 */
const char *check_gateway_path(const struct agent *mag, const struct bule *bule,
			       const struct mh_prefix *hnp);

/**
 * check_paths() - does a binding have the paths and the flows of its session
 * @bce: one of the entries of the session
 * @binding: of one of its prefixes
 *
 * Return: NULL, or how they are wrong.
 */
const char *check_paths(const struct bce *bce,
			const struct kernel_binding *binding);

/**
 * check_policy() - does a gateway have the flows that policy wants, and no others
 * @sim: the run
 * @bule: the entry, with multihoming
 *
 * Return: NULL, or what is wrong.
 */
const char *check_policy(const struct sim *sim, const struct bule *bule);

/**
 * check_multihomed() - do gateway and anchor agree about an interface that shares
 * @sim: the run
 * @mn: its mobile node
 * @bule: its entry at its gateway
 * @bce: its entry at its anchor
 *
 * Return: NULL, or how they do not.
 */
const char *check_multihomed(const struct sim *sim, uint32_t mn,
			     const struct bule *bule, const struct bce *bce);

/**
 * check_packets() - do packets to a mobile node go where they shall
 * @agent: its anchor
 * @bce: one of the entries of its session
 *
 * Nothing is said while something is under way for it.
 */
void check_packets(struct agent *agent, const struct bce *bce);

/**
 * check_some_packets() - the same of the next mobile node
 * @sim: the run
 */
void check_some_packets(struct sim *sim);

/**
 * check_settled() - all is quiet: do they agree
 * @sim: the run
 */
void check_settled(struct sim *sim);

/**
 * check_empty() - all have left: is nothing left
 * @sim: the run
 */
void check_empty(struct sim *sim);

/**
 * check_print() - what is not as it must be, and what led to it
 * @sim: the run
 * @to: where to
 */
void check_print(const struct sim *sim, FILE *to);

/**
 * check_free() - the end of a check
 * @check: the check
 */
void check_free(struct check *check);

#endif /* PMIP6_SIM_CHECK_H */
