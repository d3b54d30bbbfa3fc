#!/usr/bin/env bash
# Drains a job on Dataflow: it stops reading, and flushes its open sessions.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: drain.sh --project=ID --region=REGION [--dry-run]

Drains the job: it stops reading, and flushes the open sessions as they are. The next job starts where
the consumer group is, and writes them again, whole.

  --project   id of the Google Cloud project
  --region    where the job runs, such as europe-west1
  --jobName   name of the job [sessionizer]
  --dry-run   only print
EOF
}

read_flags "$@"
[ ${#rest[@]} -eq 0 ] || bad_flags "${rest[@]/%/: no such flag}"

list=(gcloud dataflow jobs list "--project=$project" "--region=$region" --status=active
  "--filter=name=$job_name" "--format=value(id)")
if [ -n "$dry_run" ]; then
  run "${list[@]}"
  job=JOB_ID
else
  echo "${list[*]}"
  job=$("${list[@]}")
  [ -n "$job" ] || die "no job named $job_name runs in $region of $project."
fi
run gcloud dataflow jobs drain "$job" "--project=$project" "--region=$region"
