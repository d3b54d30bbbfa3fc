#!/usr/bin/env bash
# Resumes the job from a savepoint, or from a retained checkpoint.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

case ${1:-} in
  -h | --help | '')
    cat <<EOF
Usage: resume.sh SAVEPOINT [--name=value ...]

Resumes the job with the open sessions and the offsets of SAVEPOINT: the path that savepoint.sh has
printed, or the folder of a checkpoint (chk-NUMBER). The flags are those of submit.sh, all of them: the
job runs with these, and not with those of its first start.
EOF
    [ -n "${1:-}" ] && exit 0 || exit 2
    ;;
  --*)
    echo "resume.sh: give the savepoint first; see resume.sh --help" >&2
    exit 2
    ;;
esac

savepoint=$1
shift
exec "$here/submit.sh" --savepointPath="$savepoint" "$@"
