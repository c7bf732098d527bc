# PYTHON only makes the virtual environment; everything else runs inside it.
PYTHON ?= python3
UV ?= uv
PYTEST_ARGS ?=
BENCH_ARGS ?= list
MICRO_ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
INSTALLED := .venv/.installed-$(shell cat requirements-dev.lock pyproject.toml | cksum | tr -d ' ')
COMPILED := .venv/.compiled
KERNEL_SOURCES := $(wildcard solver/kernel.py solver/kernel/*.py solver/kernel/*/*.py)

WEEK := examples/bay-area-week.json
PLAN := build/bay-area-week.plan.json
PICTURE := build/bay-area-week

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: .venv help setup demo test lint format bench micro docs lock clean distclean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(COMPILED) ## Make .venv from the locked versions and compile the kernels

.venv:
	@command -v $(PYTHON) >/dev/null || { echo "'$(PYTHON)' is not on the PATH. Install Python 3.11 or newer, or name one: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(sys.version_info < (3, 11) and f"$(PYTHON) is Python {v}, and 3.11 or newer is needed. Name another: make setup PYTHON=python3.11")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) comes without venv. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv

# The name holds a checksum of the lock and the metadata: a changed one is installed anew, an unchanged one never.
$(INSTALLED):
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory .venv
	@echo "Installing the locked packages into .venv"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f .venv/.installed-* && touch $@

$(COMPILED): $(INSTALLED) $(KERNEL_SOURCES)
	@$(BIN)/python -m solver.kernel
	@touch $@

demo: setup ## Solve, check and draw the example week
	@mkdir -p build
	$(BIN)/tidyplan solve $(WEEK) -o $(PLAN) --time-limit 20
	$(BIN)/tidyplan check $(WEEK) $(PLAN)
	$(BIN)/tidyplan draw $(WEEK) $(PLAN) -o $(PICTURE).svg
	$(BIN)/tidyplan draw $(WEEK) $(PLAN) -o $(PICTURE).html
	@echo "The board with this plan: $(BIN)/tidyplan seed-demo --plan $(PLAN) && $(BIN)/tidyplan serve"
	@echo "Then open http://127.0.0.1:8000/board with one of the logins it prints."

test: setup ## Run the tests; PYTEST_ARGS="-k name" narrows them
	@$(BIN)/python -m pytest -q -n 2 tests $(PYTEST_ARGS)

lint: $(INSTALLED) ## Check style, format, types and layers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(INSTALLED) ## Format the code and apply the safe mends
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

bench: setup ## Run the benchmarks; BENCH_ARGS says which, by default it lists them
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

micro: setup ## Measure single operations
	@$(BIN)/python -m pytest -q benchmarks/micro --benchmark-enable --benchmark-timer=time.process_time $(MICRO_ARGS)

LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(LOCK_ARGS)

docs: setup ## Build the documentation into build/docs
	@$(BIN)/python -m sphinx -q -W -b html docs build/docs
	@echo "Written to build/docs/index.html."

lock: ## Write both locks anew (needs uv); LOCK_ARGS=--upgrade takes the newest versions
	@command -v $(UV) >/dev/null || { echo "'$(UV)' is not on the PATH. Install it, or name one: make lock UV=/path/to/uv" >&2; exit 1; }
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock
	@! grep -nE '://|file:|^-' requirements.lock requirements-dev.lock || { echo "A lock names an index or a path. Unset uv's index and find-links settings and lock again." >&2; exit 1; }

clean: ## Remove what was built, drawn, compiled and cached
	@rm -rf build dist *.egg-info .benchmarks .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache $(COMPILED)
	@find benchmarks models service solver tests -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## The same, and .venv
	@rm -rf .venv
