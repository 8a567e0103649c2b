package collect_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/akin-vision/akin/internal/browser"
	"github.com/chromedp/chromedp"
)

// inspect looks at what a person sees on phones, a desktop and a 4K screen, light and dark.
func (v *visitor) inspect(name, axe string) {
	v.Helper()
	for _, scheme := range []string{"light", "dark"} {
		v.scheme(scheme)
		for _, size := range [][2]int64{{360, 640}, {390, 844}, {1280, 900}, {3840, 2160}} {
			v.do(chromedp.EmulateViewport(size[0], size[1]))
			findings, err := browser.Findings(v.ctx, axe)
			if err != nil {
				v.Fatal(err)
			}
			for _, f := range findings {
				v.Errorf("%s, %s, %d pixels wide: %s", name, scheme, size[0], f)
			}
			state := v.state()
			tall := ask[int64](v, "document.documentElement.scrollHeight")
			if trial := state == "slider" || state == "buttons" || state == "choices"; trial && tall > size[1] {
				v.Errorf("the trial %s is %d pixels tall in a window of %d: people would have to scroll", name, tall, size[1])
			}
			v.shoot(fmt.Sprintf("%s-%d-%s", name, size[0], scheme))
		}
	}
}

func TestEachScreenOfTheStudy(t *testing.T) {
	axe, err := os.ReadFile("web/node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("axe-core is not there: make collect/web/dist/study.js installs it")
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"slider":  quick,
		"buttons": quick + "[scale]\nanswer = \"buttons\"\nmin = 1\nmax = 7\n",
		"triplet": "task = \"triplet\"\n" + quick,
		"odd":     "task = \"odd-one-out\"\n" + quick,
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, text+short, 6, "").serve(t)
			v := visit(t, f.base, "mouse")
			v.reach("words")
			if name == "slider" {
				v.inspect("consent", string(axe))
			}
			v.act()
			v.reach("instructions")
			if name == "slider" {
				v.inspect("instructions", string(axe))
			}
			for !strings.Contains("slider buttons choices", v.state()) || v.state() == "" {
				if state := v.state(); state == "instructions" || strings.HasPrefix(state, "words") {
					v.act()
				}
			}
			v.inspect("trial-"+name, string(axe))
			if name == "slider" {
				v.point(".answer input", 0.7)
				v.inspect("marked", string(axe))
				v.point("header button", 0.5)
				v.inspect("dialog", string(axe))
				v.point("dialog button.main", 0.5)
				v.finish()
				v.inspect("end", string(axe))
			}
			v.quiet()
		})
	}
}
