package model

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// Places are where the ONNX Runtime library is looked for, in this order: an
// explicit path, beside akin's binary, akin's cache, the project's npm
// install, the system.
type Places struct {
	Explicit     string // a flag's or environment variable's value: file, or folder that holds it
	ExplicitName string // what set it, for messages: "--onnxruntime", "AKIN_ONNXRUNTIME"
	// Folders of akin's cache and of the project, each with the library in it or
	// with npm's package onnxruntime-node.
	Cache, Project []string
}

// Library is a found ONNX Runtime shared library.
type Library struct {
	Path   string `json:"path"`
	Origin string `json:"origin"` // which of the Places it came from
}

// ErrNoLibrary says that ONNX Runtime was found nowhere.
var ErrNoLibrary = errors.New("the ONNX Runtime library was not found")

// npmLibrary is the library's place inside the npm package onnxruntime-node 1.30.0.
func npmLibrary(nodeModules string) string {
	system := map[string]string{"windows": "win32"}[runtime.GOOS]
	if system == "" {
		system = runtime.GOOS
	}
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	return filepath.Join(nodeModules, "onnxruntime-node", "bin", "napi-v6", system, arch, libraryNames()[0])
}

// libraryNames are the file names under which the library is shipped, npm's first.
func libraryNames() []string {
	switch runtime.GOOS {
	case "windows":
		return []string{"onnxruntime.dll"}
	case "darwin":
		return []string{"libonnxruntime.1.dylib", "libonnxruntime.dylib"}
	default:
		return []string{"libonnxruntime.so.1", "libonnxruntime.so"}
	}
}

// FindLibrary returns the first library that Places lead to, or an error
// wrapping ErrNoLibrary. An explicit place that holds no library is an error
// of its own: falling through would run another engine than the one asked for.
func FindLibrary(p Places) (Library, error) {
	if p.Explicit != "" {
		if file, ok := libraryAt(p.Explicit); ok {
			return Library{file, p.ExplicitName}, nil
		}
		return Library{}, fmt.Errorf("%s: no ONNX Runtime library at %s (wanted %s or a folder that holds it)",
			p.ExplicitName, p.Explicit, strings.Join(libraryNames(), " or "))
	}
	if binary, err := os.Executable(); err == nil {
		if file, ok := libraryAt(filepath.Dir(binary)); ok {
			return Library{file, "beside the binary"}, nil
		}
	}
	for _, searched := range []struct {
		folders []string
		origin  string
	}{{p.Cache, "akin's cache"}, {p.Project, "the project's npm install"}, {systemFolders(), "the system"}} {
		for _, folder := range searched.folders {
			for _, place := range []string{npmLibrary(folder), folder} {
				if file, ok := libraryAt(place); ok {
					return Library{file, searched.origin}, nil
				}
			}
		}
	}
	return Library{}, ErrNoLibrary
}

func libraryAt(place string) (string, bool) {
	info, err := os.Stat(place)
	if err != nil {
		return "", false
	}
	if info.Mode().IsRegular() {
		return place, true
	}
	for _, name := range libraryNames() {
		file := filepath.Join(place, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
	}
	return "", false
}

func systemFolders() []string {
	switch runtime.GOOS {
	case "darwin":
		return []string{"/opt/homebrew/lib", "/usr/local/lib"}
	case "windows":
		return nil // the system folder holds an old copy of Windows' own
	default:
		multiarch := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
		return []string{"/usr/local/lib", "/usr/lib/" + multiarch, "/usr/lib64", "/usr/lib"}
	}
}

// Runtime is a loaded engine. One process loads at most one.
type Runtime struct {
	Library  Library
	Version  string   // of ONNX Runtime, such as "1.30.0"
	Provider Provider // where networks run that are opened from now on
}

// LoadRuntime loads the engine of lib. Close it when its sessions are closed.
func LoadRuntime(lib Library) (*Runtime, error) {
	ort.SetSharedLibraryPath(lib.Path)
	// What the engine would print itself, names of nodes raw among it, its errors say too.
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil {
		return nil, fmt.Errorf("load ONNX Runtime from %s: %w", lib.Path, err)
	}
	if err := ort.DisableTelemetry(); err != nil {
		ort.DestroyEnvironment()
		return nil, fmt.Errorf("load ONNX Runtime from %s: %w", lib.Path, err)
	}
	return &Runtime{Library: lib, Version: ort.GetVersion()}, nil
}

// Engine names what computes a network's features, for keys and records.
func (r *Runtime) Engine() string { return r.EngineName() + "-" + r.Provider.String() }

// EngineName is the engine with its version, on whatever it runs.
func (r *Runtime) EngineName() string { return "onnxruntime-" + r.Version }

// IsCurrent reports whether a key's engine is that of the baselines inside akin,
// or the named engine, on whatever it ran; an empty name stands for any.
func IsCurrent(engine, name string) bool {
	return engine == baselineEngine || strings.HasPrefix(engine, cmp.Or(name, "onnxruntime")+"-")
}

// Close unloads the engine.
func (r *Runtime) Close() error { return ort.DestroyEnvironment() }
