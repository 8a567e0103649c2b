package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/ingest"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/akin-vision/akin/stimuli"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// importReport is what "sets import --json" prints.
type importReport struct {
	Written    string           `json:"written,omitempty"` // the folder
	Triplets   int              `json:"triplets"`
	OddOneOut  int              `json:"odd_one_out_rows,omitempty"`
	Votes      int              `json:"rows_of_votes,omitempty"`
	Pictures   int              `json:"pictures"`
	Judgements int              `json:"judgements"`
	Problems   stimuli.Problems `json:"problems"`
	Unused     []string         `json:"unused_pictures"`
	Notes      []string         `json:"notes,omitempty"` // what was recognised, left out by rule, or is to be looked at
}

// problemsShown is how many problems are printed without --json.
const problemsShown = 50

// importFlags are the flags of "sets import"; mapping wins over the file.
type importFlags struct {
	file, out, folder string
	partial, dryRun   bool

	name, version, title, licence, source, citation, note string
	patterns, roles, ignore                               []string
	values                                                []string
	triplets, labels, ratings, judgements                 string
	columns                                               []string
	headless                                              bool
	task, names                                           string
	answers, where                                        []string
}

func (c *console) setsImportCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import SOURCE --out DIR",
		Short: "make a set from pictures and tables of another layout",
		Long: `import reads a folder, a .zip archive or a table (CSV, TSV, XLSX, JSON, .npy, .npz,
.mat; its folder holds the pictures) and writes them as a set. Files of THINGS, NIGHTS,
BAPPS, Salmon, NEXT and Meadows are known by their form. How to read others is said by
flags or, in full, by a mapping (--mapping FILE.toml; see docs/import.md).

It first shows what it understood of the first rows, and every picture and row
that it could not place. Where a table can be read in two ways that differ, such as
numbers that may count from 0 or from 1, it asks: say which with --answer. Then
nothing is written unless --partial leaves those out and lists them in
import-report.csv. --dry-run only shows.`,
		Example: `  akin sets import triplets.csv --out my-set
  akin sets import pictures --pattern '{id}_{role}.jpg' --role t=target --role r=related --role u=unrelated --out my-set
  akin sets import study.zip --mapping study.toml --dry-run
  akin sets import things --task odd-one-out --triplets trainset.txt --no-header --names unique_id.txt --out things-set
  akin sets import nights --triplets data.csv --where split=test --out nights-test
  akin sets import study --judgements 'Meadows_*_1D.mat' --task matrix --out arrangement
  akin sets import study --judgements rdm.npy --names names.txt --answer values=dissimilarity --task matrix --out rdm`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if f.out == "" && !f.dryRun {
				return usageError{errors.New("akin sets import: say where the set goes with --out DIR, or look first with --dry-run")}
			}
			return c.importSet(args[0], f)
		},
	}
	f.define(cmd.Flags())
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (f *importFlags) define(flags *pflag.FlagSet) {
	flags.StringVar(&f.out, "out", "", "new `folder` of the set")
	flags.StringVar(&f.file, "mapping", "", "TOML `file` that describes the layout")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only show what is understood")
	flags.BoolVar(&f.partial, "partial", false, "leave out what cannot be placed")
	flags.StringVar(&f.folder, "pictures", "", "`folder` of the pictures inside the source, to which names in tables are relative")
	flags.StringArrayVar(&f.patterns, "pattern", nil, "names of pictures, such as '{id}/{role}.jpg'; repeatable")
	flags.StringArrayVar(&f.roles, "role", nil, "a foreign `WORD=ROLE`, of target, related, unrelated; repeatable")
	flags.StringArrayVar(&f.values, "value", nil, "a foreign `WORD=VALUE` of relation or distractor; repeatable")
	flags.StringArrayVar(&f.ignore, "ignore", nil, "pictures that do not belong, such as 'practice/*'; repeatable")
	flags.StringVar(&f.triplets, "triplets", "", "table of triplets, `FILE[#SHEET]` inside the source")
	flags.StringVar(&f.labels, "labels", "", "table of what pictures show, path and label, `FILE[#SHEET]`")
	flags.StringVar(&f.ratings, "ratings", "", "table of mean ratings by triplet, `FILE[#SHEET]`")
	flags.StringVar(&f.judgements, "judgements", "", "table of single people's ratings, `FILE[#SHEET]`")
	flags.StringArrayVar(&f.columns, "column", nil, "a column by its name in the table, `[TABLE.]KEY=COLUMN` (unrelated=Foil, ratings.id=Trial); repeatable")
	flags.BoolVar(&f.headless, "no-header", false, "the table of triplets has no header; its columns are 1, 2, 3")
	flags.StringVar(&f.task, "task", "", "task of the set: related, odd-one-out, votes or matrix (default: that of a known form, else related)")
	flags.StringVar(&f.names, "names", "", "`file` inside the source with one name a line, that numbers of items stand for; \"sorted\" for the pictures in the order of their paths")
	flags.StringArrayVar(&f.answers, "answer", nil, "what import asks for, `KEY=VALUE` (base=1, odd_is=place, values=dissimilarity); repeatable")
	flags.StringArrayVar(&f.where, "where", nil, "only rows with this value, `[TABLE.]COLUMN=VALUE`, of the table of triplets or of judgements; repeatable")
	flags.StringVar(&f.name, "name", "", "name of the set (default: that of --out)")
	flags.StringVar(&f.version, "set-version", "", "version of the set")
	flags.StringVar(&f.title, "title", "", "title of the set")
	flags.StringVar(&f.licence, "licence", "", "licence of the pictures")
	flags.StringVar(&f.source, "source", "", "where the set comes from")
	flags.StringVar(&f.citation, "citation", "", "what to cite")
	flags.StringVar(&f.note, "note", "", "what else to know")
}

func (c *console) importSet(name string, f importFlags) error {
	source, err := ingest.Open(name)
	if err != nil {
		return err
	}
	defer source.Close()
	m, err := f.mapping(source)
	if err != nil {
		return err
	}
	plan, err := ingest.Understand(source.FS, m)
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	fmt.Fprint(c.err, plan.Preview())
	if n := len(plan.Problems); n > 0 {
		fmt.Fprintf(c.err, "\ncould not be placed (%d):\n%v\n", n, plan.Problems[:min(n, problemsShown)])
		if n > problemsShown {
			fmt.Fprintf(c.err, "and %d more; --json prints all\n", n-problemsShown)
		}
	}
	report := importReport{
		Triplets: len(plan.Triplets), OddOneOut: len(plan.Odd), Pictures: len(plan.Pictures), Judgements: len(plan.Judgements),
		Votes: len(plan.Votes), Notes: plan.Notes,
		Problems: append(stimuli.Problems{}, plan.Problems...), Unused: append([]string{}, plan.Unused...),
	}
	switch {
	case !f.dryRun:
		err = plan.Write(f.out, f.partial)
	case len(plan.Problems) > 0 && !f.partial:
		err = ingest.ErrUnplaced
	}
	if err == nil && !f.dryRun {
		report.Written = f.out
	}
	if c.asJSON {
		err = cmp.Or(c.printJSON(report), err)
	} else if report.Written != "" {
		fmt.Fprintf(c.prose(), "%s: %s; akin sets validate %s looks at them\n", f.out, report.contents(), f.out)
	}
	if errors.Is(err, ingest.ErrUnplaced) {
		err = unplacedError{err, plan.Problems}
	}
	return err
}

// contents says what was written.
func (r importReport) contents() string {
	what := fmt.Sprintf("%s, %s", english.Count(r.Triplets, "triplet"), english.Count(r.Pictures, "picture"))
	if r.Judgements > 0 {
		what += ", " + english.Count(r.Judgements, "judgement")
	}
	switch {
	case r.OddOneOut > 0:
		what = fmt.Sprintf("%s, %s", english.Count(r.OddOneOut, "odd-one-out row"), english.Count(r.Pictures, "picture"))
	case r.Votes > 0:
		what = fmt.Sprintf("%s, %s", english.Count(r.Votes, "voted row"), english.Count(r.Pictures, "picture"))
	case r.Triplets == 0:
		what = fmt.Sprintf("%s, %s", english.Count(r.Judgements, "pair value"), english.Count(r.Pictures, "picture"))
	}
	return what
}

// unplacedError is an import that left something over.
type unplacedError struct {
	error
	problems stimuli.Problems
}

// mapping reads the mapping's file, and sets what flags say over it.
func (f importFlags) mapping(source *ingest.Source) (ingest.Mapping, error) {
	var m ingest.Mapping
	if f.file != "" {
		data, err := tomlfile.ReadFile(f.file)
		if err != nil {
			return m, err
		}
		if m, err = ingest.ReadMapping(data); err != nil {
			return m, fmt.Errorf("mapping %s: %w", f.file, err)
		}
	}
	for _, given := range []struct {
		flag string
		to   *string
	}{
		{f.name, &m.Name}, {f.version, &m.Version}, {f.title, &m.Title}, {f.licence, &m.Licence},
		{f.source, &m.Source}, {f.citation, &m.Citation}, {f.note, &m.Note}, {f.task, &m.Task}, {f.names, &m.Triplets.Names},
	} {
		*given.to = cmp.Or(given.flag, *given.to)
	}
	if f.names != "" {
		m.Judgements.Names = f.names
	}
	if m.Name == "" && f.out != "" {
		m.Name = filepath.Base(filepath.Clean(f.out))
	}
	m.Pictures.Folder = cmp.Or(f.folder, m.Pictures.Folder)
	m.Pictures.Patterns = append(f.patterns, m.Pictures.Patterns...)
	m.Ignore = append(m.Ignore, f.ignore...)
	if m.Triplets.File == "" && !(m.Task == string(stimuli.Matrix) && cmp.Or(f.judgements, m.Judgements.File) != "") {
		m.Triplets.File = source.Table
	}
	setTable(&m.Triplets.Table, f.triplets)
	setTable(&m.Labels.Table, f.labels)
	setTable(&m.Ratings.Table, f.ratings)
	setTable(&m.Judgements.Table, f.judgements)
	m.Triplets.Headless = m.Triplets.Headless || f.headless
	return m, errors.Join(
		setWords(&m.Roles, "role", f.roles), setWords(&m.Values, "value", f.values), setColumns(&m, f.columns), setAnswers(&m, f.answers), setWhere(&m, f.where),
	)
}

// setTable takes FILE or FILE#SHEET.
func setTable(t *ingest.Table, given string) {
	if given != "" {
		t.File, t.Sheet, _ = strings.Cut(given, "#")
	}
}

// setWords takes WORD=MEANING of a flag into a map of the mapping.
func setWords(words *map[string]string, flag string, given []string) error {
	for _, text := range given {
		word, meaning, ok := strings.Cut(text, "=")
		if !ok {
			return usageError{fmt.Errorf("--%s %q is not WORD=MEANING", flag, text)}
		}
		if *words == nil {
			*words = map[string]string{}
		}
		(*words)[word] = meaning
	}
	return nil
}

// setColumns takes KEY=COLUMN of the table of triplets, TABLE.KEY=COLUMN of
// another. A key that stands several times names several columns.
func setColumns(m *ingest.Mapping, given []string) error {
	t, r, j := &m.Triplets, &m.Ratings, &m.Judgements
	q := &j.Questions
	single := map[string]*string{
		"id": &t.ID, "target": &t.Target, "related": &t.Related, "odd": &t.Odd, "relation": &t.Relation, "distractor": &t.Distractor,
		"target_label": &t.TargetLabel, "related_label": &t.RelatedLabel, "rating_related": &t.RatingRelated,
		"left": &t.Left, "right": &t.Right, "chosen": &t.Chosen, "left_votes": &t.LeftVotes, "right_votes": &t.RightVotes,
		"rater": &t.Rater, "labels.path": &m.Labels.Path, "labels.label": &m.Labels.Label,
		"ratings.id": &r.ID, "ratings.related": &r.Related, "ratings.unrelated": &r.Unrelated,
		"ratings.relation": &r.Relation, "ratings.distractor": &r.Distractor,
		"judgements.rater": &j.Rater, "judgements.picture_a": &j.PictureA, "judgements.picture_b": &j.PictureB,
		"judgements.id": &j.ID, "judgements.role": &j.Role, "judgements.scale": &j.Scale, "judgements.value": &j.Value,
		"questions.file": &q.File, "questions.question": &q.Question, "questions.picture_a": &q.PictureA, "questions.picture_b": &q.PictureB,
		"questions.id": &q.ID, "questions.role": &q.Role, "questions.scale": &q.Scale,
	}
	several := map[string]*[]string{
		"unrelated": &t.Unrelated, "item": &t.Items, "unrelated_label": &t.UnrelatedLabel, "rating_unrelated": &t.RatingUnrelated,
		"judgements.raters": &j.Raters, "ratings.tags": &r.Tags,
	}
	fresh := map[string]bool{}
	for _, text := range given {
		key, column, ok := strings.Cut(text, "=")
		switch {
		case ok && single[key] != nil:
			*single[key] = column
		case ok && several[key] != nil:
			if !fresh[key] { // flags replace what the mapping says
				*several[key], fresh[key] = nil, true
			}
			*several[key] = append(*several[key], column)
		default:
			known := slices.Sorted(maps.Keys(single))
			known = slices.Concat(known, slices.Sorted(maps.Keys(several)))
			return usageError{fmt.Errorf("--column %q is not KEY=COLUMN with a key of %s", text, strings.Join(known, ", "))}
		}
	}
	return nil
}
