/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to pmip6d over its control socket: one JSON object a line.
 */
#ifndef PMIPCTL_AGENT_H
#define PMIPCTL_AGENT_H

#include <stdbool.h>

struct json_object;

/**
 * agent_ask() - send a request and wait for its answer
 * @request: the request, released
 * @optional: nobody listening is no error
 * @status: the exit status, set where there is no answer
 *
 * Says what is wrong if there is no answer or it is a refusal.
 *
 * Return: the answer, for json_object_put(), or NULL.
 */
struct json_object *agent_ask(struct json_object *request, bool optional,
			      int *status);

/**
 * agent_ask_within() - the same, of what takes its time
 * @request: the request, released
 * @patience_s: how long to wait
 * @optional: nobody listening is no error
 * @status: the exit status, set where there is no answer
 *
 * Return: the answer, for json_object_put(), or NULL.
 */
struct json_object *agent_ask_within(struct json_object *request,
				     unsigned int patience_s, bool optional,
				     int *status);

/**
 * agent_list() - a list of an answer
 * @object: the answer, or what is in it
 * @key: its key
 *
 * Return: the list; NULL if there is none.
 */
struct json_object *agent_list(struct json_object *object, const char *key);

/**
 * agent_text() - a text of an answer
 * @value: the text, or what is there in its place
 *
 * Return: the text; an empty one for null. Valid as long as the answer.
 */
const char *agent_text(struct json_object *value);

#endif /* PMIPCTL_AGENT_H */
