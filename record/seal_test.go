package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEveryChangeIsNoticed flips bytes of every file that a record is read from,
// and takes each away: the error names the file.
func TestEveryChangeIsNoticed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	run := smallRun()
	if err := run.Write(dir, analysed(t, run)); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 0))
	for _, name := range []string{RunFile, choicesFile, picturesFile, ratingsFile, posteriorsFile, failuresFile, statisticsFile} {
		file := filepath.Join(dir, name)
		sound, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		notice := func(what string) {
			t.Helper()
			if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s, %s: error %v", name, what, err)
			}
		}
		for range 50 {
			at, damaged := random.IntN(len(sound)), slices.Clone(sound)
			damaged[at] ^= 1 << random.IntN(8)
			if err := os.WriteFile(file, damaged, 0o666); err != nil {
				t.Fatal(err)
			}
			notice(fmt.Sprintf("byte %d is %q, not %q", at, damaged[at], sound[at]))
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if name != RunFile {
			notice("taken away")
		}
		if err := os.WriteFile(file, sound, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(dir); err != nil {
		t.Errorf("mended, it gives %v", err)
	}
}

// TestWhatIsNoPartOfTheRecord beside it is not read, and stays when the record is
// written again.
func TestWhatIsNoPartOfTheRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	run := smallRun()
	run.Failures = nil
	notes := filepath.Join(dir, "figures", "notes.txt")
	for range 2 {
		if err := run.Write(dir, analysed(t, run)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(notes), 0o777), os.WriteFile(notes, []byte("mine"), 0o666),
			os.WriteFile(filepath.Join(dir, failuresFile), []byte(`[{"model": "first-of-two-long-names"}]`), 0o666)); err != nil {
			t.Fatal(err)
		}
		if got, err := Load(dir); err != nil || got.Failures != nil {
			t.Errorf("a stranger's failures.json is read as %v, error %v", got.Failures, err)
		}
	}
	if data, err := os.ReadFile(notes); string(data) != "mine" {
		t.Errorf("the user's notes hold %q, error %v", data, err)
	}
}

// TestRecordsOfEarlierVersions are read as they are, and get hashes and seal when
// something is added.
func TestRecordsOfEarlierVersions(t *testing.T) {
	r := smallRun()
	dir := write(t, r)
	file := filepath.Join(dir, RunFile)
	data, err := os.ReadFile(file)
	var fields map[string]any
	if err = errors.Join(err, json.Unmarshal(data, &fields)); err != nil {
		t.Fatal(err)
	}
	delete(fields, "format")
	delete(fields, "files")
	delete(fields, "seal")
	old, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, old, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err != nil {
		t.Fatal(err)
	}
	if err := KeepFailures(dir, smallFailures(r.Models[0].Name)); err != nil {
		t.Fatal(err)
	}
	got, err := Load(dir)
	if err != nil || len(got.Failures) != 2 || got.Files[choicesFile] == "" || got.Seal == "" {
		t.Errorf("with a further table it is %+v, error %v", got, err)
	}
}

// TestARecordReplacedMeanwhile is not mixed with what followed from the old one.
func TestARecordReplacedMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := smallRun().Write(dir, analysed(t, smallRun())); err != nil {
		t.Fatal(err)
	}
	read, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := smallRun()
	other.Models = other.Models[:1]
	other.Failures = nil
	if err := other.Write(dir, analysed(t, other)); err != nil {
		t.Fatal(err)
	}
	var changed *ChangedError
	if err := read.Rebuild(dir, analysed(t, read)); !errors.As(err, &changed) || !strings.Contains(err.Error(), "replaced by another run") {
		t.Errorf("error %v, want a record replaced meanwhile", err)
	}
	if got, err := Load(dir); err != nil || len(got.Models) != 1 {
		t.Errorf("the new record reads as %d models, error %v", len(got.Models), err)
	}
}

// TestTwoWritersOfOneRecord: whoever is last, the record is whole and one run's.
func TestTwoWritersOfOneRecord(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	statistics := analysed(t, smallRun())
	var work sync.WaitGroup
	for k := range 6 {
		work.Go(func() {
			r := smallRun()
			r.Akin = fmt.Sprint("version ", k)
			if err := r.Write(dir, statistics); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if _, err := Load(dir); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(entries) != 1 {
		t.Errorf("beside the record stand %v, error %v", entries, err)
	}
}

// TestLeftoversOfAKilledRun of an earlier version do not keep a folder from being
// written.
func TestLeftoversOfAKilledRun(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{choicesFile, picturesFile + ".tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := smallRun().Write(dir, analysed(t, smallRun())); err != nil {
		t.Error(err)
	}
}

// FuzzLoad patches one file of a record, its hash left out: nothing brings load
// down, and what it accepts it writes again to a record that reads the same. Each
// execution tries the patch at 16 places, and the file cut off behind it. The patch is
// small, since Go tries for a minute to make a large input smaller.
func FuzzLoad(f *testing.F) {
	r := layeredRun()
	files := map[string][]byte{}
	for _, file := range append(r.record(), File{RunFile, asJSON(r)}) {
		var b bytes.Buffer
		if err := file.Write(&b); err != nil {
			f.Fatal(err)
		}
		files[file.Name] = b.Bytes()
	}
	names := slices.Sorted(maps.Keys(files))
	for i := range names {
		f.Add(uint8(i), uint16(40), uint16(2), []byte(",\n"))
	}
	f.Add(uint8(5), uint16(0), uint16(0), []byte(" "))
	f.Fuzz(func(t *testing.T, which uint8, at, cut uint16, patch []byte) {
		content := maps.Clone(files)
		name := names[int(which)%len(names)]
		whole := files[name]
		for k := range 16 {
			from := (min(int(at), len(whole)) + 29*k) % (len(whole) + 1)
			content[name] = slices.Concat(whole[:from], patch, whole[min(from+int(cut), len(whole)):])
			checkLoad(t, content)
			content[name] = content[name][:from+len(patch)]
			checkLoad(t, content)
		}
	})
}

// checkLoad reads files; what is accepted and written again reads the same.
func checkLoad(t *testing.T, files map[string][]byte) {
	read := &Run{}
	if readFrom(files, read) != nil {
		return
	}
	again := map[string][]byte{}
	for _, file := range append(read.record(), File{RunFile, asJSON(read)}) {
		var b bytes.Buffer
		if file.Write == nil {
			continue
		}
		if err := file.Write(&b); err != nil {
			t.Fatal(err)
		}
		again[file.Name] = b.Bytes()
	}
	second := &Run{}
	if err := readFrom(again, second); err != nil {
		t.Fatalf("what was read and written does not read: %v", err)
	}
	if a, b := choices(read), choices(second); a != b {
		t.Errorf("the choices differ:\n%s", cmp.Diff(a, b))
	}
}

// readFrom reads a record of files in memory.
func readFrom(files map[string][]byte, r *Run) error {
	if err := json.Unmarshal(files[RunFile], r); err != nil {
		return err
	}
	return r.load("run", func(name string) ([]byte, error) {
		if data, there := files[name]; there {
			return data, nil
		}
		return nil, fs.ErrNotExist
	})
}

// choices are those of a run's models, NaN equal to NaN.
func choices(r *Run) string {
	var b strings.Builder
	for _, m := range r.Models {
		for _, c := range m.Choices {
			fmt.Fprintln(&b, m.Name, c.Triplet.ID, c.Related, c.Unrelated, c.Outcome())
		}
	}
	return b.String()
}
