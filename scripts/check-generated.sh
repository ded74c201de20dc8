#!/usr/bin/env bash
# Generates what is generated and fails where the checkout then differs from what it held before.
set -euo pipefail
cd "$(dirname "$0")/.."
digest() { find schema migrations src/client/generated -type f -print0 | sort -z | xargs -0 sha256sum; }
before=$(digest)
npm run --silent schema:emit
npm run --silent codegen
node scripts/embed-recipes.mjs --check
npx drizzle-kit generate >/dev/null
after=$(digest)
if [ "$before" != "$after" ]; then
  diff <(echo "$before") <(echo "$after") || true
  echo "Generated files are not current: run 'npm run schema:emit && npm run codegen && npx drizzle-kit generate' and commit." >&2
  exit 1
fi
echo "Generated files are current."
