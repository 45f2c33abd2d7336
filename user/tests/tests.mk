# SPDX-License-Identifier: GPL-2.0
#
#   make unit             the unit tests, with ASan and UBSan
#   make unit SANITIZE=   without
#   make unit UNIT=NAME   user/tests/test_NAME.c only
#
# One program a source file; what it printed, as TAP, is in
# $(O)/user*/tests/NAME.tap.

UNIT_OUT := $(USER_OUT)/tests
UNIT_SOURCES := $(wildcard user/tests/test_$(or $(UNIT),*).c)
UNIT_PROGRAMS := $(patsubst user/tests/test_%.c,$(UNIT_OUT)/%,$(UNIT_SOURCES))
UNIT_SHARED := $(call user_objects,user/tests/common/*.c)

.PHONY: unit unit-run
unit:
	$(MAKE) unit-run \
		SANITIZE=$(if $(filter undefined,$(origin SANITIZE)),1,$(SANITIZE))

unit-run: $(UNIT_PROGRAMS)
	user/tests/run $^

$(UNIT_OUT)/%: $(USER_OUT)/obj/tests/test_%.o $(UNIT_SHARED) $(ENGINE_OBJECTS) \
		$(MH_OBJECTS)
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(UNIT_LIBS)

# What a test needs besides the engine and the codec.
CONFIG_TESTS := $(patsubst user/tests/test_%.c,$(UNIT_OUT)/%,$(wildcard \
	user/tests/test_config*.c user/tests/test_policy_*.c \
	user/tests/test_nai.c))
$(CONFIG_TESTS): \
	$(call user_objects,user/ports/conf_*.c user/ports/policy_*.c \
	user/ports/nai.c user/pmip6d/config*.c)
$(CONFIG_TESTS): UNIT_LIBS := -lconfuse
$(UNIT_OUT)/clock_sync: $(USER_OUT)/obj/ports/clock_sync.o
$(UNIT_OUT)/executor: $(call user_objects,user/tests/bench/executor_bench.c \
	user/pmip6d/executor.c)
$(UNIT_OUT)/lma_operator: $(call user_objects,user/pmip6d/lma_operator.c \
	user/pmip6d/lma_show.c user/pmip6d/show.c user/pmip6d/log.c \
	user/pmip6d/operator_text.c user/ports/conf_*.c)
$(UNIT_OUT)/lma_operator: UNIT_LIBS := -lconfuse -ljson-c
$(UNIT_OUT)/control: $(call user_objects,user/pmip6d/control.c)
$(UNIT_OUT)/control: UNIT_LIBS := -ljson-c -lev
$(UNIT_OUT)/role_message: $(call user_objects,user/pmip6d/role_message.c)
$(UNIT_OUT)/dhcp_link: $(call user_objects,user/pmip6d/dhcp_link.c)
$(UNIT_OUT)/dhcp: $(call user_objects,user/pmip6d/dhcp.c \
	user/pmip6d/dhcp_link.c user/pmip6d/log.c user/ports/dhcp6_message.c \
	user/ports/inet6.c)
STORE_TESTS := $(addprefix $(UNIT_OUT)/,store_lmdb store_open store_owed store_reopen)
$(STORE_TESTS): $(call user_objects, \
	user/tests/bench/store_bench.c user/ports/store_*.c)
$(UNIT_OUT)/restart: $(call user_objects,user/ports/store_*.c \
	user/pmip6d/restart.c user/pmip6d/log.c)
$(STORE_TESTS) $(UNIT_OUT)/restart: UNIT_LIBS := -llmdb -lev
$(UNIT_OUT)/nd $(UNIT_OUT)/nd_advertise: $(call user_objects,user/tests/net/nd_fixture.c \
	$(addprefix user/ports/,nd*.c bpf.c ra.c inet6.c))
$(UNIT_OUT)/nd_message $(UNIT_OUT)/nd_query $(UNIT_OUT)/ra $(UNIT_OUT)/dhcp6_message: $(UNIT_OUT)/%: \
	$(USER_OUT)/obj/ports/%.o $(USER_OUT)/obj/ports/inet6.o
$(UNIT_OUT)/mh_answer: $(USER_OUT)/obj/ports/mh_answer.o
$(UNIT_OUT)/mh_socket: $(call user_objects,user/tests/net/mh_fixture.c \
	user/ports/mh_*.c user/ports/ipsec.c)
$(UNIT_OUT)/dhcp6_relay: $(call user_objects,$(addprefix user/ports/,dhcp6_*.c \
	inet6.c))
$(UNIT_OUT)/nd $(UNIT_OUT)/nd_advertise $(UNIT_OUT)/mh_socket \
	$(UNIT_OUT)/dhcp6_relay: UNIT_LIBS := -lev

$(UNIT_OUT)/address $(UNIT_OUT)/route: $(call user_objects, \
	user/tests/net/rtnl_fixture.c user/ports/routes_rtnl.c \
	user/ports/nl_queue.c user/nl/*.c)
$(UNIT_OUT)/nl_queue: $(call user_objects,user/ports/nl_queue.c user/nl/*.c)
$(UNIT_OUT)/address $(UNIT_OUT)/route $(UNIT_OUT)/nl_queue: \
	UNIT_LIBS := -lnl-3 -lnl-genl-3 -lev
$(UNIT_OUT)/nl_queue: UNIT_LIBS += -Wl,--wrap=sendmsg -Wl,--wrap=recvmmsg

.SECONDARY: $(patsubst user/%.c,$(USER_OUT)/obj/%.o,$(UNIT_SOURCES))

-include $(wildcard $(USER_OUT)/obj/tests/*/*.d)

# What selftests run in guests: built with the programs, never installed.
NETLINK_SHARED := $(call user_objects,$(addprefix user/tests/netlink/, \
	message.c policy.c world.c memory.c tap.c))

.PHONY: selftest-programs
selftest-programs: $(UNIT_OUT)/netlink-random $(UNIT_OUT)/netlink-fault

user: selftest-programs

$(UNIT_OUT)/netlink-random: $(call user_objects,$(addprefix \
		user/tests/netlink/,random_main.c generate.c generate_link.c \
		tree.c)) $(NETLINK_SHARED)
$(UNIT_OUT)/netlink-fault: $(call user_objects,$(addprefix \
		user/tests/netlink/,fault_main.c fault.c fault_commands.c \
		fault_others.c snapshot.c)) $(NETLINK_SHARED)
$(UNIT_OUT)/netlink-random $(UNIT_OUT)/netlink-fault:
	@mkdir -p $(@D)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^
