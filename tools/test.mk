# SPDX-License-Identifier: GPL-2.0
#
# What is run: each of these installs and builds what it needs.

.PHONY: deps check test test-debug test-kernels demo conformance
deps:
	@tools/deps

check: deps
	@tools/test check

test: deps
	@tools/test

test-debug: deps
	@tools/test debug

test-kernels: deps
	@tools/test kernels

demo: deps
	@tools/vm --timeout 1200 --out $(O)/demo -- tools/demo

# Which rule is implemented where, and by which test it is shown.
conformance:
	@tools/conformance
