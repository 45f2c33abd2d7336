// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/nl_queue.c
 */
#include <errno.h>
#include <ev.h>
#include <linux/rtnetlink.h>
#include <malloc.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "../ports/nl_queue.h"
#include "common/test.h"
#include "net/wrapped.h"

#define DUMPS 3

/* More than the queue sends at a time, and not the double of it. */
#define MANY 150

/* No link has such a number. */
#define NO_LINK 0x7fff0000

/**
 * struct asked - a request, and how it ended
 * @bench: which asked
 * @number: which it is
 * @messages: of its reply
 * @ended: how often it has
 * @error: how
 */
struct asked {
	struct bench *bench;
	unsigned int number;
	unsigned int messages;
	unsigned int ended;
	int error;
};

/**
 * struct bench - requests
 * @expected: when so many have ended, that is all
 * @ended: how many have
 * @order: which ended when, by number
 */
struct bench {
	struct ev_loop *loop;
	struct nl_queue *queue;
	ev_timer late;
	unsigned int expected;
	unsigned int ended;
	unsigned int order[MANY];
	struct asked asked[MANY];
};

/* --- What the kernel does not do at will. */

/**
 * struct faults - what fails
 * @sends: how many were tried
 * @largest: messages of the largest
 * @refuse_sends: so many fail
 * @refuse_together: those of more than one message fail
 * @refuse_link: so does one that asks for this link
 * @send_error: with what
 * @lose: so many times the answers that are there get lost
 */
static struct faults {
	unsigned int sends;
	size_t largest;
	unsigned int refuse_sends;
	bool refuse_together;
	int refuse_link;
	int send_error;
	unsigned int lose;
} faults;

/* NOLINTBEGIN(bugprone-reserved-identifier) */

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	const struct nlmsghdr *nlh = message->msg_iov[0].iov_base;
	const struct ifinfomsg *ifi = nlmsg_data(nlh);

	faults.sends++;
	if (faults.largest < message->msg_iovlen)
		faults.largest = message->msg_iovlen;
	if (faults.refuse_sends ||
	    (faults.refuse_together && message->msg_iovlen > 1) ||
	    (faults.refuse_link && ifi->ifi_index == faults.refuse_link)) {
		faults.refuse_sends -= faults.refuse_sends != 0;
		errno = faults.send_error;
		return -1;
	}
	return __real_sendmsg(fd, message, flags);
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned int count,
		    int flags, struct timespec *timeout)
{
	int got = __real_recvmmsg(fd, messages, count, flags, timeout);

	if (got <= 0 || !faults.lose)
		return got;
	faults.lose--;
	errno = ENOBUFS;
	return -1;
}

/* NOLINTEND(bugprone-reserved-identifier) */

/* --- Requests. */

static void on_message(void *context, struct nlmsghdr *nlh)
{
	struct asked *asked = context;

	assert_int_equal(nlh->nlmsg_type, RTM_NEWLINK);
	asked->messages++;
}

static void on_done(void *context, int error, const char *text)
{
	struct asked *asked = context;
	struct bench *bench = asked->bench;

	(void)text;
	asked->ended++;
	asked->error = error;
	bench->order[bench->ended++] = asked->number;
	if (bench->ended == bench->expected)
		ev_break(bench->loop, EVBREAK_ALL);
}

static void submit(struct bench *bench, unsigned int number, int flags,
		   int ifindex)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, flags);

	assert_non_null(msg);
	assert_int_equal(nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO),
			 0);
	bench->asked[number].bench = bench;
	bench->asked[number].number = number;
	nl_queue_submit(bench->queue, msg, on_message, on_done,
			&bench->asked[number]);
}

static void on_late(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)timer;
	(void)events;
	ev_break(loop, EVBREAK_ALL);
}

static int setup(void **state)
{
	static struct bench bench;

	memset(&bench, 0, sizeof(bench));
	memset(&faults, 0, sizeof(faults));
	bench.loop = ev_loop_new(EVFLAG_AUTO);
	bench.queue = nl_queue_new(bench.loop, NETLINK_ROUTE);
	assert_non_null(bench.queue);
	ev_timer_init(&bench.late, on_late, 30, 0);
	ev_timer_start(bench.loop, &bench.late);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	ev_timer_stop(bench->loop, &bench->late);
	nl_queue_free(bench->queue);
	ev_loop_destroy(bench->loop);
	return 0;
}

/* The kernel takes one dump at a time; what waits for it waits in its turn. */
static void test_dumps(void **state)
{
	struct bench *bench = *state;
	unsigned int i, dump = 0;

	bench->expected = DUMPS + 1;
	for (i = 0; i <= DUMPS; i++)
		submit(bench, i, i < DUMPS ? NLM_F_DUMP : 0, i < DUMPS ? 0 : 1);
	ev_run(bench->loop, 0);
	assert_int_equal(bench->ended, DUMPS + 1);
	for (i = 0; i <= DUMPS; i++) {
		assert_int_equal(bench->asked[i].error, 0);
		/* Every one has the loopback device at least. */
		assert_int_not_equal(bench->asked[i].messages, 0);
		if (bench->order[i] == DUMPS)
			continue;
		assert_int_equal(bench->order[i], dump);
		dump++;
	}
}

/* --- Many at a time. */

static int link_of(unsigned int number)
{
	return number % 3 ? 1 : NO_LINK + (int)number;
}

static void submit_many(struct bench *bench)
{
	unsigned int i;

	bench->expected = MANY;
	for (i = 0; i < MANY; i++)
		submit(bench, i, 0, link_of(i));
}

/* Each has ended once, as it should; but @other, as it is said. */
static void assert_answered(const struct bench *bench, int other, int error)
{
	const struct asked *asked;
	unsigned int i;

	assert_int_equal(bench->ended, MANY);
	for (i = 0; i < MANY; i++) {
		asked = &bench->asked[i];
		assert_int_equal(asked->ended, 1);
		if ((int)i == other) {
			assert_int_equal(asked->error, error);
			continue;
		}
		assert_int_equal(asked->error, i % 3 ? 0 : ENODEV);
		assert_int_equal(asked->messages, i % 3 ? 1 : 0);
	}
}

/* One send has many, and each is answered by itself, in their order. */
static void test_together(void **state)
{
	struct bench *bench = *state;
	unsigned int i;

	submit_many(bench);
	assert_int_equal(faults.sends, 0);
	ev_run(bench->loop, 0);
	assert_answered(bench, -1, 0);
	for (i = 0; i < MANY; i++)
		assert_int_equal(bench->order[i], i);
	assert_int_equal(faults.sends, 3);
	assert_int_equal(faults.largest, 64);
}

/* Answers got lost: whoever has none asks again, and nobody is answered twice. */
static void test_answers_lost(void **state)
{
	struct bench *bench = *state;

	faults.lose = 3;
	submit_many(bench);
	ev_run(bench->loop, 0);
	assert_int_equal(faults.lose, 0);
	assert_answered(bench, -1, 0);
	assert_in_range(faults.sends, 4, 9);
}

/* The kernel has no memory for it just now. */
static void test_send_refused(void **state)
{
	struct bench *bench = *state;

	faults.refuse_sends = 5;
	faults.send_error = ENOBUFS;
	submit_many(bench);
	ev_run(bench->loop, 0);
	assert_int_equal(faults.refuse_sends, 0);
	assert_answered(bench, -1, 0);
}

/* Where many at a time are too much, one is taken. */
static void test_together_refused(void **state)
{
	struct bench *bench = *state;

	faults.refuse_together = true;
	faults.send_error = EMSGSIZE;
	submit_many(bench);
	ev_run(bench->loop, 0);
	assert_answered(bench, -1, 0);
}

/* One that is never taken keeps none of the others from being so. */
static void test_one_refused(void **state)
{
	struct bench *bench = *state;

	faults.refuse_link = link_of(66);
	faults.refuse_together = true;
	faults.send_error = EPERM;
	submit_many(bench);
	ev_run(bench->loop, 0);
	assert_answered(bench, 66, EPERM);
}

#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

static size_t allocated(void)
{
#ifdef __SANITIZE_ADDRESS__
	return __sanitizer_get_current_allocated_bytes();
#else
	return mallinfo2().uordblks;
#endif
}

/* A million may wait when the module comes back: none of them takes a page. */
static void test_small_while_waiting(void **state)
{
	struct bench *bench = *state;
	size_t before = allocated();

	submit_many(bench);
	assert_in_range(allocated() - before, 1, MANY * 512);
	ev_run(bench->loop, 0);
	assert_answered(bench, -1, 0);
}

static void on_turn_ends(struct ev_loop *loop, ev_prepare *prepare, int events)
{
	(void)events;
	submit(prepare->data, 0, 0, 1);
	ev_prepare_stop(loop, prepare);
}

/* What is asked for just as a turn ends does not wait for something else to happen. */
static void test_at_the_end_of_a_turn(void **state)
{
	struct bench *bench = *state;
	ev_prepare prepare;

	bench->expected = 1;
	ev_prepare_init(&prepare, on_turn_ends);
	prepare.data = bench;
	ev_prepare_start(bench->loop, &prepare);
	ev_run(bench->loop, EVRUN_ONCE);
	assert_int_equal(faults.sends, 1);
	assert_int_equal(bench->ended, 1);
	assert_int_equal(bench->asked[0].error, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_dumps),
		TEST(test_together),
		TEST(test_answers_lost),
		TEST(test_send_refused),
		TEST(test_together_refused),
		TEST(test_one_refused),
		TEST(test_small_while_waiting),
		TEST(test_at_the_end_of_a_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
