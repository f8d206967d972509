# Galley's commands. `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
# three on two cores: tests wait for browsers and for servers that were killed
WORKERS ?= 3
PYTEST := env -u DJANGO_SETTINGS_MODULE .venv/bin/pytest
# a file's tests share their worker, and with it a browser or a cluster
PARALLEL := -n $(WORKERS) --dist loadfile
MORE := -n $(WORKERS) --dist worksteal
# Types and walls read the settings, and connect to nothing.
NOWHERE := DATABASE_URL=postgresql://nobody@localhost/nothing GALLEY_SECRET_KEY=for-reading-only

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## Galley with a sample newsroom at http://localhost:8000 (another port: PORT=8001 make demo)
	@exec sh verify/setup.sh demo

.PHONY: test
test: dev ## The tests, on a PostgreSQL of their own
	@$(PYTEST) $(PARALLEL) $(TESTS)

.PHONY: test-all
test-all: test ## The tests, then the slow ones: attacks, kills, whole replays
	@$(PYTEST) $(MORE) -m slow $(TESTS)

.PHONY: bench
bench: dev ## Measure: one benchmark after the other
	@$(PYTEST) -o addopts= --import-mode=importlib -s tests/bench
	@[ -z "$$GALLEY_TEST_DATA" ] || $(PYTHON) -m tests.bench.paste.score

.PHONY: lint
lint: dev ## Style, types and walls
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(NOWHERE) .venv/bin/mypy
	@$(NOWHERE) .venv/bin/lint-imports

.PHONY: messages
messages: dev ## Collect the sentences to translate into locale/
	@$(NOWHERE) $(PYTHON) manage.py makemessages --all --no-obsolete --ignore .venv --ignore var

.PHONY: backup
backup: runtime ## Write the whole database into var/backups/
	@$(PYTHON) -m verify.backup make

.PHONY: restore
restore: runtime ## Put a backup in the database's place, once it is verified: make restore FILE=var/backups/….dump
	@$(PYTHON) -m verify.backup restore "$(FILE)"

.PHONY: dev runtime
dev runtime:
	@sh verify/setup.sh $@
