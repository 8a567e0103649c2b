package stimuli

import (
	"embed"
	"io/fs"
)

//go:embed everyday
var sets embed.FS

// EmbeddedNames lists the sets inside akin.
func EmbeddedNames() []string { return []string{"everyday"} }

// Embedded returns the folder of a set inside akin, nil where there is none
// of that name. Its pictures come from a collection, see [Collection].
func Embedded(name string) fs.FS {
	for _, known := range EmbeddedNames() {
		if name == known {
			folder, err := fs.Sub(sets, name)
			if err != nil {
				panic(err) // a constant, valid path
			}
			return folder
		}
	}
	return nil
}
