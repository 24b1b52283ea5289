# The two commands are `make run` and `make test`; `make help` names the others.
# A fresh machine needs Python 3.11 or newer, git and make.

PYTHON ?= python3
BIN = .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run setup test check fix lock messages docs bench screens manage clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

run: ## the portal on http://127.0.0.1:8000 with demo data (another port: make run PORT=8001)
	@exec $(PYTHON) tools/run.py

setup: ## virtual environment and all packages, those for tests and checks too
	@$(PYTHON) tools/setup.py base dev

test: setup ## every test, on SQLite and PostgreSQL (some only: make test k=notices)
	@exec $(BIN)/python -m tools.test $(if $(k),-k "$(k)")

check: setup ## style, types, layers, templates, migrations, settings, API schema, translations
	@exec $(BIN)/python -m tools.check

fix: setup ## what ruff and djade can put right by themselves
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

messages: setup ## bring the catalogues of French and Spanish up to date with the code
	$(BIN)/python -m tools.messages extract

docs: setup ## write the generated documents anew: state diagrams, API description
	SECRET_KEY=docs DEMO=1 $(BIN)/python manage.py show_workflow > docs/workflow.md
	SECRET_KEY=docs DEMO=1 $(BIN)/python manage.py show_events > docs/events.md
	SECRET_KEY=docs DEMO=1 $(BIN)/python -m tools.check_openapi --write

bench: setup ## the API beside its floors, the desk, pages, the tracker; writes docs/performance.md (one: make bench k=desk)
	$(BIN)/python -m bench.$(or $(k),api)
	$(if $(k),,$(BIN)/python -m bench.pages)
	$(if $(k),,$(BIN)/python -m bench.desk)
	$(if $(k),,$(BIN)/python -m bench.tracker)

screens: setup ## pictures of every page of the focal point's side and of the desk in var/screens/
	$(BIN)/python -m tools.screens

lock: setup ## lock the packages of requirements/*.in anew, with hashes
	cd requirements && for name in base dev; do ../$(BIN)/uv pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		$(if $(upgrade),--upgrade) --output-file $$name.txt $$name.in || exit 1; done

manage: ## a command of manage.py on the data of `make run`: make manage c="verify_history"
	@exec $(PYTHON) tools/run.py manage $(c)

clean: ## remove .venv and var, the demo data with them
	rm -rf .venv var
