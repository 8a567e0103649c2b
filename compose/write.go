package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
	"github.com/pelletier/go-toml/v2"
)

// Files of a composed set beside those of every set.
const (
	reportFile = "compose-report.csv" // what was rejected and why
	sensesFile = "senses.csv"         // the sense of each label, for the eye
	pageFile   = "review.html"
)

// errExists is an output folder that holds something else than a composed set.
var errExists = errors.New("is there already and is no composed set")

// Write puts the set into the folder out: set.toml, triplets.csv, pictures.csv
// with the pictures themselves below pictures/, the report of what was
// rejected, the senses of the labels, and the page for reviewing. The folder
// appears whole or not at all; an earlier composed set of that name is replaced,
// unless something was added to it, such as a review.
func (m *Composition) Write(out string) error {
	name := filepath.Base(filepath.Clean(out))
	return atomicfile.WriteFolder(out, ours(out, reportFile, sensesFile, pageFile), func(f atomicfile.Folder) error { return m.writeTo(f, name) })
}

// Replaceable says beforehand whether Write would refuse the folder out.
func Replaceable(out string) error {
	return atomicfile.Accept(out, ours(out, reportFile, sensesFile, pageFile))
}

// ours lets a folder be replaced that holds the report of a set made before,
// and nothing that would be lost: only the files of a set and those named.
func ours(out, report string, more ...string) func([]os.DirEntry) error {
	known := append([]string{"set.toml", "triplets.csv", "pictures.csv", "pictures", report}, more...)
	return func(entries []os.DirEntry) error {
		if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == report }) {
			return fmt.Errorf("%s %w; name another folder", out, errExists)
		}
		if i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return !slices.Contains(known, e.Name()) }); i >= 0 {
			return fmt.Errorf("%s holds %s, which is no part of a set that akin made and would be lost; move it, or name another folder", out, entries[i].Name())
		}
		return nil
	}
}

func (m *Composition) writeTo(f atomicfile.Folder, name string) error {
	page, err := m.page(name)
	if err == nil {
		err = f.Put(pageFile, page)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", pageFile, err)
	}
	tables := map[string][][]string{
		"triplets.csv": m.tripletRows(), "pictures.csv": m.pictureRows(), reportFile: m.rejectedRows(), sensesFile: m.senseRows(),
	}
	return put(f, m.manifest(name), tables, m.config.Pictures, m.used())
}

// put writes the files of a set and copies its pictures.
func put(f atomicfile.Folder, manifest manifest, tables map[string][][]string, source fs.FS, pictures []picture) error {
	text, err := toml.Marshal(manifest)
	if err != nil {
		return fmt.Errorf("write set.toml: %w", err)
	}
	if err := errors.Join(f.Put("set.toml", text), f.PutTables(tables)); err != nil {
		return err
	}
	for _, p := range pictures {
		data, err := fs.ReadFile(source, p.path)
		if err == nil {
			err = f.Put(setPath(p.path), data)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setPath is where a picture stands in the set.
func setPath(source string) string { return path.Join("pictures", source) }

// used lists the pictures of the triplets, in the order of the source.
func (m *Composition) used() []picture {
	shown := make([][3]int, len(m.Triplets))
	for i, t := range m.Triplets {
		shown[i] = [3]int{t.Target, t.Related, t.Unrelated}
	}
	return standing(m.pictures, shown)
}

// standing are the pictures that stand in some triplet, in their order.
func standing(pictures []picture, shown [][3]int) (used []picture) {
	stands := map[int]bool{}
	for _, three := range shown {
		for _, i := range three {
			stands[i] = true
		}
	}
	for i, p := range pictures {
		if stands[i] {
			used = append(used, p)
		}
	}
	return used
}

// manifest is set.toml.
type manifest struct {
	Name        string   `toml:"name"`
	Version     string   `toml:"version"`
	Title       string   `toml:"title"`
	Source      string   `toml:"source"`
	Distractors []string `toml:"distractors,omitempty"`
	Note        string   `toml:"note,multiline"`
	// Norms decided what belongs together: a space that has seen them can be told.
	Norms []stimuli.Norms `toml:"norms,omitempty"`
}

func (m *Composition) manifest(name string) manifest {
	o, r := m.config.Options.withDefaults(), m.lexical.Rules
	var sources []string
	for _, n := range m.config.Norms {
		if !slices.Contains(sources, n.Source) {
			sources = append(sources, n.Source)
		}
	}
	slices.Sort(sources)
	var note strings.Builder
	fmt.Fprintf(&note, "%d triplets. Taxonomic pairs have a Wu-Palmer similarity of %g or more and a norm's share of %g or more (of %g or more\n"+
		"where no norm rates them); thematic ones an association of %g or a relatedness of %g or more, and a Wu-Palmer\n"+
		"similarity of at most %g. Nothing ties a distractor to target or related picture: no association, no rating above %g,\n"+
		"no definition that names the other, no Wu-Palmer similarity above %g.\n",
		len(m.Triplets), r.Near, r.Related, r.NearAlone, r.Associated, r.Strong, r.Far, r.Unrelated, r.Far)
	fmt.Fprintf(&note, "Shape is the cosine of akin's baseline edges, colour of colour: over pictures that nothing ties, a matched distractor\n"+
		"lies above the quantile %g of its measure and below %g of the other", o.Matched, o.Unmatched)
	if o.Balance {
		note.WriteString(";\na balanced one is as like the target as the related picture is, in edges, colour and pixels, so that within each\n" +
			"relation and kind each of these measures prefers the related picture about as often as the distractor.\n")
	} else {
		fmt.Fprintf(&note, ";\na random one between %g and %g of both.\n", o.Middle[0], o.Middle[1])
	}
	fmt.Fprintf(&note, "Seed %d, each picture at most %d times. Triplets that a person has looked at: %d.\n", o.Seed, o.MaxRoles, m.reviewed())
	made := manifest{
		Name: name, Version: "1", Title: "composed of labelled pictures by WordNet and norms", Note: note.String(),
		Source: "WordNet " + m.config.WordNet.Version + "; " + strings.Join(sources, ", "),
	}
	for _, n := range lexicon.Sources(m.config.Norms) {
		made.Norms = append(made.Norms, stimuli.Norms{Source: n.Name, SHA256: n.SHA256})
	}
	if o.Balance {
		made.Distractors = []string{Balanced}
	}
	return made
}

func (m *Composition) reviewed() (n int) {
	for _, t := range m.Triplets {
		if t.Reviewed {
			n++
		}
	}
	return n
}

func (m *Composition) tripletRows() [][]string {
	header := []string{"id", "target", "related", "unrelated", "relation", "distractor", "target_label", "related_label", "unrelated_label",
		"rule", "wu_palmer_related", "wu_palmer_unrelated", "norms_related", "norms_unrelated", "norms_conflict"}
	for _, name := range []string{"shape", "colour", "pixels"} {
		header = append(header, name+"_related", name+"_unrelated")
	}
	rows := [][]string{header}
	ids := map[string]int{}
	for _, t := range m.Triplets {
		target, related, unrelated := m.label(t.Target), m.label(t.Related), m.label(t.Unrelated)
		r := m.lexical.Judge(m.pictures[t.Target].label, m.pictures[t.Related].label)
		u := m.lexical.Judge(m.pictures[t.Target].label, m.pictures[t.Unrelated].label)
		row := []string{
			id(ids, t.Relation, target, related), setPath(m.pictures[t.Target].path), setPath(m.pictures[t.Related].path), setPath(m.pictures[t.Unrelated].path),
			t.Relation, t.Distractor, target, related, unrelated,
			r.Why, decimals(r.WordNet.WuPalmer), decimals(u.WordNet.WuPalmer), r.Figures(), u.Figures(), conflict(r.Norms),
		}
		for i := range appearance {
			similarity := m.looks.similarity(i)
			row = append(row, decimals(similarity(t.Target, t.Related)), decimals(similarity(t.Target, t.Unrelated)))
		}
		rows = append(rows, row)
	}
	return rows
}

func (m *Composition) label(picture int) string { return m.Labels[m.pictures[picture].label].Name }

// id is made of the relation and the labels, numbered where these come again.
func id(seen map[string]int, parts ...string) string {
	name := strings.ReplaceAll(strings.ToLower(strings.Join(parts, " ")), " ", "-")
	seen[name]++
	if n := seen[name]; n > 1 {
		return id(seen, name, fmt.Sprint(n))
	}
	return name
}

// notable is the gap between norms, in shares of their scales, that is shown.
const notable = .3

func conflict(figures []Figure) string {
	norms := make([]lexicon.Norm, len(figures))
	for i, f := range figures {
		norms[i] = f.Norm
	}
	if gap := lexicon.Conflict(norms); gap >= notable {
		return decimals(gap)
	}
	return ""
}

// decimals has three decimals: enough to rank, too few to differ by machine.
func decimals(v float64) string { return fmt.Sprintf("%.3f", v) }

func (m *Composition) pictureRows() [][]string {
	rows := [][]string{{"path", "label", "synset", "sha256"}}
	for _, p := range m.used() {
		l := m.Labels[p.label]
		rows = append(rows, []string{setPath(p.path), l.Name, l.Synset.WNID(), p.hash.String()})
	}
	return rows
}

func (m *Composition) rejectedRows() [][]string {
	rows := [][]string{{"what", "name", "other", "why"}}
	for _, r := range m.Rejected {
		rows = append(rows, []string{r.What, r.Name, r.Other, r.Why})
	}
	return rows
}

func (m *Composition) senseRows() [][]string {
	rows := [][]string{{"label", "synset", "name", "gloss", "pictures", "words", "doubt"}}
	for _, l := range m.Labels {
		var words []string
		for _, w := range l.Words {
			words = append(words, w.Words...)
		}
		rows = append(rows, []string{
			l.Name, l.Synset.WNID(), l.Synset.Name, l.Synset.Gloss, fmt.Sprint(len(l.Pictures)), strings.Join(words, ", "), l.Doubt,
		})
	}
	return rows
}
