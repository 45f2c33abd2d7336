# SPDX-License-Identifier: GPL-2.0
#
#   make              the module
#   make module       pmip6.ko for KDIR, into build/module/RELEASE
#   make install      all of it below DESTDIR

.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory

VERSION := 0.1.0
O ?= build

# The running kernel's headers, else the newest that are installed.
RUNNING := /lib/modules/$(shell uname -r)/build
INSTALLED := $(wildcard /lib/modules/*/build)
KDIR ?= $(if $(wildcard $(RUNNING)),$(RUNNING),$(shell \
	printf '%s\n' $(INSTALLED) | sort -V | tail -n 1))

PREFIX ?= /usr
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
COMPDIR ?= $(PREFIX)/share/bash-completion/completions
UNITDIR ?= /lib/systemd/system

.PHONY: all
all: module

include tools/module.mk

.PHONY: install
install: install-module

.PHONY: clean
clean:
	rm -rf $(O)
