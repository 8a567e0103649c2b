package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/setup"
	"github.com/akin-vision/akin/stimuli"
)

const setFolder = "../../stimuli/everyday"

// setRows reads a table of the set as maps from column to cell.
func setRows(t *testing.T, name string, header ...string) (rows []map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(setFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := readRows(name, data, header...)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range cells {
		byName := map[string]string{}
		for i, column := range header {
			byName[column] = row[i]
		}
		rows = append(rows, byName)
	}
	return rows
}

func reviews(t *testing.T) []compose.Review {
	t.Helper()
	all, err := readReviews()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSetIsMadeAnew runs the command and compares every byte of its tables.
func TestSetIsMadeAnew(t *testing.T) {
	if _, err := installedPictures(); errors.As(err, new(*setup.MissingPictures)) {
		t.Skipf("%v: run akin setup", err)
	}
	folder := t.TempDir()
	norms, err := os.ReadFile(filepath.Join(setFolder, "norms.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "norms.csv"), norms, 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--out", folder}, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	for _, name := range []string{"triplets.csv", "pictures.csv", "norms.csv"} {
		made, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		stands, err := os.ReadFile(filepath.Join(setFolder, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, stands) {
			t.Errorf("%s differs from what the tables give; run go run ./compose/everyday", name)
		}
	}
}

// TestEveryTripletIsReviewed: the manifest holds what reviews keep, no more
// and no less, and every proposed pair is decided.
func TestEveryTripletIsReviewed(t *testing.T) {
	var kept, stands []string
	decided := map[[2]string]bool{}
	for _, r := range reviews(t) {
		switch r.Decision {
		case compose.Keep:
			kept = append(kept, strings.Join([]string{r.Target, r.Related, r.Unrelated, r.Distractor}, ", "))
		default:
			if r.Reason == "" {
				t.Errorf("%s, %s, %s: %s without a reason", r.Target, r.Related, r.Unrelated, r.Decision)
			}
		}
		decided[[2]string{r.Target, r.Related}] = decided[[2]string{r.Target, r.Related}] || r.Decision != compose.Refuse
	}
	for _, row := range setRows(t, "triplets.csv", tripletHeader...) {
		stands = append(stands, strings.Join([]string{row["target_label"], row["related_label"], row["unrelated_label"], row["distractor"]}, ", "))
	}
	slices.Sort(kept)
	slices.Sort(stands)
	if !slices.Equal(kept, stands) {
		t.Error("triplets.csv and the kept reviews differ; run go run ./compose/everyday")
	}
	pairs, err := readPairs()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		if !decided[[2]string{p.Target, p.Related}] {
			t.Errorf("%s, %s: neither kept nor dropped", p.Target, p.Related)
		}
	}
}

// TestSetIsBalanced: every relation has every kind of distractor equally often,
// a picture stands in at most two triplets, and few triplets hang together.
func TestSetIsBalanced(t *testing.T) {
	cells, uses, triplets := map[[2]string]int{}, map[string]int{}, []compose.Triplet{}
	index := map[string]int{}
	for _, row := range setRows(t, "triplets.csv", tripletHeader...) {
		cells[[2]string{row["relation"], row["distractor"]}]++
		var pictures []int
		for _, role := range []string{"target", "related", "unrelated"} {
			uses[row[role]]++
			if _, known := index[row[role]]; !known {
				index[row[role]] = len(index)
			}
			pictures = append(pictures, index[row[role]])
		}
		triplets = append(triplets, compose.Triplet{Target: pictures[0], Related: pictures[1], Unrelated: pictures[2]})
	}
	for _, relation := range []string{stimuli.Taxonomic, stimuli.Thematic} {
		total := 0
		for _, kind := range []string{stimuli.ShapeMatched, stimuli.ColourMatched, stimuli.RandomChoice} {
			n := cells[[2]string{relation, kind}]
			if total += n; n != 66 && n != 67 {
				t.Errorf("%s, %s: %d triplets, want 66 or 67", relation, kind, n)
			}
		}
		if total != 200 {
			t.Errorf("%s: %d triplets, want 200", relation, total)
		}
	}
	for picture, n := range uses {
		if n > 2 {
			t.Errorf("%s stands in %d triplets, want at most 2", picture, n)
		}
	}
	for i := range triplets {
		if n := len(group(triplets, i)); n > 30 {
			t.Fatalf("%d triplets hang together through shared pictures, want at most 30", n)
		}
	}
}

// TestRatingsAreTheSources: no rating without the same figure for the same two
// words in norms.csv, and there, where the source is at hand, in the source.
func TestRatingsAreTheSources(t *testing.T) {
	used, err := readNorms("", setFolder)
	if err != nil {
		t.Fatal(err)
	}
	rated := 0
	for _, row := range setRows(t, "triplets.csv", tripletHeader...) {
		for column, other := range map[string]string{"rating_related": "related_label", "rating_unrelated": "unrelated_label"} {
			r, found := used.rating(row["target_label"], row[other])
			if found {
				rated++
			}
			if row[column] != r.value {
				t.Errorf("%s: %s is %q, norms.csv has %q", row["id"], column, row[column], r.value)
			}
		}
	}
	if rated != len(used) {
		t.Errorf("%d ratings in triplets.csv, %d in norms.csv", rated, len(used))
	}
	source, err := readNorms("../../../shared/norms", "")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the source of the norms is not at hand: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for words, r := range used {
		if source[words].value != r.value {
			t.Errorf("%s, %s: norms.csv has %s, the source %q", r.a, r.b, r.value, source[words].value)
		}
	}
}
