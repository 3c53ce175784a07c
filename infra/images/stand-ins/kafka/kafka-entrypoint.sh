#!/usr/bin/env bash
# KAFKA_LOG_DIRS becomes log.dirs, as in the published image: `_` a dot, `__` an underscore, `___` a dash. CLUSTER_ID formats an
# empty log folder.
set -euo pipefail

file=/etc/kafka/server.properties
: >"$file"
while IFS='=' read -r -d '' name value; do
  case $name in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_LOG4J* | KAFKA_JMX* | KAFKA_GC_LOG_OPTS | KAFKA_VERSION) continue ;;
    KAFKA_*) ;;
    *) continue ;;
  esac
  key=${name#KAFKA_}
  key=${key,,}
  key=${key//___/-}
  key=${key//__/$'\t'}
  key=${key//_/.}
  key=${key//$'\t'/_}
  printf '%s=%s\n' "$key" "$value" >>"$file"
done < <(env --null)

# Words of options are split on purpose, as Kafka's own scripts split them.
# shellcheck disable=SC2206
options=(${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G} ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseG1GC} ${KAFKA_OPTS:-})
options+=(-XX:+ExitOnOutOfMemoryError -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info)
java -Xmx128m -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/libs/*' \
  kafka.tools.StorageTool format --cluster-id "${CLUSTER_ID:?CLUSTER_ID is not set}" --config "$file" --ignore-formatted
exec java "${options[@]}" -cp '/opt/kafka/libs/*' kafka.Kafka "$file"
