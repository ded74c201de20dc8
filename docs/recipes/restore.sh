source "$(dirname "${BASH_SOURCE[0]}")/ask.sh"
input="{\"snapshotId\":\"$1\",\"confirmation\":\"$2\"}"
answer=$(ask "mutation(\$input: RestoreSnapshotInput!) { restoreSnapshot(input: \$input) { operation { operationId: id } $errors } }" "{\"input\":$input}")
operation=$(field operationId <<<"$answer")
[ -n "$operation" ] || { echo "refused: $(field message <<<"$answer")"; exit 1; }
wait_for "$operation"
echo "restored from: $1"
