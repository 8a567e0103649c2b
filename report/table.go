package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// Table is the summary for a terminal: one row a model, percentages, and the
// error by relation where the set has relations. It holds no colour codes.
func (s Summary) Table() string {
	relations := s.values(func(m ModelSummary) map[string]Figures { return m.ByRelation })
	distractors := s.values(func(m ModelSummary) map[string]Figures { return m.ByDistractor })
	header := []string{"model", "error %", "95 % CI", "p", "AUC"}
	header = append(header, relations...)
	header = append(header, distractors...)
	t := table.New().Headers(header...).
		Border(lipgloss.NormalBorder()).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).
		StyleFunc(func(_, column int) lipgloss.Style {
			style := lipgloss.NewStyle().Padding(0, 1)
			if column > 0 {
				style = style.Align(lipgloss.Right)
			}
			return style
		})
	for _, m := range s.Models {
		row := []string{m.Name, percent(m.MatchingError),
			percent(m.MatchingErrorCI.Low) + "–" + percent(m.MatchingErrorCI.High), pValue(m.PChance), decimals(m.AUC)}
		for _, value := range relations {
			row = append(row, errorOf(m.ByRelation, value))
		}
		for _, value := range distractors {
			row = append(row, errorOf(m.ByDistractor, value))
		}
		t.Row(row...)
	}
	return t.String() + "\n" + s.legend(relations, distractors)
}

// legend says what the columns are, and counts the ties.
func (s Summary) legend(relations, distractors []string) string {
	lines := []string{fmt.Sprintf("%d triplets. error: share matched otherwise than people do; chance is 50. CI: Wilson. p: exact, against chance.", s.Set.Triplets)}
	if axes := slices.Concat(relations, distractors); len(axes) > 0 {
		lines = append(lines, strings.Join(axes, ", ")+": error on those triplets.")
	}
	for _, m := range s.Models {
		if m.Ties > 0 {
			lines = append(lines, fmt.Sprintf("%s: %d ties, each half an error.", m.Name, m.Ties))
		}
	}
	if failed := s.inState("failed"); len(failed) > 0 {
		lines = append(lines, "WRONG: "+strings.Join(failed, ", ")+" missed the published accuracy; do not trust these rows.")
	}
	if unchecked := s.inState("unchecked"); len(unchecked) > 0 {
		lines = append(lines, "accuracy not checked (akin models check): "+strings.Join(unchecked, ", ")+".")
	}
	return strings.Join(lines, "\n") + "\n"
}

func (s Summary) inState(state string) []string {
	var names []string
	for _, m := range s.Models {
		if m.Check == state {
			names = append(names, m.Name)
		}
	}
	return names
}

// values lists the values that an axis takes in any model.
func (s Summary) values(axis func(ModelSummary) map[string]Figures) []string {
	all := map[string]bool{}
	for _, m := range s.Models {
		for value := range axis(m) {
			all[value] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func errorOf(axis map[string]Figures, value string) string {
	f, ok := axis[value]
	if !ok {
		return ""
	}
	return percent(f.MatchingError)
}

func percent(share float64) string { return fmt.Sprintf("%.1f", 100*share) }

// decimals drops the leading zero, as APA style does for shares that cannot exceed 1.
func decimals(v float64) string { return strings.TrimPrefix(fmt.Sprintf("%.3f", v), "0") }

func pValue(p float64) string {
	if p < .001 {
		return "<.001"
	}
	return decimals(p)
}
