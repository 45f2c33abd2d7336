// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <ev.h>
#include <json-c/json.h>
#include <utlist.h>

#include "../engine/alloc.h"
#include "agent.h"
#include "control.h"
#include "lma_role.h"
#include "mag_role.h"
#include "operator_flow.h"
#include "operator_revoke.h"
#include "peer_show.h"

/* No request is longer. */
#define LINE_MAX_LEN 4096

/* More are let wait by the kernel. */
#define MAX_CLIENTS 32

/* An answer that is given later: when what it says is on disk, or is over. */
struct held {
	struct client *client;		/* NULL: it has hung up */
	struct json_object *answer;
	uint64_t failed;
};

struct client {
	struct client *prev, *next;
	struct control *control;
	struct ev_io readable, writable;
	char line[LINE_MAX_LEN];
	size_t len;
	struct held *held;
	char *answer;
	size_t answer_len, answer_sent;
};

struct control {
	struct agent *agent;
	struct ev_io acceptable;
	struct client *clients;
	unsigned int count;
	struct sockaddr_un address;
};

/* --- What can be asked for. */

static struct json_object *refusal(const char *why)
{
	struct json_object *answer = json_object_new_object();

	json_object_object_add(answer, "error", json_object_new_string(why));
	return answer;
}

static struct json_object *outcome(const char *why)
{
	return why ? refusal(why) : json_object_new_object();
}

static const char *word(struct json_object *request, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(request, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static struct json_object *mn_show(struct agent *agent,
				   struct json_object *request)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const char *mn = word(request, "mn");

	if (agent->lma)
		lma_role_put_mns(agent->lma, mn, list);
	if (agent->mag)
		mag_role_put_mns(agent->mag, mn, list);
	json_object_object_add(answer, "mns", list);
	return answer;
}

static struct json_object *mn_attach(struct agent *agent,
				     struct json_object *request)
{
	const char *mn = word(request, "mn");

	if (!agent->mag)
		return refusal("this agent is no mobile access gateway");
	if (!mn)
		return refusal("no mobile node was named");
	return outcome(mag_role_attach(agent->mag, mn,
				       word(request, "access"),
				       word(request, "handoff")));
}

static struct json_object *mn_detach(struct agent *agent,
				     struct json_object *request)
{
	const char *mn = word(request, "mn");

	if (!agent->mag)
		return refusal("this agent is no mobile access gateway");
	if (!mn)
		return refusal("no mobile node was named");
	return outcome(mag_role_detach(agent->mag, mn));
}

static struct json_object *mn_renumber(struct agent *agent,
				       struct json_object *request)
{
	struct json_object *answer, *given = NULL, *list, *prefix;
	const char *mn = word(request, "mn"), *prefixes[MH_MAX_HNP], *why;
	size_t count = 0, i;

	if (!agent->lma)
		return refusal("this agent is no local mobility anchor");
	if (!mn)
		return refusal("no mobile node was named");
	if (json_object_object_get_ex(request, "hnp", &given) &&
	    json_object_is_type(given, json_type_array))
		count = json_object_array_length(given);
	if (count > MH_MAX_HNP)
		return refusal("no session has so many prefixes");
	for (i = 0; i < count; i++) {
		prefix = json_object_array_get_idx(given, i);
		prefixes[i] = json_object_is_type(prefix, json_type_string) ?
			      json_object_get_string(prefix) : "";
	}
	list = json_object_new_array();
	why = lma_role_renumber(agent->lma, mn, prefixes, (unsigned int)count,
				list);
	if (why) {
		json_object_put(list);
		return refusal(why);
	}
	answer = json_object_new_object();
	json_object_object_add(answer, "mns", list);
	return answer;
}

static struct json_object *stats(struct agent *agent,
				 struct json_object *request)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *roles = json_object_new_array(), *role;

	(void)request;
	if (agent->lma) {
		role = json_object_new_object();
		json_object_object_add(role, "role",
				       json_object_new_string("lma"));
		lma_role_put_stats(agent->lma, role);
		json_object_array_add(roles, role);
	}
	if (agent->mag) {
		role = json_object_new_object();
		json_object_object_add(role, "role",
				       json_object_new_string("mag"));
		mag_role_put_stats(agent->mag, role);
		json_object_array_add(roles, role);
	}
	json_object_object_add(answer, "roles", roles);
	return answer;
}

static struct json_object *peer_show(struct agent *agent,
				     struct json_object *request)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *list = json_object_new_array();
	const char *peer = word(request, "peer");

	if (agent->lma)
		peer_show_put(&agent->lma->role, peer, list);
	if (agent->mag)
		peer_show_put(&agent->mag->role, peer, list);
	json_object_object_add(answer, "peers", list);
	return answer;
}

/* One address may be a peer of both roles. */
static struct json_object *peer_reset(struct agent *agent,
				      struct json_object *request)
{
	const char *peer = word(request, "peer"), *why = NULL, *other = NULL;

	if (!peer)
		return refusal("no peer was named");
	if (agent->lma)
		why = peer_show_reset(&agent->lma->role, peer);
	if (agent->mag)
		other = peer_show_reset(&agent->mag->role, peer);
	if (agent->lma && agent->mag)
		return outcome(why && other ? why : NULL);
	return outcome(agent->lma ? why : other);
}

static struct json_object *group_show(struct agent *agent,
				      struct json_object *request)
{
	struct json_object *answer = json_object_new_object();
	struct json_object *list = json_object_new_array();

	(void)request;
	if (agent->lma)
		lma_role_put_groups(agent->lma, list);
	if (agent->mag)
		mag_role_put_groups(agent->mag, list);
	json_object_object_add(answer, "groups", list);
	return answer;
}

static struct json_object *group_renew(struct agent *agent,
				       struct json_object *request)
{
	const char *group = word(request, "group");

	if (!agent->mag)
		return refusal("this agent is no mobile access gateway");
	if (!group)
		return refusal("no group was named");
	return outcome(mag_role_renew_group(agent->mag, group));
}

static void read_revoke(struct json_object *request, struct revoke_words *words)
{
	words->mn = word(request, "mn");
	words->hnp = word(request, "hnp");
	words->group = word(request, "group");
	words->mag = word(request, "mag");
	words->lma = word(request, "lma");
	words->realm = word(request, "realm");
}

/**
 * struct request - what can be asked for
 * @what: its name
 * @answer: does it
 * @stores: what the answer says is true only once it is stored
 */
static const struct request {
	const char *what;
	struct json_object *(*answer)(struct agent *agent,
				      struct json_object *request);
	bool stores;
} requests[] = {
	{ "mn-show", mn_show, false },
	{ "mn-attach", mn_attach, false },
	{ "mn-detach", mn_detach, false },
	{ "mn-renumber", mn_renumber, true },
	{ "peer-show", peer_show, false },
	{ "peer-reset", peer_reset, false },
	{ "group-show", group_show, false },
	{ "group-renew", group_renew, false },
	{ "flow-show", operator_flow_show, false },
	{ "flow-add", operator_flow_set, false },
	{ "flow-change", operator_flow_set, false },
	{ "flow-del", operator_flow_delete, false },
	{ "stats", stats, false },
};

static struct json_object *answer_to(struct agent *agent,
				     struct json_object *request, bool *stores)
{
	const char *what = request ? word(request, "do") : NULL;
	struct json_object *answer = NULL;
	size_t i;

	for (i = 0; what && i < sizeof(requests) / sizeof(*requests); i++) {
		if (strcmp(requests[i].what, what))
			continue;
		answer = requests[i].answer(agent, request);
		*stores = requests[i].stores;
	}
	if (!answer)
		answer = refusal(request ? "that is no request that this agent knows" :
					   "that is no JSON object");
	return answer;
}

/* --- Conversations. */

static void drop(struct client *client)
{
	struct control *control = client->control;
	struct ev_loop *loop = control->agent->loop;

	ev_io_stop(loop, &client->readable);
	ev_io_stop(loop, &client->writable);
	close(client->readable.fd);
	if (client->held)
		client->held->client = NULL;
	DL_DELETE(control->clients, client);
	if (control->count-- == MAX_CLIENTS)
		ev_io_start(loop, &control->acceptable);
	free(client->answer);
	free(client);
}

static void send_answer(struct client *client, struct json_object *answer)
{
	const char *text = json_object_to_json_string_ext(answer,
						JSON_C_TO_STRING_PLAIN);

	client->answer_len = strlen(text) + 1;
	client->answer_sent = 0;
	client->answer = must_copy(text, client->answer_len);
	client->answer[client->answer_len - 1] = '\n';
	json_object_put(answer);
	ev_io_start(client->control->agent->loop, &client->writable);
}

static uint64_t failed_to_store(const struct agent *agent)
{
	return agent->lma ? agent->lma->lma.counters.renumber_failed : 0;
}

static void on_stored(void *arg, int error)
{
	struct held *held = arg;
	struct client *client = held->client;

	if (!client) {
		json_object_put(held->answer);
		free(held);
		return;
	}
	if (error || failed_to_store(client->control->agent) != held->failed) {
		json_object_put(held->answer);
		held->answer = refusal("it could not be stored: the agent's log says why");
	}
	client->held = NULL;
	send_answer(client, held->answer);
	free(held);
}

/*
 * Batches are stored in their order: an empty one is done when all that the
 * request has changed is. What an operator was told must not be gone when the
 * process is killed.
 */
static void hold_answer(struct client *client, struct json_object *answer)
{
	struct agent *agent = client->control->agent;

	client->held = must_alloc(sizeof(*client->held));
	client->held->client = client;
	client->held->answer = answer;
	client->held->failed = failed_to_store(agent);
	store_submit(agent->store, store_batch_new(STORE_LMA), on_stored,
		     client->held);
}

static void on_revoked(void *arg, struct json_object *answer)
{
	struct held *held = arg;

	if (held->client) {
		held->client->held = NULL;
		send_answer(held->client, answer);
	} else {
		json_object_put(answer);
	}
	free(held);
}

/* Peers are asked first. */
static void start_revoke(struct client *client, struct json_object *request)
{
	struct held *held = must_alloc(sizeof(*held));
	struct revoke_words words;
	const char *why;

	client->held = held;
	held->client = client;
	read_revoke(request, &words);
	why = operator_revoke(client->control->agent, &words, on_revoked, held);
	if (!why)
		return;
	client->held = NULL;
	free(held);
	send_answer(client, refusal(why));
}

static void start_answer(struct client *client)
{
	struct json_object *request = json_tokener_parse(client->line), *answer;
	struct agent *agent = client->control->agent;
	const char *what = request ? word(request, "do") : NULL;
	bool stores = false;

	ev_io_stop(agent->loop, &client->readable);
	if (what && !strcmp(what, "revoke")) {
		start_revoke(client, request);
		json_object_put(request);
		return;
	}
	answer = answer_to(agent, request, &stores);
	json_object_put(request);
	if (stores)
		hold_answer(client, answer);
	else
		send_answer(client, answer);
}

/* Answers the first line that is there; the next after its answer has gone. */
static void look_for_line(struct client *client)
{
	char *end = memchr(client->line, '\n', client->len);
	size_t used;

	if (!end) {
		if (client->len == sizeof(client->line))
			drop(client);
		return;
	}
	*end = '\0';
	start_answer(client);
	used = (size_t)(end + 1 - client->line);
	client->len -= used;
	memmove(client->line, end + 1, client->len);
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct client *client = io->data;
	ssize_t got = recv(io->fd, client->line + client->len,
			   sizeof(client->line) - client->len, MSG_DONTWAIT);

	(void)loop;
	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop(client);
		return;
	}
	client->len += (size_t)got;
	look_for_line(client);
}

static void on_writable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct client *client = io->data;
	ssize_t sent = send(io->fd, client->answer + client->answer_sent,
			    client->answer_len - client->answer_sent,
			    MSG_DONTWAIT | MSG_NOSIGNAL);

	(void)events;
	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (sent < 0) {
		drop(client);
		return;
	}
	client->answer_sent += (size_t)sent;
	if (client->answer_sent < client->answer_len)
		return;
	free(client->answer);
	client->answer = NULL;
	ev_io_stop(loop, &client->writable);
	ev_io_start(loop, &client->readable);
	look_for_line(client);
}

static void on_acceptable(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct control *control = io->data;
	struct client *client;
	int fd = accept4(io->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd < 0)
		return;
	client = must_alloc(sizeof(*client));
	client->control = control;
	ev_io_init(&client->readable, on_readable, fd, EV_READ);
	ev_io_init(&client->writable, on_writable, fd, EV_WRITE);
	client->readable.data = client->writable.data = client;
	DL_APPEND(control->clients, client);
	ev_io_start(loop, &client->readable);
	if (++control->count == MAX_CLIENTS)
		ev_io_stop(loop, &control->acceptable);
}

/* --- The socket. */

static void make_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *directory;

	if (!slash || slash == path)
		return;
	directory = must_copy(path, (size_t)(slash - path) + 1);
	directory[slash - path] = '\0';
	/* If it cannot be made, bind() says so. */
	mkdir(directory, 0755);
	free(directory);
}

static bool somebody_listens(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens = fd >= 0 && !connect(fd, (const struct sockaddr *)address,
					   sizeof(*address));

	if (fd >= 0)
		close(fd);
	return listens;
}

static int listening_socket(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;
	mode_t mask;

	if (fd < 0)
		return -1;
	unlink(address->sun_path);
	mask = umask(0177);
	error = bind(fd, (const struct sockaddr *)address, sizeof(*address)) ||
		listen(fd, 16) ? errno : 0;
	umask(mask);
	if (!error)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

struct control *control_open(struct agent *agent, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct control *control;
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	strcpy(address.sun_path, path);
	if (somebody_listens(&address)) {
		errno = EADDRINUSE;
		return NULL;
	}
	make_directory_of(path);
	fd = listening_socket(&address);
	if (fd < 0)
		return NULL;
	control = must_alloc(sizeof(*control));
	control->agent = agent;
	control->address = address;
	ev_io_init(&control->acceptable, on_acceptable, fd, EV_READ);
	control->acceptable.data = control;
	ev_io_start(agent->loop, &control->acceptable);
	return control;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	while (control->clients)
		drop(control->clients);
	ev_io_stop(control->agent->loop, &control->acceptable);
	close(control->acceptable.fd);
	unlink(control->address.sun_path);
	free(control);
}
