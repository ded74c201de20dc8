source "$(dirname "${BASH_SOURCE[0]}")/ask.sh"
filter='first: 50, filter: { exportableOnly: true }'
fields='nodes { id takenAt exportability { until } } pageInfo { hasNextPage endCursor }'
ask "query(\$id: ID!) { instance(id: \$id) { snapshots($filter) { $fields } } }" "{\"id\":\"$1\"}"
