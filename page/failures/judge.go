package failures

import (
	"io/fs"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/page"
)

var judgeView = page.MustView(files, "judge", functions, "dom", "csv", "kept", "judge")

// meanings explain the verdicts to the person.
var meanings = map[string]string{
	"same":        "two words for one thing",
	"similar":     "hard or needless to tell apart",
	"different":   "plainly two things",
	"label wrong": "the picture shows no such thing",
	"unclear":     "cannot be judged from the picture",
}

// verdict is what a person may say, by a key.
type verdict struct {
	Key           int
	Name, Meaning string
}

// sample is a failure to judge; what the rule says goes into the file and is
// not shown.
type sample struct {
	card
	Rule bool
}

// NewJudge makes an offline page on which a person judges failures with the
// keyboard and downloads a CSV for classify.ReadReview.
func NewJudge(model string, failures []classify.Failure, rule classify.Rule, pictures fs.FS) (page.Page, error) {
	shown, err := cards(failures, pictures)
	if err != nil {
		return page.Page{}, err
	}
	samples := make([]sample, len(shown))
	judged := make([]any, len(shown)) // what verdicts are about, whatever the files are called
	for i, c := range shown {
		samples[i] = sample{c, rule.Holds(&c.Failure)}
		judged[i] = []any{c.Picture, c.Truth.WNID, c.Top[0].WNID}
	}
	verdicts := make([]verdict, len(classify.Verdicts))
	for i, v := range classify.Verdicts {
		verdicts[i] = verdict{i + 1, v, meanings[v]}
	}
	content := struct {
		Model    string
		Kept     string // the name under which a browser keeps the verdicts
		Samples  []sample
		Verdicts []verdict
	}{model, "akin failures of " + model + " " + page.Digest(judged), samples, verdicts}
	return page.Page{View: judgeView, Title: "review of " + model, Content: content}, nil
}
