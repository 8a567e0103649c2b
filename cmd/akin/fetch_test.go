package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// elsewhere sends every request to a server of this machine.
type elsewhere struct{ server *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = e.server.Scheme, e.server.Host
	return http.DefaultTransport.RoundTrip(r)
}

// TestModelsAreFetched runs commands that want a published model. The server has
// another file under its name, so that the checks of a pull show that one was tried.
func TestModelsAreFetched(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/octet-stream")
		io.WriteString(w, "not the published weights")
	}))
	defer server.Close()
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	t.Setenv("AKIN_CACHE", cache)
	const run = "run --model edges --model densenet161-torchvision"
	for _, c := range []struct {
		name, args, input string
		person, fetches   bool
		says              []string
		silent            string
	}{
		{"a pipe names both ways", run, "y\n", false, false, []string{"densenet161-torchvision (115.7 MB, licence", "--yes", "akin models pull densenet161-torchvision"}, "Fetch now?"},
		{"a pipe with --yes", run + " --yes", "", false, true, []string{"fetching densenet161-torchvision (115.7 MB", "not 8d451a50 as published; nothing of it was kept"}, "Fetch now?"},
		{"offline", run + " --offline", "y\n", true, false, []string{"known, but not on this machine", "akin models pull densenet161-torchvision"}, "Fetch now?"},
		{"offline wins over --yes", run + " --offline --yes", "", true, false, []string{"known, but not on this machine"}, "fetching"},
		{"a person agrees", run, "Y\n", true, true, []string{"115.7 MB", "licence", "https://", "Fetch now? [y/N]", "nothing of it was kept"}, "fetching"},
		{"a person declines", run, "\n", true, false, []string{"Fetch now? [y/N]", "--yes"}, "as published"},
		{"the input ends", run, "", true, false, []string{"--yes"}, "as published"},
		{"features export", "features export --model densenet161-torchvision --out f.npy", "", false, false, []string{"--yes"}, "Fetch now?"},
		{"only by hand", "run --model densenet264-torch7 --yes", "", false, false, []string{"fetch the file from https://drive.google.com/"}, "fetching"},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked = 0
			var out, errs bytes.Buffer
			console := &console{in: strings.NewReader(c.input), out: &out, err: &errs, person: c.person, client: &http.Client{Transport: elsewhere{address}}}
			if code := console.execute(t.Context(), strings.Fields(c.args)); code != exitFailed {
				t.Errorf("exit code %d, want %d", code, exitFailed)
			}
			for _, text := range c.says {
				if !strings.Contains(errs.String(), text) {
					t.Errorf("it does not say %q:\n%s", text, &errs)
				}
			}
			if strings.Contains(errs.String(), c.silent) {
				t.Errorf("it says %q:\n%s", c.silent, &errs)
			}
			if c.fetches != (asked > 0) {
				t.Errorf("the server was asked %d times", asked)
			}
			if kept, _ := filepath.Glob(filepath.Join(cache, "models", "*.onnx")); len(kept) > 0 {
				t.Errorf("kept: %v", kept)
			}
			if out.Len() > 0 {
				t.Errorf("printed: %s", &out)
			}
		})
	}
}

// TestModelsOfOtherKinds are files and names that no run takes as they are.
func TestModelsOfOtherKinds(t *testing.T) {
	t.Setenv("AKIN_CACHE", t.TempDir())
	file := filepath.Join(t.TempDir(), "net.PTH")
	if err := os.WriteFile(file, []byte("weights"), 0o666); err != nil {
		t.Fatal(err)
	}
	for model, hint := range map[string]string{
		file:                   "akin models convert " + file,
		"a.safetensors":        "akin models convert a.safetensors",
		"b.t7":                 "akin models convert b.t7",
		"timm:resnet50.a1":     "akin models export timm:resnet50.a1",
		"torchvision:resnet18": "akin models export torchvision:resnet18",
		"C:net":                "akin models list",
	} {
		var out, errs bytes.Buffer
		code := (&console{out: &out, err: &errs}).execute(t.Context(), []string{"run", "--model", "edges", "--model", model})
		if code != exitFailed || !strings.Contains(errs.String(), hint) {
			t.Errorf("--model %s ends with %d and says:\n%s\nexpected %q", model, code, &errs, hint)
		}
	}
}
