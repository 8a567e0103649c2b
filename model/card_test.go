package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/akin-vision/akin/onnx"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t *testing.T, graph []byte) *onnx.Model {
	t.Helper()
	m, err := onnx.Parse(graph)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const soundCard = `name = "my-net"
[recipe]
resize = "pillow-bilinear"
shorter = 256
crop = 224
scale = "1/255"
`

func TestParseCard(t *testing.T) {
	c, err := ParseCard([]byte(soundCard), "my-net.toml")
	if err != nil {
		t.Fatal(err)
	}
	if c.Kind != Trained || c.Outputs.Features != "features" {
		t.Errorf("defaults are kind %q and features %q", c.Kind, c.Outputs.Features)
	}
	cases := []struct{ name, card, want string }{
		{"unknown key", "name = \"x\"\nrecipee = 3\n", `c.toml:2: key "recipee" is unknown; did you mean "recipe"?`},
		{"broken", "name = \"x\"\nfamily = \n", "c.toml:2: "},
		{"bad name", strings.Replace(soundCard, "my-net", "my net", 1), `c.toml: name "my net": use letters`},
		{"bad kind", "kind = \"good\"\n" + soundCard, `c.toml: kind "good"`},
		{"no recipe", `name = "x"`, "c.toml: [recipe]: "},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := ParseCard([]byte(tc.card), "c.toml"); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("error %v, want %q", err, tc.want)
			}
		})
	}
}

func TestLoadBindsCardToFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	graph := write("my-net.onnx", "\x08\x08:\x00") // an empty graph
	if _, err := Load(graph); err == nil || !strings.Contains(err.Error(), "has no card") {
		t.Errorf("without a card: error %v", err)
	}
	write("my-net.toml", soundCard)
	m, err := Load(graph)
	if err != nil {
		t.Fatal(err)
	}
	if m.Hash != "52df48736cbdce52053acbe2ccb7d75b16d5b35c9828f3e9d2943223fdf0d2fd" {
		t.Errorf("hash %s", m.Hash)
	}
	write("my-net.toml", "sha256 = \"00\"\n"+soundCard)
	if _, err := Load(graph); err == nil || !strings.Contains(err.Error(), "one of the two is the wrong file") {
		t.Errorf("with another file's card: error %v", err)
	}
}

func TestFindLibraryInOrder(t *testing.T) {
	name := libraryNames()[0]
	put := func(parts ...string) string {
		file := filepath.Join(parts...)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	given, cache, project := t.TempDir(), t.TempDir(), t.TempDir()
	explicit := put(given, name)
	cached := put(npmLibrary(cache))
	installed := put(npmLibrary(project))
	empty := filepath.Join(project, "a", "b")
	cases := []struct {
		name   string
		places Places
		want   string
	}{
		{"explicit folder", Places{Explicit: given, Cache: []string{cache}, Project: []string{project}}, explicit},
		{"explicit file", Places{Explicit: explicit, Cache: []string{cache}}, explicit},
		{"cache", Places{Cache: []string{cache}, Project: []string{project}}, cached},
		{"a copy in the cache", Places{Cache: []string{empty, given}}, explicit},
		{"the project's npm install", Places{Cache: []string{empty}, Project: []string{empty, project}}, installed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := FindLibrary(c.places)
			if err != nil || got.Path != c.want {
				t.Errorf("found %q (error %v), want %q", got.Path, err, c.want)
			}
		})
	}
	if _, err := FindLibrary(Places{Explicit: empty, ExplicitName: "--onnxruntime", Cache: []string{cache}}); err == nil || !strings.HasPrefix(err.Error(), "--onnxruntime: no ONNX Runtime library at") {
		t.Errorf("a wrong explicit place gives %v, want an error that names it", err)
	}
}
