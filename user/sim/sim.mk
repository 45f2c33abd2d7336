# SPDX-License-Identifier: GPL-2.0
#
#   make sim              1,000 seeds of the simulator
#   make sim SEEDS=N FROM=SEED MNS=N DURATION=S SIMFLAGS=...
#   make sim SAN=1        a few seeds, with ASan and UBSan

SIM_OBJECTS := $(call user_objects,user/sim/*.c user/common/*.c) \
	$(ENGINE_OBJECTS) $(MH_OBJECTS)
SIM_DEFAULT_SEEDS := $(if $(SAN),20,1000)

$(USER_OUT)/sim: $(SIM_OBJECTS)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(USER_CFLAGS) $(LDFLAGS) -o $@ $^

.PHONY: sim sim-run
sim:
	$(MAKE) sim-run SANITIZE=$(SAN)

sim-run: $(USER_OUT)/sim
	$(USER_OUT)/sim --seeds $(or $(SEEDS),$(SIM_DEFAULT_SEEDS)) \
		$(if $(FROM),--seed $(FROM)) $(if $(MNS),--mns $(MNS)) \
		$(if $(DURATION),--duration $(DURATION)) $(SIMFLAGS)
