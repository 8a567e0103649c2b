package imagenet

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestReadGroundTruth(t *testing.T) {
	folder := fstest.MapFS{"ILSVRC2012_val_00000001.JPEG": {}, "ILSVRC2012_val_00000003.jpg": {}, "notes.txt": {}}
	tench := []Labelled{{"ILSVRC2012_val_00000001.JPEG", "n01440764"}, {"ILSVRC2012_val_00000003.jpg", "n01443537"}}
	cases := []struct{ name, list, numbering, err string }{
		{"from zero", "0\n7\n1\n", FromZero, ""},
		{"from one", "1\n8\n2\n", FromOne, ""},
		{"development kit", "2\n2\n1\n", DevKit, ""},
		{"ids", "n01440764\nn01484850\nn01443537", "", ""},
		{"names and numbers", "ILSVRC2012_val_00000001.JPEG 0\nILSVRC2012_val_00000002.JPEG 3\nILSVRC2012_val_00000003.JPEG 1", FromZero, ""},
		{"no numbering", "1\n2\n3\n", "", "line 1: the class is a number, and its numbering was not given"},
		{"outside", "0\n1\n1\n", FromOne, "line 1: class number 0 is none"},
		{"too short", "1\n", FromOne, "ILSVRC2012_val_00000003.jpg has no line"},
		{"no class", "tench\n", FromOne, "neither a class number nor a WordNet id"},
	}
	for _, c := range cases {
		got, err := ReadGroundTruth(folder, strings.NewReader(c.list), c.numbering, []string{"n01443537", "n01440764"})
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: error %v", c.name, err)
			}
			continue
		}
		if diff := cmp.Diff(tench, got); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", c.name, err, diff)
		}
	}
	if _, err := ReadGroundTruth(fstest.MapFS{}, strings.NewReader("1"), FromOne, nil); err == nil {
		t.Error("an empty folder was accepted")
	}
}
