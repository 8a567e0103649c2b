package stimuli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/akin-vision/akin/internal/tomlfile"
)

// manifest is set.toml.
type manifest struct {
	Name     string `toml:"name"`
	Version  string `toml:"version"`
	Title    string `toml:"title"`
	Licence  string `toml:"licence"`
	Source   string `toml:"source"`
	Citation string `toml:"citation"`
	Note     string `toml:"note"`
	Pictures string `toml:"pictures"`
	// What people were asked, the files with their answers, what a matrix's values
	// are, and a published ceiling.
	Task       string   `toml:"task"`
	Judgements []string `toml:"judgements"`
	Values     string   `toml:"values"`
	Scale      string   `toml:"scale"` // of a matrix, where people answered several questions
	Ceiling    float64  `toml:"ceiling"`
	RatingMin  *float64 `toml:"rating_min"`
	RatingMax  *float64 `toml:"rating_max"`
	// Values of the columns relation and distractor beyond akin's own.
	Relations   []string `toml:"relations"`
	Distractors []string `toml:"distractors"`
	Norms       []Norms  `toml:"norms"`
}

// Collection returns the name of the picture collection that the set in
// folder draws on, empty where its pictures lie in the folder itself.
func Collection(folder fs.FS) (string, error) {
	data, err := tomlfile.Read(folder, "set.toml")
	if err != nil {
		return "", fmt.Errorf("set.toml: %w", unwrapPath(err))
	}
	var m manifest
	if err := tomlfile.DecodeKnown(bytes.TrimPrefix(data, byteOrderMark), &m); err != nil {
		return "", fmt.Errorf("set.toml: %w", err)
	}
	return m.Pictures, nil
}

func (r *reader) readManifest(folder fs.FS) {
	data, err := tomlfile.Read(folder, "set.toml")
	if err != nil {
		r.problems.add("set.toml", 0, "cannot be read: %v", unwrapPath(err))
		return
	}
	r.digest = append(r.digest, data)
	if r.declared = r.decodeManifest(bytes.TrimPrefix(data, byteOrderMark)); !r.declared {
		return
	}
	m := &r.manifest
	if m.Name == "" {
		r.problems.add("set.toml", 0, `needs a name, such as name = "my-set"`)
	}
	s := r.set
	s.Name, s.Version, s.Title, s.Licence = m.Name, m.Version, m.Title, m.Licence
	s.Source, s.Citation, s.Note, s.Collection = m.Source, m.Citation, m.Note, m.Pictures
	s.Norms = m.Norms
	if m.RatingMin != nil {
		s.RatingMin = *m.RatingMin
	}
	if m.RatingMax != nil {
		s.RatingMax = *m.RatingMax
	}
	r.takeTask()
	if !(s.RatingMin < s.RatingMax) {
		r.problems.add("set.toml", 0, "rating_min %v is not below rating_max %v", s.RatingMin, s.RatingMax)
	}
}

// decodeManifest reports whether set.toml could be read. A key that akin does
// not know is a problem: a licence under a misspelt key would be lost unnoticed.
func (r *reader) decodeManifest(text []byte) bool {
	if line := firstInvalidLine(text); line > 0 {
		r.problems.add("set.toml", line, notUTF8)
		return false
	}
	err := tomlfile.Decode(text, &r.manifest)
	var faults tomlfile.Faults
	if !errors.As(err, &faults) {
		return true
	}
	for _, f := range faults {
		r.problems.add("set.toml", f.Line, "%s", f.What)
	}
	return faults[0].Unknown
}
