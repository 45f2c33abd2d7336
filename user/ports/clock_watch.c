// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <unistd.h>

#include "clock_watch.h"

/* In 2242: it only ever ends by being cancelled. */
static int arm(int fd)
{
	struct itimerspec never = { .it_value.tv_sec = 1LL << 33 };

	if (!timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
			     &never, NULL))
		return 0;
	/* Set just now; it is armed all the same. */
	return errno == ECANCELED ? 0 : -1;
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct clock_watch *watch = io->data;
	uint64_t count;

	(void)events;
	if (read(io->fd, &count, sizeof(count)) >= 0 || errno != ECANCELED)
		return;
	if (arm(io->fd))
		ev_io_stop(loop, io);
	watch->on_set(watch->arg);
}

int clock_watch_start(struct clock_watch *watch, struct ev_loop *loop)
{
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	int error = 0;

	ev_io_init(&watch->io, on_readable, fd, EV_READ);
	watch->io.data = watch;
	if (fd < 0 || arm(fd))
		error = errno;
	else
		ev_io_start(loop, &watch->io);
	return error;
}

void clock_watch_stop(struct clock_watch *watch, struct ev_loop *loop)
{
	ev_io_stop(loop, &watch->io);
	if (watch->io.fd >= 0)
		close(watch->io.fd);
	watch->io.fd = -1;
}

bool clock_is_synchronised(void)
{
	struct timex timex = { 0 };

	return adjtimex(&timex) >= 0 && !(timex.status & STA_UNSYNC);
}
