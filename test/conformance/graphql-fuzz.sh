#!/usr/bin/env bash
# graphql-fuzz.sh URL KEY COUNT KNOWN: sends COUNT operations that hypothesis-graphql makes of the schema to a running
# service; KNOWN is a file that remembers the data which must survive, between one run and the next. FUZZ_SEED makes the
# same operations again, but for the ids in them. Skipped with a line where python3, or what it needs from PyPI, cannot be had.
set -euo pipefail
url=$1 count=$3 known=$4
seed=${FUZZ_SEED:-$((RANDOM * 32768 + RANDOM))}
skip() { echo "graphql-fuzz: skipped, $1"; exit 0; }
command -v python3 >/dev/null || skip "there is no python3"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "python3 is older than 3.10"
venv=${FUZZ_VENV:-$(mktemp -d)}
[ -n "${FUZZ_VENV:-}" ] || trap 'rm -rf "$venv"' EXIT
if ! [ -x "$venv/bin/pip" ]; then python3 -m venv "$venv" || skip "python3 makes no virtual environment"; fi
timeout 120 "$venv/bin/pip" -q install hypothesis-graphql==0.13.5 >/dev/null 2>&1 || skip "PyPI cannot be reached"
echo "graphql-fuzz: $count operations, FUZZ_SEED=$seed"
DAGUERRE_KEY=$2 "$venv/bin/python" test/conformance/graphql_fuzz.py "$url" schema/schema.graphql "$count" "$seed" --known "$known"
