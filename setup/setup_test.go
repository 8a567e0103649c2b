package setup

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInstalledNoticesWhatIsGone(t *testing.T) {
	cache := t.TempDir()
	write := func(name string, data []byte) {
		t.Helper()
		file := filepath.Join(cache, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"onnxruntime-node", "@lobehub/fluent-emoji-3d"} {
		write("node_modules/"+name+"/package.json", nil)
	}
	if installed(cache) {
		t.Error("installed without the stamp of a finished install")
	}
	write(stamp, packageLock)
	if !installed(cache) {
		t.Error("not installed, with stamp and packages")
	}
	if err := os.RemoveAll(filepath.Join(cache, "node_modules", "onnxruntime-node")); err != nil {
		t.Fatal(err)
	}
	if installed(cache) {
		t.Error("installed without ONNX Runtime")
	}
	write("node_modules/onnxruntime-node/package.json", nil)
	write(stamp, append(packageLock, '\n'))
	if installed(cache) {
		t.Error("installed from another lock file")
	}
}

// TestPicturesAreFoundInOrder proves that a copy in the cache comes before the
// cache's packages, and these before those of the working folder's parents.
func TestPicturesAreFoundInOrder(t *testing.T) {
	cache, project := t.TempDir(), t.TempDir()
	working := filepath.Join(project, "a", "b")
	if found, err := Pictures(cache, working, "fluent-emoji-3d"); err == nil {
		t.Errorf("found %s, want an error: there are none", found)
	}
	packaged := filepath.Join("node_modules", "@lobehub", "fluent-emoji-3d", "assets")
	for _, want := range []string{filepath.Join(project, packaged), filepath.Join(cache, packaged), filepath.Join(cache, "pictures", "fluent-emoji-3d")} {
		if err := os.MkdirAll(want, 0o777); err != nil {
			t.Fatal(err)
		}
		if found, err := Pictures(cache, working, "fluent-emoji-3d"); err != nil || found != want {
			t.Errorf("found %q (error %v), want %q", found, err, want)
		}
	}
}
