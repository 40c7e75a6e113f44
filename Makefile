# make demo    the site with its seed content on this machine, at http://127.0.0.1:8000/ (make demo PORT=9000)
# make test    every check; one step: make test ONLY=sqlite; some tests: make test ARGS="tests/publishing -k sign"
#
# Both need Python 3.11 or newer and make .venv in this folder. Every path is relative and nothing here is newer than
# GNU make 3.81, so that a folder with a blank in its name and the make of macOS will do.

SHELL = /bin/sh
PORT ?= 8000
export PORT

python = .venv/bin/python

.PHONY: demo test venv
.NOTPARALLEL:

demo: venv
	@$(call install,requirements.txt)
	@$(paper)
	@exec $(python) manage.py demo

test: venv
	@$(call install,requirements-dev.txt)
	@exec $(python) tests/run.py $(ONLY) $(if $(ARGS),-- $(ARGS))

# pip runs only when the lock differs from the copy that was kept of the last one installed. The lock of the tests holds
# the site's too, so it keeps both; installing the site's alone makes the other's copy worthless.
define install
lock=$(1); \
if ! cmp -s $$lock .venv/installed-$$lock; then \
  echo "Installing the packages of $$lock; the first time takes a minute or two."; \
  rm -f .venv/installed-*; \
  $(python) -m pip install --quiet --disable-pip-version-check --use-pep517 --require-hashes -r $$lock || { \
    echo "The packages could not be installed; pip says why above. The same command tries again."; exit 1; }; \
  cp requirements.txt .venv/installed-requirements.txt; \
  cp $$lock .venv/installed-$$lock; \
fi
endef

# Hand-outs (PDF) are drawn with Pango. Without it the site works and says of them that they cannot be printed.
PANGO = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
define paper
has_pango() { DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/usr/lib \
  $(python) -I articles/press.py --check 2>/dev/null; }; \
if ! has_pango && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  echo "Installing Pango for the hand-outs: $(PANGO)."; \
  export DEBIAN_FRONTEND=noninteractive; \
  apt-get update -qq; \
  apt-get install -y -qq --no-install-recommends $(PANGO) >/dev/null; \
fi; \
has_pango || echo "Hand-outs (PDF) need Pango: sudo apt install $(PANGO), or brew install pango. All else works."
endef

# A .venv is good when its Python still runs, is new enough and has pip; a half-made one is made anew.
venv:
	@good='import importlib.util, sys; sys.exit(sys.version_info < (3, 11) or not importlib.util.find_spec("pip"))'; \
	if $(python) -c "$$good" 2>/dev/null; then exit 0; fi; \
	found=; \
	for name in python3 python3.13 python3.12 python3.11; do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed, and none of python3, python3.13, python3.12, python3.11 is one."; \
	  echo "Debian 12 or newer, Ubuntu 24.04 or newer: apt install python3 python3-venv.  macOS: brew install python@3.13."; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$found, Python $$($$found -c 'import platform; print(platform.python_version())')."; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  versioned="$$($$found -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; \
	  echo "Its venv module is a package of its own here: installing $$versioned."; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq; \
	  apt-get install -y -qq --no-install-recommends "$$versioned" >/dev/null \
	    || apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	fi; \
	if $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  $$found -m venv --clear .venv || exit 1; \
	elif $$found -m venv --clear --without-pip .venv 2>/dev/null; then \
	  echo "No ensurepip here; looking for another pip."; \
	  for pip in "$$found -m pip" pip3 pip; do \
	    $$pip --python $(python) install --quiet --disable-pip-version-check pip 2>/dev/null && break; \
	  done; \
	fi; \
	if $(python) -c "$$good" 2>/dev/null; then exit 0; fi; \
	echo "A virtual environment with pip could not be made. On Debian and Ubuntu: sudo apt install python3-venv"; \
	exit 1
