/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to pmip6d over its control socket: one JSON object a line.
 */
#ifndef PMIPCTL_AGENT_H
#define PMIPCTL_AGENT_H

#include <stdbool.h>

struct json_object;

/**
 * agent_request() - what is to be asked
 * @verb: what to do
 * @key: the key of what it is about
 * @value: what that is, or NULL if it is about all
 *
 * Return: the request, for agent_ask().
 */
struct json_object *agent_request(const char *verb, const char *key,
				  const char *value);

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

/**
 * agent_show_text() - print a text of an answer, if it has one
 * @object: the answer, or what is in it
 * @key: its key, there and in JSON that is printed
 * @label: what stands before it otherwise, or NULL
 */
void agent_show_text(struct json_object *object, const char *key,
		     const char *label);

/**
 * agent_show_number() - print a number of an answer, if it has one
 * @object: the answer, or what is in it
 * @key: its key, there and in JSON that is printed
 * @label: what stands before it otherwise, or NULL
 */
void agent_show_number(struct json_object *object, const char *key,
		       const char *label);

#endif /* PMIPCTL_AGENT_H */
