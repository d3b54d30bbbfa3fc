#!/usr/bin/env bash
# Builds the Flex Template: the image that submits the job, and the file that describes its flags.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: build.sh --project=ID --region=REGION [--bucket=NAME] [--dry-run]

Builds the image with Docker, pushes it, and writes gs://BUCKET/templates/sessionizer.json.

  --project   id of the Google Cloud project
  --region    of the repository for the image, such as europe-west1
  --bucket    for the template [PROJECT-sessionizer]
  --dry-run   only print
EOF
}

read_flags "$@"
[ ${#rest[@]} -eq 0 ] || bad_flags "${rest[@]/%/: no such flag}"

run docker build -f "$home/docker/Dockerfile" --target dataflow -t "$(image)" "$home"
run docker push "$(image)"
run gcloud dataflow flex-template build "$(template)" "--project=$project" "--image=$(image)" \
  --sdk-language=JAVA "--metadata-file=$here/flex-template.json"
