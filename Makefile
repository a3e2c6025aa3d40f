# All that one must remember: `make demo` shows it, `make check` says whether a change may be offered.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
# Kept bytecode: a command that starts compiles nothing anew.
unexport PYTHONDONTWRITEBYTECODE
.DELETE_ON_ERROR:

PYTHON ?= python3
WORKERS ?= 2
MINUTES ?= 10
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
CATALOGUES := $(wildcard src/bocage/words/catalogues/*/*.po)
timed = @echo "== $(strip $(1))"; TIMEFORMAT='== $(strip $(1)): %1lR'; time

.PHONY: set-up demo test check read format lint types imports words licences bench endurance constraints clean
.DEFAULT_GOAL := set-up

set-up: $(STAMPS)/run $(STAMPS)/front-end $(STAMPS)/catalogues

$(STAMPS)/run: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bocage needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	mkdir -p $(STAMPS)
	$(PIP) -e .
	touch $@

$(STAMPS)/develop: $(STAMPS)/run
	$(PIP) -e '.[dev]'
	touch $@

$(STAMPS)/front-end: package.json package-lock.json scripts/front_end.py | $(STAMPS)/run
	$(BIN)/python scripts/front_end.py
	touch $@

$(STAMPS)/catalogues: $(CATALOGUES) | $(STAMPS)/run
	$(BIN)/python -m bocage.words.compile
	touch $@

demo: set-up ## an invented territory, fed with real open series, at http://127.0.0.1:8000
	$(BIN)/bocage demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

test: set-up $(STAMPS)/develop ## all tests; ends with what was skipped, and why
	$(call timed,test) $(BIN)/pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: ## all that a change must pass
	$(MAKE) -j2 --output-sync=target read
	$(MAKE) test

read: types format lint imports words licences ## what reads the code without running it

format: $(STAMPS)/develop
	$(call timed,format) $(BIN)/ruff format --check .

lint: $(STAMPS)/develop
	$(call timed,lint) $(BIN)/ruff check .

types: $(STAMPS)/develop
	$(call timed,types) $(BIN)/mypy

imports: $(STAMPS)/develop
	$(call timed,imports) $(BIN)/lint-imports

words: $(STAMPS)/develop
	$(call timed,words) $(BIN)/python -m bocage.words.check

licences: $(STAMPS)/develop
	$(call timed,licences) $(BIN)/reuse lint --quiet || $(BIN)/reuse lint

bench: set-up $(STAMPS)/develop ## figures of docs/performance.md
	$(BIN)/python -m bench

# Two kinds of tests by name: what is killed, and what stops, comes back, is full or jumps.
endurance: set-up $(STAMPS)/develop ## a soak of MINUTES, then 50 kills, full disks, restarts, jumps of the clock
	$(BIN)/python -m bench endurance --minutes $(MINUTES)
	BOCAGE_KILLS=50 $(BIN)/pytest --timeout=3600 -k "crash or kill"
	BOCAGE_KILLS=50 $(BIN)/pytest --timeout=3600 -v -k "full_disk or broker_that or server_that_comes_back or clock_that_jumps or clock_set_back"

constraints: $(STAMPS)/develop ## resolve constraints.txt again, newest of everything
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --extra dev --extra node --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) node_modules src/bocage/web/static/vendor src/bocage/words/catalogues/*/LC_MESSAGES
