/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the anchor share.
 */
#ifndef PMIP6_ENGINE_LMA_INTERNAL_H
#define PMIP6_ENGINE_LMA_INTERNAL_H

#include "lma.h"
#include "lma_notice.h"

enum lma_action {
	LMA_IGNORE,		/* no answer, by RFC 5213 */
	LMA_REFUSE,
	LMA_CANCEL,		/* no answer: it ends what is not there */
	LMA_WAIT,		/* for a session to be de-registered */
	LMA_REPEAT,		/* its acknowledgement was lost: send it again */
	LMA_CREATE,
	LMA_JOIN,		/* another interface of a session */
	LMA_REFRESH,
	LMA_HANDOVER,
	LMA_DEREGISTER,
	LMA_DELETE,		/* not by a PBU: its time is over */
	LMA_ROLL_BACK,		/* not by a PBU: what it was to be has failed */
	LMA_REPAIR,		/* not by a PBU: the data plane had it otherwise */
	LMA_RENUMBER,		/* not by a PBU: it is to get other prefixes */
	LMA_REVOKE,		/* not by a PBU: its gateway has it no more */
};

/* How soon to look again at a session that is busy when its time comes. */
#define LMA_BUSY_RETRY_MS 100u

/**
 * struct lma_verdict - what to do with a PBU
 * @action: enum lma_action
 * @status: to refuse it with
 * @bce: the session it is about, or NULL
 * @difference_ms: how far the gateway's clock is before ours, where it is
 *	refused for that
 * @reason: for the operator, a constant string
 */
struct lma_verdict {
	enum lma_action action;
	uint8_t status;
	struct bce *bce;
	int64_t difference_ms;
	const char *reason;
};

/**
 * struct lma_operation - what is under way for a session
 * @action: enum lma_action
 * @before: what to go back to
 * @link_local: likewise
 * @exchanged: its prefixes are those that were pending
 * @leaves: the bulk group that it was in before, or NULL
 * @joins: that it is put in by this, or NULL
 * @told: whose expiry set the data plane has it in once this has ended
 * @has_flows: it is of flows, too
 * @flows: then those before, which it owns
 * @passed: flows that it had other interfaces lose or get, which it owns
 * @passed_count: how many
 * @src: of the PBU that is to be answered
 * @dst: likewise
 * @bu: that; what policy said of it does not matter any more
 */
struct lma_operation {
	enum lma_action action;
	struct bce_registration before;
	struct in6_addr link_local;
	bool exchanged;
	struct lma_group *leaves;
	struct lma_group *joins;
	struct lma_group *told;
	bool has_flows;
	struct lma_flows *flows;
	struct lma_passed *passed;
	unsigned int passed_count;
	struct in6_addr src;
	struct in6_addr dst;
	struct mh_binding_update bu;
};

/* What of it has to be zero as it begins. */
#define LMA_OPERATION_HEAD offsetof(struct lma_operation, bu.options.flow)

/**
 * struct lma_waiting - a PBU whose time has not come
 * @request: the PBU
 * @wall: when it came, which its timestamp is to be compared with
 * @delayed: it has waited for a de-registration
 */
struct lma_waiting {
	struct lma_request request;
	uint64_t wall;
	bool delayed;
};

/**
 * struct lma_delayed - a PBU that waits for a session to be de-registered
 * @next: another one that does
 * @bce: the session
 * @waiting: the PBU
 * @timer: MaxDelayBeforeNewBCEAssign
 */
struct lma_delayed {
	struct lma_delayed *next;
	struct bce *bce;
	struct lma_waiting waiting;
	struct timer timer;
};

enum lma_replaced {
	LMA_REPLACED_NONE,	/* nothing of its interface waits */
	LMA_REPLACED,		/* what waited is older, and gone */
	LMA_NEWER_WAITS,
};

/**
 * struct lma_found - which session a PBU is about
 * @bce: that, or NULL
 * @may_be: the session it is about if that is de-registered soon, or NULL
 * @joins: else it is of one more interface that shares the prefixes of this
 *	session, or NULL
 * @status: to refuse it with, as its prefixes are another session's, or 0
 */
struct lma_found {
	struct bce *bce;
	struct bce *may_be;
	struct bce *joins;
	uint8_t status;
};

/**
 * lma_proxy_coa() - whose address a PBU is to bind
 * @request: the PBU
 *
 * RFC 6275 9.5.1.
 *
 * Return: that of its Alternate Care-of Address option, or its source.
 */
static inline const struct in6_addr *
lma_proxy_coa(const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;

	return options->has_alt_coa ? &options->alt_coa : &request->src;
}

/**
 * lma_lookup() - find the session that a PBU is about
 * @lma: the anchor
 * @request: the PBU, with all options that it must have
 *
 * RFC 5213 5.4.1.
 *
 * Return: what was found; nothing for a new session.
 */
struct lma_found lma_lookup(const struct lma *lma,
			    const struct lma_request *request);

/**
 * lma_by_any_prefix() - a session that has one of a PBU's prefixes
 * @lma: the anchor
 * @options: of the PBU
 *
 * Return: the session, of whichever mobile node, or NULL.
 */
struct bce *lma_by_any_prefix(const struct lma *lma,
			      const struct mh_options *options);

/**
 * lma_names_no_prefix() - does it leave the choice to the anchor
 * @options: of a PBU
 *
 * Return: true if all of its prefixes are all zero.
 */
bool lma_names_no_prefix(const struct mh_options *options);

/**
 * lma_names_current() - does a PBU name the prefixes that a session has
 * @bce: the session
 * @options: of the PBU
 *
 * Return: true if it names all of them and nothing else.
 */
bool lma_names_current(const struct bce *bce, const struct mh_options *options);

/**
 * lma_names_former() - does a PBU name those that a session had before
 * @bce: the session
 * @options: of the PBU
 *
 * Return: true if it names all of them and nothing else.
 */
bool lma_names_former(const struct bce *bce, const struct mh_options *options);

/**
 * lma_names_pending() - does a PBU name those that a session is to have
 * @bce: the session
 * @options: of the PBU
 *
 * Return: true if it names all of them and nothing else.
 */
bool lma_names_pending(const struct bce *bce, const struct mh_options *options);

/**
 * lma_judge() - decide on a PBU without changing anything
 * @lma: the anchor
 * @request: the PBU
 * @delayed: it has waited for a de-registration: its place in the order of
 *	PBUs was found right when it came, and it waits no more
 * @now: the time
 *
 * The order of checks is RFC 5213 5.3.1's, the lookup 5.4.1's.
 *
 * Return: what to do.
 */
struct lma_verdict lma_judge(const struct lma *lma,
			     const struct lma_request *request, bool delayed,
			     struct now now);

/**
 * lma_replace_delayed() - a PBU makes an older one of its interface obsolete
 * @lma: the anchor
 * @mn: its mobile node, or NULL if that has no session
 * @request: the PBU
 * @due: set to the end of the older one's wait, which runs on
 *
 * Return: whether there was one.
 */
enum lma_replaced lma_replace_delayed(struct lma *lma, const struct bc_mn *mn,
				      const struct lma_request *request,
				      uint64_t *due);

/**
 * lma_delay() - let a PBU wait for a session to be de-registered
 * @lma: the anchor
 * @bce: the session
 * @request: the PBU
 * @wall: when it came
 * @due: how long, in struct now.mono_ms
 */
void lma_delay(struct lma *lma, struct bce *bce,
	       const struct lma_request *request, uint64_t wall, uint64_t due);

/**
 * lma_take_delayed() - end the longest wait for a session
 * @lma: the anchor
 * @bce: the session
 *
 * Return: what waited, for free(), or NULL if nothing did.
 */
struct lma_delayed *lma_take_delayed(struct lma *lma, struct bce *bce);

/**
 * lma_take_due() - end a wait that was long enough
 * @lma: the anchor
 * @now_ms: the time
 *
 * Return: what waited, for free(), or NULL if nothing has waited so long.
 */
struct lma_delayed *lma_take_due(struct lma *lma, uint64_t now_ms);

/**
 * lma_end_delay() - what has waited goes on
 * @lma: the anchor
 * @delayed: what was taken by one of the two above; freed
 * @now: the time
 * @out: what shall happen
 */
void lma_end_delay(struct lma *lma, struct lma_delayed *delayed,
		   struct now now, struct outbox *out);

/**
 * lma_may_use() - may a mobile node have a prefix it asks for
 * @lma: the anchor
 * @request: the PBU
 * @hnp: the prefix
 *
 * RFC 5213 5.3.2 (3).
 *
 * Return: true if it is its own, or free to hand out.
 */
bool lma_may_use(const struct lma *lma, const struct lma_request *request,
		 const struct mh_prefix *hnp);

/**
 * lma_mag_may_use() - may a gateway register this prefix
 * @policy: what policy says of its PBU
 * @hnp: the prefix
 *
 * RFC 5213 4: gateways and prefixes are authorized in combination.
 *
 * Return: true if so, whatever the mobile node.
 */
bool lma_mag_may_use(const struct lma_policy *policy,
		     const struct mh_prefix *hnp);

/**
 * lma_is_reserved() - does policy keep a prefix for somebody
 * @lma: the anchor
 * @hnp: the prefix
 *
 * Return: true if so.
 */
bool lma_is_reserved(const struct lma *lma, const struct mh_prefix *hnp);

/**
 * lma_asks_for_any() - is an allocation asked for
 * @options: of a PBU
 *
 * RFC 5213 5.3.2 (1).
 *
 * Return: true if at least one of its prefixes is all zero.
 */
bool lma_asks_for_any(const struct mh_options *options);

/**
 * lma_choose_prefixes() - the prefixes of a new session
 * @lma: the anchor
 * @request: the PBU, of which lma_judge() has said that it may have them
 * @prefixes: where to put them, MH_MAX_HNP at most
 *
 * RFC 5213 5.3.2 (1).
 *
 * Return: how many; 0 if none is left.
 */
unsigned int lma_choose_prefixes(struct lma *lma,
				 const struct lma_request *request,
				 struct mh_prefix *prefixes);

/**
 * lma_choose_others() - which prefixes a session is to have instead of its own
 * @lma: the anchor
 * @bce: the session
 * @policy: what policy says of it
 * @prefixes: those that were named; room for MH_MAX_HNP
 * @count: how many; 0 for those of its profile, or as many as it has of a pool,
 *	which is set to how many there are
 *
 * Return: NULL, or why not, for the operator: a constant string.
 */
const char *lma_choose_others(struct lma *lma, const struct bce *bce,
			      const struct lma_policy *policy,
			      struct mh_prefix *prefixes, unsigned int *count);

/**
 * lma_release() - sessions have prefixes no more: others may get them
 * @lma: the anchor
 * @prefixes: those; one that some session still has is not released
 * @count: how many
 */
void lma_release(struct lma *lma, const struct mh_prefix *prefixes,
		 unsigned int count);

/**
 * lma_copy_prefixes() - what remains to be known of prefixes that go
 * @from: the prefixes
 * @count: how many
 * @to: where to put them
 *
 * Return: @count.
 */
unsigned int lma_copy_prefixes(const struct bce_prefix *from,
			       unsigned int count, struct mh_prefix *to);

/**
 * lma_is_to_hear() - is the gateway of a session still to be told of what it
 * is to have
 * @bce: the session
 * @request: a PBU that is accepted, and gets it none of that
 *
 * Not if the gateway may not register these prefixes.
 *
 * Return: true if so.
 */
bool lma_is_to_hear(const struct bce *bce, const struct lma_request *request);

/**
 * lma_knows_ll_id() - does an identifier tell interfaces apart
 * @ll_id: the link-layer identifier; one that is all zero is none (RFC 5213
 *	6.9.1.1 (7))
 *
 * Return: true if so.
 */
bool lma_knows_ll_id(const struct mh_ll_id *ll_id);

/**
 * lma_takes_pending() - does a PBU get a session the prefixes it is to have
 * @bce: the session
 * @request: a PBU that is accepted
 *
 * Return: true if so.
 */
bool lma_takes_pending(const struct bce *bce,
		       const struct lma_request *request);

/**
 * lma_exchange() - a PBU is accepted: let the session have what is pending
 * @lma: the anchor
 * @bce: the session
 * @request: the PBU
 *
 * What it had before is forgotten if the PBU names what it has.
 *
 * Return: true if it has other prefixes now.
 */
bool lma_exchange(struct lma *lma, struct bce *bce,
		  const struct lma_request *request);

/**
 * lma_exchange_back() - that could not be: as before, and still pending
 * @bce: the session
 */
void lma_exchange_back(struct bce *bce);

/**
 * lma_put_exchange() - have kernel and routes forget what a session had
 * @lma: the anchor
 * @transaction: where the effects go
 * @bce: the session
 * @had: that
 *
 * And set routes to what it has now; forwarding is lma_set_forwarding()'s.
 */
void lma_put_exchange(struct lma *lma, struct transaction *transaction,
		      const struct bce *bce, const struct bce_set *had);

/**
 * lma_report_exchange() - tell the operator what a session had, and has
 * @transaction: where the lines go
 * @bce: the session
 */
void lma_report_exchange(struct transaction *transaction,
			 const struct bce *bce);

/**
 * lma_on_renumber_done() - what is pending was stored
 * @lma: the anchor
 * @bce: the session
 * @error: 0, or the errno value of why not
 * @out: what shall happen
 */
void lma_on_renumber_done(struct lma *lma, struct bce *bce, int error,
			  struct outbox *out);

/**
 * lma_bce_of() - whose place among those of a gateway is it
 * @link: the place
 *
 * Return: the session.
 */
struct bce *lma_bce_of(struct peer_link *link);

/**
 * lma_grant_lifetime() - how long a registration is to stand
 * @lma: the anchor
 * @request: the PBU
 *
 * Return: in units of 4 s: what is asked for, or the most that policy allows.
 */
uint16_t lma_grant_lifetime(const struct lma *lma,
			    const struct lma_request *request);

/**
 * lma_set_link_local() - whose link-local address the gateway is to use
 * @lma: the anchor
 * @bce: the session
 * @options: of a PBU that is accepted
 *
 * RFC 5213 5.3.6.
 */
void lma_set_link_local(struct lma *lma, struct bce *bce,
			const struct mh_options *options);

/**
 * lma_acknowledge() - the PBA to a PBU (RFC 5213 5.3.6)
 * @transaction: where it goes
 * @request: the PBU
 * @bce: its session, or NULL if it has none
 * @status: of the PBA
 * @now: the time
 */
void lma_acknowledge(struct transaction *transaction,
		     const struct lma_request *request, const struct bce *bce,
		     uint8_t status, struct now now);

/**
 * lma_refuse() - answer a PBU with a status that rejects it
 * @lma: the anchor
 * @request: the PBU
 * @verdict: which, and why
 * @now: the time
 * @out: what shall happen
 */
void lma_refuse(struct lma *lma, const struct lma_request *request,
		const struct lma_verdict *verdict, struct now now,
		struct outbox *out);

/**
 * lma_handle_pbu() - do what a PBU asks for, or what else is due
 * @lma: the anchor
 * @pbu: the PBU
 * @now: the time
 * @out: what shall happen
 */
void lma_handle_pbu(struct lma *lma, const struct lma_waiting *pbu,
		    struct now now, struct outbox *out);

/**
 * lma_report_on() - a line for the operator on a session
 * @transaction: where it goes
 * @level: how bad
 * @event: what happened; a constant string
 * @bce: the session
 *
 * Return: the line, which the transaction owns.
 */
struct report *lma_report_on(struct transaction *transaction,
			     enum report_level level, const char *event,
			     const struct bce *bce);

/**
 * lma_on_started() - what lma_start() wants has come about, or not
 * @lma: the anchor
 * @error: 0, or why not
 * @now: the time
 * @out: what shall happen
 */
void lma_on_started(struct lma *lma, int error, struct now now,
		    struct outbox *out);

/**
 * lma_free_start() - nothing of lma_start() is on its way any more
 * @lma: the anchor
 */
void lma_free_start(struct lma *lma);

/**
 * lma_put_routes() - routes to prefixes that no pool's route leads to
 * @lma: the anchor
 * @transaction: where the effects go
 * @bce: the session whose prefixes they are
 * @kind: EFFECT_ROUTE_ADD or EFFECT_ROUTE_DELETE
 */
void lma_put_routes(struct lma *lma, struct transaction *transaction,
		    const struct bce *bce, enum effect_kind kind);

/**
 * lma_put_record() - keep what a session is now
 * @transaction: where the effect goes
 * @bce: the session
 * @now: the time
 */
void lma_put_record(struct transaction *transaction, const struct bce *bce,
		    struct now now);

/**
 * lma_set_forwarding() - tell the data plane what a session is now
 * @transaction: where the effects go
 * @bce: the session
 * @now: the time
 */
void lma_set_forwarding(struct transaction *transaction, struct bce *bce,
			struct now now);

/**
 * lma_doubt() - the data plane, or the store, may not have a session as it is
 * @lma: the anchor
 * @bce: the session
 * @again_ms: when it is to be told anew, in struct now.mono_ms
 *
 * If something is under way, that was begun before, and its success is no answer to
 * it: all is told anew once it has ended.
 */
void lma_doubt(struct lma *lma, struct bce *bce, uint64_t again_ms);

/**
 * lma_delete() - end a session
 * @lma: the anchor
 * @bce: the session, with nothing under way
 * @event: for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 */
void lma_delete(struct lma *lma, struct bce *bce, const char *event,
		struct now now, struct outbox *out);

/**
 * lma_init_peers() - no gateways yet
 * @lma: the anchor, with its configuration
 */
void lma_init_peers(struct lma *lma);

/**
 * lma_is_recovering() - is it too early for a prefix that anybody may have
 * @lma: the anchor
 * @request: a PBU that asks for a new session
 * @now: the time
 *
 * After a start that has lost all sessions, a pool does not know which of its
 * prefixes mobile nodes still use. Gateways register these anew, and the others
 * repeat what was not answered.
 *
 * Return: true if so.
 */
bool lma_is_recovering(const struct lma *lma, const struct lma_request *request,
		       struct now now);

/**
 * lma_note_peer() - whose session is it now
 * @lma: the anchor
 * @bce: the session
 *
 * Whenever its gateway or its state has changed.
 */
void lma_note_peer(struct lma *lma, struct bce *bce);

/**
 * lma_begin() - nothing else may happen to a session until this has ended
 * @bce: the session, with nothing under way
 * @action: what is under way
 * @request: what is to be answered, or NULL
 *
 * Return: what is under way.
 */
struct lma_operation *lma_begin(struct bce *bce, enum lma_action action,
				const struct lma_request *request);

#endif /* PMIP6_ENGINE_LMA_INTERNAL_H */
