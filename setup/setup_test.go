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
