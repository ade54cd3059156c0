# make help lists the targets. Everything is installed into .venv and built into target/ and build/.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
BACKEND ?= native
SECONDS_RUN ?= 20
MINUTES ?= 5
SOAK_ARGS ?=
TARGET ?= decode
PYTEST_ARGS ?=
SEEDS ?= 10000

# One interpreter for every cargo call, or PyO3 would be compiled again and again.
export PYO3_PYTHON := $(CURDIR)/$(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

RUST_SOURCES := $(shell find crates -name '*.rs' -not -path '*/target/*') Cargo.toml Cargo.lock \
	$(wildcard crates/adapters/okx/*/Cargo.toml) $(shell find crates/adapters/okx/sim/data -type f 2>/dev/null)
PY_SOURCES := $(shell find nautilus_trader -name '*.py' -o -name '*.pyi' -o -name '*.toml' -o -name 'py.typed')
WHEEL_SOURCES := $(RUST_SOURCES) $(PY_SOURCES) pyproject.toml README.md

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/' | expand -t 18

# -- environment ------------------------------------------------------------------------------------

$(VENV)/.base: pyproject.toml scripts/find_python.sh
	@python="$$(scripts/find_python.sh)"; echo "==> $(VENV) from $$python, with the stock nautilus_trader"; \
	[ -x $(PY) ] || "$$python" -m venv $(VENV)
	@$(PY) -m pip install -q --upgrade 'pip>=25.1'
	@$(PY) -m pip install -q $$($(PY) scripts/requirements.py) 'maturin>=1.9,<2'
	@touch $@

$(VENV)/.test: $(VENV)/.base
	@echo "==> test tools"
	@$(PY) -m pip install -q --group test
	@touch $@

$(VENV)/.bench: $(VENV)/.base
	@echo "==> benchmark contestants"
	@$(PY) -m pip install -q --group bench
	@touch $@

# -- wheel ------------------------------------------------------------------------------------------
# The tests use the dev profile (overflow checks and debug assertions on); users get the release profile.

build/wheel-release/.built: $(WHEEL_SOURCES) | $(VENV)/.base
	@echo "==> release wheel"
	@rm -rf build/wheel-release && mkdir -p build/wheel-release
	@$(VENV)/bin/maturin build -q --release --interpreter $(PY) --out build/wheel-release
	@touch $@

build/wheel-dev/.built: $(WHEEL_SOURCES) | $(VENV)/.base
	@echo "==> dev wheel"
	@rm -rf build/wheel-dev && mkdir -p build/wheel-dev
	@$(VENV)/bin/maturin build -q --profile dev --interpreter $(PY) --out build/wheel-dev
	@touch $@

.PHONY: install-release
install-release: build/wheel-release/.built
	@scripts/install_wheel.sh release

.PHONY: install-dev
install-dev: build/wheel-dev/.built $(VENV)/.test
	@scripts/install_wheel.sh dev

.PHONY: develop
develop: install-dev ## Build the dev wheel, install it into .venv and link the Python files for quick edits.
	@scripts/link_python.sh

# -- what people run --------------------------------------------------------------------------------

.PHONY: run
run: install-release ## The main job: a TradingNode on the simulated OKX (BACKEND=python for the stock classes).
	@$(PY) -m examples.run --backend $(BACKEND) --seconds $(SECONDS_RUN)

.PHONY: sim
sim: install-release ## Serve the simulated OKX until Ctrl-C.
	@$(VENV)/bin/okx-nt sim

# -- tests ------------------------------------------------------------------------------------------

.PHONY: test
test: lint test-rust test-python ## Everything: lints, Rust tests, Python tests.
	@echo "==> all checks passed"

.PHONY: nextest
nextest:
	@cargo nextest --version >/dev/null 2>&1 || { echo "==> cargo-nextest"; cargo install -q --locked cargo-nextest; }

.PHONY: test-rust
test-rust: nextest $(VENV)/.base ## Rust tests.
	@echo "==> Rust tests"
	@cargo nextest run --workspace --exclude okx_python --no-fail-fast
	@cargo test -q --doc --workspace --exclude okx_python

.PHONY: test-python
test-python: install-dev ## Python tests against the simulator.
	@echo "==> Python tests"
	@$(PY) -m pytest $(PYTEST_ARGS)

.PHONY: dst
dst: nextest ## More simulated schedules: make dst SEEDS=10000.
	@SEEDS=$(SEEDS) cargo nextest run -p okx_core --test dst --no-capture -- survive
	@SEEDS=$(SEEDS) cargo nextest run -p okx_core --lib desk::dst::orders_survive

.PHONY: lint
lint: install-dev ## Formatting, clippy, ruff, mypy, stubtest.
	@echo "==> lints"
	@cargo fmt --all --check
	@cargo clippy -q --workspace --all-targets -- -D warnings
	@$(VENV)/bin/ruff check -q .
	@$(VENV)/bin/ruff format -q --check .
	@$(VENV)/bin/mypy --no-error-summary -p nautilus_trader.adapters.okx.native
	@$(PY) -m mypy.stubtest --mypy-config-file pyproject.toml --concise --ignore-missing-stub nautilus_trader.adapters.okx.native._okx

.PHONY: fmt
fmt: $(VENV)/.test ## Format Rust and Python.
	@cargo fmt --all
	@$(VENV)/bin/ruff check -q --fix . && $(VENV)/bin/ruff format -q .

.PHONY: bench
bench: install-release $(VENV)/.bench ## Ratios against the stock adapter and other peers, to build/bench.json.
	@$(PY) -m benches.run

.PHONY: soak
soak: install-release ## The native stream under faults: make soak MINUTES=60; to build/soak.html and .json.
	@$(PY) -m examples.soak --minutes $(MINUTES) $(SOAK_ARGS)

.PHONY: fuzz
fuzz: ## Fuzz the decoder, or TARGET=pipe, private, answers or body, for MINUTES (nightly toolchain, cargo-fuzz).
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { echo "make fuzz needs a nightly toolchain and cargo-fuzz: rustup toolchain install nightly && cargo install cargo-fuzz. The same checks run over captured frames and answers, on the stable compiler, in make test-rust." >&2; exit 1; }
	@cd crates/adapters/okx/$(if $(filter decode pipe,$(TARGET)),ws,core) && cargo +nightly fuzz run $(TARGET) -- -max_total_time=$$(( $(MINUTES) * 60 ))

.PHONY: measured
measured: ## Put the figures of the last `make bench` into the README and docs/benchmarks.md.
	@$(PY) -m benches.publish

.PHONY: wheel-check
wheel-check: build/wheel-release/.built ## Install the wheel in a fresh environment outside the tree and smoke-test it.
	@scripts/wheel_check.sh

.PHONY: clean
clean: ## Remove what was built.
	@rm -rf build target $(VENV)
