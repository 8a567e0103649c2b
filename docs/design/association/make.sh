#!/bin/sh
# Makes what association.md rests on:
#   make.sh MODELS SHOWN SAMPLE NORMS OUT
# MODELS is a folder of networks with their cards, SHOWN the set photo-pairs, SAMPLE
# labelled pictures of ImageNet with a labels.csv, NORMS a folder of norms that holds
# usf-forward-strength.csv. What is in OUT already is not made again.
set -eu
models=$1 shown=$2 sample=$3 norms=$4 out=$5
here=$(dirname "$0")
akin=${AKIN:-akin}

mkdir -p "$out/sets"
test -e "$out/sets/sample/set.toml" || "$akin" sets compose --pictures "$sample" --norms "$norms" \
	--pairs-per-label 8 --max-uses 4 --seed 1 --out "$out/sets/sample"

test -e "$out/sets/listed/set.toml" || "$akin" sets fill imagenet-related --pictures "$sample" --out "$out/sets/listed"
test -e "$out/sets/photographs/set.toml" || /usr/bin/python3 "$here/join.py" "$out/sets/photographs" photographs "$out/sets/sample" "$out/sets/listed"

networks="--model $models/resnet18.onnx --model $models/resnet50.onnx --model $models/mobilenet_v1_0.25_128.onnx --model $models/mobilenet_v1_0.75_192.onnx"
spaces="--space centred --space words --space blend --space linear --space low-rank --space whitened --space hub-corrected --space association:$norms/usf-forward-strength.csv"

place() {
	case $1 in
	photo-pairs) echo "$shown" ;;
	sample | photographs) echo "$out/sets/$1" ;;
	*) echo "$1" ;;
	esac
}

# Within each set, all spaces by cross-validation.
for set in photo-pairs photographs sample everyday everyday@1; do
	test -e "$out/$set/learn.json" || "$akin" learn "$(place $set)" $networks $spaces --record "$out/$set" > "$out/$set.txt"
done

# From each set to each other one. What is carried over is fitted to the whole set, so
# that few folds will do. A set that shares a picture or a concept with every triplet of
# the other cannot be tried there, and the error says so.
for set in photo-pairs sample everyday everyday@1; do
	for test in photo-pairs sample everyday everyday@1; do
		test $set = $test || test -e "$out/$set-to-$test/learn.json" || "$akin" learn "$(place $set)" --test "$(place $test)" \
			$networks $spaces --folds 5 --repeats 1 --record "$out/$set-to-$test" > "$out/$set-to-$test.txt" || echo "$set to $test: not tried"
	done
done

# Weight and penalty chosen within folds.
test -e "$out/chosen/learn.json" || "$akin" learn "$(place photo-pairs)" $networks --space centred --space blend --space linear \
	--space low-rank --choose --record "$out/chosen" > "$out/chosen.txt"

/usr/bin/python3 "$here/tables.py" "$out" > "$out/tables.md"
