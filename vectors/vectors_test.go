package vectors

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

var (
	golden = [][]float32{{.5, -1.25, 3}, {2, .125, -7}, {100, .0625, 1.5}, {-.75, 8, .25}}
	items  = []string{"cat.jpg", "dog.jpg", "sofa.jpg", "hound.jpg"}
)

func values(t *Table) [][]float32 {
	rows := make([][]float32, t.Len())
	for i := range rows {
		rows[i] = make([]float32, t.Dim)
		t.Row(i, rows[i])
	}
	return rows
}

// TestOpen reads what testdata/make.py wrote with NumPy, SciPy and h5py.
func TestOpen(t *testing.T) {
	for _, c := range []struct {
		file, names string
		factor      float32
	}{
		{"float16.npy", "names.txt", 1}, {"float32.npy", "names.txt", 1}, {"float64.npy", "names.txt", 1}, {"big-endian.npy", "names.txt", 1},
		{"by-columns.npy", "names.txt", 1}, {"integers.npy", "names.txt", 16}, {"named.npz", "", 1}, {"packed.npz", "names.txt", 1},
		{"named.mat", "", 1}, {"packed.mat", "names.txt", 1}, {"plain.h5", "names.txt", 1}, {"packed.h5", "names.txt", 1}, {"named.h5", "", 1},
		{"latest.h5", "", 1}, {"latest-chunks.h5", "", 1}, {"filters.h5", "", 1}, {"half-big-endian.h5", "", 1}, {"whole-numbers.h5", "names.txt", 16},
		{"compact.h5", "names.txt", 1}, {"many.h5", "names.txt", 1}, {"growing.h5", "names.txt", 1}, {"matlab73.mat", "", 1}, {"cells.mat", "", 16},
	} {
		t.Run(c.file, func(t *testing.T) {
			names := c.names
			if names != "" {
				names = filepath.Join("testdata", names)
			}
			table, err := Open(filepath.Join("testdata", c.file), names)
			if err != nil {
				t.Fatal(err)
			}
			defer table.Close()
			want := make([][]float32, len(golden))
			for i, row := range golden {
				for _, v := range row {
					want[i] = append(want[i], v*c.factor)
				}
			}
			if diff := cmp.Diff(want, values(table)); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(items, table.Names); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOpenReadsWhatAkinExports(t *testing.T) {
	dir := t.TempDir()
	parquet, err := os.Create(filepath.Join(dir, "f.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	array, err1 := os.Create(filepath.Join(dir, "f.npy"))
	index, err2 := os.Create(filepath.Join(dir, "f.npy.csv"))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for _, e := range []feature.Exporter{feature.NewParquet(parquet), feature.NewNPY(array, index, len(golden))} {
		for i, row := range golden {
			if err := e.Add(items[i], stimuli.Hash{byte(i)}, row); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(parquet.Close(), array.Close(), index.Close()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f.parquet", "f.npy"} {
		table, err := Open(filepath.Join(dir, name), "")
		if err != nil {
			t.Fatal(err)
		}
		defer table.Close()
		if diff := cmp.Diff(golden, values(table)); diff != "" {
			t.Errorf("%s: values (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(items, table.Names); diff != "" {
			t.Errorf("%s: names (-want +got):\n%s", name, diff)
		}
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCSV(t *testing.T) {
	for _, text := range []string{
		"path,sha256,f1,f2\na.jpg,ff,1,2.5\nb.jpg,ee,-3,1e2\n",
		"f1,f2,item\n1,2.5,a.jpg\n-3,100,b.jpg\n",
		"\ufeffwort,f1,f2\na.jpg,1,2.5\nb.jpg,-3,100\n",
	} {
		table, err := Open(write(t, "x.csv", text), "")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if diff := cmp.Diff([][]float32{{1, 2.5}, {-3, 100}}, values(table)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
		if diff := cmp.Diff([]string{"a.jpg", "b.jpg"}, table.Names); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	npy, err := os.ReadFile("testdata/float32.npy")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, names, want string }{
		{"no names", "testdata/float16.npy", "", "does not say what they are"},
		{"too few names", "testdata/float32.npy", write(t, "n.txt", "a\nb\n"), "4 rows, but 2 names"},
		{"an empty name", "testdata/float32.npy", write(t, "n.txt", "a\n\nb\nc\n"), "n.txt:2"},
		{"two tables", "testdata/two.npz", "testdata/names.txt", "holds 2 tables"},
		{"two lists in npz", "testdata/two-lists.npz", "", "holds 2 lists of text with 4 entries"},
		{"two lists in mat", "testdata/two-lists.mat", "", "holds 2 lists of text with 4 entries"},
		{"two lists in h5", "testdata/two-lists.h5", "", "holds 2 lists of text with 4 entries"},
		{"another ending", write(t, "x.pkl", "x"), "", "says no format"},
		{"a word for a number", write(t, "x.csv", "path,f1\na,1\nb,one\n"), "", "line 3, column f1"},
		{"no names in a CSV", write(t, "x.csv", "f1,f2\n1,2\n"), "", "no column names the rows"},
		{"a cut array", write(t, "x.npy", string(npy[:len(npy)-4])), "testdata/names.txt", "cut off"},
		{"no array", write(t, "x.npy", "PK"), "testdata/names.txt", "x.npy"},
		{"a damaged mat", write(t, "x.mat", "MATLAB 5.0 MAT-file"), "testdata/names.txt", "x.mat"},
		{"a damaged h5", write(t, "x.h5", "\x89HDF\r\n\x1a\n123"), "testdata/names.txt", "x.h5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Open(c.file, c.names)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("table %v, error %v, expected one that says %q", table, err, c.want)
			}
		})
	}
}

// What is sound but not read is named, and not called damaged.
func TestOpenNamesWhatIsNotRead(t *testing.T) {
	for file, want := range map[string]string{
		"unread-filter.h5":  "packed by the filter 6, which is not read",
		"unread-growing.h5": "chunks in the form of later libraries (4), which is not read",
		"unread-room.h5":    "room to grow in the form of later libraries",
		"unread-type.h5":    "shares its type with another object, which is not read",
		"unread-virtual.h5": "joins datasets of other files, which are not read",
		"unread-outside.h5": "keeps its values in another file, which is not read",
		"unread-group.h5":   "a group of many links in the form of later libraries",
		"unread-4.mat":      "those of MATLAB 4 are not read",
	} {
		_, err := Open("testdata/"+file, "testdata/names.txt")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: error %v, want %q", file, err, want)
		}
	}
}

func TestMatch(t *testing.T) {
	nan := float32(math.NaN())
	table := func(names []string, rows ...[]float32) *Table {
		return &Table{Names: names, Dim: 2, row: func(i int, dst []float32) { copy(dst, rows[i]) }}
	}
	ok := []float32{1, 2}
	for _, c := range []struct {
		name     string
		table    *Table
		pictures []string
		rows     []int
		surplus  int
		problems Problems
	}{
		{"by path, file name and stem", table([]string{`C:\data\b.png`, "a/a.jpg", "c", "d"}, ok, ok, ok, ok), []string{"a/a.jpg", "x/b.png", "c.webp"}, []int{1, 0, 2}, 1, nil},
		{"a dot of the name stays", table([]string{"item.1", "item.2"}, ok, ok), []string{"item.2.jpg", "item.1.jpg"}, []int{1, 0}, 0, nil},
		{"all faults at once", table([]string{"a", "x/b.jpg", "y/b.jpg", "c", "d"}, []float32{nan, 1}, ok, ok, []float32{0, 0}, ok), []string{"a.jpg", "b.jpg", "c.jpg", "e.jpg"}, nil, 0,
			Problems{"row 1 (a) holds a value that is not finite", "picture b.jpg has 2 rows: row 2 (x/b.jpg), row 3 (y/b.jpg)", "row 4 (c) holds 0 throughout", "picture e.jpg has no row"}},
		{"one row for two pictures", table([]string{"a"}, ok), []string{"x/a.jpg", "y/a.jpg"}, nil, 0, Problems{"row 1 (a) is that of two pictures: x/a.jpg and y/a.jpg"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, surplus, err := c.table.Match(c.pictures)
			var problems Problems
			errors.As(err, &problems)
			if diff := cmp.Diff(c.problems, problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.rows, rows); diff != "" || surplus != c.surplus {
				t.Errorf("rows (-want +got), surplus %d, want %d:\n%s", surplus, c.surplus, diff)
			}
		})
	}
}
