#!/usr/bin/env bash
# Submits the job to a Flink cluster: ./sessionizer run, with the cluster of cluster.sh as the default.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

case ${1:-} in
  -h | --help)
    cat <<EOF
Usage: submit.sh [--flinkMaster=HOST:PORT] [--name=value ...]

Submits the job to a Flink cluster, through its REST API, and prints the job's id. Every other flag is one
of 'sessionizer run'. With --stopWhenDrained it waits until the job finishes, and Ctrl-C cancels the job.

  --flinkMaster   the cluster [localhost:8081, or where cluster.sh has started one]
  --parallelism   subtasks of each step; a job never reads with more than at its first start
                  [one per partition, if there are as many free slots]
EOF
    exit 0
    ;;
esac

master=--flinkMaster=localhost:$(sed -n 's/^port=//p' "$home/.flink/settings" 2>/dev/null || echo 8081)
for arg in "$@"; do
  case $arg in --flinkMaster | --flinkMaster=* | --flink-master | --flink-master=*) master= ;; esac
done
exec "$home/sessionizer" run --runner=FlinkRunner ${master:+"$master"} "$@"
