#!/usr/bin/env bash
# Ends a job on Dataflow: it reads no more, and writes all sessions that are open.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: drain.sh --project=ID --region=REGION [--dry-run]

Drains the job: it stops reading, and writes the sessions that are open as they are. Start the next one
with --startFrom=committed --rewind=PT26H, which writes them again when they are over.

  --project   id of the Google Cloud project
  --region    where the job runs, such as europe-west1
  --jobName   what the job is called [sessionizer]
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
