package words

import (
	"fmt"
	"math"

	"github.com/akin-vision/akin/internal/english"
	"github.com/akin-vision/akin/notation"
	"github.com/akin-vision/akin/stats"
)

// Power is a table of what triplets can show, and what a difference needs.
func Power(p stats.Power, width int) string {
	t := text{width: width}
	chances := fmt.Sprintf("Power %s %%, alpha %s %%", notation.Percent(p.Question.Power), notation.Percent(p.Question.Significance))
	if p.Needed != nil {
		t.heading(fmt.Sprintf("Triplets that show a difference of %s points (%s)", notation.PercentExact(p.Question.Difference), chances))
		t.table(requirements(p.Needed, p.NeededShared, func(n stats.Number) string { return notation.Amount(math.Ceil(float64(n)), 0) }))
	}
	if p.Chance != nil {
		t.heading(fmt.Sprintf("Power of %s to find a difference of %s points, in per cent (alpha %s %%)",
			english.Count(p.Triplets, "triplet"), notation.PercentExact(p.Question.Difference), notation.Percent(p.Question.Significance)))
		t.table(requirements(p.Chance, p.ChanceShared, notation.Percent[stats.Number]))
	}
	if p.Shown != nil {
		t.heading(fmt.Sprintf("Difference that %s can show, in points (%s)", english.Count(p.Triplets, "triplet"), chances))
		t.table(requirements(p.Shown, p.ShownShared, notation.Percent[stats.Number]))
	}
	t.paragraph(fmt.Sprintf("One model: exact binomial test against 50 %%. Two models: exact McNemar test, %s %% of the triplets right in one only. Relation: two halves of the set, mean error %s %%.",
		notation.Percent(p.Question.Discordant), notation.Percent(p.Question.Error)))
	if p.ShownShared != nil || p.NeededShared != nil {
		t.paragraph(fmt.Sprintf("The set's %d triplets share pictures: at worst they are worth %s independent ones.", p.Triplets, notation.Amount(p.Worth, 1)))
	}
	return t.String()
}

func requirements(independent, shared *stats.Requirement, write func(stats.Number) string) *grid {
	table := newTable(2, "", "one model", "two models", "relation")
	add := func(name string, r *stats.Requirement) {
		if r != nil {
			table.Row(name, write(r.OneModel), write(r.TwoModels), write(r.Relation))
		}
	}
	add("independent", independent)
	add("pictures shared, worst", shared)
	return table
}
