#!/usr/bin/env bash
# Checks the files of this folder without a Docker engine, and prints what it skipped.
set -euo pipefail
cd "$(dirname "$0")"

if docker compose version >/dev/null 2>&1; then
  compose=(docker compose)
elif command -v docker-compose >/dev/null; then
  compose=(docker-compose)
else
  compose=()
fi

failed=0
check() {
  local name=$1
  shift
  if "$@"; then
    echo "ok       $name"
  else
    echo "FAILED   $name"
    failed=1
  fi
}
skip() { echo "skipped  $1: $2"; }

profiles=$(sed -n 's/^ *profiles: *\[\(.*\)]$/\1/p' compose.yaml | tr -d ' ' | tr ',' '\n' | sort -u)
if [ ${#compose[@]} -gt 0 ]; then
  check "compose.yaml" "${compose[@]}" -f compose.yaml config -q
  for profile in $profiles; do
    check "compose.yaml, profile $profile" "${compose[@]}" -f compose.yaml --profile "$profile" config -q
  done
else
  skip "compose.yaml" "no docker-compose here"
fi

for config in prometheus.yml ../runners/flink/prometheus.yml; do
  if command -v promtool >/dev/null; then
    check "$config" promtool check config "$config"
  else
    skip "$config" "no promtool here"
  fi
done

if command -v promtool >/dev/null; then
  check "alerts.yml" promtool check rules alerts.yml
  check "alerts.yml, by alerts-test.yml" promtool test rules alerts-test.yml
else
  skip "alerts.yml" "no promtool here"
fi

scripts=(check.sh check-dashboard.sh sessionizer ../sessionizer ../runners/flink/*.sh ../runners/dataflow/*.sh)
if command -v shellcheck >/dev/null; then
  check "${scripts[*]}" shellcheck -x -P SCRIPTDIR "${scripts[@]}"
else
  skip "${scripts[*]}" "no shellcheck here"
fi

skip "docker build" "this script builds nothing"
skip "docker compose up" "this script starts nothing"
exit $failed
