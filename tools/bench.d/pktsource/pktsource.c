// SPDX-License-Identifier: GPL-2.0
/*
 * The sender of make bench: frames made by user space go out of a device as fast as
 * one CPU can send them. Unlike pktgen it takes any frame, a tunnelled packet for
 * one, and draws addresses anywhere in it.
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/tick.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "pktsource.h"

/* The job, and what it needs while it runs. */
struct source {
	struct pktsource_job job;
	struct net_device *dev;
	u32 random;
	u32 bases[PKTSOURCE_FIELDS];
	u8 frame[PKTSOURCE_FRAME_MAX];
};

/* One at a time: two would only measure each other. */
static struct source only;
static DEFINE_MUTEX(lock);

/*
 * A clock that counts instructions leaps while the only CPU is idle, as when a
 * program is read from a disk: that is no time that a packet waits for.
 */
static u64 idle_ns(void)
{
	u64 us;

	if (num_online_cpus() > 1)
		return 0;
	us = get_cpu_idle_time_us(0, NULL);
	return us == U64_MAX ? 0 : us * NSEC_PER_USEC;
}

/*
 * User Mode Linux is a process, and others may be given its CPU while it counts
 * the time: so ask the machine below how long this thread has had one.
 */
static u64 cpu_clock_ns(void)
{
#if defined(CONFIG_UML) && defined(__x86_64__)
	struct {
		s64 sec;
		s64 nsec;
	} now = {};
	long status = 228;	/* clock_gettime ... */
	const long clock = 3;	/* ... of CLOCK_THREAD_CPUTIME_ID */

	asm volatile("syscall"
		     : "+a" (status), "+m" (now)
		     : "D" (clock), "S" (&now)
		     : "rcx", "r11", "memory");
	if (!status)
		return now.sec * NSEC_PER_SEC + now.nsec;
#endif
	return ktime_get_ns() - idle_ns();
}

/* Marsaglia's xorshift: a few instructions, and good enough to miss caches by. */
static u32 draw(struct source *source)
{
	u32 x = source->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	source->random = x;
	return x;
}

static void fill(struct source *source, u8 *data)
{
	u32 value = 0;
	int i;

	memcpy(data, source->frame, source->job.len);
	for (i = 0; i < PKTSOURCE_FIELDS; i++) {
		const struct pktsource_field *field = &source->job.fields[i];

		if (!field->offset)
			continue;
		if (field->follows)
			value %= field->count;
		else
			value = reciprocal_scale(draw(source), field->count);
		put_unaligned_be32(source->bases[i] + value,
				   data + field->offset);
	}
}

static int send_one(struct source *source)
{
	struct sk_buff *skb;

	skb = netdev_alloc_skb_ip_align(source->dev, source->job.len);
	if (unlikely(!skb))
		return -ENOMEM;
	fill(source, skb_put(skb, source->job.len));
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	/* As a network card would say: nobody is to add up what we send. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (unlikely(dev_direct_xmit(skb, 0) != NETDEV_TX_OK))
		source->job.refused++;
	return 0;
}

/*
 * Where softirqs have run for long, ksoftirqd takes over, and what is sent meanwhile
 * waits for it, until there is no more room. User Mode Linux does not tell modules;
 * who counts what has left would notice.
 */
static void wait_for_softirqs(void)
{
	if (IS_ENABLED(CONFIG_UML))
		return;
	while (local_softirq_pending() & BIT(NET_RX_SOFTIRQ))
		schedule();
}

/* What the burst has put into a queue is forwarded before this returns. */
static int send_burst(struct source *source, u32 count)
{
	int err = 0;

	local_bh_disable();
	while (count-- && !err)
		err = send_one(source);
	local_bh_enable();
	wait_for_softirqs();
	return err;
}

static int send_all(struct source *source, u32 packets, u64 before)
{
	u32 count;
	u64 now;
	int err;

	while (packets) {
		if (fatal_signal_pending(current))
			return -EINTR;
		count = min(packets, source->job.burst);
		err = send_burst(source, count);
		if (err)
			return err;
		packets -= count;
		cond_resched();
		now = cpu_clock_ns();
		source->job.gap_ns = max(source->job.gap_ns, now - before);
		before = now;
	}
	return 0;
}

static int run(struct source *source)
{
	u64 cpu, wall;
	int err;

	err = send_all(source, source->job.warmup, cpu_clock_ns());
	if (err)
		return err;
	source->job.gap_ns = 0;
	wall = ktime_get_ns();
	cpu = cpu_clock_ns();
	err = send_all(source, source->job.packets, source->job.clock_ns ?: cpu);
	source->job.clock_ns = cpu_clock_ns();
	source->job.cpu_ns = source->job.clock_ns - cpu;
	source->job.wall_ns = ktime_get_ns() - wall;
	return err;
}

static int check(struct source *source)
{
	struct pktsource_job *job = &source->job;
	int i;

	if (job->len < ETH_HLEN || job->len > PKTSOURCE_FRAME_MAX)
		return -EINVAL;
	if (!job->burst || job->burst > PKTSOURCE_BURST_MAX)
		return -EINVAL;
	if (!job->packets || !job->seed || job->pad)
		return -EINVAL;
	for (i = 0; i < PKTSOURCE_FIELDS; i++) {
		struct pktsource_field *field = &job->fields[i];

		if (field->offset > job->len - sizeof(u32))
			return -EINVAL;
		if (!field->count)
			field->count = 1;
	}
	return 0;
}

static int start(struct source *source)
{
	int i, err;

	if (copy_from_user(source->frame, u64_to_user_ptr(source->job.frame),
			   source->job.len))
		return -EFAULT;
	for (i = 0; i < PKTSOURCE_FIELDS; i++)
		source->bases[i] = get_unaligned_be32(source->frame +
						      source->job.fields[i].offset);
	source->random = source->job.seed;
	source->job.refused = 0;
	source->dev = dev_get_by_index(current->nsproxy->net_ns,
				       source->job.ifindex);
	if (!source->dev)
		return -ENODEV;
	err = netif_running(source->dev) ? run(source) : -ENETDOWN;
	dev_put(source->dev);
	return err;
}

static long pktsource_ioctl(struct file *file, unsigned int command,
			    unsigned long arg)
{
	void __user *user = (void __user *)arg;
	int err;

	if (command != PKTSOURCE_RUN)
		return -ENOTTY;
	if (!ns_capable(current->nsproxy->net_ns->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	err = mutex_lock_interruptible(&lock);
	if (err)
		return err;
	err = -EFAULT;
	if (copy_from_user(&only.job, user, sizeof(only.job)))
		goto unlock;
	err = check(&only);
	if (!err)
		err = start(&only);
	if (!err && copy_to_user(user, &only.job, sizeof(only.job)))
		err = -EFAULT;
unlock:
	mutex_unlock(&lock);
	return err;
}

static const struct file_operations pktsource_ops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = pktsource_ioctl,
};

static struct miscdevice pktsource_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "pktsource",
	.fops = &pktsource_ops,
	.mode = 0600,
};

module_misc_device(pktsource_device);

MODULE_DESCRIPTION("Sends frames as fast as it can, for benchmarks");
MODULE_LICENSE("GPL");
