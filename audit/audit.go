// Package audit finds what may mislead in a set that has no faults: pictures
// that stand twice, labels that disagree, groups out of balance, pictures of
// unlike make, and appearance that solves the set.
package audit

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
)

// Kind is what a finding is about.
type Kind string

// The kinds, in the order in which findings come.
const (
	Copies      Kind = "copies"      // one picture under several names
	LookAlikes  Kind = "look-alikes" // pictures whose hashes nearly agree
	Roles       Kind = "roles"       // one picture as target and distractor
	Labels      Kind = "labels"      // labels that disagree
	Balance     Kind = "balance"     // relations or distractors of unequal number
	Sizes       Kind = "sizes"       // pictures far larger, smaller or of another shape than most
	Backgrounds Kind = "backgrounds" // pictures whose border differs from that of most
	Appearance  Kind = "appearance"  // a baseline without a network solves the set
)

var kinds = []Kind{Copies, LookAlikes, Roles, Labels, Balance, Sizes, Backgrounds, Appearance}

// Finding is one doubt, at a place where the set's author can look.
type Finding struct {
	Kind Kind `json:"kind"`
	stimuli.Problem
}

// Audit is all that was found.
type Audit struct {
	Findings  []Finding  // by kind, then by line
	Confounds []Confound // of every baseline and group, doubtful or not
}

// Options say where features are kept.
type Options struct {
	Store    *feature.Store
	Progress func(extract.Progress) // may be nil
}

// Inspect looks at a set that stimuli.Read found sound; files is where its
// picture paths lead. An error is a picture that went away meanwhile, or a
// store that cannot be written.
func Inspect(ctx context.Context, s *stimuli.Set, files fs.FS, o Options) (*Audit, error) {
	seen, err := looks(ctx, s.Pictures, files)
	if err != nil {
		return nil, err
	}
	i := &inspection{set: s, looks: seen, lines: firstLines(s)}
	i.copies()
	i.lookAlikes()
	i.roles()
	i.labels()
	i.balance()
	i.sizes()
	i.backgrounds()
	confounds, err := confounds(ctx, s, files, o)
	if err != nil {
		return nil, err
	}
	for _, c := range confounds {
		if c.Doubtful {
			i.add(Appearance, 0, "%s", c.Reading)
		}
	}
	slices.SortStableFunc(i.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.Line, b.Line))
	})
	return &Audit{i.findings, confounds}, nil
}

// inspection gathers findings.
type inspection struct {
	set      *stimuli.Set
	looks    []look                   // by picture of the set
	lines    map[*stimuli.Picture]int // of triplets.csv, where a picture first stands
	findings []Finding
}

const tripletsFile = "triplets.csv"

// add notes a finding at a line of triplets.csv; 0 is the whole file.
func (i *inspection) add(kind Kind, line int, format string, args ...any) {
	i.findings = append(i.findings, Finding{kind, stimuli.Problem{File: tripletsFile, Line: line, What: fmt.Sprintf(format, args...)}})
}

// addPicture notes a finding where a picture first stands. One that no triplet
// shows can only be in the other tables.
func (i *inspection) addPicture(kind Kind, p *stimuli.Picture, format string, args ...any) {
	i.add(kind, i.lines[p], format, args...)
	if i.lines[p] == 0 {
		i.findings[len(i.findings)-1].File = "pictures.csv"
	}
}

func firstLines(s *stimuli.Set) map[*stimuli.Picture]int {
	lines := map[*stimuli.Picture]int{}
	for i := range s.Triplets {
		for _, p := range s.Triplets[i].Shown() {
			if lines[p] == 0 {
				lines[p] = s.Triplets[i].Line
			}
		}
	}
	return lines
}
