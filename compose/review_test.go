package compose

import (
	"io/fs"
	"testing"

	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

const reviewHeader = "target,related,unrelated,distractor,decision,reason\n"

func TestReadReviews(t *testing.T) {
	got, err := ReadReviews(inMemory(map[string]string{"r.csv": reviewHeader + "monkey,gorilla,thing 1,shape,keep,\n\nmonkey,banana,,random,drop,\"'=not, so\"\n"}), "r.csv")
	want := []Review{
		{"monkey", "gorilla", "thing 1", stimuli.ShapeMatched, Keep, "", stimuli.Place{File: "r.csv", Line: 2}},
		{"monkey", "banana", "", stimuli.RandomChoice, Drop, "=not, so", stimuli.Place{File: "r.csv", Line: 4}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	_, err = ReadReviews(inMemory(map[string]string{"r.csv": "target,related,decision\n"}), "r.csv")
	if got := lines(t, err); len(got) != 2 {
		t.Errorf("two columns are missing: %q", got)
	}
}

// TestReviewFaults: the faults of a review come all at once, where they stand.
func TestReviewFaults(t *testing.T) {
	reviews, err := ReadReviews(inMemory(map[string]string{"r.csv": reviewHeader +
		"monkey,yeti,,,drop,\n" +
		"monkey,gorilla,,,perhaps,\n" +
		"monkey,gorilla,yeti,shape,keep,\n" +
		"monkey,gorilla,thing 1,shape,refuse,\n" +
		"monkey,banana,,,drop,\n" +
		"monkey,banana,thing 1,shape,keep,\n" +
		"gorilla,monkey,,,,\n"}), "r.csv")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Compose(newWorld().input(reviews...), Options{})
	want := []string{
		"r.csv:2: drop of monkey, yeti: no such pair is proposed",
		`r.csv:3: perhaps of monkey, gorilla: decision "perhaps" is unknown; use keep, refuse or drop`,
		`r.csv:4: keep of monkey, gorilla: distractor "yeti" is not among the pictures`,
		"r.csv:7: keep of monkey, banana: line 6 says drop already",
		"r.csv:8: decision of gorilla, monkey: no such pair is proposed",
	}
	if diff := cmp.Diff(want, lines(t, err)); diff != "" {
		t.Error(diff)
	}
}

// FuzzReadReviews: whatever a review says, triplets or faults with their lines.
func FuzzReadReviews(f *testing.F) {
	in := newWorld().input()
	seeds := []string{
		reviewHeader + "monkey,gorilla,thing 1,shape,keep,\nmonkey,banana,,,drop,\n",
		reviewHeader + "monkey,monkey,monkey,monkey,refuse,\n",
		reviewHeader + "monkey,gorilla,\"thing\n1\",shape,keep\n",
	}
	fuzzReader(f, seeds, func(t *testing.T, folder fs.FS) {
		reviews, err := ReadReviews(folder, "labels.csv")
		if err != nil {
			lines(t, err)
			return
		}
		in.Reviews = reviews
		triplets, incomplete, err := Compose(in, Options{})
		if err != nil {
			lines(t, err)
		} else if len(triplets)+len(incomplete) > len(in.Pairs) {
			t.Errorf("%d triplets and %d without, of %d pairs", len(triplets), len(incomplete), len(in.Pairs))
		}
	})
}
