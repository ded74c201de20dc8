source "$(dirname "${BASH_SOURCE[0]}")/ask.sh"
# Made once: whoever tries again with the same key gets the same operation, not a second snapshot.
input="{\"instanceId\":\"$1\",\"name\":\"${2:-by curl}\",\"idempotencyKey\":\"$(date +%s)-$$\"}"
answer=$(ask "mutation(\$input: TakeSnapshotInput!) { takeSnapshot(input: \$input) { operation { operationId: id } snapshot { snapshotId: id } $errors } }" "{\"input\":$input}")
wait_for "$(field operationId <<<"$answer")"
echo "taken: $(field snapshotId <<<"$answer")"
