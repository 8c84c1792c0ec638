# `make run` serves the portal with demo films, `make test` passes every test; both set up what they need.
BENCHMARKS := admin-table dialogue first-paint insights many-titles telemetry
.PHONY: run demo serve test unit e2e servers lint types format bench bench-list $(addprefix bench-,$(BENCHMARKS)) load lock contract messages clean help setup-run setup-test
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export REFLEX_TELEMETRY_ENABLED := false
PYTEST := $(BIN)/python -m pytest

help: ## This list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup-run ## Set up everything and serve the portal with demo films on PORTAL_PORT (3000)
	@$(BIN)/portal demo
	@exec $(BIN)/portal serve

demo: setup-run ## Make the demo films and the catalog around them
	@$(BIN)/portal demo

serve: setup-run ## Serve without making the demo
	@exec $(BIN)/portal serve

test: setup-test lint types ## Lint, types and every test, real browser and real servers included
	$(PYTEST) -n 2 --dist loadscope -m "not e2e and not servers" tests
	$(PYTEST) -m e2e tests
	$(PYTEST) -m servers tests

unit: setup-test ## The tests without a browser; PYTEST_MARKS and PYTEST_PATHS choose among them
	$(PYTEST) -n 2 --dist loadscope -m "$(or $(PYTEST_MARKS),not e2e and not servers)" $(or $(PYTEST_PATHS),tests)

e2e: setup-test ## The tests in a real browser
	$(PYTEST) -m e2e tests

servers: setup-test ## Faults, the edge and load, on real servers that are hurt
	$(PYTEST) -m servers tests

lint: setup-test ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test ## mypy, strict on services
	$(BIN)/mypy

format: setup-test ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup-test ## Start-up and playback times on loopback
	$(BIN)/python -m benchmarks

bench-list: ## The other benchmarks: make bench-NAME
	@echo $(addprefix bench-,$(BENCHMARKS))

$(addprefix bench-,$(BENCHMARKS)): bench-%: setup-test
	$(BIN)/python -m benchmarks.$(subst -,_,$*) $(ARGS)

load: setup-test ## Many viewers at once: make load VIEWERS=200 SECONDS=60 WORKERS=2
	$(BIN)/python -m tests.load.run --viewers $(or $(VIEWERS),200) --seconds $(or $(SECONDS),60) --workers $(or $(WORKERS),2)

lock: setup-test ## Write the lock files anew
	$(BIN)/python scripts/lock.py

messages: setup-test ## Read the interface's messages from the sources into locales/
	$(BIN)/python -m scripts.messages

contract: setup-test ## Write contracts/openapi/movies.yaml and the client from the routes
	$(BIN)/python -m scripts.contract write

clean: ## Remove what was built; data/ stays
	rm -rf .web .states .mypy_cache .ruff_cache .pytest_cache build *.egg-info

setup-run setup-test: setup-%:
	@scripts/setup.sh $*
