#!/usr/bin/env bash
# Eight processes with host names of their own on one store, so that none can look another one up: locks of the dead expire by lease alone. Two are killed. Each cell must
# be computed once, with the bits of one process.
#   root or user name spaces (unshare), ./falcon built; then: tests/bench/hosts.sh [FOLDER]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
cd "$folder"
. "$root/tests/bench/study_of_cells.sh"
export FALCON_LEASE_SECONDS=${FALCON_LEASE_SECONDS:-12}

study hosts "0 .. 3" 12
falcon run study.fsx --store single --quiet --workers 2
for number in 1 2 3 4 5 6 7 8; do
  unshare --uts sh -c "hostname node$number && exec dotnet '$root/artifacts/publish/Falcon.Cli/release/falcon.dll' run study.fsx --store store --out out$number --workers 1" \
    >"$number.log" 2>&1 &
  pids[number]=$!
done

# Some cells are there, and two processes are in the middle of others.
until [ "$(cat ./*.log | grep -c ' s)$')" -ge 4 ]; do
  [ -n "$(jobs -rp)" ] || { tail -n 2 ./[1-8].log >&2; exit 1; }
  sleep 0.2
done
kill -KILL "${pids[3]}" "${pids[6]}"
echo "killed: node3 and node6, when $(cat ./*.log | grep -c ' s)$') cells were there"
for number in 1 2 4 5 7 8; do wait "${pids[number]}"; done

grep -hoE '^\[[0-9]+/[0-9]+\] [^ ]+: Image AUROC [0-9.]+ \(' ./*.log | sort | uniq -c >ends
[ "$(wc -l <ends)" = 24 ] || { cat ends; exit 1; }
if grep -vE '^ +1 ' ends; then echo "computed twice" >&2; exit 1; fi
count=0
for out in out1 out2 out4 out5 out7 out8; do
  for cell in single/results/hosts/cells/*/; do
    for file in scores.csv maps.safetensors trained.safetensors; do
      cmp "$cell/$file" "$out/cells/$(basename "$cell")/$file"
      count=$((count + 1))
    done
  done
done
echo "24 cells, each computed once; $count files have the bits of one process; $(grep -hc 'continues at' ./*.log | paste -sd+ | bc) trainings went on from a checkpoint"
falcon cache verify --store store --quiet
