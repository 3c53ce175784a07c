#!/usr/bin/env bash
# CONNECT_OFFSET_FLUSH_INTERVAL_MS becomes offset.flush.interval.ms, as in the published image; what it calls otherwise is below.
set -euo pipefail

export CONNECT_BOOTSTRAP_SERVERS=${BOOTSTRAP_SERVERS:?BOOTSTRAP_SERVERS is not set}
export CONNECT_GROUP_ID=${GROUP_ID:-1}
export CONNECT_CONFIG_STORAGE_TOPIC=${CONFIG_STORAGE_TOPIC:?CONFIG_STORAGE_TOPIC is not set}
export CONNECT_OFFSET_STORAGE_TOPIC=${OFFSET_STORAGE_TOPIC:?OFFSET_STORAGE_TOPIC is not set}
export CONNECT_STATUS_STORAGE_TOPIC=${STATUS_STORAGE_TOPIC:?STATUS_STORAGE_TOPIC is not set}
export CONNECT_LISTENERS=http://${REST_HOST_NAME:-0.0.0.0}:8083
export CONNECT_REST_ADVERTISED_HOST_NAME=${ADVERTISED_HOST_NAME:-$(hostname)}
export CONNECT_REST_ADVERTISED_PORT=8083
export CONNECT_KEY_CONVERTER=${KEY_CONVERTER:-org.apache.kafka.connect.json.JsonConverter}
export CONNECT_VALUE_CONVERTER=${VALUE_CONVERTER:-org.apache.kafka.connect.json.JsonConverter}

file=/kafka/config/connect-distributed.properties
echo plugin.discovery=service_load >"$file"
while IFS='=' read -r -d '' name value; do
  [ "${name#CONNECT_}" != "$name" ] || continue
  key=${name#CONNECT_}
  key=${key,,}
  printf '%s=%s\n' "${key//_/.}" "$value" >>"$file"
done < <(env --null)

# Words of options are split on purpose, as Kafka's own scripts split them.
# shellcheck disable=SC2206
options=(${HEAP_OPTS:--Xms256M -Xmx2G} ${KAFKA_OPTS:-})
options+=(-XX:+ExitOnOutOfMemoryError -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info)
exec java "${options[@]}" -cp '/kafka/libs/*' org.apache.kafka.connect.cli.ConnectDistributed "$file"
