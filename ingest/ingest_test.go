package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

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

// tried is what a mapping makes of files, or why it makes nothing.
func tried(t *testing.T, files map[string]string, mapping string) (*Plan, error) {
	t.Helper()
	m, err := ReadMapping([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	return Understand(layout(files), m)
}

// understood is what a mapping makes of files.
func understood(t *testing.T, files map[string]string, mapping string) *Plan {
	t.Helper()
	plan, err := tried(t, files, mapping)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// written is the set that a plan writes, as it is read again.
func written(t *testing.T, plan *Plan, partial bool) *stimuli.Set {
	t.Helper()
	out := filepath.Join(t.TempDir(), "set")
	if err := plan.Write(out, partial); err != nil {
		t.Fatal(err)
	}
	s, err := stimuli.Read(os.DirFS(out), nil, stimuli.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// with are four pictures and more files.
func with(more map[string]string) map[string]string {
	pictures := map[string]string{"a.png": "", "b.png": "", "c.png": "", "d.png": ""}
	all := map[string]string{}
	for _, m := range []map[string]string{pictures, more} {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

func TestLayouts(t *testing.T) {
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
			plan := understood(t, test.files, test.mapping)
			if diff := cmp.Diff(test.want, lines(plan)); diff != "" {
				t.Errorf("triplets (-want +got):\n%s", diff)
			}
			for _, p := range plan.Problems {
				t.Errorf("problem %v", p)
			}
			for i, tr := range written(t, plan, true).Triplets {
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
		"wide.csv": "id,Pair,P1,P2,age\nx,related,5,4,30\nx,foil,1,NA,30\n", // Pair fits P*, and is the role
		"long.csv": "who,A,B,q,v\nP1,a,b,sim,2\nP1,a,b,ass,3\n",
	}
	for name, mapping := range map[string]string{
		"wide": "roles = {foil = 'unrelated'}\njudgements = {file = 'wide.csv', id = 'id', role = 'Pair', raters = ['P*']}",
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

// TestRatingsBringOtherColumns: a table joined by id fills what the triplets lack, for
// every triplet of the id; what contradicts them, and an id without its zeros, is said.
func TestRatingsBringOtherColumns(t *testing.T) {
	files := map[string]string{
		"a.png": "", "b.png": "", "c.png": "", "d.png": "",
		"triplets.csv": "id,target,related,unrelated,other,kind\n01,a,b,c,d,\n02,b,a,c,,old\n",
		"norms.csv":    "item,mr,mu,type,kind,word\n01,5,1,thematic,new,x\n02,4,2,taxonomic,old,y\n",
	}
	mapping := `
triplets = {file = 'triplets.csv', unrelated = ['unrelated', 'other']}
ratings = {file = 'norms.csv', id = 'item', related = 'mr', unrelated = 'mu', relation = 'type', tags = ['kind', 'word']}`
	understand := func(norms string) *Plan {
		t.Helper()
		m, err := ReadMapping([]byte(mapping))
		if err != nil {
			t.Fatal(err)
		}
		files["norms.csv"] = norms
		plan, err := Understand(layout(files), m)
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	plan := understand(files["norms.csv"])
	if len(plan.Problems) > 0 {
		t.Fatal(plan.Problems)
	}
	var got []string
	for _, triplet := range plan.Triplets {
		got = append(got, fmt.Sprint(triplet.ID, " ", triplet.Relation, " ", triplet.Ratings, " ", triplet.Tags["kind"], " ", triplet.Tags["word"]))
	}
	want := []string{"01-1 thematic [5 1] new x", "01-2 thematic [5 1] new x", "02 taxonomic [4 2] old y"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("triplets (-want +got):\n%s", diff)
	}
	for norms, want := range map[string]string{
		"item,mr,mu,type,kind,word\n02,4,2,taxonomic,new,y\n": `norms.csv:2: kind: "new", but the table of triplets says "old"`,
		"item,mr,mu,type,kind,word\n1,4,2,thematic,,y\n":      `norms.csv:2: item: there is no triplet "1"; did you mean "01"? Spreadsheets drop zeros at the beginning: write ids as text`,
		"item,mr,mu,type,kind,word\n3,4,2,thematic,,y\n":      `norms.csv:2: item: there is no triplet "3"`,
		"item,mr,mu,type,kind,word\n02,4,2,unheard,,y\n":      `norms.csv:2: relation "unheard" is unknown; say what it means by values, such as unheard = "taxonomic", or unheard = "unheard" to keep it`,
	} {
		if got := understand(norms).Problems; len(got) != 1 || got[0].String() != want {
			t.Errorf("problems %v, want %s", got, want)
		}
	}
}

// TestEveryFaultAtOnce seeds a fault of every kind into one import, and wants
// them all, each at its file and line.
