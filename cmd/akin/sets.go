package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
)

func (c *console) setsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "sets",
		Short: "list, show, check, import and compose sets of triplets",
		Example: `  akin sets list
  akin sets show everyday
  akin sets validate my-set
  akin sets import study.zip --mapping study.toml --out my-set
  akin sets compose --pictures photos --norms norms --out my-set`,
	}, c.setsListCommand(), c.setsShowCommand(), c.setsValidateCommand(), c.setsRatingsCommand(), c.setsImportCommand(), c.setsComposeCommand(), c.setsFillCommand())
}

// setInfo is what "sets list" and "sets show" print.
type setInfo struct {
	Name        string         `json:"name"`
	Version     string         `json:"version,omitempty"`
	Title       string         `json:"title,omitempty"`
	Licence     string         `json:"licence,omitempty"`
	Source      string         `json:"source,omitempty"`
	Citation    string         `json:"citation,omitempty"`
	Note        string         `json:"note,omitempty"`
	Task        stimuli.Task   `json:"task"`
	Triplets    int            `json:"triplets"`
	Pictures    int            `json:"pictures"`
	Rated       int            `json:"rated"` // triplets with both ratings
	Judgements  int            `json:"judgements"`
	Judged      string         `json:"judged,omitempty"` // of sets of other tasks than triplets
	Relations   map[string]int `json:"relations"`
	Distractors map[string]int `json:"distractors"`
	Digest      string         `json:"digest"`
}

func newSetInfo(s *stimuli.Set) setInfo {
	info := setInfo{
		Name: s.Name, Version: s.Version, Title: s.Title, Licence: s.Licence, Source: s.Source,
		Citation: s.Citation, Note: s.Note, Task: s.Task, Triplets: len(s.Triplets), Pictures: len(s.Pictures),
		Judgements: len(s.Judgements), Relations: map[string]int{}, Distractors: map[string]int{}, Digest: s.Digest,
	}
	if s.Task != stimuli.Related {
		info.Judged = judgements(s)
	}
	for i := range s.Triplets {
		t := &s.Triplets[i]
		if t.Rated() {
			info.Rated++
		}
		if t.Relation != "" {
			info.Relations[t.Relation]++
		}
		if t.Distractor != "" {
			info.Distractors[t.Distractor]++
		}
	}
	return info
}

func (c *console) printSet(s setInfo) {
	what := [][2]string{
		{"triplets", fmt.Sprintf("%d of %s", s.Triplets, english.Count(s.Pictures, "picture"))},
		{"relations", counts(s.Relations)},
		{"distractors", counts(s.Distractors)},
		{"ratings", ratings(s)},
	}
	if s.Task != stimuli.Related {
		what = [][2]string{{"task", string(s.Task)}, {"judgements", fmt.Sprintf("%s, %s", s.Judged, english.Count(s.Pictures, "picture"))}}
	}
	c.fields(slices.Concat([][2]string{{"name", strings.TrimSpace(s.Name + " " + s.Version)}, {"title", s.Title}}, what, [][2]string{
		{"licence", s.Licence},
		{"source", s.Source},
		{"citation", s.Citation},
		{"note", s.Note},
		{"digest", s.Digest},
	}))
}

// judgements counts what people said in a set of another task than triplets.
func judgements(s *stimuli.Set) string {
	if s.Matrices != nil {
		return fmt.Sprintf("%s, %s (each a person or a mean of people)", s.Task, english.Count(len(s.Matrices.People), "rater"))
	}
	text := fmt.Sprintf("%s of the task %s", english.Count(s.Trials.Len(), "judgement"), s.Task)
	if len(s.Trials.Raters) > 0 {
		text += " by " + english.Count(len(s.Trials.Raters), "person")
	}
	return text
}

func ratings(s setInfo) string {
	text := english.Count(s.Rated, "triplet") + " with both mean ratings"
	if s.Judgements > 0 {
		text += ", " + english.Count(s.Judgements, "individual judgement")
	}
	return text
}

func counts(groups map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		parts = append(parts, fmt.Sprintf("%d %s", groups[name], name))
	}
	return strings.Join(parts, ", ")
}

// fields prints names and values in two columns, without the empty ones.
func (c *console) fields(pairs [][2]string) {
	for _, p := range pairs {
		if p[1] != "" {
			fmt.Fprintf(c.prose(), "%-13s %s\n", p[0], p[1])
		}
	}
}
