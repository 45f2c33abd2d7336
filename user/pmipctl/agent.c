// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <json-c/json.h>

#include "agent.h"
#include "out.h"
#include "pmipctl.h"

/* The agent answers at once, or after a PBU was answered. */
#define PATIENCE_S 10

static int open_socket(unsigned int patience_s, bool optional)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = patience_s };
	int fd;

	if (strlen(options.socket) >= sizeof(to.sun_path)) {
		fail("\"%s\" is too long for a socket", options.socket);
		return -1;
	}
	strcpy(to.sun_path, options.socket);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		if (!optional)
			fail("pmip6d does not listen on %s: %s", options.socket,
			     strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static bool send_line(int fd, struct json_object *request)
{
	const char *text = json_object_to_json_string_ext(request,
						JSON_C_TO_STRING_PLAIN);
	size_t len = strlen(text);

	return send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len &&
	       send(fd, "\n", 1, MSG_NOSIGNAL) == 1;
}

static struct json_object *receive_line(int fd)
{
	struct json_object *answer = NULL;
	char *line = NULL;
	size_t room = 0;
	FILE *stream;

	stream = fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return NULL;
	}
	if (getline(&line, &room, stream) > 0)
		answer = json_tokener_parse(line);
	free(line);
	fclose(stream);
	return answer;
}

struct json_object *agent_ask_within(struct json_object *request,
				     unsigned int patience_s, bool optional,
				     int *status)
{
	struct json_object *answer = NULL, *error;
	int fd = open_socket(patience_s, optional);

	*status = fd < 0 && !optional;
	if (fd < 0) {
		json_object_put(request);
		return NULL;
	}
	if (send_line(fd, request))
		answer = receive_line(fd);
	else
		close(fd);
	json_object_put(request);
	if (!answer) {
		*status = fail("pmip6d gave no answer");
		return NULL;
	}
	if (json_object_object_get_ex(answer, "error", &error)) {
		*status = fail("%s", agent_text(error));
		json_object_put(answer);
		return NULL;
	}
	return answer;
}

struct json_object *agent_request(const char *verb, const char *key,
				  const char *value)
{
	struct json_object *request = json_object_new_object();

	json_object_object_add(request, "do", json_object_new_string(verb));
	if (value)
		json_object_object_add(request, key,
				       json_object_new_string(value));
	return request;
}

struct json_object *agent_ask(struct json_object *request, bool optional,
			      int *status)
{
	return agent_ask_within(request, PATIENCE_S, optional, status);
}

struct json_object *agent_list(struct json_object *object, const char *key)
{
	struct json_object *list;

	if (!json_object_object_get_ex(object, key, &list) ||
	    !json_object_is_type(list, json_type_array))
		return NULL;
	return list;
}

const char *agent_text(struct json_object *value)
{
	const char *text = json_object_get_string(value);

	return text ? text : "";
}

void agent_show_text(struct json_object *object, const char *key,
		     const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(object, key, &value) && value)
		out_string(key, label, json_object_get_string(value));
}

void agent_show_number(struct json_object *object, const char *key,
		       const char *label)
{
	struct json_object *value;

	if (json_object_object_get_ex(object, key, &value))
		out_u64(key, label, json_object_get_uint64(value));
}
