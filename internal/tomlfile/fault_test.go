package tomlfile

import (
	"errors"
	"testing"
)

// TestFaults: a value of the wrong kind and an unknown key are told in the words of who
// writes the file, in tables and in tables within tables.
func TestFaults(t *testing.T) {
	type inner struct {
		Count int
		Small *float64
		Names []string `toml:"file_names"`
	}
	for text, want := range map[string]string{
		"title = ['a']":                  `key "title" takes text in quotation marks, and has a list`,
		"title.text = 'a'":               `key "title.text" takes text in quotation marks, and has a table`,
		"[title]\ntext = 'a'":            `key "title" takes text in quotation marks, and has a table`,
		"title = 3":                      `key "title" takes text in quotation marks, and has a number`,
		"table = 'a'":                    `key "table" takes a table, and has text`,
		"[table]\ncount = 'one'":         `key "table.count" takes a whole number, and has text`,
		"[table]\nfile_names = 'a'":      `key "table.file_names" takes a list, and has text`,
		"[table]\nsmall = true":          `key "table.small" takes a number, and has true or false`,
		"on = 1":                         `key "on" takes true or false, and has a number`,
		"titles = 'a'":                   `key "titles" is unknown; did you mean "title"?`,
		"[table]\nfile-names = ['a']":    `key "table.file-names" is unknown; did you mean "table.file_names"?`,
		"[[list]]\ncounts = 1":           `key "list.counts" is unknown; did you mean "list.count"?`,
		"[tables]\ncount = 1":            `key "tables" is unknown; did you mean "table"?`,
		"something = 1":                  `key "something" is unknown; the keys are title, on, table, list`,
		"[table.more]\ncount = 1":        `key "table.more" is unknown; the keys of "table" are count, small, file_names`,
		"[table]\nsomething.else = true": `key "table.something.else" is unknown; the keys of "table" are count, small, file_names`,
		"tilte = 'a'":                    `key "tilte" is unknown; did you mean "title"?`,
	} {
		var v struct {
			Title string
			On    bool
			Table inner
			List  []inner
		}
		err := Decode([]byte(text), &v)
		var faults Faults
		got := ""
		if errors.As(err, &faults) {
			got = faults[0].What
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
