package imagenet

import (
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/model"
	"github.com/google/go-cmp/cmp"
)

func TestClassesAreSortedByWordNetID(t *testing.T) {
	ids := WNIDs()
	if len(ids) != 1000 || !slices.IsSorted(ids) {
		t.Errorf("%d classes, sorted: %v", len(ids), slices.IsSorted(ids))
	}
	if c := Classes()[483]; c.WNID != "n02980441" || c.Names != "castle" {
		t.Errorf("class 483 is %v, want the castle of the paper's Table 1", c)
	}
}

func TestReadLabels(t *testing.T) {
	folder := func(files ...string) fstest.MapFS {
		m := fstest.MapFS{}
		for i := 0; i < len(files); i += 2 {
			m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
		}
		return m
	}
	cases := []struct {
		name   string
		folder fstest.MapFS
		want   []Labelled
		err    string
	}{
		{"by wnid column", folder("labels.csv", "wnid,path\nn01440764,a.jpg\n"), []Labelled{{"a.jpg", "n01440764"}}, ""},
		{"by class column", folder("labels.csv", "path,class\na.jpg,1\n"), []Labelled{{"a.jpg", "n01443537"}}, ""},
		{"by folder", folder("val/n01440764/b.JPEG", "", "val/n01440764/a.png", "", "val/n01440764/notes.txt", "", "val/other/c.jpg", ""),
			[]Labelled{{"val/n01440764/a.png", "n01440764"}, {"val/n01440764/b.JPEG", "n01440764"}}, ""},
		{"nothing", folder("a.jpg", ""), nil, "no labelled pictures"},
		{"no column", folder("labels.csv", "file,label\na,b\n"), nil, "labels.csv:1: needs the columns path and wnid"},
		{"bad wnid", folder("labels.csv", "path,wnid\na.jpg,n01440764\nb.jpg,tench\n"), []Labelled{{"a.jpg", "n01440764"}}, `labels.csv:3: "b.jpg,tench" names no class`},
		{"bad class", folder("labels.csv", "path,class\na.jpg,1000\n"), nil, "labels.csv:2: "},
		{"empty", folder("labels.csv", "path,wnid\n"), nil, "lists no picture"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ReadLabels(c.folder)
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRank compares with the place that a stable sort gives.
func TestRank(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		logits := make([]float32, 20)
		for i := range logits {
			logits[i] = float32(random.IntN(6)) // many ties
		}
		order := make([]int, len(logits))
		for i := range order {
			order[i] = i
		}
		sort.SliceStable(order, func(a, b int) bool { return logits[order[a]] > logits[order[b]] })
		class := random.IntN(len(logits))
		if got, want := Rank(logits, class), 1+slices.Index(order, class); got != want {
			t.Fatalf("rank %d, want %d", got, want)
		}
	}
}

// TestVerdict gives the gate networks of known accuracy.
func TestVerdict(t *testing.T) {
	classes := make([]string, 100)
	for i := range classes {
		classes[i] = Classes()[i].WNID
	}
	published := &model.Accuracy{On: "validation", Top1: 70}
	cases := []struct {
		name      string
		n, right  int
		published *model.Accuracy
		want      Verdict
		reading   string
	}{
		{"reproduced", 5000, 3500, published, Pass, "reproduced"},
		{"training pictures", 1000, 900, published, Pass, "that it was trained on"},
		{"wrong recipe", 1000, 500, published, Fail, "the weights or the recipe are wrong"},
		{"wrong recipe, few pictures", 20, 1, published, Fail, "the weights or the recipe are wrong"},
		{"too few", 50, 35, published, CannotTell, "too few pictures to tell; about 1000 would do"},
		{"nothing published", 100, 80, nil, CannotTell, "no published accuracy"},
		{"nothing published, at chance", 200, 2, nil, Fail, "chance is 1.0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			labels, logits := make([]Labelled, c.n), make([][]float32, c.n)
			for i := range labels {
				labels[i].WNID = classes[i%100]
				logits[i] = make([]float32, 100)
				answer := i % 100
				if i >= c.right {
					answer = (i + 1) % 100
				}
				logits[i][answer] = 1
			}
			got, err := CheckAccuracy(labels, logits, classes, c.published)
			if err != nil {
				t.Fatal(err)
			}
			if got.Verdict != c.want || !strings.Contains(got.Reading, c.reading) || got.Top1.Correct != c.right {
				t.Errorf("%s: %s; want %s with %q", got.Verdict, got.Reading, c.want, c.reading)
			}
		})
	}
	if _, err := CheckAccuracy([]Labelled{{"a", "n99999999"}}, [][]float32{nil}, classes, nil); err == nil {
		t.Error("pictures of unknown classes only were accepted")
	}
	if _, err := CheckAccuracy([]Labelled{{"a", classes[0]}}, [][]float32{{1, 2}}, classes, nil); err == nil {
		t.Error("logits of another number than the classes were accepted")
	}
}
