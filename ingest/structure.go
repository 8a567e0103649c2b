package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/akin-vision/akin/vectors"
)

// structures are the matrices that stand in one field of a structure of MATLAB, or of
// each element of an array of structures: such as rdms(1).RDM, rdms(2).RDM of 16 people.
type structures struct {
	field    string
	contents []vectors.Content
	people   []string // by content, empty where the structure names nobody
}

var element = regexp.MustCompile(`\(\d+\)`)

// fieldsOf leaves the variables of a file that are no fields. Where array names a field,
// such as BEHAVIOR.set1.distances or rdms.RDM, it returns this instead, and who the
// fields name beside it are of.
func fieldsOf(contents []vectors.Content, array string) (variables []vectors.Content, named *structures) {
	found := structures{field: array}
	person := map[string]string{}
	for _, c := range contents {
		if owner, is := owned(c.Name, "name"); is && len(c.Text) == 1 {
			person[owner] = c.Text[0]
		}
	}
	for _, c := range contents {
		switch {
		case !c.Field():
			variables = append(variables, c)
		case array != "" && element.ReplaceAllString(c.Name, "") == array:
			owner, _ := owned(c.Name, "")
			found.contents, found.people = append(found.contents, c), append(found.people, person[owner])
		}
	}
	if found.contents == nil {
		return variables, nil
	}
	return nil, &found
}

// insideOf says what fields a structure has.
func insideOf(name string, contents []vectors.Content) string {
	var fields []string
	for _, c := range contents {
		plain := element.ReplaceAllString(c.Name, "")
		if field := fmt.Sprintf("%s %v", plain, c.Shape); strings.HasPrefix(plain, name+".") && c.Number != nil && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	if fields == nil {
		return " (a kind that akin does not read; save the array inside as a variable)"
	}
	return fmt.Sprintf(" (a structure; sheet can name a field: %s)", strings.Join(fields[:min(5, len(fields))], ", "))
}

// owned is the structure that a field stands in, and whether the field has that name;
// of an empty name all fields do.
func owned(full, name string) (owner string, is bool) {
	for i := len(full) - 1; i >= 0; i-- {
		if full[i] == '.' {
			return full[:i], name == "" || full[i+1:] == name
		}
	}
	return "", false
}

// matrices are those of all elements; their people are as the structures name them, else
// numbered.
func (s *structures) matrices(file string, names int) (list []personMatrix, err error) {
	for i, c := range s.contents {
		found := matricesOf(file, c, names)
		if found == nil {
			return nil, fmt.Errorf("%s %v is no matrix or vector of pairs", c.Name, c.Shape)
		}
		for k := range found {
			switch {
			case len(s.contents) == 1:
			case s.people[i] == "":
				found[k].person = fmt.Sprintf("%s-%d", personOf(file), len(list)+1)
			case len(found) > 1:
				found[k].person = fmt.Sprintf("%s-%d", s.people[i], k+1)
			default:
				found[k].person = s.people[i]
			}
		}
		list = append(list, found...)
	}
	return list, nil
}
