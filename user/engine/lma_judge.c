// SPDX-License-Identifier: GPL-2.0
/*
 * What a PBU asks for, and whether it may have it.
 */
#include <string.h>

#include "lma_internal.h"
#include "lma_multihoming.h"

static struct lma_verdict refuse(uint8_t status, struct bce *bce,
				 const char *reason)
{
	return (struct lma_verdict){
		.action = LMA_REFUSE,
		.status = status,
		.bce = bce,
		.reason = reason,
	};
}

static struct lma_verdict ignore(struct bce *bce, const char *reason)
{
	return (struct lma_verdict){
		.action = LMA_IGNORE,
		.bce = bce,
		.reason = reason,
	};
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static int64_t difference_ms(uint64_t theirs, uint64_t ours)
{
	int64_t ms = (int64_t)wall_to_ms(distance(theirs, ours));

	return theirs > ours ? ms : -ms;
}

bool lma_clock_agrees(const struct lma *lma, uint64_t timestamp,
		      struct now now, int64_t *difference)
{
	const struct lma_config *config = &lma->config;
	uint64_t window = wall_from_ms(config->timestamp_validity_window_ms);

	if (config->mobile_node_generated_timestamp_in_use ||
	    distance(timestamp, now.wall) <= window)
		return true;
	*difference = difference_ms(timestamp, now.wall);
	return false;
}

/* The very message again: its sender did not get the acknowledgement. */
static bool is_repeat(const struct bce *bce, const struct lma_request *request)
{
	const struct mh_binding_update *bu = &request->bu;
	bool deregisters = !bu->lifetime;

	return IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa,
				  lma_proxy_coa(request)) &&
	       bce->now.sequence == bu->sequence &&
	       deregisters == (bce->now.state == BCE_DEREGISTERED);
}

/*
 * What it was acknowledged may not stand any more, by a failure of any interface, as
 * there is one binding: then it is done once more.
 */
static struct lma_verdict repeat(struct bce *bce)
{
	return (struct lma_verdict){
		.action = lma_is_unsure(bce) ? LMA_CREATE : LMA_REPEAT,
		.bce = bce,
	};
}

/* RFC 5213 5.5 */
static struct lma_verdict check_order(const struct lma *lma,
				      const struct lma_request *request,
				      struct bce *bce, struct now now)
{
	const struct lma_config *config = &lma->config;
	const struct mh_options *options = &request->bu.options;
	struct lma_verdict go_on = { .action = LMA_CREATE, .bce = bce };
	int64_t ahead_ms = 0;

	if (!options->has_timestamp ||
	    !config->timestamp_based_approach_in_use) {
		if (!bce)
			return go_on;
		if ((int16_t)(request->bu.sequence - bce->now.sequence) > 0)
			return go_on;
		if (is_repeat(bce, request))
			return repeat(bce);
		return refuse(MH_SEQUENCE_OUT_OF_WINDOW, bce,
			      "sequence number is not newer");
	}

	if (bce && options->timestamp == bce->now.timestamp &&
	    is_repeat(bce, request))
		return repeat(bce);
	if (bce && options->timestamp <= bce->now.timestamp)
		return refuse(MH_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED, bce,
			      "timestamp is not newer than the last accepted");
	if (!lma_clock_agrees(lma, options->timestamp, now, &ahead_ms)) {
		go_on = refuse(MH_TIMESTAMP_MISMATCH, bce,
			       "clocks differ by more than TimestampValidityWindow");
		go_on.difference_ms = ahead_ms;
	}
	return go_on;
}

static bool is_routable(const struct in6_addr *addr)
{
	return !IN6_IS_ADDR_UNSPECIFIED(addr) && !IN6_IS_ADDR_LOOPBACK(addr) &&
	       !IN6_IS_ADDR_MULTICAST(addr) && !IN6_IS_ADDR_LINKLOCAL(addr) &&
	       !IN6_IS_ADDR_V4MAPPED(addr);
}

/* RFC 5213 5.3.1 (1) to (8) */
static struct lma_verdict check_sender(const struct lma_request *request)
{
	const struct lma_policy *policy = &request->policy;
	const struct mh_options *options = &request->bu.options;

	if (!(request->bu.flags & MH_BU_PROXY))
		return ignore(NULL, "is no proxy binding update: no P flag");
	/* RFC 6275 6.1.7 */
	if (!is_routable(lma_proxy_coa(request)))
		return ignore(NULL, "care-of address is not unicast routable");
	if (!options->has_mn_id || !options->mn_id.len)
		return refuse(MH_MISSING_MN_ID_OPTION, NULL,
			      "no mobile node identifier");
	if (!policy->mag_authorized)
		return refuse(MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG, NULL,
			      "gateway may not register this mobile node");
	if (!policy->mn_known)
		return refuse(MH_NOT_LMA_FOR_THIS_MOBILE_NODE, NULL,
			      "mobile node has no profile");
	if (!policy->service_enabled)
		return refuse(MH_PROXY_REG_NOT_ENABLED, NULL,
			      "profile does not allow mobility service");
	return (struct lma_verdict){ .action = LMA_CREATE };
}

/* RFC 5213 5.3.1 (10) to (12) */
static struct lma_verdict check_options(const struct lma *lma,
					const struct lma_request *request,
					struct bce *bce)
{
	const struct mh_options *options = &request->bu.options;
	bool draft = lma->config.accept_draft_peers;

	if (!options->hnp_count)
		return refuse(MH_MISSING_HNP_OPTION, bce,
			      "no home network prefix option");
	if (!options->has_handoff && !draft)
		return refuse(MH_MISSING_HANDOFF_INDICATOR_OPTION, bce,
			      "no handoff indicator option");
	if (!options->has_att && !draft)
		return refuse(MH_MISSING_ACCESS_TECH_TYPE_OPTION, bce,
			      "no access technology type option");
	if (lma_is_multihoming(lma, options) &&
	    options->multihoming.group != MH_MULTIHOMING_GROUP_ALL)
		return refuse(MH_ADMINISTRATIVELY_PROHIBITED, bce,
			      "there is one multihoming group, 0");
	return (struct lma_verdict){ .action = LMA_CREATE };
}

/* The session that this very message has made already. */
static struct bce *made_by(const struct lma *lma,
			   const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct bc_mn *mn = bc_mn(&lma->bc, &options->mn_id);
	struct bce *bce;

	if (!mn || !options->has_timestamp)
		return NULL;
	for (bce = mn->sessions; bce; bce = bce->next)
		if (bce->now.timestamp == options->timestamp &&
		    is_repeat(bce, request))
			return bce;
	return NULL;
}

static bool may_wait(const struct lma *lma)
{
	return lma->config.max_delay_before_new_bce_assign_ms;
}

/* The session whose last PBU this one must be newer than. */
static struct bce *candidate(const struct lma *lma,
			     const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_found found;
	struct bce *bce;

	/* Of each interface by itself. */
	if (lma_is_multihoming(lma, options)) {
		bce = lma_lookup(lma, request).bce;
		return bce ? bce : made_by(lma, request);
	}
	if (lma_names_no_prefix(options)) {
		found = lma_lookup(lma, request);
		if (!found.bce && may_wait(lma))
			found.bce = found.may_be;
		return found.bce ? found.bce : made_by(lma, request);
	}
	bce = lma_by_any_prefix(lma, options);
	return bce && bce_is_of(bce, &options->mn_id) ?
	       lma_path_of(bce, request) : NULL;
}

static struct lma_verdict judge_new(const struct lma *lma,
				    const struct lma_request *request)
{
	const struct mh_options *options = &request->bu.options;
	struct lma_verdict create = { .action = LMA_CREATE };
	unsigned int i;

	/* RFC 5213 5.4.1: nothing to de-register. */
	if (!request->bu.lifetime)
		return (struct lma_verdict){
			.action = LMA_CANCEL,
			.reason = "de-registers a session that is not there",
		};
	if (lma_asks_for_any(options))
		return create;
	for (i = 0; i < options->hnp_count; i++)
		if (!lma_may_use(lma, request, &options->hnp[i]))
			return refuse(MH_NOT_AUTHORIZED_FOR_HNP, NULL,
				      "prefix is not this mobile node's");
	return create;
}

/* RFC 5213 4: neither may bindings be manipulated. */
static bool mag_may_have(const struct lma_request *request,
			 const struct bce *bce)
{
	unsigned int i;

	if (lma_takes_pending(bce, request))
		return true;
	if (lma_names_pending(bce, &request->bu.options))
		return false;
	for (i = 0; i < bce->prefix_count; i++)
		if (!lma_mag_may_use(&request->policy,
				     &bce->prefixes[i].prefix))
			return false;
	return true;
}

static struct lma_verdict judge_update(const struct lma_request *request,
				       struct bce *bce)
{
	bool same_mag = IN6_ARE_ADDR_EQUAL(&bce->now.proxy_coa,
				  lma_proxy_coa(request));
	struct lma_verdict verdict = { .bce = bce };

	/* RFC 5213 5.3.5: a gateway that has been left can not end it. */
	if (!request->bu.lifetime && !same_mag)
		return ignore(bce, "de-registered by another gateway");
	/*
	 * Nor take it back by refreshing what it does not know to be gone: a
	 * mobile node that comes back is one that it attaches.
	 */
	if (!same_mag && bce->now.state == BCE_ACTIVE &&
	    request->bu.options.handoff == MH_HI_NOT_CHANGED)
		return refuse(MH_NOT_AUTHORIZED_FOR_HNP, bce,
			      "refreshed by a gateway that it has left");
	if (!request->bu.lifetime)
		verdict.action = LMA_DEREGISTER;
	else if (!mag_may_have(request, bce))
		return refuse(lma_names_no_prefix(&request->bu.options) ?
			      MH_MAG_NOT_AUTHORIZED_FOR_PROXY_REG :
			      MH_NOT_AUTHORIZED_FOR_HNP, bce,
			      "gateway may not register this prefix");
	else
		verdict.action = same_mag ? LMA_REFRESH : LMA_HANDOVER;
	return verdict;
}

struct lma_verdict lma_judge(const struct lma *lma,
			     const struct lma_request *request, bool delayed,
			     struct now now)
{
	struct lma_verdict verdict = check_sender(request);
	struct lma_found found;
	struct bce *bce;

	if (verdict.action != LMA_CREATE)
		return verdict;
	bce = candidate(lma, request);
	if (!delayed)
		verdict = check_order(lma, request, bce, now);
	if (verdict.action != LMA_CREATE)
		return verdict;
	verdict = check_options(lma, request, bce);
	if (verdict.action == LMA_REFUSE)
		return verdict;

	found = lma_lookup(lma, request);
	if (found.status)
		return refuse(found.status, NULL,
			      "prefixes are those of another session");
	if (found.bce)
		return judge_update(request, found.bce);
	if (found.may_be && may_wait(lma) && !delayed)
		return (struct lma_verdict){
			.action = LMA_WAIT,
			.bce = found.may_be,
			.reason = "another gateway may be about to de-register",
		};
	if (found.joins)
		return lma_judge_join(request, found.joins);
	return judge_new(lma, request);
}
