package cluster

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
)

var testSpaces = []feature.Space{{Model: "m", Node: "a"}, {Model: "m", Node: "b"}}

func testShard(t *testing.T) *Shard {
	t.Helper()
	s := &Shard{Key: "key", Spaces: testSpaces, Machine: Machine{Host: "one"}}
	for i := range 3 {
		if i == 1 {
			s.addBad("no picture")
		}
		if err := s.add([][]float32{{float32(i), -1}, {.5}}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestShardsAreReadAsTheyWereWritten(t *testing.T) {
	s := testShard(t)
	data, err := s.encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeShard(data, testSpaces, "key", 4)
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	got.each(func(k int, vectors [][]float32, bad string) error {
		text = append(text, fmt.Sprintf("%d %v %s", k, vectors, bad))
		return nil
	})
	if want := []string{"0 [[0 -1] [0.5]] ", "1 [] no picture", "2 [[1 -1] [0.5]] ", "3 [[2 -1] [0.5]] "}; !slices.Equal(text, want) {
		t.Errorf("got %q, want %q", text, want)
	}
	if got.Machine != s.Machine || got.digest() != s.digest() {
		t.Errorf("the machine is %v, the digests differ: %v", got.Machine, got.digest() != s.digest())
	}
	s.Machine.Host = "two"
	if got.digest() != s.digest() {
		t.Error("the digest depends on the machine")
	}
}

// TestDamagedShards: any bit that turns, any cut, and an object under another key, of
// other outputs or of another number of pictures are errors that name the object.
func TestDamagedShards(t *testing.T) {
	data, err := testShard(t).encode()
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, data []byte, spaces []feature.Space, key string, pictures int) {
		t.Helper()
		var damaged *DamagedError
		if _, err := decodeShard(data, spaces, key, pictures); !errors.As(err, &damaged) || damaged.Object != object(spaces, key) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range data {
		turned := slices.Clone(data)
		turned[i] ^= 1 << (i % 8)
		refused(fmt.Sprint("byte ", i, " turned"), turned, testSpaces, "key", 4)
		refused(fmt.Sprint("cut at ", i), data[:i], testSpaces, "key", 4)
	}
	refused("another key", data, testSpaces, "other", 4)
	refused("more pictures", data, testSpaces, "key", 5)
	refused("other outputs", data, testSpaces[:1], "key", 4)
}

// TestKeysTell everything that vectors depend on apart.
func TestKeysTell(t *testing.T) {
	a, b := stimuli.Hash{1}, stimuli.Hash{2}
	keys := map[string]bool{}
	for _, spaces := range [][]feature.Space{testSpaces, testSpaces[:1], {testSpaces[1], testSpaces[0]}, {{Model: "m", Node: "a", Engine: "e"}}, {{Model: "m", Node: "a", Precision: "int8"}}} {
		for _, rounding := range []string{"", "x"} {
			for _, pictures := range [][]stimuli.Hash{{a}, {a, b}, {b, a}, nil} {
				keys[shardKey(spaces, rounding, pictures)] = true
			}
		}
	}
	if len(keys) != 5*2*4 {
		t.Errorf("%d keys are different, want %d", len(keys), 5*2*4)
	}
	if s := (&Shard{Spaces: testSpaces[:1]}); s.add([][]float32{{1, float32(inf())}}) == nil {
		t.Error("an infinite value is taken")
	}
}

func inf() float64 { x := 0.0; return 1 / x }
