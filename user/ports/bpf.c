// SPDX-License-Identifier: GPL-2.0
#include "bpf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void emit(struct bpf_asm *as, uint8_t code, uint8_t dst, uint8_t src,
		 int16_t offset, int32_t value)
{
	if (as->count < BPF_ASM_MAX_INSNS)
		as->insn[as->count] = (struct bpf_insn){
			.code = code, .dst_reg = dst & 0xf,
			.src_reg = src & 0xf, .off = offset, .imm = value,
		};
	as->count++;
}

void bpf_asm_move(struct bpf_asm *as, uint8_t dst, uint8_t src)
{
	emit(as, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

void bpf_asm_set(struct bpf_asm *as, uint8_t dst, int32_t value)
{
	emit(as, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value);
}

void bpf_asm_alu(struct bpf_asm *as, uint8_t op, uint8_t dst, int32_t value)
{
	emit(as, BPF_ALU64 | op | BPF_K, dst, 0, 0, value);
}

void bpf_asm_alu_reg(struct bpf_asm *as, uint8_t op, uint8_t dst, uint8_t src)
{
	emit(as, BPF_ALU64 | op | BPF_X, dst, src, 0, 0);
}

void bpf_asm_load_mem(struct bpf_asm *as, uint8_t size, uint8_t dst,
		      uint8_t src, int16_t offset)
{
	emit(as, BPF_LDX | BPF_MEM | size, dst, src, offset, 0);
}

void bpf_asm_store(struct bpf_asm *as, uint8_t size, uint8_t dst,
		   int16_t offset, uint8_t src)
{
	emit(as, BPF_STX | BPF_MEM | size, dst, src, offset, 0);
}

void bpf_asm_store_value(struct bpf_asm *as, uint8_t size, uint8_t dst,
			 int16_t offset, int32_t value)
{
	emit(as, BPF_ST | BPF_MEM | size, dst, 0, offset, value);
}

void bpf_asm_map(struct bpf_asm *as, uint8_t dst, int fd)
{
	/* The one instruction that takes two places. */
	/* The names of zero, too. NOLINTNEXTLINE(misc-redundant-expression) */
	emit(as, BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, fd);
	emit(as, 0, 0, 0, 0, 0);
}

void bpf_asm_call(struct bpf_asm *as, int32_t helper)
{
	emit(as, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

static void aim(struct bpf_asm *as, unsigned int label)
{
	if (as->count < BPF_ASM_MAX_INSNS)
		as->label[as->count] = (uint8_t)label;
}

void bpf_asm_jump(struct bpf_asm *as, uint8_t op, uint8_t dst, int32_t value,
		  unsigned int label)
{
	aim(as, label);
	emit(as, BPF_JMP | op | BPF_K, dst, 0, 0, value);
}

void bpf_asm_jump_reg(struct bpf_asm *as, uint8_t op, uint8_t dst, uint8_t src,
		      unsigned int label)
{
	aim(as, label);
	emit(as, BPF_JMP | op | BPF_X, dst, src, 0, 0);
}

void bpf_asm_label(struct bpf_asm *as, unsigned int label)
{
	as->at[label] = as->count;
}

void bpf_asm_exit(struct bpf_asm *as)
{
	emit(as, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int sys_bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static void copy_name(char *to, const char *name)
{
	snprintf(to, BPF_OBJ_NAME_LEN, "%s", name);
}

int bpf_asm_load(struct bpf_asm *as, const char *name)
{
	static const char license[] = "GPL";
	union bpf_attr attr;
	unsigned int i;

	if (as->count > BPF_ASM_MAX_INSNS) {
		errno = E2BIG;
		return -1;
	}
	for (i = 0; i < as->count; i++)
		if (as->label[i])
			as->insn[i].off = (int16_t)(as->at[as->label[i]] -
						    i - 1);
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (uintptr_t)as->insn;
	attr.insn_cnt = as->count;
	attr.license = (uintptr_t)license;
	copy_name(attr.prog_name, name);
	return sys_bpf(BPF_PROG_LOAD, &attr);
}

int bpf_map_new(uint32_t key_size, uint32_t value_size, uint32_t max_entries,
		const char *name)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_LRU_HASH;
	attr.key_size = key_size;
	attr.value_size = value_size;
	attr.max_entries = max_entries;
	copy_name(attr.map_name, name);
	return sys_bpf(BPF_MAP_CREATE, &attr);
}

static int map_call(enum bpf_cmd cmd, int fd, const void *key,
		    const void *value, uint64_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)fd;
	attr.key = (uintptr_t)key;
	attr.value = (uintptr_t)value;
	attr.flags = flags;
	return sys_bpf(cmd, &attr) ? errno : 0;
}

int bpf_map_get(int fd, const void *key, void *value)
{
	return map_call(BPF_MAP_LOOKUP_ELEM, fd, key, value, 0);
}

int bpf_map_put(int fd, const void *key, const void *value)
{
	return map_call(BPF_MAP_UPDATE_ELEM, fd, key, value, BPF_ANY);
}

void bpf_map_delete(int fd, const void *key)
{
	map_call(BPF_MAP_DELETE_ELEM, fd, key, NULL, 0);
}

int bpf_map_next(int fd, const void *key, void *next)
{
	/* next_key is where value is. */
	return map_call(BPF_MAP_GET_NEXT_KEY, fd, key, next, 0);
}
