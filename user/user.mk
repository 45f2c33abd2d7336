# SPDX-License-Identifier: GPL-2.0
#
# pmip6d and pmipctl.  SANITIZE=1 builds them with ASan and UBSan, COVERAGE=1 for
# gcov, beside the others; INSTRUMENT=fuzz|coverage is for user/fuzz/fuzz.mk.

USER_OUT := $(O)/user$(if $(SANITIZE),-sanitize)$(if $(COVERAGE),-gcov)$(INSTRUMENT:%=-%)
USER_LIBS := libnl-3.0 libnl-genl-3.0 json-c libconfuse lmdb

comma := ,

INSTRUMENT_CFLAGS_fuzz := -fsanitize=fuzzer-no-link
INSTRUMENT_CFLAGS_coverage := -fprofile-instr-generate -fcoverage-mapping

CFLAGS ?= -O2 -g
USER_CFLAGS := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -MMD -MP \
	-DPMIP6_VERSION='"$(VERSION)"' -Iuapi -pthread \
	$(if $(SANITIZE),-fsanitize=address$(comma)undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer) \
	$(INSTRUMENT_CFLAGS_$(INSTRUMENT)) \
	$(if $(COVERAGE),--coverage -fprofile-update=atomic)
USER_PKG_CFLAGS = $(shell pkg-config --cflags $(USER_LIBS))
USER_PKG_LIBS = $(shell pkg-config --libs $(USER_LIBS)) -lev -pthread

user_objects = $(patsubst user/%.c,$(USER_OUT)/obj/%.o,$(wildcard $(1)))

MH_OBJECTS := $(call user_objects,user/mh/*.c)
ENGINE_OBJECTS := $(call user_objects,user/engine/*.c)
NL_OBJECTS := $(call user_objects,user/nl/*.c)
PMIP6D_OBJECTS := $(call user_objects,user/ports/*.c user/pmip6d/*.c) \
	$(ENGINE_OBJECTS) $(MH_OBJECTS) $(NL_OBJECTS)
PMIPCTL_OBJECTS := $(call user_objects,user/pmipctl/*.c) $(MH_OBJECTS) \
	$(NL_OBJECTS)

.PHONY: user
user: $(USER_OUT)/pmip6d $(USER_OUT)/pmipctl

$(USER_OUT)/pmip6d: $(PMIP6D_OBJECTS)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^ $(USER_PKG_LIBS)

$(USER_OUT)/pmipctl: $(PMIPCTL_OBJECTS)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^ $(USER_PKG_LIBS)

$(USER_OUT)/obj/%.o: user/%.c
	@mkdir -p $(@D)
	@echo "  CC      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(USER_PKG_CFLAGS) -c -o $@ $<

-include $(wildcard $(USER_OUT)/obj/*/*.d)

include user/sim/sim.mk
include user/bench/bench.mk
include user/tests/tests.mk
include user/fuzz/fuzz.mk
