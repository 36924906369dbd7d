#!/bin/sh
# Runs a command beside a server of Apache Spark 4 (.venv-spark, Java 17 or newer): its address is DOUBLE_RANDOM_TEST_SPARK.
#   tests/services/spark.sh .venv/bin/python -m pytest …
set -eu
home=$(echo "$PWD"/.venv-spark/lib/python3*/site-packages/pyspark)
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$folder/log4j2.properties" <<QUIET
rootLogger.level = error
QUIET
export SPARK_HOME="$home" SPARK_LOCAL_IP=127.0.0.1
(
    cd "$folder"
    exec "$home/bin/spark-submit" --class org.apache.spark.sql.connect.service.SparkConnectServer \
        --master 'local[2]' --driver-memory "${SPARK_MEMORY:-2g}" \
        --driver-java-options "-Dlog4j2.configurationFile=$folder/log4j2.properties" \
        --conf spark.connect.grpc.binding.port="$port" --conf spark.ui.enabled=false \
        --conf spark.sql.shuffle.partitions=2 \
        spark-internal > "$folder/log" 2>&1
) &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
waited=0
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; do
    kill -0 $server 2>/dev/null && [ $waited -lt 120 ] || { cat "$folder/log" >&2; echo "error: Spark did not start" >&2; exit 1; }
    sleep 1
    waited=$((waited + 1))
done
DOUBLE_RANDOM_TEST_SPARK="sc://127.0.0.1:$port" "$@"
