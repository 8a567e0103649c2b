// Package archive opens zip archives that others made. It links nothing that reads
// what an archive holds, and so its fuzz target, whose cost grows with all that is
// linked, is quick.
package archive

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Limits of what is read. An archive may say what it likes of its sizes: who reads
// its files bounds them as well.
const (
	maxFiles = 300_000
	maxTotal = 64 << 30
	// maxFolders and maxDepth bound the folders, which names alone can make many of.
	maxFolders = 50_000
	maxDepth   = 64
	// maxRatio bounds how far large files may be packed: tables shrink tenfold or
	// twentyfold, bombs a thousandfold.
	maxRatio    = 200
	ratioChecks = 1 << 20 // below this size a file may be packed as it likes
)

// Read opens an archive of size bytes. One with names that lead outside, or that
// unpacks to more than akin reads, is refused.
func Read(r io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(archive.File) > maxFiles {
		return nil, fmt.Errorf("holds %d files, the limit is %d", len(archive.File), maxFiles)
	}
	var total uint64
	seen, folders := map[string]bool{}, map[string]bool{}
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch size := f.UncompressedSize64; {
		case !fs.ValidPath(name) || strings.Contains(name, `\`):
			return nil, fmt.Errorf("file %q is not a path inside the archive (a/b.jpg, without .., leading / or backslash)", f.Name)
		case seen[name]:
			return nil, fmt.Errorf("file %q stands twice", f.Name)
		case strings.Count(name, "/") > maxDepth:
			return nil, fmt.Errorf("file %.100q lies more than %d folders deep", f.Name, maxDepth)
		case size > ratioChecks && size/maxRatio > f.CompressedSize64:
			return nil, fmt.Errorf("file %q unpacks from %d to %d bytes, which no picture or table does", f.Name, f.CompressedSize64, size)
		case size > maxTotal-total:
			return nil, fmt.Errorf("unpacks to more than %d bytes", int64(maxTotal))
		default:
			total += size
			seen[name] = true
		}
		for dir := path.Dir(name); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
		if len(folders) > maxFolders {
			return nil, fmt.Errorf("holds more than %d folders", maxFolders)
		}
	}
	return archive, nil
}
