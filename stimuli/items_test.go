package stimuli

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const itemPictures = "path,label,item\na.png,ant,animal\nc.png,cup,thing\nb.png,bee,animal\nd.png,dish,thing\n"

// TestItems: judgements may name items, or pictures, which stand for their items.
func TestItems(t *testing.T) {
	six := "path,item\na.png,x\nb.png,y\nc.png,z\nd.png,x\n"
	nan := math.NaN()
	cases := map[string]struct {
		files  map[string]string
		values [][]float64
	}{
		"ratings of items":                 {map[string]string{"pictures.csv": itemPictures, "ratings.csv": "rater,picture_a,picture_b,value\np,animal,thing,3\n"}, [][]float64{{3}}},
		"ratings of pictures are averaged": {map[string]string{"pictures.csv": itemPictures, "ratings.csv": "rater,picture_a,picture_b,value\np,a.png,c.png,3\np,d.png,b.png,5\np,a.png,b.png,9\n"}, [][]float64{{4}}},
		"a square of items":                {map[string]string{"pictures.csv": six, "matrix.csv": ",x,y,z\nx,0,1,2\ny,1,0,3\nz,2,3,0\n"}, [][]float64{{1, 2, 3}}},
		"a square of pictures":             {map[string]string{"pictures.csv": six, "matrix.csv": ",a.png,b.png,d.png\na.png,0,1,7\nb.png,1,0,3\nd.png,7,3,0\n"}, [][]float64{{2, nan, nan}}},
		"an array in the order of items":   {map[string]string{"pictures.csv": six, "matrix.npy": array(3, 1, 2, 3)}, [][]float64{{1, 2, 3}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Read(taskSet("task = \"matrix\"\nvalues = \"dissimilarity\"", c.files), nil, Options{AnyTask: true})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.values, set.Matrices.Values, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			for _, item := range set.Rows() {
				if shown := set.Shown()[slices.IndexFunc(set.Rows(), func(i Item) bool { return i.Name == item.Name })]; shown.Label != item.Name || shown.Path != set.Pictures[item.Pictures[0]].Path {
					t.Errorf("item %s is shown as %v", item.Name, shown)
				}
			}
		})
	}
	set, err := Read(taskSet("task = \"matrix\"\nvalues = \"dissimilarity\"", cases["ratings of items"].files), nil, Options{AnyTask: true})
	if err != nil {
		t.Fatal(err)
	}
	if want := []Item{{"animal", []int32{0, 2}}, {"thing", []int32{1, 3}}}; cmp.Diff(want, set.Items) != "" {
		t.Errorf("items %v", set.Items)
	}
	if folds, err := set.Repeats(); folds != 2 || err != nil {
		t.Errorf("%d repeats, error %v", folds, err)
	}
}

func TestFaultsOfItems(t *testing.T) {
	ratings := "rater,picture_a,picture_b,value\np,%s,%s,3\n"
	cases := map[string]struct{ pictures, a, b, want string }{
		"an item is missing":         {"path,item\na.png,x\nb.png,\nc.png,y\nd.png,y\n", "x", "y", "pictures.csv:3: item is empty"},
		"a picture is not listed":    {"path,item\na.png,x\nb.png,y\n", "x", "c.png", `ratings.csv:2: "c.png" is no item`},
		"an item is a path":          {"path,item\na.png,b.png\nb.png,x\nc.png,x\n", "b.png", "x", `"b.png" is a picture's path and the name of an item that it is not of`},
		"a picture with itself":      {itemPictures, "a.png", "a.png", "are the same picture"},
		"an item that nobody listed": {itemPictures, "animals", "thing", `"animals" is no item`},
	}
	for name, c := range cases {
		_, err := Read(taskSet("task = \"matrix\"\nvalues = \"dissimilarity\"", map[string]string{"pictures.csv": c.pictures, "ratings.csv": fmt.Sprintf(ratings, c.a, c.b)}), nil, Options{AnyTask: true})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
	copies := taskSet("task = \"matrix\"\nvalues = \"dissimilarity\"", map[string]string{"pictures.csv": itemPictures, "ratings.csv": fmt.Sprintf(ratings, "animal", "thing")})
	copies["b.png"] = copies["a.png"]
	if _, err := Read(copies, nil, Options{AnyTask: true}); err == nil || !strings.Contains(err.Error(), `picture "b.png" is a copy of "a.png"`) {
		t.Errorf("copies: error %v", err)
	}
	var task *TaskError
	votes := map[string]string{"pictures.csv": itemPictures, "judgements.csv": "target,left,right,chosen\na.png,b.png,c.png,b.png\n"}
	if _, err := Read(taskSet(`task = "votes"`, votes), nil, Options{AnyTask: true}); err == nil || errors.As(err, &task) || !strings.Contains(err.Error(), `items are of the task "matrix" alone`) {
		t.Errorf("items of votes: error %v", err)
	}
}
