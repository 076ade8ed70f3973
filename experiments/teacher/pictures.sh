#!/bin/sh
# Lays out pictures that a compact teacher can learn from beside the drawn ones, all of them in the public domain, from two Debian packages:
#
#   ufoai-textures    photographed textures; only the files that its copyright file lists as public domain, without normal and gloss maps
#   openclipart-png   drawings under the Creative Commons public domain dedication; the folders below
#
# usage: experiments/teacher/pictures.sh FOLDER        needs apt-get, dpkg and unzip
set -eu
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q ufoai-textures openclipart-png
for package in *.deb; do
    dpkg -x "$package" .
done

mkdir -p "$folder/textures" "$folder/drawings"
awk -v RS= '/^Files:/ && /License: public-domain/' usr/share/doc/ufoai-textures/copyright |
    grep -o 'base/textures/[^ ]*' | sed 's|^base/||' | grep -v '_[ns]m\.png$' > public-domain
unzip -q -j usr/share/games/ufoai/base/0textures.pk3 $(cat public-domain) -d "$folder/textures"

# The width or height of a PNG: four bytes, the first at the given place.
side() { set -- $(od -A n -t u1 -j "$2" -N 4 "$1"); echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4)); }

# Neither smaller than the crops nor so large that reading them takes longer than a training step.
for kind in tools office food animals transportation people recreation buildings plants household special/patterns; do
    [ -d "usr/share/openclipart/png/$kind" ] || continue
    find "usr/share/openclipart/png/$kind" -name '*.png' -size +24k | sort | while read -r file; do
        width=$(side "$file" 16) height=$(side "$file" 20)
        if [ "$width" -ge 128 ] && [ "$height" -ge 128 ] && [ "$width" -le 1024 ] && [ "$height" -le 1024 ]; then
            cp "$file" "$folder/drawings/$(echo "$kind" | tr / -)-$(basename "$file")"
        fi
    done
done
echo "$(ls "$folder/textures" | wc -l) textures, $(ls "$folder/drawings" | wc -l) drawings in $folder"
