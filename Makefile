# Everything a fresh machine with Go, gcc, make and npm needs is fetched by the
# targets themselves. `make demo` and `make test` are all one has to know.

SHELL   := bash
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
GO      ?= go
# Without the machine's paths, and so that what is built for one purpose serves the next.
export GOFLAGS := -trimpath $(GOFLAGS)
TOOL    := $(GO) tool -modfile=tools/go.mod
PKGS    ?= ./...
SEED    ?= 1

.PHONY: help build engine demo test test-server check fmt fmt-check vet lint bench bench-storage eval long soak crash away fuzz browser clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

build: ## Build bin/winnow
	@mkdir -p bin
	$(GO) build -ldflags "-X main.version=$(VERSION)" -o bin/winnow ./cmd/winnow

engine: build ## Fetch the embedded engine into the user's cache directory
	@bin/winnow engine --fetch >/dev/null

demo: engine ## Show what Winnow does, with synthetic posts (SEED=n for another story)
	bin/winnow demo --seed $(SEED)

# Live sources are tested against servers in real time, where silence counts: these
# packages mostly wait, two beside each other and nothing else.
TIMED := $(addprefix winnow/,collectors/collectortest collectors/bluesky/jetstream \
	collectors/mastodon/instance collectors/x/classic collectors/x/filtered)
# All of Winnow, and much of it at the same time.
ALONE := winnow/cmd/app
# Of it, what is done to a data directory one step after the other: no race detector.
STEPS := ^Test(Answers|BackupWipeRestore|ForgetLeavesNothing)$$
# A process that is killed cannot tell of its races, and needs all of the machine.
KILLED := winnow/cmd/app/crashtest
# The race detector has nothing to see where nothing runs side by side. It would only make
# much computing slow, such as stories, hashing passwords, pages for a browser and the engine's
# answers: of what needs the engine and shows pages, cmd/app is where all runs beside all.
QUIET := $(addprefix winnow/,cmd/winnow collectors/scenario collectors/x/spend dashboards/desk dashboards/desk/access deploy \
	storage storage/embedded storage/scale storage/storagetest)
SIDE_BY_SIDE := \bgo [a-z][[:alnum:].]*[({]|errgroup|"sync(/atomic)?"|httptest\.New|net\.Listen|t\.Parallel
RACED = $(filter-out $(QUIET) $(TIMED) $(ALONE) $(KILLED),$(addprefix winnow/,$(patsubst ./%/,%,$(sort $(dir $(shell grep -rlE --include='*.go' '$(SIDE_BY_SIDE)' .))))))
LIST = $(shell $(GO) list $(PKGS))
TEST := $(TOOL) gotestsum --format pkgname --format-hide-empty-pkg -- -timeout 10m
run   = $(if $(2),$(TEST) $(1) $(2))
# What takes longest goes first, so that no core is idle at the end; and one more at a time
# than there are cores, since much of it waits for the engine's disk.
LONGEST := $(addprefix winnow/,storage dashboards/desk cmd/winnow storage/embedded)
PLAIN = $(filter-out $(TIMED) $(RACED) $(ALONE) $(KILLED),$(LIST))

test: engine browser ## Run all tests, with the race detector where things run side by side
	$(call run,-race,$(filter $(RACED),$(LIST)))
	$(call run,-p 3,$(strip $(foreach p,$(LONGEST),$(filter $(p),$(PLAIN))) $(filter-out $(LONGEST),$(PLAIN))))
	$(call run,-race -p 2,$(filter $(TIMED),$(LIST)))
	$(call run,-race -skip '$(STEPS)',$(filter $(ALONE),$(LIST)))
	$(call run,-run '$(STEPS)',$(filter $(ALONE),$(LIST)))
	$(call run,,$(filter $(KILLED),$(LIST)))

# The store's tests against a ClickHouse server by its address, for which the engine
# stands in: another process, another user, TCP. With SERVER=http://user:password@host:8123
# they run against that server instead, in databases of their own.
SERVER_PORT ?= 18123
test-server: engine ## Run the store's tests against a server: the engine at a port, or SERVER=URL
	@set -e; url="$(SERVER)"; word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }; \
	if [ -z "$$url" ]; then \
		dir=$$(mktemp -d); trap 'kill $$pid 2>/dev/null && wait $$pid || true; rm -rf "$$dir"' EXIT; \
		writer=$$(word); printf 'data_dir: data\nengine: {listen: "127.0.0.1:$(SERVER_PORT)", password: %s, writer_password: %s}\n' "$$(word)" "$$writer" >"$$dir/winnow.yaml"; \
		bin/winnow -c "$$dir/winnow.yaml" engine >"$$dir/said" & pid=$$!; \
		until grep -q listens "$$dir/said"; do kill -0 $$pid || exit 1; sleep 0.2; done; \
		url=http://winnow:$$writer@127.0.0.1:$(SERVER_PORT)/default; \
	fi; \
	WINNOW_TEST_STORE_URL="$$url" $(TEST) -count 1 ./storage ./storage/view

check: fmt-check vet lint test ## Format, vet, linters, tests: what CI runs

fmt: ## Format the code
	$(TOOL) gofumpt -l -w .

fmt-check:
	@out="$$($(TOOL) gofumpt -l .)"; if [ -n "$$out" ]; then echo "not formatted (run make fmt):"; echo "$$out"; exit 1; fi

vet:
	$(GO) vet $(PKGS)

lint: ## Run the linters
	$(TOOL) golangci-lint run

bench: engine ## Run the benchmarks: posts/s and the share of each stage
	$(GO) test -run '^$$' -bench . -benchmem $(PKGS)

POSTS ?= 100000000
bench-storage: engine ## Measure the store with many posts (POSTS=n, DAYS=n, DIR= keeps it, PHASES=stages,insert,settle,query,pages, JSON=file)
	WINNOW_SCALE_POSTS=$(POSTS) WINNOW_SCALE_DAYS=$(DAYS) WINNOW_SCALE_DIR=$(if $(DIR),$(abspath $(DIR))) WINNOW_SCALE_PHASES=$(PHASES) WINNOW_SCALE_JSON=$(if $(JSON),$(abspath $(JSON))) \
		$(GO) test -run '^TestLong$$' -v -count 1 -timeout 0 ./storage/scale

eval: build ## Measure the detector on the collections of posts in WINNOW_DATA
	@test -d "$(WINNOW_DATA)" || { echo "name a folder of posts (*.csv.gz, *_labels.csv.gz, *_attacks.csv.gz): make eval WINNOW_DATA=folder"; exit 1; }
	@for f in $(filter-out %_labels.csv.gz %_attacks.csv.gz,$(wildcard $(WINNOW_DATA)/*.csv.gz)); do \
		set -- "$$f"; \
		for with in labels attacks; do \
			[ ! -e "$${f%.csv.gz}_$$with.csv.gz" ] || set -- "$$@" "--$$with" "$${f%.csv.gz}_$$with.csv.gz"; \
		done; \
		echo; echo "$${f##*/}"; bin/winnow eval "$$@" || exit 1; \
	done
	WINNOW_LONG=1 WINNOW_DATA=$(abspath $(WINNOW_DATA)) $(GO) test -count 1 -timeout 0 -run 'Long|Parity' ./cmd/winnow ./pipeline/...

long: engine ## Run the long tests: every upgrade cut off, two shards, each attack in each way, what the desk answers
	WINNOW_LONG=1 $(TEST) -count 1 -timeout 30m ./storage ./storage/embedded
	WINNOW_LONG=1 $(TEST) -count 1 -timeout 30m -run '^TestAnswers$$' ./cmd/app

SOAK ?= 10m
soak: engine ## Break all connections at random while posts flow, for SOAK (10m)
	WINNOW_SOAK=$(SOAK) $(GO) test -run '^TestSoak$$' -v -count 1 -timeout 0 ./cmd/app

KILLS ?= 200
crash: engine ## Kill winnow and its engine KILLS (200) times while posts flow, and compare (SEED=n for others)
	WINNOW_KILLS=$(KILLS) WINNOW_CRASH_SEED=$(SEED) $(GO) test -run '^TestCrash$$' -v -count 1 -timeout 0 ./cmd/app/crashtest

AWAY ?= 600000
away: engine ## Publish AWAY (600000) posts while the engine is gone, then store them
	WINNOW_AWAY=$(AWAY) $(GO) test -run '^TestEngineIsGoneForLong$$' -v -count 1 -timeout 0 ./cmd/app

FUZZTIME ?= 30s
fuzz: ## Run every fuzzer for FUZZTIME each
	@for pkg in $$($(GO) list $(PKGS)); do \
		for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; \
		done; \
	done

# Some tests ask other programs: a browser, Prometheus' own tools, and what a receiver
# checks evidence and exports with. Root can install them; anybody else is told how, and the
# tests that need them are skipped (but fail when CI=true). What judges whether pages are
# accessible comes from npm.
AXE := axe-core@4.14.1
browser: node_modules/$(AXE)
	@missing=""; \
	for one in chromium:chromium promtool:prometheus curl:curl python3:python3 zstd:zstd openssl:openssl ssh-keygen:openssh-client; do \
		command -v $${one%%:*} >/dev/null || missing="$$missing $${one#*:}"; \
	done; \
	python3 -c 'import networkx' 2>/dev/null || /usr/bin/python3 -c 'import networkx' 2>/dev/null || missing="$$missing python3-networkx"; \
	if [ -n "$$missing" ] && command -v apt-get >/dev/null; then \
		if [ "$$(id -u)" = 0 ]; then \
			echo "installing$$missing"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		else \
			echo "some tests are skipped; to run them: sudo apt-get install$$missing"; \
		fi; \
	fi

node_modules/$(AXE):
	@if command -v npm >/dev/null; then \
		npm install --prefix . --silent --no-audit --no-fund --no-save --no-package-lock $(AXE) && touch $@; \
	else echo "some tests are skipped; to run them: install npm, then make browser"; fi

clean: ## Remove what was built (not the engine in the cache)
	rm -rf bin node_modules
