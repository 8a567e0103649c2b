package imagenet

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// readCSV reads a golden file without its header.
func readCSV(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func parseFloat(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestRelateAsNLTK compares with NLTK on the whole of WordNet 3.0; hierarchy.py
// made the values.
func TestRelateAsNLTK(t *testing.T) {
	for _, row := range readCSV(t, "testdata/hierarchy.csv") {
		got, ok := WordNet().Relate(row[0], row[1])
		back, _ := WordNet().Relate(row[1], row[0])
		if !ok || got != back {
			t.Fatalf("%s and %s: %+v, the other way round %+v", row[0], row[1], got, back)
		}
		if math.Abs(got.Path-parseFloat(t, row[2])) > 1e-9 {
			t.Errorf("%s and %s: path %v, NLTK %s", row[0], row[1], got.Path, row[2])
		}
		at := slices.Index(strings.Split(row[4], "|"), got.LCS)
		if at < 0 || strings.Split(row[5], "|")[at] != strconv.Itoa(got.LCSDepth) {
			t.Fatalf("%s and %s: %s at depth %d, NLTK %s at %s", row[0], row[1], got.LCS, got.LCSDepth, row[4], row[5])
		}
		if want := parseFloat(t, strings.Split(row[3], "|")[at]); math.Abs(got.WuPalmer-want) > 1e-9 {
			t.Errorf("%s and %s: Wu-Palmer %v, NLTK %v", row[0], row[1], got.WuPalmer, want)
		}
	}
}

func TestHierarchyHoldsEveryClass(t *testing.T) {
	h := WordNet()
	several := 0
	for _, n := range h.nodes {
		if len(n.parents) > 1 {
			several++
		}
	}
	if len(h.nodes) != 1860 || several != 75 {
		t.Errorf("%d nouns, %d with several hypernyms; the comment says 1,860 and 75", len(h.nodes), several)
	}
	for _, c := range Classes() {
		if r, ok := h.Relate(c.WNID, c.WNID); !ok || r.Path != 1 || r.WuPalmer != 1 || r.LCS != c.WNID || r.Height != 0 {
			t.Errorf("class %s with itself: %+v", c.WNID, r)
		}
	}
	if _, ok := h.Relate("n99999999", "n02980441"); ok {
		t.Error("an unknown class is related to castle")
	}
	if r, _ := h.Relate("n02085620", "n02980441"); r.LCSName != "whole" {
		t.Errorf("a dog and a castle meet at %q", r.LCSName)
	}
}
