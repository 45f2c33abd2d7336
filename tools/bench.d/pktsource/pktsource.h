/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What make bench asks of pktsource.ko, by one ioctl of /dev/pktsource.
 */
#ifndef PKTSOURCE_H
#define PKTSOURCE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PKTSOURCE_FRAME_MAX	2048
#define PKTSOURCE_BURST_MAX	256
#define PKTSOURCE_FIELDS	2

/**
 * struct pktsource_field - 32 bits of a frame that differ from packet to packet
 * @offset: where they begin in the frame, in octets; 0 for a field that is not used
 * @count: how many values there are; in network order, the value is added to what
 *	the frame has there. 0 is the same as 1
 * @follows: if not 0, the value is that of the field before modulo @count, else one
 *	of its own, drawn uniformly
 */
struct pktsource_field {
	__u32 offset;
	__u32 count;
	__u32 follows;
};

/**
 * struct pktsource_job - so many packets out of a device, and how long that took
 * @frame: address of the frame, with its Ethernet header
 * @cpu_ns: out: time that @packets took, in ns of the CPU's time where that is
 *	known (User Mode Linux asks the machine below), else of the clock's
 * @wall_ns: out: the same by the clock
 * @gap_ns: out: longest time between two bursts, by the clock of @cpu_ns
 * @clock_ns: out: that clock at the end; in: what it was at the end of another job,
 *	for @gap_ns to have the time since then, or 0
 * @ifindex: device in the caller's network namespace
 * @len: octets of @frame, at most PKTSOURCE_FRAME_MAX
 * @packets: how many are timed
 * @warmup: how many are sent before these
 * @burst: how many are sent before softirqs may run, at most PKTSOURCE_BURST_MAX
 * @seed: of the random numbers, not 0
 * @refused: out: how many of all the device did not take
 * @pad: 0
 * @fields: what differs
 */
struct pktsource_job {
	__u64 frame;
	__u64 cpu_ns;
	__u64 wall_ns;
	__u64 gap_ns;
	__u64 clock_ns;
	__u32 ifindex;
	__u32 len;
	__u32 packets;
	__u32 warmup;
	__u32 burst;
	__u32 seed;
	__u32 refused;
	__u32 pad;
	struct pktsource_field fields[PKTSOURCE_FIELDS];
};

#define PKTSOURCE_RUN	_IOWR('6', 0xb0, struct pktsource_job)

#endif /* PKTSOURCE_H */
