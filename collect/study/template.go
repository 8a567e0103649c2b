package study

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"strings"
	"text/template"

	"github.com/akin-vision/akin/stimuli"
)

//go:embed study.toml.tmpl
var templateText string

var fileTemplate = template.Must(template.New("study.toml").Funcs(template.FuncMap{
	"line": line, "value": value, "lines": lines,
}).Parse(templateText))

// manyItems are more than a person is asked about unless the study says so.
const manyItems = 100

// New is a study of a set to begin with: on the set's scale, and of a length that
// a person can bear.
func New(set *stimuli.Set, task string) Study {
	s := Default(task)
	s.Title = cmp.Or(set.Title, set.Name)
	s.Exclude = Exclude{MinChecks: 0.5, MaxSame: 0.95}
	if low, high := set.RatingMin, set.RatingMax; !math.IsInf(high-low, 0) && low == math.Trunc(low) && high == math.Trunc(high) && high-low <= 1000 {
		s.Scale.Min, s.Scale.Max = low, high
	}
	if len(NewItems(set, task).List) > manyItems {
		s.Sample.Trials = manyItems
	}
	return s
}

// Template is a study as a file that says everything, to be edited.
func (s Study) Template() ([]byte, error) {
	var b bytes.Buffer
	err := fileTemplate.Execute(&b, struct {
		Study
		Words Words
	}{s, English(s.Task)})
	return b.Bytes(), err
}

// line writes a key with its value, and a comment in a column of its own.
func line(key string, v any, comment string) string {
	text := fmt.Sprintf("%s = %s", key, value(v))
	if comment == "" {
		return text
	}
	return fmt.Sprintf("%-29s # %s", text, comment)
}

// value writes a TOML value.
func value(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i, text := range v {
			quoted[i] = quote(text)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// quote writes a TOML basic string.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(printable(text)) + `"`
}

// lines writes a TOML string of several lines.
func lines(text string) string {
	return "\"\"\"\n" + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(printable(text)) + "\"\"\""
}

// printable drops control characters that TOML refuses.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}
