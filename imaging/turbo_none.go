//go:build !((linux || darwin) && (amd64 || arm64))

package imaging

import "errors"

var turboNames = []string{"libturbojpeg"}

func loadTurbo(name string) (*turbo, error) {
	return nil, errors.New(name + ": libraries are not loaded on this system")
}
