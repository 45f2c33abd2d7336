# SPDX-License-Identifier: GPL-2.0
#
#   make              module and user space
#   make module       pmip6.ko for KDIR, into build/module/RELEASE
#   make user         pmip6d and pmipctl, into build/user
#   make install      all of it below DESTDIR
#   make install-dkms the module's sources, for dkms to build
#   make check        unit tests and KUnit: the inner loop
#   make test         all tests, in User Mode Linux; in brief on Debian's kernels
#   make sim          the simulator: user/sim/sim.mk
#   make fuzz         a fuzzer: user/fuzz/fuzz.mk
#   make bench-engine the engine of an anchor, measured: user/bench/bench.mk
#   make test-debug   and what takes yet other kernels: leaks, races of two CPUs
#   make test-kernels all tests of the module on every kernel
#   make lint         static analysis
#   make coverage     which lines of module and user space tests reach
#   make conformance  Documentation/conformance.rst, from rules and tests
#   make bench        what forwarding costs: Documentation/performance.rst
#   make demo         a mobile node keeps its connections across a handover

# V=1 shows the commands.

.DEFAULT_GOAL := all
Q := $(if $(V),,@)
MAKEFLAGS += --no-print-directory

VERSION := 0.1.0
O ?= build
# To makes of ours by the environment: a kernel's would take it for its own.
MAKEOVERRIDES := $(filter-out O=%,$(MAKEOVERRIDES))
export O

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
DKMSDIR ?= /usr/src/pmip6-$(VERSION)

.PHONY: all
all: module user

include tools/module.mk
include user/user.mk
include tools/test.mk
include tools/bench.d/bench.mk

.PHONY: install install-module install-user install-dkms
install: install-module install-user

install-user: user
	install -D -t $(DESTDIR)$(PREFIX)/sbin $(O)/user/pmip6d $(O)/user/pmipctl
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man8 \
		Documentation/man/pmip6d.8 Documentation/man/pmipctl.8
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man5 \
		Documentation/man/pmip6d.conf.5
	install -D -m 644 tools/pmipctl.bash-completion \
		$(DESTDIR)$(COMPDIR)/pmipctl
	install -D -m 644 -t $(DESTDIR)$(SYSCONFDIR)/pmip6/examples \
		Documentation/examples/lma.conf Documentation/examples/mag.conf \
		Documentation/examples/profiles.conf \
		Documentation/examples/kea-dhcp6.conf
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include/linux \
		uapi/linux/pmip6.h
	install -D -m 644 -t $(DESTDIR)$(UNITDIR) tools/pmip6d@.service
	sed -i -e 's|/usr/sbin/|$(PREFIX)/sbin/|' \
		-e 's|/etc/pmip6/|$(SYSCONFDIR)/pmip6/|' \
		$(DESTDIR)$(UNITDIR)/pmip6d@.service

# "dkms install pmip6/$(VERSION)" builds it from there.
install-dkms:
	@grep -qx 'PACKAGE_VERSION="$(VERSION)"' dkms.conf || { \
		echo "make: dkms.conf is not of version $(VERSION)" >&2; exit 1; }
	for file in dkms.conf Kbuild COPYING kernel/*.[ch] kernel/tests/*.[ch] \
			uapi/linux/*.h; do \
		install -D -m 644 $$file $(DESTDIR)$(DKMSDIR)/$$file || exit; \
	done

.PHONY: clean
clean:
	rm -rf $(O)
