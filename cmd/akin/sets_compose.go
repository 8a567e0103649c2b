package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/akin-vision/akin/compose"
	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
	"github.com/spf13/cobra"
)

// composeFlags are the flags of "sets compose" that Config does not hold.
type composeFlags struct {
	pictures, wordNet, senses, review, out string
	norms                                  []string
	maxUses                                int
}

func (c *console) setsComposeCommand() *cobra.Command {
	var config compose.Config
	var f composeFlags
	cmd := &cobra.Command{
		Use:   "compose",
		Short: "compose a set of labelled pictures, WordNet and norms",
		Long: `compose makes triplets of labelled pictures. What belongs together it takes from
WordNet and from published norms; what looks alike it measures.

The pictures lie in folders named by what they show, a label (ice_cream) or a
WordNet id (n07614500), or are listed in pictures.csv or labels.csv there
(path, and label, synset, wnid or class).

The norms are files as their authors publish them: MEN, WordSim-353, SimLex-999,
MTurk-771, RG-65, USF, SWOW, Brysbaert. For any other table write NAME.toml
beside it: source, kind (relatedness, similarity, association, concreteness),
the columns a, b and value, and the scale's min and max.

A taxonomic pair is near in WordNet and rated related; a thematic one is
associated and far in WordNet. Distractors are unrelated to target and related
picture by every source at hand, and matched to the target in shape, in colour,
or drawn at random. With --balance they are as like the target as the related
picture is, so that appearance cannot solve the task.

The folder of the set also holds compose-report.csv (what was rejected and why),
senses.csv (the sense of each label; correct it and give it back with --senses)
and review.html, a page on which you keep or drop triplets by keys. Give what it
saves back with --review. The same command gives the same set.`,
		Example: `  akin sets compose --pictures photos --norms norms --out my-set
  akin sets compose --pictures photos --norms norms --review review.csv --out my-set
  akin sets compose --pictures imagenet/val --norms MEN.txt --norms usf.csv --balance --triplets 400 --out balanced`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.read(&config, c); err != nil {
				return err
			}
			return c.compose(cmd, config, f)
		},
	}
	f.register(cmd, &config)
	c.jsonFlag(cmd, "print JSON")
	return cmd
}

func (c *console) compose(cmd *cobra.Command, config compose.Config, f composeFlags) error {
	if err := compose.Replaceable(f.out); err != nil {
		return err
	}
	config.Store = c.home.Features()
	progress := newProgress(c.err)
	config.Extract.Progress = progress.show
	composition, err := compose.ComposeFolder(cmd.Context(), config)
	progress.finish()
	if err != nil {
		return err
	}
	if err := composition.Write(f.out); err != nil {
		return err
	}
	info := newComposeInfo(f.out, composition)
	return show(c, info, c.printComposition)
}

// register declares the flags.
func (f *composeFlags) register(cmd *cobra.Command, config *compose.Config) {
	flags := cmd.Flags()
	flags.StringVar(&f.pictures, "pictures", "", "folder of labelled pictures")
	flags.StringArrayVar(&f.norms, "norms", nil, "file of norms, or a folder of them; repeatable")
	flags.StringVar(&f.wordNet, "wordnet", "", "WordNet 3.0's dict folder (default: WNSEARCHDIR, WNHOME/dict, then the system's)")
	flags.StringVar(&f.out, "out", "", "folder of the set")
	flags.StringVar(&f.senses, "senses", "", "senses.csv with corrections: the synset of each label")
	flags.StringVar(&f.review, "review", "", "review.csv, as saved from review.html")
	flags.BoolVar(&config.Options.Balance, "balance", false, "keep appearance from telling the related picture")
	flags.IntVar(&config.Options.Triplets, "triplets", 0, "at most so many, half of each relation (default: all that can be composition)")
	flags.IntVar(&f.maxUses, "max-uses", 2, "how often a picture may be used")
	flags.IntVar(&config.PerLabel, "per-label", 50, "pictures of a label that are considered")
	flags.IntVar(&config.PerPair, "per-pair", 1, "triplets for each pair of labels, with different pictures")
	flags.IntVar(&config.PairsPerLabel, "pairs-per-label", 4, "pairs in which a label stands, for each relation")
	flags.Uint64Var(&config.Options.Seed, "seed", 1, "of all that is drawn")
}

// read opens what the flags name.
func (f *composeFlags) read(config *compose.Config, c *console) error {
	if f.pictures == "" || len(f.norms) == 0 || f.out == "" {
		return usageError{errors.New("sets compose needs --pictures, --norms and --out; see akin sets compose --help")}
	}
	if err := f.checkCounts(config); err != nil {
		return err
	}
	root, err := regular.OpenFolder(f.pictures)
	if err != nil {
		return err
	}
	config.Pictures = root
	o := &config.Options
	o.MaxTargets, o.MaxDistractors, o.MaxRoles = f.maxUses, f.maxUses, f.maxUses
	var skipped []string
	var faults [4]error
	config.Norms, skipped, faults[0] = lexicon.ReadNorms(f.norms...)
	config.WordNet, faults[1] = lexicon.OpenWordNet(f.wordNet)
	if f.senses != "" {
		config.Senses, faults[2] = compose.ReadSenses(regular.Dir(filepath.Dir(f.senses)), filepath.Base(f.senses))
	}
	if f.review != "" {
		config.Reviews, faults[3] = compose.ReadReviews(regular.Dir(filepath.Dir(f.review)), filepath.Base(f.review))
	}
	for _, name := range skipped {
		fmt.Fprintf(c.err, "akin: warning: %s is no table of norms that akin knows, and was left out\n", name)
	}
	return errors.Join(faults[:]...)
}

// checkCounts refuses counts that allow no triplet.
func (f *composeFlags) checkCounts(config *compose.Config) error {
	for _, count := range []struct {
		flag string
		n    int
	}{{"max-uses", f.maxUses}, {"per-label", config.PerLabel}, {"per-pair", config.PerPair}, {"pairs-per-label", config.PairsPerLabel}} {
		if count.n < 1 {
			return usageError{fmt.Errorf("--%s is %d; use 1 or more", count.flag, count.n)}
		}
	}
	if n := config.Options.Triplets; n < 0 || n == 1 {
		return usageError{fmt.Errorf("--triplets is %d; use 2 or more, because half of them are of each relation", n)}
	}
	return nil
}

// composeInfo is what "sets compose --json" prints.
type composeInfo struct {
	Folder     string                  `json:"folder"`
	Triplets   int                     `json:"triplets"`
	Rejected   map[string]int          `json:"rejected"` // by what: labels, pictures, pairs
	Doubtful   []string                `json:"doubtful_senses"`
	Appearance []compose.BaselineError `json:"solved"`
	Unbalanced []compose.BaselineError `json:"unbalanced,omitempty"`
}

func newComposeInfo(folder string, m *compose.Composition) composeInfo {
	info := composeInfo{Folder: folder, Triplets: len(m.Triplets), Rejected: rejections(m.Rejected), Appearance: m.Appearance, Unbalanced: m.Unbalanced}
	for _, l := range m.Doubtful() {
		info.Doubtful = append(info.Doubtful, l.Name)
	}
	return info
}

func intervalOr(i stats.Interval, missing string, write func(float64) string) string {
	if !i.Defined() {
		return missing
	}
	return notation.Interval(i, write)
}

// rejections counts what was rejected, by what it is.
func rejections(all []compose.Rejected) map[string]int {
	counts := map[string]int{}
	for _, r := range all {
		counts[r.What]++
	}
	return counts
}

// printComposition prints how many triplets there are of each kind, and how often
// appearance alone errs on them.
func (c *console) printComposition(info composeInfo) {
	unbalanced := map[[3]string]float64{}
	for _, s := range info.Unbalanced {
		unbalanced[[3]string{s.Baseline, s.Relation, s.Distractor}] = s.Error
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-9s  %-10s  %8s  %s\n", "relation", "distractor", "triplets", "error of appearance alone, 95 % interval")
	for i, s := range info.Appearance {
		if i == 0 || s.Relation != info.Appearance[i-1].Relation || s.Distractor != info.Appearance[i-1].Distractor {
			fmt.Fprintf(&table, "%-9s  %-10s  %8d  ", cmp.Or(s.Relation, "all"), cmp.Or(s.Distractor, "all"), s.Triplets)
		}
		share := notation.ShareOf(s.Triplets)
		fmt.Fprintf(&table, "%s %s %% (%s", s.Baseline, share(s.Error), intervalOr(s.Interval, "no interval", share))
		if before, known := unbalanced[[3]string{s.Baseline, s.Relation, s.Distractor}]; known {
			fmt.Fprintf(&table, "; without balance %s", share(before))
		}
		end := ", "
		if i+1 == len(info.Appearance) || s.Relation != info.Appearance[i+1].Relation || s.Distractor != info.Appearance[i+1].Distractor {
			end = "\n"
		}
		fmt.Fprint(&table, ")"+end)
	}
	fmt.Fprint(c.prose(), &table)
	fmt.Fprintf(c.err, "%s in %s. Rejected: %s (compose-report.csv). Senses to look at: %d (senses.csv).\n",
		english.Count(info.Triplets, "triplet"), info.Folder, cmp.Or(counts(info.Rejected), "nothing"), len(info.Doubtful))
	fmt.Fprintf(c.err, "Next: open %s and decide by keys.\n", filepath.Join(info.Folder, "review.html"))
}
