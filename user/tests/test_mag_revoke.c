// SPDX-License-Identifier: GPL-2.0
/*
 * user/engine/mag_revoke.c: an anchor thinks that a mobile node has left
 */
#include "common/mag_bri.h"
#include "common/test.h"

#define STRANGER "2001:db8:66::1"

/* mn1 is registered, and was last heard that long ago. */
static struct bule *begin(struct mag_bench *bench, uint64_t silent_ms)
{
	struct bule *bule = register_at(bench, ACCESS1);

	world_pass(&bench->world, 200000);
	mag_bench_listen(bench);
	bench->heard_ms = bench->world.now.mono_ms - silent_ms;
	world_forget_messages(&bench->world);
	return bule;
}

/* So long that it is not there; so short that it is. */
#define GONE_MS 65001
#define HERE_MS 65000

static void assert_gone(struct mag_bench *bench)
{
	/* RULE: B-LMA-86 */
	assert_null(mn(bench, 1));
	assert_null(world_binding(&bench->world, HNP1));
	assert_null(world_route(&bench->world, HNP1));
	assert_mag_agreed(bench);
	/* No de-registration, and no copy of anything. */
	world_forget_messages(&bench->world);
	mag_bench_until(bench, 60000);
	assert_int_equal(bench->world.sent_count, 0);
}

static void assert_stays(struct mag_bench *bench)
{
	assert_non_null(mn(bench, 1));
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
	assert_non_null(world_binding(&bench->world, HNP1));
	assert_int_equal(bench->mag.counters.revoked, 0);
	assert_mag_agreed(bench);
}

static void test_gone(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	size_t advertised;

	begin(bench, GONE_MS);
	bri.options.hnp_count = 1;
	bri.options.hnp[0] = prefix6(HNP1);
	advertised = bench->world.ra_count;
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_non_null(world_reported(&bench->world, "unbound"));
	/* Nothing is to be said to the link that it left. */
	assert_int_equal(bench->world.ra_count, advertised);
	assert_gone(bench);
	assert_int_equal(bench->mag.counters.revoked, 1);
	assert_int_equal(bench->mag.counters.detachments, 1);
}

static void test_attached(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, HERE_MS);
	/* RULE: BRI-19 */
	assert_mag_answer(bench, &bri, MH_BR_ATTACHED);
	assert_stays(bench);
	assert_int_equal(bench->mag.revocations.counters.peers_attached, 1);
	assert_int_equal(bench->mag.revocations.counters.peers_refused, 0);
	assert_int_equal(world_reported(&bench->world,
					"revocation-refused")->status,
			 MH_BR_ATTACHED);
	/* A moment later it is not there any more. */
	world_pass(&bench->world, 1);
	/* RULE: BRI-19 */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_gone(bench);
}

/* RFC 5846 9.1: that it has left is to be made sure. */
static void test_can_not_tell(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, GONE_MS);
	bench->mag.config.presence_s = 0;
	assert_mag_answer(bench, &bri, MH_BR_ATTACHED);
	assert_stays(bench);
	bench->mag.config.presence_s = 30;
	bench->mag.heard = NULL;
	assert_mag_answer(bench, &bri, MH_BR_ATTACHED);
	assert_stays(bench);
}

/* Its access link is not there any more: nor is it, whatever was heard. */
static void test_without_link(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, 0)->at.ifindex = 0;
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_null(mn(bench, 1));
}

/* Its de-registration was lost: it has left. */
static void test_has_left(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, 0);
	detach(bench, false);
	world_settle(&bench->world);
	assert_int_equal(last_pbu(bench)->lifetime, 0);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_gone(bench);
	assert_int_equal(bench->mag.counters.detachments, 1);
}

/* So too while its forwarding is being undone. */
static void test_is_leaving(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, 0);
	detach(bench, false);
	world_settle(&bench->world);
	world_pass(&bench->world, 1000);
	mag_on_timer(&bench->mag, bench->world.now, &bench->world.out);
	assert_true(mn(bench, 1)->busy);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_settle(&bench->world);
	assert_gone(bench);
}

/* The operator's word stands: it is held. */
static void test_held(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, 0);
	detach(bench, true);
	world_settle(&bench->world);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_non_null(mn(bench, 1));
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_null(world_binding(&bench->world, HNP1));
	/* There is no binding any more, but it was ended by this one. */
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	bri.sequence++;
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
}

/* What is under way comes first. */
static void test_busy(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct bule *bule = begin(bench, GONE_MS);
	struct mh_prefix hnp = prefix6(HNP1);

	mag_change_prefixes(&bench->mag, bule, &hnp, 1, "test",
			    bench->world.now, &bench->world.out);
	assert_true(bule->busy);
	mag_hear_bri(bench, ANCHOR, &bri);
	assert_non_null(mn(bench, 1));
	world_settle(&bench->world);
	assert_bra(&bench->world, PROXY_COA, ANCHOR, &bri, MH_BR_SUCCESS);
	assert_gone(bench);
}

/* What is under way, and what is to come then: it is back. */
static void test_busy_and_back(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct bule *bule = begin(bench, GONE_MS);
	struct mh_prefix hnp = prefix6(HNP1);

	mag_change_prefixes(&bench->mag, bule, &hnp, 1, "test",
			    bench->world.now, &bench->world.out);
	attach(bench, ACCESS1, 1, false);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_settle(&bench->world);
	assert_bra(&bench->world, PROXY_COA, ANCHOR, &bri, MH_BR_ATTACHED);
	assert_stays(bench);
}

/* The operator detaches it, and that is under way. */
static void test_busy_and_held(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct bule *bule = begin(bench, 0);
	struct mh_prefix hnp = prefix6(HNP1);

	mag_change_prefixes(&bench->mag, bule, &hnp, 1, "test",
			    bench->world.now, &bench->world.out);
	detach(bench, true);
	mag_hear_bri(bench, ANCHOR, &bri);
	world_settle(&bench->world);
	mag_bench_until(bench, 60000);
	assert_int_equal(mn(bench, 1)->state, BULE_HELD);
	assert_null(world_binding(&bench->world, HNP1));
}

/* It is being refreshed: the answer to that is nothing any more. */
static void test_while_asking(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct mh_binding_ack ba;

	begin(bench, 0);
	mag_bench_until(bench, 20000);
	assert_true(mn(bench, 1)->waits);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, NULL);
	bench->heard_ms = bench->world.now.mono_ms - GONE_MS;
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_gone(bench);
}

/* A copy, since the acknowledgement was lost: it gets the same one. */
static void test_copy(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct mh_binding_ack ba;

	begin(bench, GONE_MS);
	bench->profile.mn_id = nai("mn2@example.com");
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	ba = pba_to(last_pbu(bench), MH_ACCEPTED, HNP2);
	hand(bench, &ba);
	world_settle(&bench->world);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	world_pass(&bench->world, 9999);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	assert_int_equal(bench->mag.revocations.counters.duplicates, 1);
	assert_int_equal(bench->mag.counters.revoked, 1);
	bri.sequence++;
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	bri.sequence--;
	world_pass(&bench->world, 1);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
}

/* Back at once: a copy is about that, and not about what was. */
static void test_copy_and_back(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);

	begin(bench, GONE_MS);
	assert_mag_answer(bench, &bri, MH_BR_SUCCESS);
	bench->heard_ms = bench->world.now.mono_ms;
	register_at(bench, ACCESS1);
	assert_mag_answer(bench, &bri, MH_BR_ATTACHED);
	assert_non_null(mn(bench, 1));
}

/* Which of its interfaces: by prefix, by link-layer identifier. */
static void test_which(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	const struct mh_revocation *bra;

	begin(bench, GONE_MS);
	bri.options.hnp_count = 1;
	bri.options.hnp[0] = prefix6(HNP2);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	bri.options.hnp[0] = prefix6(HNP1);
	bri.options.has_ll_id = true;
	bri.options.ll_id = ll_id6(2);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	bri.options.has_alt_coa = true;
	bri.options.alt_coa = ip6(STRANGER);
	bri.options.ll_id = ll_id6(1);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	bri.options.mn_id = nai("mn9@example.com");
	bri.options.alt_coa = ip6(PROXY_COA);
	assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
	assert_stays(bench);
	assert_int_equal(bench->mag.revocations.counters.peers_refused, 4);
	bri.options.mn_id = nai("mn1@example.com");
	bri.options.hnp_count = 2;
	bri.options.hnp[1] = prefix6(HNP2);
	/* RFC 5846 9.1: which of them it does not have is said. */
	assert_mag_answer(bench, &bri, MH_BR_PARTIAL);
	bra = &bench->world.sent[0].message->revocation;
	assert_int_equal(bra->options.hnp_count, 1);
	assert_prefix_equal(&bra->options.hnp[0], HNP2);
	assert_gone(bench);
}

/* RFC 5846 6.2.1: what is for something else. */
static void test_refused(void **state)
{
	static const struct {
		uint8_t trigger;
		uint16_t flags;
		uint8_t status;
	} cases[] = {
		{ 4, 0, MH_BR_NO_BINDING },
		{ 4, MH_BR_PROXY | MH_BR_IPV4_ONLY, MH_BR_NO_BINDING },
		{ 4, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 1, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 128, MH_BR_PROXY, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 129, MH_BR_PROXY, MH_BR_FUNCTION_NOT_SUPPORTED },
		/* It is about one, and about all. */
		{ 128, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_FUNCTION_NOT_SUPPORTED },
		{ 129, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_MN_ID_REQUIRED },
		{ 8, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 127, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 130, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 250, MH_BR_PROXY | MH_BR_GLOBAL, MH_BR_TRIGGER_NOT_SUPPORTED },
		{ 255, MH_BR_PROXY, MH_BR_TRIGGER_NOT_SUPPORTED },
	};
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	unsigned int i;

	begin(bench, GONE_MS);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bri.trigger = cases[i].trigger;
		bri.flags = cases[i].flags;
		/* RULE: BRI-06 BRI-18 */
		assert_mag_answer(bench, &bri, cases[i].status);
		assert_stays(bench);
	}
	bri = bri_of("", MH_BR_HANDOVER_UNKNOWN);
	assert_mag_answer(bench, &bri, MH_BR_MN_ID_REQUIRED);
	bri.options.has_mn_id = false;
	assert_mag_answer(bench, &bri, MH_BR_MN_ID_REQUIRED);
	assert_stays(bench);
	assert_int_equal(bench->mag.revocations.counters.peers_refused, ARRAY_SIZE(cases) + 2);
	for (bri.trigger = 2; bri.trigger <= 3; bri.trigger++) {
		bri.options = bri_of("mn9@example.com", MH_BR_HANDOVER_UNKNOWN).options;
		assert_mag_answer(bench, &bri, MH_BR_NO_BINDING);
		bri.options = bri_of("mn1@example.com", MH_BR_HANDOVER_UNKNOWN).options;
		bench->heard_ms = bench->world.now.mono_ms;
		assert_mag_answer(bench, &bri, MH_BR_ATTACHED);
	}
}

static void test_ignored(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct in6_addr src = ip6(ANCHOR), dst = ip6("ff02::1");

	begin(bench, GONE_MS);
	mag_hear_bri(bench, STRANGER, &bri);
	mag_hear_bri(bench, "ff02::2", &bri);
	mag_hear_bri(bench, "::", &bri);
	mag_on_bri(&bench->mag, &src, &dst, &bri, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 0);
	assert_int_equal(bench->mag.revocations.counters.ignored, 4);
	assert_int_equal(bench->mag.revocations.counters.received, 4);
	assert_stays(bench);
}

/* Another anchor's mobile node is not that one's to revoke. */
static void test_other_anchor(void **state)
{
	struct mag_bench *bench = *state;
	struct mh_revocation bri = bri_of("mn1@example.com",
					  MH_BR_HANDOVER_UNKNOWN);
	struct in6_addr src = ip6(STRANGER), dst = ip6(PROXY_COA);

	begin(bench, GONE_MS);
	bench->profile.mn_id = nai("mn2@example.com");
	bench->profile.lma = ip6(STRANGER);
	attach(bench, ACCESS1, 2, false);
	world_settle(&bench->world);
	world_forget_messages(&bench->world);
	mag_on_bri(&bench->mag, &src, &dst, &bri, bench->world.now,
		   &bench->world.out);
	world_settle(&bench->world);
	assert_int_equal(bench->world.sent_count, 1);
	assert_int_equal(bench->world.sent[0].message->revocation.status,
			 MH_BR_NO_BINDING);
	assert_int_equal(mn(bench, 1)->state, BULE_ACTIVE);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, mag_bench_setup, \
					mag_bench_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_gone),
		TEST(test_attached),
		TEST(test_can_not_tell),
		TEST(test_without_link),
		TEST(test_has_left),
		TEST(test_is_leaving),
		TEST(test_held),
		TEST(test_busy),
		TEST(test_busy_and_back),
		TEST(test_busy_and_held),
		TEST(test_while_asking),
		TEST(test_copy),
		TEST(test_copy_and_back),
		TEST(test_which),
		TEST(test_refused),
		TEST(test_ignored),
		TEST(test_other_anchor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
