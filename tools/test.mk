# SPDX-License-Identifier: GPL-2.0
#
# What is run: each of these installs and builds what it needs.

.PHONY: deps check test test-debug test-kernels demo conformance lint coverage
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

# Static analysis.
lint: deps
	@tools/lint

# Which lines the tests reach.
coverage: deps
	@tools/coverage

demo: deps
	@tools/vm --timeout 1200 --out $(O)/demo -- tools/demo

# Which rule is implemented where, and by which test it is shown.
conformance:
	@tools/conformance
