# SPDX-License-Identifier: GPL-2.0
#
#   make bench-engine     the engine of an anchor alone, with 1,000,000 sessions
#   make bench-engine SESSIONS=N GATEWAYS=N ROUNDS=N BENCHFLAGS=...

BENCH_OBJECTS := $(call user_objects,user/bench/*.c user/common/*.c) \
	$(ENGINE_OBJECTS) $(MH_OBJECTS)

$(USER_OUT)/engine-bench: $(BENCH_OBJECTS)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^ -ljson-c

.PHONY: bench-engine
bench-engine: $(USER_OUT)/engine-bench
	$(USER_OUT)/engine-bench $(if $(SESSIONS),--sessions $(SESSIONS)) \
		$(if $(GATEWAYS),--gateways $(GATEWAYS)) \
		$(if $(ROUNDS),--rounds $(ROUNDS)) $(BENCHFLAGS)
