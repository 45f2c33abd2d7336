/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of an eBPF assembler and of bpf(2) as one socket filter needs, so
 * that neither building nor running takes a compiler for it.
 */
#ifndef PMIP6_PORTS_BPF_H
#define PMIP6_PORTS_BPF_H

#include <stddef.h>
#include <stdint.h>

#include <linux/bpf.h>

#define BPF_ASM_MAX_INSNS 192
#define BPF_ASM_MAX_LABELS 16

/**
 * struct bpf_asm - a program while it is written
 * @insn: its instructions
 * @label: for a jump, which label it goes to, from 1 on; else 0
 * @at: where the labels are
 * @count: how many instructions
 *
 * Zero before its first use. What does not fit is a fault of the program, and
 * bpf_asm_load() refuses it.
 */
struct bpf_asm {
	struct bpf_insn insn[BPF_ASM_MAX_INSNS];
	uint8_t label[BPF_ASM_MAX_INSNS];
	unsigned int at[BPF_ASM_MAX_LABELS];
	unsigned int count;
};

/**
 * bpf_asm_move() - dst = src
 * @as: the program
 * @dst: register
 * @src: register
 */
void bpf_asm_move(struct bpf_asm *as, uint8_t dst, uint8_t src);

/**
 * bpf_asm_set() - dst = value, of 64 bits
 * @as: the program
 * @dst: register
 * @value: extended by its sign
 */
void bpf_asm_set(struct bpf_asm *as, uint8_t dst, int32_t value);

/**
 * bpf_asm_alu() - dst = dst OP value, of 64 bits
 * @as: the program
 * @op: BPF_ADD, BPF_AND, ...
 * @dst: register
 * @value: extended by its sign
 */
void bpf_asm_alu(struct bpf_asm *as, uint8_t op, uint8_t dst, int32_t value);

/**
 * bpf_asm_alu_reg() - dst = dst OP src, of 64 bits
 * @as: the program
 * @op: BPF_ADD, BPF_SUB, ...
 * @dst: register
 * @src: register
 */
void bpf_asm_alu_reg(struct bpf_asm *as, uint8_t op, uint8_t dst, uint8_t src);

/**
 * bpf_asm_load_mem() - dst = memory at src + offset
 * @as: the program
 * @size: BPF_B, BPF_H, BPF_W or BPF_DW
 * @dst: register
 * @src: register
 * @offset: octets
 */
void bpf_asm_load_mem(struct bpf_asm *as, uint8_t size, uint8_t dst,
		      uint8_t src, int16_t offset);

/**
 * bpf_asm_store() - memory at dst + offset = src
 * @as: the program
 * @size: BPF_B, BPF_H, BPF_W or BPF_DW
 * @dst: register
 * @offset: octets
 * @src: register
 */
void bpf_asm_store(struct bpf_asm *as, uint8_t size, uint8_t dst,
		   int16_t offset, uint8_t src);

/**
 * bpf_asm_store_value() - memory at dst + offset = value
 * @as: the program
 * @size: BPF_B, BPF_H, BPF_W or BPF_DW
 * @dst: register
 * @offset: octets
 * @value: extended by its sign
 */
void bpf_asm_store_value(struct bpf_asm *as, uint8_t size, uint8_t dst,
			 int16_t offset, int32_t value);

/**
 * bpf_asm_map() - dst = a map
 * @as: the program
 * @dst: register
 * @fd: the map
 */
void bpf_asm_map(struct bpf_asm *as, uint8_t dst, int fd);

/**
 * bpf_asm_call() - r0 = helper(r1, ..., r5)
 * @as: the program
 * @helper: enum bpf_func_id
 */
void bpf_asm_call(struct bpf_asm *as, int32_t helper);

/**
 * bpf_asm_jump() - if dst OP value, go to a label
 * @as: the program
 * @op: BPF_JEQ, BPF_JGT, ..., or BPF_JA for a jump without condition
 * @dst: register
 * @value: extended by its sign
 * @label: which, from 1 on; further down
 */
void bpf_asm_jump(struct bpf_asm *as, uint8_t op, uint8_t dst, int32_t value,
		  unsigned int label);

/**
 * bpf_asm_jump_reg() - if dst OP src, go to a label
 * @as: the program
 * @op: BPF_JEQ, BPF_JGT, ...
 * @dst: register
 * @src: register
 * @label: which, from 1 on; further down
 */
void bpf_asm_jump_reg(struct bpf_asm *as, uint8_t op, uint8_t dst, uint8_t src,
		      unsigned int label);

/**
 * bpf_asm_label() - the next instruction is where a label is
 * @as: the program
 * @label: which, from 1 on
 */
void bpf_asm_label(struct bpf_asm *as, unsigned int label);

/**
 * bpf_asm_exit() - return r0
 * @as: the program
 */
void bpf_asm_exit(struct bpf_asm *as);

/**
 * bpf_asm_load() - give a socket filter to the kernel
 * @as: the program
 * @name: what bpftool shows
 *
 * Return: a file descriptor, or -1 with errno set: EPERM without CAP_BPF,
 * ENOSYS from a kernel without bpf(2), E2BIG if the program did not fit.
 */
int bpf_asm_load(struct bpf_asm *as, const char *name);

/**
 * bpf_map_new() - a hash map that drops what was not used for longest
 * @key_size: octets
 * @value_size: octets
 * @max_entries: how many
 * @name: what bpftool shows
 *
 * Return: a file descriptor, or -1 with errno set.
 */
int bpf_map_new(uint32_t key_size, uint32_t value_size, uint32_t max_entries,
		const char *name);

/**
 * bpf_map_get() - look an entry up; no use as far as dropping goes
 * @fd: the map
 * @key: the key
 * @value: where to put the value
 *
 * Return: 0 or an errno value: ENOENT if there is none.
 */
int bpf_map_get(int fd, const void *key, void *value);

/**
 * bpf_map_put() - make or replace an entry
 * @fd: the map
 * @key: the key
 * @value: the value
 *
 * Return: 0 or an errno value.
 */
int bpf_map_put(int fd, const void *key, const void *value);

/**
 * bpf_map_delete() - remove an entry
 * @fd: the map
 * @key: the key
 */
void bpf_map_delete(int fd, const void *key);

/**
 * bpf_map_next() - walk all entries
 * @fd: the map
 * @key: the entry before, or NULL; if it is gone, the walk begins anew
 * @next: where to put the key of the next
 *
 * Return: 0, or ENOENT after the last, or another errno value.
 */
int bpf_map_next(int fd, const void *key, void *next);

#endif /* PMIP6_PORTS_BPF_H */
