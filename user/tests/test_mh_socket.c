// SPDX-License-Identifier: GPL-2.0
/*
 * user/ports/mh_socket.c
 */
#include <errno.h>
#include <net/if.h>
#include <sys/socket.h>

#include "../ports/mh_answer.h"
#include "common/vectors.h"
#include "net/mh_fixture.h"
#include "net/netns.h"

static bool mag_has_received(void *arg)
{
	return ((struct mh_fixture *)arg)->mag.received;
}

static int send_message(struct end *end, const char *from, const char *to,
			const struct mh_message *message)
{
	struct in6_addr src = ip6(from), dst = ip6(to);

	return mh_socket_send(end->sock, &src, &dst, message);
}

static void assert_same_message(const struct mh_message *got,
				const struct mh_message *want)
{
	uint8_t data[2][MH_MAX_LEN];
	size_t len = mh_build(want, data[0], sizeof(data[0]));

	assert_true(len > 0);
	assert_int_equal(mh_build(got, data[1], sizeof(data[1])), len);
	assert_memory_equal(data[1], data[0], len);
}

static void test_to_and_fro(void **state)
{
	struct mh_fixture *fixture = *state;
	struct in6_addr mag = ip6(MAG), lma = ip6(LMA);
	struct mh_message pbu, pba;

	full_update(&pbu);
	full_ack(&pba);
	assert_int_equal(send_message(&fixture->mag, MAG, LMA, &pbu), 0);
	assert_true(comes_true(fixture->loop, lma_has_received, fixture));
	assert_memory_equal(&fixture->lma.src, &mag, sizeof(mag));
	assert_memory_equal(&fixture->lma.dst, &lma, sizeof(lma));
	assert_same_message(&fixture->lma.message, &pbu);

	assert_int_equal(send_message(&fixture->lma, LMA, MAG, &pba), 0);
	assert_true(comes_true(fixture->loop, mag_has_received, fixture));
	assert_same_message(&fixture->mag.message, &pba);
	assert_int_equal(fixture->mag.received, 1);
	assert_int_equal(fixture->lma.received, 1);
	assert_int_equal(mh_count(&fixture->lma, "received"), 1);
	assert_int_equal(mh_count(&fixture->lma, "sent"), 1);
}

/* More than one turn of the loop reads, all of them come. */
static void test_many_messages(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data);
	int i;

	for (i = 0; i < 500; i++)
		send_sealed(fixture, data, len);
	flush(fixture);
	while (mh_count(&fixture->lma, "received") < 501)
		flush(fixture);
	assert_int_equal(mh_count(&fixture->lma, "queue-overflows"), 0);
}

/* As a station on the way might cut it: the checksum is that of the whole. */
static void test_cut_short(void **state)
{
	struct mh_fixture *fixture = *state;
	uint64_t truncated, checksum, received;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data), cut;
	uint8_t *copy;

	set_checksum(LMA, data, len);
	for (cut = 0; cut < len; cut++) {
		copy = exact_copy(data, cut);
		send_octets(fixture, LMA, copy, cut);
		free(copy);
	}
	flush(fixture);
	truncated = mh_count(&fixture->lma, "truncated");
	checksum = mh_count(&fixture->lma, "checksum");
	received = mh_count(&fixture->lma, "received");
	assert_int_equal(received, 1);
	/* Less than 6 octets have no checksum. */
	assert_int_equal(truncated, fixture->kernel_filters ? 0 : 6);
	assert_int_equal(checksum, fixture->kernel_filters ? 0 : len - 6);
}

/* As a peer might send it: short, and with the right checksum for that. */
static void test_sent_short(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data), cut;

	for (cut = 0; cut < len; cut++)
		send_sealed(fixture, data, cut);
	flush(fixture);
	assert_int_equal(mh_count(&fixture->lma, "received"), 1);
	assert_int_equal(mh_count(&fixture->lma, "checksum"), 0);
	assert_int_equal(mh_count(&fixture->lma, "truncated"),
			 fixture->kernel_filters ? 0 : len);
}

/* And with a Header Len that is right for it: options run past the end. */
static void test_options_cut_short(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data), cut, sent = 0;
	uint64_t counted;

	for (cut = 16; cut < len; cut += 8, sent++) {
		data[1] = (uint8_t)(cut / 8 - 1);
		send_sealed(fixture, data, cut);
	}
	flush(fixture);
	counted = mh_count(&fixture->lma, "option-truncated") +
		  mh_count(&fixture->lma, "option-length") +
		  mh_count(&fixture->lma, "received");
	assert_int_equal(counted, sent + 1);
	assert_true(mh_count(&fixture->lma, "option-truncated") > 0);
}

static void test_wrong_checksum(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data);

	set_checksum(LMA, data, len);
	data[4] ^= 1;
	send_octets(fixture, LMA, data, len);
	data[4] ^= 1;
	data[len - 1] ^= 1;
	send_octets(fixture, LMA, data, len);
	flush(fixture);
	/* RULE: B-LMA-12 B-MAG-74 */
	assert_int_equal(fixture->lma.received, 1);
	assert_int_equal(mh_count(&fixture->lma, "checksum"), 2);
	assert_int_equal(mh_count(&fixture->lma, "received"), 1);
}

/* How many Binding Errors the peer has; each must be as it should. */
static unsigned int take_binding_errors(const struct mh_fixture *fixture)
{
	struct in6_addr src = ip6(LMA), dst = ip6(PEER);
	struct mh_message message;
	uint8_t data[MH_MAX_LEN];
	unsigned int n = 0;
	ssize_t len;

	while ((len = recv(fixture->in, data, sizeof(data),
			   MSG_DONTWAIT)) > 0) {
		assert_int_equal(mh_checksum(&src, &dst, data, (size_t)len),
				 0);
		assert_int_equal(mh_parse(data, (size_t)len, &message), MH_OK);
		assert_int_equal(message.type, MH_BINDING_ERROR);
		/* RULE: B-LMA-12 */
		assert_int_equal(message.be.status, 2);
		assert_memory_equal(&message.be.home_address, &in6addr_any, 16);
		n++;
	}
	return n;
}

static void test_unknown_type(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[16] = { 59, 1, 99 };
	unsigned int i, answers;

	send_sealed(fixture, data, sizeof(data));
	flush(fixture);
	assert_int_equal(take_binding_errors(fixture), 1);
	assert_int_equal(mh_count(&fixture->lma, "unknown-type"), 1);
	assert_int_equal(mh_count(&fixture->lma, "binding-errors-sent"), 1);

	for (i = 0; i < 100; i++)
		send_sealed(fixture, data, sizeof(data));
	flush(fixture);
	assert_int_equal(mh_count(&fixture->lma, "unknown-type"), 101);
	answers = take_binding_errors(fixture);
	/* It may have taken some tenths of a second. */
	assert_in_range(answers, MH_ANSWER_BURST - 1, MH_ANSWER_BURST + 20);
	assert_int_equal(mh_count(&fixture->lma, "answers-not-sent"),
			 100 - answers);
}

/* RFC 6275 9.3.3: an error is not answered by one. */
static void test_binding_error_is_a_message(void **state)
{
	struct mh_fixture *fixture = *state;
	struct mh_message error = { .type = MH_BINDING_ERROR };

	error.be.status = 2;
	error.be.home_address = ip6("2001:db8::77");
	assert_int_equal(send_message(&fixture->mag, MAG, LMA, &error), 0);
	assert_true(comes_true(fixture->loop, lma_has_received, fixture));
	assert_int_equal(fixture->lma.message.type, MH_BINDING_ERROR);
	assert_memory_equal(&fixture->lma.message.be, &error.be,
			    sizeof(error.be));
	assert_int_equal(mh_count(&fixture->lma, "binding-errors-sent"), 0);
}

/* By the socket, or by the kernel in its place, but not by both. */
static void test_problems(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t payload[16] = { 6, 1, MH_BINDING_UPDATE };
	uint8_t header_len[16] = { 59, 0, MH_BINDING_UPDATE };
	uint64_t ours = fixture->kernel_filters ? 0 : 1;

	send_sealed(fixture, payload, sizeof(payload));
	flush(fixture);
	/* RULE: B-LMA-12 */
	expect_problem(fixture, 40);
	assert_int_equal(mh_count(&fixture->lma, "payload-proto"), ours);
	send_sealed(fixture, header_len, sizeof(header_len));
	flush(fixture);
	/* RULE: B-LMA-12 */
	expect_problem(fixture, 41);
	expect_no_problem(fixture);
	assert_int_equal(mh_count(&fixture->lma, "header-len"), ours);
	assert_int_equal(mh_count(&fixture->lma, "parameter-problems-sent"),
			 2 * ours);
}

static void test_oversize(void **state)
{
	struct mh_fixture *fixture = *state;
	static uint8_t data[3000];
	size_t len = build_pbu(data);

	/* What is behind a message is ignored, if all of it can be summed. */
	memset(data + len, 0x5a, sizeof(data) - len);
	set_checksum(LMA, data, MH_MAX_LEN);
	send_octets(fixture, LMA, data, MH_MAX_LEN);
	set_checksum(LMA, data, MH_MAX_LEN + 1);
	send_octets(fixture, LMA, data, MH_MAX_LEN + 1);
	flush(fixture);
	assert_int_equal(mh_count(&fixture->lma, "oversize"), 1);
	assert_int_equal(mh_count(&fixture->lma, "received"), 2);
}

static void make_lonely_link(void)
{
	shell("ip link add out type veth peer name far && "
	      "ip link set out up && ip link set far up");
	await_carrier("out");
	add_address("2001:db8:9::1/64", "out");
	/* The owner of an address is asked for once, and for a short time. */
	shell("echo 20 >/proc/sys/net/ipv6/neigh/out/retrans_time_ms && "
	      "echo 1 >/proc/sys/net/ipv6/neigh/out/mcast_solicit");
}

static bool lma_had_other(void *arg)
{
	return mh_count(&((struct mh_fixture *)arg)->lma, "other-destination");
}

/* A raw socket has what goes to groups, too. */
static void test_group(void **state)
{
	struct mh_fixture *fixture = *state;
	uint8_t data[MH_MAX_LEN];
	size_t len = build_pbu(data);
	int ifindex;

	make_lonely_link();
	ifindex = (int)if_nametoindex("out");
	assert_int_equal(setsockopt(fixture->out, IPPROTO_IPV6,
				    IPV6_MULTICAST_IF, &ifindex,
				    sizeof(ifindex)), 0);
	set_checksum("ff02::1", data, len);
	send_octets(fixture, "ff02::1", data, len);
	assert_true(comes_true(fixture->loop, lma_had_other, fixture));
	flush(fixture);
	assert_int_equal(mh_count(&fixture->lma, "received"), 1);
}

static bool mag_was_told(void *arg)
{
	return ((struct mh_fixture *)arg)->mag.unreachable;
}

static void test_unreachable_peer(void **state)
{
	struct mh_fixture *fixture = *state;
	struct in6_addr nobody = ip6("2001:db8:9::2");
	struct mh_message pbu;
	int i;

	make_lonely_link();
	full_update(&pbu);
	assert_int_equal(send_message(&fixture->mag, MAG, "2001:db8:9::2",
				      &pbu), 0);
	assert_true(comes_true(fixture->loop, mag_was_told, fixture));
	assert_memory_equal(&fixture->mag.peer, &nobody, sizeof(nobody));
	assert_int_equal(fixture->mag.error, EHOSTUNREACH);
	assert_true(mh_count(&fixture->mag, "unreachable") > 0);

	/* It goes on, to others and from them. */
	for (i = 0; i < 3; i++)
		assert_int_equal(send_message(&fixture->mag, MAG, LMA, &pbu),
				 0);
	assert_true(comes_true(fixture->loop, lma_has_received, fixture));
	assert_int_equal(send_message(&fixture->lma, LMA, MAG, &pbu), 0);
	assert_true(comes_true(fixture->loop, mag_has_received, fixture));
	assert_int_equal(mh_count(&fixture->mag, "send-failed"), 0);
}

/* The error of an earlier message is not that of the next one. */
static void test_error_before_send(void **state)
{
	struct mh_fixture *fixture = *state;
	struct mh_message pbu;

	/* Nobody has a socket there: the kernel says so before this returns. */
	add_address("2001:db8::5/128", "lo");
	full_update(&pbu);
	assert_int_equal(send_message(&fixture->mag, MAG, "2001:db8::5", &pbu),
			 0);
	assert_int_equal(send_message(&fixture->mag, MAG, LMA, &pbu), 0);
	assert_true(comes_true(fixture->loop, lma_has_received, fixture));
	assert_true(comes_true(fixture->loop, mag_was_told, fixture));
	assert_int_equal(mh_count(&fixture->mag, "send-failed"), 0);
	assert_int_equal(mh_count(&fixture->mag, "sent"), 2);
}

static void test_cannot_send(void **state)
{
	struct mh_fixture *fixture = *state;
	struct mh_message pbu;

	full_update(&pbu);
	assert_int_equal(send_message(&fixture->mag, MAG, "2001:db8:8::1",
				      &pbu), ENETUNREACH);
	assert_int_equal(send_message(&fixture->mag, MAG, "ff02::1", &pbu),
			 EINVAL);
	assert_int_equal(send_message(&fixture->mag, MAG, "::", &pbu), EINVAL);
	pbu.type = 99;
	assert_int_equal(send_message(&fixture->mag, MAG, LMA, &pbu), EINVAL);
	assert_int_equal(mh_count(&fixture->mag, "send-failed"), 4);
	assert_int_equal(mh_count(&fixture->mag, "sent"), 0);
}

static void test_cannot_open(void **state)
{
	struct mh_fixture *fixture = *state;
	struct end end = { 0 };
	struct mh_socket_config config = config_of(&end, "2001:db8::99");

	assert_int_equal(mh_socket_open(fixture->loop, &config, &end.sock),
			 EADDRNOTAVAIL);
	config = config_of(&end, MAG);
	config.underlay = "nowhere";
	assert_int_equal(mh_socket_open(fixture->loop, &config, &end.sock),
			 ENODEV);
	mh_socket_close(NULL);
}

static void test_underlay_and_mark(void **state)
{
	struct mh_fixture *fixture = *state;
	struct end end = { 0 };
	struct mh_socket_config config = config_of(&end, "2001:db8:9::1");
	struct mh_message pbu;

	make_lonely_link();
	shell("ip -6 route add 2001:db8:7::/64 via 2001:db8:9::2 && "
	      "ip -6 rule add fwmark 7 prohibit");
	full_update(&pbu);
	assert_int_equal(mh_socket_open(fixture->loop, &config, &end.sock), 0);
	assert_int_equal(send_message(&end, "2001:db8:9::1", "2001:db8:7::1",
				      &pbu), 0);
	mh_socket_close(end.sock);

	config.mark = 7;
	assert_int_equal(mh_socket_open(fixture->loop, &config, &end.sock), 0);
	assert_int_equal(send_message(&end, "2001:db8:9::1", "2001:db8:7::1",
				      &pbu), EACCES);
	mh_socket_close(end.sock);

	config.mark = 0;
	config.underlay = "out";
	assert_int_equal(mh_socket_open(fixture->loop, &config, &end.sock), 0);
	assert_int_equal(send_message(&end, "2001:db8:9::1", "2001:db8:7::1",
				      &pbu), 0);
	/* A way to there is by the loopback link only. */
	assert_int_equal(send_message(&end, "2001:db8:9::1", LMA, &pbu),
			 ENETUNREACH);
	mh_socket_close(end.sock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, mh_set_up, mh_tear_down)
		TEST(test_to_and_fro),
		TEST(test_many_messages),
		TEST(test_cut_short),
		TEST(test_sent_short),
		TEST(test_options_cut_short),
		TEST(test_wrong_checksum),
		TEST(test_unknown_type),
		TEST(test_binding_error_is_a_message),
		TEST(test_problems),
		TEST(test_oversize),
		TEST(test_group),
		TEST(test_unreachable_peer),
		TEST(test_error_before_send),
		TEST(test_cannot_send),
		TEST(test_cannot_open),
		TEST(test_underlay_and_mark),
	};

	if (!have_root())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
