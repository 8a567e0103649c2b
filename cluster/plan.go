package cluster

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/bits"
	"path"
	"slices"
	"strings"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/extract"
	"github.com/akin-vision/akin/feature"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/onnx"
	"github.com/akin-vision/akin/stimuli"
)

// pageSize is the number of pictures in one page of a plan's list: the most of one
// shard, and few enough for a worker to read at once.
const pageSize = 8192

// Plan is what a run computes: pictures, in pages, and what is wanted of each network.
// It is an object of the store, named by its digest, so that what passes through
// Temporal stays small however many pictures there are.
type Plan struct {
	Writer   string    `json:"writer"` // of shards
	Pictures int       `json:"pictures"`
	Pages    []string  `json:"pages"` // keys of objects, each a list of picture
	Networks []Network `json:"networks"`
}

// Network is one network, and the outputs wanted of it.
type Network struct {
	Name   string          `json:"name"`
	Spaces []feature.Space `json:"spaces"` // of one session
	Shard  int             `json:"shard"`  // pictures of a shard, a power of two up to pageSize
}

// picture is one of a plan.
type picture struct {
	Name string `json:"name"`           // for messages
	Hash string `json:"hash"`           // hex SHA-256
	File string `json:"file,omitempty"` // where machines that share a file system find it; else it is in the store
}

// digest names what is wanted of the network.
func (n Network) digest() string {
	h := sha256.New()
	for _, s := range n.Spaces {
		fmt.Fprintln(h, s.Digest())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// shards is the number of shards of so many pictures.
func (n Network) shards(pictures int) int { return (pictures + n.Shard - 1) / n.Shard }

// span gives the pictures of a shard of so many in all, from first to end.
func (n Network) span(shard, pictures int) (first, end int) {
	return shard * n.Shard, min((shard+1)*n.Shard, pictures)
}

// networks sorts jobs of networks into sessions, each output once; baselines, which
// any machine computes while it reads the pictures, stay out.
func networks(jobs []extract.Job, shard int) ([]Network, error) {
	var list []Network
	for _, j := range jobs {
		if j.Model.IsBaseline() {
			continue
		}
		k := slices.IndexFunc(list, func(n Network) bool { return n.Spaces[0].Session() == j.Space.Session() })
		if k < 0 {
			k = len(list)
			list = append(list, Network{Name: j.Name})
		}
		if !slices.Contains(list[k].Spaces, j.Space) {
			list[k].Spaces = append(list[k].Spaces, j.Space)
		}
		if list[k].Shard = shard; shard == 0 {
			size, err := shardSize(j.Model, list[k].Spaces)
			if err != nil {
				return nil, err
			}
			list[k].Shard = size
		}
	}
	return list, nil
}

// What the size of shards rests on. The size is part of the objects' names, so it
// follows from the network and never from a measurement.
const (
	shardSeconds   = 10.
	workerMACs     = 100e9    // a second, of a worker with a few cores
	fastFactor     = 30       // of a graphics card over such a worker
	pictureMACs    = 1e9      // as long as reading and decoding a picture takes
	unknownMACs    = 4e9      // of a network whose work cannot be counted
	mostShardBytes = 64 << 20 // of vectors, which a worker holds in memory
)

// shardSize is the number of pictures that keep a worker busy for shardSeconds.
func shardSize(m *model.Model, spaces []feature.Space) (int, error) {
	work, width, err := measure(m, spaces)
	if err != nil {
		return 0, err
	}
	pictures := shardSeconds * workerMACs / (work + pictureMACs)
	if !onCPU(spaces[0]) {
		pictures *= fastFactor
	}
	pictures = min(pictures, float64(mostShardBytes/(4*width)), pageSize)
	return 1 << max(0, bits.Len(uint(pictures))-1), nil
}

// measure is what one picture takes: multiply-accumulates, and values of all outputs.
func measure(m *model.Model, spaces []feature.Space) (macs float64, width int, err error) {
	err = m.Inspect(func(g *onnx.Graph, _ int64) error {
		height, width := m.Recipe.Size()
		macs = float64(g.Summary(g.PictureShape(int64(height), int64(width))...).MACs)
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	layers, err := m.AllLayers()
	if err != nil {
		return 0, 0, err
	}
	for _, s := range spaces {
		length := 2048 // of an output of unknown shape
		if k := slices.IndexFunc(layers, func(l onnx.Layer) bool { return l.Name == s.Node }); k >= 0 && len(layers[k].Shape) > 0 {
			length = vectorLength(layers[k], s.Pooling)
		}
		width += length
	}
	return cmp.Or(macs, unknownMACs), width, nil
}

// vectorLength is that of a layer's vector, at most: pooling joins the places.
func vectorLength(l onnx.Layer, pooling string) int {
	length := 1
	for i, d := range l.Shape {
		place := i < len(l.Layout) && (l.Layout[i] == 'H' || l.Layout[i] == 'W' || l.Layout[i] == 'T')
		if i > 0 && d > 0 && !(place && pooling != "" && pooling != model.PoolFlatten) {
			length *= int(d)
		}
	}
	return max(length, 1)
}

// save puts the plan and the list of its pictures into the store, and returns the
// plan's key.
func (p *Plan) save(ctx context.Context, store *objects.Store, pictures []extract.Picture) (string, error) {
	p.Writer, p.Pictures, p.Pages = shardMagic, len(pictures), nil
	for page := range slices.Chunk(pictures, pageSize) {
		list := make([]picture, len(page))
		for i, q := range page {
			list[i] = picture{q.Name, q.Hash.String(), q.File}
		}
		key, err := saveJSON(ctx, store, "pages/", list)
		if err != nil {
			return "", err
		}
		p.Pages = append(p.Pages, key)
	}
	return saveJSON(ctx, store, "plans/", p)
}

// hashOf is the hex SHA-256 by which objects are named.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// saveJSON writes an object named by its digest, and in the place of one that is damaged.
func saveJSON(ctx context.Context, store *objects.Store, folder string, v any) (string, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	key := folder + hashOf(data)
	created, err := store.Create(ctx, key, data)
	if err != nil || created {
		return key, err
	}
	if there, err := store.Get(ctx, key); err != nil || bytes.Equal(there, data) {
		return key, err
	}
	return key, store.Replace(ctx, key, data)
}

// loadJSON reads an object named by its digest.
func loadJSON(ctx context.Context, store *objects.Store, key string, v any) error {
	data, err := store.Get(ctx, key)
	if err != nil {
		return err
	}
	if path.Base(key) != hashOf(data) {
		return &DamagedError{key, "its digest is not its name"}
	}
	return json.Unmarshal(data, v)
}

// loadPlan reads a plan that this writer's shards can fulfil.
func loadPlan(ctx context.Context, store *objects.Store, key string) (*Plan, error) {
	var p Plan
	if err := loadJSON(ctx, store, key, &p); err != nil {
		return nil, err
	}
	if p.Writer != shardMagic {
		return nil, &writerError{key, strings.TrimSpace(p.Writer)}
	}
	return &p, nil
}

// hashes are those of pictures, in order.
func hashes(pictures []picture) ([]stimuli.Hash, error) {
	list := make([]stimuli.Hash, len(pictures))
	for i, p := range pictures {
		if n, err := hex.Decode(list[i][:], []byte(p.Hash)); err != nil || n != len(list[i]) {
			return nil, fmt.Errorf("picture %s: %q is no SHA-256", p.Name, p.Hash)
		}
	}
	return list, nil
}
