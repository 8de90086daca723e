# `make help` lists the targets. Everything is installed into the checkout: .venv and .nox.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
CASE ?= examples/online-retail/case.yaml
PACKAGES := libs/gokart-store libs/mushroom libs/yule-models libs/yule-runner apps/yule-cli \
  apps/other-ml-products/kpi-digest apps/other-ml-products/reactivation-list
EDITABLE := $(foreach package,$(PACKAGES),--editable $(package))
VENV_STAMP := .venv/.installed
NOX_STAMP := .nox/runner/.installed
RESULTS := .nox/results

# uv does not read pip's settings: hand on where this machine finds its packages.
space := $(subst ,, )
comma := ,
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS ?= $(subst $(space),$(comma),$(strip $(PIP_FIND_LINKS)))
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_EXTRA_INDEX_URL
export UV_INDEX ?= $(strip $(PIP_EXTRA_INDEX_URL))
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif

# Where it is set, as in many containers, each start of Python compiles anew all that it loads.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: venv ## Install the workspace and run the example case
	.venv/bin/yule run $(CASE)

.PHONY: venv
venv: $(VENV_STAMP) ## Create .venv with all packages, editable, at the pinned versions

$(VENV_STAMP): constraints.txt tools/requirements.in $(addsuffix /pyproject.toml,$(PACKAGES))
	$(call new-venv,.venv)
	.venv/bin/uv pip install --quiet --python .venv/bin/python --constraints constraints.txt \
	  --requirements tools/requirements.in $(EDITABLE) 'yule-models[neural,search]' 'gokart-store[gcs,testing]' 'mushroom[bigquery,cli]' 'yule-runner[kubernetes,kubernetes-testing]'
	touch $@

.PHONY: test
test: $(NOX_STAMP) ## Run every check and all tests of all packages
	rm -rf $(RESULTS)
	.nox/runner/bin/nox --report $(RESULTS)/test.json

.PHONY: test-system
test-system: $(NOX_STAMP) ## Test the report in a browser; as root on Debian, installs that
	tools/install-system-packages
	.nox/runner/bin/nox --session system --report $(RESULTS)/system.json

.PHONY: lint
lint: $(NOX_STAMP) ## Run the quick checks only: style, types, import rules, versions
	.nox/runner/bin/nox --tags quick

$(NOX_STAMP): constraints.txt
	$(call new-venv,.nox/runner)
	.nox/runner/bin/uv pip install --quiet --python .nox/runner/bin/python \
	  --constraints constraints.txt nox
	touch $@

.PHONY: constraints
constraints: $(NOX_STAMP) ## Pin the newest versions that the packages' bounds allow
	tools/pin-constraints .nox/runner/bin/uv $(PACKAGES)

.PHONY: clean
clean: ## Remove the environments and the tools' caches; .yule folders stay
	rm -rf .venv .nox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find libs apps tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

define new-venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Yule needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	    "Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(1)
	$(1)/bin/python -m pip install --quiet --constraint constraints.txt uv
endef
