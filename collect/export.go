package collect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/internal/atomicfile"
	"github.com/akin-vision/akin/internal/regular"
)

// Files of an export.
const (
	RatingsFile = "ratings.csv"
	ChoicesFile = "choices.csv"
	TrialsFile  = "trials.csv"
	JsPsychFile = "jspsych.csv"
)

// ExportOptions say what Export writes, and over what.
type ExportOptions struct {
	JsPsych bool // jspsych.csv too, with the columns of jsPsych
	Replace bool // also files that no export wrote
}

// Exported is what Export wrote.
type Exported struct {
	Files    []string  `json:"files"`
	People   int       `json:"people"`
	Excluded int       `json:"excluded"`
	Ratings  int       `json:"ratings"`
	Choices  int       `json:"choices,omitempty"`
	Trials   int       `json:"trials"`
	All      Agreement `json:"agreement"`      // of everybody
	Kept     Agreement `json:"agreement_kept"` // of those whose ratings were written
}

// ForeignFileError is a file in the way that no export wrote, or that was changed since.
type ForeignFileError struct{ File string }

func (e *ForeignFileError) Error() string {
	return fmt.Sprintf("%s is not as an export of this study left it", e.File)
}

// RangeError is a scale that the set does not allow.
type RangeError struct{ Min, Max, SetMin, SetMax float64 }

func (e *RangeError) Error() string {
	return fmt.Sprintf("answers from %v to %v do not fit the set's scale from %v to %v", e.Min, e.Max, e.SetMin, e.SetMax)
}

// Export writes what people said into a set's folder, as CSV and Parquet: the
// ratings of those whom no rule leaves out, in the form that sets have them (of
// choices 1 for pairs put together, else 0); of choices also who chose what; and
// each trial of everybody. Equal databases give equal bytes.
func (c *Collection) Export(ctx context.Context, dir string, o ExportOptions) (*Exported, error) {
	if err := c.Fits(); err != nil {
		return nil, err
	}
	d, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	kept := d.kept()
	e := &Exported{People: len(d.people), Excluded: len(d.people) - len(kept)}
	files, err := d.files(kept, o, e)
	if err != nil {
		return nil, err
	}
	before, err := c.checkForeign(ctx, dir, files, o.Replace)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		before[name] = append(before[name], digest(files[name]))
	}
	// What is about to be written is noted first: an export that is interrupted
	// can be repeated.
	if err := c.noteExported(ctx, before); err != nil {
		return nil, err
	}
	if err := writeAll(dir, files); err != nil {
		return nil, err
	}
	e.Files = slices.Sorted(maps.Keys(files))
	e.All, e.Kept = d.agreements()
	return e, nil
}

// writeAll writes the files of an export, none before there is room for all.
func writeAll(dir string, files map[string][]byte) error {
	var growing []*atomicfile.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := atomicfile.Create(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(dir, name), err)
		}
		defer f.Discard()
		f.Write(files[name]) // an error stays until it is committed
		growing = append(growing, f)
	}
	return atomicfile.CommitAll(growing...)
}

// Fits is a RangeError where the set does not take values of the study's scale.
func (c *Collection) Fits() error {
	low, high := c.Study.Scale.Min, c.Study.Scale.Max
	if c.Study.Task == study.Rating && (low < c.Set.RatingMin || high > c.Set.RatingMax) {
		return &RangeError{low, high, c.Set.RatingMin, c.Set.RatingMax}
	}
	return nil
}

// choiceValues are what pairs that a person did not and did put together are worth
// in ratings.csv: 0 and 1, or the ends of the set's scale where that excludes these.
func (c *Collection) choiceValues() (no, yes float64) {
	if c.Set.RatingMin <= 0 && c.Set.RatingMax >= 1 {
		return 0, 1
	}
	return c.Set.RatingMin, c.Set.RatingMax
}

func (d *data) files(kept []participant, o ExportOptions, e *Exported) (map[string][]byte, error) {
	files := map[string][]byte{}
	ratings, choices, trials := d.ratingRows(kept), d.choiceRows(kept), d.trialRows()
	e.Ratings, e.Choices, e.Trials = len(ratings), len(choices), len(trials)
	err := errors.Join(put(files, RatingsFile, ratings), put(files, TrialsFile, trials))
	if d.Study.Task != study.Rating {
		err = errors.Join(err, put(files, ChoicesFile, choices))
	}
	if o.JsPsych {
		err = errors.Join(err, put(files, JsPsychFile, d.jsPsychRows()))
	}
	return files, err
}

// put adds a table as CSV and as Parquet.
func put[T any](files map[string][]byte, name string, rows []T) error {
	var text, columns bytes.Buffer
	if err := errors.Join(writeCSV(&text, rows), writeParquet(&columns, rows)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	files[name] = text.Bytes()
	files[strings.TrimSuffix(name, ".csv")+".parquet"] = columns.Bytes()
	return nil
}

// checkForeign refuses to replace files that no export of this database wrote. It
// returns the digests that are known, by file.
func (c *Collection) checkForeign(ctx context.Context, dir string, files map[string][]byte, replace bool) (map[string][]string, error) {
	text, err := c.Store.Meta(ctx, metaExported)
	if err != nil {
		return nil, err
	}
	known := map[string][]string{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &known); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		there, err := regular.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !replace && !bytes.Equal(there, files[name]) && !slices.Contains(known[name], digest(there)) {
			return nil, &ForeignFileError{filepath.Join(dir, name)}
		}
	}
	return known, nil
}

// mostNoted are the latest exports that are remembered of a file.
const mostNoted = 20

func (c *Collection) noteExported(ctx context.Context, digests map[string][]string) error {
	for name, list := range digests {
		digests[name] = list[max(0, len(list)-mostNoted):]
	}
	text, err := json.Marshal(digests)
	if err != nil {
		return err
	}
	return c.Store.SetMeta(ctx, metaExported, string(text))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// ratingRow is a line of ratings.csv.
type ratingRow struct {
	Rater    string  `parquet:"rater"`
	PictureA string  `parquet:"picture_a"`
	PictureB string  `parquet:"picture_b"`
	Scale    string  `parquet:"scale"`
	Value    float64 `parquet:"value"`
}

func (d *data) ratingRows(people []participant) []ratingRow {
	var rows []ratingRow
	for _, p := range people {
		for _, j := range d.judgements(p, study.Main) {
			rows = append(rows, ratingRow{j.Rater, j.A.Path, j.B.Path, j.Scale, j.Value})
		}
	}
	return rows
}

// choiceRow is a line of choices.csv. Chosen is the picture that belongs to the
// target, or the odd one out.
type choiceRow struct {
	Rater     string `parquet:"rater"`
	Triplet   string `parquet:"triplet"`
	Target    string `parquet:"target"`
	Related   string `parquet:"related"`
	Unrelated string `parquet:"unrelated"`
	Chosen    string `parquet:"chosen"`
	Role      string `parquet:"chosen_role"`
	Place     int    `parquet:"chosen_place"` // from the left, 1 the first
}

func (d *data) choiceRows(people []participant) []choiceRow {
	if d.Study.Task == study.Rating {
		return nil
	}
	roles := [3]string{"target", "related", "unrelated"}
	var rows []choiceRow
	for _, p := range people {
		for _, g := range p.answers {
			if g.Trial.Kind != study.Main || g.Response == nil {
				continue
			}
			t, chosen := d.Items.List[g.Trial.Item].Triplet, int(d.value(g))
			place := int(*g.Response) + 1
			if d.Study.Task == study.Triplet {
				place-- // the target stands above
			}
			rows = append(rows, choiceRow{p.Code, t.ID, t.Target.Path, t.Related.Path, t.Unrelated.Path, t.Shown()[chosen].Path, roles[chosen], place})
		}
	}
	return rows
}

// trialRow is a line of trials.csv.
type trialRow struct {
	Person   string   `parquet:"person"`
	Excluded string   `parquet:"excluded"` // by which rules; empty: the person counts
	Finished bool     `parquet:"finished"`
	Version  int      `parquet:"study_version"`
	Consent  string   `parquet:"consent_version"`
	Language string   `parquet:"language"`
	Device   string   `parquet:"device"`
	Order    int      `parquet:"order"` // of the trial, from 1
	Kind     string   `parquet:"kind"`
	Item     string   `parquet:"item"`
	Shown1   string   `parquet:"shown_1"`
	Shown2   string   `parquet:"shown_2"`
	Shown3   string   `parquet:"shown_3"`
	Value    *float64 `parquet:"value,optional"` // of a rating
	Chosen   string   `parquet:"chosen"`         // of a choice
	RT       *float64 `parquet:"rt_ms,optional"`
	Onset    float64  `parquet:"onset_ms"` // since the first trial of that visit
	First    *float64 `parquet:"first_ms,optional"`
	Gap      *float64 `parquet:"gap_ms,optional"`
	LateMS   float64  `parquet:"late_ms"`
	Late     bool     `parquet:"late"` // by more than two frames
	Away     int      `parquet:"focus_lost"`
	Input    string   `parquet:"input"`
}

func (d *data) trialRows() []trialRow {
	var rows []trialRow
	for _, p := range d.people {
		for _, g := range p.answers {
			r := trialRow{
				Person: p.Code, Excluded: strings.Join(p.excluded, ", "), Finished: p.Finished, Version: p.Version, Consent: p.Consent,
				Language: p.Language, Device: p.Device, Order: g.Position + 1, Kind: string(g.Trial.Kind), RT: g.RT, Onset: g.Onset,
				First: g.First, Gap: g.Gap, LateMS: g.Late, Late: g.Late > lateMS, Away: g.Away, Input: g.Input,
			}
			if g.Trial.Item >= 0 {
				r.Item = d.Items.List[g.Trial.Item].ID
			}
			paths := append(d.paths(g.Trial), "")
			r.Shown1, r.Shown2, r.Shown3 = paths[0], paths[1], paths[2]
			switch {
			case d.Study.Task == study.Rating:
				r.Value = g.Response
			case g.Response != nil:
				r.Chosen = paths[int(*g.Response)]
			}
			rows = append(rows, r)
		}
	}
	return rows
}

func (d *data) paths(t study.Trial) []string {
	var paths []string
	for _, n := range t.Shown {
		paths = append(paths, d.Items.Pictures[n].Path)
	}
	return paths
}

// jsPsychRow is a trial as jsPsych's own plugins would record it: the response to
// a choice is the number of its button, from 0.
type jsPsychRow struct {
	Subject  string   `parquet:"subject_id"`
	Type     string   `parquet:"trial_type"`
	Index    int      `parquet:"trial_index"`
	Elapsed  *float64 `parquet:"time_elapsed,optional"`
	RT       *float64 `parquet:"rt,optional"`
	Stimulus string   `parquet:"stimulus"` // JSON
	Response *float64 `parquet:"response,optional"`
	Kind     string   `parquet:"kind"`
}

func (d *data) jsPsychRows() []jsPsychRow {
	kind := "image-button-response"
	if d.Study.Task == study.Rating && d.Study.Scale.Answer == study.Slider {
		kind = "image-slider-response"
	}
	var rows []jsPsychRow
	for _, p := range d.people {
		for _, g := range p.answers {
			stimulus, err := json.Marshal(d.paths(g.Trial))
			if err != nil {
				panic(err) // strings can be marshalled
			}
			r := jsPsychRow{Subject: p.Code, Type: kind, Index: g.Position, RT: g.RT, Stimulus: string(stimulus), Kind: string(g.Trial.Kind)}
			if g.Response != nil {
				elapsed, response := math.Round(g.Onset+*g.RT), *g.Response
				switch {
				case d.Study.Task == study.Triplet:
					response--
				case d.Study.Task == study.Rating && d.Study.Scale.Answer == study.Buttons:
					response -= d.Study.Scale.Min
				}
				r.Elapsed, r.Response = &elapsed, &response
			}
			rows = append(rows, r)
		}
	}
	return rows
}
