package page

import (
	"html/template"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/internal/browser"
)

func TestPolicyAllowsNothingButThePage(t *testing.T) {
	body := template.Must(template.New("").Parse(`<h1>{{.}}</h1>`))
	for _, c := range []struct {
		name string
		page Page
		want string
	}{
		{"plain", Page{}, `img-src data:; style-src 'sha256-[^']+'; script-src 'none'$`},
		{"script", Page{View: View{Script: "1"}}, `img-src data:; style-src 'sha256-[^']+'; script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='$`},
		{"library", Page{View: View{Script: "1"}, Library: "2"}, `script-src 'sha256-[^']+' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='$`},
		{"served", Page{Images: Served}, `img-src data: 'self';`},
		{"beside its pictures", Page{Images: Beside}, `img-src data: 'self' file:;`},
	} {
		c.page.Body, c.page.Content, c.page.Title = body, "<b>", "</title><script>"
		if got := c.page.policy(); !strings.HasPrefix(got, "default-src 'none'; base-uri 'none'; form-action 'none'; ") || !regexp.MustCompile(c.want).MatchString(got) {
			t.Errorf("%s: policy %q, want %s", c.name, got, c.want)
		}
		text := browser.Text(t, c.page)
		if !strings.Contains(text, "<h1>&lt;b&gt;</h1>") || strings.Contains(text, "</title><script>") || strings.Contains(text, "ZgotmplZ") {
			t.Errorf("%s: a text is not escaped, or a text of the page's own is:\n%s", c.name, text)
		}
		if header := c.page.Header(); header != c.page.policy()+"; frame-ancestors 'none'" {
			t.Errorf("%s: the header is %q", c.name, header)
		}
	}
}

func TestScriptPartsComeInTheirOrder(t *testing.T) {
	files := fstest.MapFS{"b.js": {Data: []byte("\nconst b = (() => {\n})();\n")}, "loose.js": {Data: []byte("let x = 1;\n")}}
	script, err := NewScript(files, "csv", "b", "dom")
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, m := range regexp.MustCompile(`(?m)^const (\w+)`).FindAllStringSubmatch(string(script), -1) {
		order = append(order, m[1])
	}
	if got := strings.Join(order, " "); got != "csv b dom" || !strings.HasPrefix(string(script), "\"use strict\";\n") {
		t.Errorf("parts %q, want csv b dom in strict mode", got)
	}
	for _, name := range []string{"loose", "gone"} {
		if _, err := NewScript(files, name); err == nil {
			t.Errorf("part %s was accepted", name)
		}
	}
}

func TestTicks(t *testing.T) {
	var got []string
	for _, tick := range (Scale{Low: -0.1, High: 0.21, From: 0, To: 31}).Ticks(4) {
		got = append(got, tick.At.String()+" "+tick.Text)
	}
	if want := "0 −0.1, 10 0.0, 20 0.1, 30 0.2"; strings.Join(got, ", ") != want {
		t.Errorf("ticks %q, want %q", got, want)
	}
}
