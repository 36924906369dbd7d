# Double Random: every target does its own set-up.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
PYTHONS ?= 3.11
# processes of `make test`; auto: one a core
WORKERS ?= auto

.PHONY: setup demo test test-thorough test-spark test-lowest check bench bench-full bench-peers kit kit-test lock audit catalogue wheel clean

setup: $(READY)

$(RUNS): runtime.lock pyproject.toml  # the program alone
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) is not here; hint: make PYTHON=python3 (3.11 or newer)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r runtime.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(RUNS)

$(READY): $(RUNS) requirements.lock  # and what tests and checks need
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $(READY)

demo: $(RUNS)
	$(BIN)/double-random demo $(DEMO)

test: $(READY)
	@tests/services/install.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-thorough: $(READY)  # the same tests with many more examples, kills and minutes: some hours
	@tests/services/install.sh
	DOUBLE_RANDOM_THOROUGH=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

SPARK := .venv-spark
test-spark: $(READY) $(SPARK)/.ready  # the tests of engines on Apache Spark 4 instead of Sail; needs Java 17 or newer
	@command -v java >/dev/null || { echo "error: java is not here; hint: install a Java 17, as Debian's openjdk-17-jre-headless" >&2; exit 1; }
	tests/services/spark.sh $(BIN)/python -m pytest tests/test_anywhere.py tests/credit/test_spark.py

$(SPARK)/.ready: tests/services/spark.txt
	$(PYTHON) -m venv $(SPARK)
	$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/services/spark.txt
	@touch $(SPARK)/.ready

.types/double_random:  # type checkers see the checkout as the import package through this link
	mkdir -p .types
	ln -sfn .. $@

check: $(READY) .types/double_random
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd .types && ../$(BIN)/mypy --config-file ../pyproject.toml
	$(BIN)/python -m pytest tests/test_architecture.py

bench: $(READY)
	$(BIN)/python -m benchmarks

bench-full: $(READY)
	$(BIN)/python -m benchmarks --full

bench-peers: .venv-peers/.ready  # what benchmarks compare with, in an environment of its own; the product needs none of it
	.venv-peers/bin/python -m benchmarks.credit
	.venv-peers/bin/python -m benchmarks.backtest

.venv-peers/.ready: benchmarks/peers.txt requirements.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r benchmarks/peers.txt
	@touch $@

lock-peers: $(TOOLS)/.ready
	$(TOOLS)/bin/uv pip compile benchmarks/peers.in -c requirements.lock --generate-hashes --no-emit-index-url --universal --no-header -o benchmarks/peers.txt

kit: $(READY)  # a folder that installs without a network; PYTHONS="3.11 3.12" for more than one
	$(BIN)/python -m kit --output dist/kit --python $(PYTHONS)

kit-test:  # install it for this machine with no index and no network, and walk the demo
	kit/test.sh dist/kit

TOOLS := .venv-tools
$(TOOLS)/.ready: .ci/tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/tools.txt
	@touch $@

lock: $(TOOLS)/.ready  # the newest versions that pyproject.toml allows
	$(TOOLS)/bin/uv pip compile .ci/tools.in --generate-hashes --no-emit-index-url --universal --no-header -o .ci/tools.txt
	$(TOOLS)/bin/uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --universal --no-header -o requirements.lock
	$(TOOLS)/bin/uv pip compile pyproject.toml --group build -c requirements.lock --generate-hashes --no-annotate \
		--no-emit-index-url --universal --no-header -o runtime.lock

catalogue: $(READY)  # after a sentence or a help text has changed
	$(BIN)/python -m tests.catalogue $(WORDS)
	$(BIN)/python -m tests.commands

LOWEST := .venv-lowest
test-lowest: $(LOWEST)/.ready  # the tests with the lowest versions that pyproject.toml allows; make test-lowest TESTS=tests/credit
	@tests/services/install.sh
	$(LOWEST)/bin/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

$(LOWEST)/.ready: pyproject.toml requirements.lock $(TOOLS)/.ready
	$(PYTHON) -m venv $(LOWEST)
	$(TOOLS)/bin/uv pip compile --quiet --resolution lowest-direct --all-extras --no-header pyproject.toml -o $(LOWEST)/lowest.txt
	$(TOOLS)/bin/uv pip compile --quiet --group dev --no-header pyproject.toml -c $(LOWEST)/lowest.txt -o $(LOWEST)/all.txt
	$(TOOLS)/bin/uv pip install --quiet --python $(LOWEST) -r $(LOWEST)/all.txt
	$(TOOLS)/bin/uv pip install --quiet --python $(LOWEST) --no-deps --no-build-isolation -e .
	@touch $@

audit: $(TOOLS)/.ready  # known weaknesses of what is locked; asks the package index
	$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

wheel: $(READY) $(TOOLS)/.ready  # with its list of components (CycloneDX) beside it
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	$(BIN)/python -m kit.targets | $(TOOLS)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
		--output-file dist/double_random.cdx.json -

clean:
	rm -rf $(VENV) $(SPARK) $(TOOLS) $(LOWEST) dist bureau
