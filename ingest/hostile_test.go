package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// packed packs files; a name may be anything.
func packed(t testing.TB, files map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestUnsafeArchivesAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"../evil.png": "is not a path inside", "/evil.png": "is not a path inside", `a\evil.png`: "is not a path inside", "a/../../b.png": "is not a path inside",
		"bomb.csv": "which no picture or table does",
	} {
		data := picturePNG(1)
		if name == "bomb.csv" {
			data = make([]byte, 20<<20)
		}
		_, err := Open(packed(t, map[string][]byte{name: data}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestLinksLeadNowhere(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.png")
	folder := t.TempDir()
	for name, data := range map[string][]byte{
		outside: picturePNG(1), filepath.Join(folder, "a.png"): picturePNG(2), filepath.Join(folder, "b.png"): picturePNG(3),
		filepath.Join(folder, "t.csv"): []byte("target,related,unrelated\na.png,b.png,c.png\n"),
	} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(folder, "c.png")); err != nil {
		t.Skip(err)
	}
	source, err := Open(filepath.Join(folder, "t.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	plan, err := Understand(source.FS, Mapping{Triplets: Triplets{Table: Table{File: source.Table}}})
	if err != nil || len(plan.Triplets) > 0 || len(plan.Problems) == 0 {
		t.Errorf("a link out of the folder was followed: %v, %v", plan, err)
	}
}

// TestHostileInputs damages an archive of tables and pictures, its members and
// its mapping in 2,000 seeded ways. Nothing may panic, and nothing but the set
// may be written.
func TestHostileInputs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2026))
	members := map[string][]byte{
		"t.csv":  []byte("id,target,related,unrelated,relation,rating_related\nx,a.png,b.png,c.png,thematic,4\ny,b.png,a.png,d.png,,\n"),
		"m.xlsx": []byte(workbook(t, "m", []any{"id", "rel", "unrel"}, []any{"x", 4.25, 1.5}, []any{"y", 3, 2})),
		"j.tsv":  []byte("rater\tpicture_a\tpicture_b\tvalue\nr\ta.png\tb.png\t3\n"),
	}
	for i, name := range []string{"a.png", "b.png", "c.png", "d.png"} {
		members[name] = picturePNG(i)
	}
	mapping := []byte("name = 'x'\nratings = {file = 'm.xlsx', sheet = 'm', related = 'rel', unrelated = 'unrel'}\n" +
		"triplets = {file = 't.csv'}\njudgements = {file = 'j.tsv'}\npictures = {patterns = ['{label}.png']}\nroles = {t = 'target'}\n")
	paths := []string{"../x.png", "/etc/x.png", "a/../../x.png", `..\x.png`, "\x00.png", strings.Repeat("n", 5000), "CON", "=1+1", "\u202ea.png"}
	written := 0
	for i := range 2000 {
		files := map[string][]byte{}
		for name, data := range members {
			files[name] = data
		}
		text := mapping
		switch name := []string{"t.csv", "m.xlsx", "j.tsv", "a.png"}[random.IntN(4)]; random.IntN(5) {
		case 0:
			files[name] = damage(random, files[name])
		case 1: // a path of evil in the middle of a table
			evil := paths[random.IntN(len(paths))]
			files["t.csv"] = bytes.Replace(files["t.csv"], []byte("c.png"), []byte(evil), 1)
		case 2:
			text = damage(random, text)
		case 3:
			files[paths[random.IntN(len(paths))]] = picturePNG(9)
		}
		file := packed(t, files)
		if random.IntN(3) == 0 {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(random, data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if importHostile(t, file, text) {
			written++
		}
		if t.Failed() {
			t.Fatalf("input %d", i)
		}
	}
	if written < 200 || written > 1900 {
		t.Errorf("%d of 2000 were written: the damage is too strong or too weak to test anything", written)
	}
}

func damage(random *rand.Rand, data []byte) []byte {
	data = slices.Clone(data)
	for range 1 + random.IntN(4) {
		if len(data) == 0 {
			break
		}
		at := random.IntN(len(data))
		switch random.IntN(4) {
		case 0:
			data[at] = byte(random.IntN(256))
		case 1:
			data = data[:at]
		case 2:
			data = slices.Insert(data, at, []byte(",\"\n../"[:1+random.IntN(6)])...)
		case 3:
			end := min(len(data), at+random.IntN(20))
			data = slices.Delete(data, at, end)
		}
	}
	return data
}

// importHostile reports whether a set was written, and fails if anything else was.
func importHostile(t *testing.T, file string, mapping []byte) bool {
	source, err := Open(file)
	if err != nil {
		return false
	}
	defer source.Close()
	m, err := ReadMapping(mapping)
	if err != nil {
		return false
	}
	plan, err := Understand(source.FS, m)
	if err != nil {
		return false
	}
	_ = plan.Preview()
	parent := t.TempDir()
	err = plan.Write(filepath.Join(parent, "in", "set"), true)
	for _, folder := range []string{parent, filepath.Join(parent, "in")} {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			if e.Name() != "in" && e.Name() != "set" || e.Name() == "set" && err != nil {
				t.Errorf("left %s, error %v", e.Name(), err)
			}
		}
	}
	return err == nil
}

func FuzzUnderstand(f *testing.F) {
	f.Add([]byte("id,target,related,unrelated\nx,a.png,b.png,c.png\n"), []byte("triplets = {file = 't.csv'}"))
	f.Add([]byte("a;b;c;1\n"), []byte("triplets = {file = 't.csv', no_header = true, items = ['1','2','3'], odd = '4'}"))
	f.Fuzz(func(t *testing.T, table, mapping []byte) {
		m, err := ReadMapping(mapping)
		if err != nil {
			return
		}
		source := layout(map[string]string{"a.png": "", "b.png": "", "c.png": "", "t.csv": string(table) + " "})
		plan, err := Understand(source, m)
		if err != nil {
			return
		}
		_ = plan.Preview()
		for _, tr := range plan.Triplets {
			if math.IsInf(tr.Ratings[0], 0) || tr.ID == "" {
				t.Errorf("triplet %+v", tr)
			}
		}
	})
}
