package match

import (
	"fmt"
	"testing"

	"github.com/akin-vision/akin/stimuli"
)

func TestLeftOver(t *testing.T) {
	cases := []struct {
		similarities [3]float64 // 01, 02, 12
		want         LeftOver
	}{
		{[3]float64{.9, .1, .2}, LeftOver{false, false, true}},
		{[3]float64{.1, .9, .2}, LeftOver{false, true, false}},
		{[3]float64{.1, .2, .9}, LeftOver{true, false, false}},
		{[3]float64{.5, .5, .2}, LeftOver{false, true, true}},
		{[3]float64{.5, .5, .5}, LeftOver{true, true, true}},
	}
	for _, c := range cases {
		if got := NewLeftOver(c.similarities[0], c.similarities[1], c.similarities[2]); got != c.want {
			t.Errorf("%v leave over %v, want %v", c.similarities, got, c.want)
		}
	}
}

func TestCreditOfTheOddOne(t *testing.T) {
	one, two, three := LeftOver{false, false, true}, LeftOver{false, true, true}, LeftOver{true, true, true}
	cases := []struct {
		rule  Credit
		of    LeftOver
		place int
		want  int8
	}{
		{HalfCredit, one, 2, 6}, {HalfCredit, one, 0, 0}, {HalfCredit, two, 2, 3}, {HalfCredit, two, 0, 0}, {HalfCredit, three, 1, 2},
		{AsWrong, two, 2, 0}, {AsRight, two, 2, 6}, {AsRight, two, 0, 0}, {Dropped, two, 0, Uncounted}, {Dropped, one, 2, 6},
	}
	for _, c := range cases {
		if got := c.rule.Sixths(c.of, c.place); got != c.want {
			t.Errorf("%s: %v for place %d counts %d sixths, want %d", c.rule, c.of, c.place, got, c.want)
		}
	}
}

// TestAmongIsWhatPairsAre: pages of two pictures give the bits of all at once.
func TestAmongIsWhatPairsAre(t *testing.T) {
	vectors := fakeFeatures{}
	var pictures []*stimuli.Picture
	var rows [][]float32
	for i := range 7 {
		p := &stimuli.Picture{Path: fmt.Sprint(i), Hash: stimuli.Hash{byte(i + 1)}}
		v := []float32{float32(i), float32(i*i) / 3, 1}
		vectors[p.Hash] = v
		pictures, rows = append(pictures, p), append(rows, v)
	}
	pairs := [][2]int32{{0, 6}, {3, 1}, {5, 5}, {2, 4}}
	want := Cosine.Pairs(rows, pairs)
	for _, bytes := range []int{1, vectorBytes} {
		p := &pager{features: vectors, pictures: pictures, size: pageSize(vectors, bytes)}
		got, err := p.similarities(Cosine, pairs)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%d bytes, pair %v: %v, want %v", bytes, pairs[i], got[i], want[i])
			}
		}
	}
}

// fakeFeatures are vectors of three values.
type fakeFeatures map[stimuli.Hash][]float32

func (f fakeFeatures) Dim() int { return 3 }

func (f fakeFeatures) Read(picture stimuli.Hash, dst []float32) error {
	copy(dst, f[picture])
	return nil
}
