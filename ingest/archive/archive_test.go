package archive

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/regular"
)

// FuzzArchive patches an archive in memory: what it holds is read within its
// bounds, and nothing outside it. Each execution tries the patch at 24 places and the
// archive cut off behind it, for the fuzzer's own work costs more than reading. The
// patch is small, since Go tries for a minute to make a large input smaller.
func FuzzArchive(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, file := range [][2]string{{"t.csv", "id,target,related,unrelated\nx,a.png,b.png,c.png\n"}, {"a.png", "a"}, {"b/b.png", "b"}} {
		p, _ := w.Create(file[0]) // a Buffer gives no error
		p.Write([]byte(file[1]))
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	whole := b.Bytes()
	f.Add(uint16(0), uint16(0), []byte{})
	f.Add(uint16(30), uint16(5), []byte("../.."))
	f.Add(uint16(len(whole)-22), uint16(4), []byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, at, cut uint16, patch []byte) {
		for k := range 24 {
			from := (min(int(at), len(whole)) + 13*k) % (len(whole) + 1)
			data := slices.Concat(whole[:from], patch, whole[min(from+int(cut), len(whole)):])
			checkArchive(t, data)
			checkArchive(t, data[:from+len(patch)])
		}
	})
}

func checkArchive(t *testing.T, data []byte) {
	archive, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return
	}
	fs.WalkDir(archive, ".", func(name string, _ fs.DirEntry, err error) error {
		if !fs.ValidPath(name) {
			t.Errorf("a file has the path %q", name)
		}
		if data, err := regular.Read(archive, name, 1<<16); err == nil && len(data) > 1<<16 {
			t.Errorf("%s: %d bytes were read", name, len(data))
		}
		return err
	})
}

// TestFoldersAreBounded: names alone can make more folders than files.
func TestFoldersAreBounded(t *testing.T) {
	for want, names := range map[string]func(yield func(string) bool){
		"folders deep": func(yield func(string) bool) { yield(strings.Repeat("a/", maxDepth+1) + "b") },
		"more than 50000 folders": func(yield func(string) bool) {
			for k := range maxFolders + 1 {
				if !yield(fmt.Sprint(k, "/a")) {
					return
				}
			}
		},
		"": func(yield func(string) bool) { yield(strings.Repeat("a/", maxDepth) + "b") },
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name := range names {
			if _, err := w.Create(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
