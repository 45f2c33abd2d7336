/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Flow Identification option (RFC 6089) and its traffic selector
 * (RFC 6088).
 *
 * One that is malformed is refused by itself and not with the message that it is
 * in, so a parser says so in the option and not of the message.
 */
#ifndef PMIP6_MH_FLOW_H
#define PMIP6_MH_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "selector.h"

struct builder;
struct cursor;

/*
 * How many a message may carry: as many of the longest as fit beside the longest
 * of all else.
 */
#define MH_MAX_FLOWS 8

/* What became of one; below 128 it stands. */
enum mh_flow_status {
	MH_FLOW_ACCEPTED = 0,			/* RFC 6089 */
	MH_FLOW_PROHIBITED = 128,		/* RFC 6089 */
	MH_FLOW_REASON_UNSPECIFIED = 129,	/* RFC 6089 */
	MH_FLOW_MALFORMED = 130,		/* RFC 6089 */
	MH_FLOW_BID_NOT_FOUND = 131,		/* RFC 6089 */
	MH_FLOW_FID_NOT_FOUND = 132,		/* RFC 6089 */
	MH_FLOW_FORMAT_NOT_SUPPORTED = 133,	/* RFC 6089 */
};

enum mh_flow_suboption {
	MH_FLOW_OPT_BID_REFERENCE = 2,		/* RFC 6089 */
	MH_FLOW_OPT_TRAFFIC_SELECTOR = 3,	/* RFC 6089 */
	MH_FLOW_OPT_OPERATION = 4,		/* RFC 7109 */
	MH_FLOW_OPT_EXTRAS = 251,		/* RFC 6089: for experiments */
};

/* RFC 7109: Flow Binding Action */
enum mh_flow_operation {
	MH_FLOW_UNSAID = 0,
	MH_FLOW_ADD = 11,
	MH_FLOW_DELETE = 12,
	MH_FLOW_MODIFY = 13,
};

/*
 * What drafts before RFC 6089 had in the option itself, and
 * draft-melia-netext-muho-solution-00 needs: Action...
 */
enum mh_flow_action {
	MH_FLOW_FORWARD = 0,
	MH_FLOW_DROP = 1,
	MH_FLOW_DUPLICATE = 2,
};

/* ...and PRO, of which the draft says what 2 is. */
enum mh_flow_pro {
	MH_FLOW_PRO_CREATE = 0,
	MH_FLOW_PRO_MODIFY = 1,
	MH_FLOW_PRO_REINSTANTIATED = 2,
	MH_FLOW_PRO_DELETE = 3,
};

/* RFC 6088: TS Format */
enum mh_selector_format {
	MH_SELECTOR_NONE = 0,
	MH_SELECTOR_IPV4 = 1,
	MH_SELECTOR_IPV6 = 2,
};

/**
 * struct mh_flow - Flow Identification option (RFC 6089 4.2)
 * @fid: which flow of its sender
 * @priority: FID-PRI: the lower is matched before
 * @status: of an acknowledgement: enum mh_flow_status or unknown to us
 * @fault: why it cannot be used: enum mh_flow_status, or 0; what follows is zero
 *	then, and it is built without
 * @operation: enum mh_flow_operation or one unknown to us
 * @has_extras: there are the next two
 * @action: enum mh_flow_action or unknown to us
 * @pro: enum mh_flow_pro or unknown to us
 * @has_bid: it is bound to...
 * @bid: ...this binding; else to that of its sender
 * @format: enum mh_selector_format
 * @selector: unless @format is MH_SELECTOR_NONE; IPv4 addresses are mapped ones
 */
struct mh_flow {
	uint16_t fid;
	uint16_t priority;
	uint8_t status;
	uint8_t fault;
	uint8_t operation;
	bool has_extras;
	uint8_t action;
	uint8_t pro;
	bool has_bid;
	uint16_t bid;
	uint8_t format;
	struct selector selector;
};

/**
 * mh_flow_parse() - read an option
 * @data: what it holds
 * @flow: where to put it, zero
 *
 * Return: false if it is too short to say which flow it is about.
 */
bool mh_flow_parse(struct cursor *data, struct mh_flow *flow);

/**
 * mh_flow_build() - write an option, with its type and its length
 * @builder: the message so far, from its first octet on
 * @flow: the option
 */
void mh_flow_build(struct builder *builder, const struct mh_flow *flow);

/**
 * mh_flow_wants() - what is to be done with a flow, in whichever way it says so
 * @flow: one without a fault
 *
 * Return: enum mh_flow_operation or one unknown to us; MH_FLOW_UNSAID where
 * RFC 6089 has it: to be added if it is not known, or else modified.
 */
uint8_t mh_flow_wants(const struct mh_flow *flow);

/**
 * mh_flow_status_name() - the name of a status
 * @status: enum mh_flow_status
 *
 * Return: a constant string; "unknown" if there is none.
 */
const char *mh_flow_status_name(uint8_t status);

/**
 * mh_selector_parse() - read what a traffic selector holds (RFC 6088 3.1, 3.2)
 * @data: that of the sub-option, from TS Format on
 * @format: where to put its format
 * @selector: where to put the selector, zero
 *
 * Return: 0, MH_FLOW_MALFORMED or MH_FLOW_FORMAT_NOT_SUPPORTED.
 */
uint8_t mh_selector_parse(struct cursor *data, uint8_t *format,
			  struct selector *selector);

/**
 * mh_selector_build() - write a sub-option, with its type and its length
 * @builder: the message so far, from its first octet on
 * @format: its format
 * @selector: the selector
 */
void mh_selector_build(struct builder *builder, uint8_t format,
		       const struct selector *selector);

#endif /* PMIP6_MH_FLOW_H */
