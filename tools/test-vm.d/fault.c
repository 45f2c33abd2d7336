// SPDX-License-Identifier: GPL-2.0
/*
 * A module that does one thing wrong, for tools/test-vm to see it reported:
 *
 *	insmod fault.ko kind=KIND
 */

#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

static char *kind = "";
module_param(kind, charp, 0400);

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static int __rcu *shared;
static int volatile sink;

static void fault_warn(void)
{
	WARN_ON(1);
}

static void fault_bug(void)
{
	BUG();
}

static void fault_null(void)
{
	int *volatile nowhere = NULL;

	sink = *nowhere;
}

static void fault_use_after_free(void)
{
	int *volatile p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	sink = *p;
}

static void fault_overrun(void)
{
	char *volatile p = kmalloc(64, GFP_KERNEL);
	volatile int past = 64;

	p[past] = 1;
	kfree(p);
}

static void fault_shift(void)
{
	volatile int width = 40;

	sink = 1 << width;
}

/* Never both at once: only lockdep can tell. */
static void fault_lock_order(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);

	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void fault_rcu(void)
{
	sink = !!rcu_dereference(shared);
}

static void fault_sleep(void)
{
	spin_lock(&lock_a);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&lock_a);
}

static void fault_refcount(void)
{
	refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
}

static void fault_list(void)
{
	struct list_head head, entry;

	INIT_LIST_HEAD(&head);
	list_add(&entry, &head);
	head.next = &head;
	list_del(&entry);
}

struct with_timer {
	struct timer_list timer;
};

static void expired(struct timer_list *timer)
{
}

static void fault_timer(void)
{
	struct with_timer *t = kzalloc(sizeof(*t), GFP_KERNEL);

	timer_setup(&t->timer, expired, 0);
	mod_timer(&t->timer, jiffies + 3600 * HZ);
	kfree(t);
}

static void fault_cache(void)
{
	struct kmem_cache *cache = kmem_cache_create("fault", 192, 0, SLAB_POISON, NULL);

	sink = !!kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
}

static void fault_leak(void)
{
	sink = !!kmalloc(192, GFP_KERNEL);
}

/* Whoever deletes the device waits for ever. */
static void fault_netdev(void)
{
	struct net_device *dev = dev_get_by_name(&init_net, "fault0");

	sink = !!dev;
}

/* Several times what KCSAN lets pass between two that it looks at. */
#define TURNS 2000000

static struct work_struct works[2];
static int plain;

/* On the first two at once, to its end. */
static void on_two_cpus(work_func_t function)
{
	int cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		INIT_WORK(&works[cpu], function);
		schedule_work_on(cpu, &works[cpu]);
	}
	for (cpu = 0; cpu < 2; cpu++)
		flush_work(&works[cpu]);
}

static void increment(struct work_struct *unused)
{
	int i;

	for (i = 0; i < TURNS; i++) {
		plain++;
		barrier();
		if (!(i % 1024))
			cond_resched();
	}
}

static void fault_race(void)
{
	on_two_cpus(increment);
}

static void read_shared(void)
{
	int i, *p;

	for (i = 0; i < TURNS; i++) {
		rcu_read_lock();
		p = rcu_dereference(shared);
		sink = READ_ONCE(p[0]) + READ_ONCE(p[15]);
		rcu_read_unlock();
		if (!(i % 1024))
			cond_resched();
	}
}

static void replace_shared(void)
{
	int i, *new;

	for (i = 0; i < TURNS / 64; i++) {
		new = kzalloc(64, GFP_KERNEL);
		if (!new)
			return;
		kfree(rcu_replace_pointer(shared, new, true));
		cond_resched();
	}
}

static void read_or_replace(struct work_struct *unused)
{
	if (raw_smp_processor_id())
		replace_shared();
	else
		read_shared();
}

static void fault_freed_while_read(void)
{
	rcu_assign_pointer(shared, kzalloc(64, GFP_KERNEL));
	on_two_cpus(read_or_replace);
	kfree(rcu_replace_pointer(shared, NULL, true));
}

static const struct {
	const char *kind;
	void (*run)(void);
} faults[] = {
	{ "warn", fault_warn },
	{ "bug", fault_bug },
	{ "null", fault_null },
	{ "use-after-free", fault_use_after_free },
	{ "overrun", fault_overrun },
	{ "shift", fault_shift },
	{ "lock-order", fault_lock_order },
	{ "rcu", fault_rcu },
	{ "sleep", fault_sleep },
	{ "refcount", fault_refcount },
	{ "list", fault_list },
	{ "timer", fault_timer },
	{ "cache", fault_cache },
	{ "leak", fault_leak },
	{ "netdev", fault_netdev },
	{ "race", fault_race },
	{ "freed-while-read", fault_freed_while_read },
};

static int __init fault_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(kind, faults[i].kind)) {
			faults[i].run();
			return 0;
		}
	}
	return strcmp(kind, "none") ? -EINVAL : 0;
}

static void __exit fault_exit(void)
{
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_DESCRIPTION("One fault, to test the tests with");
MODULE_LICENSE("GPL");
