# Two commands do everything: `make demo` and `make test`. Both make the virtual environment they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: demo test lint types check bench soak fuzz score held-out train gallery lock clean

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mailbot needs Python 3.11 or newer; say which: make PYTHON=python3.12 demo")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(VENV)/ready  ## the main job on sample mails, with embedded IMAP and SMTP servers
	$(BIN)/mailbot demo --out demo-out

test: $(VENV)/ready  ## the whole suite, in random order and in parallel
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

check: lint types test

bench: $(VENV)/ready  ## speed and memory: 1,000 mails from Dovecot to stored tickets to accepted replies
	$(BIN)/python benchmarks/speed.py

score: $(VENV)/ready  ## understanding, on the labelled cases of ../shared
	$(BIN)/python ../shared/understanding/score.py --command '$(BIN)/mailbot replay --json' $(ARGS)

held-out: $(VENV)/ready  ## the same on mails by eight hands that nothing was learnt from (needs ../shared)
	$(BIN)/python benchmarks/held_out.py $(ARGS)

train: $(VENV)/ready  ## everything that is learnt, from the annotated mails and sentences in the repository
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement mailbot/understand/model/train.lock
	$(BIN)/python -m mailbot.understand.model.train_classifier  # first: the finders hear what it makes of sentences
	for part in declined components places endpoints names moments titles; do \
	  $(BIN)/python -m mailbot.understand.$${part}_train || exit 1; done
	$(BIN)/python -m mailbot.understand.model.train  # last: the kinds see what the finders find
	$(BIN)/python -m mailbot.understand.language_train

gallery: $(VENV)/ready  ## every template in three languages, as a page with contact sheets (needs Chromium)
	$(BIN)/python benchmarks/gallery.py --pictures $(ARGS)

soak: $(VENV)/ready  ## kills, lost connections and restarts over 2,000 mails
	$(BIN)/python benchmarks/soak.py $(ARGS)

fuzz: $(VENV)/ready
	$(BIN)/python benchmarks/fuzz.py $(ARGS)

lock:  ## pins again after a change of pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra train --constraint requirements.lock --generate-hashes --no-emit-index-url \
		--universal --python-version 3.11 --quiet --no-emit-package mailbot --output-file mailbot/understand/model/train.lock
	uv pip compile pyproject.toml --extra dev --extra jira --generate-hashes --no-emit-index-url --universal \
		--python-version 3.11 --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) demo-out .pytest_cache .mypy_cache .ruff_cache build dist
