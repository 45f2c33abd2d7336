// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "field.h"

/* In units of 4 s: for longer than any measurement takes. */
#define LIFETIME 900

/* RFC 5213 8.8: of a timestamp. */
#define PER_SECOND 65536u

#define OTHER 255

static uint64_t timestamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * PER_SECOND +
	       (uint64_t)now.tv_nsec * PER_SECOND / 1000000000;
}

static struct in6_addr gateway_address(const struct field *field, uint32_t n)
{
	struct in6_addr address = field->first;

	address.s6_addr32[3] = htonl(ntohl(address.s6_addr32[3]) + n);
	return address;
}

static void put_mn_id(struct mh_mn_id *id, uint32_t mn)
{
	id->subtype = MH_MN_ID_NAI;
	id->len = (uint8_t)snprintf((char *)id->data, sizeof(id->data),
				    "mn%07u@example.com", mn);
}

static void put_options(struct field *field, uint32_t mn, struct mh_options *options)
{
	struct gateway *gateway = &field->gateways[mn % field->gateway_count];
	struct mobile *mobile = &field->mobiles[mn];
	uint32_t number = htonl(mn);
	uint64_t now = timestamp_now();

	options->has_mn_id = true;
	put_mn_id(&options->mn_id, mn);
	options->hnp_count = 1;
	options->hnp[0] = mobile->hnp;
	options->has_handoff = true;
	options->handoff = mh_prefix_any(&mobile->hnp) ? MH_HI_NEW_INTERFACE : MH_HI_NOT_CHANGED;
	options->has_att = true;
	options->att = MH_ATT_IEEE_802_11;
	options->has_ll_id = true;
	options->ll_id.len = 6;
	options->ll_id.data[0] = 0x02;
	memcpy(&options->ll_id.data[2], &number, sizeof(number));
	options->has_link_local = true;
	/* RFC 5213 5.5: one of a gateway's is greater than those before. */
	options->has_timestamp = true;
	gateway->timestamp = now > gateway->timestamp ? now : gateway->timestamp + 1;
	options->timestamp = gateway->timestamp;
}

void field_write(struct field *field, uint32_t mn, struct letter *letter)
{
	struct gateway *gateway = &field->gateways[mn % field->gateway_count];
	struct mh_message message = { .type = MH_BINDING_UPDATE };
	struct mh_binding_update *bu = &message.bu;

	bu->sequence = ++gateway->sequence;
	bu->flags = MH_BU_ACK | MH_BU_PROXY;
	bu->lifetime = LIFETIME;
	put_options(field, mn, &bu->options);
	field->mobiles[mn].sequence = bu->sequence;
	field->mobiles[mn].waiting = true;
	letter->src = gateway_address(field, mn % field->gateway_count);
	letter->len = mh_build(&message, letter->data, sizeof(letter->data));
	mh_set_checksum(&letter->src, &field->anchor, letter->data, letter->len);
}

/* number_of() - whose identifier it is, @count of nobody's */
static uint32_t number_of(const struct mh_mn_id *id, uint32_t count)
{
	struct mh_mn_id own = { 0 };
	char text[MH_MN_ID_MAX + 1];
	uint32_t mn;

	memcpy(text, id->data, id->len);
	text[id->len] = '\0';
	if (strncmp(text, "mn", 2))
		return count;
	mn = (uint32_t)strtoul(text + 2, NULL, 10);
	put_mn_id(&own, mn);
	return mn < count && mh_mn_id_equal(id, &own) ? mn : count;
}

/* What it says has to be of what was asked for; a refresh does not move anybody. */
static uint8_t judge(struct mobile *mobile, const struct mh_binding_ack *ba)
{
	const struct mh_options *options = &ba->options;

	if (ba->status)
		return ba->status;
	if (!(ba->flags & MH_BA_PROXY) || ba->lifetime != LIFETIME ||
	    options->hnp_count != 1 || mh_prefix_any(&options->hnp[0]))
		return OTHER;
	if (!mh_prefix_any(&mobile->hnp) &&
	    !mh_prefix_equal(&mobile->hnp, &options->hnp[0]))
		return OTHER;
	mobile->hnp = options->hnp[0];
	return MH_ACCEPTED;
}

bool field_read(struct field *field, const uint8_t *data, size_t len,
		uint32_t *mn, uint8_t *status)
{
	struct mh_message message;
	struct mobile *mobile;

	if (mh_parse(data, len, &message) || message.type != MH_BINDING_ACK ||
	    !message.ba.options.has_mn_id)
		return false;
	*mn = number_of(&message.ba.options.mn_id, field->count);
	if (*mn == field->count)
		return false;
	mobile = &field->mobiles[*mn];
	if (!mobile->waiting || mobile->sequence != message.ba.sequence)
		return false;
	mobile->waiting = false;
	*status = judge(mobile, &message.ba);
	return true;
}
