package akin_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// exampleHome keeps what an example computes in a folder of its own. A program
// for users calls akin.DefaultHome.
func exampleHome() (home akin.Home, remove func()) {
	dir, err := os.MkdirTemp("", "akin")
	if err != nil {
		log.Fatal(err)
	}
	return akin.Home{Cache: dir}, func() { os.RemoveAll(dir) }
}

// Show a set to models, see how often each is wrong, and write the record with its
// page. Without Set and Models it is the default models on the set everyday.
func ExampleEvaluate() {
	home, remove := exampleHome()
	defer remove()
	e, err := akin.Evaluate(context.Background(), akin.Config{
		Home: home, Set: "testdata/food", Models: []string{"pixels", "colour", "edges"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range e.Summary().Models {
		fmt.Printf("%-6s matching error %.3f, AUC %.3f, of %d triplets\n", m.Name, m.MatchingError, m.AUC, m.Triplets)
	}
	if err := e.Write(filepath.Join(home.Cache, "run")); err != nil {
		log.Fatal(err)
	}
	// Output:
	// pixels matching error 0.500, AUC 0.406, of 8 triplets
	// colour matching error 0.375, AUC 0.562, of 8 triplets
	// edges  matching error 0.500, AUC 0.484, of 8 triplets
}

// Read a set and the triplets of one relation. A set with faults is an error that
// lists all of them, each with its file and line.
func ExampleHome_OpenSet() {
	home, remove := exampleHome()
	defer remove()
	set, _, err := home.OpenSet("testdata/food", stimuli.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(set.Title)
	for _, t := range set.Triplets {
		if t.Relation == stimuli.Thematic {
			fmt.Printf("%s goes with %s, not with %s\n", t.TargetLabel, t.RelatedLabel, t.UnrelatedLabel)
		}
	}
	// Output:
	// Eight triplets of everyday, for the examples
	// bread goes with butter, not with bolt
	// cheese goes with wine, not with ticket
	// bee goes with honey, not with rainbow
	// key goes with lock, not with microphone
}

// The card of a model says how pictures are prepared for it and which of its outputs
// are the features. It stands beside an .onnx file, with the ending .toml.
func ExampleHome_FindModel() {
	home, remove := exampleHome()
	defer remove()
	m, err := home.FindModel("small-resnet")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Name, m.Kind, m.Outputs.Features, m.Classes.Count)
	for _, step := range m.Recipe.Steps() {
		fmt.Println(" ", step)
	}
	own, err := model.ParseCard([]byte(`
name = "mine"
[recipe]
resize = "pillow-bilinear"
shorter = 256
crop = 224
`), "mine.toml")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", own.Name, strings.Join(own.Recipe.Steps(), ", "))
	// Output:
	// small-resnet trained features 200
	//   pillow-bilinear to shorter side 80
	//   centre crop 80
	//   x 1/255
	//   minus 0.485 / 0.456 / 0.406
	//   divided by 0.229 / 0.224 / 0.225
	// mine: pillow-bilinear to shorter side 256, centre crop 224
}

// Write the features of a set's pictures as a NumPy array.
func ExampleExportConfig_Export() {
	home, remove := exampleHome()
	defer remove()
	var array, index bytes.Buffer
	err := akin.ExportConfig{Home: home, Set: "testdata/food", Model: "colour"}.Export(context.Background(),
		func(pictures int) (feature.Exporter, error) { return feature.NewNPY(&array, &index, pictures), nil })
	if err != nil {
		log.Fatal(err)
	}
	shape := regexp.MustCompile(`'shape': (\(.*?\))`).FindSubmatch(array.Bytes())
	fmt.Printf("pictures, features: %s\n", shape[1])
	header, _, _ := strings.Cut(index.String(), "\n")
	fmt.Println(header)
	// Output:
	// pictures, features: (22, 500)
	// row,path,sha256
}

// Read a record back, without models, and compare two of its models on the same
// triplets.
func ExampleHome_OpenRecord() {
	home, remove := exampleHome()
	defer remove()
	dir := filepath.Join(home.Cache, "run")
	e, err := akin.Evaluate(context.Background(), akin.Config{
		Home: home, Set: "testdata/food", Models: []string{"colour", "edges"}, Resampling: stats.Options{Resamples: 999, Seed: 1},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := e.Write(dir); err != nil {
		log.Fatal(err)
	}
	if e, err = home.OpenRecord(dir, ""); err != nil {
		log.Fatal(err)
	}
	for _, pair := range e.Statistics.Comparison.Pairs {
		fmt.Printf("%s against %s: %+.3f, p = %.3f\n", pair.A, pair.B, float64(pair.ErrorDifference), float64(pair.Evidence.P))
	}
	// Output:
	// colour against edges: -0.125, p = 1.000
}
