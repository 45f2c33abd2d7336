/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the gateway share.
 */
#ifndef PMIP6_ENGINE_MAG_INTERNAL_H
#define PMIP6_ENGINE_MAG_INTERNAL_H

#include "mag.h"

/**
 * mag_register() - begin an exchange of PBU and PBA
 * @mag: the gateway
 * @bule: the entry
 * @handoff: enum mh_handoff_indicator
 * @now: the time
 * @out: what shall happen
 *
 * De-registers if the entry's state says so.
 */
void mag_register(struct mag *mag, struct bule *bule,
		  enum mh_handoff_indicator handoff, struct now now,
		  struct outbox *out);

/**
 * mag_retransmit() - the next copy of a PBU
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.4: with a new sequence number and a new timestamp, and after
 * twice the time.
 */
void mag_retransmit(struct mag *mag, struct bule *bule, struct now now,
		    struct outbox *out);

/**
 * mag_ask() - ask for a mobile node, once more or for the first time
 * @mag: the gateway
 * @bule: the entry, registering or active, and not busy
 * @now: the time
 * @out: what shall happen
 */
void mag_ask(struct mag *mag, struct bule *bule, struct now now,
	     struct outbox *out);

/**
 * mag_check_presence() - is a mobile node there, so that it may be asked for
 * @mag: the gateway
 * @bule: the entry, registering or active, and not busy or just beginning to be
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.13, 6.9.4 (2). If that is not known, it is found out, and
 * BULE_TIMER_PBU is set to when an answer is there or has failed to come; the
 * next time that it is still not known, it is de-registered.
 *
 * Return: true if it is.
 */
bool mag_check_presence(struct mag *mag, struct bule *bule, struct now now,
			struct outbox *out);

/**
 * mag_now_heard() - a mobile node was heard: go on if that was waited for
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 */
void mag_now_heard(struct mag *mag, struct bule *bule, struct now now);

/**
 * mag_end_exchange() - no acknowledgement is awaited any more
 * @mag: the gateway
 * @bule: the entry
 */
void mag_end_exchange(struct mag *mag, struct bule *bule);

/**
 * mag_set_timer() - let something happen to an entry later
 * @mag: the gateway
 * @bule: the entry
 * @kind: what
 * @due: when, in struct now.mono_ms
 */
void mag_set_timer(struct mag *mag, struct bule *bule,
		   enum bule_timer_kind kind, uint64_t due);

/**
 * mag_cancel_timer() - let it not happen
 * @mag: the gateway
 * @bule: the entry
 * @kind: what
 */
void mag_cancel_timer(struct mag *mag, struct bule *bule,
		      enum bule_timer_kind kind);

/**
 * mag_schedule() - set the timers of an entry that is registered
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 */
void mag_schedule(struct mag *mag, struct bule *bule, struct now now);

/**
 * mag_refresh_at() - when to ask for an extension of a lifetime
 * @mag: the gateway
 * @lifetime: granted, in units of 4 s
 * @expires_ms: its end
 * @now: the time
 *
 * Return: in struct now.mono_ms, not before now.
 */
uint64_t mag_refresh_at(struct mag *mag, uint16_t lifetime,
			uint64_t expires_ms, struct now now);

/**
 * mag_next_timestamp() - the timestamp of a PBU
 * @mag: the gateway
 * @now: the time
 *
 * Return: one that is newer than that of any before.
 */
uint64_t mag_next_timestamp(struct mag *mag, struct now now);

/**
 * mag_units() - a lifetime as PBUs have it
 * @seconds: the lifetime
 *
 * Return: in units of 4 s, at least one.
 */
uint16_t mag_units(uint32_t seconds);

/**
 * mag_expire() - a lifetime has ended, but the mobile node is still to be served
 * @mag: the gateway
 * @bule: the entry, active and not busy
 * @ask_ms: when to ask for it anew
 * @now: the time
 * @out: what shall happen
 */
void mag_expire(struct mag *mag, struct bule *bule, uint64_t ask_ms,
		struct now now, struct outbox *out);

/**
 * mag_reregister_spread() - within what time to register some anew
 * @mag: the gateway
 * @count: how many
 *
 * Return: milliseconds.
 */
uint64_t mag_reregister_spread(const struct mag *mag, uint64_t count);

/**
 * mag_name_prefix() - name one more prefix to an anchor
 * @options: of a message, with room for it
 * @hnp: the prefix
 */
void mag_name_prefix(struct mh_options *options, const struct mh_prefix *hnp);

/**
 * mag_named_prefixes() - what an anchor says of prefixes
 * @options: of its message
 * @hnp: set to those, with room for MH_MAX_HNP
 *
 * One that is named twice is still one, and off the link if it is once.
 *
 * Return: how many.
 */
unsigned int mag_named_prefixes(const struct mh_options *options,
				struct mh_prefix *hnp);

/**
 * mag_take_over() - an entry is about to have what others here have
 * @mag: the gateway
 * @bule: the entry, as it is before
 * @hnp: what it is about to have
 * @count: how many
 * @now: the time
 * @out: what shall happen to those others
 */
void mag_take_over(struct mag *mag, struct bule *bule,
		   const struct mh_prefix *hnp, unsigned int count,
		   struct now now, struct outbox *out);

/**
 * mag_install() - make forwarding stand, and advertise its prefixes if it is new
 * @mag: the gateway
 * @bule: the entry, with its prefixes
 * @event: for the operator; a constant string
 * @level: how much of an event it is
 * @advertise: its mobile node needs to be told
 * @now: the time
 * @out: what shall happen
 *
 * Return: the transaction, which may have to promise something to somebody.
 */
struct transaction *mag_install(struct mag *mag, struct bule *bule,
				const char *event, enum report_level level,
				bool advertise, struct now now,
				struct outbox *out);

/**
 * mag_resume() - an entry of an earlier run goes on by itself
 * @mag: the gateway
 * @bule: the entry, in no bulk group
 * @now: the time
 */
void mag_resume(struct mag *mag, struct bule *bule, struct now now);

/**
 * mag_refusal_of() - why an anchor refuses
 * @status: of 128 or above
 *
 * Return: enum mag_refusal.
 */
enum mag_refusal mag_refusal_of(uint8_t status);

/**
 * mag_uninstall() - end forwarding
 * @mag: the gateway
 * @bule: the entry
 * @event: for the operator; a constant string
 * @reason: likewise, or NULL
 * @withdraw: its mobile node is there, and must not use its prefixes
 * @now: the time
 * @out: what shall happen
 */
void mag_uninstall(struct mag *mag, struct bule *bule, const char *event,
		   const char *reason, bool withdraw, struct now now,
		   struct outbox *out);

/**
 * mag_advertise() - a Router Advertisement to a mobile node, and when the next
 * @mag: the gateway
 * @transaction: where it goes
 * @bule: the entry, which forwards
 * @now: the time
 */
void mag_advertise(struct mag *mag, struct transaction *transaction,
		   struct bule *bule, struct now now);

/**
 * mag_tell() - there is news for a mobile node: advertise, more than once
 * @mag: the gateway
 * @bule: the entry, which forwards
 * @now: the time
 * @out: what shall happen
 */
void mag_tell(struct mag *mag, struct bule *bule, struct now now,
	      struct outbox *out);

/**
 * mag_solicited() - a mobile node or a visitor asks for an advertisement
 * @mag: the gateway
 * @told: what it was told
 * @now: the time
 *
 * Return: 0 if it may have one at once, else when: one that solicits without
 * end is answered so often and not more.
 */
uint64_t mag_solicited(const struct mag *mag, const struct told *told,
		       struct now now);

/**
 * told_gone() - a prefix is not to be used any more
 * @mag: the gateway
 * @told: by whom
 * @prefix: the prefix
 */
void told_gone(struct mag *mag, struct told *told,
	       const struct mh_prefix *prefix);

/**
 * told_anew() - a prefix is to be used after all
 * @told: by whom
 * @prefix: the prefix
 */
void told_anew(struct told *told, const struct mh_prefix *prefix);

/**
 * told_interval() - how soon to advertise again
 * @mag: the gateway
 * @told: what was told
 *
 * Return: milliseconds.
 */
uint64_t told_interval(struct mag *mag, const struct told *told);

/**
 * told_begin() - an advertisement that says nothing yet
 * @mag: the gateway
 * @transaction: where it goes
 * @at: to whom
 * @dst: its address, or ::
 *
 * Return: the advertisement.
 */
struct effect_advertise *told_begin(const struct mag *mag,
				    struct transaction *transaction,
				    const struct mag_attachment *at,
				    const struct in6_addr *dst);

/**
 * told_end() - an advertisement says what it has to: add what is gone
 * @mag: the gateway
 * @told: what was told
 * @ra: the advertisement
 * @now: the time
 */
void told_end(struct mag *mag, struct told *told, struct effect_advertise *ra,
	      struct now now);

/**
 * mag_link_by_index() - what is known of an access link
 * @mag: the gateway
 * @ifindex: the link
 *
 * Return: the link or NULL.
 */
const struct mag_link *mag_link_by_index(const struct mag *mag,
					 uint32_t ifindex);

/**
 * mag_tunnel_mtu() - the MTU of the tunnel to an anchor
 * @mag: the gateway
 * @lma: the anchor
 *
 * Return: the MTU, or 0 if it is not known.
 */
uint32_t mag_tunnel_mtu(const struct mag *mag, const struct in6_addr *lma);

/**
 * visitor_admit() - a station that may not have mobility service is a visitor
 * @mag: the gateway
 * @at: where it is
 * @link_local: its link-local address, or ::
 * @now: the time
 *
 * Return: true if its link has a visitor prefix; it is told soon.
 */
bool visitor_admit(struct mag *mag, const struct mag_attachment *at,
		   const struct in6_addr *link_local, struct now now);

/**
 * visitor_withdraw() - tell a mobile node that it has no home here any more
 * @mag: the gateway
 * @transaction: where what it is told goes
 * @bule: its entry, with the prefixes that it had
 * @now: the time
 */
void visitor_withdraw(struct mag *mag, struct transaction *transaction,
		      struct bule *bule, struct now now);

/**
 * visitor_entitled() - a station has mobility service now
 * @mag: the gateway
 * @bule: its entry, which is to tell it what has changed
 */
void visitor_entitled(struct mag *mag, struct bule *bule);

/**
 * visitor_on_neighbour() - a station was heard with this address
 * @mag: the gateway
 * @lladdr: its link-layer address; nothing happens if it is no visitor
 * @src: the address
 */
void visitor_on_neighbour(struct mag *mag, const uint8_t *lladdr,
			  const struct in6_addr *src);

/**
 * visitor_on_solicit() - a station asks for an advertisement
 * @mag: the gateway
 * @lladdr: its link-layer address; nothing happens if it is no visitor
 * @src: its address, maybe ::
 * @now: the time
 * @out: what shall happen
 */
void visitor_on_solicit(struct mag *mag, const uint8_t *lladdr,
			const struct in6_addr *src, struct now now,
			struct outbox *out);

/**
 * visitors_on_timer() - tell visitors what is due
 * @mag: the gateway
 * @now: the time
 * @out: what shall happen
 */
void visitors_on_timer(struct mag *mag, struct now now, struct outbox *out);

/**
 * visitors_on_link() - a link may have another prefix for them, or none
 * @mag: the gateway
 * @link: what is known of the link now
 * @now: the time
 * @out: what shall happen
 *
 * Who had the former one is told that it is gone, and is a visitor again with
 * its next frame that is news.
 */
void visitors_on_link(struct mag *mag, const struct mag_link *link,
		      struct now now, struct outbox *out);

/**
 * visitors_forget() - forget visitors
 * @mag: the gateway
 * @ifindex: those of an access link, or 0 for all
 */
void visitors_forget(struct mag *mag, uint32_t ifindex);

/**
 * mag_hear() - what frames of a mobile node are news
 * @transaction: where it goes
 * @at: where it is
 * @every_frame: any, or Neighbour Discovery only
 */
void mag_hear(struct transaction *transaction, const struct mag_attachment *at,
	      bool every_frame);

/**
 * mag_report() - a line about an entry
 * @transaction: where it goes
 * @level: how bad
 * @event: what happened; a constant string
 * @bule: the entry
 *
 * Return: the line.
 */
struct report *mag_report(struct transaction *transaction,
			  enum report_level level, const char *event,
			  const struct bule *bule);

/**
 * mag_tell_policy() - have the data plane go by policy, where it does not
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 * @out: what shall happen; nothing while it is busy or not registered
 */
void mag_tell_policy(struct mag *mag, struct bule *bule, struct now now,
		     struct outbox *out);

/**
 * mag_leave() - the mobile node has left: begin to de-register
 * @mag: the gateway
 * @bule: the entry, not busy
 * @now: the time
 * @out: what shall happen
 */
void mag_leave(struct mag *mag, struct bule *bule, struct now now,
	       struct outbox *out);

/**
 * mag_gone() - de-registration is over
 * @mag: the gateway
 * @bule: the entry, not busy; gone afterwards unless it is held or refused
 * @now: the time
 * @out: what shall happen
 */
void mag_gone(struct mag *mag, struct bule *bule, struct now now,
	      struct outbox *out);

/**
 * mag_let_go() - its binding is not its any more: it ends without a PBU
 * @mag: the gateway
 * @bule: the entry; may be gone afterwards. If it is busy, that comes first
 * @reason: why, for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 */
void mag_let_go(struct mag *mag, struct bule *bule, const char *reason,
		struct now now, struct outbox *out);

/**
 * mag_refused() - do not ask for a mobile node for a while
 * @mag: the gateway
 * @bule: the entry; if it is stopped, not before the operator says so
 * @now: the time
 */
void mag_refused(struct mag *mag, struct bule *bule, struct now now);

/**
 * mag_give_up() - there is no agreement with the anchor, and there will be none
 * @mag: the gateway
 * @bule: the entry, not busy; may be gone afterwards
 * @reason: why, for the operator; a constant string
 * @now: the time
 * @out: what shall happen
 */
void mag_give_up(struct mag *mag, struct bule *bule, const char *reason,
		 struct now now, struct outbox *out);

/**
 * mag_on_refusal() - the anchor refuses
 * @mag: the gateway
 * @bule: the entry that was asked for, not busy; may be gone afterwards
 * @ba: how; of a status of 128 or above
 * @now: the time
 * @out: what shall happen
 */
void mag_on_refusal(struct mag *mag, struct bule *bule,
		    const struct mh_binding_ack *ba, struct now now,
		    struct outbox *out);

/**
 * mag_clocks_may_agree() - may one be asked for whose clock was refused
 * @mag: the gateway
 * @bule: the entry
 * @now: the time
 *
 * Return: true if our clock is synchronised or was set since, and if clocks
 * were never the reason.
 */
bool mag_clocks_may_agree(const struct mag *mag, const struct bule *bule,
			  struct now now);

/**
 * mag_take_router() - an acknowledgement may say which address that is
 * @mag: the gateway
 * @bule: the entry
 * @options: of the acknowledgement
 * @now: the time
 * @out: what shall happen
 *
 * RFC 5213 6.9.1.2 (15). What it was before is taken from the link.
 *
 * Return: true if it is another one than before.
 */
bool mag_take_router(struct mag *mag, struct bule *bule,
		     const struct mh_options *options, struct now now,
		     struct outbox *out);

/**
 * mag_put_router() - have the link of a mobile node carry its router's address
 * @mag: the gateway
 * @transaction: where the effect goes
 * @bule: the entry
 */
void mag_put_router(struct mag *mag, struct transaction *transaction,
		    struct bule *bule);

/**
 * mag_remove_router() - have it not carry it any more
 * @mag: the gateway
 * @transaction: where the effect goes
 * @bule: the entry
 *
 * Unless another mobile node on that link has the same.
 */
void mag_remove_router(struct mag *mag, struct transaction *transaction,
		       struct bule *bule);

/**
 * mag_forget_router() - an entry ends: no link carries anything for it
 * @mag: the gateway
 * @bule: the entry
 */
void mag_forget_router(struct mag *mag, struct bule *bule);

/**
 * mag_announce_router() - leave its router's address to a mobile node that has
 * it, use another one, and tell of it
 * @mag: the gateway
 * @bule: the entry, active and not busy
 * @now: the time
 * @out: what shall happen
 *
 * The mobile node is told, and the anchor, unless it is just being asked for
 * something: after that.
 */
void mag_announce_router(struct mag *mag, struct bule *bule, struct now now,
			 struct outbox *out);

/**
 * mag_init_peers() - no anchors yet
 * @mag: the gateway, with its configuration
 */
void mag_init_peers(struct mag *mag);

/**
 * mag_bule_of() - whose place among those of an anchor is it
 * @link: the place
 *
 * Return: the entry.
 */
struct bule *mag_bule_of(struct peer_link *link);

/**
 * mag_put_record() - keep what an entry is now
 * @transaction: where the effect goes
 * @bule: the entry
 * @now: the time
 */
void mag_put_record(struct transaction *transaction, const struct bule *bule,
		    struct now now);

#endif /* PMIP6_ENGINE_MAG_INTERNAL_H */
