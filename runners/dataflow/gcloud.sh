# Functions that the scripts of this folder share. Sourced, not run.
# shellcheck shell=bash disable=SC2034 # the variables are the scripts'
set -euo pipefail
script=$(basename "$0")
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

die() {
  echo "$script: $*" >&2
  exit 1
}

# Reads the flags that all scripts have; the others are left in "rest".
#   --project --region --bucket --jobName --dry-run
read_flags() {
  project=
  region=
  bucket=
  job_name=sessionizer
  dry_run=
  rest=()
  local arg problems=()
  for arg in "$@"; do
    case $arg in
      -h | --help) usage && exit 0 ;;
      --dry-run) dry_run=yes ;;
      --project=?*) project=${arg#*=} ;;
      --region=?*) region=${arg#*=} ;;
      --bucket=?*) bucket=${arg#*=} ;;
      --jobName=?*) job_name=${arg#*=} ;;
      --?*=*) rest+=("$arg") ;;
      *) problems+=("$arg: not a flag; write --name=value") ;;
    esac
  done
  [ -n "$project" ] || problems+=("--project: missing; give the id of your Google Cloud project")
  [ -n "$region" ] || problems+=("--region: missing; give where the job is to run, such as europe-west1")
  [ -n "$bucket" ] || bucket=$project-sessionizer
  if [ ${#problems[@]} -gt 0 ]; then bad_flags "${problems[@]}"; fi
}

bad_flags() {
  printf '%s\n' "$@" >&2
  echo "$script --help lists what there is." >&2
  exit 2
}

# Prints a command, as it could be typed, and runs it unless it is a dry run.
run() {
  local word line=
  for word in "$@"; do
    case $word in
      *[!a-zA-Z0-9_.,:/=@-]*) word="'${word//\'/\'\\\'\'}'" ;;
    esac
    line="$line$word "
  done
  echo "${line% }"
  if [ -z "$dry_run" ]; then "$@"; fi
}

template() { echo "gs://$bucket/templates/sessionizer.json"; }

image() { echo "$region-docker.pkg.dev/$project/sessionizer/sessionizer-dataflow"; }

worker() { echo "sessionizer-worker@$project.iam.gserviceaccount.com"; }

# Checks the flags of a job: their names by the template, and, if the job's own jar exists and is up to
# date, their values. Arguments: those flags.
check_job() {
  local jar=${SESSIONIZER_JAR:-$home/target/sessionizer.jar} java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  local flag name servers='' problems=()
  if [ -f "$jar" ] && [ -z "$(find "$home/src/main" "$home/src/pom.xml" "$home/pom.xml" -newer "$jar" -print -quit)" ]; then
    "$java" -Dsessionizer.preflight=template -jar "$jar" run --runner=DataflowRunner \
      "--project=$project" "--region=$region" "--jobName=$job_name" "--tempLocation=gs://$bucket/temp" "$@" >&2 \
      || exit $?
  fi
  for flag in "$@"; do
    name=${flag%%=*}
    name=${name#--}
    grep -qF "\"name\" : \"$name\"" "$here/flex-template.json" \
      || problems+=("--$name: neither a parameter of the template (flex-template.json) nor a flag for gcloud")
    if [ "$name" = bootstrapServers ]; then servers=yes; fi
  done
  [ -n "$servers" ] || problems+=("--bootstrapServers: missing; give the brokers as they are reached from the job's network")
  if [ ${#problems[@]} -gt 0 ]; then bad_flags "${problems[@]}"; fi
}

# Starts the template as a job. The flags in "rest" are the job's, except for those of gcloud that are
# named here; arguments are further flags for gcloud.
run_template() {
  local flag name parameters='' gcloud_flags=() job_flags=()
  for flag in ${rest[@]+"${rest[@]}"}; do
    name=${flag%%=*}
    case $name in
      --subnetwork | --network | --max-workers | --num-workers | --worker-machine-type | --launcher-machine-type | --service-account-email | --additional-experiments)
        gcloud_flags+=("$flag")
        ;;
      *)
        parameters="$parameters~${flag#--}"
        job_flags+=("$flag")
        ;;
    esac
  done
  check_job ${job_flags[@]+"${job_flags[@]}"}
  case " ${gcloud_flags[*]-}" in
    *" --service-account-email="*) ;;
    *) gcloud_flags+=("--service-account-email=$(worker)") ;;
  esac
  case " ${gcloud_flags[*]-}" in
    *" --subnetwork="* | *" --network="*) ;;
    *) gcloud_flags+=("--subnetwork=regions/$region/subnetworks/sessionizer") ;;
  esac
  # ~ between parameters, since their values may have commas.
  run gcloud dataflow flex-template run "$job_name" \
    "--project=$project" "--region=$region" "--template-file-gcs-location=$(template)" \
    "--staging-location=gs://$bucket/staging" "--temp-location=gs://$bucket/temp" \
    --enable-streaming-engine --disable-public-ips \
    ${gcloud_flags[@]+"${gcloud_flags[@]}"} \
    ${parameters:+"--parameters=^~^${parameters#\~}"} "$@"
}
