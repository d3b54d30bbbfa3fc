#!/usr/bin/env bash
# Replaces a running job on Dataflow by the current Flex Template; open sessions stay.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: update.sh --project=ID --region=REGION [--dry-run] [--name=value ...]

Replaces the job of this name; it keeps its open sessions and its offsets. Give the other flags as at the
first submission, except for those to change.

  --project   id of the Google Cloud project
  --region    where the job runs, such as europe-west1
  --bucket    where the template is [PROJECT-sessionizer]
  --jobName   name of the job [sessionizer]
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
