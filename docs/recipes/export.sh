source "$(dirname "${BASH_SOURCE[0]}")/ask.sh"
answer=$(ask "mutation(\$input: ExportSnapshotInput!) { exportSnapshot(input: \$input) { operation { operationId: id } $errors } }" "{\"input\":{\"snapshotId\":\"$1\"}}")
operation=$(field operationId <<<"$answer")
wait_for "$operation"
answer=$(ask 'query($id: ID!) { operation(id: $id) { ... on ExportOperation { download { url sha256 } } } }' "{\"id\":\"$operation\"}")
curl -fsS "$(field url <<<"$answer")" -o "$2"
echo "$(field sha256 <<<"$answer")  $2" | sha256sum --check
