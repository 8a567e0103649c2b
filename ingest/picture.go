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
	// knows a name decides; if it knows several pictures, none is meant surely.
	byName []map[string][]*pictureFile
	folded []map[string][]*pictureFile // the same with fold, for names that are written otherwise
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
	g.index()
	return g, nil
}

// below is a path relative to the pictures' folder.
func (g *gallery) below(p string) (string, bool) {
	if g.folder == "" || g.folder == "." {
		return p, true
	}
	return strings.CutPrefix(p, g.folder+"/")
}

func (g *gallery) index() {
	stem := func(p string) string { return strings.TrimSuffix(p, path.Ext(p)) }
	ways := []func(f *pictureFile) string{
		func(f *pictureFile) string { return f.path },
		func(f *pictureFile) string { below, _ := g.below(f.path); return below },
		func(f *pictureFile) string { return stem(f.path) },
		func(f *pictureFile) string { below, _ := g.below(f.path); return stem(below) },
		func(f *pictureFile) string { return path.Base(f.path) },
		func(f *pictureFile) string { return stem(path.Base(f.path)) },
		func(f *pictureFile) string { return f.groups["item"] },
	}
	for _, way := range ways {
		names := map[string][]*pictureFile{}
		for _, f := range g.files {
			if name := way(f); name != "" {
				names[name] = append(names[name], f)
			}
		}
		g.byName = append(g.byName, names)
		folded := map[string][]*pictureFile{}
		for _, name := range slices.Sorted(maps.Keys(names)) { // so that messages are the same each time
			folded[fold(name)] = append(folded[fold(name)], names[name]...)
		}
		g.folded = append(g.folded, folded)
	}
}

// find is the picture that a table calls name.
func (g *gallery) find(name string) (*pictureFile, error) {
	if name == "" {
		return nil, fmt.Errorf("names no picture")
	}
	clean := strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "./")
	for i, ways := range [][]map[string][]*pictureFile{g.byName, g.folded} {
		if i == 1 {
			clean = fold(clean)
		}
		for _, names := range ways {
			switch files := names[clean]; len(files) {
			case 0:
			case 1:
				return files[0], nil
			default:
				return nil, fmt.Errorf("picture %q may be %s; name it by its path", name, some(files))
			}
		}
	}
	if others := g.byName[4][path.Base(clean)]; len(others) > 0 {
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
