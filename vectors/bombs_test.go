package vectors

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/akin-vision/akin/internal/unpacked"
	"github.com/parquet-go/parquet-go"
)

// TestBombsAreRefusedBeforeTheyAreUnpacked: a packed file that says that it becomes more
// than 512 MB and than 20 times its size is refused while it is still small; the bytes
// behind what is said are never looked at, so random ones do.
func TestBombsAreRefusedBeforeTheyAreUnpacked(t *testing.T) {
	names := write(t, "names.txt", "a.jpg\n")
	for name, data := range map[string][]byte{
		"one.npz": npzClaims(t, 600<<20), "many.npz": npzClaims(t, 300<<20, 300<<20), "one.mat": matClaims(t, 600<<20),
		"many.mat": matClaims(t, 300<<20, 300<<20),
	} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Open(file, names)
		runtime.ReadMemStats(&after)
		var much *unpacked.TooMuchError
		alone := name[:3] == "one" // of many the first may be taken before the second is refused
		if alone && !errors.As(err, &much) || err == nil {
			t.Errorf("%s of %d bytes: error %v", name, len(data), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; alone && took > 32<<20 {
			t.Errorf("%s took %d MB", name, took>>20)
		}
	}
}

// npzClaims is an archive whose entries claim so many bytes each.
func npzClaims(t *testing.T, sizes ...uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, size := range sizes {
		packed := make([]byte, 1<<20)
		w, err := z.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("a%d.npy", i), Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: uint64(len(packed))})
		if err == nil {
			_, err = w.Write(packed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// matClaims is a file whose packed variables claim so many bytes each.
func matClaims(t *testing.T, sizes ...uint32) []byte {
	t.Helper()
	data := append(bytes.Repeat([]byte{' '}, 124), 0, 1, 'I', 'M')
	for _, size := range sizes {
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		binary.Write(z, binary.LittleEndian, []uint32{mat5Matrix, size})
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		packed := append(b.Bytes(), make([]byte, 1<<20)...)
		data = binary.LittleEndian.AppendUint32(data, mat5Compressed)
		data = binary.LittleEndian.AppendUint32(data, uint32(len(packed)))
		data = append(data, packed...)
	}
	return data
}

// TestPackedChecksums: a packed variable or array whose checksum does not hold is
// refused, although all its values can be unpacked.
func TestPackedChecksums(t *testing.T) {
	for _, c := range []struct {
		file string
		from string // the checksum stands this far before it, or at the end
		back int
	}{{"packed.mat", "", 4}, {"packed.npz", "PK\x01\x02", -16}} {
		data, err := os.ReadFile(filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		at := len(data)
		if c.from != "" {
			at = bytes.Index(data, []byte(c.from))
		}
		data[at-c.back] ^= 1
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(file, "testdata/names.txt"); err == nil {
			t.Errorf("%s with another checksum is read", c.file)
		}
	}
}

// TestParquetNames: names may be numbers; the letters of each row's are counted, though a
// dictionary holds them once.
func TestParquetNames(t *testing.T) {
	rows := parquetTable{numeric: []bool{false, true}, room: unpacked.Of(1)}
	row := func(name any) parquet.Row {
		return parquet.Row{parquet.ValueOf(name).Level(0, 0, 0), parquet.ValueOf(float32(.5)).Level(0, 0, 1)}
	}
	for _, name := range []any{int64(17), "a.jpg", [16]byte{'b'}} {
		if err := rows.add(row(name)); err != nil {
			t.Errorf("the name %v: %v", name, err)
		}
	}
	if len(rows.names) != 3 || rows.names[0] != "17" || rows.names[1] != "a.jpg" || len(rows.rows) != 3 {
		t.Errorf("names %q, rows %v", rows.names, rows.rows)
	}
	if err := rows.room.Take(rows.room.Left() - 1<<20); err != nil {
		t.Fatal(err)
	}
	var much *unpacked.TooMuchError
	for n := 0; n < 2; n++ {
		if err := rows.add(row(string(make([]byte, 600<<10)))); (n == 0) != (err == nil) || n > 0 && !errors.As(err, &much) {
			t.Errorf("name %d of 600 kB: error %v", n, err)
		}
	}
}

// TestParquetClaims: what a table takes is known from its footer, before a row is read.
func TestParquetClaims(t *testing.T) {
	var b bytes.Buffer
	value := parquet.Encoded(parquet.Leaf(parquet.FloatType), &parquet.RLEDictionary)
	w := parquet.NewWriter(&b, parquet.NewSchema("t", parquet.Group{"name": parquet.Encoded(parquet.String(), &parquet.RLEDictionary), "v": value}))
	rows := make([]parquet.Row, 1000)
	for i := range rows {
		rows[i] = parquet.Row{parquet.ValueOf("a").Level(0, 0, 0), parquet.ValueOf(float32(1)).Level(0, 0, 1)}
	}
	if _, err := w.WriteRows(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parquetClaims(p), int64(1000*(parquetRow+2*4)); got != want {
		t.Errorf("1,000 rows of a name and a value claim %d bytes, want %d", got, want)
	}
}
