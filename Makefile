# found-db: make demo, make test. Both do all set-up on a machine with Node >= 20.19, npm, a Rust toolchain and (for the
# tests) Python 3. A second run with nothing changed rebuilds nothing.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

RUST_SOURCES := Cargo.toml Cargo.lock $(shell find crates -name '*.rs' -not -path '*/tests/*' -o -name Cargo.toml)
FACE_SOURCES := tsconfig.json index.ts scripts/build_cli.mjs scripts/build_explorer.mjs scripts/licences.mjs \
	$(shell find lib cli -name '*.ts' -not -name '*.d.ts') $(shell find explorer -type f -not -path '*/test/*')
STAMPS := target/stamps

.PHONY: demo
demo: build
	node demo/demo.mjs

.PHONY: test
test: build
	node scripts/test.mjs

# Kills, losses of power, damage, histories, load: some minutes. SEED=N runs it again as N has made it.
.PHONY: torture
torture: build
	node torture/main.mjs $(if $(SEED),--seed=$(SEED))

.PHONY: conformance
conformance: build
	node scripts/test.mjs oracle python peers crate stores "face on a cluster's path"

# Against every peer, in 20 to 25 minutes; writes bench/RESULTS.md. See bench/README.md.
.PHONY: bench
bench: build
	node bench/run.mjs

# Every row once, with small sizes: fails if one cannot be measured.
.PHONY: bench-quick
bench-quick: build
	node bench/run.mjs --quick

.PHONY: build
build: $(STAMPS)/native $(STAMPS)/face

$(STAMPS)/modules: package.json package-lock.json
	npm ci --no-audit --no-fund
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/native: $(STAMPS)/modules $(RUST_SOURCES)
	npm run --silent build:native -- --release
	touch $@

$(STAMPS)/face: $(STAMPS)/native $(FACE_SOURCES)
	npm run --silent build:ts
	touch $@

.PHONY: clean
clean:
	cargo clean
	rm -rf node_modules *.node
