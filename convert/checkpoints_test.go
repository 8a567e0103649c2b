package convert_test

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/akin-vision/akin/convert"
	"github.com/akin-vision/akin/internal/reference"
	"github.com/akin-vision/akin/internal/testengine"
)

// checkpoint is one of testdata/odd, and what is right of it; see the scripts there.
type checkpoint struct {
	File  string
	Same  string // the file whose model it must give
	Error string
	Note  string // that the result must have
	Entry string

	Features, Logits []float64 // PyTorch's, of the controls
}

func checkpoints(t testing.TB) (list []checkpoint, files map[string][]byte) {
	t.Helper()
	files = map[string][]byte{}
	for _, corpus := range []string{"checkpoints", "neighbours", "frameworks"} {
		list = append(list, reference.JSON[[]checkpoint](t, "testdata/odd/"+corpus+".json")...)
		maps.Copy(files, reference.Archive(t, "testdata/odd/"+corpus+".tar.gz"))
	}
	if len(list) < 330 || len(list) != len(files) {
		t.Fatalf("%d cases, %d files", len(list), len(files))
	}
	return list, files
}

// TestOddCheckpoints: the same network under whatever wrapping gives the same model,
// byte for byte, or is refused with the reason.
func TestOddCheckpoints(t *testing.T) {
	list, files := checkpoints(t)
	model := func(name, entry string) ([]byte, *convert.Result, error) {
		data := files[name]
		r, err := convert.Convert(t.Context(), bytes.NewReader(data), int64(len(data)), convert.Options{Entry: entry})
		if err != nil {
			return nil, nil, err
		}
		graph, err := r.Model.Marshal()
		return graph, r, err
	}
	for _, c := range list {
		t.Run(c.File, func(t *testing.T) {
			got, r, err := model(c.File, c.Entry)
			if c.Error != "" {
				if err == nil || !strings.Contains(err.Error(), c.Error) {
					t.Errorf("error %v, want %q", err, c.Error)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			notes := strings.Join(r.Notes, "; ")
			if !strings.Contains(notes, c.Note) || c.Note == "" && r.Classes > 0 && notes != "" {
				t.Errorf("notes %q, want %q", notes, c.Note)
			}
			if c.Same == "" {
				return
			}
			want, _, err := model(c.Same, "")
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the model is not that of %s", c.Same)
			}
		})
	}
}

// TestControlsAgreeWithPyTorch: the networks that the odd checkpoints hold.
func TestControlsAgreeWithPyTorch(t *testing.T) {
	rt := testengine.Open(t)
	list, files := checkpoints(t)
	for _, c := range list {
		if len(c.Features) == 0 {
			continue
		}
		t.Run(c.File, func(t *testing.T) {
			graph, err := convertBytes(t, files[c.File])
			if err != nil {
				t.Fatal(err)
			}
			outputs := []string{"features", "logits"}
			if len(c.Logits) == 0 {
				outputs = outputs[:1]
			}
			values := run(t, rt, graph, 1, outputs...)
			closeTo(t, "features", values[0], c.Features)
			if len(c.Logits) > 0 {
				closeTo(t, "logits", values[1], c.Logits)
			}
		})
	}
}
