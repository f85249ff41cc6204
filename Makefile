# make run: from a fresh checkout to the open chat.   make test: from a fresh checkout to all checks.
# Needs Python 3.11 or newer and the package index. Everything else is fetched into .venv and the
# user cache, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 7860
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run install test checks browser screenshots format clean

run: install
	@echo "== models" && $(BIN)/rag models pull >/dev/null
	@echo "== index" && $(BIN)/rag index || echo "== the index was not updated, see above" >&2
	@echo "== chat" && exec $(BIN)/rag chat --port $(PORT)

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml constraints.txt
	@echo "== packages (once, about 1 GB)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make run PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "== packages for the tests (once)"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -e '.[dev,compare,tune]'
	@touch $@

test: $(VENV)/installed-dev browser checks

checks:
	@echo "== format" && $(BIN)/ruff format --check .
	@echo "== lint" && $(BIN)/ruff check .
	@echo "== types" && $(BIN)/mypy
	@echo "== models" && $(BIN)/rag models pull >/dev/null \
	  && $(BIN)/rag models pull smollm2-135m-instruct >/dev/null
	@echo "== tests" && $(BIN)/python -m pytest

# The page is tested in a real browser: Debian's chromium, installed here if that is possible.
browser:
	@if [ -z "$(CHROMIUM)" ]; then \
	  echo "== browser"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	      --no-install-recommends chromium fonts-dejavu-core >/dev/null; \
	  else echo "The browser tests need chromium: sudo apt-get install chromium" >&2; exit 1; fi; \
	fi

# Pictures of the page in its main states, with the real model, to be looked at.
screenshots: $(VENV)/installed-dev browser
	@$(BIN)/rag models pull >/dev/null && $(BIN)/rag index >/dev/null
	@$(BIN)/python tests/screenshots.py docs

format:
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) index/versions index/CURRENT index/embeddings.sqlite
