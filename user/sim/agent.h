/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An agent: a real engine in place of a daemon's role, with its kernel, its
 * disk and its clocks, which outlive it.
 */
#ifndef PMIP6_SIM_AGENT_H
#define PMIP6_SIM_AGENT_H

#include <uthash.h>

#include "../engine/lma.h"
#include "../engine/mag.h"
#include "exec.h"
#include "kernel.h"
#include "policy.h"
#include "store.h"

struct sim;
struct agent;

/* Of a clock that has just begun, and of one that has gone for an hour. */
#define AGENT_BOOT_MS 20000ull
#define AGENT_WALL (1700000000ull * WALL_PER_SECOND)

/* One that has ended comes back within so long, if not sooner. */
#define AGENT_AWAY_S 60u

/* Every gateway has these access links: ifindex 1 and so on. */
#define ACCESS_LINKS 2

/**
 * struct station - a station as a gateway's access links hear it
 * @key: its link and its link-layer address
 * @quiet_us: until then its frames are no news
 * @seen_us: when it was last heard, or 0
 * @hh: at its gateway
 */
struct station {
	uint8_t key[4 + ETH_ALEN];
	uint64_t quiet_us;
	uint64_t seen_us;
	UT_hash_handle hh;
};

/**
 * struct role_ops - what is different at anchors and at gateways
 * @begin: an engine, as configured, with nothing restored
 * @restore: a record; false if it is not one
 * @start: what must stand before the first message
 * @end: the engine is gone
 * @on_message: a message of a type that only this role takes; false if it does
 *	not, or must not yet
 * @on_done: a transaction has ended
 * @on_timer: something is due
 * @next_timer: when the next thing is
 * @on_dataplane: all that the kernel has
 * @on_expired: a path was reaped
 * @on_set_expired: an expiry set was, with all its paths; NULL if it makes none
 * @wants_route: a route that was found at the start is somebody's
 */
struct role_ops {
	void (*begin)(struct agent *agent);
	bool (*restore)(struct agent *agent, const struct record *record,
			bool same_boot);
	void (*start)(struct agent *agent);
	void (*end)(struct agent *agent);
	bool (*on_message)(struct agent *agent, const struct in6_addr *src,
			   const struct in6_addr *dst,
			   const struct mh_message *message, bool ready);
	void (*on_done)(struct agent *agent, void *owner, int error);
	void (*on_timer)(struct agent *agent);
	uint64_t (*next_timer)(const struct agent *agent);
	void (*on_dataplane)(struct agent *agent,
			     const struct dataplane_dump *dump);
	void (*on_expired)(struct agent *agent,
			   const struct effect_binding *binding);
	void (*on_set_expired)(struct agent *agent, uint32_t id,
			       uint32_t generation);
	bool (*wants_route)(const struct agent *agent,
			    const struct mh_prefix *prefix, uint32_t ifindex);
};

extern const struct role_ops anchor_ops, gateway_ops;

/**
 * struct agent - one of them
 * @sim: the run
 * @ops: what its role does
 * @index: among all agents
 * @name: for traces
 * @address: LMAA or Proxy-CoA
 * @lma: of an anchor
 * @mag: of a gateway
 * @peers: in either
 * @up: it runs
 * @life: counts its lives
 * @started: its device was there once in this life
 * @reconciled: engine and kernel agree; messages are taken
 * @reading: the kernel is being read
 * @read_again: and changed meanwhile
 * @dying: it ends as soon as nobody is inside it
 * @stops: it ends in good order then
 * @reboots: and its kernel goes with it
 * @erases: and its sessions: 1, or its peers as well: 2
 * @crash_in: so many effects from now; 0 for none
 * @dirty: something that was to be taken away has failed to go, or nobody lived
 *	to take it: it stays until the next start
 * @boot_us: when its kernel began, by the virtual clock
 * @boot_ms: and what its clock said then
 * @boots: how often it has
 * @skew: its wall clock is so much before the true one, in 1/65536 s
 * @wake_us: when it is to wake, or UINT64_MAX
 * @out: what the engine wants
 * @exec: what is under way of that
 * @kernel: its kernel
 * @store: its disk
 * @stations: of a gateway
 * @wanted: of a gateway: what policy was last found to want
 */
struct agent {
	struct sim *sim;
	const struct role_ops *ops;
	uint32_t index;
	char name[8];
	struct in6_addr address;
	struct lma *lma;
	struct mag *mag;
	struct peers *peers;
	bool up;
	uint32_t life;
	bool started;
	bool reconciled;
	bool reading;
	bool read_again;
	bool dying;
	bool stops;
	bool reboots;
	uint32_t erases;
	uint32_t crash_in;
	bool dirty;
	uint64_t boot_us;
	uint64_t boot_ms;
	uint32_t boots;
	int64_t skew;
	uint64_t wake_us;
	struct outbox out;
	struct exec exec;
	struct kernel kernel;
	struct store store;
	struct station *stations;
	struct mh_flow wanted[POLICY_FLOWS_MAX];
};

/**
 * agent_create() - an agent that was never started
 * @sim: the run
 * @index: among all
 */
void agent_create(struct sim *sim, uint32_t index);

/**
 * agent_free() - the end of everything of it
 * @agent: the agent
 */
void agent_free(struct agent *agent);

/**
 * agent_start() - it begins, with what it finds
 * @agent: the agent, not running
 */
void agent_start(struct agent *agent);

/**
 * agent_stop() - it ends in good order: what is to be written or owed is, if that works
 * @agent: the agent, with nobody inside it
 *
 * Its kernel stays as it is, whatever is under way.
 */
void agent_stop(struct agent *agent);

/**
 * agent_now() - the time as an agent sees it
 * @agent: the agent
 *
 * Return: the time.
 */
struct now agent_now(const struct agent *agent);

/**
 * agent_run() - make happen what came of an event
 * @agent: the agent, whose outbox has it
 */
void agent_run(struct agent *agent);

/**
 * agent_settle_death() - it was to end, and nobody is inside it any more
 * @agent: the agent
 *
 * At the end of every event.
 */
void agent_settle_death(struct agent *agent);

/**
 * agent_is_here() - does this event still concern anybody
 * @agent: the agent
 * @life: whose event it is
 *
 * Return: true if that life goes on.
 */
static inline bool agent_is_here(const struct agent *agent, uint32_t life)
{
	return agent->up && !agent->dying && agent->life == life;
}

/**
 * agent_on_packet() - octets have come
 * @agent: whom to
 * @src: their source
 * @data: what follows the IPv6 header
 * @len: how much
 */
void agent_on_packet(struct agent *agent, const struct in6_addr *src,
		     const uint8_t *data, size_t len);

/**
 * agent_read_kernel() - compare kernel and engine
 * @agent: the agent
 */
void agent_read_kernel(struct agent *agent);

/**
 * agent_on_read() - the kernel was read
 * @agent: the agent
 * @dump: what it has
 */
void agent_on_read(struct agent *agent, const struct dataplane_dump *dump);

/**
 * agent_on_expired() - the kernel has reaped a path
 * @agent: whose
 * @binding: as it was last told
 */
void agent_on_expired(struct agent *agent,
		      const struct effect_binding *binding);

/**
 * agent_on_set_expired() - the kernel has reaped an expiry set
 * @agent: whose
 * @id: its number
 * @generation: as it was last told
 */
void agent_on_set_expired(struct agent *agent, uint32_t id,
			  uint32_t generation);

/**
 * agent_lose_device() - the module goes, and comes back after a while
 * @agent: the agent
 */
void agent_lose_device(struct agent *agent);

/**
 * agent_set_clock() - its wall clock is set
 * @agent: the agent
 * @skew: so much before the true one, in 1/65536 s
 */
void agent_set_clock(struct agent *agent, int64_t skew);

/**
 * agent_by_address() - whose address is that
 * @sim: the run
 * @address: the address
 *
 * Return: the agent or NULL.
 */
struct agent *agent_by_address(struct sim *sim, const struct in6_addr *address);

/**
 * agent_is_lma() - is it an anchor
 * @agent: the agent
 *
 * Return: false for a gateway.
 */
static inline bool agent_is_lma(const struct agent *agent)
{
	return agent->ops == &anchor_ops;
}

/* --- Of gateways only. */

/* What a station sends. */
enum frame {
	FRAME_ANY,		/* no Neighbour Discovery */
	FRAME_DAD,		/* as its link comes up: from :: */
	FRAME_SOLICIT,		/* a Router Solicitation */
	FRAME_NEIGHBOUR,	/* as one whose address is asked for */
};

/**
 * gateway_on_frame() - a station has sent a frame
 * @agent: the gateway
 * @ifindex: on which access link
 * @lladdr: the station
 * @frame: what
 */
void gateway_on_frame(struct agent *agent, uint32_t ifindex,
		      const uint8_t *lladdr, enum frame frame);

/**
 * gateway_on_left() - a link layer has seen a station leave
 * @agent: the gateway
 * @ifindex: on which access link
 * @lladdr: the station
 */
void gateway_on_left(struct agent *agent, uint32_t ifindex,
		     const uint8_t *lladdr);

/**
 * gateway_hold() - the operator detaches a station
 * @agent: the gateway
 * @lladdr: the station
 */
void gateway_hold(struct agent *agent, const uint8_t *lladdr);

/**
 * gateway_release() - the operator has nothing against any station any more
 * @agent: the gateway
 */
void gateway_release(struct agent *agent);

/**
 * gateway_hear() - whether frames of a station are news
 * @agent: the gateway
 * @hear: which, and whether
 */
void gateway_hear(struct agent *agent, const struct effect_hear *hear);

/**
 * gateway_forget_stations() - as its sockets are closed
 * @agent: the gateway
 */
void gateway_forget_stations(struct agent *agent);

/**
 * gateway_on_tunnel() - the MTU of a tunnel is known
 * @agent: the gateway
 * @remote: its other end
 */
void gateway_on_tunnel(struct agent *agent, const struct in6_addr *remote);

/**
 * gateway_revoke() - the operator of a gateway ends bindings
 * @agent: the gateway
 * @target: which
 */
void gateway_revoke(struct agent *agent,
		    const struct revocation_target *target);

/**
 * gateway_flows() - what flows does policy want: see mag_flows_t
 * @context: the gateway
 * @lladdr: the station
 * @count: set to how many
 *
 * Return: those, until it is asked again.
 */
const struct mh_flow *gateway_flows(void *context, const uint8_t *lladdr,
				    unsigned int *count);

/**
 * gateway_change_flow() - the operator adds, changes or deletes some flow
 * @agent: the gateway
 * @lladdr: whose
 */
void gateway_change_flow(struct agent *agent, const uint8_t *lladdr);

/**
 * gateway_on_policy() - policy says something else of a station
 * @agent: the gateway
 * @lladdr: the station
 */
void gateway_on_policy(struct agent *agent, const uint8_t *lladdr);

/* --- Of anchors only. */

/**
 * anchor_revoke() - the operator of an anchor ends sessions
 * @agent: the anchor
 * @target: which
 */
void anchor_revoke(struct agent *agent, const struct revocation_target *target);

/**
 * anchor_renumber() - the operator wants other prefixes for a mobile node
 * @agent: the anchor
 * @mn: which
 */
void anchor_renumber(struct agent *agent, uint32_t mn);

#endif /* PMIP6_SIM_AGENT_H */
