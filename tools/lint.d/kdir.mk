# SPDX-License-Identifier: GPL-2.0
#
# Says which kernel's headers "make module" takes.
include Makefile

.PHONY: say-kdir
say-kdir:
	@echo $(KDIR)
