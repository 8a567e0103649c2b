package wordvec

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/imagenet"
)

func word2vec() string {
	var b bytes.Buffer
	b.WriteString("2 3\ncat ")
	binary.Write(&b, binary.LittleEndian, []float32{3, 0, 4})
	b.WriteString("\ndog ")
	binary.Write(&b, binary.LittleEndian, []float32{0, 5, 0})
	return b.String()
}

func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// formats hold the same two words.
var formats = map[string]string{
	"glove":       "cat 3 0 4\ndog 0 5 0\ncat 1 1 1\n",
	"word2vec":    "2 3\ncat 3 0 4\ndog 0 5 0 \n",
	"packed":      packed("cat 3 0 4\ndog 0 5 0\n"),
	"numberbatch": "3 3\n/c/de/hund 1 1 1\n/c/en/cat 3 0 4\n/c/en/dog 0 5 0\n",
	"binary":      word2vec(),
	"wink":        `{"precision":8,"dimensions":3,"words":["Cat","dog"],"vectors":{"Cat":[3,0,4,5,0],"dog":[0,5,0,5,1]},"unkVector":[0]}`,
}

func open(t *testing.T, text string, wanted func(string) bool) (*Vectors, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "vectors")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return Open(file, wanted)
}

func TestOpenReadsEveryFormat(t *testing.T) {
	for name, text := range formats {
		v, err := open(t, text, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v.Len() != 2 || v.Dim != 3 || len(v.Hash) != 64 || !slices.Equal(v.Word("cat"), []float32{.6, 0, .8}) || !slices.Equal(v.Word("DOG"), []float32{0, 1, 0}) {
			t.Errorf("%s: %d words, cat %v, dog %v", name, v.Len(), v.Word("cat"), v.Word("dog"))
		}
		if v, err := open(t, text, func(w string) bool { return w == "dog" }); err != nil || v.Len() != 1 {
			t.Errorf("%s: of one word wanted: %v, %v", name, v, err)
		}
	}
}

func TestOpenRefusesWhatIsNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "one line": "2 3\n", "cut": word2vec()[:30], "ragged": "cat 1 2\ndog 1 2 3\n", "letters": "cat 1 x\n",
		"infinite": "cat 1 +Inf\n", "late dimensions": `{"vectors":{"cat":[1]}}`, "short": `{"dimensions":3,"vectors":{"cat":[1]}}`, "broken": `{"dimensions":3,"vec`,
	} {
		if v, err := open(t, text, nil); err == nil {
			t.Errorf("%s: %d words were read", name, v.Len())
		}
	}
	if _, err := open(t, "cat 1 2\n", func(string) bool { return false }); !errors.Is(err, ErrNoWords) {
		t.Errorf("no word wanted: %v, want ErrNoWords", err)
	}
}

// TestUnwantedLinesAreLookedAt: a text that is damaged or cut is refused with its line,
// whichever words are wanted; words with spaces, as in GloVe's largest file, are no damage.
func TestUnwantedLinesAreLookedAt(t *testing.T) {
	cat := func(word string) bool { return word == "cat" }
	for want, text := range map[string]string{
		`line 2: word "dog": 1 numbers, not 2`:                  "cat 1 2\ndog 1",
		`line 2: word "dog": "x" is no number`:                  "cat 1 2\ndog 1 x\n",
		`line 3: word "dog": "<html>" is no number`:             "2 2\ncat 1 2\ndog 1 <html>\n",
		"is cut: its first line promises 3 words, and it has 2": "3 2\ncat 1 2\ndog 1 2\n",
		`line 3: word "cow": 0 numbers, not 2`:                  "cat 1 2\ndog 1 2\ncow",
	} {
		if _, err := open(t, text, cat); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
	if v, err := open(t, "cat 1 2\n. . . 1e-3 -2\nat me@home 3 4\n", cat); err != nil || v.Len() != 1 {
		t.Errorf("words with spaces: %v", err)
	}
}

func TestFindStandsForNames(t *testing.T) {
	v, err := open(t, "polar 1 0 0\nbear 0 1 0\nknife 0 0 1\ncherry 1 1 0\nwolf 1 0 1\nouzel 0 1 1\nwine 1 0 0\nglass 0 1 0\ntraffic 0 0 1\nlight 1 1 1\nfire 1 0 0\nwoman 0 1 0\nmouse 0 0 1\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		names string
		words string
		whole bool
	}{
		{"polar bear", "polar bear", true}, {"Polar-Bears", "polar bear", true}, {"ice bear|polar bear", "polar bear", true},
		{"water ouzel", "ouzel", false}, {"cherries", "cherry", true}, {"knives", "knife", true}, {"wine glasses", "wine glass", true}, {"Traffic_lights", "traffic light", true}, {"fire women", "fire woman", true},
		{"mice", "mouse", true}, {"dormice", "", false}, {"specimen", "", false}, {"wolves", "wolf", true}, {"knife's", "knife", true}, {"spoon", "", false}, {"", "", false},
	} {
		p := v.Find(strings.Split(c.names, "|")...)
		if got := strings.Join(p.Words, " "); got != c.words || p.Whole != c.whole {
			t.Errorf("%q: words %q, whole %v; want %q, %v", c.names, got, p.Whole, c.words, c.whole)
		}
	}
	if got := v.Find("polar bear").Vector; math.Abs(float64(got[0])-math.Sqrt(.5)) > 1e-6 || got[0] != got[1] {
		t.Errorf("polar bear is %v, want the middle of both words", got)
	}
}

// TestEmbeddedKnowsTheClasses: and its cosines are close to those of the numbers
// that were rounded, as the full file has them.
func TestEmbeddedKnowsTheClasses(t *testing.T) {
	v, known := Embedded(), 0
	for _, c := range imagenet.Classes() {
		if v.Find(strings.Split(c.Names, ",")...).Vector != nil {
			known++
		}
	}
	if known < 980 {
		t.Errorf("%d of 1,000 classes have a vector, want 980", known)
	}
	cosine := func(a, b string) (sum float64) {
		for k, x := range v.Word(a) {
			sum += float64(x) * float64(v.Word(b)[k])
		}
		return sum
	}
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"banana", "monkey", 0.2527}, {"dog", "cat", 0.8798}, {"hammer", "nail", 0.5500}, {"umbrella", "rain", 0.1173}, {"dog", "hammer", 0.2698},
	} {
		if got := cosine(c.a, c.b); math.Abs(got-c.want) > .01 {
			t.Errorf("cosine of %s and %s is %.4f, want %.4f", c.a, c.b, got, c.want)
		}
	}
}

func TestCutKeepsWords(t *testing.T) {
	v, err := open(t, formats["glove"], nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := v.WriteCut(&b); err != nil {
		t.Fatal(err)
	}
	written := b.Bytes()
	again, err := readCut(bytes.NewReader(written))
	if err != nil || again.Len() != 2 || math.Abs(float64(again.Word("cat")[0])-.6) > .005 {
		t.Errorf("%+v, %v; want the two words again", again, err)
	}
	step := len("2 3\ncat ")
	for _, bad := range []float64{math.NaN(), math.Inf(1), 0, -1} { // of a damaged file
		binary.LittleEndian.PutUint32(written[step:], math.Float32bits(float32(bad)))
		if v, err := readCut(bytes.NewReader(written)); err == nil {
			t.Errorf("steps of %v make %v", bad, v.Word("cat"))
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, text := range formats {
		f.Add([]byte(text))
	}
	file := filepath.Join(f.TempDir(), "vectors")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if v, err := Open(file, nil); err == nil {
			for word, x := range v.words {
				if len(x) != v.Dim {
					t.Errorf("word %q has %d numbers, not %d", word, len(x), v.Dim)
				}
			}
		}
	})
}

func TestEndlessLine(t *testing.T) {
	if _, err := open(t, "cat 1 2\ndog 1 "+strings.Repeat("0", maxLine), nil); err == nil || !strings.Contains(err.Error(), "line 2 is longer than 1048576 bytes") {
		t.Errorf("error %v", err)
	}
}
