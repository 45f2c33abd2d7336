// SPDX-License-Identifier: GPL-2.0
#include "lma_bri.h"
#include "test.h"

const struct lma_revoker may_all = { .known = true, .many = true };
const struct lma_revoker may_own = { .known = true };

void lma_hear_bri(struct lma_bench *bench, const char *from,
		  const struct mh_revocation *bri,
		  const struct lma_revoker *revoker)
{
	struct in6_addr src = ip6(from), dst = ip6(LMAA);

	world_forget_messages(&bench->world);
	lma_on_bri(&bench->lma, &src, &dst, bri, revoker, bench->world.now,
		   &bench->world.out);
}

void assert_lma_answer(struct lma_bench *bench, const char *from,
		       const struct mh_revocation *bri,
		       const struct lma_revoker *revoker, uint8_t status)
{
	lma_hear_bri(bench, from, bri, revoker);
	world_settle(&bench->world);
	assert_bra(&bench->world, LMAA, from, bri, status);
}
