// SPDX-License-Identifier: GPL-2.0
#include "../ports/clock_sync.h"
#include "log.h"
#include "role_clock.h"
#include "show.h"

void role_clock_check(const char *role)
{
	if (clock_sync_now().synchronized)
		return;
	log_event(REPORT_WARNING, "clock-unsynchronized",
		  " role=%s reason=\"updates are ordered by timestamps, and nothing keeps this clock: run NTP\"",
		  role);
}

void role_clock_put(struct json_object *object)
{
	struct clock_sync sync = clock_sync_now();

	show_count(object, "clock-synchronized", sync.synchronized);
	show_count(object, "clock-error-max-us", sync.max_error_us);
}
