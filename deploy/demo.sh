#!/usr/bin/env bash
# The demo: fictional data, the web process and the worker, until stopped. Called by `make demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

port="${PORT:-8000}"
manage=(.venv/bin/python manage.py)
umask 077
mkdir -p var
if [ ! -s var/demo.env ]; then
    .venv/bin/python deploy/create_keys.py > var/demo.env.new
    mv var/demo.env.new var/demo.env
fi
# The demo asks for no second factor, and says so where people sign in.
export HEADLAMP_ENV_FILE="$PWD/var/demo.env" HEADLAMP_DEMO=true
export HEADLAMP_REQUIRE_MFA="${HEADLAMP_REQUIRE_MFA:-false}"
export HEADLAMP_PUBLIC_URL="${HEADLAMP_PUBLIC_URL:-http://127.0.0.1:$port}"

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "port $port is taken; try: PORT=9000 make demo" >&2
    exit 1
fi

"${manage[@]}" migrate -v 0
# Each of these can be run again, so a first start that was killed is finished by the next one. The mark
# belongs to one database: with another DATABASE_URL the demo is loaded there too.
mark="var/demo-loaded-$(printf '%s' "${DATABASE_URL:-}" | sha256sum | cut -c1-8)"
if [ ! -e "$mark" ]; then
    "${manage[@]}" import_places --shipped
    "${manage[@]}" import_areas --shipped
    "${manage[@]}" load_demo
    touch "$mark"
fi
"${manage[@]}" collectstatic --noinput -v 0

"${manage[@]}" worker &
worker=$!
# No access log: an address is a trace of somebody who looked.
.venv/bin/gunicorn impact.wsgi --bind "127.0.0.1:$port" --worker-class gthread --workers 2 --threads 16 \
    --log-level warning &
web=$!
trap 'trap "" TERM INT; kill -TERM $web $worker 2>/dev/null; wait' EXIT
trap 'exit 0' TERM INT

for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    sleep 0.1
done
cat <<TEXT

Headlamp runs with fictional data. Stop it with Ctrl-C.

  the public map        http://127.0.0.1:$port/
  a phone to text from  http://127.0.0.1:$port/simulator/
  report on the web     http://127.0.0.1:$port/report/
  the moderators' desk  http://127.0.0.1:$port/moderate/
  maps and files        http://127.0.0.1:$port/exports/

  sign in as            amina (moderator), joseph (moderator), nadia, samuel (senior moderators),
                        pedro (monitor coordinator), claire (advocate), grace (administrator),
                        thomas (auditor)
  password              lamp-demo-2026
TEXT
wait -n $web $worker
