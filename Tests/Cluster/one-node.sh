#!/usr/bin/env bash
# A real Slurm cluster of one node on this machine, for tests: munged, slurmctld and slurmd as the calling user (root on a
# plain Debian 12), without systemd and beside whatever else runs here: its key, socket, ports and files are its own. The
# controller believes a node that says it has lost a job three seconds after that was begun (by default 20).
#   apt-get install -y slurmctld slurmd slurm-client munge
#   one-node.sh start DIR          then: export SLURM_CONF=DIR/slurm.conf; sinfo; sbatch …
#   one-node.sh start-slurmd DIR   the node alone, after it was killed
#   one-node.sh stop DIR
set -euo pipefail

action=${1:?start, start-slurmd or stop} directory=$(realpath -m "${2:?a directory}")
host=$(hostname -s)
export SLURM_CONF=$directory/slurm.conf

# Waits until a command succeeds, half a minute at most.
await() {
  local what=$1
  shift
  for _ in {1..300}; do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "one-node.sh: $what: not within 30 s; see $directory/log" >&2
  exit 1
}

node_is_up() { sinfo --noheader --format=%t | grep --quiet --extended-regexp '^(idle|mix|alloc)'; }

start_slurmd() {
  slurmd -f "$SLURM_CONF"
  await 'the node is up' node_is_up
}

# Ends the daemon of a pid file, if it lives, and waits for it.
end() {
  local file=$directory/$1.pid process
  if [[ ! -f $file ]]; then return; fi
  process=$(<"$file")
  if kill "$process" 2>/dev/null; then await "$1 ends" eval "! kill -0 $process"; fi
}

case $action in
start)
  mkdir -p "$directory"/{munge,state,spool,log}
  chmod 711 "$directory"/munge
  (umask 077 && head --bytes=1024 /dev/urandom >"$directory"/munge/key)
  cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ONE_NODE_PORT:-27817}
SlurmdPort=$((${ONE_NODE_PORT:-27817} + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$directory/munge/socket
CredType=cred/munge
StateSaveLocation=$directory/state
SlurmdSpoolDir=$directory/spool
SlurmctldPidFile=$directory/slurmctld.pid
SlurmdPidFile=$directory/slurmd.pid
SlurmctldLogFile=$directory/log/slurmctld.log
SlurmdLogFile=$directory/log/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobRequeue=0
BatchStartTimeout=1
MessageTimeout=2
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  munged --force --key-file="$directory"/munge/key --socket="$directory"/munge/socket --seed-file="$directory"/munge/seed \
    --pid-file="$directory"/munged.pid --log-file="$directory"/log/munged.log --num-threads=1
  slurmctld -f "$SLURM_CONF"
  await 'the controller answers' scontrol ping
  start_slurmd
  ;;
start-slurmd) start_slurmd ;;
stop)
  scancel --user="$(id -un)" 2>/dev/null || true
  end slurmd
  end slurmctld
  end munged
  ;;
*)
  echo "one-node.sh: $action: give start, start-slurmd or stop" >&2
  exit 64
  ;;
esac
