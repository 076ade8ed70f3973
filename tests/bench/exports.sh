#!/usr/bin/env bash
# Trains methods briefly, by each teacher, and exports each detector: every file must pass its own proof, also that of a detector that has hardly learnt.
#   tests/bench/exports.sh [TEACHER...]      default: kestrel resnet18; a file's name begins with its architecture's
# EfficientAD's teacher is a patch description network that has imitated the named one for two steps. METHODS, STEPS (epochs; of EfficientAD steps) and SIZE may be set;
# FALCON_DLL names another falcon.dll than the one that ./falcon has built, KEEP a file for the last detector that is refused.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
scratch=$(mktemp -d)
falcon() { if [ -n "${FALCON_DLL:-}" ]; then dotnet "$FALCON_DLL" "$@"; else ./falcon "$@"; fi; }
trap 'rm -rf "$scratch"' EXIT
falcon data synth --out "$scratch/data" --seed 7 --quiet >/dev/null
failed=0
[ $# -gt 0 ] || set -- kestrel resnet18
for teacher in "$@"; do
  backbone=$(basename "$teacher" | grep -oE '^[a-z0-9]+' | sed 's/^kestrel$/resnet18/')
  for method in ${METHODS:-patchcore padim stpm rd falcon efficientad}; do
    for steps in $(case $method in patchcore | padim) echo 0 ;; *) echo ${STEPS:-1 20} ;; esac); do
      case $method in
        patchcore | padim) given="--teacher $teacher --set backbone=$backbone" ;;
        efficientad)
          pdn="$scratch/pdn-$(basename "$teacher").safetensors"
          [ -f "$pdn" ] || falcon pretrain pdn --backbone "$backbone" --teacher "$teacher" --images "$scratch/data/flange/train/good" --out "$pdn" --steps 2 --quiet >/dev/null || exit 1
          given="--teacher $pdn --set steps=$steps"
          ;;
        *) given="--teacher $teacher --set backbone=$backbone --epochs $steps" ;;
      esac
      model="$scratch/m.falcon"
      falcon train --method $method $given ${SIZE:+--set inputSize=$SIZE} --data "$scratch/data" --category flange --shots 5 --calibration none --out "$model" --quiet --json \
        >"$scratch/train.log" 2>&1 || { echo "$method by $teacher: not trained"; cat "$scratch/train.log"; exit 1; }
      if falcon export --model "$model" --out "$scratch/m.onnx" --json >"$scratch/proof.json" 2>"$scratch/error"; then
        said=$(grep -oE '"(map|score|anomalous)":[^,}]*' "$scratch/proof.json" | tr '\n' ' ')
      else
        said="REFUSED: $(tr '\n' ' ' <"$scratch/error")" failed=1
        [ -z "${KEEP:-}" ] || cp "$model" "$KEEP"
      fi
      echo "$method by $teacher, $steps steps: $said"
    done
  done
done
exit $failed
