#!/usr/bin/env bash
# How a store grows: about 100,000 entries of simulated studies, a plan of 10,000 cells of which half are there, lookup, gc, verify, bytes.
#   tests/bench/growth.sh [FOLDER]     without a folder in memory (/dev/shm); 1 GB, some minutes
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
folder=${1:-$(mktemp -d /dev/shm/falcon-growth-XXXXXX)}
[ $# = 1 ] || trap 'rm -rf "$folder"' EXIT
dotnet build "$root/tests/Falcon.Experiments.Tests" -c Release -v q -clp:NoSummary
growth() { dotnet "$root/artifacts/bin/Falcon.Experiments.Tests/release/Falcon.Experiments.Tests.dll" child growth "$@"; }
cells=${CELLS:-12500}
[ -d "$folder/store" ] || growth fill "$folder" "$cells"
du -s --block-size=1M "$folder/store" | sed -E 's/^([0-9]+).*/\1 MiB on disk/'
growth plan "$folder" 0 10000                      # all there
growth plan "$folder" $((cells / 24 - 5000 / 24)) 10000 # half there, half new
growth plan "$folder" 100000 10000                 # all new
growth measure "$folder"
growth collect "$folder"
