# The ways to build and run replicate. Every target installs what is missing first; nothing is fetched that is there.

SHELL := /bin/bash
# The Swift runtime is inside the program; the plan of the build is made anew, so that `--version` knows the commit.
BUILD_FLAGS := -c release --static-swift-stdlib --disable-build-manifest-caching
IMPORT_CHECK := --explicit-target-dependency-import-check error
REPLICATE = $(shell swift build -c release --show-bin-path 2>/dev/null)/replicate
VERSION := $(shell sed -n 's/.*replicateVersion = "\(.*\)"/\1/p' Sources/Running/ProcessSetup.swift)
PRESET ?= ci
NATURAL_PACKAGES := bible-kjv bible-kjv-text wordnet-base libpython3-stdlib debian-policy perl-doc
PACKAGES := libopenblas0 libgnuplot-iostream-dev libboost-iostreams-dev libboost-filesystem-dev libssl-dev gnuplot-nox fonts-dejavu-core fonts-freefont-ttf fonts-wqy-microhei pkg-config

.PHONY: crossover install dist deb manual test test-python test-sanitize test-cluster test-dist fuzz check check-advise bench bench-peer figures docs lint build deps natural clean

crossover: build  ## train, judge and draw the paper's central claim
	$(REPLICATE) crossover --preset $(PRESET)

PREFIX ?= /usr/local
DESTDIR ?=
install: build manual  ## the program, man pages and completions below PREFIX (and DESTDIR in front of it)
	Distribution/install.sh "$(REPLICATE)" $(MANUAL) "$(DESTDIR)" "$(PREFIX)"

ARCHITECTURE := $(shell uname -m)-linux
TARBALL = dist/replicate-$(VERSION)-$(ARCHITECTURE).tar.gz
DEB = dist/replicate_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null).deb
# The time that everything in a distribution bears: that of the commit, or of now outside Git.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
dist: build manual  ## the same as a tarball that is unpacked anywhere: bin/, share/
	rm -rf .build/tarball && mkdir -p dist
	Distribution/install.sh "$(REPLICATE)" $(MANUAL) .build/tarball/replicate-$(VERSION) ""
	tar -C .build/tarball --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$(SOURCE_DATE_EPOCH) \
	  -cf - replicate-$(VERSION) | gzip -9n >$(TARBALL)
	@echo $(TARBALL)

deb: build manual  ## the same as a Debian package
	Distribution/deb.sh "$(REPLICATE)" $(MANUAL) $(VERSION) $(DEB)

test-dist: dist deb  ## both in an empty Debian without Swift, as an ordinary user (as root; some minutes)
	$(call install,debootstrap)
	Tests/Distribution/run.sh $(DEB) $(VERSION)
	Tests/Distribution/run.sh $(TARBALL) $(VERSION)

# swift-argument-parser has a plugin for this, which would build the whole program once more to ask it for its help.
MANUAL := .build/manual
manual: build
	swift build --package-path .build/checkouts/swift-argument-parser --scratch-path .build/manual-tool --product generate-manual
	rm -rf $(MANUAL)
	Distribution/manual.sh .build/manual-tool/debug/generate-manual "$(REPLICATE)" $(MANUAL) $(VERSION) \
	  $(shell date -u -d @$(SOURCE_DATE_EPOCH) +%F)

test: deps  ## every unit test; failures are listed at the end
	swift build --build-tests $(IMPORT_CHECK)
	@set -o pipefail; swift test --skip-build 2>&1 | tee .build/test.log \
	  || { echo; echo "What failed:"; grep -A4 'recorded an issue\|Fatal error\|aught signal\|: error:' .build/test.log; exit 1; }

test-sanitize: deps  ## the same tests under the Address, then the Thread Sanitizer (half an hour)
	for sanitizer in address thread; do \
	  swift build --build-tests --sanitize=$$sanitizer --scratch-path .build-$$sanitizer && \
	  REPLICATE_SANITIZER=$$sanitizer ASAN_OPTIONS=detect_leaks=0 \
	  TSAN_OPTIONS=suppressions="$(CURDIR)/Tests/thread-sanitizer.supp" \
	    swift test --skip-build --sanitize=$$sanitizer --scratch-path .build-$$sanitizer || exit 1; \
	done

test-cluster: build  ## a real Slurm of one node, and GNU parallel: the same bytes as without them (two minutes)
	$(call install,slurmctld slurmd slurm-client munge parallel)
	Tests/Cluster/run.sh "$(REPLICATE)"

FUZZ_SECONDS ?= 600
FUZZERS ?= configuration safetensors checkpoint records specification figure text python names
fuzz: deps  ## every parser under libFuzzer, FUZZ_SECONDS each, on a small stack, starting from the inputs kept in Tests/Fuzzing
	REPLICATE_FUZZ=1 swift build -c release --product fuzz --scratch-path .build-fuzz -Xcxx -fsanitize=fuzzer-no-link
	ulimit -s 512; for parser in $(FUZZERS); do \
	  mkdir -p .build-fuzz/inputs/$$parser && \
	  REPLICATE_FUZZ=$$parser SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
	    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix=.build-fuzz/$$parser- \
	    .build-fuzz/inputs/$$parser Tests/Fuzzing/$$parser </dev/null || exit 1; \
	done

CLAIMS ?=
check: build  ## do the claims (CLAIMS: some of them) still come out as experiments.toml lists them?
	$(REPLICATE) check $(CLAIMS) --expected --preset $(PRESET)

ADVISE_SEEDS ?= 10
check-advise: build  ## is the advice right where the right one is known? (hours; results in .build/advise-check)
	Tests/Advise/check.py "$(REPLICATE)" --seeds $(ADVISE_SEEDS) --folder .build/advise-check

bench: build  ## training throughput
	$(REPLICATE) bench

PEER_PYTHON ?= $(HOME)/.cache/replicate-peer/bin/python
TEST_PYTHON_PACKAGES := 'torch==2.13.0+cpu' numpy 'transformers>=5,<6' safetensors pandas matplotlib jsonschema junitparser tensorboard
test-python: build  ## stored models in Hugging Face's transformers, oracle files by PyTorch, exports in pandas and TensorBoard
	$(call install,python3-venv)
	@"$(PEER_PYTHON)" -c 'import torch, transformers, safetensors, pandas, matplotlib, jsonschema, junitparser, tensorboard' 2>/dev/null || { \
	  { [ -x "$(PEER_PYTHON)" ] || python3 -m venv "$(dir $(PEER_PYTHON)).."; } && "$(PEER_PYTHON)" -m pip install -q $(TEST_PYTHON_PACKAGES); }
	"$(PEER_PYTHON)" Tests/Fixtures/make_fixtures.py --check
	"$(PEER_PYTHON)" Tests/Python/test_models.py "$(REPLICATE)"
	"$(PEER_PYTHON)" Tests/Python/test_data.py "$(REPLICATE)"

bench-peer: build  ## the same, alternating with PyTorch (PEER_PYTHON: a Python with torch; made if missing)
	@[ -x "$(PEER_PYTHON)" ] || { python3 -m venv "$(dir $(PEER_PYTHON)).." && "$(PEER_PYTHON)" -m pip install -q 'torch==2.13.0+cpu' numpy; }
	python3 Benchmarks/compare.py --replicate "$(REPLICATE)" --python "$(PEER_PYTHON)"

figures: build  ## redraw the committed figures, without training
	$(REPLICATE) figures

DOCUMENTED ?= Randomness Tensors TensorEngine Transformer Objectives Corpora Training Evaluation Statistics Figures
docs: deps  ## pages of the public modules' docstrings (DOCUMENTED: some of them), in .build/docs/MODULE
	@mkdir -p .build/docs; for module in $(DOCUMENTED); do \
	  REPLICATE_DOCS=1 swift package --scratch-path .build-docs --allow-writing-to-directory .build/docs generate-documentation \
	    --target $$module --output-path .build/docs/$$module --transform-for-static-hosting \
	    --hosting-base-path $$module || exit 1; \
	done; echo "python3 -m http.server -d .build/docs, then http://localhost:8000/$(firstword $(DOCUMENTED))/documentation"

lint:  ## is the format that of .swift-format? `swift format -i --recursive $(FORMATTED)` applies it
	swift format lint --strict --parallel --recursive $(FORMATTED)

FORMATTED := Sources Tests Package.swift

build: deps
	swift build $(BUILD_FLAGS) $(IMPORT_CHECK) --product replicate

deps:  ## install the Debian packages that are missing
	@command -v swift >/dev/null || { echo "make: no Swift toolchain; install Swift 6.2 or later from swift.org" >&2; exit 1; }
	$(call install,$(PACKAGES))

natural: deps  ## install the natural corpora: kjv, glosses, stdlib, manuals
	$(call install,$(NATURAL_PACKAGES))

# Installs those of the packages that are missing. A target that needs more than `deps` calls it itself: a variable that
# it set for `deps` would not count where another target's `deps` came first, as in `make build natural`.
define install
@missing=""; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
  echo "installing:$$missing"; \
  if [ "$$(id -u)" = 0 ]; then sudo=""; elif command -v sudo >/dev/null; then sudo=sudo; \
  else echo "make: cannot install packages without root or sudo; as root run: apt-get install$$missing" >&2; exit 1; fi; \
  $$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing; fi
endef

clean:
	rm -rf .build
