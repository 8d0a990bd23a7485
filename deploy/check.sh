#!/usr/bin/env bash
# Everything that a change has to pass besides the tests. Called by `make check`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Settings for the checks alone: fresh keys, an https address, nothing of this machine's .env.
directory="$(mktemp -d)"
trap 'rm -rf "$directory"' EXIT
.venv/bin/python deploy/create_keys.py > "$directory/env"
export HEADLAMP_ENV_FILE="$directory/env" HEADLAMP_VAR="$directory" HEADLAMP_PUBLIC_URL="https://headlamp.example"

.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports
.venv/bin/python deploy/translations.py check
.venv/bin/python manage.py makemigrations --check --dry-run
.venv/bin/python manage.py check --deploy --fail-level WARNING
