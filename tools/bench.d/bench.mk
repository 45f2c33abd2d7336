# SPDX-License-Identifier: GPL-2.0
#
# What tools/bench needs in its guest besides the module and pmipctl: never
# installed.

BENCH_OUT := $(O)/bench
BENCH_TREE = $(abspath $(BENCH_OUT))/module/$(KRELEASE)

.PHONY: bench bench-module bench-programs
bench: deps
	@tools/bench

# For KDIR, as make module.
bench-module:
	@mkdir -p $(BENCH_TREE)
	@cp -rsf $(CURDIR)/tools/bench.d/pktsource/. $(BENCH_TREE)
	@find $(BENCH_TREE) -xtype l -delete
	$(MAKE) -C $(KDIR) $(KARCH) M=$(BENCH_TREE) modules

bench-programs: $(BENCH_OUT)/fill $(BENCH_OUT)/load

$(BENCH_OUT)/fill: $(wildcard tools/bench.d/fill/*.[ch]) uapi/linux/pmip6.h
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $(filter %.c,$^)

$(BENCH_OUT)/load: $(wildcard tools/bench.d/load/*.[ch]) $(MH_OBJECTS)
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -MF $@.d -o $@ $(filter %.c %.o,$^)
