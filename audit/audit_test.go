package audit

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/stimuli"
)

// patch is a picture of cells of one ink inside a margin; seed chooses which.
func patch(t *testing.T, side int, ground, ink color.RGBA, seed int) []byte {
	t.Helper()
	const cells = 8
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	var inked [cells][cells]bool
	for y := 1; y < cells-1; y++ {
		for x := 1; x < cells-1; x++ {
			inked[y][x] = random.IntN(2) == 0
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if img.Set(x, y, ground); inked[y*cells/side][x*cells/side] {
				img.Set(x, y, ink)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	white = color.RGBA{255, 255, 255, 255}
	green = color.RGBA{20, 120, 60, 255}
)

// rainbow is a set of n triplets in which target and related share a colour
// that the unrelated picture lacks.
func rainbow(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"set.toml": {Data: []byte("name = \"rainbow\"\n")}}
	rows := []string{"id,target,related,unrelated,relation,distractor,target_label,related_label,unrelated_label"}
	for i := range n {
		red, blue := color.RGBA{210, uint8(i), 20, 255}, color.RGBA{20, uint8(i), 210, 255}
		if i%2 == 1 {
			red, blue = blue, red
		}
		var row []string
		for k, ink := range []color.RGBA{red, red, blue} {
			name := fmt.Sprintf("%d%c.png", i, "tru"[k])
			files[name] = &fstest.MapFile{Data: patch(t, 96, white, ink, 3*i+k)}
			row = append(row, name)
		}
		relation, way := []string{stimuli.Taxonomic, stimuli.Thematic}[i%2], []string{stimuli.ShapeMatched, stimuli.RandomChoice}[i/2%2]
		rows = append(rows, fmt.Sprintf("t%d,%s,%s,%s,t%d,r%d,u%d", i, strings.Join(row, ","), relation, way, i, i, i))
	}
	files[tripletsFile] = &fstest.MapFile{Data: []byte(strings.Join(rows, "\n") + "\n")}
	return files
}

func inspect(t *testing.T, files fstest.MapFS) *Audit {
	t.Helper()
	s, err := stimuli.Read(files, nil, stimuli.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := Inspect(context.Background(), s, files, Options{Store: feature.NewStore(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryDoubtAtOnce seeds each kind into one set without faults.
func TestEveryDoubtAtOnce(t *testing.T) {
	files := rainbow(t, 24)
	files["copy.png"] = &fstest.MapFile{Data: files["3r.png"].Data}
	files["alike.png"] = &fstest.MapFile{Data: patch(t, 90, white, color.RGBA{212, 0, 22, 255}, 0)}
	files["large.png"] = &fstest.MapFile{Data: patch(t, 300, white, green, 101)}
	files["grey.png"] = &fstest.MapFile{Data: patch(t, 96, color.RGBA{90, 90, 90, 255}, green, 102)}
	table := string(files[tripletsFile].Data) + // from line 26
		"copied,1t.png,copy.png,large.png,taxonomic,shape,t1,r3,large\n" +
		"alike,2t.png,alike.png,grey.png,taxonomic,shape,t2,alike,grey\n" +
		"roles,4t.png,4r.png,5t.png,taxonomic,shape,t4,r4,t5\n" +
		"contrary,6t.png,7r.png,6r.png,taxonomic,shape,t6,r7,r6\n" +
		"named,8t.png,8r.png,8u.png,taxonomic,shape,other,r8,u8\n" +
		"one label,9t.png,9r.png,10u.png,taxonomic,shape,t9,r9,R9\n"
	for i := range 14 {
		table += fmt.Sprintf("more%d,%dt.png,%dr.png,%du.png,taxonomic,shape,,,\n", i, i+10, i+10, i+10)
	}
	files[tripletsFile] = &fstest.MapFile{Data: []byte(table)}
	var lines []string
	for _, f := range inspect(t, files).Findings {
		lines = append(lines, string(f.Kind)+" "+f.String())
	}
	for _, want := range []string{
		`copies triplets.csv:26: picture "copy.png" is the same file as "3r.png"`,
		`look-alikes triplets.csv:27: picture "alike.png" looks like "0t.png"`,
		`roles triplets.csv:28: distractor "5t.png" is the target on line 7`,
		`roles triplets.csv:29: "6t.png" and "6r.png" are unrelated here and related on line 8`,
		`labels triplets.csv:30: picture "8t.png" is labelled "other" here and "t8" elsewhere`,
		`labels triplets.csv:31: related and unrelated are both labelled "R9"`,
		`balance triplets.csv: distractor "random" has 12 of 44 triplets, an even share is 22`,
		`sizes triplets.csv:26: picture "large.png" is 300 x 300 pixels`,
		`backgrounds triplets.csv:27: picture "grey.png" has the border #5a5a5a; that of most is #ffffff`,
		`appearance triplets.csv: colour alone solves `,
	} {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("no finding begins with %s", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(lines, "\n"))
	}
}

func TestBalancedSetOfOneMakeRaisesNone(t *testing.T) {
	for _, f := range inspect(t, rainbow(t, 24)).Findings {
		if f.Kind != Appearance {
			t.Errorf("%s: %v", f.Kind, f.Problem)
		}
	}
}

func TestReadings(t *testing.T) {
	found := inspect(t, rainbow(t, 24)).Confounds
	if len(found) != 3*(1+2+2) {
		t.Fatalf("%d confounds, want three baselines in all, two relations and two distractors", len(found))
	}
	colour := found[1]
	want := "colour alone solves 100 % (86 to 100) of the 24 triplets: the set measures colour"
	if colour.Reading != want || !colour.Doubtful || colour.MatchingError != 0 {
		t.Errorf("%+v, want %q", colour, want)
	}
}

func TestVerdicts(t *testing.T) {
	cases := []struct {
		errors, n, targets int // so many triplets share each target; 0: none
		want               string
		doubtful           bool
	}{
		{19, 100, 0, "measures colour", true},
		{33, 100, 0, "colour can stand in for meaning", true},
		{450, 1000, 0, "a little better than guessing", false},
		{50, 100, 0, "no better and no worse than guessing can explain", false},
		{3, 10, 0, "no better and no worse", false},
		{550, 1000, 0, "a little worse than guessing", false},
		{80, 100, 0, "points to the distractor", false},
		{33, 100, 4, "no better and no worse than guessing can explain", false}, // four targets are no hundred
		{19, 100, 1, "too many of them share pictures", false},
		{0, 1, 0, "too few triplets to tell", false},
		{3, 3, 0, "too few triplets to tell", false},
		{0, 5, 0, "too few triplets to tell", false},
		{0, 6, 0, "measures colour", true},
		{2, 6, 0, "no better and no worse than guessing can explain", false},
		{3, 19, 0, "measures colour", true},
	}
	for _, c := range cases {
		choices := make([]match.Choice, c.n)
		for i := range choices {
			target := i
			if c.targets > 0 {
				target = i * c.targets / c.n
			}
			choices[i] = match.Choice{Triplet: &stimuli.Triplet{Target: named(0, target), Related: named(1, i), Unrelated: named(2, i)}, Related: 1}
			if i < c.errors {
				choices[i].Unrelated = 2
			}
		}
		got := judged(Confound{Baseline: "colour"}, choices)
		if got.Triplets != c.n || !strings.Contains(got.Reading, c.want) || got.Doubtful != c.doubtful {
			t.Errorf("%v errors of %v, %d targets: %q, warning %v; want %q, %v", c.errors, c.n, c.targets, got.Reading, got.Doubtful, c.want, c.doubtful)
		}
	}
}

func named(role, i int) *stimuli.Picture {
	return &stimuli.Picture{Hash: stimuli.Hash{byte(role), byte(i), byte(i >> 8)}}
}
