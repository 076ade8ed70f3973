#!/usr/bin/env bash
# Packs the command as a .NET tool, installs it from the package alone and tries it away from the checkout: draws parts, trains, predicts, exports.
#   tests/bench/tool_package.sh [FOLDER]      FOLDER keeps the package; default: a folder that is removed again
# It takes minutes: libtorch is packed and unpacked.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
packages=$(realpath -m "${1:-$scratch/packages}")
seconds() { echo "$1: $SECONDS s"; SECONDS=0; }

SECONDS=0
dotnet pack Falcon.Cli -c Release -o "$packages" -v q -p:PackageVersion=0.0.0-try
package="$packages/Falcon.Tool.0.0.0-try.nupkg"
seconds "packed, $(($(stat -c %s "$package") >> 20)) MB"
# Restored from the package alone: no other source, and no checkout around.
cd "$scratch"
cat >nuget.config <<END
<configuration><packageSources><clear /><add key="packages" value="$packages" /></packageSources></configuration>
END
dotnet tool install Falcon.Tool --tool-path "$scratch/tool" --version 0.0.0-try --configfile nuget.config
seconds "installed, $(du -sm "$scratch/tool" | cut -f1) MB"
falcon="$scratch/tool/falcon"
"$falcon" data synth --out data --seed 7 --quiet
"$falcon" train --method patchcore --teacher kestrel --data data --category flange --out part.falcon --quiet
"$falcon" predict --model part.falcon data/flange/test/good --out predictions --quiet
"$falcon" export --model part.falcon --out part.onnx --quiet
seconds "drawn, trained, predicted, exported"
[ -s part.onnx ] && [ -s predictions/predictions.json ]
dotnet tool uninstall Falcon.Tool --tool-path "$scratch/tool"
