// SPDX-License-Identifier: GPL-2.0
#include "mag_order.h"
#include "test.h"

struct bule *order_register_at(struct mag_bench *bench, uint16_t last,
			       const char *mn, const char *hnp)
{
	struct mag_attachment at = {
		.ifindex = ACCESS1,
		.ifname = "access1",
		.att = MH_ATT_IEEE_802_11,
	};
	struct mh_binding_ack ba;
	struct bule *bule;

	memcpy(at.lladdr, ll_id6((uint8_t)last).data, ETH_ALEN);
	at.lladdr[ETH_ALEN - 2] = (uint8_t)(at.lladdr[ETH_ALEN - 2] +
					    (last >> 8));
	bench->profile.mn_id = nai(mn);
	mag_on_attach(&bench->mag, &at, &bench->profile, false,
		      bench->world.now, &bench->world.out);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, hnp);
	mag_on_pba(&bench->mag, &bench->profile.lma, &ba, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	bule = bul_by_lladdr(&bench->mag.bul, at.lladdr);
	assert_non_null(bule);
	assert_int_equal(bule->state, BULE_ACTIVE);
	world_forget_messages(&bench->world);
	return bule;
}

struct bule *order_register(struct mag_bench *bench, uint8_t last,
			    const char *mn, const char *hnp)
{
	return order_register_at(bench, last, mn, hnp);
}
