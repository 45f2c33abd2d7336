// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <json-c/json.h>
#include <linux/netlink.h>

#include "agent.h"
#include "args.h"
#include "out.h"
#include "pmipctl.h"
#include "show.h"

static void show_one(struct nlmsghdr *nlh, void *context)
{
	struct genl_device device;
	unsigned int why;

	(void)context;
	if (genl_get_device(nlh, &device))
		return;
	out_object();
	out_string("device", NULL, device.name);
	out_u64("rx_packets", "rx-packets ", device.stats.rx_packets);
	out_u64("rx_bytes", "rx-bytes ", device.stats.rx_bytes);
	out_u64("tx_packets", "tx-packets ", device.stats.tx_packets);
	out_u64("tx_bytes", "tx-bytes ", device.stats.tx_bytes);
	if (device.stats.has_local) {
		out_u64("local_packets", "local-packets ",
			device.stats.local_packets);
		out_u64("local_bytes", "local-bytes ",
			device.stats.local_bytes);
	}
	if (device.has_fastpath) {
		out_u64("fast_rx_packets", "fast-rx-packets ",
			device.fast_rx_packets);
		out_u64("fast_tx_packets", "fast-tx-packets ",
			device.fast_tx_packets);
	}
	if (device.has_overtook)
		out_u64("fragments_overtook", "fragments-overtook ",
			device.overtook);
	out_nest("drops");
	for (why = PMIP6_DROP_NO_BINDING; why <= PMIP6_DROP_MAX; why++) {
		/* All of them in JSON, where programs look for their name. */
		if (!options.json && !options.statistics && !device.drops[why])
			continue;
		out_text("\n    drop ");
		out_text(genl_drop_name(why));
		out_text(" ");
		out_u64(genl_drop_name(why), NULL, device.drops[why]);
	}
	out_nest_end();
	out_object_end();
}

static void show_role(struct json_object *role)
{
	struct json_object *name;

	if (!json_object_is_type(role, json_type_object))
		return;
	out_object();
	if (json_object_object_get_ex(role, "role", &name))
		out_string("role", NULL, agent_text(name));
	json_object_object_foreach(role, key, value) {
		if (!json_object_is_type(value, json_type_int))
			continue;
		out_text("\n    ");
		out_text(key);
		out_text(" ");
		out_u64(key, NULL, json_object_get_uint64(value));
	}
	out_object_end();
}

static int show_agent(void)
{
	struct json_object *ask = json_object_new_object(), *answer, *roles;
	int status;
	size_t i;

	json_object_object_add(ask, "do", json_object_new_string("stats"));
	answer = agent_ask(ask, true, &status);
	if (!answer)
		return status;
	roles = agent_list(answer, "roles");
	for (i = 0; roles && i < json_object_array_length(roles); i++)
		show_role(json_object_array_get_idx(roles, i));
	json_object_put(answer);
	return 0;
}

static int show(int argc, char **argv)
{
	uint32_t ifindex = 0;
	int status;

	if (!arg_device(argc, argv, &ifindex))
		return 1;
	out_begin();
	status = show_dump(PMIP6_CMD_DEVICE_GET, PMIP6_A_DEVICE_IFINDEX, ifindex,
			   "devices", show_one);
	/* The agent's are not of one device. */
	if (!status && !argc)
		status = show_agent();
	out_end();
	return status;
}

static const struct verb verbs[] = {
	{ "show", show, "[dev DEV]" },
	{ 0 }
};

const struct noun noun_stats = { "stats", verbs };
