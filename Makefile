# Headlamp: `make demo` to see it, `make test` and `make check` to change it. docs/running.md has the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: help demo test check install install-dev keys translations format

help:
	@echo "make demo          set everything up, load fictional data, serve on http://127.0.0.1:$(PORT)"
	@echo "make test          set everything up, run the whole suite"
	@echo "make check         format, lint, types, imports, translations, migrations, deployment"
	@echo "make keys          print fresh keys for an .env file"
	@echo "make translations  bring the catalogues up to date (needs the package gettext)"

demo: install
	@PORT=$(PORT) deploy/demo.sh

test: install-dev
	@deploy/system_packages.sh chromium libatomic1 || true
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: install-dev
	deploy/check.sh

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install:
	@PYTHON=$(PYTHON) deploy/install.sh

install-dev:
	@PYTHON=$(PYTHON) deploy/install.sh dev

keys:
	@$(PYTHON) deploy/create_keys.py

translations: install-dev
	$(BIN)/python deploy/translations.py extract
	$(BIN)/python deploy/translations.py compile
