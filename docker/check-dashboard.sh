#!/usr/bin/env bash
# Sends every query of the dashboard to a Prometheus that scrapes a running job, and prints which ones
# have no result: check-dashboard.sh [http://localhost:9090]. The job should be running for two minutes or more.
set -euo pipefail
cd "$(dirname "$0")"
prometheus=${1:-http://localhost:9090}

query() { curl -fsS --max-time 10 "$prometheus/api/v1/query" --data-urlencode "query=$1"; }

job=$(query flink_jobmanager_job_uptime | jq -r '.data.result[0].metric.job_name // empty')
[ -n "$job" ] || { echo "check-dashboard.sh: no job is seen by $prometheus" >&2 && exit 3; }

failed=0
while IFS=$'\t' read -r title query; do
  value=$(query "${query//\$job/$job}" | jq -r '[.data.result[].value[1]] | join(" ")') || value=
  if [ -n "$value" ] && [[ $value != *NaN* ]]; then
    echo "ok      $title: $value"
  else
    echo "FAILED  $title: ${value:-no result} for $query"
    failed=1
  fi
done < <(jq -r '.panels[] | .title as $title | .targets[] | ["\($title), \(.legendFormat)", .expr] | join("\t")' grafana/sessionizer.json)
exit $failed
