#!/usr/bin/env bash
# Make .venv hold what pyproject.toml asks for, in the versions of deploy/constraints.txt.
# Usage: install.sh [dev]. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

extra="${1:-}"
python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Headlamp needs Python 3.11 or newer; '$python' is not. Set PYTHON=/path/to/python3.11" >&2
    exit 1
fi

# SpatiaLite is a library, not a program: look where the loader looks.
if [[ "${DATABASE_URL:-}" != post* ]] && ! ls /usr/lib/*/mod_spatialite.so /usr/lib/mod_spatialite.so >/dev/null 2>&1; then
    deploy/system_packages.sh libsqlite3-mod-spatialite
fi

if [ ! -x .venv/bin/pip ]; then
    rm -rf .venv
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        deploy/system_packages.sh "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    echo "creating .venv"
    "$python" -m venv .venv
fi

wanted="$(cat pyproject.toml deploy/constraints.txt deploy/install.sh | sha256sum | cut -d' ' -f1)"
stamp=".venv/installed${extra:+-$extra}"
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

echo "installing Python's packages into .venv (a minute or two the first time)"
.venv/bin/python - "$extra" > .venv/requirements.txt <<'PY'
import sys
import tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extra = sys.argv[1]
print("\n".join(project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])))
PY
.venv/bin/pip install --quiet --disable-pip-version-check --no-input \
    -r .venv/requirements.txt -c deploy/constraints.txt
echo "$wanted" > "$stamp"
[ -z "$extra" ] || echo "$wanted" > .venv/installed
