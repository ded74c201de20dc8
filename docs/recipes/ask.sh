# ask QUERY VARIABLES sends one request; field NAME finds the first text of that name in an answer.
ask() {
  curl -fsS "$DAGUERRE_URL" -H "Authorization: Bearer $DAGUERRE_KEY" -H 'Content-Type: application/json' \
    -d "{\"query\":\"$1\",\"variables\":$2}"
}
field() { grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d '"' -f 4 || true; }
errors='errors { __typename ... on UserError { message path } }'
# wait_for OPERATION asks until the operation has ended, and fails unless it succeeded.
wait_for() {
  while true; do
    status=$(ask 'query($id: ID!) { operation(id: $id) { status } }' "{\"id\":\"$1\"}" | field status)
    case $status in SUCCEEDED) return ;; FAILED | CANCELED | "") echo "ended: $status" >&2; return 1 ;; esac
    sleep 1
  done
}
