package ingest

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
)

// Limits of what is read. An archive may say what it likes of its sizes: every
// file is read through these too.
const (
	maxTable   = 256 << 20
	maxPicture = 64 << 20
	maxFiles   = 1_000_000
	maxTotal   = 64 << 30
	// maxRatio bounds how far an archive's large files may be packed: tables
	// shrink tenfold or twentyfold, bombs a thousandfold.
	maxRatio    = 200
	ratioChecks = 1 << 20 // below this size a file may be packed as it likes
)

// Source is a layout's files.
type Source struct {
	FS    fs.FS
	Table string // the table that was named, where it was no folder or archive

	close func() error
}

// Close lets go of the files.
func (s *Source) Close() error { return s.close() }

// Open opens a folder, a .zip archive, or a table, whose folder is then the
// source. Nothing outside is ever read: not by a name in an archive, not by a
// symbolic link. An archive with names that lead outside, or that unpacks to
// more than akin reads, is refused.
func Open(name string) (*Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case info.IsDir():
		return openFolder(name, "")
	case ext == ".zip":
		return openArchive(name)
	case isTable(name):
		return openFolder(filepath.Dir(name), filepath.Base(name))
	default:
		return nil, fmt.Errorf("%s is neither a folder, a .zip archive nor a table (%s)", name, strings.Join(tableExtensions, ", "))
	}
}

func openFolder(folder, table string) (*Source, error) {
	root, err := regular.OpenFolder(folder)
	if err != nil {
		return nil, err
	}
	return &Source{FS: root, Table: table, close: root.Close}, nil
}

func openArchive(name string) (*Source, error) {
	f, size, err := regular.OpenSized(name)
	if err != nil {
		return nil, err
	}
	archive, err := readArchive(f, size)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("archive %s: %w", name, err), f.Close())
	}
	return &Source{FS: archive, close: f.Close}, nil
}

func readArchive(r io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	return archive, checkArchive(archive)
}

func checkArchive(archive *zip.Reader) error {
	if len(archive.File) > maxFiles {
		return fmt.Errorf("holds %d files, the limit is %d", len(archive.File), maxFiles)
	}
	var total uint64
	seen := map[string]bool{}
	for _, f := range archive.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch size := f.UncompressedSize64; {
		case !fs.ValidPath(name) || strings.Contains(name, `\`):
			return fmt.Errorf("file %q is not a path inside the archive (a/b.jpg, without .., leading / or backslash)", f.Name)
		case seen[name]:
			return fmt.Errorf("file %q stands twice", f.Name)
		case size > ratioChecks && size/maxRatio > f.CompressedSize64:
			return fmt.Errorf("file %q unpacks from %d to %d bytes, which no picture or table does", f.Name, f.CompressedSize64, size)
		case size > maxTotal-total:
			return fmt.Errorf("unpacks to more than %d bytes", int64(maxTotal))
		default:
			total += size
			seen[name] = true
		}
	}
	return nil
}

// pictureExtensions are those that name a picture; whether it is one, decoding tells.
var pictureExtensions = map[string]bool{
	".jpg": true, ".jpeg": true, ".jpe": true, ".png": true, ".webp": true, ".gif": true, ".bmp": true, ".tif": true, ".tiff": true,
}

// listPictures lists the pictures of a source in order, without hidden files and
// what archivers add.
func listPictures(source fs.FS) ([]string, error) {
	var list []string
	err := fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
		case strings.HasPrefix(entry.Name(), ".") || entry.Name() == "__MACOSX":
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && pictureExtensions[strings.ToLower(path.Ext(name))]:
			list = append(list, name)
		}
		return nil
	})
	return list, err
}
