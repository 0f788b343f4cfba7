# The commands of this repository. `make` alone lists them.
#
# Upstream / Downstream: people, .ci/run / .ci/setup, .ci/test, .venv/bin.

.DEFAULT_GOAL := help
.PHONY: help setup test demo screenshots format lock fonts sounds docs fuzz power mutants machine wire faults year bench clean

BIN := .venv/bin

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 14

setup: ## prepare this machine: system libraries, .venv, .venv/bin/kiosk
	@bash .ci/setup kiosk

demo: ## the main job, end to end: platform, sync agent and kiosk
	@bash .ci/setup demo
	@$(BIN)/kiosk demo

test: ## every check: format, lint, types, contracts, dependencies, tests
	@bash .ci/setup test
	@bash .ci/test

screenshots: ## a picture of every screen into docs/gallery, the README's among them
	@bash .ci/setup test
	@xvfb-run -a -s "-screen 0 1280x800x24" $(BIN)/kiosk gallery docs/gallery

format: ## format the code and apply the lint's safe repairs
	@bash .ci/setup kiosk
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lock: ## write requirements.lock anew from pyproject.toml
	@bash .ci/lock

fonts: ## cut the faces and icons of assets/ from Debian's font packages
	@bash .ci/setup kiosk
	@$(BIN)/python assets/fonts/cut.py
	@$(BIN)/python assets/icons/cut.py

sounds: ## compute the four chimes of assets/
	@bash .ci/setup kiosk
	@$(BIN)/python assets/sounds/make.py

docs: ## make what the docs take from the code anew: the diagrams of ARCHITECTURE.md, the documents of the wire
	@bash .ci/setup kiosk
	@$(BIN)/python docs/diagrams.py
	@$(BIN)/python -m sync.platform openapi docs/protocol

fuzz: ## a minute of coverage-guided hostile input for everything that reads bytes from outside
	@bash .ci/setup kiosk
	@bash .ci/fuzz

power: ## cut the power 5,000 times; more with IMAGES=, another choice with SEED=
	@bash .ci/setup kiosk
	@$(BIN)/python -m tests.power_cut --images $(or $(IMAGES),5000) --seed $(or $(SEED),1)

mutants: ## do what must not be done, in a copy, and expect red tests; one room with ROOM=clock
	@bash .ci/setup test
	@$(BIN)/python -m tests.mutants $(ROOM)

machine: ## let anything happen to 1,000 booths and hold them against a plain model; more with LIVES=, STEPS=
	@bash .ci/setup test
	@$(BIN)/python -m tests.machines --lives $(or $(LIVES),1000) --steps $(or $(STEPS),50)

wire: ## let anything happen between devices and a platform, 200 times; more with LIVES=, STEPS=
	@bash .ci/setup test
	@$(BIN)/python -m tests.machines wire --lives $(or $(LIVES),200) --steps $(or $(STEPS),30)

faults: ## two minutes of kills and a faulty network in a town of processes; more with SECONDS=, others with SEED=
	@bash .ci/setup test
	@$(BIN)/python -m tests.process_run --seconds $(or $(SECONDS),120) --seed $(or $(SEED),1)

year: ## a year at a booth with bad power and forgetful people, held against a notebook
	@bash .ci/setup test
	@$(BIN)/python -m tests.integration.year

bench: ## every measurement, one line of JSON each
	@bash .ci/setup test
	@set -e; for script in bench/*.py; do echo "==> $$script"; $(BIN)/python "$$script"; done

clean: ## remove what runs leave behind; .venv stays
	@rm -rf build dist demo-output .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
