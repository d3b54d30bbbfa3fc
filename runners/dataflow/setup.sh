#!/usr/bin/env bash
# Creates the resources of a job on Dataflow: a bucket, a repository for the image, a service account with
# the least permissions, and a network without public addresses. Run it again after a failure.
# shellcheck source=gcloud.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/gcloud.sh"

usage() {
  cat <<EOF
Usage: setup.sh --project=ID --region=REGION [--bucket=NAME] [--dry-run]

Creates the least that a job on Dataflow needs, and prints each gcloud command that it runs. Where
something exists already, gcloud reports that, and it stays as it is.

  --project   id of the Google Cloud project
  --region    where the job is to run, such as europe-west1
  --bucket    for staged files and the template [PROJECT-sessionizer]
  --dry-run   only print
EOF
}

# An existing resource is no reason to stop; other errors show in the steps that need it.
make() { run "$@" || echo "$script: the command above failed; continuing" >&2; }

read_flags "$@"
[ ${#rest[@]} -eq 0 ] || bad_flags "${rest[@]/%/: no such flag}"

run gcloud services enable dataflow.googleapis.com compute.googleapis.com storage.googleapis.com \
  artifactregistry.googleapis.com secretmanager.googleapis.com "--project=$project"

make gcloud storage buckets create "gs://$bucket" "--project=$project" "--location=$region" \
  --uniform-bucket-level-access --public-access-prevention
make gcloud artifacts repositories create sessionizer --repository-format=docker \
  "--project=$project" "--location=$region"

make gcloud iam service-accounts create sessionizer-worker "--project=$project" \
  "--display-name=Workers of the sessionizer on Dataflow"
run gcloud projects add-iam-policy-binding "$project" "--member=serviceAccount:$(worker)" \
  --role=roles/dataflow.worker --condition=None
run gcloud storage buckets add-iam-policy-binding "gs://$bucket" \
  "--member=serviceAccount:$(worker)" --role=roles/storage.objectAdmin
run gcloud artifacts repositories add-iam-policy-binding sessionizer "--project=$project" \
  "--location=$region" "--member=serviceAccount:$(worker)" --role=roles/artifactregistry.reader

make gcloud compute networks create sessionizer "--project=$project" --subnet-mode=custom
make gcloud compute networks subnets create sessionizer "--project=$project" "--region=$region" \
  --network=sessionizer --range=10.64.0.0/20 --enable-private-ip-google-access
# Workers of one job talk to each other at these ports; Dataflow gives them this tag.
make gcloud compute firewall-rules create sessionizer-workers "--project=$project" \
  --network=sessionizer --allow=tcp:12345-12346 --source-tags=dataflow --target-tags=dataflow
