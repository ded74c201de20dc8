source "$(dirname "${BASH_SOURCE[0]}")/ask.sh"
# Server-Sent Events: every instance as it stands comes first. It ends with its connection; run again, it begins anew.
fields='subject instance { name status } snapshot { id status } operation { id status percent }'
follow() {
  curl -fsSN "$DAGUERRE_URL" -H "Authorization: Bearer $DAGUERRE_KEY" -H 'Content-Type: application/json' \
    -H 'Accept: text/event-stream' -d "{\"query\":\"subscription { projectChanged { $fields } }\"}"
}
follow | grep --line-buffered '^data: {'
