#!/usr/bin/env bash
# Starts the job again where a savepoint, or a checkpoint that was kept, has left it.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)

case ${1:-} in
  -h | --help | '')
    cat <<EOF
Usage: resume.sh SAVEPOINT [--name=value ...]

Starts the job again, with the open sessions and the offsets of SAVEPOINT: the path that savepoint.sh
has printed, or the folder of a checkpoint (chk-NUMBER). The flags are those of submit.sh, and as they
were when the job was first submitted, but for --parallelism, --bootstrapServers and the settings for Kafka.
EOF
    [ -n "${1:-}" ] && exit 0 || exit 2
    ;;
  --*)
    echo "resume.sh: say the savepoint first; resume.sh --help says more." >&2
    exit 2
    ;;
esac

savepoint=$1
shift
exec "$here/submit.sh" --savepointPath="$savepoint" "$@"
