# SPDX-License-Identifier: GPL-2.0
#
#   make fuzz TARGET=NAME SECONDS=60   look for inputs that a target chokes on
#   make fuzz-all SECONDS=1800         every target, one after the other
#   make fuzz-merge TARGET=NAME        keep in the tree what was found
#   make fuzz-coverage TARGET=NAME     lines that the corpus in the tree reaches
#
# "make unit" replays all corpora.  See Documentation/fuzzing.rst.

FUZZ_CC ?= clang-14
FUZZ_TARGETS := $(patsubst user/fuzz/fuzz_%.c,%,$(wildcard user/fuzz/fuzz_*.c))
SECONDS ?= 60

FUZZ_OUT := $(USER_OUT)/fuzz
FUZZ_SHARED := $(call user_objects,user/fuzz/common/*.c)
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(FUZZ_OUT)/fuzz_%)
REPLAYS := $(patsubst user/fuzz/fuzz_%.c,$(FUZZ_OUT)/replay_%,\
	$(wildcard user/fuzz/fuzz_$(or $(UNIT),*).c))

unit-run: $(REPLAYS)

# Of code for fuzzing, and for counting lines, each beside the others.
fuzz_build = $(Q)$(MAKE) INSTRUMENT=$(1) SANITIZE=$(2) CC=$(FUZZ_CC) \
	CFLAGS='-O1 -g'
fuzz_check = $(if $(filter-out 1,$(words $(TARGET)))$(filter-out \
	$(FUZZ_TARGETS),$(TARGET)),$(error TARGET=NAME is to say which fuzz \
	target; there are: $(FUZZ_TARGETS)))

.PHONY: fuzz fuzz-all fuzz-merge fuzz-coverage
fuzz:
	$(fuzz_check)
	$(call fuzz_build,fuzz,1) build-fuzz_$(TARGET)
	$(Q)tools/fuzz run $(TARGET) $(SECONDS)

fuzz-all:
	$(call fuzz_build,fuzz,1) $(FUZZ_TARGETS:%=build-fuzz_%)
	$(call fuzz_build,coverage,) $(FUZZ_TARGETS:%=build-replay_%)
	$(Q)tools/fuzz all $(SECONDS)

fuzz-merge:
	$(fuzz_check)
	$(call fuzz_build,fuzz,1) build-fuzz_$(TARGET)
	$(Q)tools/fuzz merge $(TARGET)

fuzz-coverage:
	$(fuzz_check)
	$(call fuzz_build,coverage,) build-replay_$(TARGET)
	$(Q)tools/fuzz coverage $(TARGET)

.PHONY: $(FUZZ_TARGETS:%=build-fuzz_%) $(FUZZ_TARGETS:%=build-replay_%)
$(FUZZ_TARGETS:%=build-fuzz_%) $(FUZZ_TARGETS:%=build-replay_%): \
	build-%: $(FUZZ_OUT)/%

$(FUZZ_OUT)/fuzz_%: $(USER_OUT)/obj/fuzz/fuzz_%.o $(FUZZ_SHARED) \
		$(ENGINE_OBJECTS) $(MH_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ \
		$^ $(FUZZ_LIBS)

$(FUZZ_OUT)/replay_%: $(USER_OUT)/obj/fuzz/fuzz_%.o \
		$(USER_OUT)/obj/fuzz/replay.o $(FUZZ_SHARED) \
		$(ENGINE_OBJECTS) $(MH_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^ $(FUZZ_LIBS)

# What a target needs besides the engine and the codec.
fuzz_programs = $(foreach name,$(1),$(FUZZ_OUT)/fuzz_$(name) \
	$(FUZZ_OUT)/replay_$(name))

$(call fuzz_programs,config profiles): \
	$(call user_objects,user/ports/conf_*.c user/ports/policy_*.c \
	user/ports/nai.c user/pmip6d/config*.c)
$(call fuzz_programs,config profiles): FUZZ_LIBS := -lconfuse
$(call fuzz_programs,nd): $(call user_objects,\
	$(addprefix user/ports/,nd_message.c nd_query.c ra.c inet6.c))
$(call fuzz_programs,dhcp6): $(call user_objects,user/pmip6d/dhcp_link.c \
	$(addprefix user/ports/,dhcp6_message.c inet6.c))
$(call fuzz_programs,control): $(call user_objects,\
	$(addprefix user/pmip6d/,control.c lma_operator.c lma_show.c \
	mag_operator.c mag_show.c operator_*.c peer_show.c show.c \
	log.c config*.c) \
	user/ports/conf_*.c user/ports/policy_*.c user/ports/nai.c)
$(call fuzz_programs,control): FUZZ_LIBS := -lconfuse -ljson-c -lev
$(call fuzz_programs,records): $(call user_objects,user/pmip6d/restart.c \
	user/ports/store_*.c)
$(call fuzz_programs,records): FUZZ_LIBS := -llmdb -lev
$(call fuzz_programs,lma mag): $(UNIT_SHARED)
$(call fuzz_programs,lma mag): FUZZ_LIBS := -lcmocka
$(call fuzz_programs,reply): $(NL_OBJECTS) $(call user_objects,\
	$(addprefix user/pmipctl/,agent.c args.c mn.c out.c peer.c stats.c))
$(call fuzz_programs,reply): FUZZ_LIBS := -ljson-c -lnl-3 -lnl-genl-3
$(call fuzz_programs,socket): $(call user_objects,\
	$(addprefix user/ports/,mh_socket.c mh_answer.c ipsec.c inet6.c) \
	user/pmip6d/role_message.c)
$(call fuzz_programs,socket): FUZZ_LIBS := -lev

.SECONDARY: $(FUZZ_TARGETS:%=$(USER_OUT)/obj/fuzz/fuzz_%.o) \
	$(USER_OUT)/obj/fuzz/replay.o $(FUZZ_SHARED)

-include $(wildcard $(USER_OUT)/obj/fuzz/*/*.d)
