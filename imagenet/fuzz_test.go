package imagenet

import (
	"strings"
	"testing"
	"testing/fstest"
)

// FuzzLists gives the same bytes to every reader of lists: none may panic, and
// what is read is what it says it is.
func FuzzLists(f *testing.F) {
	f.Add("path,wnid\na.jpg,n01440764\n")
	f.Add("class,path\n7,a.jpg\ncastle,b.jpg\n")
	f.Add("val_0.JPEG\tn01443537\t0\t32\t44\t62\n")
	f.Add("ILSVRC2012_val_00000001.JPEG 489\n")
	f.Add("[[0, 5], [], [3]]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"labels.csv", "val_annotations.txt"} {
			labels, err := ReadLabels(fstest.MapFS{name: {Data: []byte(text)}}, "castle")
			for _, l := range labels {
				if l.WNID != "castle" && !wnidPattern.MatchString(l.WNID) {
					t.Errorf("%s: class %q of %q, error %v", name, l.WNID, l.Path, err)
				}
			}
		}
		folder := fstest.MapFS{"ILSVRC2012_val_00000001.JPEG": {}}
		if labels, err := ReadGroundTruth(folder, strings.NewReader(text), FromZero, nil); err == nil && (len(labels) != 1 || !wnidPattern.MatchString(labels[0].WNID)) {
			t.Errorf("ground truth %v", labels)
		}
		if real, err := ReadReaL(strings.NewReader(text)); err == nil {
			for _, classes := range real {
				for _, c := range classes {
					if c < 0 || c > 999 {
						t.Errorf("ReaL label %d", c)
					}
				}
			}
		}
	})
}
