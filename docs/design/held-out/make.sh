#!/bin/sh
# Makes the two held-out sets of held-out.md:
#   make.sh STAMPS SAMPLE NORMS OUT
# STAMPS is the folder stamps of Debian's tuxpaint-stamps-default 2022.06.04-1,
# SAMPLE labelled pictures of ImageNet with a labels.csv (path, wnid), NORMS a folder
# of norms. OUT must not be there.
set -eu
stamps=$1 sample=$2 norms=$3 out=$4
here=$(dirname "$0")
akin=${AKIN:-akin}

mkdir -p "$out/photos" "$out/classes"
cp "$sample"/*.JPEG "$out/classes/"
echo path,label > "$out/photos/labels.csv"
echo path,wnid > "$out/classes/labels.csv"
tail -n +2 "$sample/labels.csv" | cut -d, -f1,2 >> "$out/classes/labels.csv"
tail -n +2 "$here/stamps.csv" | while IFS=, read -r stamp label synset; do
	name=$(basename "$stamp").png
	cp "$stamps/$stamp.png" "$out/photos/$name"
	echo "$name,$label" >> "$out/photos/labels.csv"
	if [ -n "$synset" ]; then
		cp "$stamps/$stamp.png" "$out/classes/$name"
		echo "$name,$synset" >> "$out/classes/labels.csv"
	fi
done
"$akin" sets compose --pictures "$out/photos" --norms "$norms" --pairs-per-label 8 --max-uses 4 --seed 1 --out "$out/stamps"
"$akin" sets fill imagenet-related --pictures "$out/classes" --out "$out/classes-related"
