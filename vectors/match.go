package vectors

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Problems are all faults of a table as features of some pictures.
type Problems []string

func (p Problems) Error() string { return strings.Join(p, "\n") }

// Match finds the row of each picture, by the picture's path, else its file name,
// else its file name without ending. Names of rows may be paths of another machine.
// Pictures without a row or with several, and rows that cannot be compared (not
// finite, or one value throughout), are [Problems], all at once. Rows of other
// pictures are left out; surplus counts them.
func (t *Table) Match(pictures []string) (rows []int, surplus int, err error) {
	var problems Problems
	keys := [3]map[string][]int{}
	for k := range keys {
		keys[k] = make(map[string][]int, len(t.Names))
		for i, name := range t.Names {
			key := keyOf(name, k)
			keys[k][key] = append(keys[k][key], i)
		}
	}
	rows = make([]int, len(pictures))
	used := make(map[int]string, len(pictures))
	v := make([]float32, t.Dim)
	for i, picture := range pictures {
		found := firstFound(keys, picture)
		switch {
		case len(found) == 0:
			problems = append(problems, fmt.Sprintf("picture %s has no row", picture))
			continue
		case len(found) > 1:
			problems = append(problems, fmt.Sprintf("picture %s has %d rows: %s", picture, len(found), t.list(found)))
			continue
		}
		rows[i] = found[0]
		if other, twice := used[found[0]]; twice && other != picture {
			problems = append(problems, fmt.Sprintf("row %d (%s) is that of two pictures: %s and %s", found[0]+1, t.Names[found[0]], other, picture))
		}
		used[found[0]] = picture
		t.Row(found[0], v)
		if why := unusable(v); why != "" {
			problems = append(problems, fmt.Sprintf("row %d (%s) %s", found[0]+1, t.Names[found[0]], why))
		}
	}
	if len(problems) > 0 {
		return nil, 0, problems
	}
	return rows, len(t.Names) - len(used), nil
}

// keyOf is what a name is found by: 0 its path, 1 its file name, 2 that without ending.
func keyOf(name string, k int) string {
	name = strings.ReplaceAll(name, "\\", "/")
	if k > 0 {
		name = path.Base(name)
	}
	if ending := path.Ext(name); k > 1 && slices.Contains(pictureEndings, strings.ToLower(ending)) {
		name = strings.TrimSuffix(name, ending)
	}
	return name
}

// pictureEndings are cut from names; another dot may belong to the name.
var pictureEndings = []string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm"}

// firstFound are the rows of a picture by the first way that finds any.
func firstFound(keys [3]map[string][]int, picture string) []int {
	for k := range keys {
		if found := keys[k][keyOf(picture, k)]; len(found) > 0 {
			return found
		}
	}
	return nil
}

func (t *Table) list(rows []int) string {
	const most = 3
	var names []string
	for _, i := range rows[:min(most, len(rows))] {
		names = append(names, fmt.Sprintf("row %d (%s)", i+1, t.Names[i]))
	}
	if len(rows) > most {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}
