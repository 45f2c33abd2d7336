// SPDX-License-Identifier: GPL-2.0
#include "mag_bri.h"
#include "test.h"

void mag_hear_bri(struct mag_bench *bench, const char *from,
		  const struct mh_revocation *bri)
{
	struct in6_addr src = ip6(from), dst = ip6(PROXY_COA);

	world_forget_messages(&bench->world);
	mag_on_bri(&bench->mag, &src, &dst, bri, bench->world.now,
		   &bench->world.out);
}

void assert_mag_answer(struct mag_bench *bench, const struct mh_revocation *bri,
		       uint8_t status)
{
	mag_hear_bri(bench, ANCHOR, bri);
	world_settle(&bench->world);
	assert_bra(&bench->world, PROXY_COA, ANCHOR, bri, status);
}
