// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "alloc.h"
#include "mag_multihoming.h"
#include "update_list.h"

/* Of an identifier: that part of it that says something. */
static unsigned int mn_key_len(const struct mh_mn_id *mn_id)
{
	return offsetof(struct mh_mn_id, data) + mn_id->len;
}

static struct bule_mn *find_mn(const struct update_list *bul,
			       const struct mh_mn_id *mn_id)
{
	struct bule_mn *mn;

	HASH_FIND(by_mn, bul->mns, mn_id, mn_key_len(mn_id), mn);
	return mn;
}

static void join_mn(struct update_list *bul, struct bule *bule)
{
	const struct mh_mn_id *mn_id = &bule->profile.mn_id;
	struct bule_mn *mn = find_mn(bul, mn_id);

	if (!mn) {
		mn = must_alloc(sizeof(*mn));
		mn->id = *mn_id;
		HASH_ADD(by_mn, bul->mns, id, mn_key_len(mn_id), mn);
	}
	DL_APPEND2(mn->entries, bule, prev_of_mn, next_of_mn);
	bule->mn = mn;
}

static void leave_mn(struct update_list *bul, struct bule *bule)
{
	struct bule_mn *mn = bule->mn;

	DL_DELETE2(mn->entries, bule, prev_of_mn, next_of_mn);
	if (mn->entries)
		return;
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DELETE(by_mn, bul->mns, mn);
	free(mn);
}

static struct bule_lma *find_lma(const struct update_list *bul,
				 const struct in6_addr *address)
{
	struct bule_lma *lma;

	HASH_FIND(by_address, bul->lmas, address, sizeof(*address), lma);
	return lma;
}

static struct bule_lma *join_lma(struct update_list *bul,
				 const struct in6_addr *address)
{
	struct bule_lma *lma = find_lma(bul, address);

	if (!lma) {
		lma = must_alloc(sizeof(*lma));
		lma->address = *address;
		HASH_ADD(by_address, bul->lmas, address, sizeof(lma->address),
			 lma);
	}
	lma->entries++;
	return lma;
}

static void leave_lma(struct update_list *bul, struct bule_lma *lma)
{
	if (--lma->entries)
		return;
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DELETE(by_address, bul->lmas, lma);
	free(lma);
}

struct bule *bul_insert(struct update_list *bul, uint64_t id,
			const struct mag_attachment *at,
			const struct mag_profile *profile)
{
	struct bule *bule = must_alloc(sizeof(*bule));
	int kind;

	bule->id = id;
	bule->at = *at;
	bule->profile = *profile;
	for (kind = 0; kind < BULE_TIMERS; kind++) {
		bule->timers[kind].kind = (enum bule_timer_kind)kind;
		bule->timers[kind].bule = bule;
	}
	HASH_ADD(by_lladdr, bul->entries, at.lladdr, ETH_ALEN, bule);
	HASH_ADD(by_id, bul->ids, id, sizeof(bule->id), bule);
	join_mn(bul, bule);
	bule->lma = join_lma(bul, &profile->lma);
	return bule;
}

unsigned int bul_count(const struct update_list *bul)
{
	return HASH_CNT(by_id, bul->ids);
}

void bul_remove(struct update_list *bul, struct bule *bule)
{
	bul_set_prefixes(bul, bule, NULL, 0);
	leave_lma(bul, bule->lma);
	leave_mn(bul, bule);
	HASH_DELETE(by_lladdr, bul->entries, bule);
	HASH_DELETE(by_id, bul->ids, bule);
	multihoming_free(bule);
	free(bule->next_profile);
	free(bule);
}

struct bule *bul_by_lladdr(const struct update_list *bul, const uint8_t *lladdr)
{
	struct bule *bule;

	HASH_FIND(by_lladdr, bul->entries, lladdr, ETH_ALEN, bule);
	return bule;
}

struct bule *bul_by_id(const struct update_list *bul, uint64_t id)
{
	struct bule *bule;

	HASH_FIND(by_id, bul->ids, &id, sizeof(id), bule);
	return bule;
}

struct bule *bul_by_mn(const struct update_list *bul,
		       const struct mh_mn_id *mn_id)
{
	const struct bule_mn *mn = find_mn(bul, mn_id);

	return mn ? mn->entries : NULL;
}

bool bul_has_lma(const struct update_list *bul, const struct in6_addr *lma)
{
	return find_lma(bul, lma);
}

struct bule *bul_next_of_mn(const struct bule *bule)
{
	return bule->next_of_mn;
}

void bul_set_profile(struct update_list *bul, struct bule *bule,
		     const struct mag_profile *profile)
{
	bool same = mh_mn_id_equal(&bule->profile.mn_id, &profile->mn_id);
	struct bule_lma *lma = bule->lma;

	if (!same)
		leave_mn(bul, bule);
	bule->profile = *profile;
	bule->lma = join_lma(bul, &profile->lma);
	leave_lma(bul, lma);
	if (!same)
		join_mn(bul, bule);
}

/* An anchor that has found no identifier has none to repeat. */
static bool names_nobody(const struct mh_binding_ack *ba)
{
	return ba->status == MH_MISSING_MN_ID_OPTION &&
	       !ba->options.mn_id.len;
}

struct bule *bul_by_ack(const struct update_list *bul,
			const struct mh_binding_ack *ba, bool *echoes)
{
	const struct mh_options *options = &ba->options;
	struct bule *bule;

	*echoes = true;
	if (options->has_ll_id && options->ll_id.len == ETH_ALEN) {
		bule = bul_by_lladdr(bul, options->ll_id.data);
		if (bule && bule_copy_of(bule, ba->sequence) &&
		    (options->mn_id.len || names_nobody(ba))) {
			*echoes = names_nobody(ba) ||
				  mh_mn_id_equal(&bule->profile.mn_id,
						 &options->mn_id);
			return bule;
		}
		/* Late: another interface of it may use the same number now. */
		if (bule && mh_mn_id_equal(&bule->profile.mn_id,
					   &options->mn_id))
			return NULL;
	}
	*echoes = !options->has_ll_id;
	for (bule = bul_by_mn(bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule))
		if (bule_copy_of(bule, ba->sequence))
			return bule;
	return NULL;
}

static bool is_waited_for(const struct bule *bule,
			  const struct mh_options *options)
{
	return bule->waits &&
	       mh_mn_id_equal(&bule->profile.mn_id, &options->mn_id);
}

struct bule *bul_by_options(const struct update_list *bul,
			    const struct mh_options *options)
{
	struct bule *bule;

	if (options->has_ll_id && options->ll_id.len == ETH_ALEN) {
		bule = bul_by_lladdr(bul, options->ll_id.data);
		return bule && is_waited_for(bule, options) ? bule : NULL;
	}
	for (bule = bul_by_mn(bul, &options->mn_id); bule;
	     bule = bul_next_of_mn(bule))
		if (bule->waits)
			return bule;
	return NULL;
}

bool bule_is_named(const struct bule *bule, const struct in6_addr *lma,
		   const struct mh_options *options)
{
	const struct mh_ll_id *ll_id = &options->ll_id;

	if (!IN6_ARE_ADDR_EQUAL(lma, &bule->profile.lma) ||
	    !mh_mn_id_equal(&bule->profile.mn_id, &options->mn_id))
		return false;
	return !options->has_ll_id ||
	       (ll_id->len == ETH_ALEN &&
		!memcmp(ll_id->data, bule->at.lladdr, ETH_ALEN));
}

static const struct mh_prefix *own_prefix(const struct bule *bule,
					  const struct mh_prefix *hnp)
{
	unsigned int i;

	for (i = 0; i < bule->hnp_count; i++)
		if (mh_prefix_equal(&bule->hnp[i], hnp))
			return &bule->hnp[i];
	return NULL;
}

bool bule_has_prefix(const struct bule *bule, const struct mh_prefix *hnp)
{
	return own_prefix(bule, hnp);
}

bool bule_prefixes_are(const struct bule *bule, const struct mh_prefix *hnp,
		       unsigned int count)
{
	const struct mh_prefix *own;
	unsigned int i;

	for (i = 0; i < count; i++) {
		own = own_prefix(bule, &hnp[i]);
		if (!own || own->off_link != hnp[i].off_link)
			return false;
	}
	return count == bule->hnp_count;
}

void bul_set_prefixes(struct update_list *bul, struct bule *bule,
		      const struct mh_prefix *hnp, unsigned int count)
{
	struct bule_prefix *prefix;
	unsigned int i;

	for (i = 0; i < bule->hnp_count; i++) {
		prefix = &bule->prefixes[i];
		/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
		HASH_DELETE(by_hnp, bul->prefixes, prefix);
	}
	free(bule->prefixes);
	bule->prefixes = count ? must_alloc(count * sizeof(*prefix)) : NULL;
	bule->hnp_count = count;
	for (i = 0; i < count; i++) {
		bule->hnp[i] = hnp[i];
		prefix = &bule->prefixes[i];
		prefix->hnp = hnp[i];
		prefix->bule = bule;
		HASH_ADD(by_hnp, bul->prefixes, hnp, MH_PREFIX_KEY_LEN, prefix);
	}
}

struct bule *bul_by_prefix(const struct update_list *bul,
			   const struct mh_prefix *hnp)
{
	struct bule_prefix *found;

	HASH_FIND(by_hnp, bul->prefixes, hnp, MH_PREFIX_KEY_LEN, found);
	return found ? found->bule : NULL;
}

static bool prefix_holds(const struct mh_prefix *prefix,
			 const struct in6_addr *addr)
{
	unsigned int bits = prefix->len, octets = bits / 8;

	if (memcmp(&prefix->addr, addr, octets))
		return false;
	return !(bits % 8) ||
	       !((prefix->addr.s6_addr[octets] ^ addr->s6_addr[octets]) >>
		 (8 - bits % 8));
}

bool bule_holds(const struct bule *bule, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < bule->hnp_count; i++)
		if (prefix_holds(&bule->hnp[i], addr))
			return true;
	return false;
}

struct bule *bul_next(const struct bule *bule)
{
	return bule->by_lladdr.next;
}

const struct bule_copy *bule_copy_of(const struct bule *bule, uint16_t sequence)
{
	int i;

	if (!bule->waits)
		return NULL;
	for (i = 0; i < BULE_COPIES; i++)
		if (bule->copies[i].used &&
		    bule->copies[i].sequence == sequence)
			return &bule->copies[i];
	return NULL;
}

const char *bule_state_name(enum bule_state state)
{
	static const char *const names[] = {
		[BULE_REGISTERING] = "registering",
		[BULE_ACTIVE] = "active",
		[BULE_DEREGISTERING] = "deregistering",
		[BULE_REFUSED] = "refused",
		[BULE_HELD] = "held",
	};

	return names[state];
}
