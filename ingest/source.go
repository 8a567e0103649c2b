package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/ingest/archive"
	"github.com/akin-vision/akin/internal/regular"
)

// Limits of what is read of a file, whatever it or its archive says of its size.
const (
	maxTable   = 256 << 20
	maxLine    = 16 << 20 // of a table of text
	maxPicture = 64 << 20
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
	files, err := archive.Read(f, size)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("archive %s: %w", name, err), f.Close())
	}
	return &Source{FS: files, close: f.Close}, nil
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
