// SPDX-License-Identifier: GPL-2.0
#include "bri.h"
#include "test.h"

struct mh_revocation bri_of(const char *mn, uint8_t trigger)
{
	struct mh_revocation bri = {
		.kind = MH_BR_INDICATION,
		.trigger = trigger,
		.sequence = 0x7788,
		.flags = trigger < MH_BR_GLOBAL_TRIGGER ? MH_BR_PROXY :
							  BRI_GLOBAL,
		.options = { .has_mn_id = mn },
	};

	if (mn)
		bri.options.mn_id = nai(mn);
	return bri;
}

struct mh_revocation bri_of_group(uint32_t group)
{
	struct mh_revocation bri = bri_of(NULL, MH_BR_PER_PEER_POLICY);

	bri.options.group[bri.options.group_count++] = group;
	return bri;
}

void assert_bra(const struct world *world, const char *own, const char *peer,
		const struct mh_revocation *bri, uint8_t status)
{
	const struct mh_revocation *bra;

	assert_int_equal(world->sent_count, 1);
	assert_ip6_equal(&world->sent[0].src, own);
	assert_ip6_equal(&world->sent[0].dst, peer);
	assert_int_equal(world->sent[0].message->type, MH_BINDING_REVOCATION);
	bra = &world->sent[0].message->revocation;
	assert_int_equal(bra->kind, MH_BR_ACK);
	assert_int_equal(bra->status, status);
	/* RULE: BRI-04 */
	assert_int_equal(bra->sequence, bri->sequence);
	/* RULE: BRI-04 */
	assert_int_equal(bra->flags, bri->flags);
	assert_int_equal(bra->options.has_mn_id, bri->options.has_mn_id);
	assert_true(mh_mn_id_equal(&bra->options.mn_id, &bri->options.mn_id));
	/* RULE: BULK-51 */
	assert_int_equal(bra->options.group_count, bri->options.group_count);
	/* RULE: BULK-51 */
	assert_memory_equal(bra->options.group, bri->options.group,
			    sizeof(bri->options.group));
}
