#!/usr/bin/env bash
# Runs one load against what start.sh started: run.sh fanout|tickets500|tickets2000|idle|connect400 [socketio]
# Needs the load generator as ./wsload. Prints its JSON line.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
app=$(cd "$here/../.." && pwd)/target/quarkus-app/quarkus-run.jar
pids=$(pgrep -f "$app" | sed 's/^/server=/' | paste -sd,),redis=$(pgrep -f 'redis-server.*6399')
tokens() { [ -f "tokens-$1-$2.txt" ] || node "$here/tokens.mjs" key.pem "$1" "$2" >"tokens-$1-$2.txt"; }
load() {
  ip netns exec bench ./wsload --target 127.0.0.1:8081,127.0.0.1:8082 --pids "$pids" "${door[@]}" "$@"
}
# The marker is the client_id, so that each message has its own and is deduplicated by it.
data='{"ticket_id":{room},"text":"{pad}","client_id":"{mark}"}'
if [ "${2:-}" = socketio ]; then
  door=(--path '/socket.io/?EIO=4&transport=websocket'
    --send '40{"token":"{token}"}' --wait chat_authenticated
    --send '421["join_ticket_chat",{"ticket_id":{room}}]' --wait '431[{"ok":true')
  message="42[\"send_message\",$data]"
else
  door=(--path /chat
    --send '{"event":"chat_authenticate","ref":1,"data":{"token":"{token}"}}' --wait '"ref":1,"ok":true'
    --send '{"event":"join_ticket_chat","ref":2,"data":{"ticket_id":{room}}}' --wait '"ref":2,"ok":true')
  message="{\"event\":\"send_message\",\"data\":$data}"
fi
case $1 in
  fanout) tokens 1000 1
    load --tokens tokens-1000-1.txt --match new_message --publish "$message" \
      --conns 1000 --rooms 1 --rate 40 --warm 8 --duration 10 ;;
  tickets*) tokens 2000 1000
    load --tokens tokens-2000-1000.txt --match new_message --publish "$message" \
      --conns 2000 --rooms 1000 --split-rooms 1 --rate "${1#tickets}" --warm 8 --duration 10 ;;
  idle) tokens 18000 9000
    load --tokens tokens-18000-9000.txt \
      --conns 18000 --rooms 9000 --split-rooms 1 --srcs 8 --connect-rate 1500 --hold 1 --duration 20 ;;
  connect*) tokens 12000 6000 # so many a second, over both gateways, for 15 s
    load --tokens tokens-12000-6000.txt --conns $((15 * ${1#connect})) \
      --rooms 6000 --srcs 4 --connect-rate "${1#connect}" --duration 0.1 ;;
esac
