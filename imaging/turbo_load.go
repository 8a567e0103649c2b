//go:build (linux || darwin) && (amd64 || arm64)

package imaging

import (
	"fmt"

	"github.com/ebitengine/purego"
)

// turboNames are what Linux distributions and Homebrew call the library.
var turboNames = []string{
	"libturbojpeg.so.0", "libturbojpeg.dylib",
	"/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib", "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib",
}

func loadTurbo(name string) (*turbo, error) {
	library, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err) // the system's text may be empty
	}
	t := &turbo{name: name}
	for symbol, function := range map[string]any{
		"tjInitDecompress": &t.initDecompress, "tjDestroy": &t.destroy, "tjDecompress2": &t.decompress,
	} {
		address, err := purego.Dlsym(library, symbol)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		purego.RegisterFunc(function, address)
	}
	return t, nil
}
