package report

import (
	"os"
	"strings"
	"testing"
)

func TestScratchPage(t *testing.T) {
	run, files := syntheticRun(t, 6)
	run.Set.Title = "\u202eevil </script><script>alert(1)</script> " + strings.Repeat("long", 300)
	for i := range run.Stimuli.Triplets {
		tr := &run.Stimuli.Triplets[i]
		tr.TargetLabel, tr.RelatedLabel = strings.Repeat("very", 900), "\u202egnp.exe <img src=x onerror=alert(1)>"
		tr.ID = strings.Repeat("id", 200)
		tr.Distractor = "a distractor kind that goes on and on and on and on"
		if i%2 == 0 {
			tr.Relation = strings.Repeat("relation ", 30)
		}
	}
	for i := range run.Models {
		run.Models[i].Name += strings.Repeat("-name", 18)
		run.Models[i].Title += strings.Repeat("title ", 80)
	}
	os.WriteFile("/tmp/pagework/hostile.html", []byte(writePage(t, run, files)), 0o644)
}
