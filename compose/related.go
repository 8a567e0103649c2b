package compose

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/imagenet"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/stimuli"
)

// ImageNetRelated is the name of the manifest of triplets over ImageNet's
// classes: the open twin of the paper's PoporoIN.
const ImageNetRelated = "imagenet-related"

//go:embed imagenet-related.csv
var relatedCSV string

// ClassTriplet is a triplet of ImageNet classes, by their indices. Which of the
// candidates is the unrelated one is told by the pictures: the most like the
// target in shape or in colour, or a random one.
type ClassTriplet struct {
	ID              string
	Target, Related int
	Relation        string
	Distractor      string // stimuli.ShapeMatched, ColourMatched, RandomChoice
	Candidates      []int  // unrelated to target and related
	Cluster         string // of the triplets of one pair of classes
	Why             string // what relates the two
}

// ImageNetTriplets reads the embedded manifest, made by compose/related.
func ImageNetTriplets() ([]ClassTriplet, error) {
	rows, err := csv.NewReader(strings.NewReader(relatedCSV)).ReadAll()
	if err != nil {
		return nil, err
	}
	index := map[string]int{}
	for i, c := range imagenet.Classes() {
		index[c.WNID] = i
	}
	var all []ClassTriplet
	for _, row := range rows[1:] {
		t := ClassTriplet{ID: row[0], Target: index[row[1]], Related: index[row[2]], Relation: row[3], Distractor: row[4], Cluster: row[6], Why: row[7]}
		for _, class := range strings.Fields(row[5]) {
			i, err := strconv.Atoi(class)
			if err != nil || i < 0 || i >= len(imagenet.Classes()) {
				return nil, fmt.Errorf("triplet %s: %q is no class", t.ID, class)
			}
			t.Candidates = append(t.Candidates, i)
		}
		all = append(all, t)
	}
	return all, nil
}

// FillConfig says which pictures fill a manifest of classes.
type FillConfig struct {
	Pictures fs.FS // a folder that readLabelled reads, labelled by WordNet ids
	Triplets []ClassTriplet
	Store    *feature.Store // of low-level features
	PerClass int            // pictures of a class that are considered, the first by name; 0: 8
	Extract  extract.Options
}

// Filled is a set of pictures of ImageNet classes.
type Filled struct {
	Triplets []FilledTriplet
	Rejected []Rejected // triplets and pictures, with reasons

	config   FillConfig
	pictures []picture // label is the class
	looks    looks
}

// FilledTriplet is a triplet of classes with pictures, by their index.
type FilledTriplet struct {
	ClassTriplet
	Pictures [3]int
}

// filler gives out pictures, each class's in order of name.
type filler struct {
	*Filled
	ofClass map[int][]int
	next    map[int]int
	used    map[int]bool // as a distractor
}

// Fill chooses pictures by rule: for target and related picture the next of the
// class by name, from the first again when all are used; for the distractor, among
// the candidates' pictures that have not been one, the most like the target in
// edges (shape) or in colour, or a random one, drawn by the triplet's id. So
// the same pictures make the same set. It writes nothing; see Filled.Write.
func Fill(ctx context.Context, c FillConfig) (*Filled, error) {
	f := &filler{Filled: &Filled{config: c}, ofClass: map[int][]int{}, next: map[int]int{}, used: map[int]bool{}}
	if err := f.gather(ctx); err != nil {
		return nil, err
	}
	for i, p := range f.pictures {
		f.ofClass[p.label] = append(f.ofClass[p.label], i)
	}
	for _, t := range c.Triplets {
		if pictures, why := f.fill(t); why != "" {
			f.reject("triplet", t.ID, why)
		} else {
			f.Triplets = append(f.Triplets, FilledTriplet{t, pictures})
		}
	}
	if len(f.Triplets) == 0 {
		return nil, fmt.Errorf("none of %d triplets has its pictures; the folder has pictures of %d of ImageNet's %d classes",
			len(c.Triplets), len(f.ofClass), len(imagenet.Classes()))
	}
	return f.Filled, nil
}

// gather finds the pictures of ImageNet's classes and what they look like.
func (f *filler) gather(ctx context.Context) error {
	labelled, err := readLabelled(f.config.Pictures)
	if err != nil {
		return err
	}
	class := map[string]int{}
	for i, c := range imagenet.Classes() {
		class[c.WNID] = i
	}
	perClass := cmp.Or(f.config.PerClass, 8)
	slices.SortFunc(labelled, func(a, b Labelled) int { return cmp.Compare(a.Path, b.Path) })
	count := map[int]int{}
	var pictures []picture
	for _, l := range labelled {
		i, known := class[l.Synset]
		if !known || count[i] == perClass {
			continue
		}
		count[i]++
		pictures = append(pictures, picture{path: l.Path, label: i})
	}
	if len(pictures) == 0 {
		return errors.New("no picture is labelled by a WordNet id of ImageNet's classes, such as a folder n01440764 or a column wnid or class of labels.csv")
	}
	reject := func(p picture, why string) { f.reject("picture", p.path, why) }
	pictures = hashPictures(f.config.Pictures, pictures, reject)
	f.pictures, f.looks, err = measure(ctx, f.config.Pictures, pictures, f.config.Store, f.config.Extract, reject)
	return err
}

func (f *Filled) reject(what, name, why string) {
	f.Rejected = append(f.Rejected, Rejected{What: what, Name: name, Why: why})
}

// fill chooses the pictures of a triplet, or says why it has none.
func (f *filler) fill(t ClassTriplet) (pictures [3]int, why string) {
	for _, class := range []int{t.Target, t.Related} {
		if len(f.ofClass[class]) == 0 {
			return pictures, fmt.Sprintf("there is no picture of %s (%s)", className(class), imagenet.Classes()[class].WNID)
		}
	}
	var pool []int
	for _, class := range t.Candidates {
		for _, p := range f.ofClass[class] {
			if !f.used[p] {
				pool = append(pool, p)
			}
		}
	}
	if len(pool) == 0 {
		return pictures, "there is no picture left of any unrelated class"
	}
	pictures[0], pictures[1] = f.nextPicture(t.Target), f.nextPicture(t.Related)
	switch t.Distractor {
	case stimuli.ShapeMatched:
		pictures[2] = mostAlike(f.looks.similarity(0), pictures[0], pool)
	case stimuli.ColourMatched:
		pictures[2] = mostAlike(f.looks.similarity(1), pictures[0], pool)
	default:
		h := fnv.New64a()
		h.Write([]byte(t.ID))
		pictures[2] = pool[rand.New(rand.NewPCG(h.Sum64(), 0)).IntN(len(pool))]
	}
	f.used[pictures[2]] = true
	return pictures, ""
}

// nextPicture is the next picture of a class.
func (f *filler) nextPicture(class int) int {
	all := f.ofClass[class]
	f.next[class]++
	return all[(f.next[class]-1)%len(all)]
}

// className is the first name of a class.
func className(class int) string {
	name, _, _ := strings.Cut(imagenet.Classes()[class].Names, ",")
	return name
}

// fillReport says what a filled set lacks and why.
const fillReport = "fill-report.csv"

// Write puts the set into the folder out, whole or not at all, with a report of
// what was rejected. A set that was filled before is replaced.
func (f *Filled) Write(out string) error {
	name := filepath.Base(filepath.Clean(out))
	return atomicfile.WriteFolder(out, ours(out, fillReport), func(folder atomicfile.Folder) error {
		tables := map[string][][]string{"triplets.csv": f.tripletRows(), "pictures.csv": f.pictureRows(), fillReport: f.rejectedRows()}
		return put(folder, f.manifest(name), tables, f.config.Pictures, f.usedPictures())
	})
}

func (f *Filled) manifest(name string) manifest {
	return manifest{
		Name: name, Version: "1", Title: "related and unrelated ImageNet classes, " + ImageNetRelated,
		Source: "akin's manifest " + ImageNetRelated + " over the user's pictures of ImageNet classes; WordNet 3.0, USF and further norms",
		Note: fmt.Sprintf("%d of %d triplets. Taxonomic pairs are near in WordNet; thematic ones were listed by hand or taken from norms and read\n"+
			"over. Distractors are the most like the target in edges (shape) or in colour, or drawn, among pictures of classes that\n"+
			"nothing ties to either. Nobody has looked at the pictures.\n", len(f.Triplets), len(f.config.Triplets)),
	}
}

func (f *Filled) tripletRows() [][]string {
	header := []string{"id", "target", "related", "unrelated", "relation", "distractor", "target_label", "related_label", "unrelated_label", "cluster", "rule"}
	for _, name := range []string{"shape", "colour", "pixels"} {
		header = append(header, name+"_related", name+"_unrelated")
	}
	rows := [][]string{header}
	for _, t := range f.Triplets {
		row := []string{t.ID}
		for _, p := range t.Pictures {
			row = append(row, setPath(f.pictures[p].path))
		}
		row = append(row, t.Relation, t.Distractor)
		for _, p := range t.Pictures {
			row = append(row, className(f.pictures[p].label))
		}
		row = append(row, t.Cluster, t.Why)
		for i := range appearance {
			similarity := f.looks.similarity(i)
			row = append(row, decimals(similarity(t.Pictures[0], t.Pictures[1])), decimals(similarity(t.Pictures[0], t.Pictures[2])))
		}
		rows = append(rows, row)
	}
	return rows
}

// usedPictures lists the pictures of the triplets, in the order of the source.
func (f *Filled) usedPictures() []picture {
	shown := make([][3]int, len(f.Triplets))
	for i, t := range f.Triplets {
		shown[i] = t.Pictures
	}
	return standing(f.pictures, shown)
}

func (f *Filled) pictureRows() [][]string {
	rows := [][]string{{"path", "label", "synset", "sha256"}}
	for _, p := range f.usedPictures() {
		rows = append(rows, []string{setPath(p.path), className(p.label), imagenet.Classes()[p.label].WNID, p.hash.String()})
	}
	return rows
}

func (f *Filled) rejectedRows() [][]string {
	rows := [][]string{{"what", "name", "why"}}
	for _, r := range f.Rejected {
		rows = append(rows, []string{r.What, r.Name, r.Why})
	}
	return rows
}
