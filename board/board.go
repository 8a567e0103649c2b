package board

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/akin-vision/akin/record"
)

// Board is a table of models, one row each, and sets, one column each.
type Board struct {
	Sets  []Set  `json:"sets"`
	Rows  []Row  `json:"-"`
	Cards []Card `json:"cards"`
	Notes []Note `json:"notes,omitempty"`
	Heat  *Heat  `json:"heat_map,omitempty"` // nil for one set of triplets
}

// Row is a model with its results on each set.
type Row struct {
	Model
	Variant bool      // of the network in a row above
	Results []*Result // by set; nil where the model was not run on it
}

// Note is a doubt about what the table puts side by side.
type Note struct {
	Kind   NoteKind `json:"kind"`
	Values []string `json:"values"`
}

// NoteKind is the kind of a Note.
type NoteKind string

// The kinds of notes.
const (
	Versions NoteKind = "versions" // of akin that made the runs
	Decoders NoteKind = "decoders" // from file to pixels
	Apart    NoteKind = "apart"    // sets whose models stand in several runs, so that they have no common ranks
)

// MixedError are runs whose figures cannot stand in one table.
type MixedError struct {
	What string // that differs
	A, B string // as two runs have it
}

func (e *MixedError) Error() string {
	return fmt.Sprintf("the runs do not belong in one table: %s is %s in one and %s in another", e.What, e.A, e.B)
}

// New makes the table of cards. A card that is there twice counts once. Runs of
// one set with different content, of one model with different bytes, or with other
// settings are a *MixedError; what only calls for care is a note. Networks stand in
// order of their error on the first set, each with its variants under it.
func New(cards []Card) (Board, error) {
	var b Board
	for _, c := range cards {
		if !slices.ContainsFunc(b.Cards, func(known Card) bool { return known.Hash == c.Hash }) {
			b.Cards = append(b.Cards, c)
		}
	}
	if err := b.agree(); err != nil {
		return b, err
	}
	runs := map[string][]string{} // of each set, their seals
	for _, c := range b.Cards {
		if !slices.Contains(b.Sets, c.Set) {
			b.Sets = append(b.Sets, c.Set)
		}
		if !slices.Contains(runs[c.Set.Digest], c.Run.Seal) {
			runs[c.Set.Digest] = append(runs[c.Set.Digest], c.Run.Seal)
		}
	}
	apart := func(s Set) bool { return len(runs[s.Digest]) > 1 }
	for _, c := range b.Cards {
		result := c.Results
		if apart(c.Set) {
			result.Ranks, result.Best = nil, nil
		}
		if err := b.add(c, result); err != nil {
			return b, err
		}
	}
	b.order()
	b.note(apart)
	b.Heat = b.newHeat()
	return b, nil
}

// agree refuses cards that differ in what makes figures comparable.
func (b *Board) agree() error {
	sets, models := map[string]Card{}, map[string]Card{}
	for i, c := range b.Cards {
		first, known := sets[c.Set.Name]
		if known && first.Set != c.Set {
			return &MixedError{"the content of set " + c.Set.Name, short(first.Set.Digest), short(c.Set.Digest)}
		}
		sets[c.Set.Name] = c
		first, known = models[c.Model.Name]
		if known && first.Model.identity() != c.Model.identity() {
			return &MixedError{"the model " + c.Model.Name, first.Model.identity(), c.Model.identity()}
		}
		models[c.Model.Name] = c
		one, other := b.Cards[0].Run, b.Cards[i].Run
		for _, s := range []struct{ what, a, b string }{
			{"the similarity of features", string(one.Similarity), string(other.Similarity)},
			{"the rule for ties", string(one.Credit), string(other.Credit)},
			{"the level of intervals", fmt.Sprint(one.Level), fmt.Sprint(other.Level)},
		} {
			if s.a != s.b {
				return &MixedError{s.what, s.a, s.b}
			}
		}
	}
	return nil
}

// identity is what decides a model's features; of a variant, what its space has seen,
// too.
func (m Model) identity() string {
	return strings.TrimRight(strings.Join([]string{short(m.Hash), short(m.RecipeDigest), m.Node, m.Pooling, m.Precision, short(m.SpaceSeen)}, " "), " ")
}

func short(hash string) string { return hash[:min(12, len(hash))] }

// add puts a result into its model's row.
func (b *Board) add(c Card, result Result) error {
	column := slices.Index(b.Sets, c.Set)
	at := slices.IndexFunc(b.Rows, func(r Row) bool { return r.Name == c.Model.Name })
	if at < 0 {
		at = len(b.Rows)
		b.Rows = append(b.Rows, Row{Model: c.Model, Results: make([]*Result, len(b.Sets))})
	}
	row := &b.Rows[at]
	if known := row.Results[column]; known != nil && known.figures() != result.figures() {
		return &MixedError{fmt.Sprintf("the figure of %s on %s", c.Model.Name, c.Set.Name), known.figures(), result.figures()}
	}
	row.Results[column] = &result
	row.MACs, row.Bytes = max(row.MACs, c.Model.MACs), max(row.Bytes, c.Model.Bytes)
	if c.Model.Check == record.Failed || c.Model.Check == record.Unchecked && row.Check != record.Failed {
		row.Check = c.Model.Check // what one run doubts stays doubtful
	}
	return nil
}

// figures are what runs of one model on one set agree in, as text: what no run
// defines is then equal, too.
func (r Result) figures() string {
	return fmt.Sprintf("%v (interval %v to %v)", r.Value(), r.Interval.Low, r.Interval.High)
}

// order sorts networks by how well they do on the first set where they have a figure, and puts
// variants under their network.
func (b *Board) order() {
	first := map[string]Row{} // of each network
	for _, r := range b.Rows {
		if known, there := first[r.Network]; !there || known.Name != r.Network && r.Name == r.Network {
			first[r.Network] = r
		}
	}
	slices.SortStableFunc(b.Rows, func(x, y Row) int {
		if x.Network != y.Network {
			return cmp.Or(b.byResults(first[x.Network], first[y.Network]), cmp.Compare(x.Network, y.Network))
		}
		return cmp.Compare(rankOf(x, first), rankOf(y, first))
	})
	for i := range b.Rows {
		b.Rows[i].Variant = b.Rows[i].Name != first[b.Rows[i].Network].Name
	}
}

// rankOf puts the network itself before its variants.
func rankOf(r Row, first map[string]Row) int {
	if first[r.Network].Name == r.Name {
		return 0
	}
	return 1
}

// byResults compares by the first set on which a row has a figure, then by the figure,
// the better one first.
func (b *Board) byResults(x, y Row) int {
	column := func(r Row) int {
		at := slices.IndexFunc(r.Results, func(r *Result) bool { return r != nil && r.Value().Defined() })
		if at < 0 {
			return len(r.Results)
		}
		return at
	}
	one, other := column(x), column(y)
	if one != other || one == len(x.Results) {
		return cmp.Compare(one, other)
	}
	set := heatOf(b.Sets[one])
	return cmp.Compare(set.share(y.Results[one].Value()), set.share(x.Results[one].Value()))
}

// note says what the reader of the table should know.
func (b *Board) note(apart func(Set) bool) {
	values := func(of func(Card) string) []string {
		var list []string
		for _, c := range b.Cards {
			if v := of(c); !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		slices.Sort(list)
		return list
	}
	for kind, of := range []func(Card) string{func(c Card) string { return c.Run.Akin }, func(c Card) string { return c.Run.Decoder }} {
		if list := values(of); len(list) > 1 {
			b.Notes = append(b.Notes, Note{[]NoteKind{Versions, Decoders}[kind], list})
		}
	}
	var sets []string
	for _, s := range b.Sets {
		if apart(s) {
			sets = append(sets, s.Name)
		}
	}
	if len(sets) > 0 {
		b.Notes = append(b.Notes, Note{Apart, sets})
	}
}

// Above are the models whose error on any set of triplets is above a share, or is not
// defined, as "MODEL on SET".
func (b *Board) Above(share float64) []string {
	var list []string
	for _, r := range b.Rows {
		for i, result := range r.Results {
			if result != nil && result.Score == nil && !(float64(result.Error) <= share) {
				list = append(list, r.Name+" on "+b.Sets[i].Name)
			}
		}
	}
	return list
}

// Marked reports whether any model has the mark of those that cannot be told from
// the best.
func (b *Board) Marked() bool {
	return slices.ContainsFunc(b.Rows, func(r Row) bool {
		return slices.ContainsFunc(r.Results, func(r *Result) bool { return r != nil && r.Best != nil && *r.Best })
	})
}
