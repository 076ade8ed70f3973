#!/usr/bin/env bash
# A SLURM cluster of two nodes on this machine, for tests: daemons of its own on the loopback, in a folder of its own. Nothing outside of the folder is changed.
#   setup/slurm-test.sh start FOLDER   starts munged, slurmctld and two slurmd; prints the path of the configuration, for SLURM_CONF
#   setup/slurm-test.sh stop FOLDER    stops them
# Takes root and Debian's packages: apt-get install slurmctld slurmd slurm-client munge
set -euo pipefail

usage() {
  echo "usage: setup/slurm-test.sh start|stop FOLDER" >&2
  exit 2
}

[ $# = 2 ] || usage
action=$1 folder=$2

# A process number counts only while the process is that program.
end() {
  local name=$1 file=$2 pid
  [ -f "$file" ] || return 0
  pid=$(<"$file")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null || true)" = "$name" ] || return 0
  kill "$pid"
  for _ in $(seq 100); do
    [ -e "/proc/$pid" ] || return 0
    sleep 0.05
  done
  kill -KILL "$pid" 2>/dev/null || true
}

stop() {
  end slurmctld "$folder/slurmctld.pid"
  for node in node1 node2; do end slurmd "$folder/slurmd.$node.pid"; done
  end munged "$folder/munge/pid"
}

start() {
  local program missing="" host port
  for program in munged slurmctld slurmd sbatch squeue scancel scontrol sinfo; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
  if [ -n "$missing" ]; then
    echo "slurm-test: not installed:$missing (Debian: apt-get install slurmctld slurmd slurm-client munge)" >&2
    exit 3
  fi
  if [ "$(id -u)" != 0 ]; then
    echo "slurm-test: the daemons run as root here" >&2
    exit 3
  fi

  mkdir -p "$folder"/{state,spool,log,munge}
  folder=$(cd "$folder" && pwd)
  chmod 755 "$folder" "$folder/munge"
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge/key")
  munged --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" --num-threads=2 --force 2>>"$folder/log/munged.log"

  host=$(hostname -s)
  # Three ports that nobody listens on.
  port=$((20000 + RANDOM % 20000))
  while ss -ltn 2>/dev/null | grep -qE ":($port|$((port + 1))|$((port + 2))) "; do port=$((20000 + RANDOM % 20000)); done
  cat >"$folder/slurm.conf" <<END
ClusterName=falcon-test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$port
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdPidFile=$folder/slurmd.%n.pid
SlurmdLogFile=$folder/log/slurmd.%n.log
SlurmdSpoolDir=$folder/spool/%n
StateSaveLocation=$folder/state
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge/socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
# The nodes have more processors than the machine, which Falcon's tasks share.
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=100000
KillWait=5
MinJobAge=300
NodeName=node[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 2))] CPUs=3 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  export SLURM_CONF="$folder/slurm.conf"
  trap 'stop; cat "$folder"/log/*.log >&2' ERR
  slurmctld -c -f "$SLURM_CONF" 2>>"$folder/log/start.log"
  for node in node1 node2; do slurmd -N "$node" -f "$SLURM_CONF" -c 2>>"$folder/log/start.log"; done
  for _ in $(seq 100); do
    [ "$(sinfo --noheader --Node --format=%T 2>/dev/null | sort | uniq -c | xargs)" = "2 idle" ] && { echo "$SLURM_CONF"; return 0; }
    sleep 0.1
  done
  echo "slurm-test: the nodes did not come up; see $folder/log" >&2
  stop
  exit 1
}

case "$action" in
  start) start ;;
  stop)
    folder=$(cd "$folder" && pwd)
    stop
    ;;
  *) usage ;;
esac
