package ingest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"golang.org/x/sync/errgroup"
)

// Plan is a set as it was understood, before anything is written.
type Plan struct {
	Triplets   []Triplet
	Odd        []OddRow  // of the task odd-one-out; Triplets are then empty
	Votes      []VoteRow // of the task votes, likewise
	Pictures   []Picture // those of triplets and judgements, in order of their paths
	Judgements []Judgement
	// Problems are all pictures and rows that could not be placed, by file and
	// line. Nothing of them is in the lists above.
	Problems stimuli.Problems
	// Notes say what was recognised, what was left out by rule, and what to look at.
	Notes []string
	// Unused are pictures that a table of triplets does not name, in folders from
	// which it takes others. Where names make triplets, they are problems.
	Unused []string

	source   fs.FS
	mapping  Mapping
	folder   string // of the set, for the pictures; empty where all stand in one of that name already
	previews []preview
}

// pictureFolder is where a set's pictures stand.
const pictureFolder = "pictures"

// Triplet is one trial as the layout gives it.
type Triplet struct {
	ID                   string
	Pictures             [3]string // paths in the source: target, related, unrelated
	Labels               [3]string
	Relation, Distractor string
	Ratings              [2]float64 // of related and unrelated; NaN where there is none
	Cluster              string     // the layout's own row or id, where it became several triplets
	Tags                 map[string]string
	At                   stimuli.Place
}

// Picture is one picture of the set.
type Picture struct {
	Path  string // in the source
	Label string
	Hash  stimuli.Hash
}

// Judgement is one person's rating of a pair of pictures.
type Judgement struct {
	Rater string
	Pair  [2]string // paths in the source
	Scale string
	Value float64
	At    stimuli.Place
}

// reader is what Understand works with.
type reader struct {
	mapping  Mapping
	source   fs.FS
	pictures *gallery
	problems problems
	plan     *Plan
	tags     []string // further columns of the table of triplets
	ratings  []rating

	grouped bool // names of pictures make the triplets

	unanswered, tied, few int // rows that were left out by rule
}

// Understand reads a source as a mapping says. An error means that the mapping
// cannot be meant or the source not be listed; all else is in Plan.Problems.
func Understand(source fs.FS, m Mapping) (*Plan, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	pictures, err := openGallery(source, &m)
	if err != nil {
		return nil, err
	}
	r := &reader{mapping: m, source: source, pictures: pictures, plan: &Plan{source: source}}
	r.readLabels()
	if err := r.readRows(); err != nil {
		return nil, err
	}
	r.readRatings()
	r.readJudgements()
	r.refuseCodes()
	r.examine()
	r.reportUnused()
	r.plan.mapping = r.mapping
	if slices.ContainsFunc(r.plan.Pictures, func(p Picture) bool { return !strings.HasPrefix(p.Path, pictureFolder+"/") }) {
		r.plan.folder = pictureFolder
	}
	r.plan.Problems = stimuli.Problems(r.problems)
	slices.SortStableFunc(r.plan.Problems, func(a, b stimuli.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return r.plan, nil
}

// readRows reads what people judged: a table, or the names of pictures.
func (r *reader) readRows() error {
	m := &r.mapping
	if file := m.Triplets.File; m.Judgements.File == "" && file != "" && (m.task() == stimuli.Matrix || isMatrixFile(file)) {
		m.Task, m.Judgements.File, m.Triplets.File = cmp.Or(m.Task, string(stimuli.Matrix)), file, ""
	}
	roles := slices.ContainsFunc(r.pictures.files, func(f *pictureFile) bool { return f.groups["role"] != "" })
	switch {
	case m.Triplets.File == "" && roles:
		r.groupPictures()
		return nil
	case m.task() == stimuli.Matrix && m.Judgements.File != "":
		return nil
	case m.Triplets.File == "" && len(m.Pictures.Patterns) > 0 && !exists(r.source, "triplets.csv"):
		if !slices.ContainsFunc(m.Pictures.Patterns, func(p string) bool { return strings.Contains(p, "{role}") }) {
			break
		}
		return fmt.Errorf("none of %d pictures fits %q with the roles %v", len(r.pictures.files), m.Pictures.Patterns, m.roleWords())
	case m.Triplets.File == "" && r.readBAPPS():
		return nil
	}
	if m.Triplets.File == "" {
		table, err := r.onlyTable()
		if err != nil {
			return err
		}
		if isMatrixFile(table) {
			m.Judgements.File = table
			m.Task = cmp.Or(m.Task, string(stimuli.Matrix))
			return nil
		}
		m.Triplets.File = table
	}
	r.readTriplets()
	return nil
}

// onlyTable is triplets.csv, or the only table at the top of the source that has a known
// form; the only table where the mapping says how to read it.
func (r *reader) onlyTable() (string, error) {
	if exists(r.source, "triplets.csv") {
		return "triplets.csv", nil
	}
	entries, err := fs.ReadDir(r.source, ".")
	if err != nil {
		return "", err
	}
	m := &r.mapping
	said := []string{m.Triplets.Names, m.Triplets.IndexMap, m.Triplets.Embedding, m.Labels.File, m.Ratings.File, m.Judgements.File}
	var tables, known []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && isTable(name) && !strings.HasPrefix(name, ".") && !slices.Contains(said, name) {
			tables = append(tables, name)
			if isMatrixFile(name) || r.hasForm(name) {
				known = append(known, name)
			}
		}
	}
	described := m.Triplets.namesColumns() || m.Triplets.Headless
	switch {
	case len(known) == 1:
		return known[0], nil
	case len(tables) == 1 && described:
		return tables[0], nil
	case len(known) > 1:
		return "", fmt.Errorf("there are %d tables of a known form: %s; name the one that is meant", len(known), strings.Join(known, ", "))
	}
	return "", fmt.Errorf("what makes a triplet is not said: name a table of triplets, or a pattern of the pictures' names such as {id}_{role}.jpg")
}

func exists(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// value translates a word for a relation or distractor.
func (r *reader) value(at stimuli.Place, column, word string) (string, bool) {
	meant, ok := r.mapping.value(column, word)
	if !ok {
		r.problems.add(at, "%s %q is unknown; say what it means by values, such as %s = %q, or %s = %q to keep it",
			column, word, word, akinValues[column][0], word, word)
	}
	return meant, ok
}

// add takes a triplet if its id is new.
func (r *reader) add(t Triplet, ids map[string]stimuli.Place) {
	if first, twice := ids[t.ID]; twice {
		r.problems.add(t.At, "id %q stands already at %s:%d", t.ID, first.File, first.Line)
		return
	}
	ids[t.ID] = t.At
	r.plan.Triplets = append(r.plan.Triplets, t)
}

// groupPictures makes triplets of the pictures that patterns give a role.
func (r *reader) groupPictures() {
	type group struct {
		roles map[string][]*pictureFile
	}
	r.grouped = true
	groups := map[string]*group{}
	var order []string
	for _, f := range r.pictures.files {
		role := r.mapping.role(f.groups["role"])
		if role == "" {
			continue
		}
		id := f.groups["id"]
		if groups[id] == nil {
			groups[id] = &group{roles: map[string][]*pictureFile{}}
			order = append(order, id)
		}
		groups[id].roles[role] = append(groups[id].roles[role], f)
		f.used = true // a faulty group is one problem, not one for each picture
	}
	r.previewPictures()
	ids := map[string]stimuli.Place{}
	for _, id := range order {
		g := groups[id].roles
		at := stimuli.Place{File: slices.Concat(g["target"], g["related"], g["unrelated"])[0].path}
		sound := true
		for _, role := range roleNames {
			switch n := len(g[role]); {
			case n == 0:
				r.problems.add(at, "id %q has no %s picture", id, role)
				sound = false
			case n > 1 && role != "unrelated":
				r.problems.add(at, "id %q has %d %s pictures: %s", id, n, role, some(g[role]))
				sound = false
			}
		}
		if !sound {
			continue
		}
		for i, unrelated := range g["unrelated"] {
			t := Triplet{ID: id, At: at, Ratings: unrated()}
			if len(g["unrelated"]) > 1 {
				t.ID, t.Cluster = fmt.Sprintf("%s-%d", id, i+1), id
			}
			files := [3]*pictureFile{g["target"][0], g["related"][0], unrelated}
			for j, f := range files {
				t.Pictures[j], t.Labels[j] = f.path, f.label
			}
			var known [2]bool
			t.Relation, known[0] = r.value(at, "relation", firstGroup("relation", files[1], files[0]))
			t.Distractor, known[1] = r.value(at, "distractor", firstGroup("distractor", unrelated, files[0]))
			if known[0] && known[1] {
				r.add(t, ids)
			}
		}
	}
}

// firstGroup is the first of the pictures' groups of a name that says something.
func firstGroup(name string, files ...*pictureFile) string {
	for _, f := range files {
		if f.groups[name] != "" {
			return f.groups[name]
		}
	}
	return ""
}

func unrated() [2]float64 { return [2]float64{math.NaN(), math.NaN()} }

// examine hashes and decodes every picture that is used, and drops the triplets
// and judgements that cannot stand.
func (r *reader) examine() {
	used := map[string]bool{}
	for _, t := range r.plan.Triplets {
		for _, p := range t.Pictures {
			used[p] = true
		}
	}
	for _, j := range r.plan.Judgements {
		used[j.Pair[0]], used[j.Pair[1]] = true, true
	}
	for _, o := range r.plan.Odd {
		used[o.Pictures[0]], used[o.Pictures[1]], used[o.Pictures[2]] = true, true, true
	}
	for _, v := range r.plan.Votes {
		used[v.Pictures[0]], used[v.Pictures[1]], used[v.Pictures[2]] = true, true, true
	}
	var files []*pictureFile
	for _, f := range r.pictures.files {
		if used[f.path] {
			f.used = true
			files = append(files, f)
		}
	}
	hashes, faults := make([]stimuli.Hash, len(files)), make([]error, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for i, f := range files {
		g.Go(func() error {
			data, err := regular.Read(r.source, f.path, maxPicture)
			if err == nil {
				hashes[i] = sha256.Sum256(data)
				_, err = imaging.Decode(data, 0)
			}
			faults[i] = err
			return nil
		})
	}
	g.Wait()
	hash := map[string]stimuli.Hash{} // of sound pictures
	for i, f := range files {
		if faults[i] != nil {
			r.problems.add(stimuli.Place{File: f.path}, "is no picture that akin reads: %v", faults[i])
			continue
		}
		hash[f.path] = hashes[i]
		r.plan.Pictures = append(r.plan.Pictures, Picture{f.path, f.label, hashes[i]})
	}
	r.dropTriplets(hash)
	r.dropRows(hash)
	r.plan.Judgements = slices.DeleteFunc(r.plan.Judgements, func(j Judgement) bool {
		return !has(hash, j.Pair[:]...)
	})
}

func has(sound map[string]stimuli.Hash, paths ...string) bool {
	return !slices.ContainsFunc(paths, func(p string) bool { _, ok := sound[p]; return !ok })
}

func (r *reader) dropTriplets(hash map[string]stimuli.Hash) {
	r.plan.Triplets = slices.DeleteFunc(r.plan.Triplets, func(t Triplet) bool {
		if !has(hash, t.Pictures[:]...) {
			r.problems.add(t.At, "triplet %q has a picture that akin cannot read", t.ID)
			return true
		}
		for _, pair := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
			a, b := t.Pictures[pair[0]], t.Pictures[pair[1]]
			if hash[a] == hash[b] {
				r.problems.add(t.At, "%s and %s of triplet %q are the same picture, %q and %q", roleNames[pair[0]], roleNames[pair[1]], t.ID, a, b)
				return true
			}
		}
		return false
	})
}

// reportUnused finds pictures that nothing uses.
func (r *reader) reportUnused() {
	folders := map[string]bool{}
	for _, f := range r.pictures.files {
		if f.used {
			folders[path.Dir(f.path)] = true
		}
	}
	for _, f := range r.pictures.files {
		_, below := r.pictures.below(f.path)
		switch {
		case f.used || !below:
		case r.grouped:
			r.problems.add(stimuli.Place{File: f.path}, "belongs to no triplet: no pattern fits its name")
		case folders[path.Dir(f.path)]:
			r.plan.Unused = append(r.plan.Unused, f.path)
		}
	}
}
