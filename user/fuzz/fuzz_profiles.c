// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as a file of policy profiles, and what gateways and anchors then ask.
 * A file that is refused is refused for a reason; reading it twice says the
 * same.
 *
 * Covers: user/ports/policy_file.c user/ports/policy_home_link.c
 * user/ports/conf_file.c user/ports/conf_value.c user/ports/nai.c
 */
#include <string.h>

#include "../ports/policy.h"
#include "../ports/policy_file.h"
#include "common/file.h"
#include "fuzz.h"

static const struct config_mag mag = {
	.lma = { .s6_addr = { 0x20, 1, [15] = 1 } },
	.realm_of_unknown = "example.com",
};

static const struct config_lma lma = {
	.accept_unknown_mns = true,
	.prefixes_per_session = 1,
};

static void ask_anchor(const struct policy *policy,
		       const struct mh_mn_id *mn_id, const uint8_t *lladdr)
{
	struct mh_ll_id ll_id = { .len = ETH_ALEN };
	struct lma_policy answer = { 0 };

	memcpy(ll_id.data, lladdr, ETH_ALEN);
	policy_for_mn(policy, mn_id, &ll_id, &lma, &answer);
	ll_id.len = 0;
	policy_for_mn(policy, mn_id, &ll_id, &lma, &answer);
}

/* As a gateway hears it: its profile is that which has it as an interface. */
static void ask(const struct policy *policy, const uint8_t *lladdr)
{
	const uint8_t (*lladdrs)[ETH_ALEN];
	struct mag_profile profile = { 0 };
	enum policy_answer answer;
	unsigned int count, i;

	answer = policy_for_lladdr(policy, lladdr, &mag, &profile);
	/* All that are unknown have an identifier of that realm. */
	if (answer != POLICY_SERVICE)
		return;
	REQUIRE(profile.mn_id.len);
	ask_anchor(policy, &profile.mn_id, lladdr);
	count = policy_lladdrs(policy, &profile.mn_id, &lladdrs);
	for (i = 0; i < count; i++)
		if (!memcmp(lladdrs[i], lladdr, ETH_ALEN))
			return;
	REQUIRE(!count);
}

static void note(void *context, const struct mh_prefix *hnp)
{
	unsigned int *count = context;

	REQUIRE(hnp->len <= 128 && !mh_prefix_any(hnp));
	++*count;
}

static void ask_all(const struct policy *policy)
{
	static const struct mh_mn_id mn_id = {
		.subtype = MH_MN_ID_NAI, .len = 15, .data = "mn1@example.com",
	};
	uint8_t lladdr[ETH_ALEN] = { 2 };
	unsigned int prefixes = 0;

	for (lladdr[ETH_ALEN - 1] = 0; lladdr[ETH_ALEN - 1] < 8;
	     lladdr[ETH_ALEN - 1]++)
		ask(policy, lladdr);
	ask_anchor(policy, &mn_id, lladdr);
	policy_each_prefix(policy, note, &prefixes);
	REQUIRE(policy_count(policy) || !prefixes);
}

static bool read_once(const char *path, struct said *said)
{
	struct policy *policy;

	said_begin(said);
	policy = policy_load(path, said->file);
	said_end(said, path, policy);
	if (policy)
		ask_all(policy);
	policy_free(policy);
	return policy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = file_of(data, size);
	struct said first, second;
	bool good;

	good = read_once(path, &first);
	REQUIRE(read_once(path, &second) == good);
	REQUIRE(first.size == second.size &&
		!memcmp(first.text, second.text, first.size));
	free(first.text);
	free(second.text);
	return 0;
}
