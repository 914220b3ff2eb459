# Two commands on a fresh machine: `make quickstart` and `make test`. Each makes .venv and installs what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help install quickstart check test test-all conformance clean

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: $(READY)  ## Make .venv and install the project with everything it needs

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	    { echo "$(PYTHON) is older than 3.10; type: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

quickstart: $(READY)  ## All stages offline on two cores, from tokenizer to a model that is served, in minutes
	$(BIN)/codeling run --recipe quick

check: $(READY)  ## Lint, formatting, types and import floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

# A test keeps one core busy, so two halves of them run at once; what the second half says follows when both have ended.
define run_tests
	@OMP_NUM_THREADS=1; export OMP_NUM_THREADS; said=$$(mktemp); \
	$(BIN)/python -m pytest $(1) tests/integration tests/unit/data > $$said 2>&1 & second=$$!; \
	trap 'kill $$second 2> /dev/null; cat $$said; rm -f $$said' EXIT; trap 'exit 130' INT TERM; \
	$(BIN)/python -m pytest $(1) tests/unit --ignore=tests/unit/data; first_status=$$?; \
	wait $$second; second_status=$$?; \
	test $$first_status -eq 0 -a $$second_status -eq 0
endef

test: $(READY)  ## The default tests (under 10 minutes on two cores)
	$(call run_tests,)

test-all: $(READY)  ## All tests, the slow ones too
	$(call run_tests,-m "not gpu" --hypothesis-profile thorough)

conformance: $(READY)  ## Run clients and suites that others wrote against `codeling serve`, on the best model in models/
	$(BIN)/python benchmarks/conformance/run.py

clean:  ## Remove .venv and caches; data, models, runs and reports stay
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find codeling scripts tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
