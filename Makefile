# Everything a fresh machine needs is made here: a python of these, make and git are enough.
# The newest that is there; PYTHON=python3.11 takes another one.
PYTHONS := python3.14 python3.13 python3.12 python3.11
# Started, and not only found: what stands there may be a launcher of something that is not.
THERE := $(foreach python,$(PYTHONS),$(shell $(python) -c '' 2>/dev/null && echo $(python)))
PYTHON ?= $(firstword $(THERE) python3.11)
OTHERS := $(filter-out $(PYTHON),$(THERE))
BIN := .venv/bin
READY := .venv/ready
SEED ?= 1

# Set where images are built, and empty here: each process would compile every library again, which
# takes seconds, and the tests start many.
export PYTHONDONTWRITEBYTECODE =

.PHONY: backtest chromium sbom demo test others coverage faults crash year fleet idle-year reorganise replay habits properties mutants check benchmarks docs site format lock release release-notes clean

demo: $(READY)  ## run the main job on an invented tenant
	@$(BIN)/seatsync demo

# Beside one another, in one process more than there are cores, for some wait; whoever is done
# takes from another.
WORKERS = $(shell echo $$(($$(nproc) + 1)))
test: $(READY) chromium  ## pass the tests
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal

# Debian's, where this may be installed; elsewhere the tests of pages in a browser are skipped.
chromium:
	@command -v chromium >/dev/null \
	    || timeout 300 sh -c 'apt-get update -qq && apt-get install -qq --yes chromium' \
	        >/dev/null 2>&1 \
	    || echo 'There is no Chromium here: what needs one is skipped.'

others: $(READY)  ## the quick tests on every other python that is there
	@for python in $(OTHERS); do \
	    echo "$$python:" \
	    && $(BIN)/uv venv --quiet --clear --python $$python .venv/other \
	    && $(BIN)/uv pip install --quiet --python .venv/other --require-hashes --requirement requirements.lock \
	    && $(BIN)/uv pip install --quiet --python .venv/other --no-deps --no-build-isolation --editable . \
	    && .venv/other/bin/python -m pytest -q tests/config tests/connectors/entra/test_client.py tests/test_tutorial.py \
	    || exit 1; \
	done

coverage: $(READY)  ## pass the tests and see that they reach as much of the code as ever
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal --cov --cov-report=term

faults: $(READY)  ## every fault at every request to Graph: some minutes
	SEATSYNC_FAULTS=1 $(BIN)/pytest -q tests/jobs/test_fault_loop.py

crash: $(READY)  ## kill it, and fail its disk, at every single point of a plan and its apply
	SEATSYNC_EVERY_POINT=1 $(BIN)/pytest -q tests/jobs/test_apply_crashes.py

year: $(READY)  ## 365 days of an organisation with 5 % of all calls failing; SEED=7 is another one
	SEATSYNC_DAYS=365 SEATSYNC_SEED=$(SEED) $(BIN)/pytest -q tests/jobs/test_year.py

idle-year: $(READY)  ## a year of which is known who uses a seat: who is named idle, and what that is worth
	SEATSYNC_DAYS=365 SEATSYNC_SEED=$(SEED) $(BIN)/pytest -q tests/jobs/test_idle_year.py

reorganise: $(READY)  ## 200 changes of sets, seats and people, each planned and applied to its end
	SEATSYNC_DAYS=200 SEATSYNC_SEED=$(SEED) $(BIN)/pytest -q tests/jobs/test_reorganisation.py

replay: $(READY)  ## eight years of a real organisation, every snapshot: some minutes
	SEATSYNC_SNAPSHOTS=1 $(BIN)/pytest -q tests/jobs/test_eight_years.py

# 10,000 take hours on two cores.
TENANTS ?= 200
fleet: $(READY)  ## small tenants in one database, whose workers and sessions are killed: TENANTS=1000
	@PYTHONPATH=tests $(BIN)/python tests/benchmarks/fleet.py $(TENANTS) $(SEED)

habits: $(READY)  ## a company's life beside every habit of a vendor: some minutes; prints what was counted
	SEATSYNC_HABITS=1000 $(BIN)/pytest -q tests/jobs/test_vendor_habits.py

# What Windows lacks is a missing attribute of Python's own modules. Packages are left out, which
# would take a minute, and so is the reconciler, which asks no system; hence what is not told.
WINDOWS := --config-file= --python-version 3.11 --platform win32 --cache-dir .mypy_cache/windows \
    --follow-imports skip --ignore-missing-imports \
    $(addprefix --disable-error-code ,call-arg has-type return) \
    $(addprefix --package ,config connectors jobs)
check: $(READY)  ## lint, formatting, types, also as on Windows, and the import contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy $(WINDOWS)
	$(BIN)/lint-imports --no-logo

BENCHMARKS := goals starting reconcile_speed reading vendor_reading changes applying remembering reports whole_plan mapping_expressions
benchmarks: $(READY)  ## a table of goals and figures of speed, mostly ratios; takes minutes
	@for one in $(BENCHMARKS); do PYTHONPATH=tests $(BIN)/python tests/benchmarks/$$one.py || exit; done

backtest: $(READY)  ## how often forecasts of seats were right: a minute
	@$(BIN)/python tests/benchmarks/forecast_backtest.py

properties: $(READY)  ## 10,000 new examples of every property: hours
	$(BIN)/pytest -q tests/reconciler --hypothesis-profile=thorough --hypothesis-show-statistics

mutants: $(READY)  ## break the reconciler in 15,700 places and see that the tests notice: hours
	$(BIN)/mutmut run
	$(BIN)/mutmut results

docs: $(READY)  ## write what is told of the code, its dependencies, and the servers
	$(BIN)/seatsync explain > docs/situations.md
	PYTHONPATH=tests $(BIN)/python -m support.reference_pages
	PYTHONPATH=tests $(BIN)/python -m support.licences > docs/licences.md
	PYTHONPATH=tests $(BIN)/python -m support.counterparts.scim_probes > docs/scim-servers.md

site: $(READY)  ## build the documentation into site/; a link that leads nowhere fails it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

PIN := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-header --quiet

lock: $(READY)  ## pin by hash every dependency, uv, which installs them, and a test server's
	$(PIN) --upgrade pyproject.toml --all-extras --output-file requirements.lock
	$(PIN) --upgrade --group uv --no-annotate --output-file requirements-uv.lock
	cd tests/support/counterparts/scimmy && npm install --package-lock-only --omit-lockfile-registry-resolved

# Of what seatsync runs with, and not of what it is tested with.
sbom: $(READY)  ## write sbom.json: what seatsync is made of, in CycloneDX
	$(BIN)/uv venv --quiet --clear sbom
	$(PIN) pyproject.toml --constraint requirements.lock --output-file sbom/requirements.lock
	$(BIN)/uv pip install --quiet --python sbom --require-hashes --requirement sbom/requirements.lock
	sed "s/^dynamic = .*/version = \"$$($(BIN)/hatchling version)\"/" pyproject.toml > sbom/pyproject.toml
	$(BIN)/cyclonedx-py environment sbom --pyproject sbom/pyproject.toml --output-file sbom.json
	rm -r sbom

# The tag of this commit, if it has one and nothing was changed since.
TAG = $(shell git diff --quiet HEAD && git describe --exact-match --match 'v[0-9]*' 2>/dev/null)
VERSION ?= $(TAG:v%=%)

release-notes: $(READY)  ## print what CHANGELOG.md tells of a version: VERSION=0.2.0, or the tag's
	@PYTHONPATH=tests $(BIN)/python -m support.release_notes "$(VERSION)"

release: $(READY)  ## write wheel, sdist, sbom.json and notes of a tagged commit into dist/
	@test -n "$(TAG)" || { echo 'This is no commit with a tag such as v0.2.0, unchanged.' >&2; exit 1; }
	rm -rf dist
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python
	@$(MAKE) --no-print-directory --silent release-notes > dist/release-notes.md
	@$(MAKE) --no-print-directory sbom
	mv sbom.json dist

clean:
	rm -rf .venv demo dist mutants site

# Debian keeps ensurepip in a package of its own; it is fetched where that is allowed.
$(READY): requirements-uv.lock requirements.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	    || { apt-get update -qq && apt-get install -qq --yes $(PYTHON)-venv; } >/dev/null 2>&1 \
	    || { echo 'As root: apt-get install $(PYTHON)-venv' >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --requirement requirements-uv.lock
	@$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
