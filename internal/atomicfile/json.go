package atomicfile

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// WriteJSON writes a value as indented JSON, and makes the file's folder first.
func WriteJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return Write(name, append(data, '\n'))
}
