#!/usr/bin/env bash
# packed.sh CHECKOUT FOLDER PORT: packs the checkout, installs the file in a folder of its own, and runs the command
# from there. FOLDER is made and must not exist.
set -euo pipefail
cd "$1"
mkdir "$2"
before=$(sha256sum package.json)
npm pack --silent --pack-destination "$2" >/dev/null
[ "$(sha256sum package.json)" = "$before" ] || { echo "packing left package.json changed" >&2; exit 1; }
cd "$2"
echo '{"private":true}' >package.json
npm install --no-audit --no-fund ./daguerre-*.tgz
npx --no-install daguerre config | grep DAGUERRE_HOME
# The database, the migrations and the master key all come from the package.
DAGUERRE_HOME=$2/home PORT=$3 node_modules/.bin/daguerre up >log 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  if grep -q 'Ctrl-C' log; then break; fi
  kill -0 "$service" 2>/dev/null || { cat log; echo "the installed package did not start" >&2; exit 1; }
  sleep 0.2
done
curl -fsS --max-time 20 "http://127.0.0.1:$3/livez"
curl -fsS --max-time 20 "http://127.0.0.1:$3/graphiql/" | grep -o 'assets/index-[^"]*\.js' | head -1 |
  while read -r script; do curl -fsS --max-time 20 -o /dev/null -w '%{content_type}\n' "http://127.0.0.1:$3/graphiql/$script"; done |
  grep text/javascript
kill -TERM "$service"
wait "$service"
echo "the packed package works"
