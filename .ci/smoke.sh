#!/usr/bin/env bash
# smoke.sh CHECKOUT HOME PORT: starts the service as a newcomer does, asks it who we are with the key it
# printed, makes something, stops it with SIGTERM, and finds it again after a second start.
set -euo pipefail
cd "$1"
export DAGUERRE_HOME=$2 PORT=$3
log=$(mktemp)
trap '[ -z "${service:-}" ] || kill "$service" 2>/dev/null || true; rm -f "$log"' EXIT
url=http://127.0.0.1:$PORT/graphql
ask() { curl -fsS --max-time 20 "$url" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' -d "$1"; }
start() {
  : >"$log"
  npm run --silent build
  PATH=$PWD/node_modules/.bin:$PATH node dist/main.js up >"$log" 2>&1 &
  service=$!
  for _ in $(seq 300); do
    if grep -q 'Ctrl-C' "$log"; then return; fi
    if ! kill -0 "$service" 2>/dev/null; then break; fi
    sleep 0.2
  done
  cat "$log"; echo "the service did not start" >&2; exit 1
}
stop() { kill -TERM "$service"; wait "$service" || { echo "the service did not stop cleanly: $?" >&2; cat "$log"; exit 1; }; }

start
key=$(sed -n 's/^ *API key *//p' "$log" | awk '{print $1}' | head -1)
[ -n "$key" ] || { cat "$log"; echo "no key was printed" >&2; exit 1; }
ask '{"query":"{ viewer { project role } }"}' | grep '"role":"ADMIN"'
ask '{"query":"mutation { createInstance(input: {name: \"smoke\", tier: PROFESSIONAL, version: V5, cloudProvider: AWS, region: \"eu-west-1\"}) { operation { id } errors { ... on UserError { message } } } }"}' | grep '"errors":\[\]'
stop
start
if grep -q "$key" "$log"; then echo "the second start printed the key again" >&2; exit 1; fi
ask '{"query":"{ instances(first: 5) { nodes { name } } }"}' | grep '"smoke"'
stop
echo "smoke test passed as $(id -un)"
