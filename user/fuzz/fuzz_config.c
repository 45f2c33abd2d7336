// SPDX-License-Identifier: GPL-2.0
/*
 * Octets as a configuration file. One that is refused is refused for a reason,
 * and reading it leaves nothing behind that a second reading would notice: for
 * the same file the answer is the same.
 *
 * Covers: user/pmip6d/config.c user/pmip6d/config_access.c
 * user/pmip6d/config_advertise.c user/pmip6d/config_dhcp.c
 * user/pmip6d/config_lma.c user/pmip6d/config_lma_mag.c
 * user/pmip6d/config_mag.c user/ports/conf_file.c user/ports/conf_value.c
 * user/ports/nai.c
 */
#include <string.h>

#include "../pmip6d/config.h"
#include "common/file.h"
#include "fuzz.h"

static void ask_lma(const struct config_lma *lma)
{
	static const struct mh_mn_id mn_id = {
		.subtype = MH_MN_ID_NAI, .len = 3, .data = "a@b",
	};
	struct lma_policy policy = { 0 };
	unsigned int i;

	for (i = 0; i < lma->mag_count; i++) {
		config_mag_policy(lma, &lma->mags[i].address, &mn_id, &policy);
		REQUIRE(config_mag_may_register(lma, &lma->mags[i].address) ==
			lma->mags[i].service);
	}
	REQUIRE(config_mag_may_register(lma, &in6addr_any) == lma->any_mag);
}

static void ask_mag(const struct config_mag *mag)
{
	unsigned int i;

	REQUIRE(mag->access_count);
	for (i = 0; i < mag->access_count; i++)
		REQUIRE(config_access_find(mag, mag->access[i].ifname) ==
			&mag->access[i]);
	REQUIRE(!config_access_find(mag, "none of them all"));
}

static bool read_once(const char *path, struct said *said)
{
	struct config *config;

	said_begin(said);
	config = config_load(path, said->file);
	said_end(said, path, config);
	if (!config)
		return false;
	REQUIRE(config->lma || config->mag);
	REQUIRE(!strcmp(config->path, path));
	REQUIRE(config->control_socket && config->state_directory);
	if (config->lma)
		ask_lma(config->lma);
	if (config->mag)
		ask_mag(config->mag);
	config_free(config);
	return true;
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
