package english

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	for want, c := range map[string]struct {
		n    int
		noun string
	}{
		"0 pictures": {0, "picture"}, "1 picture": {1, "picture"}, "2 pictures": {2, "picture"},
		"1 person": {1, "person"}, "3 people": {3, "person"}, "2 known classes": {2, "known class"}, "1 known class": {1, "known class"},
		"2 pairs of labels": {2, "pair of labels"}, "1 pair of labels": {1, "pair of labels"},
	} {
		if got := Count(c.n, c.noun); got != want {
			t.Errorf("Count(%d, %q) = %q, want %q", c.n, c.noun, got, want)
		}
	}
}

func TestMeant(t *testing.T) {
	known := []string{"small-resnet", "small-resnet-early", "pixels", "edges", "resnet50-torchvision"}
	for name, want := range map[string]string{
		"smal-resnet": "small-resnet", "Small-Resnet": "small-resnet", "pixel": "pixels", "edge": "edges",
		"resnet50-torchvison": "resnet50-torchvision", "vit": "", "x": "", "": "",
		"egdes": "edges", "edgse": "edges", "deges": "edges", "pixles": "pixels", "pxiels": "pixels", "segde": "",
		"resnet": "resnet50-torchvision", "resnet50": "resnet50-torchvision", "pix": "pixels", "pi": "", "small": "",
	} {
		if got := Meant(name, known); got != want {
			t.Errorf("Meant(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestFew(t *testing.T) {
	ten := strings.Split("a b c d e f g h i j", " ")
	if got := Few(ten); got != "a, b, c, d, e, f, g, h, i, j" {
		t.Errorf("ten are %q", got)
	}
	if got := Few(append(ten, "k", "l")); got != "a, b, c, d, e, f, g, h, i, j and 2 more" {
		t.Errorf("twelve are %q", got)
	}
	if got := Few(nil); got != "" {
		t.Errorf("none are %q", got)
	}
}
