#!/bin/sh
# Makes a page of each other kind into a folder: odd-one-out rows, votes and matrices of
# simulated people on the set everyday, learned spaces, models and sets as a heat map.
#
# Usage: bench/screens/kinds.sh OUT
set -e
out=$1
models="--model small-mobilenet --model small-mobilenet-untrained --model pixels --layers every-block"

# judged TASK FILE FOLDER [VALUES] makes a set of FILE, what people answered, and runs the models on it.
judged() {
	mkdir -p "$out/$1-set"
	cp "$out/$3/pictures.csv" "$out/$3/$2" "$out/$1-set"
	sed "s/^name = .*/name = \"rehearsed-$1\"\ntask = \"$1\"$4/; /^rating_m/d" "$out/$3/set.toml" >"$out/$1-set/set.toml"
	bin/akin run "$out/$1-set" $models --out "$out/$1"
}

for task in odd-one-out triplet; do
	test -f "$out/$task.toml" || bin/akin collect init everyday --task $task --study "$out/$task.toml"
	rm -rf "$out/$task-rehearsed"
	bin/akin collect rehearse everyday --study "$out/$task.toml" --out "$out/$task-rehearsed"
done
judged odd-one-out choices.csv odd-one-out-rehearsed
judged matrix ratings.csv odd-one-out-rehearsed '\nvalues = "similarity"'
judged votes choices.csv triplet-rehearsed
bin/akin learn everyday --model small-mobilenet --resamples 1000 --record "$out/learned"
bin/akin board runs/everyday "$out/odd-one-out" "$out/votes" "$out/matrix" --page "$out/board.html"
