#!/usr/bin/env bash
# Starts one Redis (port 6399) and two gateways (8081, 8082) to measure, in a network namespace of
# their own: packet filters that a container engine sets up would add to every system call.
# Needs root, ip, redis-server, openssl, and JAVA set to the java of JDK 25. Leaves key.pem here.
set -euo pipefail
app=$(cd "$(dirname "$0")/../.." && pwd)/target/quarkus-app/quarkus-run.jar
[ -f key.pem ] || openssl genrsa -out key.pem 2048
openssl rsa -in key.pem -pubout -out pub.pem 2>/dev/null
ip netns list | grep -q '^bench' || ip netns add bench
ip netns exec bench ip link set lo up
ip netns exec bench redis-server --port 6399 --save '' --appendonly no --daemonize yes >/dev/null
for n in 1 2; do
  # One loop for each of two cores: what a pod of one CPU would have.
  ip netns exec bench setsid "${JAVA:-java}" \
    -XX:+UseSerialGC -Xms160m -Xmx160m -Xmn24m -XX:+UseCompactObjectHeaders ${JAVA_OPTS:-} \
    -Dquarkus.vertx.event-loops-pool-size=1 \
    -Dchat.admission.per-second=100000 -Dchat.admission.burst=100000 \
    -Dquarkus.http.port=808$n -Dquarkus.management.port=908$n \
    -Dquarkus.redis.hosts=redis://127.0.0.1:6399 \
    -Dmp.jwt.verify.publickey.location="file:$PWD/pub.pem" -Dmp.jwt.verify.issuer=bench \
    -jar "$app" >"pod$n.log" 2>&1 </dev/null &
  echo $! >"pod$n.pid"
done
until ip netns exec bench curl -sf localhost:9081/q/health/ready >/dev/null \
  && ip netns exec bench curl -sf localhost:9082/q/health/ready >/dev/null; do sleep 0.2; done
echo "ready: gateways $(pgrep -f "$app" | tr '\n' ' '), Redis $(pgrep -f 'redis-server.*6399')"
