# make demo    fetch, build, run the default models on the default set
# make install build, and copy akin to $(PREFIX)/bin
# make test    fetch, run all tests: what CI runs
# make check   make test, and the checks before a change is offered

GO ?= go

PREFIX ?= /usr/local

.PHONY: ready demo install announce test endurance fuzz pictures check setup screenshot screens figure references bench evidence collect-hard cluster install-cluster cluster-tools manifests

bin/akin: $(shell find . -name '*.go' -not -path '*/node_modules/*') $(shell find stimuli zoo page setup collect -type f -not -path '*/node_modules/*') go.mod go.sum page/report/web/dist/plot.js collect/web/dist/study.js
	$(GO) build -o $@ ./cmd/akin

# The charting library of report.html, and the accessibility checker of its tests.
page/report/web/dist/plot.js: page/report/web/package-lock.json page/report/web/build.js
	cd page/report/web && npm ci --ignore-scripts --no-audit --no-fund && npm run build

# The page on which people judge, and the accessibility checker of its tests.
collect/web/dist/study.js: collect/web/package-lock.json collect/web/build.js $(wildcard collect/web/src/*.js)
	cd collect/web && npm ci --ignore-scripts --no-audit --no-fund && npm run build

setup: bin/akin
	@bin/akin setup

# What is fetched is said before it is; sizes are those on disk.
announce:
	@echo "What is not here yet is fetched through npm: ONNX Runtime (290 MB on disk), the pictures"
	@echo "(25 MB), libraries of the pages (40 MB); and the modules of go.mod through Go, into its"
	@echo "cache (860 MB; what it compiles takes 460 MB there). npm's own cache grows by 150 MB."

demo: | announce
	@$(MAKE) --no-print-directory setup
	@bin/akin run

# The binary stands alone; "akin setup" then fetches what it needs into the user's cache.
install: bin/akin
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 bin/akin $(DESTDIR)$(PREFIX)/bin/akin

test: setup
	@$(MAKE) --no-print-directory cluster-tools || echo "the servers of a cluster could not be built: the tests that need them are skipped"
	$(GO) vet ./...
	$(GO) vet -tags cluster ./cmd/akin
	$(GO) test -timeout 30m ./...

# A thousand kills of the commands that write, 200 of pulls over TLS, and 2,000 damages
# of store, cache and record, half an hour; then a full disk with more or less room. The
# suite does a twentieth of it.
endurance:
	AKIN_ENDURANCE=20 $(GO) test ./zoo -run TestKilledPulls -v -timeout 1h
	AKIN_ENDURANCE=20 $(GO) test ./cmd/akin -run 'TestKilledCommands|TestDamage|TestFullDisk' -v -timeout 4h

# Every fuzz target for FUZZTIME, five hours in all; docs/design/fuzzing.md has results.
# Inputs of new coverage are made smaller by ten tries and not for a minute each, which
# where coverage varies by itself was nearly all of the time.
FUZZTIME ?= 10m
fuzz:
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test $$package -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x || exit 1; \
		done; \
	done

# Random pictures of odd structure against Pillow 9.4: a minute for a thousand.
SEED ?= 1
PICTURES ?= 5000
pictures:
	@folder=$$(mktemp -d) && cd imaging && \
		/usr/bin/python3 testdata/random_pictures.py $$folder $(PICTURES) $(SEED) && \
		AKIN_PICTURES=$$folder $(GO) test . -run TestRandomPicturesMatchPillow -v; \
		failed=$$?; rm -r $$folder; exit $$failed

check: test manifests
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	$(GO) test -race ./feature ./extract ./stats ./cmd/akin
	$(GO) tool staticcheck ./...
	$(GO) tool staticcheck -tags cluster ./cmd/akin
	$(GO) tool govulncheck ./...

# akin-cluster: akin with the libraries of Temporal and S3, for runs on a cluster
# (docs/cluster.md). akin hands the commands that need them over to it.
bin/akin-cluster: bin/akin
	$(GO) build -tags cluster -o $@ ./cmd/akin

cluster: bin/akin-cluster

install-cluster: install bin/akin-cluster
	install -m 755 bin/akin-cluster $(DESTDIR)$(PREFIX)/bin/akin-cluster

# The manifests of docs/cluster against the types of Kubernetes.
manifests:
	cd cluster/testdata/manifest && $(GO) test ./...

# Temporal's development server and an S3 store, for a cluster on one machine and for
# tests: some minutes on two cores, once.
cluster-tools: bin/cluster-tools/temporal bin/cluster-tools/versitygw

bin/cluster-tools/temporal:
	GOBIN=$(CURDIR)/bin/cluster-tools $(GO) install github.com/temporalio/cli/cmd/temporal@v1.5.1

bin/cluster-tools/versitygw:
	GOBIN=$(CURDIR)/bin/cluster-tools $(GO) install github.com/versity/versitygw/cmd/versitygw@v1.8.0

.PHONY: cluster-hard cluster-overhead

# A cluster's faults on network namespaces, twenty killed workers, and a million simulated
# pictures: an hour and a half. As root, for the namespaces.
cluster-hard:
	AKIN_HARD=1 $(GO) test ./cluster -v -timeout 4h -run 'TestFaults|TestWorkerKilledAtAnyInstant|TestMisfits|TestMostWorkersUnfit|TestAllWorkersUnfit|TestFullStore|TestSimula'

# What a cluster takes beyond the plain loop on the same cores: the model MODEL of
# the folder MODELS, on 2,000 photographs; ten minutes on a quiet machine.
cluster-overhead:
	AKIN_HARD=1 AKIN_TEST_MODELS=$(MODELS) AKIN_TEST_NETWORKS=$(MODEL) $(GO) test ./cluster -v -timeout 4h -run TestOverhead

# The README's picture: the top of the default run's report.
screenshot: demo
	$(GO) run ./bench/screens -top docs/report.png runs/everyday/report.html

# The page as its readers see it, with 1, 7, 19 and 63 rows, and those of other tasks,
# learned spaces and a board: 390 and 1280 pixels wide, light, dark and in print, into runs/screens; an error where axe-core finds something.
NETWORKS = $(addprefix --model ,small-mobilenet small-mobilenet-untrained small-resnet small-resnet-untrained)
BASELINES = $(addprefix --model ,pixels colour edges)
SPACES = $(addprefix --space ,centred whitened hub-corrected)
LAYERS = $(foreach i,$(shell seq 0 26),--layer small-mobilenet@c$(i)_clip) $(foreach i,$(shell seq 1 2 26),--layer small-mobilenet-untrained@c$(i)_clip)
screens: demo
	bin/akin run --model small-mobilenet --out runs/screens/1
	bin/akin run $(NETWORKS) $(BASELINES) $(SPACES) --layers every-block --out runs/screens/19
	bin/akin run $(NETWORKS) $(BASELINES) $(SPACES) --model small-resnet-early $(LAYERS) --layers every-block --out runs/screens/63
	bench/screens/kinds.sh runs/screens
	$(GO) run ./bench/screens -out runs/screens runs/everyday/report.html $(patsubst %,runs/screens/%/report.html,1 19 63 odd-one-out votes matrix learned) runs/screens/board.html

# How soon the pages with 7 and 63 rows are seen and ready in a browser just started, and what they compute until then; an
# empty page beside them shows the browser's own share.
ready: runs/everyday/report.html runs/screens/63/report.html
	$(GO) run ./bench/screens -ready $^

# A figure for the README: the worst matches of the default run.
figure: demo
	bin/akin paper runs/everyday --cases 3 --out $(CURDIR)/runs/paper
	cp runs/paper/figures/figure-8-worst.png docs/figure.png

# Speed and memory against PyTorch, Pillow and ONNX Runtime alone: writes
# docs/benchmarks.md. Needs Debian's python3-torch and python3-torchvision,
# photographs (--source) and a quiet machine for half an hour.
bench: setup
	$(GO) run ./bench

# Every network of the paper at full size against PyTorch: needs Debian's
# python3-torch, python3-torchvision and python3-onnx, a few minutes and 2 GB of disk.
references: setup
	/usr/bin/python3 references/sweep.py

# False findings and coverage of intervals in simulated sets: writes
# docs/evidence.md. An hour on two cores.
evidence:
	$(GO) run ./bench/evidence $(ONLY)

# Studies under 300 people for half an hour, with SQLite and with PostgreSQL: the
# server killed 50 times, the database stopped 5 times, the disk full. As root, for
# the small disk; needs Debian's postgresql.
collect-hard: collect/web/dist/study.js
	AKIN_HARD=1 $(GO) test ./collect -v -timeout 90m -run 'TestLoad|TestKilled|TestDatabaseStops|TestDiskFull'
