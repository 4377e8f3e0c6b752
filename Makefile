# Every command of this repository. A machine needs git, make and Python 3.9 or later; the first
# command sets up the rest inside this folder (uv resolves one lock into three environments,
# because SAM and the laptop cloud pin versions that clash with ours).

UV_VERSION := 0.13.8
UV := .uv/bin/uv
TIER ?= standard
OUT ?= out
WORKERS ?= 2
LOCAL = .venv/bin/python -m local $(PORT:%=--port %)
SAM := PATH="$(CURDIR)/.venvs/sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam
CODE := layers/core/src layers/imaging/src client/src functions local models benchmarks scripts tests
LOCKED := uv.lock pyproject.toml $(wildcard layers/*/pyproject.toml client/pyproject.toml)
ALL_ENVIRONMENTS := .venv/ready .venvs/sam/ready .venvs/cloud/ready
NODE := PATH="$(CURDIR)/.venvs/web/bin:$$PATH"
PAGE := $(shell find web client-ts -type f -not -path '*/dist/*' -not -path '*/node_modules/*' 2>/dev/null)
SCHEMA = npx openapi-typescript openapi.json --default-non-nullable=false -o

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run serve stop test check bench build deploy lock openapi clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(ALL_ENVIRONMENTS) ## Send photos through the whole service on this machine [PHOTOS=folder TIER=standard OUT=out BATCH=1 STUDIO=1 TEMPLATE=name PLATFORMS=shopee,tokopedia PORT=4566]
	@$(LOCAL) run $(if $(PHOTOS),--photos "$(PHOTOS)") --tier "$(TIER)" --out "$(OUT)" $(if $(BATCH),--batch) \
	  $(if $(STUDIO),--studio) $(if $(TEMPLATE),--template "$(TEMPLATE)") $(if $(PLATFORMS),--platforms "$(PLATFORMS)")

serve: $(ALL_ENVIRONMENTS) web/dist/index.html ## Keep the API and the page up on this machine and print curl lines [PORT=4566]
	@$(LOCAL) serve

stop: .venv/ready ## Stop what `make serve` started; its state is kept
	@$(LOCAL) stop

test: $(ALL_ENVIRONMENTS) web/dist/index.html ## Run all tests, those on the laptop cloud too [T=tests/unit WORKERS=2]
	.venv/bin/python -m pytest -n $(WORKERS) $(T)

check: $(ALL_ENVIRONMENTS) node_modules/ready ## Style, types, import rule, template, and whether generated files are up to date
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy $(wildcard $(CODE))
	.venv/bin/lint-imports
	$(SAM) validate --lint --region ap-southeast-1
	.venv/bin/python -m scripts.openapi --check
	@mkdir -p .cache && $(NODE) $(SCHEMA) .cache/schema.d.ts >/dev/null
	@cmp .cache/schema.d.ts client-ts/src/schema.d.ts || { echo "client-ts/src/schema.d.ts is out of date: run make openapi"; exit 1; }
	$(NODE) npx tsc -p client-ts
	$(NODE) npx tsc -p web
	$(UV) lock --check
	@$(MAKE) --no-print-directory REQUIREMENTS=.cache/requirements requirements
	@for layer in core imaging; do \
	  diff -u layers/$$layer/src/requirements.txt .cache/requirements/$$layer.txt \
	  || { echo "layers/$$layer/src/requirements.txt is out of date: run make lock"; exit 1; }; done

bench: $(ALL_ENVIRONMENTS) $(if $(filter page page_walk,$(B)),web/dist/index.html) ## Measure [B=engine|cutout|coldstart|encode|...]
	.venv/bin/python -m benchmarks.$(B)

build: .venv/ready .venvs/sam/ready ## Build functions and layers for AWS
	$(SAM) build
	.venv/bin/python -m scripts.bytecode

deploy: .venv/ready build web/dist/index.html ## Deploy to AWS with your credentials and put weights, previews and the page there [ENV=default|prod]
	$(SAM) deploy --guided --config-env $(or $(ENV),default)
	.venv/bin/python -m local.weights $(or $(ENV),default)
	.venv/bin/python -m local.previews $(or $(ENV),default)
	.venv/bin/python -m local.page $(or $(ENV),default)

lock: $(UV) ## Resolve dependencies anew: uv.lock and the layers' requirements
	$(UV) lock
	@$(MAKE) --no-print-directory requirements

openapi: .venv/ready node_modules/ready ## Write openapi.json from the handlers, and what follows from it
	.venv/bin/python -m scripts.openapi
	.venv/bin/python -m scripts.routes
	.venv/bin/python -m scripts.page_facts
	$(NODE) $(SCHEMA) client-ts/src/schema.d.ts

clean: ## Delete what was built and what the laptop cloud holds (environments and weights stay)
	@if [ -x .venv/bin/python ]; then .venv/bin/python -m local stop; fi
	rm -rf .local .aws-sam web/dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What SAM installs into each layer; boto3 is part of Lambda's runtime, and what lumiku needs is in
# its own layer.
EXPORT = $(UV) export --quiet --frozen --no-emit-workspace --no-dev --no-hashes --no-header --no-annotate --prune boto3
REQUIREMENTS ?=
.PHONY: requirements
requirements: $(UV)
	@mkdir -p .cache/requirements
	@$(EXPORT) --package lumiku --output-file $(or $(REQUIREMENTS:%=%/core.txt),layers/core/src/requirements.txt) >/dev/null
	@$(EXPORT) --package darkroom --prune lumiku --output-file $(or $(REQUIREMENTS:%=%/imaging.txt),layers/imaging/src/requirements.txt) >/dev/null

$(UV):
	@echo "Setting up uv $(UV_VERSION) in .uv"
	@python3 -m venv .uv || { echo "python3 cannot make virtual environments (Debian: install python3-venv)."; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

SYNC = @echo "Setting up $(@D)"; UV_PROJECT_ENVIRONMENT=$(@D) $(UV) sync --frozen --quiet
NO_PYTHON = || { echo "See above. If Python 3.13 is what is missing: install it (python.org, pyenv, deadsnakes) so that 'python3.13' is found, and run make again."; exit 1; }

.venv/ready: $(LOCKED) | $(UV)
	$(SYNC) $(NO_PYTHON)
	@touch $@

.venvs/%/ready: $(LOCKED) | $(UV)
	$(SYNC) --only-group $* $(NO_PYTHON)
	@touch $@

# The page: Node and npm come from PyPI, packages from npm by package-lock.json.
node_modules/ready: package-lock.json package.json $(wildcard */package.json tests/browser/package.json) | .venvs/web/ready
	@echo "Setting up node_modules"
	@$(NODE) npm ci --silent
	@touch $@

web/dist/index.html: node_modules/ready $(PAGE)
	@echo "Building the page"
	@$(NODE) npm run --silent build -w web
