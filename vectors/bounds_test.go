package vectors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestManyChunks: arrays of chunks' addresses in pages, and LZF.
func TestManyChunks(t *testing.T) {
	for file, rows := range map[string]int{"latest-pages.h5": 2000, "lzf.h5": 400} {
		var names strings.Builder
		for i := range rows {
			fmt.Fprintf(&names, "%d.jpg\n", i)
		}
		table, err := Open(filepath.Join("testdata", file), write(t, "names.txt", names.String()))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		defer table.Close()
		for i, row := range values(table) {
			if !slices.Equal(row, golden[i%len(golden)]) {
				t.Fatalf("%s: row %d is %v", file, i, row)
			}
		}
	}
	if _, err := Open("testdata/unwritten.h5", "testdata/names.txt"); err == nil || !strings.Contains(err.Error(), "1 of its 2 chunks") {
		t.Errorf("a table that was never written whole: error %v", err)
	}
}

// TestClaimsAreNotBelieved: every file of every format, with a huge size written over
// each place, is read or refused within the memory that its bytes can need.
func TestClaimsAreNotBelieved(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Abs("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	places := 50
	if os.Getenv("AKIN_HARD") != "" {
		places = 5000
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, file := range append(files, parquetFile(t)) {
		if slices.Contains([]string{".py", ".txt"}, filepath.Ext(file)) {
			continue
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		damaged := filepath.Join(t.TempDir(), "t"+filepath.Ext(file))
		for at := 0; at+8 <= len(whole); at += 1 + random.IntN(max(1, len(whole)/places)) {
			for _, claim := range []uint64{1 << 40, 3<<28 | 1<<63, 3<<28 | 3<<60} { // the last: two sizes of 32 bits that agree
				data := slices.Clone(whole)
				binary.LittleEndian.PutUint64(data[at:], claim)
				os.Remove(damaged) // a file that is cut to nothing and written again waits for the disk
				if err := os.WriteFile(damaged, data, 0o666); err != nil {
					t.Fatal(err)
				}
				withinBounds(t, damaged, names, len(data), fmt.Sprintf("%s with %d at %d", file, claim, at))
			}
		}
	}
}

func withinBounds(t *testing.T, file, names string, size int, what string) {
	t.Helper()
	const most = 64 << 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	table, err := Open(file, names)
	if err == nil {
		values(table)
		table.Close()
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most+1100*uint64(size) {
		t.Errorf("%s: took %d MB of memory, error %v", what, took>>20, err)
	}
	if spent := time.Since(start); spent > 10*time.Second {
		t.Errorf("%s: took %v", what, spent)
	}
}

func parquetFile(t *testing.T) string {
	f := filepath.Join(t.TempDir(), "f.parquet")
	if err := os.WriteFile(f, smallParquet(t), 0o666); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestReplacedTable: a file that is written to after it was hashed is noticed, one that
// is put in its place is another file.
// TestCutTable: a table that is cut short after it was opened reads as something, and is
// told to have changed; the program goes on.
func TestCutTable(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cuts no file that is mapped")
	}
	data, err := os.ReadFile("testdata/float32.npy")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "t.npy")
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
	table, err := Open(file, "testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	if err := os.Truncate(file, 0); err != nil {
		t.Fatal(err)
	}
	table.Row(1, make([]float32, table.Dim))
	if err := table.Unchanged(); !errors.Is(err, ErrReplaced) {
		t.Errorf("a table that was cut gives %v", err)
	}
}

func TestReplacedTable(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "t.npy")
	put := func(name, from string) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join("testdata", from))
		if err == nil {
			err = os.WriteFile(name, data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put(file, "float32.npy")
	table, err := Open(file, "testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	put(filepath.Join(dir, "other.npy"), "integers.npy")
	if err := os.Rename(filepath.Join(dir, "other.npy"), file); err != nil {
		t.Fatal(err)
	}
	if got := values(table); table.Unchanged() != nil || !slices.Equal(got[1], golden[1]) {
		t.Errorf("beside another file of its name, row 1 is %v, %v", got[1], table.Unchanged())
	}
	second, err := Open(file, "testdata/names.txt")
	if err != nil || second.Hash == table.Hash {
		t.Fatalf("the other file: %v", err)
	}
	defer second.Close()
	put(file, "integers.npy")
	later := time.Now().Add(time.Second)
	if err := os.Chtimes(file, later, later); err != nil {
		t.Fatal(err)
	}
	if err := second.Unchanged(); !errors.Is(err, ErrReplaced) {
		t.Errorf("a file that was written to: %v", err)
	}
}
