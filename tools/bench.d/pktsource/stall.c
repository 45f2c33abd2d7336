// SPDX-License-Identifier: GPL-2.0
/*
 * What the bench is to notice: a kernel that does nothing else for so long.
 *
 *	insmod stall.ko ms=5000
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/preempt.h>

static unsigned int ms;
module_param(ms, uint, 0400);
MODULE_PARM_DESC(ms, "how long");

static int __init stall_init(void)
{
	preempt_disable();
	mdelay(ms);
	preempt_enable();
	return 0;
}

static void __exit stall_exit(void)
{
}

module_init(stall_init);
module_exit(stall_exit);
MODULE_DESCRIPTION("Keeps a CPU, to test the bench with");
MODULE_LICENSE("GPL");
