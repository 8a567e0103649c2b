package page

import (
	"embed"
	"fmt"
	"html/template"
	"math"

	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stimuli"
	"github.com/akin-vision/akin/words"
)

//go:embed change.html change.css
var changeFiles embed.FS

// WithChanges adds the parts that show a network before and after, in other spaces: the
// templates "changes", which draws *Changes, and "changed", which draws []Changed.
func (v View) WithChanges() View {
	template.Must(v.Body.ParseFS(changeFiles, "change.html"))
	v.Style += mustRead(changeFiles, "change.css")
	return v
}

// Changes are the errors of a network in each space, by relation, on one scale.
type Changes struct {
	Network string // and the set, where there are several
	Groups  []changeGroup
}

type changeGroup struct {
	Title  string
	Ticks  []Tick
	Rows   []changeRow
	Raw    Px // the error of the features
	Chance Px // where 50 % lies
}

// changeRow is one space: its error, and what it is set against.
type changeRow struct {
	Name, Role string
	Error      string
	Change     string
	Interval   string
	P, Holm    string
	Against    string
	Mark       *changeMark
}

// changeMark is an error before and after, with the interval of the change, as positions.
type changeMark struct{ Before, After, Low, High Px }

// NewChanges draws all groups on one scale.
func NewChanges(network string, groups []record.ChangeGroup) *Changes {
	scale := changeScale(groups)
	c := &Changes{Network: network}
	for _, g := range groups {
		share := notation.ShareOf(g.Triplets)
		drawn := changeGroup{Title: words.GroupName(g), Raw: scale.At(inside(scale, float64(g.Features))), Chance: scale.At(0.5)}
		drawn.Ticks = Scale{Low: 0, High: 100 * scale.High, From: scale.From, To: scale.To}.Ticks(5)
		drawn.Rows = append(drawn.Rows, changeRow{Name: record.Features, Role: "before", Error: share(float64(g.Features))})
		before := errorsOf(g)
		for _, r := range g.Rows {
			drawn.Rows = append(drawn.Rows, newChangeRow(r, before[r.Against], scale, share))
		}
		c.Groups = append(c.Groups, drawn)
	}
	return c
}

// errorsOf are the errors of a group by the name of the space.
func errorsOf(g record.ChangeGroup) map[string]float64 {
	list := map[string]float64{record.Features: float64(g.Features)}
	for _, r := range g.Rows {
		list[r.Space] = float64(r.Error)
	}
	return list
}

// changeScale holds every error, every interval's upper end, and chance.
func changeScale(groups []record.ChangeGroup) Scale {
	high := 0.5
	wider := func(v float64) {
		if !math.IsNaN(v) {
			high = max(high, v)
		}
	}
	for _, g := range groups {
		before := errorsOf(g)
		wider(float64(g.Features))
		for _, r := range g.Rows {
			wider(float64(r.Error))
			if r.Change.Interval.Defined() {
				wider(before[r.Against] + r.Change.Interval.High)
			}
		}
	}
	return Scale{Low: 0, High: min(1, high+0.03), From: 8, To: 292}
}

func newChangeRow(r record.Change, before float64, scale Scale, share func(float64) string) changeRow {
	c := r.Change
	drawn := changeRow{
		Name: r.Space, Role: string(r.Role), Error: share(float64(r.Error)), Change: share(float64(c.ErrorDifference)),
		Interval: notation.Interval(c.Interval, share), P: notation.P(c.P), Holm: notation.P(c.Holm), Against: r.Against,
	}
	if !r.Error.Defined() || math.IsNaN(before) {
		return drawn // nothing to draw
	}
	m := changeMark{Before: scale.At(before), After: scale.At(float64(r.Error))}
	m.Low, m.High = m.After, m.After
	if c.Interval.Defined() {
		m.Low, m.High = scale.At(inside(scale, before+c.Interval.Low)), scale.At(inside(scale, before+c.Interval.High))
	}
	drawn.Mark = &m
	return drawn
}

func inside(s Scale, v float64) float64 { return max(s.Low, min(s.High, v)) }

// Changed are triplets that a space mended, or broke.
type Changed struct {
	Title string
	All   int
	Shown []changedCase
}

type changedCase struct {
	ID, Relation string
	Pictures     [3]changedPicture
}

type changedPicture struct {
	Role, Seen string
	Number     int
	Shown      bool
	Words      string // the likeliest classes of both pictures, and how alike they are by words
}

// NewChanged sets the mended cases beside the broken ones, at most so many of each;
// nil where nothing changed. pictures must hold those of ShownCases.
func NewChanged(all []record.Case, most int, triplets map[string]*stimuli.Triplet, pictures *Thumbnails) []Changed {
	if len(all) == 0 {
		return nil
	}
	return []Changed{newChanged("Mended", true, all, most, triplets, pictures), newChanged("Broken", false, all, most, triplets, pictures)}
}

func newChanged(title string, mended bool, all []record.Case, most int, triplets map[string]*stimuli.Triplet, pictures *Thumbnails) Changed {
	made := Changed{Title: title}
	for _, c := range all {
		if c.Mended != mended {
			continue
		}
		made.All++
		if t := triplets[c.ID]; t != nil && len(made.Shown) < most {
			made.Shown = append(made.Shown, newChangedCase(c, t, pictures))
		}
	}
	return made
}

func newChangedCase(c record.Case, t *stimuli.Triplet, pictures *Thumbnails) changedCase {
	shown := changedCase{ID: c.ID, Relation: c.Relation}
	for k, p := range t.Shown() {
		s := changedPicture{Role: []string{"target", "related", "unrelated"}[k], Seen: c.Seen[k]}
		s.Number, s.Shown = pictures.Show(p)
		if k > 0 && !math.IsNaN(c.Words[k-1]) {
			s.Words = fmt.Sprintf("%s: %s %s", c.Seen[0], c.Seen[k], notation.Decimal(c.Words[k-1]))
		}
		shown.Pictures[k] = s
	}
	return shown
}

// ShownCases are the cases that NewChanged shows: the first of each kind.
func ShownCases(all []record.Case, most int) []record.Case {
	var list []record.Case
	shown := map[bool]int{}
	for _, c := range all {
		if shown[c.Mended] < most {
			list = append(list, c)
			shown[c.Mended]++
		}
	}
	return list
}
