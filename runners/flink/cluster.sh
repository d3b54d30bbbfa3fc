#!/usr/bin/env bash
# A Flink cluster on this machine: a JobManager, TaskManagers, and a ZooKeeper, so that a JobManager
# that was killed finds its jobs again. Each is a process of its own.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
home=$(cd "$here/../.." && pwd)

usage() {
  cat <<EOF
Usage: cluster.sh start|status|stop [--name=value ...]

  start    starts what is not running; downloads Flink's jars the first time
  status   shows what runs, and which jobs; exit code 3 if something is missing
  stop     stops the processes; checkpoints, savepoints and jobs stay in --dir

  --dir           folder for jars, logs, checkpoints, savepoints [.flink in this repository]
  --port          of the web interface and the REST API [8081]
  --taskManagers  how many [2]
  --slots         of each TaskManager: how many subtasks of a step it runs [2]
  --stateBackend  hashmap (state on the heap) or rocksdb (checkpoints of what is new) [hashmap]
  --memory        of each TaskManager, in total [2g]

A start without flags uses those of the last one. FLINK_ENV_JAVA_OPTS adds options to each JVM of Flink.
EOF
}

die() {
  echo "cluster.sh: $*" >&2
  exit 1
}

bad_flags() {
  printf '%s\n' "$@" >&2
  echo "cluster.sh --help lists what there is." >&2
  exit 2
}

# --- Flags ----------------------------------------------------------------------------------------

command=
dir=$home/.flink
given=()
problems=()
for arg in "$@"; do
  case $arg in
    -h | --help) usage && exit 0 ;;
    start | status | stop) command=$arg ;;
    --dir=?*) dir=${arg#*=} ;;
    --port=[0-9]*) given+=("port=${arg#*=}") ;;
    --taskManagers=[1-9]*) given+=("taskManagers=${arg#*=}") ;;
    --slots=[1-9]*) given+=("slots=${arg#*=}") ;;
    --stateBackend=hashmap | --stateBackend=rocksdb) given+=("stateBackend=${arg#*=}") ;;
    --memory=[1-9]*) given+=("memory=${arg#*=}") ;;
    *) problems+=("$arg: no such command or flag, or not a value for it") ;;
  esac
done
[ -n "$command" ] || problems+=("give start, status or stop")
[ ${#problems[@]} -eq 0 ] || bad_flags "${problems[@]}"

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
declare -A setting=([port]=8081 [taskManagers]=2 [slots]=2 [stateBackend]=hashmap [memory]=2g)
if [ -f "$dir/settings" ]; then
  while IFS='=' read -r name value; do setting[$name]=$value; done <"$dir/settings"
fi
for flag in ${given[@]+"${given[@]}"}; do setting[${flag%%=*}]=${flag#*=}; done
rest=http://localhost:${setting[port]}

# --- Processes ------------------------------------------------------------------------------------

taskmanagers() { seq -f 'taskmanager-%g' 1 "${setting[taskManagers]}"; }

# The process id of $1, if it runs. A number in an old file may belong to another process by now.
pid_of() {
  local pid
  pid=$(cat "$dir/pids/$1" 2>/dev/null) || return 1
  ps -ww -p "$pid" -o args= 2>/dev/null | grep -qF -- "-Dlog.file=$dir/log/$1.log" || return 1
  echo "$pid"
}

launch() {
  local name=$1
  shift
  "$java" "$@" >"$dir/log/$name.out" 2>&1 </dev/null &
  echo $! >"$dir/pids/$name"
  disown
}

# Prints how Flink divides the memory, as its own scripts do. Two lines: for Java, for Flink.
resources() {
  local output
  output=$("$java" -cp "$dir/lib/*" org.apache.flink.runtime.util.bash.BashJavaUtils "$1" \
    --configDir "$here/conf" "${options[@]}" 2>&1) || die "Flink cannot divide the memory: $output"
  sed -n 's/^BASH_JAVA_UTILS_EXEC_RESULT://p' <<<"$output"
}

# Starts $1, whose main class is $2, with the memory $3, the two lines of resources; more arguments follow.
launch_flink() {
  local name=$1 main=$2 memory=$3 opens
  shift 3
  opens=$(sed -n 's/^env.java.opts.all: //p' "$here/conf/config.yaml")
  # shellcheck disable=SC2046,SC2086 # lists of options
  launch "$name" $(sed -n 1p <<<"$memory") $opens ${FLINK_ENV_JAVA_OPTS:-} -Dlog.file="$dir/log/$name.log" \
    -Dlog4j.configurationFile="file:$here/conf/log4j.properties" -cp "$dir/lib/*" "$main" \
    --configDir "$here/conf" $(sed -n 2p <<<"$memory") "${options[@]}" "$@"
}

start_zookeeper() {
  mkdir -p "$dir/zookeeper"
  printf '%s\n' "dataDir=$dir/zookeeper" "clientPort=${setting[zookeeperPort]}" \
    "clientPortAddress=127.0.0.1" "admin.enableServer=false" "tickTime=2000" >"$dir/zoo.cfg"
  launch zookeeper -Xmx128m -Dlog.file="$dir/log/zookeeper.log" \
    -Dlog4j.configurationFile="file:$here/conf/log4j.properties" -cp "$dir/lib/*" \
    org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer --zkConfigFile "$dir/zoo.cfg" --peerId 1
}

free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

# --- Commands -------------------------------------------------------------------------------------

get_jars() {
  local version
  version=$(sed -n 's|.*<flink.version>\(.*\)</flink.version>.*|\1|p' "$here/cluster/pom.xml")
  [ ! -f "$dir/lib/flink-runtime-$version.jar" ] || return 0
  command -v mvn >/dev/null || die "no Maven found: install Maven 3.8 or newer (it downloads Flink's jars, once)."
  echo "cluster.sh: downloading Flink's jars; the first time Maven downloads about 110 MB ..." >&2
  rm -rf "${dir:?}/lib"
  mvn -B -ntp -q -f "$here/cluster/pom.xml" package -Dlib="$dir/lib" >"$dir/log/jars.log" 2>&1 || {
    grep -m 5 ERROR "$dir/log/jars.log" >&2 || true
    die "Flink's jars cannot be downloaded; Maven's output is in $dir/log/jars.log"
  }
}

overview() { curl -fsS --max-time 5 "$rest/overview" 2>/dev/null; }

field() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

wait_until_ready() {
  local ready
  for _ in $(seq 900); do
    ready=$(overview | field taskmanagers) || ready=
    if [ "${ready:-0}" -ge "${setting[taskManagers]}" ]; then return 0; fi
    for name in zookeeper jobmanager $(taskmanagers); do
      pid_of "$name" >/dev/null || {
        grep -hm 5 -E ' ERROR |Exception' "$dir/log/$name.log" "$dir/log/$name.out" >&2 || true
        die "$name exited; its log is $dir/log/$name.log"
      }
    done
    sleep 0.2
  done
  die "the cluster is not ready after three minutes; its logs are in $dir/log"
}

start() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  command -v "$java" >/dev/null || die "no Java found: install a JDK 17, or set JAVA_HOME to one."
  mkdir -p "$dir/log" "$dir/pids" "$dir/tmp"
  get_jars
  if ! pid_of jobmanager >/dev/null && [ "$(free_port "${setting[port]}")" != "${setting[port]}" ]; then
    die "port ${setting[port]} is in use: give --port=NUMBER"
  fi
  pid_of zookeeper >/dev/null || setting[zookeeperPort]=$(free_port 2181)
  for name in "${!setting[@]}"; do echo "$name=${setting[$name]}"; done | sort >"$dir/settings"
  options=(
    -D rest.port="${setting[port]}" -D rest.bind-address=localhost -D rest.address=localhost
    -D jobmanager.rpc.address=localhost -D jobmanager.bind-host=localhost
    -D taskmanager.host=localhost -D taskmanager.bind-host=localhost
    -D taskmanager.numberOfTaskSlots="${setting[slots]}"
    -D taskmanager.memory.process.size="${setting[memory]}"
    -D state.backend.type="${setting[stateBackend]}"
    -D state.checkpoints.dir="file://$dir/checkpoints" -D state.savepoints.dir="file://$dir/savepoints"
    -D high-availability.type=zookeeper -D high-availability.storageDir="file://$dir/ha"
    -D high-availability.zookeeper.quorum="localhost:${setting[zookeeperPort]}"
    # How long a new JobManager waits for a dead one; Flink's own default is a minute.
    -D high-availability.zookeeper.client.session-timeout=10000
    -D io.tmp.dirs="$dir/tmp" -D web.upload.dir="$dir/tmp"
  )
  pid_of zookeeper >/dev/null || start_zookeeper
  local memory
  if ! pid_of jobmanager >/dev/null; then
    memory=$(resources GET_JM_RESOURCE_PARAMS)
    launch_flink jobmanager org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
      "$memory" --executionMode cluster
  fi
  memory=
  for name in $(taskmanagers); do
    pid_of "$name" >/dev/null && continue
    memory=${memory:-$(resources GET_TM_RESOURCE_PARAMS)}
    launch_flink "$name" org.apache.flink.runtime.taskexecutor.TaskManagerRunner "$memory"
  done
  wait_until_ready
  echo "Flink is up: ${setting[taskManagers]} TaskManagers with ${setting[slots]} slots each, state in ${setting[stateBackend]}."
  echo "web interface  $rest"
  echo "files          $dir"
}

status() {
  local name pid missing=0
  for name in zookeeper jobmanager $(taskmanagers); do
    if pid=$(pid_of "$name"); then
      echo "$name runs, process $pid"
    else
      echo "$name does not run"
      missing=1
    fi
  done
  if overview >/dev/null; then
    echo "web interface  $rest"
    curl -fsS "$rest/jobs/overview" | tr '{' '\n' |
      sed -n 's/.*"jid":"\([^"]*\)","name":"\([^"]*\)".*"state":"\([A-Z]*\)".*/job \1  \3  \2/p'
  fi
  [ $missing -eq 0 ] || exit 3
}

stop() {
  local name pid
  for name in $(taskmanagers | sort -r) jobmanager zookeeper; do
    pid=$(pid_of "$name") || continue
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      pid_of "$name" >/dev/null || break
      sleep 0.1
    done
    if pid_of "$name" >/dev/null; then kill -9 "$pid" 2>/dev/null || true; fi
    rm -f "$dir/pids/$name"
  done
  echo "Flink is down; checkpoints and savepoints are in $dir."
}

$command
