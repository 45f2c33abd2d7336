// SPDX-License-Identifier: GPL-2.0
#include "nd_program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

#include <linux/filter.h>

#include "bpf.h"
#include "nd_filter.h"
#include "nd_message.h"

/* Where things are in a frame. */
#define SOURCE_OFFSET ETH_ALEN
#define ETHERTYPE_OFFSET (2 * ETH_ALEN)
#define NEXT_HEADER_OFFSET (ETH_HLEN + 6)
#define ICMP6_TYPE_OFFSET (ETH_HLEN + 40)

/* The same behind a header of Hop-by-Hop options that has one unit. */
#define HOP_BY_HOP_OFFSET (ETH_HLEN + 40)
#define REPORT_TYPE_OFFSET (HOP_BY_HOP_OFFSET + 8)
#define REPORT_RECORD_OFFSET (REPORT_TYPE_OFFSET + 8)

#define VLAN_ID_MASK 0xfff

/* All of it: a checksum is to be verified. */
#define WHOLE_FRAME 0xffff

/* The time of an entry is not written more often: its cache line is shared. */
#define SEEN_GRAIN_NS 10000000

/* Where things are on the stack, from the frame pointer. */
#define HEADER (-16)
#define KEY (-32)
#define LINK_KEY (-48)
#define VALUE (-80)
#define OCTET (-88)

/* Where a member is of the table's structs, the struct being at base. */
#define KEY_MEMBER(base, member) \
	((int16_t)((base) + (int)offsetof(struct nd_station_key, member)))
#define MEMBER(base, member) \
	((int16_t)((base) + (int)offsetof(struct nd_station, member)))

/* What the registers are for that a call does not change. */
#define CONTEXT BPF_REG_6
#define NOW BPF_REG_7
#define DISCOVERY BPF_REG_8

enum label {
	UNTAGGED = 1,
	KIND_KNOWN,
	IS_ICMP6,
	IS_DISCOVERY,
	NEWS,
	SAME_PERIOD,
	WITHIN_BUDGET,
	SEEN_RECENTLY,
	PASS_WHOLE,
	DROP,
};

/* r0 = 0 if the octets are there; they are on the stack then. */
static void load_octets(struct bpf_asm *as, int32_t offset, int16_t to,
			int32_t len)
{
	bpf_asm_move(as, BPF_REG_1, CONTEXT);
	bpf_asm_set(as, BPF_REG_2, offset);
	bpf_asm_move(as, BPF_REG_3, BPF_REG_10);
	bpf_asm_alu(as, BPF_ADD, BPF_REG_3, to);
	bpf_asm_set(as, BPF_REG_4, len);
	bpf_asm_call(as, BPF_FUNC_skb_load_bytes);
}

/* r0 = the entry of a key on the stack, or 0. */
static void look_up(struct bpf_asm *as, int map_fd, int16_t key)
{
	bpf_asm_map(as, BPF_REG_1, map_fd);
	bpf_asm_move(as, BPF_REG_2, BPF_REG_10);
	bpf_asm_alu(as, BPF_ADD, BPF_REG_2, key);
	bpf_asm_call(as, BPF_FUNC_map_lookup_elem);
}

/* A frame of a VLAN comes again, without its tag, on the VLAN's own link. */
static void drop_tagged(struct bpf_asm *as)
{
	bpf_asm_load_mem(as, BPF_W, BPF_REG_1, CONTEXT,
			 offsetof(struct __sk_buff, vlan_present));
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, 0, UNTAGGED);
	bpf_asm_load_mem(as, BPF_W, BPF_REG_1, CONTEXT,
			 offsetof(struct __sk_buff, vlan_tci));
	bpf_asm_alu(as, BPF_AND, BPF_REG_1, VLAN_ID_MASK);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, 0, DROP);
	bpf_asm_label(as, UNTAGGED);
}

/* Reads the header; both keys are on the stack then. */
static void make_keys(struct bpf_asm *as)
{
	int16_t source = HEADER + SOURCE_OFFSET;
	int16_t key = KEY_MEMBER(KEY, lladdr);
	int i;

	load_octets(as, 0, HEADER, ETH_HLEN);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_0, 0, DROP);
	bpf_asm_load_mem(as, BPF_B, BPF_REG_1, BPF_REG_10, source);
	bpf_asm_alu(as, BPF_AND, BPF_REG_1, 1);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, 0, DROP);

	bpf_asm_store_value(as, BPF_DW, BPF_REG_10, KEY + 8, 0);
	bpf_asm_store_value(as, BPF_DW, BPF_REG_10, LINK_KEY, 0);
	bpf_asm_store_value(as, BPF_DW, BPF_REG_10, LINK_KEY + 8, 0);
	bpf_asm_set(as, BPF_REG_2, 0);
	for (i = 0; i < ETH_ALEN; i += 2) {
		bpf_asm_load_mem(as, BPF_H, BPF_REG_1, BPF_REG_10,
				 (int16_t)(source + i));
		bpf_asm_store(as, BPF_H, BPF_REG_10, (int16_t)(key + i),
			      BPF_REG_1);
		bpf_asm_alu_reg(as, BPF_OR, BPF_REG_2, BPF_REG_1);
	}
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_2, 0, DROP);

	bpf_asm_load_mem(as, BPF_W, BPF_REG_1, CONTEXT,
			 offsetof(struct __sk_buff, ifindex));
	bpf_asm_store(as, BPF_W, BPF_REG_10, KEY, BPF_REG_1);
	bpf_asm_store(as, BPF_W, BPF_REG_10, LINK_KEY, BPF_REG_1);
}

/* r1 = an octet of the frame; one that has none there is no discovery. */
static void load_octet(struct bpf_asm *as, int32_t offset)
{
	load_octets(as, offset, OCTET, 1);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_0, 0, KIND_KNOWN);
	bpf_asm_load_mem(as, BPF_B, BPF_REG_1, BPF_REG_10, OCTET);
}

/*
 * A report of groups that the station has joined just now, as it does when its
 * link comes up; not the answer to a query (RFC 3810 5.2.12).
 */
static void tell_joining(struct bpf_asm *as)
{
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, IPPROTO_HOPOPTS, KIND_KNOWN);
	load_octet(as, HOP_BY_HOP_OFFSET);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, IPPROTO_ICMPV6, KIND_KNOWN);
	load_octet(as, REPORT_TYPE_OFFSET);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, ND_GROUP_REPORT, KIND_KNOWN);
	load_octet(as, REPORT_RECORD_OFFSET);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, ND_RECORD_TO_INCLUDE,
		     IS_DISCOVERY);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, ND_RECORD_TO_EXCLUDE,
		     IS_DISCOVERY);
	bpf_asm_jump(as, BPF_JA, 0, 0, KIND_KNOWN);
}

/* DISCOVERY = 1 if the frame passes whoever sent it. */
static void tell_discovery(struct bpf_asm *as)
{
	bpf_asm_set(as, DISCOVERY, 0);
	bpf_asm_load_mem(as, BPF_H, BPF_REG_1, BPF_REG_10,
			 HEADER + ETHERTYPE_OFFSET);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, htons(ETHERTYPE_IPV6), KIND_KNOWN);
	load_octet(as, NEXT_HEADER_OFFSET);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, IPPROTO_ICMPV6, IS_ICMP6);
	tell_joining(as);
	bpf_asm_label(as, IS_ICMP6);
	load_octet(as, ICMP6_TYPE_OFFSET);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, ND_ROUTER_SOLICIT, IS_DISCOVERY);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_1, ND_NEIGHBOR_SOLICIT, IS_DISCOVERY);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, ND_NEIGHBOR_ADVERT, KIND_KNOWN);
	bpf_asm_label(as, IS_DISCOVERY);
	bpf_asm_set(as, DISCOVERY, 1);
	bpf_asm_label(as, KIND_KNOWN);
}

/* A station that is quiet ends here: only its Neighbour Discovery passes. */
static void pass_quiet(struct bpf_asm *as, int map_fd)
{
	bpf_asm_call(as, BPF_FUNC_ktime_get_boot_ns);
	bpf_asm_move(as, NOW, BPF_REG_0);
	look_up(as, map_fd, KEY);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_0, 0, NEWS);
	bpf_asm_load_mem(as, BPF_DW, BPF_REG_1, BPF_REG_0,
			 MEMBER(0, quiet_until_ns));
	bpf_asm_jump_reg(as, BPF_JLE, BPF_REG_1, NOW, NEWS);

	bpf_asm_load_mem(as, BPF_DW, BPF_REG_1, BPF_REG_0,
			 MEMBER(0, seen_ns));
	bpf_asm_move(as, BPF_REG_2, NOW);
	bpf_asm_alu_reg(as, BPF_SUB, BPF_REG_2, BPF_REG_1);
	bpf_asm_jump(as, BPF_JLT, BPF_REG_2, SEEN_GRAIN_NS, SEEN_RECENTLY);
	bpf_asm_store(as, BPF_DW, BPF_REG_0,
		      MEMBER(0, seen_ns), NOW);
	bpf_asm_label(as, SEEN_RECENTLY);
	bpf_asm_load_mem(as, BPF_W, BPF_REG_1, BPF_REG_0,
			 MEMBER(0, flags));
	bpf_asm_alu(as, BPF_AND, BPF_REG_1, ND_STATION_OURS);
	bpf_asm_jump(as, BPF_JNE, BPF_REG_1, 0, DROP);
	bpf_asm_jump(as, BPF_JNE, DISCOVERY, 0, PASS_WHOLE);
	bpf_asm_jump(as, BPF_JA, 0, 0, DROP);
}

/* A link whose entry is not there has no limit. */
static void limit_news(struct bpf_asm *as, int map_fd)
{
	look_up(as, map_fd, LINK_KEY);
	bpf_asm_jump(as, BPF_JEQ, BPF_REG_0, 0, WITHIN_BUDGET);
	bpf_asm_load_mem(as, BPF_DW, BPF_REG_1, BPF_REG_0,
			 MEMBER(0, seen_ns));
	bpf_asm_move(as, BPF_REG_2, NOW);
	bpf_asm_alu_reg(as, BPF_SUB, BPF_REG_2, BPF_REG_1);
	bpf_asm_jump(as, BPF_JLT, BPF_REG_2, ND_FILTER_BUDGET_NS, SAME_PERIOD);
	bpf_asm_store(as, BPF_DW, BPF_REG_0,
		      MEMBER(0, seen_ns), NOW);
	bpf_asm_store_value(as, BPF_W, BPF_REG_0,
			    MEMBER(0, news), 0);
	bpf_asm_label(as, SAME_PERIOD);
	bpf_asm_load_mem(as, BPF_W, BPF_REG_1, BPF_REG_0,
			 MEMBER(0, news));
	bpf_asm_jump(as, BPF_JGE, BPF_REG_1, ND_FILTER_BUDGET, DROP);
	bpf_asm_alu(as, BPF_ADD, BPF_REG_1, 1);
	bpf_asm_store(as, BPF_W, BPF_REG_0, MEMBER(0, news),
		      BPF_REG_1);
	bpf_asm_label(as, WITHIN_BUDGET);
}

static void note_news(struct bpf_asm *as, int map_fd)
{
	bpf_asm_store(as, BPF_DW, BPF_REG_10,
		      MEMBER(VALUE, seen_ns), NOW);
	bpf_asm_alu(as, BPF_ADD, NOW, ND_FILTER_REPEAT_NS);
	bpf_asm_store(as, BPF_DW, BPF_REG_10,
		      MEMBER(VALUE, quiet_until_ns), NOW);
	/*
	 * In this order: of half a word that holds a known value, a verifier
	 * that is strict, as without CAP_PERFMON, lets nobody write the rest.
	 */
	bpf_asm_store_value(as, BPF_W, BPF_REG_10,
			    MEMBER(VALUE, news), 0);
	bpf_asm_store_value(as, BPF_W, BPF_REG_10,
			    MEMBER(VALUE, flags),
			    ND_STATION_NEWS);
	bpf_asm_map(as, BPF_REG_1, map_fd);
	bpf_asm_move(as, BPF_REG_2, BPF_REG_10);
	bpf_asm_alu(as, BPF_ADD, BPF_REG_2, KEY);
	bpf_asm_move(as, BPF_REG_3, BPF_REG_10);
	bpf_asm_alu(as, BPF_ADD, BPF_REG_3, VALUE);
	bpf_asm_set(as, BPF_REG_4, BPF_ANY);
	bpf_asm_call(as, BPF_FUNC_map_update_elem);
}

static void end(struct bpf_asm *as)
{
	bpf_asm_jump(as, BPF_JNE, DISCOVERY, 0, PASS_WHOLE);
	bpf_asm_set(as, BPF_REG_0, ND_FILTER_SNAP);
	bpf_asm_exit(as);
	bpf_asm_label(as, PASS_WHOLE);
	bpf_asm_set(as, BPF_REG_0, WHOLE_FRAME);
	bpf_asm_exit(as);
	bpf_asm_label(as, DROP);
	bpf_asm_set(as, BPF_REG_0, 0);
	bpf_asm_exit(as);
}

int nd_program_load(int map_fd)
{
	struct bpf_asm as = { 0 };

	bpf_asm_move(&as, CONTEXT, BPF_REG_1);
	drop_tagged(&as);
	make_keys(&as);
	tell_discovery(&as);
	pass_quiet(&as, map_fd);
	bpf_asm_label(&as, NEWS);
	limit_news(&as, map_fd);
	note_news(&as, map_fd);
	end(&as);
	return bpf_asm_load(&as, "pmip6_nd");
}

int nd_program_attach_classic(int fd, bool discovery)
{
	/* Where the jumps go to. */
	enum { HEADER_READ = 5, OTHER = 15, ND = 16, REFUSE = 17 };
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, HEADER_READ - 2, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 SKF_AD_OFF + SKF_AD_VLAN_TAG),
		BPF_STMT(BPF_ALU | BPF_AND, VLAN_ID_MASK),
		BPF_JUMP(BPF_JMP | BPF_JEQ, 0, 0, REFUSE - 5),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SOURCE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JSET, 1, REFUSE - 7, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, ETHERTYPE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, ETHERTYPE_IPV6, 0, OTHER - 9),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, NEXT_HEADER_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, IPPROTO_ICMPV6, 0, OTHER - 11),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ICMP6_TYPE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ, ND_ROUTER_SOLICIT, ND - 13, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ, ND_NEIGHBOR_SOLICIT, ND - 14, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ, ND_NEIGHBOR_ADVERT, ND - 15, 0),
		BPF_STMT(BPF_RET, discovery ? 0 : ND_FILTER_SNAP),
		BPF_STMT(BPF_RET, discovery ? WHOLE_FRAME : 0),
		BPF_STMT(BPF_RET, 0),
	};
	struct sock_fprog program = {
		.len = sizeof(insns) / sizeof(insns[0]),
		.filter = insns,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program)) ? errno : 0;
}
