# SPDX-License-Identifier: GPL-2.0
#
# Each kernel gets a build tree of its own, of links to the sources, so that
# modules for several kernels stand beside one another.

# Not kernel.release: in Debian's headers it is not what uname -r says.
KRELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
KARCH = $(shell grep -qs '^CONFIG_UML=y' $(KDIR)/.config && echo ARCH=um)
# A kernel that can count which lines are run, as uml-gcov: ours it does.
GCOV = $(shell grep -qs '^CONFIG_GCOV_KERNEL=y' $(KDIR)/.config && echo GCOV_PROFILE=y)
MODULE_TREE = $(abspath $(O))/module/$(KRELEASE)

.PHONY: module
module:
	@test -n "$(KDIR)" || { \
		echo "make: no kernel headers: run tools/deps, or give KDIR=" >&2; \
		exit 1; }
	@test -n "$(KRELEASE)" || { \
		echo "make: KDIR=$(KDIR) holds no configured kernel" >&2; \
		exit 1; }
	@mkdir -p $(MODULE_TREE)
	@cp -rsf $(CURDIR)/Kbuild $(CURDIR)/kernel $(CURDIR)/uapi $(MODULE_TREE)
	@find $(MODULE_TREE) -xtype l -delete
	$(MAKE) -C $(KDIR) $(KARCH) M=$(MODULE_TREE) $(GCOV) $(MODULE_FLAGS) modules

.PHONY: install-module
install-module: module
	install -D -m 644 -t $(DESTDIR)/lib/modules/$(KRELEASE)/updates \
		$(MODULE_TREE)/pmip6.ko
	@test -n "$(DESTDIR)" || depmod $(KRELEASE)
