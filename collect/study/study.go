// Package study holds what a study asks of people and in what order: study.toml,
// the words of each language, the items that a set gives, and each person's plan.
package study

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/stimuli"
)

// The tasks that people can be given.
const (
	Rating    = "rating"      // how well do two pictures, shown one after another, belong together?
	Triplet   = "triplet"     // which of two pictures belongs with this one?
	OddOneOut = "odd-one-out" // which of three pictures does not belong?
)

// Tasks lists them.
func Tasks() []string { return []string{Rating, Triplet, OddOneOut} }

// The ways to answer a rating.
const (
	Slider  = "slider"  // without a starting mark
	Buttons = "buttons" // one for each whole number, keys 1 to 9 too
)

// Study is study.toml.
type Study struct {
	Title    string `toml:"title"`
	Task     string `toml:"task"`
	Seed     uint64 `toml:"seed"`
	Contact  string `toml:"contact"`
	Language string `toml:"language"` // of Text
	// Fullscreen asks people to fill the screen.
	Fullscreen bool `toml:"fullscreen"`
	// Languages are further ones, each in a file text.NAME.toml beside study.toml.
	Languages []string `toml:"languages"`

	Scale   Scale             `toml:"scale"`
	Timing  Timing            `toml:"timing"`
	Sample  Sample            `toml:"sample"`
	Stop    Stop              `toml:"stop"`
	Exclude Exclude           `toml:"exclude"`
	Recruit Recruit           `toml:"recruit"`
	Consent Consent           `toml:"consent"`
	Text    map[string]string `toml:"text"` // replaces akin's own words, by key

	words map[string]Words // by language, whole
	toml  []byte
}

// Scale is what a rating is given on.
type Scale struct {
	Answer string  `toml:"answer"` // Slider or Buttons
	Min    float64 `toml:"min"`
	Max    float64 `toml:"max"`
	Name   string  `toml:"name"` // in ratings.csv; empty: made of the task and the bounds
}

// Timing is how long things are shown, in milliseconds.
type Timing struct {
	First int `toml:"first_ms"` // the first picture of a rating
	Gap   int `toml:"gap_ms"`   // between its two pictures
	Pause int `toml:"pause_ms"` // between trials
}

// Sample says who judges what.
type Sample struct {
	Raters     int `toml:"raters"`      // people for each item; then the study is full
	Trials     int `toml:"trials"`      // items for each person; 0: all
	Practice   int `toml:"practice"`    // trials before the first that counts
	Repeats    int `toml:"repeats"`     // items that a person judges twice
	Checks     int `toml:"checks"`      // trials with the same picture twice
	BreakEvery int `toml:"break_every"` // trials between breaks; 0: none
	HoldHours  int `toml:"hold_hours"`  // how long the items of a person who went away stay theirs
}

// Stop ends a study before each item has all its raters. 0 switches a rule off.
type Stop struct {
	MinRaters int     `toml:"min_raters"` // before any of these rules is looked at
	HalfWidth float64 `toml:"half_width"` // an item is done once the 95 % interval of its mean is this narrow to each side
	SplitHalf float64 `toml:"split_half"` // the study is done once the split-half reliability is this high
}

// Exclude are the rules by which the export leaves people out. They are never
// shown to anyone who takes part, and nobody is sent away. 0 switches a rule off.
type Exclude struct {
	MinChecks       float64 `toml:"min_checks"`        // share of checks passed
	MaxSame         float64 `toml:"max_same"`          // share of the commonest answer
	MinMedianMS     float64 `toml:"min_median_ms"`     // median response time
	MaxRepeatChange float64 `toml:"max_repeat_change"` // mean change at repeats: share of the scale, or share of choices changed
	Incomplete      bool    `toml:"incomplete"`        // people who did not reach the end
}

// Recruit is where people come from and go to.
type Recruit struct {
	// Identifiers are URL parameters that are kept, apart from the answers. The
	// first of them that a link has says who comes back.
	Identifiers []string `toml:"identifiers"`
	// Required lets nobody in whose link lacks the first identifier.
	Required bool `toml:"required"`
	// Code is shown at the end; empty: each person has one of their own.
	Code string `toml:"code"`
	// Redirect is where the browser is sent at the end; {code} stands for the code.
	Redirect string `toml:"redirect"`
}

// Consent is what people agree to.
type Consent struct {
	Version string `toml:"version"` // raise it with every change of the text
}

// Default is a study before study.toml is read.
func Default(task string) Study {
	return Study{
		Task: task, Seed: 1, Language: "en",
		Scale:  Scale{Answer: Slider, Min: 0, Max: 100},
		Timing: Timing{First: 1000, Gap: 1000, Pause: 1000},
		Sample: Sample{Raters: 20, Practice: 3, Repeats: 10, Checks: 3, BreakEvery: 60, HoldHours: 2},
		Stop:   Stop{MinRaters: 10},
		Recruit: Recruit{Identifiers: []string{
			"PROLIFIC_PID", "STUDY_ID", "SESSION_ID", "workerId", "assignmentId", "hitId"}},
		Consent: Consent{Version: "1"},
	}
}

// Read reads a study's file and the languages beside it. Its faults are
// stimuli.Problems, all at once.
func Read(folder fs.FS, file string) (*Study, error) {
	data, err := tomlfile.Read(folder, file)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: file, Err: err}
	}
	s := Default(Rating)
	s.toml = data
	var problems faults
	if !decode(data, &s, file, &problems) {
		return nil, problems.sorted()
	}
	s.readWords(folder, path.Dir(file), file, &problems)
	s.check(file, &problems)
	if len(problems) > 0 {
		return nil, problems.sorted()
	}
	return &s, nil
}

// faults gathers what is wrong with a study's files.
type faults stimuli.Problems

func (f *faults) add(file string, line int, format string, args ...any) {
	*f = append(*f, stimuli.Problem{File: file, Line: line, What: fmt.Sprintf(format, args...)})
}

func (f faults) sorted() stimuli.Problems {
	slices.SortFunc(f, func(a, b stimuli.Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.What, b.What))
	})
	return stimuli.Problems(f)
}

// decode reads TOML strictly: a mistyped key would silently leave the default.
func decode(data []byte, into any, file string, problems *faults) bool {
	err := tomlfile.Decode(data, into)
	var found tomlfile.Faults
	errors.As(err, &found)
	for _, f := range found {
		problems.add(file, f.Line, "%s", f.What)
	}
	return err == nil
}

// check adds what cannot be carried out.
func (s *Study) check(file string, problems *faults) {
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			problems.add(file, 0, format, args...)
		}
	}
	wrong(!slices.Contains(Tasks(), s.Task), "task %q is unknown; use %s", s.Task, strings.Join(Tasks(), ", "))
	wrong(s.Title == "", "title is empty; people see it")
	wrong(s.Consent.Version == "", "consent.version is empty")
	if s.Task == Rating {
		s.Scale.check(wrong)
	}
	for name, ms := range map[string]int{"first_ms": s.Timing.First, "gap_ms": s.Timing.Gap, "pause_ms": s.Timing.Pause} {
		wrong(ms < 0 || ms > 60_000, "timing.%s = %d is not between 0 and 60000", name, ms)
	}
	wrong(s.Sample.Raters < 1, "sample.raters = %d is not positive", s.Sample.Raters)
	for name, n := range map[string]int{"trials": s.Sample.Trials, "practice": s.Sample.Practice, "repeats": s.Sample.Repeats,
		"checks": s.Sample.Checks, "break_every": s.Sample.BreakEvery} {
		wrong(n < 0 || n > maxTrials, "sample.%s = %d is not between 0 and %d", name, n, maxTrials)
	}
	wrong(s.Sample.HoldHours < 1 || s.Sample.HoldHours > 24*365, "sample.hold_hours = %d is not between 1 and %d", s.Sample.HoldHours, 24*365)
	wrong(s.Stop.MinRaters < 2, "stop.min_raters = %d is below 2", s.Stop.MinRaters)
	wrong(!(s.Stop.HalfWidth >= 0), "stop.half_width is negative")
	for name, share := range map[string]float64{"stop.split_half": s.Stop.SplitHalf, "exclude.min_checks": s.Exclude.MinChecks,
		"exclude.max_same": s.Exclude.MaxSame, "exclude.max_repeat_change": s.Exclude.MaxRepeatChange} {
		wrong(!(share >= 0 && share <= 1), "%s = %v is not between 0 and 1", name, share)
	}
	if s.Recruit.Redirect != "" {
		to, err := url.Parse(s.Recruit.Redirect)
		wrong(err != nil || to.Scheme != "https" || to.Host == "", "recruit.redirect %q is not an https address", s.Recruit.Redirect)
	}
	wrong(s.Task != Rating && s.Stop.HalfWidth > 0, "stop.half_width is for ratings; a choice has no mean of its own")
}

// maxTrials bounds what one person may be asked.
const maxTrials = 5000

func (c Scale) check(wrong func(bool, string, ...any)) {
	whole := c.Min == math.Trunc(c.Min) && c.Max == math.Trunc(c.Max)
	wrong(!(c.Min < c.Max) || math.IsInf(c.Max-c.Min, 0), "scale.min %v is not below scale.max %v", c.Min, c.Max)
	wrong(!whole, "scale.min %v and scale.max %v are not whole numbers", c.Min, c.Max)
	switch c.Answer {
	case Slider:
		wrong(c.Max-c.Min > 1000, "scale has more than 1000 steps")
	case Buttons:
		wrong(c.Max-c.Min > 10, "scale has more than 11 buttons; use answer = %q", Slider)
	default:
		wrong(true, "scale.answer %q is unknown; use %q or %q", c.Answer, Slider, Buttons)
	}
}

// ScaleName is what ratings.csv calls the scale.
func (s *Study) ScaleName() string {
	switch {
	case s.Scale.Name != "":
		return s.Scale.Name
	case s.Task == Rating:
		return fmt.Sprintf("%v-%v", s.Scale.Min, s.Scale.Max)
	case s.Task == Triplet:
		return "chosen"
	}
	return "kept together"
}

// Range is the scale's length, 1 for choices.
func (s *Study) Range() float64 {
	if s.Task == Rating {
		return s.Scale.Max - s.Scale.Min
	}
	return 1
}

// TOML is the study's file as it was read.
func (s *Study) TOML() string { return string(s.toml) }

// Digest is the SHA-256 of the study's file and words.
func (s *Study) Digest() string {
	h := sha256.New()
	h.Write(s.toml)
	for _, language := range s.AllLanguages() {
		for _, key := range slices.Sorted(maps.Keys(s.words[language])) {
			fmt.Fprintf(h, "%q %q %q\n", language, key, s.words[language][key])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ConsentDigest is the SHA-256 of what people agree to, in every language.
func (s *Study) ConsentDigest() string {
	h := sha256.New()
	for _, language := range s.AllLanguages() {
		fmt.Fprintf(h, "%q %q\n", language, s.words[language]["consent"])
	}
	return hex.EncodeToString(h.Sum(nil))
}
