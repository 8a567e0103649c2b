package paper

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"

	"github.com/akin-vision/akin/record"
)

//go:embed published.csv
var publishedCSV string

// printed is a row of the paper's Table 2, as printed; errors in per cent.
type printed struct{ imageNet, matching, auc string }

// table2 is the paper's Table 2 by akin's names of its networks, whose weights
// are the published ones.
var table2 = sync.OnceValue(func() map[string]printed {
	r := csv.NewReader(strings.NewReader(publishedCSV))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // the file is inside akin
	}
	byModel := map[string]printed{}
	for _, row := range rows[1:] {
		byModel[row[5]] = printed{row[2], row[3], row[4]}
	}
	return byModel
})

// paperSet is the name of the paper's set, the only one that its matching
// errors and AUCs are about.
const paperSet = "poporo"

func onPaperSet(s record.SetInfo) bool {
	return strings.Contains(strings.ToLower(s.Name), paperSet) && s.Triplets == 400
}
