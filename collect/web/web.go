// Package web holds the pages of a study: the one on which people judge, bundled
// with jsPsych when akin is built, and the one on which its maker watches.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"strings"

	"github.com/akin-vision/akin/page"
)

var (
	//go:embed study.html
	studyText string
	//go:embed study.css
	studyStyle string
	//go:embed dist
	built embed.FS

	studyPage = template.Must(template.New("study").Parse(studyText))
)

// ErrNotBuilt is an akin that was built without the page's script.
var ErrNotBuilt = errors.New("this akin was built without the page of studies")

// Study is the page of those who take part: three files that belong together.
type Study struct {
	HTML, Style, Script []byte
	// Policy is the value of the header Content-Security-Policy.
	Policy string
}

// NewStudy makes the page of a study with a title; ErrNotBuilt without its script.
func NewStudy(title string) (*Study, error) {
	script, err := built.ReadFile("dist/study.js")
	if err != nil {
		return nil, ErrNotBuilt
	}
	var html bytes.Buffer
	if err := studyPage.Execute(&html, title); err != nil {
		return nil, err
	}
	return &Study{html.Bytes(), []byte(page.Properties() + studyStyle), script, studyPolicy()}, nil
}

// jsPsych's plugin of instructions writes these style attributes; others are refused.
var pluginStyles = []string{"padding: 10px 0px;", "margin-right: 5px;", "margin-left: 5px;", "margin: 0 1em;"}

// studyPolicy allows what the study's own server sends and nothing else.
func studyPolicy() string {
	var hashes strings.Builder
	for _, style := range pluginStyles {
		sum := sha256.Sum256([]byte(style))
		hashes.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
	}
	return fmt.Sprintf("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-hashes'%s; img-src 'self' data:; connect-src 'self'; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'", hashes.String())
}
