package tomlfile

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/pelletier/go-toml/v2"
)

// mismatch is a value of another kind than its key takes.
type mismatch struct{ *toml.DecodeError }

var (
	intoValue = regexp.MustCompile(`cannot decode TOML ([a-z-]+) into (?:struct field .* of type )?(\S+)$`)
	intoTable = regexp.MustCompile(`cannot store an? (array table|table) in an? (\S+)$`)
)

func (e *mismatch) Error() string {
	for _, form := range []*regexp.Regexp{intoValue, intoTable} {
		if found := form.FindStringSubmatch(e.DecodeError.Error()); found != nil {
			takes, has := wanted(found[2]), given(found[1])
			if has == "text" && takes == aText { // a struct, which has a name of its own
				takes = "a table"
			}
			return fmt.Sprintf("key %q takes %s, and has %s", strings.Join(e.Key(), "."), takes, has)
		}
	}
	return strings.TrimPrefix(e.DecodeError.Error(), "toml: ")
}

func (e *mismatch) Unwrap() error { return e.DecodeError }

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

// Unknown says that a key is not known, and which one of those that v has in its place
// was probably meant.
func Unknown(key toml.Key, v any) string {
	text := fmt.Sprintf("key %q is unknown", strings.Join(key, "."))
	of := reflect.TypeOf(v)
	for depth, name := range key {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			break
		}
		var known []string
		var next reflect.Type
		for _, field := range reflect.VisibleFields(of) {
			tag, _, _ := strings.Cut(field.Tag.Get("toml"), ",")
			if tag == "" {
				tag = strings.ToLower(field.Name)
			}
			if known = append(known, tag); tag == name {
				next = field.Type
			}
		}
		if next == nil {
			if near := english.Meant(name, known); near != "" {
				text += fmt.Sprintf("; did you mean %q?", strings.Join(append(append([]string{}, key[:depth]...), near), "."))
			}
			break
		}
		of = next
	}
	return text
}
