# Each of these does its own set-up; everything else is plain Snakemake.
PYTHON ?= python3
BIN := .venv/bin
UV := $(shell grep -o '^uv==[0-9.]*' requirements.lock)

.PHONY: demo test test-system test-all lint lint-types lint-rules docs lock recipes gpu clean

demo: .venv/complete
	$(BIN)/snakemake --quiet rules
	$(BIN)/snakemake --quiet all --report report.html
	@echo
	@echo "Figures:  $(CURDIR)/figures"
	@echo "Table:    $(CURDIR)/results/summary.tsv"
	@echo "Report:   $(CURDIR)/report.html"

# The tests of a file run in one process, and the longest begin first.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test: .venv/complete lint
	$(PYTEST) -m "not slow and not system"

# Tests that run jobs on bad input, build environments, start Slurm, kill runs or open a browser. As root, they install
# what they need of Debian's.
test-system: .venv/complete
	$(PYTEST) -m "system and not slow"

# Both of them, which share one small run.
test-all: .venv/complete lint
	$(PYTEST) -m "not slow"

lint: .venv/complete
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint-types lint-rules

lint-types:
	$(BIN)/mypy

lint-rules:
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

# The documentation site. Every broken link, reference and docstring is an error; nothing is read from the network.
docs: .venv/complete
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env docs build/docs
	@echo
	@echo "Documentation:  $(CURDIR)/build/docs/index.html"

# The exact versions of requirements.lock, in a virtual environment of this folder's own, and the command `degu`, which runs
# the code of this folder.
.venv/complete: requirements.lock
	@test ! -L .venv || { echo ".venv is a link to $$(readlink .venv), which would be emptied to install" \
	    "requirements.lock; take the link away, and this folder gets an environment of its own" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "$(PYTHON) is $$($(PYTHON) --version 2>&1): Python 3.11, 3.12 or 3.13 is needed;" \
	    "name one with 'make PYTHON=python3.12 ...'" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(UV)
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# The CUDA libraries that TensorFlow needs on a machine with an NVIDIA GPU, into the same environment.
gpu: .venv/complete
	$(BIN)/uv pip install --quiet --python $(BIN)/python $$(grep -o 'nvidia-[^ ]*' envs/training.yaml)

# Solve pyproject.toml anew, and write the lock file and the conda environments.
lock: .venv/complete
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
	  --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/python envs/build.py

# The recommended recipes of config/, in the file that is installed with the library.
recipes: .venv/complete
	cd scripts && ../$(BIN)/python -m degu.config.recommended

clean:
	rm -rf results figures logs benchmarks/jobs build report.html .snakemake
