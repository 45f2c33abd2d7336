// SPDX-License-Identifier: GPL-2.0
#include <sys/timex.h>

#include "clock_sync.h"

struct clock_sync clock_sync_now(void)
{
	struct timex timex = { .modes = 0 };
	struct clock_sync sync = { .synchronized = false };
	int state = ntp_adjtime(&timex);

	if (state < 0)
		return sync;
	sync.synchronized = state != TIME_ERROR &&
			    !(timex.status & STA_UNSYNC);
	sync.max_error_us = timex.maxerror > 0 ? (uint64_t)timex.maxerror : 0;
	return sync;
}
