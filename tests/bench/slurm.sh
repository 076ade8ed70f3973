#!/usr/bin/env bash
# What a study of 24 cells in 6 tasks on 2 nodes of a real SLURM withstands: a task that is killed, a node that is drained, a task that is put back into the queue, one
# whose time is over, cells that are deleted, a cancellation. Results must have the bits of one machine, and no cell that was finished may be computed again.
#   setup/slurm-test.sh's packages, root, ./falcon built; then: tests/bench/slurm.sh [FOLDER]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder/work folder"
folder=$(cd "$folder" && pwd)
cd "$folder/work folder" # A blank in the path is part of the test.
. "$root/tests/bench/study_of_cells.sh"
epochs=${EPOCHS:-12}

withstands() { study withstands "$1" "$epochs" '|> Study.withReport "report" [ Table.summary ]'; }
say() { echo "== $(date +%T) $*"; }
counts() { falcon submit status withstands --store "$1" | grep -E '^withstands:' || true; }
number() { counts "$1" | sed -E "s/.* ([0-9]+) $2.*/\1/"; }

# until STORE WHAT AT-LEAST
until_() {
  for _ in $(seq 600); do
    [ "$(number "$1" "$2")" -ge "$3" ] && return 0
    sleep 0.5
  done
  echo "not reached: $3 $2 of $1: $(counts "$1")" >&2
  exit 1
}

idle() {
  for _ in $(seq 1200); do
    [ -z "$(squeue --noheader --states=PD,R,CG,S)" ] && return 0
    sleep 0.5
  done
  squeue >&2
  exit 1
}

# How often each cell came to its end, over all tasks: once.
once() {
  local store=$1 cells=$2
  cat "$store"/submissions/withstands/*/logs/[0-9]*.out >"$folder/all.log"
  grep -oE '^\[[0-9]+/[0-9]+\] [^ ]+: Image AUROC [0-9.]+ \(' "$folder/all.log" | sed -E 's/^[^ ]+ ([^ ]+): .*/\1/' | sort | uniq -c >"$folder/ends"
  [ "$(wc -l <"$folder/ends")" = "$cells" ] || { cat "$folder/ends" >&2; echo "not $cells cells" >&2; exit 1; }
  if grep -vE '^ +1 ' "$folder/ends" >&2; then echo "computed twice" >&2; exit 1; fi
  say "$cells cells, each computed once; trainings that went on from a checkpoint: $(grep -c 'continues at' "$folder/all.log" || true)"
}

same() {
  local cell file n=0
  for cell in "$1"/results/withstands/cells/*/; do
    for file in scores.csv maps.safetensors trained.safetensors; do
      cmp "$cell/$file" "$2/results/withstands/cells/$(basename "$cell")/$file"
      n=$((n + 1))
    done
  done
  say "$n files have the bits of one machine"
}

withstands "0 .. 3"
say "on one machine"
falcon run study.fsx --store "$folder/single" --quiet --workers 2

SLURM_CONF=$("$root/setup/slurm-test.sh" start "$folder/cluster")
export SLURM_CONF
trap '"$root/setup/slurm-test.sh" stop "$folder/cluster"' EXIT

say "24 cells in 6 tasks on 2 nodes"
store="$folder/undisturbed"
falcon submit study.fsx --store "$store" --tasks 6
job=$(squeue --noheader --format=%F --name=falcon-withstands | head -n 1)
idle
counts "$store"
once "$store" 24
same "$store" "$folder/single"
[ -f report/index.html ] || { echo "no report" >&2; exit 1; }

say "a task is killed, a node drained, a task put back into the queue"
store="$folder/disturbed"
rm -r report
falcon submit study.fsx --store "$store" --tasks 6
job=$(squeue --noheader --format=%F --name=falcon-withstands | head -n 1)
until_ "$store" done 3
until_ "$store" running 4
scancel --signal=KILL --full "${job}_2"
scontrol update NodeName=node1 State=DRAIN Reason=test
scontrol requeue "${job}_4"
sleep 2
squeue --array
counts "$store"
idle
scontrol update NodeName=node1 State=RESUME
counts "$store"
if [ "$(number "$store" left)" -gt 0 ]; then
  say "what is left is submitted again"
  falcon submit study.fsx --store "$store" --tasks 6
  idle
fi
once "$store" 24
same "$store" "$folder/single"
[ -f report/index.html ] || { echo "no report" >&2; exit 1; }

say "cells are deleted while tasks run and wait"
store="$folder/deleted"
scontrol update NodeName=node2 State=DRAIN Reason=test
falcon submit study.fsx --store "$store" --tasks 24
until_ "$store" done 2
withstands "0 .. 1"
falcon submit study.fsx --store "$store" --tasks 24
squeue --array
idle
scontrol update NodeName=node2 State=RESUME
counts "$store"
[ "$(number "$store" done)" = 12 ] || exit 1
say "results in the store: $(ls "$store/results/withstands/cells" | wc -l) cells of 24"

say "cancelled in the middle, and submitted again"
store="$folder/cancelled"
withstands "0 .. 3"
falcon submit study.fsx --store "$store" --tasks 6
until_ "$store" done 3
until_ "$store" running 4
falcon submit cancel withstands --store "$store" | tail -n 3 || true
squeue --noheader
falcon plan study.fsx --store "$store" | grep -cE 'continues at' || true
falcon submit study.fsx --store "$store" --tasks 6
idle
once "$store" 24
same "$store" "$folder/single"

say "a time that is over"
store="$folder/short"
sed -i 's/Epochs = [0-9]*/Epochs = 400/; s/"fabric"; "flange"; "nameplate"/"fabric"/; s/shots \[ 1; 2 \]/shots [ 2 ]/; s/seeds .*/seeds [ 0 ]/' study.fsx
falcon submit study.fsx --store "$store" --time 1:00
for _ in $(seq 480); do
  sleep 0.5
  [ "$(number "$store" done)" = 1 ] && break
done
idle
counts "$store"
grep -hE 'goes on later|continues at' "$store"/submissions/withstands/1/logs/0.out
say "all well"
