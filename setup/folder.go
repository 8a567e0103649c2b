package setup

import (
	"fmt"
	"os"
	"path/filepath"
)

// CacheDir is the folder for fetched files and features: AKIN_CACHE, or akin
// in the user's cache folder.
func CacheDir() (string, error) {
	if dir := os.Getenv("AKIN_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder: %w; set AKIN_CACHE to a folder", err)
	}
	return filepath.Join(dir, "akin"), nil
}

// stamp, in the cache, holds the lock file of the last finished npm install.
const stamp = "installed-package-lock.json"

// nodeModules is where npm installs packages for a folder.
func nodeModules(folder string) string { return filepath.Join(folder, "node_modules") }

// NodeModules lists where npm installs packages for a folder and its parents,
// the nearest first.
func NodeModules(folder string) (list []string) {
	for folder != "" {
		list = append(list, nodeModules(folder))
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	return list
}

// LibraryFolders are where Fetch puts ONNX Runtime in the cache: among the
// packages of npm, or as a copy of a given file.
func LibraryFolders(cache string) []string {
	if cache == "" {
		return nil
	}
	return []string{nodeModules(cache), copiedLibrary(cache)}
}

func copiedLibrary(cache string) string { return filepath.Join(cache, "lib") }

func copiedPictures(cache, collection string) string {
	return filepath.Join(cache, "pictures", collection)
}
