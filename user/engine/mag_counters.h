/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a mobile access gateway counts.
 */
#ifndef PMIP6_ENGINE_MAG_COUNTERS_H
#define PMIP6_ENGINE_MAG_COUNTERS_H

#include <stdint.h>

/**
 * enum mag_refusal - why an anchor refused, as far as it makes a difference
 * @MAG_REFUSED_CLOCK: 156, 157: its clock and ours
 * @MAG_REFUSED_SEQUENCE: 135: an old sequence number
 * @MAG_REFUSED_PREFIX: 155, 159: not these prefixes
 * @MAG_REFUSED_SERVICE: 152: no service for it
 * @MAG_REFUSED_UNKNOWN: 133, 153: the anchor does not know the mobile node
 * @MAG_REFUSED_GATEWAY: 154: the anchor does not know this gateway
 * @MAG_REFUSED_RESOURCES: 130: it has no more
 * @MAG_REFUSED_OPTION: 158, 160, 161, 162: it misses an option
 * @MAG_REFUSED_OTHER: whatever else
 * @MAG_REFUSALS: how many
 */
enum mag_refusal {
	MAG_REFUSED_CLOCK,
	MAG_REFUSED_SEQUENCE,
	MAG_REFUSED_PREFIX,
	MAG_REFUSED_SERVICE,
	MAG_REFUSED_UNKNOWN,
	MAG_REFUSED_GATEWAY,
	MAG_REFUSED_RESOURCES,
	MAG_REFUSED_OPTION,
	MAG_REFUSED_OTHER,
	MAG_REFUSALS,
};

/**
 * enum mag_ignored - why an acknowledgement was ignored
 * @MAG_IGNORED_UNASKED: it answers nothing that was asked
 * @MAG_IGNORED_SOURCE: it is not from the anchor that was asked
 * @MAG_IGNORED_NO_PROXY: it has no P flag
 * @MAG_IGNORED_ECHO: it repeats other options than were sent
 * @MAG_IGNORED_NO_PREFIX: it accepts, but grants no prefix or no time
 * @MAG_IGNORED_NO_GROUP: it has the B flag, but names no bulk group
 * @MAG_IGNORED_BUSY: the one before it is still being carried out
 * @MAG_IGNORED_REASONS: how many
 */
enum mag_ignored {
	MAG_IGNORED_UNASKED,
	MAG_IGNORED_SOURCE,
	MAG_IGNORED_NO_PROXY,
	MAG_IGNORED_ECHO,
	MAG_IGNORED_NO_PREFIX,
	MAG_IGNORED_NO_GROUP,
	MAG_IGNORED_BUSY,
	MAG_IGNORED_REASONS,
};

/**
 * struct mag_counters - what a gateway did
 * @attachments: mobile nodes that came
 * @detachments: mobile nodes that left
 * @pbu_sent: PBUs, with all copies
 * @pbu_retransmitted: copies among them
 * @pba_accepted: acknowledgements of status below 128
 * @pba_refused: acknowledgements of status 128 and above
 * @pba_ignored: acknowledgements that changed nothing
 * @refused: by enum mag_refusal; @pba_refused is their sum
 * @ignored: by enum mag_ignored; @pba_ignored is their sum
 * @ra_sent: Router Advertisements
 * @prefixes_withdrawn: prefixes that mobile nodes were told to use no more
 * @mtu_changes: mobile nodes that were told another MTU than before
 * @visitors: stations that were given a visitor prefix
 * @expired: bindings whose lifetime ran out
 * @full: attachments that found max_mobile_nodes here already
 * @unheard: mobile nodes that were not known to be there when it was time
 *	to ask for them, and were de-registered
 * @reregistered: bindings registered anew for what became of an anchor
 * @failed: bindings whose forwarding state could not be set up
 * @upn_received: Update Notifications
 * @upn_ignored: those that were left without an answer
 * @upn_refused: those that could not be followed
 * @upn_duplicates: copies of what was followed already
 * @upa_sent: their acknowledgements
 * @revoked: bindings that ended as they were revoked, from here or there
 * @flows_accepted: flows that anchors have set up or changed
 * @flows_refused: those that they have not
 * @flows_removed: those that they have deleted
 * @flows_taken_over: those that they have moved here from other gateways
 * @flows_given_back: those of them that they have here no more
 * @multihoming_unsupported: registrations with multihoming that anchors have not
 *	understood
 */
struct mag_counters {
	uint64_t attachments;
	uint64_t detachments;
	uint64_t pbu_sent;
	uint64_t pbu_retransmitted;
	uint64_t pba_accepted;
	uint64_t pba_refused;
	uint64_t pba_ignored;
	uint64_t refused[MAG_REFUSALS];
	uint64_t ignored[MAG_IGNORED_REASONS];
	uint64_t ra_sent;
	uint64_t prefixes_withdrawn;
	uint64_t mtu_changes;
	uint64_t visitors;
	uint64_t expired;
	uint64_t full;
	uint64_t unheard;
	uint64_t reregistered;
	uint64_t failed;
	uint64_t upn_received;
	uint64_t upn_ignored;
	uint64_t upn_refused;
	uint64_t upn_duplicates;
	uint64_t upa_sent;
	uint64_t revoked;
	uint64_t flows_accepted;
	uint64_t flows_refused;
	uint64_t flows_removed;
	uint64_t flows_taken_over;
	uint64_t flows_given_back;
	uint64_t multihoming_unsupported;
};

/**
 * mag_refusal_name() - why an anchor refused, as operators see it
 * @refusal: why
 *
 * Return: a constant string.
 */
const char *mag_refusal_name(enum mag_refusal refusal);

/**
 * mag_ignored_name() - why an acknowledgement was ignored, as operators see it
 * @ignored: why
 *
 * Return: a constant string.
 */
const char *mag_ignored_name(enum mag_ignored ignored);

#endif /* PMIP6_ENGINE_MAG_COUNTERS_H */
