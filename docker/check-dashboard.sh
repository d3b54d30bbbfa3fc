#!/usr/bin/env bash
# Asks a Prometheus that watches a running job every query of the dashboard, and says which ones have
# no answer: check-dashboard.sh [http://localhost:9090]. The job should be running for two minutes or more.
set -euo pipefail
cd "$(dirname "$0")"
prometheus=${1:-http://localhost:9090}

ask() { curl -fsS --max-time 10 "$prometheus/api/v1/query" --data-urlencode "query=$1"; }

job=$(ask flink_jobmanager_job_uptime | jq -r '.data.result[0].metric.job_name // empty')
[ -n "$job" ] || { echo "check-dashboard.sh: no job is seen by $prometheus" >&2 && exit 3; }

failed=0
while IFS=$'\t' read -r title query; do
  answer=$(ask "${query//\$job/$job}" | jq -r '[.data.result[].value[1]] | join(" ")') || answer=
  if [ -n "$answer" ] && [[ $answer != *NaN* ]]; then
    echo "ok      $title: $answer"
  else
    echo "FAILED  $title: ${answer:-no answer} to $query"
    failed=1
  fi
done < <(jq -r '.panels[] | .title as $title | .targets[] | ["\($title), \(.legendFormat)", .expr] | join("\t")' grafana/sessionizer.json)
exit $failed
