#!/usr/bin/env bash
# Kills processes of a real cluster at twenty random moments, and compares the sessions
# with the naive model, in a quarter of an hour; see --help.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

if [ $# -gt 0 ]; then
  cat <<EOF
Usage: kill-test.sh

Starts a Kafka broker, a Flink cluster and traffic, and kills a TaskManager, the JobManager, the broker
(which is down for up to 20 s) or all of them at once, twenty times, with state on the heap and in
RocksDB, with and without late visits. Fails if a session is missing or wrong in the end.
EOF
  case $1 in -h | --help) exit 0 ;; *) exit 2 ;; esac
fi

cd "$home"
exec mvn -B -ntp verify -pl src -Dtest=VersionsTest -Dit.test=TwentyKills
