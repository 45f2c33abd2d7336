// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/alloc.h"
#include "field.h"

/* The clocks to begin with: an hour after the start, some time in 2023. */
#define BEGIN_US 3600000000ull
#define BEGIN_WALL (1700000000ull * WALL_PER_SECOND)

/* A single gateway has a timestamp for each, which counts 1/65536 s. */
#define STEP_US 20u

/* In units of 4 s: for longer than any measurement takes. */
#define LIFETIME 900

/* The bulk group of those that are in one. */
#define GROUP 0x101

static uint32_t below(struct rng *rng, uint32_t count)
{
	return (uint32_t)rng_between(rng, 0, count - 1);
}

void field_init(struct field *field, uint32_t mobiles, uint32_t gateways,
		uint64_t seed)
{
	uint32_t i;

	*field = (struct field){
		.mobile_count = mobiles,
		.gateway_count = gateways,
		.rng = { .state = seed },
		.now_us = BEGIN_US,
	};
	field->mobiles = must_alloc(mobiles * sizeof(*field->mobiles));
	field->order = must_alloc(mobiles * sizeof(*field->order));
	field->gateways = must_alloc(gateways * sizeof(*field->gateways));
	for (i = 0; i < mobiles; i++) {
		field->mobiles[i].gateway = below(&field->rng, gateways);
		field->order[i] = i;
	}
	for (i = 0; i < gateways; i++)
		field->gateways[i].sequence = (uint16_t)rng_next(&field->rng);
}

void field_free(struct field *field)
{
	free(field->mobiles);
	free(field->order);
	free(field->gateways);
}

/* Fisher and Yates. */
void field_shuffle(struct field *field)
{
	uint32_t i, other, kept;

	for (i = field->mobile_count - 1; i > 0; i--) {
		other = below(&field->rng, i + 1);
		kept = field->order[i];
		field->order[i] = field->order[other];
		field->order[other] = kept;
	}
}

struct now field_now(const struct field *field)
{
	return (struct now){
		.mono_ms = field->now_us / 1000,
		.wall = BEGIN_WALL +
			field->now_us / 1000000 * WALL_PER_SECOND +
			field->now_us % 1000000 * WALL_PER_SECOND / 1000000,
	};
}

static struct in6_addr gateway_address(uint32_t gateway)
{
	struct in6_addr address;

	inet_pton(AF_INET6, "2001:db8:1::", &address);
	gateway = htonl(gateway + 1);
	memcpy(&address.s6_addr[12], &gateway, sizeof(gateway));
	return address;
}

static void put_mn_id(struct mh_mn_id *id, uint32_t mn)
{
	id->subtype = MH_MN_ID_NAI;
	id->len = (uint8_t)snprintf((char *)id->data, sizeof(id->data),
				    "mn%07u@example.com", mn);
}

static void put_ll_id(struct mh_ll_id *id, uint32_t mn)
{
	uint32_t number = htonl(mn);

	id->len = 6;
	id->data[0] = 0x02;
	memcpy(&id->data[2], &number, sizeof(number));
}

static uint8_t handoff_of(enum errand errand)
{
	return errand == ERRAND_REFRESH ? MH_HI_NOT_CHANGED : MH_HI_UNKNOWN;
}

static void put_timestamp(const struct field *field, struct gateway *gateway,
			  struct mh_options *options)
{
	uint64_t wall = field_now(field).wall;

	options->has_timestamp = true;
	gateway->timestamp = wall > gateway->timestamp ? wall :
						gateway->timestamp + 1;
	options->timestamp = gateway->timestamp;
}

static void put_options(struct field *field, uint32_t mn, enum errand errand,
			struct mh_options *options)
{
	struct mobile *mobile = &field->mobiles[mn];
	struct gateway *gateway = &field->gateways[mobile->gateway];

	options->has_mn_id = true;
	put_mn_id(&options->mn_id, mn);
	options->hnp_count = 1;
	/* Who attaches it does not know what it has. */
	if (errand == ERRAND_REFRESH || errand == ERRAND_DEREGISTER)
		options->hnp[0] = mobile->hnp;
	options->has_handoff = true;
	options->handoff = handoff_of(errand);
	options->has_att = true;
	options->att = MH_ATT_IEEE_802_11;
	options->has_ll_id = true;
	put_ll_id(&options->ll_id, mn);
	options->has_link_local = true;
	if (errand == ERRAND_JOIN)
		options->group[options->group_count++] = GROUP;
	put_timestamp(field, gateway, options);
}

/* To any gateway but its own. */
static void move(struct field *field, struct mobile *mobile)
{
	mobile->gateway += 1 + below(&field->rng, field->gateway_count - 1);
	mobile->gateway %= field->gateway_count;
}

static void seal(const struct field *field, uint32_t gateway,
		 const struct mh_message *message, struct letter *letter)
{
	struct in6_addr lmaa = subject_address();

	letter->src = gateway_address(gateway);
	letter->now = field_now(field);
	letter->len = mh_build(message, letter->data, sizeof(letter->data));
	mh_set_checksum(&letter->src, &lmaa, letter->data, letter->len);
}

void field_write(struct field *field, uint32_t mn, enum errand errand,
		 struct letter *letter)
{
	struct mobile *mobile = &field->mobiles[mn];
	struct mh_message message = { .type = MH_BINDING_UPDATE };
	struct mh_binding_update *bu = &message.bu;

	field->now_us += STEP_US;
	if (errand == ERRAND_HANDOVER)
		move(field, mobile);
	bu->sequence = ++field->gateways[mobile->gateway].sequence;
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	if (errand == ERRAND_JOIN)
		bu->flags |= MH_BU_BULK;
	bu->lifetime = errand == ERRAND_DEREGISTER ? 0 : LIFETIME;
	put_options(field, mn, errand, &bu->options);

	seal(field, mobile->gateway, &message, letter);
}

void field_write_bulk(struct field *field, struct letter *letter)
{
	struct mh_message message = { .type = MH_BINDING_UPDATE };
	struct mh_binding_update *bu = &message.bu;

	field->now_us += STEP_US;
	bu->sequence = ++field->gateways[0].sequence;
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = LIFETIME;
	bu->options.group[bu->options.group_count++] = GROUP;
	put_timestamp(field, &field->gateways[0], &bu->options);
	seal(field, 0, &message, letter);
}

/* Who joins a group gets what that still has. */
static bool is_granted(const struct mh_binding_ack *ba,
		       const struct mh_binding_update *sent)
{
	if (!(sent->flags & MH_BU_BULK))
		return ba->lifetime == sent->lifetime;
	return ba->flags & MH_BA_BULK && ba->lifetime <= sent->lifetime &&
	       ba->lifetime && ba->options.group_count == 1 &&
	       ba->options.group[0] == GROUP;
}

/* What it says of the update, of which @sent is what there was. */
static bool is_answer(const struct mh_binding_ack *ba,
		      const struct mh_binding_update *sent)
{
	const struct mh_options *options = &ba->options;

	return ba->status == MH_ACCEPTED && ba->flags & MH_BA_PROXY &&
	       ba->sequence == sent->sequence && is_granted(ba, sent) &&
	       mh_mn_id_equal(&options->mn_id, &sent->options.mn_id) &&
	       options->timestamp == sent->options.timestamp &&
	       options->ll_id.len == sent->options.ll_id.len &&
	       options->hnp_count == 1 && !mh_prefix_any(&options->hnp[0]);
}

static bool open_both(const struct letter *letter, struct mh_message *sent,
		      struct mh_message *answer)
{
	struct in6_addr lmaa = subject_address();

	return !mh_checksum(&lmaa, &letter->src, letter->answer,
			    letter->answer_len) &&
	       !mh_parse(letter->answer, letter->answer_len, answer) &&
	       !mh_parse(letter->data, letter->len, sent) &&
	       answer->type == MH_BINDING_ACK;
}

bool field_read_bulk(const struct letter *letter)
{
	struct mh_message sent, answer;

	return open_both(letter, &sent, &answer) &&
	       answer.ba.status == MH_ACCEPTED &&
	       answer.ba.sequence == sent.bu.sequence &&
	       answer.ba.lifetime == sent.bu.lifetime &&
	       answer.ba.options.group_count == 1 &&
	       answer.ba.options.group[0] == GROUP;
}

bool field_read(struct field *field, uint32_t mn, enum errand errand,
		const struct letter *letter)
{
	struct mobile *mobile = &field->mobiles[mn];
	struct mh_message sent, answer;
	const struct mh_prefix *hnp = &answer.ba.options.hnp[0];

	if (!open_both(letter, &sent, &answer) ||
	    !is_answer(&answer.ba, &sent.bu))
		return false;
	if (errand != ERRAND_REGISTER && errand != ERRAND_JOIN)
		return mh_prefix_equal(hnp, &mobile->hnp);
	mobile->hnp = *hnp;
	return true;
}
