package stimuli

import (
	"embed"
	"io/fs"
)

//go:embed everyday everyday@1
var sets embed.FS

// Default is the set that a run without one is about.
const Default = "everyday"

// folders are the embedded sets by name. A set that changes keeps its earlier
// versions under name@version, to the byte, so that a published run can be
// repeated.
var folders = map[string]string{"everyday": "everyday", "everyday@1": "everyday@1", "everyday@2": "everyday"}

// EmbeddedNames lists the sets inside akin, earlier versions last.
func EmbeddedNames() []string { return []string{"everyday", "everyday@1"} }

// Embedded returns the folder of a set inside akin, nil where there is none
// of that name. Its pictures come from a collection, see [Collection].
func Embedded(name string) fs.FS {
	folder, known := folders[name]
	if !known {
		return nil
	}
	embedded, err := fs.Sub(sets, folder)
	if err != nil {
		panic(err) // a constant, valid path
	}
	return embedded
}
