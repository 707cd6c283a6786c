# SPDX-License-Identifier: Apache-2.0
#
# A thin front for meson.  `make` builds, `make demo` shows, `make test` proves.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

BUILD ?= build
PREFIX ?= /usr/local

all: configure
	@ninja -C $(BUILD) --quiet -k 3 | { grep -v 'no work to do' || true; }

configure:
	@tools/configure.sh $(BUILD)

# Installs the compilers, libraries and tools that are missing (Debian and its relatives).
deps:
	@tools/install-deps.sh

# The example: its database migrated by the command, which compiles the revisions; then loaded and asked.
DEMO = ATHANOR_CONFIG=examples/packages/migrations/athanor.ini XDG_CACHE_HOME="$(abspath $(BUILD))/demo/cache" \
       ATHANOR_URL="sqlite:///$(abspath $(BUILD))/demo/packages.db" $(BUILD)/athanor

demo: deps all
	@mkdir -p $(BUILD)/demo && rm -f $(BUILD)/demo/packages.db*
	@echo '$$ athanor upgrade head' && $(DEMO) upgrade head 2>&1
	@echo '$$ athanor history -i' && $(DEMO) history -i 2>&1
	@echo '$$ athanor check' && $(DEMO) check 2>&1 && echo
	@$(BUILD)/packages --demo

# The example service: a blog over HTTP, at http://127.0.0.1:8080, on an SQLite file; DATABASE_URL, PORT ... say otherwise
# (examples/service/README.md).
service: deps all
	@mkdir -p $(BUILD)/demo && cd $(BUILD)/demo && ../service

# The service under wrk, beside the same endpoints over bare libpq.  SECONDS_EACH=60 says how long.
service-bench: deps all
	@bench/service.sh $(BUILD)

# Every test, sanitizer and check; the last line is "N passed, N failed".
test: deps
	@tools/run-tests.sh

# The tests alone, in the ordinary build: seconds, for use while writing.  Those of the servers after `make servers`.
quick: all
	@[ ! -f build-servers/env ] || . build-servers/env; tools/run_programs.py $(BUILD)

# PostgreSQL and MariaDB for the tests, until `make servers-stop`; `. build-servers/env` tells a shell where they are.
servers: deps
	@tools/servers.sh start

servers-stop:
	@tools/servers.sh stop

# The checks alone (formatting, layers, sizes, symbols ...).
check: all
	@tools/run-checks.sh $(BUILD)

# Athanor beside the bare client libraries: times, memory, and instructions where valgrind is.  PostgreSQL and MariaDB
# where the environment names servers (make servers).
bench: all
	@[ ! -f build-servers/env ] || . build-servers/env; bench/run.py $(BUILD)
	@bench/service.sh $(BUILD)

# The libFuzzer targets, TIME seconds each.
fuzz: deps
	@tools/fuzz.sh $(TIME)

install: all
	@meson configure $(BUILD) --prefix "$(abspath $(PREFIX))" --libdir lib
	@meson install -C $(BUILD) --quiet >$(BUILD)/install.log 2>&1 || { cat $(BUILD)/install.log; exit 1; }
	@echo "installed in $(abspath $(PREFIX))"

format:
	@tools/format.sh

docs:
	@tools/docs.py $(BUILD)/docs/reference.md

# Rewrites the list of exported symbols after a public function came or went.
symbols: all
	@tools/check_symbols.sh --write $(BUILD)

clean: servers-stop
	@rm -rf $(BUILD) $(BUILD)-*

.NOTPARALLEL:
.PHONY: all configure deps demo service service-bench test quick servers servers-stop check bench fuzz install format docs symbols clean
