#!/usr/bin/env bash
# graphql-cop.sh CHECKOUT HOME PORT: starts the service without introspection and has graphql-cop look at it.
set -euo pipefail
cd "$1"
export DAGUERRE_HOME=$2 PORT=$3 DAGUERRE_INTROSPECTION=nobody DAGUERRE_BOOTSTRAP_KEY=key-for-graphql-cop-alone
log=$(mktemp)
PATH=$PWD/node_modules/.bin:$PATH node dist/main.js up >"$log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 300); do
  if grep -q 'Ctrl-C' "$log"; then break; fi
  kill -0 "$service" 2>/dev/null || { cat "$log"; echo "the service did not start" >&2; exit 1; }
  sleep 0.2
done
bash test/conformance/graphql-cop.sh "http://127.0.0.1:$PORT/graphql" "$DAGUERRE_BOOTSTRAP_KEY"
