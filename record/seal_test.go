package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/akin-vision/akin/internal/regular"
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

// TestARecordReplacedWhileItIsRead: between run.json and the other files another record
// came. That is no change of this one's files.
func TestARecordReplacedWhileItIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := smallRun().Write(dir, analysed(t, smallRun())); err != nil {
		t.Fatal(err)
	}
	_, read, err := OpenAs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(choicesFile); err != nil {
		t.Fatal(err)
	}
	other := smallRun()
	other.Models = other.Models[:1]
	other.Failures = nil
	if err := other.Write(dir, analysed(t, other)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{choicesFile, failuresFile} { // one is another, one is gone
		var changed *ChangedError
		if _, err := read(name); !errors.As(err, &changed) || !strings.Contains(err.Error(), "run the command again") {
			t.Errorf("%s: error %v, want a record replaced meanwhile", name, err)
		}
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

// TestRunOfAGigabyte: run.json is refused by its size, before it is read.
func TestRunOfAGigabyte(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, RunFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<30), f.Close()); err != nil { // of holes, which take no room
		t.Fatal(err)
	}
	var large *regular.TooLargeError
	if _, err := Load(dir); !errors.As(err, &large) || !strings.Contains(err.Error(), RunFile) {
		t.Errorf("Load: %v", err)
	}
	if _, _, err := OpenAs(dir); !errors.As(err, &large) {
		t.Errorf("OpenAs: %v", err)
	}
}
