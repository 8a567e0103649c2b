package study

import (
	_ "embed"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/internal/tomlfile"
	"github.com/pelletier/go-toml/v2"
)

// Words are what people read, by key: plain text, a blank line between
// paragraphs. In instructions a line of three dashes begins a page.
type Words map[string]string

//go:embed english.toml
var englishText []byte

// english are akin's own words; the tables named by a task stand for it alone.
var english = func() (text struct {
	Words
	Task map[string]Words
}) {
	var all struct {
		Words Words            `toml:"words"`
		Task  map[string]Words `toml:"task"`
	}
	if err := toml.Unmarshal(englishText, &all); err != nil {
		panic(err) // the embedded file is a constant
	}
	text.Words, text.Task = all.Words, all.Task
	return text
}()

// English are akin's own words for a task.
func English(task string) Words {
	words := maps.Clone(english.Words)
	maps.Copy(words, english.Task[task])
	for key, text := range words {
		words[key] = strings.TrimSpace(text)
	}
	return words
}

// AllLanguages are those that the study speaks, its own first.
func (s *Study) AllLanguages() []string { return append([]string{s.Language}, s.Languages...) }

// Words are those of a language, of the study's own where it does not speak it.
func (s *Study) Words(language string) (Words, string) {
	if words, ok := s.words[language]; ok {
		return words, language
	}
	return s.words[s.Language], s.Language
}

// readWords gathers the words of each language. A language of its own file must
// have every key: half of a page in English would be worse than a fault.
func (s *Study) readWords(folder fs.FS, dir, file string, problems *faults) {
	own := English(s.Task)
	s.words = map[string]Words{s.Language: own}
	for _, key := range slices.Sorted(maps.Keys(s.Text)) {
		if _, known := own[key]; !known {
			problems.add(file, 0, "text.%s is unknown", key)
			continue
		}
		own[key] = strings.TrimSpace(s.Text[key])
	}
	for _, language := range s.Languages {
		name := path.Join(dir, "text."+language+".toml")
		if !fs.ValidPath(name) || strings.ContainsAny(language, `/\`) {
			problems.add(file, 0, "languages: %q is not the name of a language", language)
			continue
		}
		data, err := tomlfile.Read(folder, name)
		if err != nil {
			problems.add(file, 0, "languages: %s: %v", name, err)
			continue
		}
		words := Words{}
		if !decode(data, &words, name, problems) {
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(own)) {
			if words[key] = strings.TrimSpace(words[key]); words[key] == "" {
				problems.add(name, 0, "key %q is missing", key)
			}
		}
		s.words[language] = words
	}
}
