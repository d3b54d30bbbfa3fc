#!/usr/bin/env bash
# Has a job on a real cluster read millions of visits, and prints its use of memory; see --help.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)

visits=5000000
visitors=20000
flags=()
for arg in "$@"; do
  case $arg in
    -h | --help)
      cat <<EOF
Usage: soak.sh [--visits=COUNT] [--visitors=COUNT] [--name=value ...]

Starts a Kafka broker, writes visits, starts a Flink cluster and the job, and prints every 15 s its
progress, the heap in use after a full garbage collection, and duration and size of checkpoints.

  --visits     in total [5000000]
  --visitors   on the site at any moment [20000]

Every other flag is one of cluster.sh, for example --stateBackend=rocksdb.
EOF
      exit 0
      ;;
    --visits=[1-9]*) visits=${arg#*=} ;;
    --visitors=[1-9]*) visitors=${arg#*=} ;;
    *) flags+=("$arg") ;;
  esac
done

cd "$home"
mvn -B -ntp -q package -pl src -DskipTests
exec java -cp "target/classes:target/test-classes:target/lib/*" io.sessionizer.testing.Soak "$visits" "$visitors" ${flags[@]+"${flags[@]}"}
