# demo and test need only Python 3.11 or later (with venv) and make.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
DB ?= sqlite
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench lock clean

demo: $(READY)
	$(BIN)/localoffer demo --port $(PORT) $(ARGS)

test: $(READY)
	LOCALOFFER_TEST_DB=$(DB) $(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djhtml --check --tabwidth 2 src/localoffer
	$(BIN)/curlylint src/localoffer
	$(BIN)/mypy
	$(BIN)/lint-imports
	LOCALOFFER_DATA=$$(mktemp -d) $(BIN)/localoffer makemigrations --check --dry-run
	LOCALOFFER_DATA=$$(mktemp -d) $(BIN)/localoffer check --fail-level WARNING
	tools/check-deploy $(BIN)/localoffer

bench: $(READY)
	$(BIN)/python -m bench $(ARGS)

# The environment is made anew whenever the exact versions change. uv is used where there is one
# (or one can be had), because it is several times quicker; pip does the same work.
$(READY): requirements-dev.txt pyproject.toml
	PYTHON="$(PYTHON)" tools/make-venv $(VENV)
	touch $@

# For maintainers: choose versions again, none of them younger than a week.
lock:
	tools/lock

clean:
	rm -rf $(VENV) localoffer-data dist build
