package page

import (
	"html/template"
	"io/fs"
)

// View is how one kind of page looks and acts.
type View struct {
	Body   *template.Template // makes the content of the element body
	Style  string             // follows the shell's own
	Script Script             // may be empty
}

// MustView makes the view of the embedded files NAME.html and NAME.css, with functions
// for the template and the script of the parts named (NewScript). Only a mistake in the
// program can be at fault.
func MustView(files fs.FS, name string, functions template.FuncMap, script ...string) View {
	v := View{
		Body:  template.Must(template.New(name+".html").Funcs(functions).ParseFS(files, name+".html")),
		Style: mustRead(files, name+".css"),
	}
	if len(script) > 0 {
		v.Script = mustScript(files, script...)
	}
	return v
}

func mustRead(files fs.FS, name string) string {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		panic(err)
	}
	return string(text)
}
