#!/usr/bin/env bash
# Replaces a job that runs on Dataflow by what the Flex Template is now; open sessions stay.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: update.sh --project=ID --region=REGION [--dry-run] [--name=value ...]

Replaces the job of this name; it keeps its open sessions and its place in the topic. Give the other
flags as they were when it was submitted, but for those to change.

  --project   id of the Google Cloud project
  --region    where the job runs, such as europe-west1
  --bucket    where the template is [PROJECT-sessionizer]
  --jobName   what the job is called [sessionizer]
  --transform-name-mappings  OLD=NEW,... for steps that have another name now
  --dry-run   only print
EOF
}

mappings=()
others=()
for arg in "$@"; do
  case $arg in
    --transform-name-mappings=?*) mappings=("$arg") ;;
    *) others+=("$arg") ;;
  esac
done
read_flags ${others[@]+"${others[@]}"}
run_template --update ${mappings[@]+"${mappings[@]}"}
