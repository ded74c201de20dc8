#!/usr/bin/env bash
# graphql-fuzz.sh CHECKOUT HOME PORT: starts the service and has thousands of generated operations sent to it: most
# with its limits raised, so that what is asked for is done, and some with the limits that it has by default. Its log
# must tell of no fault, and it must stop cleanly after all that.
set -euo pipefail
cd "$1"
export DAGUERRE_HOME=$2 PORT=$3 DAGUERRE_BOOTSTRAP_KEY=key-for-graphql-fuzz-alone DAGUERRE_WEBHOOKS_TO_PRIVATE=yes
work=$(mktemp -d)
export FUZZ_VENV=$work/venv FUZZ_SEED=${FUZZ_SEED:-$((RANDOM * 32768 + RANDOM))}
trap '[ -z "${service:-}" ] || kill "$service" 2>/dev/null || true; rm -rf "$work"' EXIT
fail() { echo "graphql-fuzz: $1" >&2; tail -n 40 "$work/log" >&2; exit 1; }
fuzz() {
  : >"$work/log"
  PATH=$PWD/node_modules/.bin:$PATH node dist/main.js up >"$work/log" 2>&1 &
  service=$!
  for _ in $(seq 300); do
    if grep -q 'Ctrl-C' "$work/log"; then break; fi
    kill -0 "$service" 2>/dev/null || fail "the service did not start"
    sleep 0.2
  done
  bash test/conformance/graphql-fuzz.sh "http://127.0.0.1:$PORT/graphql" "$DAGUERRE_BOOTSTRAP_KEY" "$1" "$work/known.json" || fail "the run above failed"
  kill -TERM "$service" 2>/dev/null || fail "the service is gone"
  wait "$service" || fail "the service did not stop cleanly: $?"
  # Errors and worse; what is no line of the log's own may be Node's word about something that nobody caught.
  if grep -v '^{"level":[1-4]0,' "$work/log" | grep -E '^\{|[Uu]nhandled|^\s+at |Error' >&2; then fail "its log tells of faults, above"; fi
}

DAGUERRE_MAX_COST=1000000000 DAGUERRE_BUCKET_POINTS=1000000000 DAGUERRE_BUCKET_POINTS_PER_SECOND=1000000000 fuzz 2000
fuzz 300
