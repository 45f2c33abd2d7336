/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Binding Revocation as both ends do it (RFC 5846 6): indications that wait for
 * their acknowledgement, the sessions that they are about, and the end of these,
 * a bounded number at a time, however many they are.
 */
#ifndef PMIP6_ENGINE_REVOCATION_H
#define PMIP6_ENGINE_REVOCATION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include <uthash.h>

#include "../mh/mh.h"
#include "effects.h"
#include "timer.h"
#include "types.h"

struct peers;
struct revocation;
struct revocations;

/* So many sessions end in one turn of the loop, and so soon comes the next one. */
#define REVOCATION_STEP 256u
#define REVOCATION_STEP_MS 10u

/* So many at once: numbers are told apart, and there are more of them. */
#define REVOCATIONS_MAX 0x8000u

/* RFC 5846 11: of what is only asked, so that who waits need not wait for long. */
#define REVOCATION_QUESTION_RETRIES 1u

/* So many are remembered that were followed, and longer than copies come. */
#define REVOCATION_COPIES 16
#define REVOCATION_COPIES_MS 10000u

/**
 * enum revocation_scope - what one indication is about
 * @REVOKE_SESSIONS: sessions of one mobile node, by their prefixes
 * @REVOKE_MN: all of one mobile node, by its identifier alone
 * @REVOKE_REALM: all of the mobile nodes of a realm
 * @REVOKE_PEER: all that there are with this peer
 * @REVOKE_GROUP: a bulk group (RFC 6602 5.1.3, 5.2.3)
 */
enum revocation_scope {
	REVOKE_SESSIONS,
	REVOKE_MN,
	REVOKE_REALM,
	REVOKE_PEER,
	REVOKE_GROUP,
};

/**
 * enum revocation_result - what became of one session
 * @REVOCATION_DONE: it has ended, and the peer says so
 * @REVOCATION_REFUSED: it is as it was: the peer refuses
 * @REVOCATION_UNANSWERED: it has ended here; the peer does not answer
 * @REVOCATION_NOT_UNDERSTOOD: likewise; the peer does not know such messages
 * @REVOCATION_OVERTAKEN: it was registered anew meanwhile, which stands
 * @REVOCATION_FAILED: it is as it was: its end could not be stored
 * @REVOCATION_RESULTS: how many there are
 */
enum revocation_result {
	REVOCATION_DONE,
	REVOCATION_REFUSED,
	REVOCATION_UNANSWERED,
	REVOCATION_NOT_UNDERSTOOD,
	REVOCATION_OVERTAKEN,
	REVOCATION_FAILED,
	REVOCATION_RESULTS,
};

/**
 * struct revocation_config - what an operator sets, under the names of RFC 5846 11
 * @max_retries: BRIMaxRetriesNumber
 * @first_ms: InitMINDelayBRIs
 * @max_timeout_ms: MAX_BRACK_TIMEOUT
 */
struct revocation_config {
	uint32_t max_retries;
	uint32_t first_ms;
	uint32_t max_timeout_ms;
};

/**
 * struct revocation_target - what an operator wants to be revoked
 * @scope: enum revocation_scope, what of the rest is meant
 * @mn_id: the mobile node, or "@" and a realm
 * @ll_id: of a mobile node, by this interface only, if that is not empty
 * @has_hnp: of a mobile node, the session only that has
 * @hnp: this prefix
 * @group: the bulk group
 * @has_peer: of an anchor's groups of that name the one of
 * @peer: the peer
 */
struct revocation_target {
	enum revocation_scope scope;
	struct mh_mn_id mn_id;
	struct mh_ll_id ll_id;
	bool has_hnp;
	struct mh_prefix hnp;
	uint32_t group;
	bool has_peer;
	struct in6_addr peer;
};

/**
 * struct revocation_promise - how an indication is acknowledged when it is done
 * @dst: its destination: our address
 * @bra: the acknowledgement
 */
struct revocation_promise {
	struct in6_addr dst;
	struct mh_revocation bra;
};

/**
 * struct revoking - the place of a session in a revocation
 * @revocation: that
 * @session: the session, as the engine knows it
 * @ending: its end is under way
 * @stopped: nothing is forwarded for it any more, or will be when what is under
 *	way for that has ended
 * @prev: the one before
 * @next: the one after
 */
struct revoking {
	struct revocation *revocation;
	void *session;
	bool ending;
	bool stopped;
	struct revoking *prev, *next;
};

/**
 * struct revocation_outcome - what became of the sessions with one peer
 * @peer: the peer
 * @results: how many, by enum revocation_result
 * @status: what it has answered, or -1
 */
struct revocation_outcome {
	struct in6_addr peer;
	unsigned int results[REVOCATION_RESULTS];
	int status;
};

/**
 * struct revocation_order - what an operator wants to be revoked
 * @outcomes: one for each peer that was told
 * @count: how many
 * @open: how many of them are not over
 * @done: told when all are; may free nothing but what is its own
 * @context: for it
 * @prev: among those that are under way
 * @next: likewise
 */
struct revocation_order {
	struct revocation_outcome *outcomes;
	unsigned int count;
	unsigned int open;
	void (*done)(void *context, const struct revocation_order *order);
	void *context;
	struct revocation_order *prev, *next;
};

/**
 * struct revocation - one indication, until all that it brings about is over
 * @timer: its next copy, or the next sessions that end; the first member
 * @order: of an operator, or NULL
 * @outcome: which one of that
 * @question: whether a peer still has a session, which may well be so
 * @ours: it is sent, and not one that has come from a peer
 * @ends: what it is about ends now
 * @result: of each session that does
 * @begun: when it was sent first, as struct now.wall
 * @peer: whom it is for, or from
 * @bri: the message: all copies are the same
 * @copies: how often its time to be sent has come
 * @interval_ms: until the next one
 * @promise: to a peer, or NULL: what it is told when its sessions have ended
 * @members: sessions that are to end
 * @ending: sessions whose end is under way
 * @count: how many sessions there are
 * @open: how many of them are not stopped
 * @stops: how much is under way that stops some
 * @held: it is being looked at, and must not go
 * @by_sequence: among those that an acknowledgement may be for
 * @prev: among all
 * @next: likewise
 */
struct revocation {
	struct timer timer;
	struct revocation_order *order;
	unsigned int outcome;
	bool question;
	bool ours;
	bool ends;
	enum revocation_result result;
	uint64_t begun;
	struct in6_addr peer;
	struct mh_revocation bri;
	unsigned int copies;
	uint32_t interval_ms;
	struct revocation_promise *promise;
	struct revoking *members;
	struct revoking *ending;
	unsigned int count;
	unsigned int open;
	unsigned int stops;
	bool held;
	UT_hash_handle by_sequence;
	struct revocation *prev, *next;
};

/**
 * struct revocation_ops - what is different at an anchor and at a gateway
 * @is_wanted: is a copy of a question still to be sent
 * @stop: stop all sessions of which that can be said in few words: bulk groups.
 *	revoking_stop() for each, revocation_stopping() for each word
 * @end: begin to end a session; false if it is busy, and is to be tried again.
 *	revoking_over() when that has ended, which may be at once
 * @over: nothing more happens to it here; told before its place goes
 */
struct revocation_ops {
	bool (*is_wanted)(const struct revocation *revocation);
	void (*stop)(void *context, struct revocation *revocation,
		     struct now now, struct outbox *out);
	bool (*end)(void *context, struct revoking *revoking, struct now now,
		    struct outbox *out);
	void (*over)(void *context, struct revoking *revoking,
		     enum revocation_result result, int status, struct now now,
		     struct outbox *out);
};

/**
 * struct revocation_copy - an indication that was followed: its copies get the
 *	same answer
 * @peer: from whom it was
 * @bri: the indication
 * @bra: the answer
 * @until_ms: how long there may be copies
 */
struct revocation_copy {
	struct in6_addr peer;
	struct mh_revocation bri;
	struct mh_revocation bra;
	uint64_t until_ms;
};

/**
 * struct revocation_counters - what passed
 * @sent: indications, with all copies
 * @retransmitted: copies among them
 * @attached: those answered with: the mobile node is still there
 * @refused: those refused otherwise
 * @partial: those followed in part
 * @unanswered: those that nobody has answered
 * @not_understood: those of a peer that does not know such messages
 * @acks_received: acknowledgements
 * @acks_ignored: those of nothing that was asked
 * @received: indications of peers
 * @ignored: those that were left without an answer
 * @answered: acknowledgements that were sent
 * @duplicates: copies among them
 * @peers_attached: those among these that say: the mobile node is still here
 * @peers_refused: those that refuse otherwise
 */
struct revocation_counters {
	uint64_t sent;
	uint64_t retransmitted;
	uint64_t attached;
	uint64_t refused;
	uint64_t partial;
	uint64_t unanswered;
	uint64_t not_understood;
	uint64_t acks_received;
	uint64_t acks_ignored;
	uint64_t received;
	uint64_t ignored;
	uint64_t answered;
	uint64_t duplicates;
	uint64_t peers_attached;
	uint64_t peers_refused;
};

/**
 * struct revocations - all of them
 * @config: what an operator set
 * @address: our own
 * @ops: what is different here
 * @context: for those
 * @all: all of them
 * @by_sequence: those that wait for an acknowledgement
 * @sequence: of the next one, unless one of those has it
 * @orders: what operators wait for
 * @timers: copies, and sessions that are to end
 * @copies: what was followed
 * @next_copy: the oldest one of them
 * @counters: what passed
 */
struct revocations {
	struct revocation_config config;
	struct in6_addr address;
	const struct revocation_ops *ops;
	void *context;
	struct revocation *all;
	struct revocation *by_sequence;
	uint16_t sequence;
	struct revocation_order *orders;
	struct timers timers;
	struct revocation_copy copies[REVOCATION_COPIES];
	unsigned int next_copy;
	struct revocation_counters counters;
};

/**
 * revocations_init() - none
 * @all: all of them, zero
 * @config: what an operator set
 * @address: our own
 * @sequence: of the first one
 * @ops: what is different here
 * @context: for those
 */
void revocations_init(struct revocations *all,
		      const struct revocation_config *config,
		      const struct in6_addr *address, uint16_t sequence,
		      const struct revocation_ops *ops, void *context);

/**
 * revocations_free() - the end of all of them
 * @all: all of them, whose sessions are gone; who waits is told
 */
void revocations_free(struct revocations *all);

/**
 * revocations_have_room() - may so many be sent
 * @all: all of them
 * @count: how many
 *
 * Return: true if so.
 */
bool revocations_have_room(const struct revocations *all, unsigned int count);

/**
 * revocation_new() - a message that is to be sent
 * @all: all of them, which have room for one
 * @peer: whom to
 * @trigger: enum mh_br_trigger; the G flag follows from it
 *
 * Return: the revocation, about no session, for revocation_begin().
 */
struct revocation *revocation_new(struct revocations *all,
				  const struct in6_addr *peer, uint8_t trigger);

/**
 * revocation_from_peer() - an indication has come, and is to be followed
 * @all: all of them
 * @peer: from whom
 * @bri: the indication
 *
 * Return: the revocation, about no session, for revocation_end().
 */
struct revocation *revocation_from_peer(struct revocations *all,
					const struct in6_addr *peer,
					const struct mh_revocation *bri);

/**
 * revocation_add() - it is about this session, too
 * @revocation: the revocation
 * @session: the session, of no other one
 *
 * Return: its place, until revocation_ops.over().
 */
struct revoking *revocation_add(struct revocation *revocation, void *session);

/**
 * revocation_begin() - send a message that is complete
 * @all: all of them
 * @revocation: the revocation, about a session at least
 * @interval_ms: until the first copy
 * @delay_ms: not before that
 * @now: the time
 * @out: what shall happen
 */
void revocation_begin(struct revocations *all, struct revocation *revocation,
		      uint32_t interval_ms, uint64_t delay_ms, struct now now,
		      struct outbox *out);

/**
 * revocation_cancel() - it is not to be, and its sessions are as they were
 * @all: all of them
 * @revocation: the revocation, which has not begun; gone afterwards
 * @now: the time
 * @out: what shall happen
 */
void revocation_cancel(struct revocations *all, struct revocation *revocation,
		       struct now now, struct outbox *out);

/**
 * revocation_end() - its sessions end from now on
 * @all: all of them
 * @revocation: the revocation; may be gone afterwards
 * @result: what each of them is that does
 * @status: what the peer has said of it, or -1
 * @now: the time
 * @out: what shall happen
 */
void revocation_end(struct revocations *all, struct revocation *revocation,
		    enum revocation_result result, int status, struct now now,
		    struct outbox *out);

/**
 * revocations_on_ack() - an acknowledgement has come
 * @all: all of them
 * @src: its source
 * @bra: the acknowledgement
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 6.2.2.
 */
void revocations_on_ack(struct revocations *all, const struct in6_addr *src,
			const struct mh_revocation *bra, struct now now,
			struct outbox *out);

/**
 * revocations_on_error() - a peer may not know such messages
 * @all: all of them
 * @peer: the peer
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5846 6.2.
 *
 * Return: true if that is so: something was sent to it that it has not answered.
 */
bool revocations_on_error(struct revocations *all, const struct in6_addr *peer,
			  struct now now, struct outbox *out);

/**
 * revocations_on_timer() - send copies that are due, end what is to end
 * @all: all of them
 * @now: the time
 * @out: what shall happen
 */
void revocations_on_timer(struct revocations *all, struct now now,
			  struct outbox *out);

/* --- Sessions. */

/**
 * revoking_stop() - nothing is forwarded for a session any more
 * @revoking: its place
 */
void revoking_stop(struct revoking *revoking);

/**
 * revoking_forwards() - that is not so any more
 * @revoking: its place, or NULL
 *
 * It was registered anew meanwhile, and ends none the less.
 */
void revoking_forwards(struct revoking *revoking);

/**
 * revocation_stopping() - that some are stopped is under way
 * @revocation: the revocation, which stays until revocation_stopped()
 */
void revocation_stopping(struct revocation *revocation);

/**
 * revocation_stopped() - that has ended
 * @all: all of them
 * @revocation: the revocation; may be gone afterwards
 * @error: 0, or the errno value of why not: then each session counts by itself
 * @now: the time
 * @out: what shall happen
 *
 * What is acknowledged need not wait for sessions that are stopped, and will not
 * come back with a restart.
 */
void revocation_stopped(struct revocations *all, struct revocation *revocation,
			int error, struct now now, struct outbox *out);

/**
 * revoking_retry() - a session is not busy any more: end it, if it is to end
 * @all: all of them
 * @revoking: its place, or NULL; may be gone afterwards
 * @now: the time
 * @out: what shall happen
 */
void revoking_retry(struct revocations *all, struct revoking *revoking,
		    struct now now, struct outbox *out);

/**
 * revoking_over() - nothing more happens to a session here
 * @all: all of them
 * @revoking: its place, gone afterwards
 * @result: what became of it
 * @status: what the peer has said of it, or -1
 * @now: the time
 * @out: what shall happen
 */
void revoking_over(struct revocations *all, struct revoking *revoking,
		   enum revocation_result result, int status, struct now now,
		   struct outbox *out);

/**
 * revoking_drop() - a session is not revoked any more
 * @all: all of them
 * @revoking: its place, gone afterwards; revocation_ops.over() is not told
 * @result: what became of it
 *
 * What was promised a peer follows on the timer, at once.
 */
void revoking_drop(struct revocations *all, struct revoking *revoking,
		   enum revocation_result result);

/* --- Orders. */

/**
 * revocation_order_new() - an operator wants something to be revoked
 * @all: all of them
 * @done: told when all of it is over, or NULL
 * @context: for it
 *
 * Return: the order, for revocation_order_begin().
 */
struct revocation_order *
revocation_order_new(struct revocations *all,
		     void (*done)(void *context,
				  const struct revocation_order *order),
		     void *context);

/**
 * revocation_order_add() - this is part of an order
 * @order: the order
 * @revocation: one for each peer, with none of its sessions yet
 */
void revocation_order_add(struct revocation_order *order,
			  struct revocation *revocation);

/**
 * revocation_order_cancel() - there is nothing of what an operator wants
 * @all: all of them
 * @order: the order, of which nothing is part; gone afterwards
 */
void revocation_order_cancel(struct revocations *all,
			     struct revocation_order *order);

/**
 * revocation_order_release() - part of an order is over
 * @all: all of them
 * @order: the order; who waits is told, and it is gone, if that was the last part
 */
void revocation_order_release(struct revocations *all,
			      struct revocation_order *order);

/**
 * revocation_outcome() - what an operator hears of a revocation
 * @revocation: the revocation
 *
 * Return: that, until the next revocation_order_add(), or NULL if nobody waits.
 */
static inline struct revocation_outcome *
revocation_outcome(const struct revocation *revocation)
{
	return revocation->order ?
	       &revocation->order->outcomes[revocation->outcome] : NULL;
}

/**
 * revocation_order_begin() - an order is complete: send what there is
 * @all: all of them
 * @order: the order; may be over, and gone, afterwards
 * @peers: the peers; those that do not know such messages are not asked
 * @now: the time
 * @out: what shall happen
 */
void revocation_order_begin(struct revocations *all,
			    struct revocation_order *order,
			    const struct peers *peers, struct now now,
			    struct outbox *out);

#endif /* PMIP6_ENGINE_REVOCATION_H */
