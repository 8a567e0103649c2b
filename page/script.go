package page

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// Script is the script of a page, made of parts.
type Script string

// The parts that pages share: dom makes elements, csv a file to keep,
// kept what outlives the page, numbers text.
//
//go:embed dom.js csv.js kept.js numbers.js
var parts embed.FS

// NewScript joins parts in the order in which they are named, each a file
// NAME.js of files, or of those that all pages share. A part is one constant of
// its own name, a function's result, so that all else in it is out of reach of
// the others; it may use the parts named before it.
func NewScript(files fs.FS, names ...string) (Script, error) {
	var all strings.Builder
	all.WriteString("\"use strict\";\n")
	for _, name := range names {
		text, err := parts.ReadFile(name + ".js")
		if err != nil {
			text, err = fs.ReadFile(files, name+".js")
		}
		if err != nil {
			return "", err
		}
		if !strings.Contains(string(text), "\nconst "+name+" = (() => {\n") {
			return "", fmt.Errorf("%s.js does not define the constant %s", name, name)
		}
		all.Write(text)
	}
	return Script(all.String()), nil
}

// mustScript is NewScript for parts that are embedded, where only a mistake in
// the program can be at fault.
func mustScript(files fs.FS, names ...string) Script {
	script, err := NewScript(files, names...)
	if err != nil {
		panic(err)
	}
	return script
}
