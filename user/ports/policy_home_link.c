// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "../engine/update_list.h"
#include "policy_home_link.h"

void policy_read_home_link(struct conf *conf, cfg_t *section,
			   struct policy_home_link *home)
{
	static const char *const names[] = {
		[ADDRESS_SLAAC] = "slaac",
		[ADDRESS_STATELESS] = "stateless-dhcpv6",
		[ADDRESS_DHCPV6] = "dhcpv6",
		[ADDRESS_BOTH] = "both",
		[ADDRESS_MANUAL] = "manual",
	};
	const struct conf_value *value;
	unsigned int i, count = sizeof(names) / sizeof(names[0]);

	conf_u32(conf, section, "valid-lifetime", 1, UINT32_MAX,
		 &home->valid_s);
	conf_u32(conf, section, "preferred-lifetime", 1, UINT32_MAX,
		 &home->preferred_s);
	value = conf_value(section, "preferred-lifetime");
	if (home->valid_s && home->preferred_s > home->valid_s)
		conf_error(conf, value->line,
			   "preferred-lifetime %u is more than valid-lifetime %u",
			   home->preferred_s, home->valid_s);
	value = conf_value(section, "address-configuration");
	if (!value)
		return;
	for (i = 0; i < count && strcmp(value->text, names[i]); i++)
		continue;
	if (i == count)
		conf_error(conf, value->line,
			   "\"%s\" is not a value of address-configuration, which is slaac, stateless-dhcpv6, dhcpv6, both or manual",
			   value->text);
	home->configuration = (uint8_t)i;
}
