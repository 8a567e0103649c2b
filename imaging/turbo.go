package imaging

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path"
	"sync"
)

// turboVariable is the environment variable that names the TurboJPEG library to
// load, or says "none": decode JPEG in Go.
const turboVariable = "AKIN_TURBOJPEG"

// turbo is the TurboJPEG interface of libjpeg-turbo, loaded at run time. It only
// saves time: what it decodes are pixels of jpegDecoder.
type turbo struct {
	name    string // of the library
	missing error  // why there is none

	initDecompress func() uintptr
	destroy        func(handle uintptr) int32
	decompress     func(handle uintptr, data *byte, size uintptr, dst *byte, width, pitch, height, format, flags int32) int32
}

// openedTurbo loads the library once.
var openedTurbo = sync.OnceValue(func() *turbo {
	t, err := openTurbo(os.Getenv(turboVariable))
	if err == nil {
		err = t.prove()
	}
	if err != nil {
		return &turbo{missing: err}
	}
	return t
})

// openTurbo loads the named library, or the system's.
func openTurbo(name string) (*turbo, error) {
	if name == "none" {
		return nil, fmt.Errorf("%s=none", turboVariable)
	}
	names := turboNames
	if name != "" {
		names = []string{name}
	}
	var errs []error
	for _, name := range names {
		t, err := loadTurbo(name)
		if err == nil {
			return t, nil
		}
		errs = append(errs, err)
	}
	return nil, errs[0] // of the most usual name
}

// JPEGDecoder says in words which decoder reads JPEG on this machine. The pixels
// do not depend on it.
func JPEGDecoder() string {
	t := openedTurbo()
	if t.missing != nil {
		return fmt.Sprintf("in Go, slower: %v", t.missing)
	}
	return "by " + t.name
}

// decode returns nil where the pixels are not sure to be those of jpegDecoder,
// which then decides what becomes of the picture.
func (t *turbo) decode(data []byte) *Image {
	width, height, ok := plainJPEG(data)
	if !ok {
		return nil
	}
	return t.decompressed(data, width, height)
}

// decompressed returns nil where the library has a complaint.
func (t *turbo) decompressed(data []byte, width, height int) *Image {
	const (
		formatRGB     = 0 // TJPF_RGB
		accurateDCT   = 4096
		stopOnWarning = 8192
	)
	handle := t.initDecompress()
	if handle == 0 {
		return nil
	}
	defer t.destroy(handle)
	img := newImage(width, height)
	if t.decompress(handle, &data[0], uintptr(len(data)), &img.Pix[0], int32(width), int32(3*width), int32(height), formatRGB, accurateDCT|stopOnWarning) != 0 {
		return nil
	}
	return img
}

//go:embed testdata/pictures/420-61x43.jpg testdata/pictures/422-61x43.jpg testdata/pictures/444-61x43.jpg
//go:embed testdata/pictures/grey.jpg testdata/pictures/noise-420.jpg testdata/pictures/restart.jpg
var turboProofs embed.FS

// prove lets the library decode a few pictures: some build or successor of it
// may round otherwise.
func (t *turbo) prove() error {
	const folder = "testdata/pictures"
	files, err := turboProofs.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		data, err := turboProofs.ReadFile(path.Join(folder, f.Name()))
		if err != nil {
			return err
		}
		want, err := decodeJPEGInGo(data)
		if err != nil {
			return err
		}
		if got := t.decode(data); got == nil || !bytes.Equal(got.Pix, want.Pix) {
			return fmt.Errorf("%s decodes %s to other pixels", t.name, f.Name())
		}
	}
	return nil
}
