// SPDX-License-Identifier: GPL-2.0
/*
 * The link-local address that a router has on the link of a mobile node, where
 * it is the anchor's to say: the same at every gateway, as long as the session
 * lasts (RFC 5213 6.8, 6.9.1.2 (15)).
 */
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "alloc.h"
#include "mag_internal.h"

/* A mobile node that takes every address of its router is not followed. */
#define CHOICE_INTERVAL_MS 10000u

/* What an access link carries, for so many mobile nodes there. */
struct router_address {
	struct in6_addr address;
	uint32_t ifindex;
	unsigned int count;
	UT_hash_handle hh;
};

#define KEY_LEN offsetof(struct router_address, count)

static bool is_fixed(const struct mag *mag)
{
	return !IN6_IS_ADDR_UNSPECIFIED(&mag->config.link_local);
}

static bool has_router(const struct mag *mag, const struct bule *bule)
{
	return !is_fixed(mag) && !IN6_IS_ADDR_UNSPECIFIED(&bule->router);
}

const struct in6_addr *mag_router(const struct mag *mag,
				  const struct bule *bule)
{
	return is_fixed(mag) ? &mag->config.link_local : &bule->router;
}

/* Any interface identifier but the few that RFC 5453 reserves will do. */
static void choose(struct mag *mag, struct bule *bule, struct now now)
{
	uint64_t iid = rng_next(&mag->rng);

	memset(&bule->router, 0, sizeof(bule->router));
	bule->router.s6_addr[0] = 0xfe;
	bule->router.s6_addr[1] = 0x80;
	memcpy(&bule->router.s6_addr[8], &iid, sizeof(iid));
	/* RFC 7136: no bit means anything; the first octet of those has all. */
	bule->router.s6_addr[8] &= 0x7f;
	bule->router_own = true;
	bule->router_news = true;
	bule->router_ms = now.mono_ms;
}

static struct router_address *find(const struct mag *mag, uint32_t ifindex,
				   const struct in6_addr *address)
{
	struct router_address key = { .address = *address, .ifindex = ifindex };
	struct router_address *carried;

	HASH_FIND(hh, mag->routers, &key, KEY_LEN, carried);
	return carried;
}

bool mag_link_carries(const struct mag *mag, uint32_t ifindex,
		      const struct in6_addr *address)
{
	return find(mag, ifindex, address);
}

void mag_forget_router(struct mag *mag, struct bule *bule)
{
	struct router_address *carried = bule->carried;

	bule->carried = NULL;
	if (!carried || --carried->count)
		return;
	/* It is in it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
	HASH_DEL(mag->routers, carried);
	free(carried);
}

static void carry(struct mag *mag, struct bule *bule)
{
	struct router_address *carried = find(mag, bule->at.ifindex,
					      &bule->router);

	if (!carried) {
		carried = must_alloc(sizeof(*carried));
		carried->address = bule->router;
		carried->ifindex = bule->at.ifindex;
		HASH_ADD(hh, mag->routers, address, KEY_LEN, carried);
	}
	carried->count++;
	mag_forget_router(mag, bule);
	bule->carried = carried;
}

void mag_put_router(struct mag *mag, struct transaction *transaction,
		    struct bule *bule)
{
	struct effect_address *address;

	if (!has_router(mag, bule) || !bule->at.ifindex)
		return;
	carry(mag, bule);
	address = &transaction_add(transaction, EFFECT_ADDRESS_ADD)->address;
	address->ifindex = bule->at.ifindex;
	address->address = bule->router;
	address->detect = bule->router_own;
}

void mag_remove_router(struct mag *mag, struct transaction *transaction,
		       struct bule *bule)
{
	struct effect_address *address;

	mag_forget_router(mag, bule);
	if (!has_router(mag, bule) || !bule->at.ifindex ||
	    find(mag, bule->at.ifindex, &bule->router))
		return;
	address = &transaction_add(transaction, EFFECT_ADDRESS_DELETE)->address;
	address->ifindex = bule->at.ifindex;
	address->address = bule->router;
}

static bool is_taken(const struct bule *bule, const struct in6_addr *address)
{
	return IN6_ARE_ADDR_EQUAL(address, &bule->link_local);
}

bool mag_take_router(struct mag *mag, struct bule *bule,
		     const struct mh_options *options, struct now now,
		     struct outbox *out)
{
	const struct in6_addr *said = &options->link_local;

	/* Heard of what was chosen here, the anchor repeats it. */
	if (is_fixed(mag) || !options->has_link_local ||
	    !IN6_IS_ADDR_LINKLOCAL(said) ||
	    IN6_ARE_ADDR_EQUAL(said, &bule->router))
		return false;
	/* One that does not take it gets its way nowhere. */
	if (is_taken(bule, said) && bule->router_own)
		return false;
	if (bule->forwards)
		mag_remove_router(mag, transaction_new(out, NULL), bule);
	if (is_taken(bule, said)) {
		choose(mag, bule, now);
		return true;
	}
	bule->router = *said;
	bule->router_own = false;
	bule->router_news = false;
	return true;
}

/* It has been heard with the address of its router. */
static void leave_to_it(struct mag *mag, struct bule *bule, struct now now,
			struct outbox *out)
{
	if (bule->router_own &&
	    now.mono_ms - bule->router_ms < CHOICE_INTERVAL_MS)
		return;
	mag_remove_router(mag, transaction_new(out, NULL), bule);
	choose(mag, bule, now);
}

void mag_announce_router(struct mag *mag, struct bule *bule, struct now now,
			 struct outbox *out)
{
	struct transaction *transaction;

	if (has_router(mag, bule) && is_taken(bule, &bule->router))
		leave_to_it(mag, bule, now, out);
	if (!bule->router_news)
		return;
	transaction = transaction_new(out, NULL);
	mag_put_record(transaction, bule, now);
	mag_put_router(mag, transaction, bule);
	mag_tell(mag, bule, now, out);
	bule->tell = false;
	if (bule->waits || bule->stopped)
		return;
	/* Once: an anchor that does not take it would be asked for ever. */
	bule->router_news = false;
	mag_report(transaction, REPORT_INFO, "router-address-chosen",
		   bule)->reason = "the mobile node has the one of the anchor";
	mag_register(mag, bule, MH_HI_NOT_CHANGED, now, out);
}

void mag_on_neighbour(struct mag *mag, const uint8_t *lladdr,
		      const struct in6_addr *src, struct now now,
		      struct outbox *out)
{
	struct bule *bule = bul_by_lladdr(&mag->bul, lladdr);

	visitor_on_neighbour(mag, lladdr, src);
	if (!bule || !IN6_IS_ADDR_LINKLOCAL(src))
		return;
	bule->link_local = *src;
	mag_now_heard(mag, bule, now);
	/* What is under way may be to use that address: it is seen to then. */
	if (bule->state == BULE_ACTIVE && !bule->busy)
		mag_announce_router(mag, bule, now, out);
}
