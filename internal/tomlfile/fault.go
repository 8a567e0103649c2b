package tomlfile

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/pelletier/go-toml/v2"
)

// Fault is one thing that is wrong with a file.
type Fault struct {
	Line    int // 0: the whole file
	What    string
	Unknown bool // a key that is not known; the others were read
}

// Faults are all that is wrong with a file.
type Faults []Fault

func (f Faults) Error() string { return f.In("") }

// In is Error for a file with a name: its lines read NAME:3: what.
func (f Faults) In(file string) string {
	lines := make([]string, len(f))
	for i, fault := range f {
		switch {
		case file != "" && fault.Line > 0:
			lines[i] = fmt.Sprintf("%s:%d: %s", file, fault.Line, fault.What)
		case file != "":
			lines[i] = file + ": " + fault.What
		case fault.Line > 0:
			lines[i] = fmt.Sprintf("line %d: %s", fault.Line, fault.What)
		default:
			lines[i] = fault.What
		}
	}
	return strings.Join(lines, "\n")
}

var (
	intoValue = regexp.MustCompile(`cannot decode TOML ([a-z-]+) into (?:struct field .* of type )?(\S+)$`)
	intoTable = regexp.MustCompile(`cannot store an? (array table|table) in an? (\S+)$`)
)

// mismatch says which value is of another kind than its key takes.
func mismatch(err *toml.DecodeError) string {
	for _, form := range []*regexp.Regexp{intoValue, intoTable} {
		if found := form.FindStringSubmatch(err.Error()); found != nil {
			takes, has := wanted(found[2]), given(found[1])
			if has == "text" && takes == aText { // a struct, which has a name of its own
				takes = "a table"
			}
			return fmt.Sprintf("key %q takes %s, and has %s", strings.Join(err.Key(), "."), takes, has)
		}
	}
	return strings.TrimPrefix(err.Error(), "toml: ")
}

// given is what stands in the file.
func given(kind string) string {
	switch kind {
	case "string":
		return "text"
	case "integer", "float":
		return "a number"
	case "boolean":
		return "true or false"
	case "array", "array table":
		return "a list"
	case "table":
		return "a table"
	}
	return "a " + kind
}

const aText = "text in quotation marks"

// wanted is what a Go type is in a file.
func wanted(goType string) string {
	switch kind := strings.TrimLeft(goType, "*"); {
	case strings.HasPrefix(kind, "[]"):
		return "a list"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "struct", strings.HasPrefix(kind, "map["):
		return "a table"
	}
	return aText
}

// maxKey bounds a key in a message.
const maxKey = 60

// unknownKey says that a key is not known, and which one of those that v has in its place
// was probably meant, or all of them.
func unknownKey(key toml.Key, v any) string {
	of := reflect.TypeOf(v)
	for depth, name := range key {
		known, next := keysOf(of, name)
		if next != nil {
			of = next
			continue
		}
		text := fmt.Sprintf("key %q is unknown", shortened(strings.Join(key, ".")))
		if near := english.Meant(name, known); near != "" {
			return text + fmt.Sprintf("; did you mean %q?", strings.Join(append(slices.Clone(key[:depth]), near), "."))
		}
		if len(known) == 0 {
			return text
		}
		place := ""
		if depth > 0 {
			place = fmt.Sprintf(" of %q", strings.Join(key[:depth], "."))
		}
		return text + fmt.Sprintf("; the keys%s are %s", place, strings.Join(known, ", "))
	}
	return fmt.Sprintf("key %q is unknown", shortened(strings.Join(key, ".")))
}

func shortened(key string) string {
	if len(key) > maxKey {
		return strings.ToValidUTF8(key[:maxKey], "") + "..."
	}
	return key
}

// keysOf lists the keys of a table that is read into a value of the type, and gives the
// type of the named one.
func keysOf(of reflect.Type, name string) (known []string, next reflect.Type) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return nil, nil
	}
	for _, field := range reflect.VisibleFields(of) {
		tag, _, _ := strings.Cut(field.Tag.Get("toml"), ",")
		if !field.IsExported() || tag == "-" || (field.Anonymous && tag == "") {
			continue
		}
		if tag == "" {
			tag = strings.ToLower(field.Name)
		}
		if known = append(known, tag); tag == name {
			next = field.Type
		}
	}
	return known, next
}
