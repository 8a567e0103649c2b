package compose

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/lexicon"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
)

// excerpt is a part of WordNet 3.0.
func excerpt(t testing.TB) *lexicon.WordNet {
	t.Helper()
	w, err := lexicon.ReadWordNet(os.DirFS("../lexicon/testdata/dict"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// inMemory holds files by name.
func inMemory(files map[string]string) fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range files {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

// lines are the faults of an error, one by one.
func lines(t testing.TB, err error) []string {
	t.Helper()
	var problems stimuli.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error %v, want problems with lines", err)
	}
	return strings.Split(problems.Error(), "\n")
}

func TestReadLabelled(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []Labelled
	}{
		{"folders",
			map[string]string{"ice_cream/b.JPG": "", "n02084071/a.png": "", "deep/dog/c.webp": "", "loose.png": "", "dog/notes.txt": ""},
			[]Labelled{{"deep/dog/c.webp", "dog", ""}, {"ice_cream/b.JPG", "ice cream", ""}, {"n02084071/a.png", "", "n02084071"}}},
		{"pictures.csv before labels.csv and folders",
			map[string]string{"pictures.csv": "path,label\nx.png,big_cat\n", "labels.csv": "path,label\ny.png,dog\n", "dog/z.png": ""},
			[]Labelled{{"x.png", "big cat", ""}}},
		{"every column",
			map[string]string{"labels.csv": "path,label,synset,wnid,class\na,dog,,,\nb,,dog.n.01,,\nc,,,n02084071,\nd,,,,0\ne,crane,n09295455,,999\nf,n02084071,,,\n"},
			[]Labelled{{"a", "dog", ""}, {"b", "", "dog.n.01"}, {"c", "", "n02084071"}, {"d", "", "n01440764"}, {"e", "crane", "n09295455"}, {"f", "", "n02084071"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readLabelled(inMemory(c.files))
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestReadLabelledFaults(t *testing.T) {
	_, err := readLabelled(inMemory(map[string]string{"labels.csv": "path,label,class\na.png,dog,\n../b.png,dog,\nc.png,,\na.png,cat,\nd.png,,1000\ne.png,,dog\n.,dog,\n"}))
	want := []string{
		`labels.csv:3: "../b.png" is not a path inside the folder`,
		`labels.csv:4: picture "c.png" has neither label nor synset`,
		`labels.csv:5: picture "a.png" stands already on line 2`,
		`labels.csv:6: class "1000" is none of ImageNet's, 0 to 999`,
		`labels.csv:7: class "dog" is none of ImageNet's, 0 to 999`,
		`labels.csv:8: "." is not a path inside the folder`,
	}
	if diff := cmp.Diff(want, lines(t, err)); diff != "" {
		t.Error(diff)
	}
	_, err = readLabelled(inMemory(map[string]string{"pictures.csv": "file,label\na.png,dog\n"}))
	if got := lines(t, err); len(got) != 1 || !strings.HasPrefix(got[0], `pictures.csv:1: column "path" is missing`) {
		t.Errorf("without a path: %q", got)
	}
	if _, err := readLabelled(inMemory(map[string]string{"loose.png": ""})); err == nil || !strings.Contains(err.Error(), "no labelled pictures") {
		t.Errorf("a folder without labels: %v", err)
	}
}

func TestReadSenses(t *testing.T) {
	got, err := ReadSenses(inMemory(map[string]string{"s.csv": "label,synset,gloss\nice_cream,n07614500,cold\n dog ,dog.n.01,\n"}), "s.csv")
	if diff := cmp.Diff([]Sense{{"ice cream", "n07614500"}, {"dog", "dog.n.01"}}, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	_, err = ReadSenses(inMemory(map[string]string{"s.csv": "label,synset\ndog,n02084071\n,n02084071\ncat,\ndog,n02121620\nice_cream,n1\nice cream,n2\n"}), "s.csv")
	want := []string{
		"s.csv:3: label is empty",
		`s.csv:4: label "cat" has no synset; write one, such as n02084071 or dog.n.01, or delete the row`,
		`s.csv:5: label "dog" stands already on line 2`,
		`s.csv:7: label "ice cream" stands already on line 6`,
	}
	if diff := cmp.Diff(want, lines(t, err)); diff != "" {
		t.Error(diff)
	}
}

// settled writes what NewLabels made of a label: name, synset, pictures.
func settled(labels []*Label) (lines []string) {
	for _, l := range labels {
		lines = append(lines, strings.Join([]string{l.Name, l.wnid(), strings.Join(l.Pictures, " ")}, ": "))
	}
	return lines
}

func TestNewLabels(t *testing.T) {
	const writer, stars, bigCat = "n10914447", "n09295455", "n02127808"
	for _, c := range []struct {
		name     string
		pictures []Labelled
		chosen   []Sense
		want     []string
		unused   []Sense
	}{
		{"the most frequent physical sense", []Labelled{{"1", "cat", ""}, {"2", "Bee", ""}}, nil,
			[]string{"Bee: n02206856: 2", "cat: n02121620: 1"}, nil},
		{"labels of one synset are one", []Labelled{{"3", "car", ""}, {"1", "", "n02958343"}, {"2", "auto", ""}}, nil,
			[]string{"auto: n02958343: 1 2 3"}, nil},
		{"labels that share a name", []Labelled{{"1", "crane", stars}, {"2", "crane", writer}}, nil,
			[]string{"crane: " + stars + ": 1", "crane (" + writer + "): " + writer + ": 2"}, nil},
		{"one of them is chosen by its longer name", []Labelled{{"1", "crane", stars}, {"2", "crane", writer}}, []Sense{{"crane (" + writer + ")", "dog.n.01"}},
			[]string{"crane: " + stars + ": 1", "crane (" + writer + "): n02084071: 2"}, nil},
		{"chosen", []Labelled{{"1", "cat", ""}}, []Sense{{"cat", bigCat}},
			[]string{"cat: " + bigCat + ": 1"}, nil},
		{"chosen for pictures labelled by wnid", []Labelled{{"1", "", "n02121620"}}, []Sense{{"cat", bigCat}},
			[]string{"cat: " + bigCat + ": 1"}, nil},
		{"chosen for a name that went into another label", []Labelled{{"1", "auto", ""}, {"2", "car", "n02958343"}}, []Sense{{"car", "n02960501"}},
			[]string{"auto: n02958343: 1", "car: n02960501: 2"}, nil},
		{"chosen for a word that WordNet lacks", []Labelled{{"1", "doggy", ""}, {"2", "dog", ""}}, []Sense{{"doggy", "dog.n.01"}},
			[]string{"dog: n02084071: 1 2"}, nil},
		{"chosen for no picture", []Labelled{{"1", "dog", ""}}, []Sense{{"dodo", bigCat}, {"cat", bigCat}},
			[]string{"dog: n02084071: 1"}, []Sense{{"dodo", bigCat}, {"cat", bigCat}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			labels, unused := NewLabels(c.pictures, c.chosen, excerpt(t))
			if diff := cmp.Diff(c.want, settled(labels)); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.unused, unused); diff != "" {
				t.Errorf("unused (-want +got):\n%s", diff)
			}
		})
	}
}

// A guess among several senses leaves a doubt; a given or chosen sense leaves none.
func TestDoubt(t *testing.T) {
	for _, c := range []struct {
		label, synset, chosen, want string
	}{
		{"dog", "", "", ""},
		{"cat", "", "", "could also be n09900153 (a spiteful woman gossip), or n02127808 ("},
		{"cat", "n02121620", "", ""},
		{"cat", "", "n02121620", ""},
		{"idea", "", "", "no noun of this name that is a physical thing"},
		{"yeti", "", "", "no noun of this name"},
		{"", "n99999999", "", `WordNet 3.0 has no noun synset "n99999999"`},
	} {
		var chosen []Sense
		if c.chosen != "" {
			chosen = []Sense{{c.label, c.chosen}}
		}
		labels, _ := NewLabels([]Labelled{{"1", c.label, c.synset}}, chosen, excerpt(t))
		if got := labels[0].Doubt; (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %s: doubt %q, want %q", c.label, c.synset, got, c.want)
		}
	}
}

// Norms know a label by its own words and by those of what it is, unless these
// mean something else first.
func TestWords(t *testing.T) {
	labels, _ := NewLabels([]Labelled{{"1", "my hound", "dog.n.01"}}, nil, excerpt(t))
	words := labels[0].Words
	if diff := cmp.Diff(Words{Words: []string{"my hound", "dog", "domestic dog", "canis familiaris"}}, words[0]); diff != "" {
		t.Errorf("own words (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"canine", "canid"}, words[1].Words); diff != "" || words[1].Above == nil {
		t.Errorf("the words above (-want +got):\n%s", diff)
	}
}

func fuzzReader(f *testing.F, seeds []string, read func(t *testing.T, folder fs.FS)) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { read(t, inMemory(map[string]string{"labels.csv": text})) })
}

func FuzzReadLabels(f *testing.F) {
	fuzzReader(f, []string{"path,label\na.png,dog\n", "path,class\na,-1\nb,99999999999999999999\n", "path,synset,wnid\n/a,\"\n", "\xff"}, func(t *testing.T, folder fs.FS) {
		all, err := readLabelled(folder)
		if err != nil && all != nil {
			t.Error("an error and pictures")
		}
		seen := map[string]bool{}
		for _, l := range all {
			if !fs.ValidPath(l.Path) || l.Path == "." || seen[l.Path] || l.Label+l.Synset == "" {
				t.Errorf("passes: %+v", l)
			}
			seen[l.Path] = true
		}
	})
}

func FuzzReadSenses(f *testing.F) {
	fuzzReader(f, []string{"label,synset\ndog,dog.n.01\n", "label,synset\n_,x\n_,\n", "label;synset\n", "synset,label\n\"a\nb\",\"c\"\n"}, func(t *testing.T, folder fs.FS) {
		all, err := ReadSenses(folder, "labels.csv")
		if err != nil && all != nil {
			t.Error("an error and senses")
		}
		seen := map[string]bool{}
		for _, s := range all {
			if s.Label == "" || s.Synset == "" || seen[s.Label] {
				t.Errorf("passes: %+v", s)
			}
			seen[s.Label] = true
		}
	})
}
