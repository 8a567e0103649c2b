package stimuli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/internal/regular"
	"golang.org/x/sync/errgroup"
)

// Options say how strictly Read looks at pictures; the zero value hashes them.
type Options struct {
	// MaxPictureBytes bounds one picture file; 0 means 64 MiB.
	MaxPictureBytes int64
	// CheckPicture, where given, judges a picture file's bytes (imaging.Check);
	// its error becomes a problem of every line that names the picture.
	CheckPicture func(data []byte) error
	// NamesSuffice accepts pictures that are not there: their hash is then that of
	// their path. It is for runs on features alone.
	NamesSuffice bool
	// AnyTask reads sets of other tasks than Related, which are a TaskError without it.
	AnyTask bool
}

const defaultMaxPicture = 64 << 20

// Known columns; any other of triplets.csv is kept as a tag.
var (
	tripletColumns = columns{
		required: []string{"id", "target", "related", "unrelated"},
		optional: []string{
			"relation", "distractor", "rating_related", "rating_unrelated",
			"target_label", "related_label", "unrelated_label",
		},
	}
	pictureColumns = columns{required: []string{"path"}, optional: []string{"label", "sha256", "category", "item"}}
	ratingColumns  = columns{required: []string{"rater", "picture_a", "picture_b", "value"}, optional: []string{"scale"}}
)

// reader gathers one set and its problems.
type reader struct {
	set        *Set
	manifest   manifest
	declared   bool // the manifest could be read
	pictures   fs.FS
	options    Options
	problems   Problems
	byPath     map[string]*Picture
	mentions   map[string][]Place // where each picture path stands
	mentioned  []string           // their order of first appearance
	listed     map[string]string  // label by path, from pictures.csv
	listedHash map[string]string  // sha256 by path, from pictures.csv
	categories map[string]string  // likewise
	items      map[string]string  // likewise
	named      map[string]bool    // items
	places     map[string]int32   // of each path in mentioned, for sets of trials
	numbered   bool               // judgements name pictures by number
	cells      []cellOf           // of matrices
	ratings    []ratingPlace
	digest     [][]byte
}

// Read reads the set in folder and hashes its pictures. pictures is where the
// picture paths lead; nil means folder itself. A set with faults returns them
// all as Problems. Use os.Root.FS for folders of unknown origin: a path that
// leads outside is then refused even through a symbolic link.
func Read(folder, pictures fs.FS, o Options) (*Set, error) {
	if pictures == nil {
		pictures = folder
	}
	if o.MaxPictureBytes == 0 {
		o.MaxPictureBytes = defaultMaxPicture
	}
	r := &reader{
		set: &Set{Task: Related, RatingMin: math.Inf(-1), RatingMax: math.Inf(1)}, pictures: pictures, options: o,
		byPath: map[string]*Picture{}, mentions: map[string][]Place{},
		listed: map[string]string{}, listedHash: map[string]string{}, categories: map[string]string{}, items: map[string]string{}, named: map[string]bool{}, places: map[string]int32{},
	}
	r.readManifest(folder)
	if r.set.Task != Related && !o.AnyTask && len(r.problems) == 0 {
		return nil, &TaskError{r.set.Name, r.set.Task, Related}
	}
	r.readPictures(folder)
	if r.set.Task == Related {
		r.readTriplets(folder)
		r.readRatings(folder)
	} else {
		r.readTask(filesOf{folder})
	}
	r.checkCodes()
	r.doubtBase()
	r.hashPictures()
	r.checkTriplets()
	r.mergeCopies()
	r.fillItems()
	r.fillMatrices()
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	r.set.Digest = r.digestSet()
	return r.set, nil
}

// optionalTable reads a table of the set; nil where it is missing or has faults.
func (r *reader) optionalTable(folder fs.FS, file string, want columns) *table {
	if _, err := fs.Stat(folder, file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	t, data := readTable(folder, file, &r.problems, want)
	r.digest = append(r.digest, data)
	return t
}

// readPictures reads the optional pictures.csv.
func (r *reader) readPictures(folder fs.FS) {
	const file = "pictures.csv"
	t := r.optionalTable(folder, file, pictureColumns)
	if t == nil {
		return
	}
	for _, row := range t.rows {
		name := t.cell(row, "path")
		if _, twice := r.listed[name]; twice {
			r.problems.add(file, row.line, "picture %q is listed twice", name)
			continue
		}
		r.listed[name], r.categories[name] = t.cell(row, "label"), t.cell(row, "category")
		r.listedHash[name] = strings.ToLower(t.cell(row, "sha256"))
		r.mention(name, file, row.line, "")
	}
	if t.has("item") {
		r.takeItems(t)
	}
}

func (r *reader) readTriplets(folder fs.FS) {
	const file = "triplets.csv"
	t, data := readTable(folder, file, &r.problems, tripletColumns)
	r.digest = append(r.digest, data)
	if t == nil {
		return
	}
	for _, name := range t.header {
		if slices.Contains(tripletColumns.known(), name) {
			continue
		}
		r.set.TagNames = append(r.set.TagNames, name)
		if meant := tripletColumns.similar(name); meant != "" && !t.has(meant) {
			r.set.Warnings.add(file, 1, "column %q is kept as a tag; if %q is meant, rename it", name, meant)
		}
	}
	if len(t.rows) == 0 {
		r.problems.add(file, 0, "has no triplets")
	}
	seen := map[string]int{}
	for _, row := range t.rows {
		tr := r.triplet(t, row)
		switch first, twice := seen[tr.ID]; {
		case tr.ID == "":
			r.problems.add(file, row.line, "id is empty")
		case twice:
			r.problems.add(file, row.line, "id %q stands already on line %d", tr.ID, first)
		default:
			seen[tr.ID] = row.line
		}
		r.set.Triplets = append(r.set.Triplets, tr)
	}
}

func (r *reader) triplet(t *table, row row) Triplet {
	tr := Triplet{
		ID:             t.cell(row, "id"),
		TargetLabel:    t.cell(row, "target_label"),
		RelatedLabel:   t.cell(row, "related_label"),
		UnrelatedLabel: t.cell(row, "unrelated_label"),
		Relation:       t.cell(row, "relation"),
		Distractor:     t.cell(row, "distractor"),
		Line:           row.line,
	}
	tr.Target = r.mention(t.cell(row, "target"), t.file, row.line, tr.TargetLabel)
	tr.Related = r.mention(t.cell(row, "related"), t.file, row.line, tr.RelatedLabel)
	tr.Unrelated = r.mention(t.cell(row, "unrelated"), t.file, row.line, tr.UnrelatedLabel)
	tr.RatingRelated = r.rating(t, row, "rating_related")
	tr.RatingUnrelated = r.rating(t, row, "rating_unrelated")
	r.checkWord(t, row, "relation", append(r.manifest.Relations, Taxonomic, Thematic))
	r.checkWord(t, row, "distractor", append(r.manifest.Distractors, ColourMatched, ShapeMatched, RandomChoice))
	for _, name := range r.set.TagNames {
		if tr.Tags == nil {
			tr.Tags = map[string]string{}
		}
		tr.Tags[name] = t.cell(row, name)
	}
	return tr
}

// checkWord refuses values that would silently make a group of their own. What
// words a set declares is not known where its manifest could not be read.
func (r *reader) checkWord(t *table, row row, column string, known []string) {
	word := t.cell(row, column)
	if word != "" && r.declared && !slices.Contains(known, word) {
		r.problems.add(t.file, row.line, "%s %q is unknown; use %s, leave it empty, or declare it in set.toml: %ss = [%q]",
			column, word, strings.Join(known, ", "), column, word)
	}
}

func (r *reader) rating(t *table, row row, column string) float64 {
	text := t.cell(row, column)
	if text == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		r.problems.add(t.file, row.line, "%s %q is not a number", column, text)
		return math.NaN()
	}
	if v < r.set.RatingMin || v > r.set.RatingMax {
		r.problems.add(t.file, row.line, "%s %v is outside the set's scale %v to %v", column, v, r.set.RatingMin, r.set.RatingMax)
	}
	r.ratings = append(r.ratings, ratingPlace{t.file, column, row.line, v})
	return v
}

// readRatings reads the optional ratings.csv of individual judgements.
func (r *reader) readRatings(folder fs.FS) {
	const file = "ratings.csv"
	t := r.optionalTable(folder, file, ratingColumns)
	if t == nil {
		return
	}
	for _, row := range t.rows {
		j := Judgement{
			Rater: t.cell(row, "rater"), Scale: t.cell(row, "scale"), Line: row.line,
			A:     r.mention(t.cell(row, "picture_a"), file, row.line, ""),
			B:     r.mention(t.cell(row, "picture_b"), file, row.line, ""),
			Value: r.rating(t, row, "value"),
		}
		switch {
		case j.Rater == "":
			r.problems.add(file, row.line, "rater is empty")
		case j.A == j.B && j.A.Path != "":
			r.problems.add(file, row.line, "picture_a and picture_b are the same picture %q", j.A.Path)
		case math.IsNaN(j.Value): // a missing answer: the person skipped the pair
		default:
			r.set.Judgements = append(r.set.Judgements, j)
		}
	}
}

// mention returns the picture at name, created at its first appearance.
func (r *reader) mention(name, file string, line int, label string) *Picture {
	if name == "" {
		r.problems.add(file, line, "a picture's path is empty")
		return &Picture{}
	}
	if _, known := r.mentions[name]; !known {
		r.mentioned = append(r.mentioned, name)
		r.places[name] = int32(len(r.mentioned) - 1)
		r.byPath[name] = &Picture{Path: name, Label: r.listed[name], Category: r.categories[name], Named: Place{file, line}}
	}
	r.mentions[name] = append(r.mentions[name], Place{file, line})
	p := r.byPath[name]
	if p.Label == "" {
		p.Label = label
	}
	return p
}

// hashPictures reads every mentioned picture once, in parallel, and checks it.
func (r *reader) hashPictures() {
	faults := make([]error, len(r.mentioned))
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	for i, name := range r.mentioned {
		g.Go(func() error {
			faults[i] = r.hashPicture(r.byPath[name])
			return nil
		})
	}
	g.Wait()
	for i, name := range r.mentioned {
		r.set.Pictures = append(r.set.Pictures, r.byPath[name])
		if faults[i] == nil {
			continue
		}
		// One line for each file that names it: a picture in eighty triplets is one fault, not eighty.
		told := map[string]bool{}
		for _, at := range r.mentions[name] {
			if !told[at.File] {
				r.problems.add(at.File, at.Line, "picture %q %v", name, faults[i])
				told[at.File] = true
			}
		}
	}
}

func (r *reader) hashPicture(p *Picture) error {
	if !fs.ValidPath(p.Path) || path.IsAbs(p.Path) || strings.Contains(p.Path, `\`) {
		return errors.New("is not a path inside the set's folder (use a/b.jpg, without .., leading / or backslash)")
	}
	data, err := regular.Read(r.pictures, p.Path, r.options.MaxPictureBytes)
	var large *regular.TooLargeError
	switch {
	case errors.Is(err, fs.ErrNotExist) && r.options.NamesSuffice:
		p.Hash = sha256.Sum256([]byte("picture that is not there\n" + p.Path))
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("does not exist")
	case errors.As(err, &large):
		return large
	case err != nil:
		return fmt.Errorf("cannot be read: %w", unwrapPath(err))
	}
	p.Hash, p.Bytes = sha256.Sum256(data), int64(len(data))
	if want := r.listedHash[p.Path]; want != "" && want != p.Hash.String() {
		return fmt.Errorf("is not the picture that pictures.csv lists: SHA-256 %s, listed %s", p.Hash, want)
	}
	if r.options.CheckPicture == nil {
		return nil
	}
	return r.options.CheckPicture(data)
}

// checkTriplets finds triplets whose roles share a picture, by content, so
// that a copy under another name is found too.
func (r *reader) checkTriplets() {
	const file = "triplets.csv"
	same := func(a, b *Picture) bool {
		return a.Path == b.Path || a.Hash == b.Hash && a.Hash != (Hash{})
	}
	for _, t := range r.set.Triplets {
		switch {
		case t.Target.Path == "" || t.Related.Path == "" || t.Unrelated.Path == "":
		case same(t.Target, t.Related):
			r.problems.add(file, t.Line, "target and related are the same picture %q", t.Related.Path)
		case same(t.Target, t.Unrelated):
			r.problems.add(file, t.Line, "target and unrelated are the same picture %q", t.Unrelated.Path)
		case same(t.Related, t.Unrelated):
			r.problems.add(file, t.Line, "related and unrelated are the same picture %q", t.Unrelated.Path)
		}
	}
}

// digestSet binds a result to every byte it rests on.
func (r *reader) digestSet() string {
	h := sha256.New()
	for _, part := range r.digest {
		fmt.Fprintf(h, "%d\n", len(part))
		h.Write(part)
	}
	var sum bytes.Buffer
	for _, p := range r.set.Pictures {
		fmt.Fprintf(&sum, "%s %s\n", p.Hash, p.Path)
	}
	h.Write(sum.Bytes())
	return hex.EncodeToString(h.Sum(nil))
}
