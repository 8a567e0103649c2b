// Package page is the one shell of all web pages of akin: the skeleton of a
// document, its content policy, the palette, type, thumbnails, scales and the
// parts of scripts that pages share.
package page

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed shell.html shell.css
var shellFiles embed.FS

var shell = MustView(shellFiles, "shell", nil)

// Page is a web page, ready to be written.
type Page struct {
	View
	Title     string
	Generator string // what made it, with its version; may be empty
	Content   any    // what the view shows
	// Pictures stand in the page once each, by number: <use href="#picture-7"/>.
	Pictures map[int]template.URL
	Images   Images
	Library  string // a script by others that Script starts when it needs it; may be empty
}

// Images says where a page's pictures may come from.
type Images string

// Places of pictures, as the content policy names them.
const (
	Inlined Images = "data:"
	Served  Images = "data: 'self'"       // and the server of the page
	Beside  Images = "data: 'self' file:" // and files beside the page's own
)

// head is what the shell's templates draw.
type head struct {
	*Page
	Policy string
	Style  template.CSS
}

// foot is the same at the page's end. The library is no script until Script starts it.
type foot struct {
	Library template.HTML
	Script  template.JS
}

// Write writes the page. Equal pages give equal bytes.
func (p Page) Write(w io.Writer) error {
	frame := head{&p, p.policy(), template.CSS(p.style())}
	if err := shell.Body.ExecuteTemplate(w, "head", frame); err != nil {
		return err
	}
	if err := p.Body.Execute(w, p.Content); err != nil {
		return err
	}
	return shell.Body.ExecuteTemplate(w, "foot", foot{template.HTML(p.Library), template.JS(p.Script)})
}

func (p Page) style() string { return Properties() + shell.Style + p.Style }

// policy allows the page its own style and scripts, by hash, and its pictures:
// a label that slipped through the escaping could still not run.
func (p Page) policy() string {
	scripts := " 'none'"
	if p.Library+string(p.Script) != "" {
		scripts = sources(p.Library, string(p.Script))
	}
	return fmt.Sprintf("default-src 'none'; base-uri 'none'; form-action 'none'; img-src %s; style-src%s; script-src%s",
		cmp.Or(p.Images, Inlined), sources(p.style()), scripts)
}

// Header is the value of the header Content-Security-Policy for a page that a
// server sends: the page's own policy, and that no other page may frame it,
// which only a header can say.
func (p Page) Header() string { return p.policy() + "; frame-ancestors 'none'" }

// Digest is the start of a hash of what a page shows, under which a browser keeps what
// a person says of it: the same page made again finds it, another one does not.
func Digest(content any) string {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(content); err != nil {
		panic(err) // the content is plain data
	}
	return fmt.Sprintf("%.8x", hash.Sum(nil))
}

func sources(texts ...string) string {
	var all strings.Builder
	for _, text := range texts {
		if text != "" {
			sum := sha256.Sum256([]byte(text))
			all.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
		}
	}
	return all.String()
}
