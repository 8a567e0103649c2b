// Package cluster extracts features on many machines: a run of pictures for one
// network is a shard, Temporal hands shards to workers, and an object store keeps
// what they make by what it depends on.
package cluster

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/stimuli"
)

// shardMagic begins a shard's object; its number is the writer's version, which is
// part of each key.
const shardMagic = "akin shard 1\n"

// Shard is what one network makes of a run of pictures: an object
//
//	magic, uint32 n, n bytes of JSON (shardHeader)
//	for each picture that is not bad, for each output, its vector as float32
//	32 bytes: SHA-256 of all before
//
// Integers and floats are little endian.
type Shard struct {
	Key      string
	Spaces   []feature.Space // of the outputs
	Pictures int
	Bad      map[int]string // pictures that cannot be decoded, and why
	Machine  Machine        // that made it
	dims     []int          // of the outputs; nil until a vector came
	values   []byte
}

type shardHeader struct {
	Key      string          `json:"key"`
	Spaces   []feature.Space `json:"spaces"`
	Dims     []int           `json:"dims"`
	Pictures int             `json:"pictures"`
	Bad      []badPicture    `json:"bad,omitempty"`
	Machine  Machine         `json:"machine"`
}

type badPicture struct {
	Picture int    `json:"picture"`
	Why     string `json:"why"`
}

// shardKey names a shard by all that its vectors depend on: the spaces of its outputs
// (graph, recipe, nodes, precision, decoder, engine and provider), how the machine
// rounds, the pictures in their order, and the writer's version.
func shardKey(spaces []feature.Space, rounding string, pictures []stimuli.Hash) string {
	h := sha256.New()
	h.Write([]byte(shardMagic))
	for _, s := range spaces {
		fmt.Fprintln(h, s.Digest())
	}
	fmt.Fprintln(h, rounding)
	for _, p := range pictures {
		h.Write(p[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// object is where a shard of the key lies in the store.
func object(spaces []feature.Space, key string) string {
	return "features/" + spaces[0].Session().Digest() + "/" + key
}

// add appends the vectors of the next picture, one for each output.
func (s *Shard) add(vectors [][]float32) error {
	if len(vectors) != len(s.Spaces) {
		return fmt.Errorf("the network gave %d outputs, want %d", len(vectors), len(s.Spaces))
	}
	for i, v := range vectors {
		if len(s.dims) == i {
			s.dims = append(s.dims, len(v))
		}
		if len(v) != s.dims[i] {
			return fmt.Errorf("output %s has %d values, earlier ones %d", s.Spaces[i].Node, len(v), s.dims[i])
		}
		for _, x := range v {
			if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
				return fmt.Errorf("output %s holds NaN or infinity", s.Spaces[i].Node)
			}
			s.values = binary.LittleEndian.AppendUint32(s.values, math.Float32bits(x))
		}
	}
	s.Pictures++
	return nil
}

// addBad notes that the next picture cannot be decoded.
func (s *Shard) addBad(why string) {
	if s.Bad == nil {
		s.Bad = map[int]string{}
	}
	s.Bad[s.Pictures] = why
	s.Pictures++
}

func (s *Shard) encode() ([]byte, error) {
	h := shardHeader{Key: s.Key, Spaces: s.Spaces, Dims: s.dims, Pictures: s.Pictures, Machine: s.Machine}
	for _, k := range slices.Sorted(maps.Keys(s.Bad)) {
		h.Bad = append(h.Bad, badPicture{k, s.Bad[k]})
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(shardMagic)+4+len(text)+len(s.values)+sha256.Size)
	out = append(out, shardMagic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(text)))
	out = append(out, text...)
	out = append(out, s.values...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...), nil
}

// DamagedError is an object that is not what was written under its key.
type DamagedError struct {
	Object string // its key in the store
	Why    string
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the object %s is damaged: %s", e.Object, e.Why)
}

// decodeShard reads the object of a shard of so many pictures, and checks every byte
// of it.
func decodeShard(data []byte, spaces []feature.Space, key string, pictures int) (*Shard, error) {
	damaged := func(format string, args ...any) (*Shard, error) {
		return nil, &DamagedError{object(spaces, key), fmt.Sprintf(format, args...)}
	}
	end, start := len(data)-sha256.Size, len(shardMagic)+4
	if end < start || string(data[:len(shardMagic)]) != shardMagic {
		return damaged("its %d bytes are no shard", len(data))
	}
	if sum := sha256.Sum256(data[:end]); !bytes.Equal(sum[:], data[end:]) {
		return damaged("its checksum is wrong")
	}
	n := int(binary.LittleEndian.Uint32(data[len(shardMagic):]))
	var h shardHeader
	if n > end-start {
		return damaged("its header is cut")
	}
	if err := json.Unmarshal(data[start:start+n], &h); err != nil {
		return damaged("its header: %v", err)
	}
	if h.Key != key || h.Pictures != pictures || !slices.Equal(h.Spaces, spaces) {
		return damaged("it is of another shard, %s, of %d pictures", h.Key, h.Pictures)
	}
	s := &Shard{Key: key, Spaces: spaces, Pictures: pictures, Machine: h.Machine, dims: h.Dims, values: data[start+n : end]}
	for _, b := range h.Bad {
		if s.Bad == nil {
			s.Bad = map[int]string{}
		}
		if b.Picture < 0 || b.Picture >= pictures || b.Why == "" || s.Bad[b.Picture] != "" {
			return damaged("its list of bad pictures is wrong at %d", b.Picture)
		}
		s.Bad[b.Picture] = b.Why
	}
	good := pictures - len(s.Bad)
	if good > 0 && len(h.Dims) != len(spaces) || slices.ContainsFunc(h.Dims, func(d int) bool { return d < 1 || d > len(data) }) || len(s.values) != 4*good*s.width() {
		return damaged("it holds %d bytes of vectors, which do not fit its %d pictures", len(s.values), good)
	}
	return s, nil
}

// width is the number of values of one picture.
func (s *Shard) width() int {
	width := 0
	for _, d := range s.dims {
		width += d
	}
	return width
}

// each calls visit with the vectors of each picture by output, in order; of a bad one
// with why it is bad.
func (s *Shard) each(visit func(picture int, vectors [][]float32, bad string) error) error {
	at := 0
	for k := range s.Pictures {
		var vectors [][]float32
		if s.Bad[k] == "" {
			for _, dim := range s.dims {
				v := make([]float32, dim)
				for i := range v {
					v[i] = math.Float32frombits(binary.LittleEndian.Uint32(s.values[at:]))
					at += 4
				}
				vectors = append(vectors, v)
			}
		}
		if err := visit(k, vectors, s.Bad[k]); err != nil {
			return err
		}
	}
	return nil
}

// digest is of all that the shard says of its pictures, whatever machine said it.
func (s *Shard) digest() string {
	h := sha256.New()
	fmt.Fprintln(h, s.Key, s.dims, s.Pictures)
	for _, k := range slices.Sorted(maps.Keys(s.Bad)) {
		fmt.Fprintln(h, k, s.Bad[k])
	}
	h.Write(s.values)
	return hex.EncodeToString(h.Sum(nil))
}
