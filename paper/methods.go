package paper

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/internal/tex"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// methods is the run in the words of a paper's section on methods, and what it
// cites. Whatever it says stands in the record.
type methods struct {
	sections   []section
	references []cited
}

type section struct {
	heading    string
	paragraphs []paragraph
}

// paragraph is plain text, followed by what it cites.
type paragraph struct {
	text  string
	cited []string // keys of references
}

// cited is a source in the words of a set or a card.
type cited struct{ key, text string }

// akinSource is the paper that akin's measure comes from; the title is that of its second version.
const akinSource = "Do Vision Models Encode Object-Level Semantic Relatedness? arXiv 1709.03806 (version 1: 2017)."

func newMethods(run *record.Run, s record.Statistics) methods {
	m := methods{references: []cited{{"akin", akinSource}}}
	m.sections = []section{
		{"Stimuli", []paragraph{m.stimuli(run)}},
		{"Models", m.models(run)},
		{"Measure and tests", []paragraph{{text: measure(run)}, {text: inference(s)}}},
		{"Reproduction", []paragraph{{text: reproduction(run, s)}}},
	}
	m.sections[2].paragraphs[0].cited = []string{"akin"}
	return m
}

// cite adds a source and returns its key; none for no source.
func (m *methods) cite(key, text string) []string {
	if text == "" {
		return nil
	}
	for _, r := range m.references {
		if r.text == text {
			return []string{r.key}
		}
	}
	m.references = append(m.references, cited{key, text})
	return []string{key}
}

func (m *methods) stimuli(run *record.Run) paragraph {
	name := run.Set.Name
	if run.Set.Version != "" {
		name += ", version " + run.Set.Version
	}
	counts := map[string]int{}
	for _, t := range run.Stimuli.Triplets {
		counts[t.Relation]++
	}
	text := fmt.Sprintf("The set %s has %s of %s", name, english.Count(run.Set.Triplets, "triplet"), english.Count(run.Set.Pictures, "picture"))
	if counts[stimuli.Taxonomic] > 0 && counts[stimuli.Thematic] > 0 {
		text += fmt.Sprintf(", %d taxonomic and %d thematic ones", counts[stimuli.Taxonomic], counts[stimuli.Thematic])
	}
	text += fmt.Sprintf(" (SHA-256 %s over its tables and pictures).", run.Set.Digest)
	if run.Set.Judgements > 0 {
		text += " People gave " + english.Count(run.Set.Judgements, "single rating") + " of pairs of pictures."
	}
	if run.Set.Source != "" {
		text += " Source: " + strings.TrimSuffix(run.Set.Source, ".") + "."
	}
	return paragraph{text, m.cite("set", run.Set.Citation)}
}

// models has a paragraph for each model; a variant names its network and no source.
func (m *methods) models(run *record.Run) (all []paragraph) {
	for i, model := range run.Models {
		all = append(all, paragraph{describe(model), m.cite(fmt.Sprintf("model%d", i+1), model.Citation)})
	}
	return all
}

func describe(m record.Model) string {
	if m.Space != nil {
		return fmt.Sprintf("%s: the features of %s in the space %s: %s.", m.Name, m.Space.Network, m.Space.Kind, m.Title)
	}
	text := m.Name
	if m.Title != "" {
		text += " (" + m.Title + ")"
	}
	if m.Own != nil {
		return fmt.Sprintf("%s: features of %d values computed by another program and read from a file (SHA-256 %s); how pictures were prepared is not known.", text, m.Dim, m.Hash)
	}
	text += fmt.Sprintf(", %s: features of %d values at the node %s", m.Kind, m.Dim, m.Node)
	if m.Kind == model.NoNetwork {
		text = fmt.Sprintf("%s, a baseline without a network: %d values", m.Name, m.Dim)
	}
	if m.Pooling != "" {
		text += ", pooled by " + m.Pooling
	}
	if m.Precision != "" {
		text += ", at the precision " + m.Precision
	}
	text += "; preparation of pictures: " + strings.Join(m.Recipe.Steps(), ", ")
	if m.Kind != model.NoNetwork {
		text += fmt.Sprintf("; SHA-256 of the graph %s; computed by %s", m.Hash, m.Engine)
		if m.Source != "" {
			text += "; source: " + strings.TrimSuffix(m.Source, ".")
		}
	}
	return text + "." + gate(m)
}

// gate says what is known of a network's weights and recipe.
func gate(m record.Model) string {
	switch m.CheckState() {
	case record.Checked:
		return " Its published accuracy was reproduced."
	case record.ByParity:
		return " It computes what the framework that exported it computes."
	case record.Failed:
		return " Its published accuracy was not reproduced: weights or preparation of pictures are wrong."
	case record.Unchecked:
		return " Its published accuracy was not checked."
	}
	return ""
}

func measure(run *record.Run) string {
	return fmt.Sprintf("A triplet is matched correctly where the %s of the features of target and related picture exceeds that of target and unrelated picture. %s The matching error is the share of triplets that are not. The AUC is the area under the ROC curve of these values over all pairs, related against unrelated.",
		run.Settings.Similarity, map[match.Credit]string{
			match.HalfCredit: "Ties count half.", match.AsWrong: "Ties count as wrong.",
			match.AsRight: "Ties count as right.", match.Dropped: "Ties are left out.",
		}[run.Settings.Credit])
}

// inference names the tests that stand behind the p-values, each where it was used.
func inference(s record.Statistics) string {
	var chance, pairs []stats.Evidence
	for _, m := range s.Comparison.Models {
		chance = append(chance, m.Evidence)
	}
	for _, p := range s.Comparison.Pairs {
		pairs = append(pairs, p.Evidence)
	}
	text := fmt.Sprintf("Intervals hold at %s %% and count every picture that triplets share.", notation.PercentExact(s.Level))
	for _, used := range []struct {
		what string
		list []stats.Evidence
	}{
		{"Errors were tested against chance", chance}, {"Differences between the errors of models were tested", pairs},
		{"Differences between relations were tested", effects(s.Axes.Relation)}, {"Differences between kinds of distractors were tested", effects(s.Axes.Distractor)},
	} {
		if names := tests(used.list); len(names) > 0 {
			text += " " + used.what + " by " + strings.Join(names, "; where that was not possible, by ") + "."
		}
	}
	if len(pairs) > 1 {
		text += " P-values of pairs of models are adjusted by Holm's method."
	}
	return text
}

func effects(axis *stats.Axis) (list []stats.Evidence) {
	if axis != nil {
		for _, e := range axis.Effects {
			list = append(list, e.Evidence)
		}
	}
	return list
}

// testWords are the tests as a section on methods names them.
var testWords = map[stats.Test]string{
	stats.SignFlips:  "exact sign flips over linked triplets (of triplets that share no picture the exact binomial test or McNemar's)",
	stats.Effective:  "the binomial test at the effective number of triplets, which is smaller where triplets share pictures",
	stats.Student:    "a t test with a standard error that counts every shared picture",
	stats.Relabelled: "the exact permutation test that relabels whole groups of linked triplets",
}

// tests are the tests that gave p-values in words, each once.
func tests(list []stats.Evidence) (names []string) {
	for _, e := range list {
		if name := testWords[e.Test]; e.P.Defined() && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func reproduction(run *record.Run, s record.Statistics) string {
	text := fmt.Sprintf("akin %s, decoder %s, %s with %d processors, %s; seed %d, %s resamples in what is resampled.",
		run.Akin, run.Settings.Decoder, run.Machine.System, run.Machine.CPUs, run.Machine.Go, s.Seed, notation.Count(s.Resamples))
	if len(run.Command) > 0 {
		text += " The command: " + strings.Join(run.Command, " ") + "."
	}
	return text
}

// Markdown writes the sections with citations as Pandoc has them: [@key].
func (m methods) Markdown() []byte {
	var b strings.Builder
	for i, s := range m.sections {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "## %s\n", s.heading)
		for _, p := range s.paragraphs {
			fmt.Fprintf(&b, "\n%s", unmarked.Replace(p.text))
			for _, key := range p.cited {
				fmt.Fprintf(&b, " [@%s]", key)
			}
			b.WriteString("\n")
		}
	}
	return []byte(b.String())
}

// unmarked keeps names such as small_resnet and *x* from being read as marks.
var unmarked = strings.NewReplacer("\n", " ", `\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "]", `\]`, "@", `\@`, "$", `\$`, "#", `\#`)

// LaTeX writes the sections for \input.
func (m methods) LaTeX() []byte {
	var b strings.Builder
	b.WriteString("% \\usepackage[T1]{fontenc}\n\\begingroup\\sloppy % sums and paths are long words\n")
	for _, s := range m.sections {
		fmt.Fprintf(&b, "\\subsection*{%s}\n", s.heading)
		for _, p := range s.paragraphs {
			b.WriteString(tex.Breakable(p.text))
			if len(p.cited) > 0 {
				fmt.Fprintf(&b, " \\cite{%s}", strings.Join(p.cited, ","))
			}
			b.WriteString("\n\n")
		}
	}
	b.WriteString("\\endgroup\n")
	return []byte(b.String())
}

// BibTeX writes the sources as their sets and cards word them: whole, in a note. The key
// sorts them, since they have no author of their own; a number of arXiv stands by itself, too.
func (m methods) BibTeX() []byte {
	var b strings.Builder
	for _, r := range m.references {
		fmt.Fprintf(&b, "@misc{%[1]s,\n  key = {%[1]s},\n  note = {%[2]s}", r.key, tex.Escape(r.text))
		if number := arXiv.FindStringSubmatch(r.text); number != nil {
			fmt.Fprintf(&b, ",\n  eprint = {%[1]s},\n  archiveprefix = {arXiv},\n  url = {https://arxiv.org/abs/%[1]s}", number[1])
		}
		b.WriteString("\n}\n")
	}
	return []byte(b.String())
}

var arXiv = regexp.MustCompile(`arXiv[ :]?(\d{4}\.\d{4,5})\b`)
