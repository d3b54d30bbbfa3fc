#!/usr/bin/env bash
# Stops the job on a Flink cluster, with a savepoint to resume from.
# shellcheck disable=SC2001 # these substitutions need sed
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

usage() {
  cat <<EOF
Usage: savepoint.sh [--flinkMaster=HOST:PORT] [--job=ID] [--keepRunning]

Stops the job, saves its open sessions and its offsets, and prints the savepoint's path, for
resume.sh. Nothing is lost between the two: records that arrive meanwhile are read after it.

  --flinkMaster   the cluster [localhost:8081, or where cluster.sh has started one]
  --job           the job's id [the one that runs, if there is only one]
  --keepRunning   save, but do not stop
EOF
}

die() {
  echo "savepoint.sh: $*" >&2
  exit 1
}

master=localhost:$(sed -n 's/^port=//p' "$home/.flink/settings" 2>/dev/null || echo 8081)
job=
operation=stop
while [ $# -gt 0 ]; do
  arg=$1
  shift
  case $arg in
    -h | --help) usage && exit 0 ;;
    --flinkMaster=?* | --flink-master=?*) master=${arg#*=} ;;
    --job=?*) job=${arg#*=} ;;
    --flinkMaster | --flink-master | --job)
      [ $# -gt 0 ] || { echo "$arg: needs a value" >&2 && exit 2; }
      if [ "$arg" = --job ]; then job=$1; else master=$1; fi
      shift
      ;;
    --keepRunning) operation=savepoints ;;
    *)
      echo "$arg: no such flag; savepoint.sh --help lists what there is." >&2
      exit 2
      ;;
  esac
done

# Sets response to Flink's for path $1; more arguments are for curl. Flink's errors are lists of texts:
# the first is the message, before its stack trace.
request() {
  local path=$1
  shift
  response=$(curl -sS --max-time 30 "$@" "http://${master#http://}/$path" 2>&1) ||
    die "no Flink responds at $master: $response"
  case $response in
    *'"errors":['*) die "Flink at $master: $(sed 's/.*"errors":\["\([^"\\]*\).*/\1/' <<<"$response")" ;;
  esac
}

text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$response"; }

if [ -z "$job" ]; then
  request jobs/overview
  response=$(tr '{' '\n' <<<"$response" | grep '"state":"RUNNING"') || true
  running=$(text jid)
  case $(grep -c . <<<"$running") in
    0) die "no job runs at $master." ;;
    1) job=$running ;;
    *) die "several jobs run at $master; name one with --job: "$'\n'"$running" ;;
  esac
fi

request "jobs/$job/$operation" -X POST -H 'Content-Type: application/json' -d '{}'
trigger=$(text request-id)
while sleep 0.5; do
  request "jobs/$job/savepoints/$trigger"
  case $response in
    *'"id":"COMPLETED"'*)
      location=$(text location)
      [ -n "$location" ] || die "no savepoint: $(sed 's/.*Caused by: \([^\\]*\).*/\1/' <<<"$response")"
      echo "$location"
      exit 0
      ;;
  esac
done
