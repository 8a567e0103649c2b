package ingest

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// pictureFile is a picture of the source with what its name tells.
type pictureFile struct {
	path   string
	groups map[string]string // by the pattern that fits; nil where none does
	label  string            // by the table of labels, else by the pattern
	used   bool
}

// gallery finds the pictures that tables name.
type gallery struct {
	folder string
	files  []*pictureFile // in order of their paths
	byPath map[string]*pictureFile
	// byName are the ways to name a picture, the surest first. The first that
	// knows a name decides; if it knows several pictures, none is meant surely. Each is
	// made when it is asked: few archives are asked in all ways, and the names of many
	// pictures take gigabytes.
	byName [ways]map[string][]*pictureFile
	folded [ways]map[string][]*pictureFile // the same with fold, for names that are written otherwise
}

// fold makes equal what file systems and programs write differently: capital letters,
// as in .JPG for .jpg, and letters with their accents apart, as macOS writes them.
func fold(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// openGallery lists the pictures of a source but those to be ignored.
func openGallery(source fs.FS, m *Mapping) (*gallery, error) {
	var patterns []*regexp.Regexp
	for _, text := range m.Pictures.Patterns {
		pattern, err := m.compile(text)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, pattern)
	}
	paths, err := listPictures(source)
	if err != nil {
		return nil, err
	}
	g := &gallery{folder: strings.TrimSuffix(m.Pictures.Folder, "/"), byPath: map[string]*pictureFile{}}
	for _, p := range paths {
		if m.ignores(p) {
			continue
		}
		f := &pictureFile{path: p}
		if below, ok := g.below(p); ok {
			f.groups = match(patterns, below)
			f.label = f.groups["label"]
		}
		g.files = append(g.files, f)
		g.byPath[p] = f
	}
	return g, nil
}

// below is a path relative to the pictures' folder.
func (g *gallery) below(p string) (string, bool) {
	if g.folder == "" || g.folder == "." {
		return p, true
	}
	return strings.CutPrefix(p, g.folder+"/")
}

// ways is how many ways there are to name a picture.
const ways = 7

// byBase is the way by the name without folders.
const byBase = 4

// called is the name of a picture in a way.
func (g *gallery) called(f *pictureFile, way int) string {
	stem := func(p string) string { return strings.TrimSuffix(p, path.Ext(p)) }
	below, _ := g.below(f.path)
	switch way {
	case 0:
		return f.path
	case 1:
		return below
	case 2:
		return stem(f.path)
	case 3:
		return stem(below)
	case byBase:
		return path.Base(f.path)
	case 5:
		return stem(path.Base(f.path))
	}
	return f.groups["item"]
}

// named are the pictures by their names in a way.
func (g *gallery) named(way int) map[string][]*pictureFile {
	if g.byName[way] == nil {
		g.byName[way] = map[string][]*pictureFile{}
		for _, f := range g.files {
			if name := g.called(f, way); name != "" {
				g.byName[way][name] = append(g.byName[way][name], f)
			}
		}
	}
	return g.byName[way]
}

// namedFolded is named with fold.
func (g *gallery) namedFolded(way int) map[string][]*pictureFile {
	if g.folded[way] == nil {
		g.folded[way] = map[string][]*pictureFile{}
		names := g.named(way)
		for _, name := range slices.Sorted(maps.Keys(names)) { // so that messages are the same each time
			g.folded[way][fold(name)] = append(g.folded[way][fold(name)], names[name]...)
		}
	}
	return g.folded[way]
}

// find is the picture that a table calls name.
func (g *gallery) find(name string) (*pictureFile, error) {
	if name == "" {
		return nil, fmt.Errorf("names no picture")
	}
	clean := strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "./")
	for i, names := range []func(way int) map[string][]*pictureFile{g.named, g.namedFolded} {
		if i == 1 {
			clean = fold(clean)
		}
		for way := range ways {
			switch files := names(way)[clean]; len(files) {
			case 0:
			case 1:
				return files[0], nil
			default:
				return nil, fmt.Errorf("picture %q may be %s; name it by its path", name, some(files))
			}
		}
	}
	if others := g.named(byBase)[path.Base(clean)]; len(others) > 0 {
		return nil, fmt.Errorf("there is no picture %q; one of that name is %s", name, some(others))
	}
	return nil, fmt.Errorf("there is no picture %q", name)
}

// some names at most three pictures.
func some(files []*pictureFile) string {
	var names []string
	for i, f := range files {
		if i == 3 {
			names = append(names, fmt.Sprintf("%d more", len(files)-i))
			break
		}
		names = append(names, fmt.Sprintf("%q", f.path))
	}
	return strings.Join(names, " or ")
}

func (m *Mapping) ignores(p string) bool {
	return slices.ContainsFunc(m.Ignore, func(pattern string) bool {
		if strings.HasSuffix(pattern, "/") {
			return strings.HasPrefix(p, pattern)
		}
		whole, _ := path.Match(pattern, p)
		base, _ := path.Match(pattern, path.Base(p))
		return whole || base
	})
}

// groupNames are what a pattern can read from a path.
var groupNames = []string{"id", "role", "label", "relation", "distractor", "item"}

var groupOrStar = regexp.MustCompile(`\{[^{}]*\}|\*+`)

// compile makes a regular expression of a pattern such as {id}/{role}.jpg.
func (m *Mapping) compile(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	seen := map[string]bool{}
	rest := pattern
	for rest != "" {
		at := groupOrStar.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(rest[:at[0]]))
		token := rest[at[0]:at[1]]
		rest = rest[at[1]:]
		name := strings.Trim(token, "{}")
		switch {
		case token == "*":
			b.WriteString("[^/]*")
		case token[0] == '*':
			b.WriteString(".*")
		case name == "_":
			b.WriteString("[^/]+?")
		case !slices.Contains(groupNames, name):
			return nil, fmt.Errorf("pattern %q: group {%s} is unknown; there are %s and _", pattern, name, strings.Join(groupNames, ", "))
		case seen[name]:
			return nil, fmt.Errorf("pattern %q: group {%s} stands twice", pattern, name)
		case name == "role":
			fmt.Fprintf(&b, "(?P<role>%s)", strings.Join(m.roleWords(), "|"))
		default:
			fmt.Fprintf(&b, "(?P<%s>[^/]+?)", name)
		}
		seen[name] = name != "_"
	}
	b.WriteString(regexp.QuoteMeta(rest) + "$")
	return regexp.Compile(b.String())
}

// roleWords are the words for roles, longer ones first so that none is cut short.
func (m *Mapping) roleWords() []string {
	words := append(slices.Collect(maps.Keys(m.Roles)), roleNames...)
	slices.SortFunc(words, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	words = slices.Compact(words)
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return words
}

// match is what the first fitting pattern reads from a path.
func match(patterns []*regexp.Regexp, p string) map[string]string {
	for _, pattern := range patterns {
		found := pattern.FindStringSubmatch(p)
		if found == nil {
			continue
		}
		groups := map[string]string{}
		for i, name := range pattern.SubexpNames() {
			if name != "" {
				groups[name] = found[i]
			}
		}
		return groups
	}
	return nil
}
