// Package testengine opens the ONNX Runtime of this machine, for tests alone.
package testengine

import (
	"os"
	"testing"

	"github.com/akin-vision/akin"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/setup"
)

// Library finds the engine as akin does. A machine without it skips the test; a
// sweep over all reference networks (AKIN_REFERENCES), which is run for nothing
// else, fails there.
func Library(t testing.TB) model.Library {
	t.Helper()
	without := t.Skipf
	if os.Getenv("AKIN_REFERENCES") != "" {
		without = t.Fatalf
	}
	cache, err := setup.CacheDir()
	if err != nil {
		without("%v", err)
	}
	home := akin.Home{Cache: cache, WorkingDir: ".", ONNXRuntime: os.Getenv("AKIN_ONNXRUNTIME"), SetBy: "AKIN_ONNXRUNTIME"}
	library, err := home.FindLibrary()
	if err != nil {
		without("%v; run make setup", err)
	}
	return library
}

// Open loads the engine until the test ends.
func Open(t testing.TB) *model.Runtime {
	t.Helper()
	rt, err := model.LoadRuntime(Library(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return rt
}
