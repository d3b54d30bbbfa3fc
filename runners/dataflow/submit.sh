#!/usr/bin/env bash
# Starts the Flex Template as a job on Dataflow.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: submit.sh --project=ID --region=REGION [--dry-run] [--name=value ...]

Starts the template that build.sh has built. Every other flag is one of 'sessionizer run', for example
--bootstrapServers=HOST:PORT, or one of gcloud: --subnetwork, --network, --max-workers, --num-workers,
--worker-machine-type, --launcher-machine-type, --service-account-email, --additional-experiments.

  --project   id of the Google Cloud project
  --region    where the job is to run, such as europe-west1
  --bucket    where the template is [PROJECT-sessionizer]
  --jobName   name of the job [sessionizer]
  --dry-run   only print
EOF
}

read_flags "$@"
# shellcheck disable=SC2119 # it has no more arguments for gcloud
run_template
