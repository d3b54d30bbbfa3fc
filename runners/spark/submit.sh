#!/usr/bin/env bash
# Submits a job on files to a Spark cluster: with the cluster's own Spark, if SPARK_HOME names one, else as
# ./sessionizer run does.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

case ${1:-} in
  -h | --help)
    cat <<EOF
Usage: submit.sh [--sparkMaster=MASTER] --input=GLOB --output=DIR [--name=value ...]

Runs the job on a Spark cluster, and waits until it finishes; Ctrl-C cancels it. Its driver is on this machine.
Every other flag is one of 'sessionizer run'.

  --sparkMaster   the cluster [spark://localhost:7077]

SPARK_HOME         a Spark 3.5 for Scala 2.12, of the same version as the cluster's. Its spark-submit starts the
                   driver, with its configuration, and takes any MASTER, such as yarn.
SPARK_SUBMIT_OPTS  for spark-submit: options of Java
EOF
    exit 0
    ;;
esac

master=spark://localhost:7077
args=()
flag=
for arg in "$@"; do
  case $flag$arg in
    --sparkMaster=* | --spark-master=*)
      master=${arg#--*=}
      flag=
      ;;
    --sparkMaster | --spark-master) flag=--sparkMaster= ;;
    *) args+=("$arg") ;;
  esac
done

if [ -z "${SPARK_HOME:-}" ]; then
  exec "$home/sessionizer" run --runner=SparkRunner "--sparkMaster=$master" ${args[@]+"${args[@]}"}
fi
if [ ! -x "$SPARK_HOME/bin/spark-submit" ]; then
  echo "submit.sh: SPARK_HOME=$SPARK_HOME has no bin/spark-submit: set it to a Spark 3.5, or unset it." >&2
  exit 3
fi
# Builds the jar if that is needed, and checks flags and files.
SESSIONIZER_JAVA_OPTS="-Dsessionizer.preflight=job -Dspark.master=$master" \
  "$home/sessionizer" run --runner=SparkRunner ${args[@]+"${args[@]}"}
exec "$SPARK_HOME/bin/spark-submit" --master "$master" --name sessionizer --class io.sessionizer.cli.Sessionizer \
  "$home/target/spark/sessionizer-spark.jar" run --runner=SparkRunner ${args[@]+"${args[@]}"}
