#!/bin/sh
# Sets up .venv from the lock with a suitable Python, and says what it does. Run by make.
#   sh verify/setup.sh runtime   what Galley needs to run
#   sh verify/setup.sh dev       what its tests and checks need as well
#   sh verify/setup.sh demo      the first of these, and then the demo
set -eu
cd "$(dirname "$0")/.."

# Every Python that may be meant, one a line: on the PATH, then pyenv's. A shim that cannot run is tried, and passed over.
candidates() {
    printf '%s\n' "$PATH" | tr ':' '\n' | while IFS= read -r folder; do
        for name in python3.14 python3.13 python3.12 python3 python; do
            if [ -x "$folder/$name" ]; then printf '%s\n' "$folder/$name"; fi
        done
    done
    for root in "${PYENV_ROOT:-}" "${HOME:-}/.pyenv"; do
        for python in "$root"/versions/3.1[234]*/bin/python; do
            if [ -x "$python" ]; then printf '%s\n' "$python"; fi
        done
    done
}

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1
}

makes_venv() {
    "$1" -c 'import ensurepip, ssl, venv' >/dev/null 2>&1
}

find_python() {
    candidates | {
        lacking=
        while IFS= read -r python; do
            if suits "$python"; then
                if makes_venv "$python"; then
                    printf '%s\n' "$python"
                    exit 0
                fi
                lacking=${lacking:-$python}
            fi
        done
        if [ -n "$lacking" ]; then
            echo "Galley needs Python's venv module, and $lacking has none (on Debian and Ubuntu: apt install python3-venv)." >&2
        else
            echo "Galley needs Python 3.12, 3.13 or 3.14, and none is on the PATH or among pyenv's versions." >&2
        fi
        exit 1
    }
}

# The environment's own Python if it works, else one to make it with.
python=.venv/bin/python
if ! suits "$python"; then python=$(find_python); fi

what=$1
lock=requirements.txt
if [ "$what" = dev ]; then lock=requirements-dev.txt; fi
if [ "$what" = demo ]; then "$python" -m verify.precheck; fi

if [ "$python" != .venv/bin/python ]; then
    echo "Making .venv with $("$python" -V) …"
    rm -rf .venv
    "$python" -m venv .venv
fi

# Noted are the locks that were installed; the developers' holds all that running needs.
stamp=".venv/installed-$(cksum <"$lock" | tr ' ' '-')"
if [ "$what" != dev ] && [ -f ".venv/installed-$(cksum <requirements-dev.txt | tr ' ' '-')" ]; then stamp=.venv/pyvenv.cfg; fi
if [ ! -f "$stamp" ]; then
    echo "Installing $(grep -c '==' "$lock") packages from $lock, once; this takes up to a minute …"
    if ! .venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --no-input --requirement "$lock" \
        >.venv/pip.log 2>&1; then
        tail -n 5 .venv/pip.log >&2
        echo "The packages could not be installed. The whole story: .venv/pip.log" >&2
        exit 1
    fi
    touch "$stamp"
fi

if [ "$what" = demo ]; then exec .venv/bin/python -m verify.demo; fi
