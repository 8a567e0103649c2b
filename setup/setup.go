// Package setup fetches what akin needs and cannot carry inside: the ONNX
// Runtime library and the pictures of the embedded sets. It uses npm with the
// lock file embedded here, which pins versions and checks integrity.
package setup

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/rogpeppe/go-internal/lockedfile"
)

//go:embed package.json
var packageJSON []byte

//go:embed package-lock.json
var packageLock []byte

// collections are the named picture collections and where npm puts them.
var collections = map[string]string{
	"fluent-emoji-3d": "@lobehub/fluent-emoji-3d/assets",
}

// MissingPictures says that a collection's pictures are not on this machine.
type MissingPictures struct{ Collection string }

func (e *MissingPictures) Error() string {
	return fmt.Sprintf("the pictures of the collection %s are not on this machine", e.Collection)
}

// Pictures returns the folder of a picture collection: in the cache, or in the
// npm install of workingDir or one of its parents.
func Pictures(cache, workingDir, collection string) (string, error) {
	npm, known := collections[collection]
	if !known {
		return "", fmt.Errorf("the picture collection %q is unknown; akin knows fluent-emoji-3d", collection)
	}
	places := []string{copiedPictures(cache, collection)}
	for _, modules := range append([]string{nodeModules(cache)}, NodeModules(workingDir)...) {
		places = append(places, filepath.Join(modules, filepath.FromSlash(npm)))
	}
	for _, place := range places {
		if info, err := os.Stat(place); err == nil && info.IsDir() {
			return place, nil
		}
	}
	return "", &MissingPictures{collection}
}

// Options say where files come from on a machine without npm; with neither
// path, npm fetches both.
type Options struct {
	Cache       string
	ONNXRuntime string    // library file, or folder that holds it: copied
	Pictures    string    // folder of the collection's pictures: copied
	Output      io.Writer // npm's own output
}

// ErrNoNPM says that npm is not installed.
var ErrNoNPM = errors.New("npm was not found")

// Fetch fills the cache and reports whether it had to do anything. It is
// idempotent; after an interruption the next starts again. Two at the same
// time wait for each other.
func Fetch(ctx context.Context, o Options) (changed bool, err error) {
	if err := os.MkdirAll(o.Cache, 0o777); err != nil {
		return false, err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(o.Cache, "setup.lock")).Lock()
	if err != nil {
		return false, err
	}
	defer unlock()
	if o.ONNXRuntime != "" || o.Pictures != "" {
		return true, copyGiven(o)
	}
	if installed(o.Cache) {
		return false, nil
	}
	return true, npmInstall(ctx, o)
}

// installed reports whether the last npm install was of this lock file and its
// packages are still there.
func installed(cache string) bool {
	done, err := regular.ReadFile(filepath.Join(cache, stamp))
	if err != nil || string(done) != string(packageLock) {
		return false
	}
	var wanted struct{ Dependencies map[string]string }
	if err := json.Unmarshal(packageJSON, &wanted); err != nil {
		panic(err) // embedded
	}
	for name := range wanted.Dependencies {
		if _, err := os.Stat(filepath.Join(nodeModules(cache), filepath.FromSlash(name), "package.json")); err != nil {
			return false
		}
	}
	return true
}

func copyGiven(o Options) error {
	if o.ONNXRuntime != "" {
		if err := copyLibrary(o.ONNXRuntime, copiedLibrary(o.Cache)); err != nil {
			return err
		}
	}
	if o.Pictures == "" {
		return nil
	}
	return copyPictures(o.Pictures, copiedPictures(o.Cache, "fluent-emoji-3d"))
}

// copyLibrary copies a library under the name that akin looks for.
func copyLibrary(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		found, err := regular.Matching(from, "*onnxruntime*")
		if err != nil || len(found) == 0 {
			return fmt.Errorf("no ONNX Runtime library in %s; give the file, such as libonnxruntime.so.1", from)
		}
		from = found[0]
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	return copyFile(from, filepath.Join(to, libraryName(filepath.Base(from))))
}

// libraryName drops a full version: libonnxruntime.so.1.22.0 becomes libonnxruntime.so.1.
func libraryName(name string) string {
	if strings.HasPrefix(name, "libonnxruntime.so") {
		return "libonnxruntime.so.1"
	}
	if strings.HasSuffix(name, ".dylib") {
		return "libonnxruntime.1.dylib"
	}
	return name
}

func copyPictures(from, to string) error {
	files, err := regular.Matching(from, "*.webp")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no .webp pictures in %s; give the assets folder of @lobehub/fluent-emoji-3d", from)
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := copyFile(f, filepath.Join(to, filepath.Base(f))); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := regular.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return atomicfile.WriteFunc(to, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

// npmInstall installs what the embedded lock file names, and notes that it did.
func npmInstall(ctx context.Context, o Options) error {
	if _, err := exec.LookPath("npm"); err != nil {
		return ErrNoNPM
	}
	if err := os.Remove(filepath.Join(o.Cache, stamp)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := npmCI(ctx, o.Cache, packageJSON, packageLock, o.Output); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(o.Cache, stamp), packageLock)
}

// npmCI runs npm ci on a lock file in a folder; install scripts stay off, since one
// of them would load more from elsewhere.
func npmCI(ctx context.Context, folder string, manifest, lock []byte, output io.Writer) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return ErrNoNPM
	}
	for name, data := range map[string][]byte{"package.json": manifest, "package-lock.json": lock} {
		if err := atomicfile.Write(filepath.Join(folder, name), data); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, output, output
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("npm ci in %s: %w", folder, err)
	}
	return nil
}
