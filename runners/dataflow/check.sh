#!/usr/bin/env bash
# Has gcloud itself check every command of the scripts in this folder, and the template's file, offline.
# Prints what it skipped.
set -euo pipefail
cd "$(dirname "$0")"

failed=0
report() {
  echo "$1  $2"
  if [ "$1" = FAILED ]; then failed=1; fi
}

commands() {
  ./setup.sh --project=my-project-1 --region=europe-west1 --dry-run
  ./build.sh --project=my-project-1 --region=europe-west1 --dry-run
  ./submit.sh --project=my-project-1 --region=europe-west1 --dry-run --bootstrapServers=a:1,b:2 --subnetwork=s
  ./update.sh --project=my-project-1 --region=europe-west1 --dry-run --bootstrapServers=a:1 --transform-name-mappings=A=B
  ./drain.sh --project=my-project-1 --region=europe-west1 --dry-run
}

if command -v gcloud >/dev/null; then
  while IFS= read -r line; do
    case $line in
      gcloud\ *)
        verdict=$(gcloud meta lint-gcloud-commands --command-string="$line" 2>&1)
        case $verdict in
          *'"success": true'*) report "ok    " "$line" ;;
          *) report FAILED "$line"$'\n'"$(sed -n 's/.*"error_message": \("[^"]*"\).*/\1/p' <<<"$verdict")" ;;
        esac
        ;;
    esac
  done < <(commands)
  if gcloud dataflow flex-template build gs://b/t.json --image=i --sdk-language=JAVA \
    --project=my-project-1 --metadata-file=flex-template.json --print-only >/dev/null; then
    report "ok    " flex-template.json
  else
    report FAILED flex-template.json
  fi
else
  report skipped "the commands: no gcloud here"
fi

if command -v shellcheck >/dev/null; then
  if shellcheck -x ./*.sh; then report "ok    " "./*.sh"; else report FAILED "./*.sh"; fi
else
  report skipped "./*.sh: no shellcheck here"
fi
exit $failed
