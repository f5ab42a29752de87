# Two commands do everything: `make demo` and `make test`. Each sets the project up first, in .venv, from the hashed lock file.
PYTHON ?= python3
BIN := .venv/bin
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := yes
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test drill lint models dev docs bench lock

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@echo "Setting up .venv (a minute or two) …"
	@$(PYTHON) -m venv --clear .venv
	@if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@$(BIN)/python -m compileall -q orchestration quality
	@touch $@

demo: setup
	@$(BIN)/uhi demo

test: setup
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not drill"

# What `make test` leaves out: the other cases of each kind, and what takes minutes.
drill: setup
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m drill

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m orchestration.contract.generated_models --check
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project orchestration/audit orchestration/why quality

# What dbt needs that follows from the registry of source tables and from the methodology.
models: setup
	@$(BIN)/python -m orchestration.contract.generated_models

# The Dagster UI, over the demo city unless UHI_SOURCE names another source. It only shows unless UHI_UI_MAY_ACT=yes.
dev: setup
	@$(BIN)/python -m orchestration.ui

# The documentation as a site that opens from a folder, with dbt's page of the models; says where it lies.
docs: setup
	@NO_MKDOCS_2_WARNING=1 PYTHONWARNINGS=ignore::DeprecationWarning $(BIN)/mkdocs build --strict
	@echo "Documentation: $(CURDIR)/site/index.html"

bench: setup
	@$(BIN)/python -m tests.benchmarks.run

lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --no-strip-extras --quiet --output-file requirements.lock
