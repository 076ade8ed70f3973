#!/usr/bin/env bash
# How long OpenMP threads should spin before they sleep: a FALCON step alone, and two processes at once on the same cores.
#   tests/bench/threads.sh [SPINS...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dotnet build tests/bench -c Release -v q -clp:NoSummary
step() { GOMP_SPINCOUNT=$1 dotnet artifacts/bin/Falcon.Bench/release/Falcon.Bench.dll step --steps 40 2>/dev/null | grep -oE 'whole step +[0-9.]+' | grep -oE '[0-9.]+'; }
for spins in "${@:-0 500 1000 2000 10000}"; do
  for spin in $spins; do
    first=$(mktemp)
    step "$spin" >"$first" &
    second=$(step "$spin")
    wait
    echo "$spin spins: two at once $(<"$first") and $second ms, alone $(step "$spin") ms"
    rm "$first"
  done
done
