#!/usr/bin/env bash
# graphql-cop.sh URL KEY: looks at a running service with graphql-cop, as a stranger and with a key; every one of its
# tests must pass. The service must run with DAGUERRE_INTROSPECTION=nobody, since to this tool any introspection is a
# fault. Skipped with a line where the tool, or what it needs from PyPI, cannot be had. GRAPHQL_COP names another source.
set -euo pipefail
url=$1 key=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
skip() { echo "graphql-cop: skipped, $1"; exit 0; }
command -v python3 >/dev/null || skip "there is no python3"
timeout 60 git clone -q --depth 1 "${GRAPHQL_COP:-https://github.com/dolevf/graphql-cop}" "$work/cop" 2>/dev/null || skip "its repository cannot be reached"
python3 -m venv "$work/venv" || skip "python3 makes no virtual environment"
timeout 120 "$work/venv/bin/pip" -q install requests simplejson termcolor PySocks >/dev/null 2>&1 || skip "PyPI cannot be reached"
check() {
  (cd "$work/cop" && timeout 120 "$work/venv/bin/python" graphql-cop.py -f -t "$url" -o json "${@:2}") >"$work/report"
  python3 - "$work/report" "$1" <<'PY'
import json, sys
lines = [line for line in open(sys.argv[1]) if line.startswith("[{")]
tests = json.loads(lines[-1])
failed = [test["title"] for test in tests if test["result"]]
print(f"graphql-cop, {sys.argv[2]}: {len(failed)} of {len(tests)} failing", *failed, sep="\n  ")
sys.exit(1 if failed or len(tests) < 12 else 0)
PY
}
check "as a stranger"
check "with a key" -H "{\"Authorization\": \"Bearer $key\"}"
