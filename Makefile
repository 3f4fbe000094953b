# Two commands: `make demo` runs the main job, `make test` runs every check. Both set everything up first, inside this
# folder only (.tools, .venv), and a second run takes no set-up time. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# A caller's activated environment must not leak into this one. Many containers forbid Python to keep its bytecode: then
# each process compiles some 2,800 files anew, and a short command takes twice as long.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := .venv
export PYTHONNOUSERSITE := 1

# A stamp is named by the content it stands for, so neither a pull nor a copied folder leaves a stale environment.
key := $(shell { pwd; cat uv.lock pyproject.toml; } | cksum | tr ' ' -)
lean := .venv/.lean-$(key)
full := .venv/.full-$(key)
sync = bash tools/sync.sh

## demo: set up what the main job needs, then run it on real NFL seasons
.PHONY: demo
demo: system $(lean)
	@.venv/bin/antepost demo $(ARGS)

## test: set up everything, then run all checks by tiers; the last line is "N passed, N failed"
.PHONY: test
test:
	@bash tests/tiers.sh

## check: format, lint, layers and types
.PHONY: check
check: $(full)
	@bash tests/tiers.sh check

## setup: the environment with all extras and the tools of development
.PHONY: setup
setup: system-test $(full)

## setup-lean: only what the main job needs
.PHONY: setup-lean
setup-lean: system $(lean)

## system: what has to come from the operating system for the main job (libgomp1)
.PHONY: system
system:
	@bash tools/system.sh

## system-test: the same for the tests (libgomp1, a browser)
.PHONY: system-test
system-test:
	@bash tools/system.sh --tests

$(lean):
	@$(sync) --inexact --no-dev
	@touch $@

$(full):
	@$(sync) --all-extras
	@touch $(lean) $@

## lock-features: write feature_store/features.lock and docs/features.md from the declarations
.PHONY: lock-features
lock-features: $(full)
	@.venv/bin/antepost features lock
	@.venv/bin/antepost features list --markdown > docs/features.md

## data-model: write docs/data-model.md from the schemas and the sports
.PHONY: data-model
data-model: $(full)
	@.venv/bin/antepost lake model --markdown > docs/data-model.md.new
	@mv docs/data-model.md.new docs/data-model.md

## tidy: put imports and lines in the order that the checks ask for
.PHONY: tidy
tidy: $(full)
	@.venv/bin/python -m ruff check --quiet --select I --fix .
	@.venv/bin/python -m ruff format --quiet .

## prove: the leak and parity proofs at full size
.PHONY: prove
prove: $(full)
	@.venv/bin/antepost features prove
	@ANTEPOST_PROVE=full bash tests/tiers.sh prove

## kill: two hundred kills drawn over a run, and one at each commit boundary
.PHONY: kill
kill: $(full)
	@ANTEPOST_KILLS=$(or $(KILLS),200) .venv/bin/python -m pytest tests/kill

## fuzz: two thousand damaged payloads for every source, from a new seed (FUZZ=, SEED= to repeat)
.PHONY: fuzz
fuzz: $(full)
	@seed=$(or $(SEED),$$RANDOM$$RANDOM); echo "fuzz: seed $$seed; again with make fuzz SEED=$$seed"; \
	ANTEPOST_FUZZ=$(or $(FUZZ),2000) ANTEPOST_FUZZ_SEED=$$seed \
	.venv/bin/python -m pytest -q -n 2 -p no:cacheprovider tests/contract/test_fuzzed_sources.py

## bench: benchmarks against peers, each prints a ratio
.PHONY: bench
bench: $(full)
	@found=(bench/bench_*.py); [ -f "$${found[0]}" ] || { echo "bench: no bench/bench_*.py" >&2; exit 1; }; \
	for file in "$${found[@]}"; do .venv/bin/python "$$file"; done

## clean: remove what was made here except the data in .antepost
.PHONY: clean
clean:
	@rm -rf .venv .tools .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find src tests pipelines -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

## help: this list
.PHONY: help
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done
