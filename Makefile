# make demo: see it work.  make test: everything that must hold.  Both set up what they need, below .pg and .tools.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: setup build release demo test lint bench clean

# makes and reads the settings for building the parser (libclang)
-include .tools/env
.tools/env: tools/install-build-deps
	@tools/install-build-deps .tools

setup: .tools/env
	@tools/install-postgres .pg

build: .tools/env
	cargo build

release: .tools/env
	cargo build --release --bin trueup

demo: setup release
	@if [ -f examples/demo.sh ]; then TRUEUP="$(CURDIR)/target/release/trueup" bash examples/demo.sh; fi

lint: .tools/env
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

test: setup lint
	cargo test

# times and peak memory against pg_dump, then parts of it by themselves
bench: setup release
	benches/run
	cargo bench --bench interpret

clean:
	cargo clean
	rm -rf .tools
