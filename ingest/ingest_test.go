package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/akin-vision/akin/internal/regular"
	"github.com/akin-vision/akin/stimuli"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
)

// picturePNG is a small picture, another one for each shade.
func picturePNG(shade int) []byte {
	img := image.NewGray(image.Rect(0, 0, 4, 4))
	img.SetGray(0, 0, color.Gray{uint8(shade)})
	img.SetGray(1, 0, color.Gray{uint8(shade >> 8)})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// layout is a source: a text is a file as it stands, an empty one a picture.
func layout(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		data := []byte(files[name])
		if len(data) == 0 {
			data = picturePNG(i)
		}
		fsys[name] = &fstest.MapFile{Data: data, Mode: 0o644}
	}
	return fsys
}

func workbook(t testing.TB, sheet string, rows ...[]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lines are the triplets of a plan as text: id target related unrelated, then
// whatever else they carry.
func lines(p *Plan) []string {
	var list []string
	for _, t := range p.Triplets {
		line := t.ID + " " + strings.Join(t.Pictures[:], " ")
		for _, more := range []string{t.Relation, t.Distractor, strings.Join(t.Labels[:], "/"), decimal(t.Ratings[0]), decimal(t.Ratings[1]), t.Cluster} {
			if more != "" && more != "//" {
				line += " " + more
			}
		}
		list = append(list, line)
	}
	return list
}

func TestLayouts(t *testing.T) {
	pictures := map[string]string{"a.png": "", "b.png": "", "c.png": "", "d.png": ""}
	with := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{pictures, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	for _, test := range []struct {
		name    string
		files   map[string]string
		mapping string
		want    []string
	}{
		{"akin's own columns", with(map[string]string{
			"triplets.csv": "id,target,related,unrelated,relation,rating_related,rating_unrelated\nx,a.png,b.png,c.png,thematic,5.5,1\ny,b,a,d,,,\n",
		}), ``, []string{"x a.png b.png c.png thematic 5.5 1", "y b.png a.png d.png"}},
		{"three paths without a header", with(map[string]string{"list.csv": "a.png,b.png,c.png\n"}),
			"[triplets]\nfile = 'list.csv'\nno_header = true", []string{"1 a.png b.png c.png"}},
		{"semicolons and decimal commas", with(map[string]string{
			"t.csv": "\xef\xbb\xbfid;target;related;unrelated;rating_related;rating_unrelated\nx;a;b;c;5,5;NA\n",
		}), "triplets = {file = 't.csv'}", []string{"x a.png b.png c.png 5.5"}},
		{"several unrelated", with(map[string]string{"t.tsv": "trial\tT\tR\tF1\tF2\nx\ta\tb\tc\td\ny\tb\ta\tc\t\n"}),
			"[triplets]\nfile = 't.tsv'\nid = 'trial'\ntarget = 'T'\nrelated = 'R'\nunrelated = ['F1', 'F2']",
			[]string{"x-1 a.png b.png c.png x", "x-2 a.png b.png d.png x", "y b.png a.png c.png"}},
		{"folders by id", map[string]string{
			"set/01/cue.png": "", "set/01/match.png": "", "set/01/foil1.png": "", "set/01/foil2.png": "",
			"set/02/cue.png": "", "set/02/match.png": "", "set/02/foil1.png": "", "practice/1.png": "", ".hidden.png": "", "__MACOSX/x.png": "",
		}, "ignore = ['practice/']\n[roles]\ncue = 'target'\nmatch = 'related'\nfoil1 = 'unrelated'\nfoil2 = 'unrelated'\n[pictures]\nfolder = 'set'\npatterns = ['{id}/{role}.png']",
			[]string{"01-1 set/01/cue.png set/01/match.png set/01/foil1.png 01", "01-2 set/01/cue.png set/01/match.png set/01/foil2.png 01",
				"02 set/02/cue.png set/02/match.png set/02/foil1.png"}},
		{"labels and relations in names", map[string]string{
			"7_t_sim_dog.png": "", "7_r_sim_wolf.png": "", "7_u_sim_tea cup.png": "",
		}, "roles = {t = 'target', r = 'related', u = 'unrelated'}\nvalues = {sim = 'taxonomic'}\npictures = {patterns = ['{id}_{role}_{relation}_{label}.png']}",
			[]string{"7 7_t_sim_dog.png 7_r_sim_wolf.png 7_u_sim_tea cup.png taxonomic dog/wolf/tea cup"}},
		{"odd one out, by numbers of names", map[string]string{
			"img/ant/1.png": "", "img/bee/1.png": "", "img/cup/1.png": "", "names.txt": "ant\nbee\ncup\n", "things.txt": "0 2 1\n",
		}, "pictures = {folder = 'img', patterns = ['{item}/*.png']}\n[triplets]\nfile = 'things.txt'\nno_header = true\nnames = 'names.txt'",
			[]string{"1-1 img/ant/1.png img/cup/1.png img/bee/1.png 1", "1-2 img/cup/1.png img/ant/1.png img/bee/1.png 1"}},
		{"odd one out, the odd one named", with(map[string]string{"t.csv": "i,j,k,odd\na,b,c,a\na,b,c,3\n"}),
			"[triplets]\nfile = 't.csv'\nitems = ['i', 'j', 'k']\nodd = 'odd'",
			[]string{"1-1 b.png c.png a.png 1", "1-2 c.png b.png a.png 1", "2-1 a.png b.png c.png 2", "2-2 b.png a.png c.png 2"}},
		{"a workbook's sheet, means in another", with(map[string]string{
			"t.xlsx":     workbook(t, "trials", []any{"id", "target", "related", "unrelated", "distractor"}, []any{1, "a", "b", "c", "shape"}, []any{2, "b", "c", "d"}),
			"means.xlsx": workbook(t, "m", []any{"Trial", "rel", "unrel"}, []any{2, 4.25, 1.5}),
		}), "triplets = {file = 't.xlsx', sheet = 'trials'}\nratings = {file = 'means.xlsx', sheet = 'm', id = 'Trial', related = 'rel', unrelated = 'unrel'}",
			[]string{"1 a.png b.png c.png shape", "2 b.png c.png d.png 4.25 1.5"}},
		{"UTF-16, Windows paths and line ends", with(map[string]string{"in/t.txt": utf16LE("target\trelated\tunrelated\r\n.\\a.png\tb.png\tc.png\r\n")}),
			"triplets = {file = 'in/t.txt'}", []string{"1 a.png b.png c.png"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := ReadMapping([]byte(test.mapping))
			if err != nil {
				t.Fatal(err)
			}
			plan, err := Understand(layout(test.files), m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(plan)); diff != "" {
				t.Errorf("triplets (-want +got):\n%s", diff)
			}
			for _, p := range plan.Problems {
				t.Errorf("problem %v", p)
			}
			out := filepath.Join(t.TempDir(), "set")
			if err := plan.Write(out, true); err != nil {
				t.Fatal(err)
			}
			s, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, tr := range s.Triplets {
				if want := plan.Triplets[i]; tr.ID != want.ID || tr.Related.Path != "pictures/"+want.Pictures[1] || tr.Relation != want.Relation {
					t.Errorf("triplet %d reads back as %+v", i, tr)
				}
			}
		})
	}
}

func utf16LE(text string) string {
	b, _ := binary.Append([]byte("\xff\xfe"), binary.LittleEndian, utf16.Encode([]rune(text)))
	return string(b)
}

func TestJudgements(t *testing.T) {
	files := map[string]string{
		"a.png": "", "b.png": "", "c.png": "", "triplets.csv": "id,target,related,unrelated\nx,a,b,c\n",
		"wide.csv": "id,role,P1,P2,age\nx,related,5,4,30\nx,foil,1,NA,30\n",
		"long.csv": "who,A,B,q,v\nP1,a,b,sim,2\nP1,a,b,ass,3\n",
	}
	for name, mapping := range map[string]string{
		"wide": "roles = {foil = 'unrelated'}\njudgements = {file = 'wide.csv', id = 'id', raters = ['P*']}",
		"long": "judgements = {file = 'long.csv', rater = 'who', picture_a = 'A', picture_b = 'B', scale = 'q', value = 'v'}",
	} {
		m, err := ReadMapping([]byte(mapping))
		if err != nil {
			t.Fatal(err)
		}
		plan, err := Understand(layout(files), m)
		if err != nil || len(plan.Problems) > 0 {
			t.Fatal(name, err, plan.Problems)
		}
		want := map[string][]Judgement{
			"wide": {{Rater: "P1", Pair: [2]string{"a.png", "b.png"}, Value: 5}, {Rater: "P2", Pair: [2]string{"a.png", "b.png"}, Value: 4}, {Rater: "P1", Pair: [2]string{"a.png", "c.png"}, Value: 1}},
			"long": {{Rater: "P1", Pair: [2]string{"a.png", "b.png"}, Scale: "sim", Value: 2}, {Rater: "P1", Pair: [2]string{"a.png", "b.png"}, Scale: "ass", Value: 3}},
		}[name]
		if diff := cmp.Diff(want, plan.Judgements, cmpopts.IgnoreFields(Judgement{}, "At")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestEveryFaultAtOnce seeds a fault of every kind into one import, and wants
// them all, each at its file and line.
func TestEveryFaultAtOnce(t *testing.T) {
	m, err := ReadMapping([]byte(`
rating_min = 1
rating_max = 7
triplets = {file = 't.csv'}
ratings = {file = 'means.csv', related = 'rel', unrelated = 'unrel'}
judgements = {file = 'j.csv', id = 'id'}
`))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Understand(layout(map[string]string{
		"t.csv": "id,target,related,unrelated,relation,distractor,rating_related\n" +
			"ok,p/a.png,p/b.png,p/c.png,,,\n" + // 2
			"gone,p/a.png,p/x.png,p/c.png,,,\n" + // 3
			"ok,p/a.png,p/b.png,p/c.png,,,\n" + // 4
			",p/a.png,p/b.png,p/c.png,,,\n" + // 5
			"kin,p/a.png,p/b.png,p/c.png,kin,texture,\n" + // 6
			"twin,p/a.png,p/b.png,p/twin.png,,,\n" + // 7
			"bad,p/a.png,p/bad.png,p/c.png,,,\n" + // 8
			"two,p/a.png,same,p/c.png,,,\n" + // 9
			"high,p/a.png,p/b.png,p/c.png,,,9\n" + // 10
			"word,p/a.png,p/b.png,p/c.png,,,much\n" + // 11
			"short,p/a.png\n" + // 12
			"none,p/a.png,p/b.png,,,,\n", // 13
		"means.csv": "id,rel,unrel\nok,5,1\nok,5,1\nnobody,5,1\n",
		"j.csv":     "rater,id,role,value\nr,ok,related,3\nr,ok,related,3\nr,ok,sideways,3\nr,none such,related,3\n,ok,unrelated,3\nq,ok,related,0\n",
		"p/a.png":   "", "p/b.png": "", "p/c.png": "", "p/bad.png": "no picture", "p/same.png": "", "q/same.png": "", "p/lonely.png": "",
		"p/twin.png": string(picturePNG(2)), // what layout makes of p/a.png
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range plan.Problems {
		got = append(got, p.String())
	}
	for _, want := range []string{
		`t.csv:3: related: there is no picture "p/x.png"`,
		`t.csv:4: id "ok" stands already at t.csv:2`,
		`t.csv:5: column "id", the id, is empty`,
		`t.csv:6: relation "kin" is unknown`,
		`t.csv:6: distractor "texture" is unknown`,
		`t.csv:7: target and unrelated of triplet "twin" are the same picture`,
		`t.csv:8: triplet "bad" has a picture that akin cannot read`,
		`t.csv:9: related: picture "same" may be "p/same.png" or "q/same.png"`,
		`t.csv:10: rating_related: 9 is above the scale`,
		`t.csv:11: rating_related: "much" is not a number`,
		`t.csv:12: has 2 cells, the header 7`,
		`t.csv:13: unrelated: names no picture`,
		`means.csv:3: id: "ok" was rated already on line 2`,
		`means.csv:4: id: there is no triplet "nobody"`,
		`j.csv:3: r rated this pair already on line 2`,
		`j.csv:4: role: "sideways" is not related or unrelated`,
		`j.csv:5: id: there is no triplet "none such"`,
		`j.csv:6: names no rater`,
		`j.csv:7: value: 0 is below the scale`,
		`p/bad.png: is no picture that akin reads`,
	} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("no problem begins with %s", want)
		}
	}
	if got := lines(plan); len(got) != 1 || got[0] != "ok p/a.png p/b.png p/c.png 5 1" {
		t.Errorf("triplets %q", got)
	}
	if t.Failed() {
		t.Log(strings.Join(got, "\n"))
	}

	if diff := cmp.Diff([]string{"p/lonely.png", "p/same.png"}, plan.Unused); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}

	parent := t.TempDir()
	out := filepath.Join(parent, "set")
	if err := plan.Write(out, false); !errors.Is(err, ErrUnplaced) {
		t.Errorf("error %v, want ErrUnplaced", err)
	}
	if entries, _ := os.ReadDir(parent); len(entries) > 0 {
		t.Errorf("a refused import left %v", entries)
	}
	if err := plan.Write(out, true); err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(out, reportFile))
	if err != nil || bytes.Count(report, []byte("\n")) != len(plan.Problems)+1 {
		t.Errorf("report of %d problems, error %v:\n%s", len(plan.Problems), err, report)
	}
	if err := plan.Write(out, true); !errors.Is(err, ErrExists) {
		t.Errorf("over a set: error %v, want ErrExists", err)
	}
}

func TestFaultyOddOnes(t *testing.T) {
	m := Mapping{Triplets: Triplets{Table: Table{File: "t.csv"}, Items: []string{"i", "j", "k"}, Odd: "odd"}}
	plan, err := Understand(layout(map[string]string{
		"a.png": "", "b.png": "", "c.png": "", "t.csv": "i,j,k,odd\na,b,c,d\na,b,gone,1\na,b,c,4\na,b,c,c\n",
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	want := `t.csv:2: odd: "d" is neither one of the items nor 1, 2 or 3
t.csv:3: k: there is no picture "gone"
t.csv:4: odd: "4" is neither one of the items nor 1, 2 or 3`
	if diff := cmp.Diff(want, plan.Problems.Error()); diff != "" || len(plan.Triplets) != 2 {
		t.Errorf("%d triplets; problems (-want +got):\n%s", len(plan.Triplets), diff)
	}
}

func TestFaultyGroups(t *testing.T) {
	m := Mapping{Pictures: Pictures{Patterns: []string{"{id}-{role}*.png"}}}
	plan, err := Understand(layout(map[string]string{
		"1-target.png": "", "1-related.png": "", "2-target.png": "", "2-target-b.png": "", "2-related.png": "", "2-unrelated.png": "", "3.png": "",
	}), m)
	if err != nil {
		t.Fatal(err)
	}
	want := `1-target.png: id "1" has no unrelated picture
2-target-b.png: id "2" has 2 target pictures: "2-target-b.png" or "2-target.png"
3.png: belongs to no triplet: no pattern fits its name`
	if diff := cmp.Diff(want, plan.Problems.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if err := plan.Write(filepath.Join(t.TempDir(), "set"), true); !errors.Is(err, ErrNothing) {
		t.Errorf("error %v, want ErrNothing", err)
	}
}

func TestMappingsThatCannotBeMeant(t *testing.T) {
	for text, want := range map[string]string{
		"name = 'x'\nrole = {}":                       `line 2: key "role" is unknown`,
		"name = ":                                     "line 1:",
		"roles = {cue = 'first'}":                     `role cue = "first" is not target, related, unrelated`,
		"ignore = ['[']":                              `pattern "["`,
		"triplets = {items = ['a']}":                  "items names 1 columns",
		"pictures = {patterns = ['{id}_{rule}.png']}": "group {rule} is unknown",
		"pictures = {patterns = ['{id}_{id}.png']}":   "group {id} stands twice",
		"rating_min = 5\nrating_max = 2":              "rating_min 5 is not below rating_max 2",
		"":                                            "what makes a triplet is not said",
		"pictures = {patterns = ['{id}/{role}.jpg']}": "none of 1 pictures fits",
		"triplets = {unrelated = ['a','b'], rating_unrelated = ['c','d','e']}": "rating_unrelated names 3 columns, unrelated 2",
	} {
		m, err := ReadMapping([]byte(text))
		if err == nil {
			_, err = Understand(layout(map[string]string{"a.png": ""}), m)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}

// archive packs files; a name may be anything.
func archive(t testing.TB, files map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestUnsafeArchivesAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"../evil.png": "is not a path inside", "/evil.png": "is not a path inside", `a\evil.png`: "is not a path inside", "a/../../b.png": "is not a path inside",
		"bomb.csv": "which no picture or table does",
	} {
		data := picturePNG(1)
		if name == "bomb.csv" {
			data = make([]byte, 20<<20)
		}
		_, err := Open(archive(t, map[string][]byte{name: data}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestLinksLeadNowhere(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.png")
	folder := t.TempDir()
	for name, data := range map[string][]byte{
		outside: picturePNG(1), filepath.Join(folder, "a.png"): picturePNG(2), filepath.Join(folder, "b.png"): picturePNG(3),
		filepath.Join(folder, "t.csv"): []byte("target,related,unrelated\na.png,b.png,c.png\n"),
	} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(folder, "c.png")); err != nil {
		t.Skip(err)
	}
	source, err := Open(filepath.Join(folder, "t.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	plan, err := Understand(source.FS, Mapping{Triplets: Triplets{Table: Table{File: source.Table}}})
	if err != nil || len(plan.Triplets) > 0 || len(plan.Problems) == 0 {
		t.Errorf("a link out of the folder was followed: %v, %v", plan, err)
	}
}

// TestPhotoPairsAgain makes photo-pairs again of its raw pictures, a list of
// stems and a workbook with a column for each rater; it must equal the one given.
func TestPhotoPairsAgain(t *testing.T) {
	given := os.DirFS("../../shared/sets/photo-pairs")
	want, err := stimuli.Read(given, nil, stimuli.Options{})
	if errors.Is(err, os.ErrNotExist) || err != nil && strings.Contains(err.Error(), "no such file") {
		t.Skip("needs photo-pairs")
	}
	if err != nil {
		t.Fatal(err)
	}
	raw := fstest.MapFS{}
	for _, p := range want.Pictures {
		data, err := regular.Read(given, p.Path, maxPicture)
		if err != nil {
			t.Fatal(err)
		}
		raw[strings.TrimPrefix(p.Path, "pictures/")] = &fstest.MapFile{Data: data}
	}
	stem := func(p *stimuli.Picture) string {
		return strings.TrimSuffix(strings.TrimPrefix(p.Path, "pictures/"), filepath.Ext(p.Path))
	}
	var table strings.Builder
	table.WriteString("Trial;Cue;Match;Foil;Type;Choice;L1;L2;L3\n")
	for _, tr := range want.Triplets {
		kind := map[string]string{"taxonomic": "similar", "thematic": "associated"}[tr.Relation]
		fmt.Fprintf(&table, "%s;%s;%s;%s;%s;%s;%s;%s;%s\n", tr.ID, stem(tr.Target), stem(tr.Related), stem(tr.Unrelated), kind, tr.Distractor,
			tr.TargetLabel, tr.RelatedLabel, tr.UnrelatedLabel)
	}
	raw["trials.csv"] = &fstest.MapFile{Data: []byte(table.String())}
	var labels strings.Builder
	labels.WriteString("path\tlabel\n")
	for _, p := range want.Pictures {
		fmt.Fprintf(&labels, "%s\t%s\n", stem(p), p.Label)
	}
	raw["labels.tsv"] = &fstest.MapFile{Data: []byte(labels.String())}
	raw["ratings.xlsx"] = &fstest.MapFile{Data: []byte(wideRatings(t, want))}
	m, err := ReadMapping([]byte(`
name = "photo-pairs"
values = {similar = "taxonomic", associated = "thematic"}
labels = {file = "labels.tsv"}
judgements = {file = "ratings.xlsx", raters = ["r*"], picture_a = "first", picture_b = "second", scale = "scale"}

[triplets]
file = "trials.csv"
id = "Trial"
target = "Cue"
related = "Match"
unrelated = ["Foil"]
relation = "Type"
distractor = "Choice"
target_label = "L1"
related_label = "L2"
unrelated_label = ["L3"]
`))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Understand(raw, m)
	if err != nil || len(plan.Problems) > 0 {
		t.Fatalf("error %v, problems:\n%v", err, plan.Problems)
	}
	out := filepath.Join(t.TempDir(), "photo-pairs")
	if err := plan.Write(out, false); err != nil {
		t.Fatal(err)
	}
	got, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ignore := cmp.Options{
		cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(stimuli.Picture{}, "Named"), cmpopts.IgnoreFields(stimuli.Judgement{}, "Line"),
		cmpopts.SortSlices(func(a, b stimuli.Judgement) bool {
			return a.Rater+a.Scale+a.A.Path+a.B.Path < b.Rater+b.Scale+b.A.Path+b.B.Path
		}),
		cmpopts.SortSlices(func(a, b *stimuli.Picture) bool { return a.Path < b.Path }),
	}
	for _, part := range []struct {
		name      string
		want, got any
	}{{"triplets", want.Triplets, got.Triplets}, {"pictures", want.Pictures, got.Pictures}, {"judgements", want.Judgements, got.Judgements}} {
		if diff := cmp.Diff(part.want, part.got, ignore); diff != "" {
			t.Errorf("%s (-given +made):\n%s", part.name, diff)
		}
	}
	if len(got.Judgements) != 1380 || len(got.Triplets) != 80 {
		t.Errorf("%d judgements, %d triplets", len(got.Judgements), len(got.Triplets))
	}
}

// wideRatings is a workbook of one row for each pair and scale, and a column
// for each rater.
func wideRatings(t *testing.T, s *stimuli.Set) string {
	var raters []string
	type key struct{ a, b, scale string }
	var keys []key
	values := map[key]map[string]float64{}
	for _, j := range s.Judgements {
		k := key{j.A.Path, j.B.Path, j.Scale}
		if values[k] == nil {
			values[k] = map[string]float64{}
			keys = append(keys, k)
		}
		values[k][j.Rater] = j.Value
		if !slices.Contains(raters, j.Rater) {
			raters = append(raters, j.Rater)
		}
	}
	header := []any{"first", "second", "scale"}
	for _, r := range raters {
		header = append(header, r)
	}
	rows := [][]any{header}
	for _, k := range keys {
		row := []any{strings.TrimPrefix(k.a, "pictures/"), strings.TrimPrefix(k.b, "pictures/"), k.scale}
		for _, r := range raters {
			row = append(row, values[k][r])
		}
		rows = append(rows, row)
	}
	return workbook(t, "ratings", rows...)
}

// TestHostileInputs damages an archive of tables and pictures, its members and
// its mapping in 2,000 seeded ways. Nothing may panic, and nothing but the set
// may be written.
func TestHostileInputs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2026))
	members := map[string][]byte{
		"t.csv":  []byte("id,target,related,unrelated,relation,rating_related\nx,a.png,b.png,c.png,thematic,4\ny,b.png,a.png,d.png,,\n"),
		"m.xlsx": []byte(workbook(t, "m", []any{"id", "rel", "unrel"}, []any{"x", 4.25, 1.5}, []any{"y", 3, 2})),
		"j.tsv":  []byte("rater\tpicture_a\tpicture_b\tvalue\nr\ta.png\tb.png\t3\n"),
	}
	for i, name := range []string{"a.png", "b.png", "c.png", "d.png"} {
		members[name] = picturePNG(i)
	}
	mapping := []byte("name = 'x'\nratings = {file = 'm.xlsx', sheet = 'm', related = 'rel', unrelated = 'unrel'}\n" +
		"triplets = {file = 't.csv'}\njudgements = {file = 'j.tsv'}\npictures = {patterns = ['{label}.png']}\nroles = {t = 'target'}\n")
	paths := []string{"../x.png", "/etc/x.png", "a/../../x.png", `..\x.png`, "\x00.png", strings.Repeat("n", 5000), "CON", "=1+1", "\u202ea.png"}
	written := 0
	for i := range 2000 {
		files := map[string][]byte{}
		for name, data := range members {
			files[name] = data
		}
		text := mapping
		switch name := []string{"t.csv", "m.xlsx", "j.tsv", "a.png"}[random.IntN(4)]; random.IntN(5) {
		case 0:
			files[name] = damage(random, files[name])
		case 1: // a path of evil in the middle of a table
			evil := paths[random.IntN(len(paths))]
			files["t.csv"] = bytes.Replace(files["t.csv"], []byte("c.png"), []byte(evil), 1)
		case 2:
			text = damage(random, text)
		case 3:
			files[paths[random.IntN(len(paths))]] = picturePNG(9)
		}
		file := archive(t, files)
		if random.IntN(3) == 0 {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(random, data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if importHostile(t, file, text) {
			written++
		}
		if t.Failed() {
			t.Fatalf("input %d", i)
		}
	}
	if written < 200 || written > 1900 {
		t.Errorf("%d of 2000 were written: the damage is too strong or too weak to test anything", written)
	}
}

func damage(random *rand.Rand, data []byte) []byte {
	data = slices.Clone(data)
	for range 1 + random.IntN(4) {
		if len(data) == 0 {
			break
		}
		at := random.IntN(len(data))
		switch random.IntN(4) {
		case 0:
			data[at] = byte(random.IntN(256))
		case 1:
			data = data[:at]
		case 2:
			data = slices.Insert(data, at, []byte(",\"\n../"[:1+random.IntN(6)])...)
		case 3:
			end := min(len(data), at+random.IntN(20))
			data = slices.Delete(data, at, end)
		}
	}
	return data
}

// importHostile reports whether a set was written, and fails if anything else was.
func importHostile(t *testing.T, file string, mapping []byte) bool {
	source, err := Open(file)
	if err != nil {
		return false
	}
	defer source.Close()
	m, err := ReadMapping(mapping)
	if err != nil {
		return false
	}
	plan, err := Understand(source.FS, m)
	if err != nil {
		return false
	}
	_ = plan.Preview()
	parent := t.TempDir()
	err = plan.Write(filepath.Join(parent, "in", "set"), true)
	for _, folder := range []string{parent, filepath.Join(parent, "in")} {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			if e.Name() != "in" && e.Name() != "set" || e.Name() == "set" && err != nil {
				t.Errorf("left %s, error %v", e.Name(), err)
			}
		}
	}
	return err == nil
}

func FuzzUnderstand(f *testing.F) {
	f.Add([]byte("id,target,related,unrelated\nx,a.png,b.png,c.png\n"), []byte("triplets = {file = 't.csv'}"))
	f.Add([]byte("a;b;c;1\n"), []byte("triplets = {file = 't.csv', no_header = true, items = ['1','2','3'], odd = '4'}"))
	f.Fuzz(func(t *testing.T, table, mapping []byte) {
		m, err := ReadMapping(mapping)
		if err != nil {
			return
		}
		source := layout(map[string]string{"a.png": "", "b.png": "", "c.png": "", "t.csv": string(table) + " "})
		plan, err := Understand(source, m)
		if err != nil {
			return
		}
		_ = plan.Preview()
		for _, tr := range plan.Triplets {
			if math.IsInf(tr.Ratings[0], 0) || tr.ID == "" {
				t.Errorf("triplet %+v", tr)
			}
		}
	})
}
