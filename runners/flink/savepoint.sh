#!/usr/bin/env bash
# Stops the job on a Flink cluster, with a savepoint to go on from.
# shellcheck disable=SC2001 # what is cut out needs more than bash has
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

usage() {
  cat <<EOF
Usage: savepoint.sh [--flinkMaster=HOST:PORT] [--job=ID] [--keepRunning]

Stops the job, saves its open sessions and its offsets, and prints the savepoint's path, for
resume.sh. Nothing is lost between the two: what is written to the topic meanwhile is read then.

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
for arg in "$@"; do
  case $arg in
    -h | --help) usage && exit 0 ;;
    --flinkMaster=?*) master=${arg#*=} ;;
    --job=?*) job=${arg#*=} ;;
    --keepRunning) operation=savepoints ;;
    *)
      echo "$arg: no such flag; savepoint.sh --help lists what there is." >&2
      exit 2
      ;;
  esac
done

# Sets answer to Flink's for path $1; more arguments are for curl. Flink's errors are lists of texts,
# the first of which says it, before its stack trace.
ask() {
  local path=$1
  shift
  answer=$(curl -sS --max-time 30 "$@" "http://${master#http://}/$path" 2>&1) ||
    die "no Flink answers at $master: $answer"
  case $answer in
    *'"errors":['*) die "Flink at $master: $(sed 's/.*"errors":\["\([^"\\]*\).*/\1/' <<<"$answer")" ;;
  esac
}

text() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$answer"; }

if [ -z "$job" ]; then
  ask jobs/overview
  answer=$(tr '{' '\n' <<<"$answer" | grep '"state":"RUNNING"') || true
  running=$(text jid)
  case $(grep -c . <<<"$running") in
    0) die "no job runs at $master." ;;
    1) job=$running ;;
    *) die "several jobs run at $master, name one with --job: "$'\n'"$running" ;;
  esac
fi

ask "jobs/$job/$operation" -X POST -H 'Content-Type: application/json' -d '{}'
request=$(text request-id)
while sleep 0.5; do
  ask "jobs/$job/savepoints/$request"
  case $answer in
    *'"id":"COMPLETED"'*)
      location=$(text location)
      [ -n "$location" ] || die "no savepoint: $(sed 's/.*Caused by: \([^\\]*\).*/\1/' <<<"$answer")"
      echo "$location"
      exit 0
      ;;
  esac
done
