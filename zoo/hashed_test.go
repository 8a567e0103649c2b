package zoo

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/akin-vision/akin/model"
)

// TestHashedGivesWhatWasHashed at any place, and nothing of a file that changed.
func TestHashedGivesWhatWasHashed(t *testing.T) {
	content := make([]byte, 2*chunkSize+12345)
	for i := range content {
		content[i] = byte(i * 7 >> 8)
	}
	name := filepath.Join(t.TempDir(), "weights")
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := hashWhole(t.Context(), f)
	if err != nil || h.hash != fmt.Sprintf("%x", sha256.Sum256(content)) || h.size != int64(len(content)) {
		t.Fatalf("hash %s of %d bytes, error %v", h.hash, h.size, err)
	}
	for _, at := range []int{0, 5, chunkSize - 3, chunkSize, 2*chunkSize - 1, len(content) - 9} {
		part := make([]byte, min(chunkSize+9, len(content)-at))
		if n, err := h.ReadAt(part, int64(at)); n != len(part) || err != nil || !bytes.Equal(part, content[at:][:n]) {
			t.Errorf("at %d: %d of %d bytes, error %v", at, n, len(part), err)
		}
	}
	if all, err := h.all(); err != nil || !bytes.Equal(all, content) {
		t.Errorf("the whole: %d bytes, error %v", len(all), err)
	}
	if n, err := h.ReadAt(make([]byte, 10), h.size-4); n != 4 || err != io.EOF {
		t.Errorf("over the end: %d bytes, error %v", n, err)
	}
	for what, change := range map[string]func() error{
		"written to": func() error { return os.WriteFile(name, append([]byte{9}, content[1:]...), 0o666) },
		"cut short":  func() error { return os.Truncate(name, chunkSize/2) },
	} {
		h.data = nil
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if _, err := h.ReadAt(make([]byte, 4), 100); !errors.Is(err, model.ErrReplaced) {
			t.Errorf("a file that was %s: error %v", what, err)
		}
	}
}
