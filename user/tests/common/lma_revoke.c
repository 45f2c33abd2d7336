// SPDX-License-Identifier: GPL-2.0
#include "lma_revoke.h"
#include "test.h"

/* mn1 is at MAG1 by its first interface, a second ago. */
struct bce *revoke_begin(void **state, struct lma_bench **bench)
{
	struct lma_bench *of = *state;
	struct bce *bce;

	of->lma.config.revocation = true;
	bce = lma_bench_begin(state, bench);
	world_forget_messages(&(*bench)->world);
	return bce;
}

/* It comes to MAG2 by another interface. */
struct lma_request revoke_attachment(struct lma_bench *bench, uint8_t ll_id)
{
	struct lma_request request = pbu(bench, NULL, MH_HI_UNKNOWN);

	request.src = ip6(MAG2);
	request.bu.options.ll_id = ll_id6(ll_id);
	return request;
}

void revoke_come(struct lma_bench *bench, uint8_t ll_id)
{
	struct lma_request request = revoke_attachment(bench, ll_id);

	give(bench, &request);
	world_settle(&bench->world);
}

/* What was sent as the message of that number is an indication. */
const struct mh_revocation *revoke_bri(const struct lma_bench *bench,
				       size_t at)
{
	const struct effect_send *sent = &bench->world.sent[at];

	assert_true(at < bench->world.sent_count);
	assert_int_equal(sent->message->type, MH_BINDING_REVOCATION);
	assert_int_equal(sent->message->revocation.kind, MH_BR_INDICATION);
	return &sent->message->revocation;
}

/* What was sent as the message of that number accepts, and grants that. */
void assert_granted(const struct lma_bench *bench, size_t at, const char *mag,
		    const char *hnp)
{
	const struct effect_send *sent = &bench->world.sent[at];

	assert_true(at < bench->world.sent_count);
	assert_int_equal(sent->message->type, MH_BINDING_ACK);
	assert_ip6_equal(&sent->dst, mag);
	assert_int_equal(sent->message->ba.status, MH_ACCEPTED);
	assert_prefix_equal(&sent->message->ba.options.hnp[0], hnp);
}

void revoke_say_of(struct lma_bench *bench, const char *from, const char *mn,
		   uint16_t sequence, uint8_t status)
{
	struct in6_addr src = ip6(from);
	struct mh_revocation bra = {
		.kind = MH_BR_ACK,
		.status = status,
		.sequence = sequence,
		.flags = MH_BR_PROXY,
		.options = { .has_mn_id = mn },
	};

	if (mn)
		bra.options.mn_id = nai(mn);
	revocations_on_ack(&bench->lma.revocations, &src, &bra,
			   bench->world.now, &bench->world.out);
	world_settle(&bench->world);
}

/* MAG1 answers what it was asked as the message of that number. */
void revoke_say(struct lma_bench *bench, size_t at, uint8_t status)
{
	revoke_say_of(bench, MAG1, NULL, revoke_bri(bench, at)->sequence, status);
}
