package stimuli

import (
	"slices"
	"strings"
	"testing"
)

func TestMissingCodes(t *testing.T) {
	for _, c := range []struct {
		name    string
		ratings []float64
		want    []float64
	}{
		{"-99 and 999 among 1 to 7", []float64{5, 6, -99, 1, 2, 999, 7, -99}, []float64{-99, 999}},
		{"-9 below 1 to 7", []float64{1, 4, -9, 7}, []float64{-9}},
		{"-1 below 1 to 6", []float64{1, 4, -1, 6}, []float64{-1}},
		{"-1 of 0 to 6", []float64{0, 4, -1, 6}, nil},
		{"-888", []float64{1, 4, -888, 6}, []float64{-888}},
		{"99 of 100", []float64{3, 50, 99, 97, 100}, nil},
		{"-9 of a scale of both signs", []float64{-10, 3, -9, 8}, nil},
		{"a far value that is no code", []float64{1, 2, 40, 3}, nil},
		{"nothing to compare with", []float64{99, 99, 3}, nil},
		{"none", nil, nil},
	} {
		if got := MissingCodes(c.ratings); !slices.Equal(got, c.want) {
			t.Errorf("%s: codes %v, want %v", c.name, got, c.want)
		}
	}
}

// A code is named with its line, unless the set declares a scale that it is on.
func TestCodesAreNamed(t *testing.T) {
	table := "id,target,related,unrelated,rating_related,rating_unrelated\n" +
		"1,p/1.png,p/2.png,p/3.png,5,1\n2,p/2.png,p/3.png,p/1.png,-99,2\n3,p/3.png,p/1.png,p/2.png,7,1\n"
	_, err := Read(folder(map[string]string{"triplets.csv": table, "set.toml": "name = \"s\"\n"}), nil, Options{})
	if err == nil || !strings.Contains(err.Error(), "triplets.csv:3: rating_related -99 looks like a code for a missing answer") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Read(folder(map[string]string{"triplets.csv": table, "set.toml": "name = \"s\"\nrating_min = -100\nrating_max = 100\n"}), nil, Options{}); err != nil {
		t.Errorf("with a scale from -100: %v", err)
	}
}
