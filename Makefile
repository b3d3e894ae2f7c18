# Vigie. Type `make help`. Works with GNU make 3.81 (macOS) and newer.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
RUN := $(BIN)/python -m

# Whatever the environment says: the many processes of checks and suite compile once.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help install run demo test check style types contracts pytest coverage bench reset openapi requirements secrets

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## Make .venv with everything needed; nothing to do when nothing changed

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Vigie needs Python 3.11 or newer, and $(PYTHON) is not: try 'make PYTHON=python3.12 $(MAKECMDGOALS)'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments: install it with 'apt install python3-venv'." >&2; exit 1; }
	@echo "Installing into .venv (once; about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: install ## Serve the whole platform on http://127.0.0.1:8000
	@$(RUN) deploy.local

demo: install ## Play the main job against the running platform
	@$(RUN) deploy.demo

test: install check pytest ## Everything the continuous integration runs

pytest: install
	$(BIN)/pytest -n 3 --dist loadfile

coverage: install ## The suite traced: fails below 95 % of branches (half as long again)
	$(BIN)/pytest -n 3 --dist loadfile --cov

check: install ## Style, types, import contracts, contract unbroken and up to date
	@$(MAKE) -j 2 types style contracts

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports
	$(RUN) deploy.openapi --check
	$(RUN) deploy.client_types --check

bench: install ## Measure hot paths in interleaved rounds (a few minutes)
	$(RUN) tests.bench

openapi: install ## Write docs/api/ and the client's types anew from the code
	$(RUN) deploy.openapi
	$(RUN) deploy.problem_guide
	$(RUN) deploy.client_types

secrets: install ## Generate deploy/secrets/ for docker compose, once
	@$(RUN) deploy.credentials

reset: ## Remove .data/: database, secrets and logs of this machine
	@if [ -x $(BIN)/python ]; then $(RUN) deploy.reset; else $(PYTHON) -m deploy.reset; fi

requirements: ## Compile the hashed pins anew (needs uv)
	uv pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url -o requirements.txt
	uv pip compile -q pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-strip-extras \
	  -c requirements.txt -o requirements-dev.txt
