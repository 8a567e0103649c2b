package imagenet

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

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
	ids := []string{"castle", "7"}
	cases := []struct {
		name   string
		folder fstest.MapFS
		want   []Labelled
		err    string
	}{
		{"own ids", folder("labels.csv", "class,path\ncastle,a.jpg\n7,b.jpg\n1,c.jpg\n"), []Labelled{{"a.jpg", "castle"}, {"b.jpg", "7"}, {"c.jpg", "n01443537"}}, ""},
		{"own ids by folder", folder("castle/a.jpg", "", "palace/b.jpg", ""), []Labelled{{"castle/a.jpg", "castle"}}, ""},
		{"Tiny ImageNet, training", folder("n01443537/images/n01443537_0.JPEG", ""), []Labelled{{"n01443537/images/n01443537_0.JPEG", "n01443537"}}, ""},
		{"Tiny ImageNet, validation", folder("val_annotations.txt", "val_0.JPEG\tn01443537\t0\t32\t44\t62\n", "images/val_0.JPEG", ""), []Labelled{{"images/val_0.JPEG", "n01443537"}}, ""},
		{"bad annotation", folder("val_annotations.txt", "val_0.JPEG n01443537\nval_1.JPEG\n"), []Labelled{{"images/val_0.JPEG", "n01443537"}}, `val_annotations.txt:2: "val_1.JPEG"`},
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
			got, err := ReadLabels(c.folder, ids...)
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}
