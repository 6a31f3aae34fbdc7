# make demo: grade real submissions.  make demo-server: hand in by browser, with pictures.  make quick: seconds, before each commit.  make test: what a change must pass.
# make course: proves exercises that have changed.  make test-all: everything, for a night or a release.
# make docs: the documentation as a site, in site/.  make pictures: those of the README, from the running product.  Each sets up what it needs, once.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
TESTED := .venv/tested
# One more than there are cores: many tests wait for a limit to run out.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# What decides and what reads files: no box, no command, no browser.
FAST := tests/core tests/store/course tests/store/students tests/store/yaml tests/test_catalogues.py
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard grader/locale/*/LC_MESSAGES/grader.po))

# Hundreds of interpreters start in a run of the tests: each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-server quick test test-all course docs pictures hostile bench lint clean

demo: $(READY) $(CATALOGUES)
	@$(BIN)/python demo/run.py

# Pictures of what a student and a teacher see go to pictures/.
demo-server: $(TESTED) $(CATALOGUES)
	@$(BIN)/python demo/server.py pictures

quick: $(READY) $(CATALOGUES) lint
	$(BIN)/python -m pytest -q -n $(WORKERS) $(FAST)

# Neighbours stay on one worker, which starts what they share once.
test: $(TESTED) $(CATALOGUES) lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	@$(MAKE) --no-print-directory course

# The course that comes with the grader: each exercise that has changed, or all where the grader has. The tests go over
# lecture 4 only.
course: $(READY) $(CATALOGUES)
	$(BIN)/course check --changed --no-mutation

# Beside all of test: each golden program in a class as well, and each hostile one at each level and as each user.
test-all: $(TESTED) $(CATALOGUES) lint
	COURSE_GOLDEN=all COURSE_HOSTILE=all COURSE_TESTS=all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	$(BIN)/course check --changed

docs: $(READY)
	$(BIN)/python docs/site.py

pictures: $(TESTED) $(CATALOGUES)
	$(BIN)/python docs/pictures/draw.py

hostile: $(READY) $(CATALOGUES)
	COURSE_HOSTILE=all $(BIN)/python -m pytest -n auto tests/sandbox/test_hostile.py

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) $(CATALOGUES)
	$(BIN)/python bench/start.py
	$(BIN)/python bench/box.py
	$(BIN)/python bench/watch.py
	$(BIN)/python bench/wire.py
	$(BIN)/python bench/soak.py
	$(BIN)/python bench/batch.py
	$(BIN)/python bench/semester.py
	$(BIN)/python bench/diagnosis.py
	$(BIN)/python bench/left_out.py
	$(BIN)/python bench/notebooks.py
	$(BIN)/python bench/plugin.py
	$(BIN)/python bench/server.py load
	$(BIN)/python bench/server.py load --postgresql
	$(BIN)/python bench/server.py wait
	$(BIN)/python bench/server.py verdicts
	$(BIN)/python bench/server.py verdicts --postgresql
	$(BIN)/python bench/server.py verdicts --dask
	$(BIN)/python bench/server_kills.py
	$(BIN)/python bench/server_kills.py --postgresql

# Installs Debian packages where we are root; else prints the one line to run.
debian = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive \
	&& { apt-get install -y -qq --no-install-recommends $(1) >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1); } >/dev/null; }; } \
	|| echo "$(2), run once as root: apt-get install $(1)"

# The locked box needs bubblewrap. Without it the box is a weaker one, which every report says.
$(READY): pyproject.toml constraints.txt setup.py
	@command -v bwrap >/dev/null || $(call debian,bubblewrap libseccomp2,For the locked box)
	@echo "1 of 3: a Python environment in .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@echo "2 of 3: packages, about 1.6 GB, most of it torch; this takes minutes"
	@$(BIN)/python -m pip install -c constraints.txt -e ".[test]" | awk '/^ *(Downloading|Installing)/ { print "  " $$1, $$2; fflush() }'
	@test -x $(BIN)/course
	@echo "3 of 3: ready"
	@touch $@

# A real browser and a real database. Without them their tests are skipped, and say so.
$(TESTED): $(READY)
	@command -v chromium >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
		|| $(call debian,chromium postgresql,To test pages and PostgreSQL)
	@touch $@

%.mo: %.po $(READY)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale $(word 3,$(subst /, ,$<))

clean:
	rm -rf .venv build dist site *.egg-info
