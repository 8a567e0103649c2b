package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/model"
)

// Rounding is how machines of one instruction set round a network's arithmetic: the
// digest of the bits of its outputs for two pictures of noise. Features of machines
// that round alike may stand in one space; those of others may not.
type Rounding struct {
	Instructions string `json:"instructions"`
	Digest       string `json:"digest"`
}

// label marks the engine of a space whose features another machine has rounded
// otherwise than this one would.
func (r Rounding) label() string { return "@" + r.Instructions + "-" + r.Digest[:8] }

// roundingOf runs an open network.
func roundingOf(ctx context.Context, e model.Embedder) (string, error) {
	height, width := e.Recipe().Size()
	random := rand.New(rand.NewPCG(0, 0))
	h := sha256.New()
	for range 2 {
		tensor := make([]float32, 3*height*width)
		for i := range tensor {
			tensor[i] = random.Float32()
		}
		outputs, err := e.Run(ctx, tensor, 1)
		if err != nil {
			return "", err
		}
		for _, vectors := range outputs {
			for _, x := range vectors[0] {
				h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)))
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// roundingKey is where the digest of a network and an instruction set is kept, so that
// a worker for which all shards are there opens no network.
func roundingKey(n Network, instructions string) string {
	return "rounding/" + n.digest() + "/" + strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, instructions)
}

// keptRounding is what an earlier worker of the instruction set has found; empty where
// none has.
func keptRounding(ctx context.Context, store *objects.Store, n Network, instructions string) (string, error) {
	data, err := store.Get(ctx, roundingKey(n, instructions))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if _, err := hex.DecodeString(string(data)); err != nil || len(data) != 2*sha256.Size {
		return "", &DamagedError{roundingKey(n, instructions), "it is no digest"}
	}
	return string(data), nil
}

// keepRounding keeps what this machine has found. One of the same instruction set that
// rounds otherwise needs a name of its own.
func keepRounding(ctx context.Context, store *objects.Store, n Network, r Rounding) error {
	if created, err := store.Create(ctx, roundingKey(n, r.Instructions), []byte(r.Digest)); err != nil || created {
		return err
	}
	kept, err := keptRounding(ctx, store, n, r.Instructions)
	if err == nil && kept != r.Digest {
		err = &RoundingError{n.Name, r.Instructions}
	}
	return err
}

// RoundingError is a machine whose arithmetic is not that of others of its name.
type RoundingError struct{ Model, Instructions string }

func (e *RoundingError) Error() string {
	return fmt.Sprintf("model %s: this machine rounds otherwise than others that call their instruction set %s", e.Model, e.Instructions)
}
