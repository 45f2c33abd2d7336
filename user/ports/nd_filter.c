// SPDX-License-Identifier: GPL-2.0
#include "nd_filter.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <uthash.h>

#include "../engine/alloc.h"
#include "bpf.h"
#include "nd_program.h"

/**
 * struct entry - a station in the daemon's own table
 * @key: what it is known by
 * @station: what is known
 * @hh: in the table, where what was used last is last
 */
struct entry {
	struct nd_station_key key;
	struct nd_station station;
	UT_hash_handle hh;
};

/**
 * struct nd_filter - the table
 * @map: in the kernel, or -1
 * @program: that keeps it there, or -1
 * @error: why it is not there, or 0
 * @entries: the table, if it is here
 */
struct nd_filter {
	int map;
	int program;
	int error;
	struct entry *entries;
};

static void load(struct nd_filter *filter)
{
	filter->map = bpf_map_new(sizeof(struct nd_station_key),
				  sizeof(struct nd_station),
				  ND_FILTER_STATIONS, "pmip6_nd");
	if (filter->map < 0) {
		filter->error = errno;
		return;
	}
	filter->program = nd_program_load(filter->map);
	if (filter->program < 0) {
		filter->error = errno;
		close(filter->map);
		filter->map = -1;
	}
}

struct nd_filter *nd_filter_new(void)
{
	struct nd_filter *filter = must_alloc(sizeof(*filter));

	filter->map = -1;
	filter->program = -1;
	load(filter);
	return filter;
}

static void remove_entry(struct nd_filter *filter, struct entry *entry)
{
	HASH_DEL(filter->entries, entry);
	free(entry);
}

void nd_filter_free(struct nd_filter *filter)
{
	if (!filter)
		return;
	while (filter->entries)
		remove_entry(filter, filter->entries);
	if (!filter->error) {
		close(filter->program);
		close(filter->map);
	}
	free(filter);
}

int nd_filter_error(const struct nd_filter *filter)
{
	return filter->error;
}

int nd_filter_attach(const struct nd_filter *filter, int fd,
		     enum nd_filter_kind kind)
{
	if (kind != ND_FILTER_ALL)
		return nd_program_attach_classic(fd, kind == ND_FILTER_ND);
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &filter->program,
			  sizeof(filter->program)) ? errno : 0;
}

static struct nd_station_key key_of(uint32_t ifindex, const uint8_t *lladdr)
{
	struct nd_station_key key = { .ifindex = ifindex };

	if (lladdr)
		memcpy(key.lladdr, lladdr, ETH_ALEN);
	return key;
}

static bool get(const struct nd_filter *filter,
		const struct nd_station_key *key, struct nd_station *station)
{
	struct entry *entry;

	if (!filter->error)
		return !bpf_map_get(filter->map, key, station);
	HASH_FIND(hh, filter->entries, key, sizeof(*key), entry);
	if (entry)
		*station = entry->station;
	return entry;
}

static int put(struct nd_filter *filter, const struct nd_station_key *key,
	       const struct nd_station *station)
{
	struct entry *entry;

	if (!filter->error)
		return bpf_map_put(filter->map, key, station);
	HASH_FIND(hh, filter->entries, key, sizeof(*key), entry);
	if (entry) {
		HASH_DEL(filter->entries, entry);
	} else {
		if (HASH_COUNT(filter->entries) >= ND_FILTER_STATIONS)
			remove_entry(filter, filter->entries);
		entry = must_alloc(sizeof(*entry));
		entry->key = *key;
	}
	entry->station = *station;
	HASH_ADD(hh, filter->entries, key, sizeof(entry->key), entry);
	return 0;
}

static void discard(struct nd_filter *filter, const struct nd_station_key *key)
{
	struct entry *entry;

	if (!filter->error) {
		bpf_map_delete(filter->map, key);
		return;
	}
	HASH_FIND(hh, filter->entries, key, sizeof(*key), entry);
	if (entry)
		remove_entry(filter, entry);
}

int nd_filter_open_link(struct nd_filter *filter, uint32_t ifindex)
{
	struct nd_station_key key = key_of(ifindex, NULL);
	struct nd_station link = { 0 };

	return filter->error ? 0 : put(filter, &key, &link);
}

/*
 * A walk begins anew if the entry that it stands on is dropped meanwhile; that
 * it ends is seen to by counting.
 */
static void forget_in_map(struct nd_filter *filter, uint32_t ifindex)
{
	struct nd_station_key key, next;
	unsigned int steps;
	int error;

	error = bpf_map_next(filter->map, NULL, &key);
	for (steps = 0; !error && steps < 2 * ND_FILTER_STATIONS; steps++) {
		error = bpf_map_next(filter->map, &key, &next);
		if (key.ifindex == ifindex)
			bpf_map_delete(filter->map, &key);
		key = next;
	}
}

void nd_filter_close_link(struct nd_filter *filter, uint32_t ifindex)
{
	struct entry *entry, *next;

	if (!filter->error) {
		forget_in_map(filter, ifindex);
		return;
	}
	HASH_ITER(hh, filter->entries, entry, next)
		if (entry->key.ifindex == ifindex)
			remove_entry(filter, entry);
}

int nd_filter_ignore(struct nd_filter *filter, uint32_t ifindex,
		     const uint8_t *lladdr)
{
	struct nd_station_key key = key_of(ifindex, lladdr);
	struct nd_station ours = {
		.quiet_until_ns = ND_FILTER_FOREVER,
		.flags = ND_STATION_OURS,
	};

	return put(filter, &key, &ours);
}

void nd_filter_forget(struct nd_filter *filter, uint32_t ifindex,
		      const uint8_t *lladdr)
{
	struct nd_station_key key = key_of(ifindex, lladdr);

	discard(filter, &key);
}

int nd_filter_set_quiet(struct nd_filter *filter, uint32_t ifindex,
			const uint8_t *lladdr, uint64_t until_ns)
{
	struct nd_station_key key = key_of(ifindex, lladdr);
	struct nd_station station = { 0 };

	/* Who is not known is news anyway. */
	if (!get(filter, &key, &station) && !until_ns)
		return 0;
	station.quiet_until_ns = until_ns;
	station.flags = 0;
	return put(filter, &key, &station);
}

/* What the filter in the kernel would have done with the frame. */
static bool heard_here(struct nd_filter *filter,
		       const struct nd_station_key *key, uint64_t now_ns)
{
	struct nd_station station = { 0 };
	bool news;

	get(filter, key, &station);
	news = station.quiet_until_ns <= now_ns;
	station.seen_ns = now_ns;
	if (news)
		station.quiet_until_ns = now_ns + ND_FILTER_REPEAT_NS;
	put(filter, key, &station);
	return news;
}

bool nd_filter_heard(struct nd_filter *filter, uint32_t ifindex,
		     const uint8_t *lladdr, uint64_t now_ns)
{
	struct nd_station_key key = key_of(ifindex, lladdr);
	struct nd_station station;

	if (filter->error)
		return heard_here(filter, &key, now_ns);
	/* Dropped already, among too many others: the next frame is news. */
	if (!get(filter, &key, &station) || !(station.flags & ND_STATION_NEWS))
		return false;
	station.flags = 0;
	put(filter, &key, &station);
	return true;
}

uint64_t nd_filter_seen_ns(const struct nd_filter *filter, uint32_t ifindex,
			   const uint8_t *lladdr)
{
	struct nd_station_key key = key_of(ifindex, lladdr);
	struct nd_station station;

	return get(filter, &key, &station) ? station.seen_ns : 0;
}
