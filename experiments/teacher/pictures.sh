#!/bin/sh
# Lays out the pictures that Falcon's own teacher learns from beside the drawn ones, all of them in the public domain, from two Debian packages:
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

# As large as crops are cut, at least.
for kind in tools office food animals transportation people recreation buildings plants household special/patterns; do
    [ -d "usr/share/openclipart/png/$kind" ] || continue
    find "usr/share/openclipart/png/$kind" -name '*.png' -size +24k | sort | while read -r file; do
        cp "$file" "$folder/drawings/$(echo "$kind" | tr / -)-$(basename "$file")"
    done
done
echo "$(ls "$folder/textures" | wc -l) textures, $(ls "$folder/drawings" | wc -l) drawings in $folder"
