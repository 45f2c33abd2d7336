// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>

#include "subject.h"

struct in6_addr subject_address(void)
{
	struct in6_addr address;

	inet_pton(AF_INET6, "2001:db8::1", &address);
	return address;
}

/* As the daemon is configured unless its operator says otherwise. */
void subject_init(struct subject *subject)
{
	static const struct lma_config config = {
		.max_lifetime_s = 3600,
		.min_delay_before_bce_delete_ms = 10000,
		.max_delay_before_new_bce_assign_ms = 1500,
		.timestamp_validity_window_ms = 300,
		.timestamp_based_approach_in_use = true,
		.max_update_notification_retransmit_count = 1,
		.min_delay_between_update_notification_replay_ms = 1000,
		.max_sessions = 16,
		.revocation = true,
		.peers = {
			.heartbeat_interval_s = 60,
			.missing_heartbeats_allowed = 3,
		},
		.seed = 1,
	};
	struct lma_config ours = config;
	struct mh_prefix pool = { .len = 32 };

	ours.address = subject_address();
	*subject = (struct subject){ .letter = NULL };
	lma_init(&subject->lma, &ours);
	inet_pton(AF_INET6, "2001:db9::", &pool.addr);
	prefix_pool_add(&subject->lma.pool, &pool, 64);
	/* Its route is left to the kernel, as each effect is. */
	subject->lma.routes_stand = true;
}

void subject_free(struct subject *subject)
{
	lma_free(&subject->lma);
}

static void send_answer(struct subject *subject, const struct effect_send *send)
{
	struct letter *letter = subject->letter;

	if (!letter || !IN6_ARE_ADDR_EQUAL(&send->dst, &letter->src))
		return;
	letter->answer_len = mh_build(send->message, letter->answer,
				      sizeof(letter->answer));
	if (letter->answer_len)
		mh_set_checksum(&send->src, &send->dst, letter->answer,
				letter->answer_len);
}

static void carry_out(struct subject *subject,
		      const struct transaction *transaction)
{
	const struct effect *effect;
	unsigned int i;

	for (i = 0; i < transaction->count; i++) {
		effect = &transaction->effects[i];
		if (effect->kind == EFFECT_SEND)
			send_answer(subject, &effect->send);
		if (effect->kind != EFFECT_STORE_PUT)
			continue;
		subject->records++;
		subject->record_octets += effect->store.len;
	}
}

/* What role_run() of the daemon does, where nothing has to be waited for. */
static void run(struct subject *subject, struct now now, struct outbox *out)
{
	struct transaction *transaction;
	void *owner;

	peers_settle(&subject->lma.peers, now, out);
	while ((transaction = outbox_take(out))) {
		carry_out(subject, transaction);
		owner = transaction->owner;
		transaction_free(transaction);
		if (owner)
			lma_on_done(&subject->lma, owner, 0, now, out);
		peers_settle(&subject->lma.peers, now, out);
	}
}

/* Whom policy lets have what. */
static const struct lma_policy anybody = {
	.mag_authorized = true,
	.mn_known = true,
	.service_enabled = true,
	.accepts_bulk = true,
	.session_prefixes = 1,
};

static void on_pbu(struct subject *subject, const struct letter *letter,
		   const struct mh_binding_update *bu, struct outbox *out)
{
	struct lma_request request;

	lma_request_init(&request, &letter->src, &subject->lma.config.address,
			 bu);
	request.policy = anybody;
	lma_on_pbu(&subject->lma, &request, letter->now, out);
}

void subject_take(struct subject *subject, struct letter *letter)
{
	struct mh_message message;
	struct outbox out;

	letter->answer_len = 0;
	if (mh_checksum(&letter->src, &subject->lma.config.address,
			letter->data, letter->len) ||
	    mh_parse(letter->data, letter->len, &message) ||
	    message.type != MH_BINDING_UPDATE)
		return;
	peers_on_message(&subject->lma.peers, &letter->src, letter->now);
	subject->letter = letter;
	outbox_init(&out);
	on_pbu(subject, letter, &message.bu, &out);
	run(subject, letter->now, &out);
	subject->letter = NULL;
	subject_pass(subject, letter->now);
}

void subject_pass(struct subject *subject, struct now now)
{
	struct peers *peers = &subject->lma.peers;
	struct outbox out;

	if (lma_next_timer(&subject->lma) > now.mono_ms &&
	    peers_next_timer(peers) > now.mono_ms)
		return;
	outbox_init(&out);
	lma_on_timer(&subject->lma, now, &out);
	peers_on_timer(peers, now, &out);
	run(subject, now, &out);
}
