# The commands of Allot. Each calls a script or `cargo xtask`; nothing is done twice.
.DEFAULT_GOAL := help
.PHONY: help run build dev test fmt lint bench clean

# cargo with the tool chain that set-up chose.
CARGO := scripts/with-toolchain cargo

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: ## Set up, build, and serve on http://127.0.0.1:3000
	@scripts/setup run
	@exec $(CARGO) xtask serve

build: ## Set up and build the release: the binary and the site folder
	@scripts/setup run
	@$(CARGO) xtask build

dev: ## Serve, rebuilding and restarting on every change
	@scripts/setup run
	@exec $(CARGO) xtask watch

test: ## Every check and every test
	@scripts/test

fmt: ## Format the sources
	@$(CARGO) fmt --all

lint: ## Format, layers and lints
	@scripts/setup test
	@scripts/lint

bench: ## Compare with plain baselines; BENCH="--quick aggregate-json" chooses
	@scripts/setup bench
	@scripts/bench $(BENCH)

clean: ## Remove what was built; the data stays
	@$(CARGO) clean
	@rm -rf xtask/node_modules end2end/node_modules
