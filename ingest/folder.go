package ingest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
)

// errNoPictures is a folder that holds none.
var errNoPictures = errors.New("the folder holds no pictures")

// FolderPictures lists the pictures of a folder and of those inside it, by path,
// with their hashes.
func FolderPictures(folder fs.FS) ([]*stimuli.Picture, error) {
	paths, err := listPictures(folder)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errNoPictures
	}
	pictures := make([]*stimuli.Picture, len(paths))
	for i, path := range paths {
		data, err := regular.Read(folder, path, maxPicture)
		if err != nil {
			return nil, fmt.Errorf("picture %s: %w", path, err)
		}
		pictures[i] = &stimuli.Picture{Path: path, Hash: sha256.Sum256(data), Bytes: int64(len(data))}
	}
	return pictures, nil
}
