package imaging

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkKinds decodes the folders of testdata/speed.py, one for each kind of
// picture, as AKIN_TURBOJPEG says.
func BenchmarkKinds(b *testing.B) {
	folder := os.Getenv("AKIN_PICTURES")
	kinds, err := os.ReadDir(folder)
	if folder == "" || err != nil {
		b.Skip("AKIN_PICTURES names no folder of testdata/speed.py")
	}
	for _, kind := range kinds {
		b.Run(kind.Name(), func(b *testing.B) {
			files, err := filepath.Glob(filepath.Join(folder, kind.Name(), "*"))
			if err != nil || len(files) == 0 {
				b.Fatalf("no pictures: %v", err)
			}
			var pictures [][]byte
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil {
					b.Fatal(err)
				}
				pictures = append(pictures, data)
			}
			for b.Loop() {
				for _, data := range pictures {
					if _, err := Decode(data, 0); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
