package serve

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"
	"github.com/akin-vision/akin/internal/browser"
)

// namer gives a text in place of another; nil gives the same.
type namer func(string) string

func (say namer) text(s string) string {
	if say == nil {
		return s
	}
	return say(s)
}

// files are named by the texts.
func (say namer) files(files fstest.MapFS) fstest.MapFS {
	named := fstest.MapFS{}
	for path, file := range files {
		named[say.text(path)] = file
	}
	return named
}

// rename says otherwise whatever text can be reached from a pointer, an empty one
// too: names of sets, models, pictures, labels, people, notes. Texts with a type of their
// own are none that people choose, nor are digests.
func (say namer) rename(pointer any) {
	if say != nil {
		say.walk(reflect.ValueOf(pointer), map[any]bool{})
	}
}

func (say namer) walk(v reflect.Value, seen map[any]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Interface()] {
			seen[v.Interface()] = true
			say.walk(v.Elem(), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Digest" && f.Name != "Decisions" {
				say.walk(v.Field(i), seen)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			say.walk(v.Index(i), seen)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(say(v.String()))
		}
	}
}

// hostile are names that would be markup, scripts or styles, or would turn the text.
var hostile = []string{
	`"><script>alert(1)</script><img src=x onerror="alert(1)">`,
	`' onmouseover='alert(1)`,
	"</style></title></textarea></script><script>alert(1)</script>",
	"<!-- <script> alert(1) --> ]]> {{.}} ${alert(1)} \u003cscript>",
	"&lt;script&gt;alert(1) \x3cscript\x3e \");alert(1);/*",
	"alert(1)\n\r\x00\x1b]0;t\x07\x1b[2J\u202e\u2066\u200f\u2028\u009b",
}

// TestNamesMakeNoElements: pages whose texts are all hostile have the elements and
// attributes of those with harmless texts, and the policy.
func TestNamesMakeNoElements(t *testing.T) {
	want := everyPage(t, func(s string) string { return s + "harmless" })
	for _, text := range hostile {
		for side, say := range map[string]namer{"behind": func(s string) string { return s + text }, "before": func(s string) string { return "javascript:" + text + s }} {
			for name, got := range everyPage(t, say) {
				doc := browser.Parse(t, string(got))
				hasPolicyAndPalette(t, name, doc)
				if a, b := elements(browser.Parse(t, string(want[name]))), elements(doc); !maps.Equal(a, b) {
					t.Errorf("%s, %q %s the names: elements %v, want %v", name, text, side, b, a)
				}
				if !strings.Contains(doc.Text(), "alert(1)") {
					t.Errorf("%s shows no name", name)
				}
				doc.Find("[href], [src], [action]").Each(func(_ int, s *goquery.Selection) {
					for _, a := range []string{"href", "src", "action"} {
						if v := s.AttrOr(a, ""); strings.HasPrefix(strings.TrimSpace(v), "javascript:") {
							t.Errorf("%s: %s=%q", name, a, v)
						}
					}
				})
			}
		}
	}
}

// elements counts those of each name with the same attributes.
func elements(doc *goquery.Document) map[string]int {
	counts := map[string]int{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		var attributes []string
		for _, a := range s.Nodes[0].Attr {
			attributes = append(attributes, a.Key)
		}
		slices.Sort(attributes)
		counts[goquery.NodeName(s)+" "+strings.Join(attributes, " ")]++
	})
	return counts
}
