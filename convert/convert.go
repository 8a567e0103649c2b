// Package convert turns the weight files that people have into ONNX models.
//
// It reads Torch7 files (.t7), PyTorch checkpoints (.pth, in all three
// containers) and safetensors, lazily and without running any code of them:
// of a file, only the structure stands in memory, and tensors stream from
// their place in it into the model. A .t7 holds its network, which is walked
// as the file has it; the other formats hold named tensors, of which the
// network is inferred: ResNet and DenseNet in the variants of the paper and of
// torchvision, timm and Hugging Face.
package convert

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/akin-vision/akin/onnx"
)

// Options say what a conversion must find and give.
type Options struct {
	// Architecture is the name, out of Architectures, that the file must
	// fit. Empty: infer it.
	Architecture string

	// Entry names the network that is wanted of a file that holds several: a
	// dictionary, a prefix of its keys, or both with a dot between.
	Entry string

	// Probabilities adds the output "probs", the softmax of the logits.
	Probabilities bool
}

// Formats of weight files.
const (
	Torch7      = "t7"
	PyTorch     = "pth"
	SafeTensors = "safetensors"
)

// A Result is a converted network and what its file says about it.
type Result struct {
	Architecture string // one of Architectures, or "" for a network without a name
	Family       string // ResNet, PreResNet or DenseNet; "" for any other module tree of a .t7
	Structure    string // blocks and widths, for people
	Format       string // Torch7, PyTorch or SafeTensors
	Parameters   int64  // as PyTorch counts them: without running statistics

	Features int // length of the output "features", the pooled vector before the classifier
	Classes  int // length of the output "logits"; 0: the file has no classifier, and the model no such output

	// Notes are what a reader of the model's figures should know: which of several
	// networks was taken, and what was left out.
	Notes []string

	// Recipe is the resampling that networks of this format were usually
	// trained and tested with: "torch7-bicubic" or "pillow-bilinear". It is
	// a guess from the format, to be checked on labelled pictures.
	Recipe string

	// Model takes float32 pictures (batch, 3, height, width) as "input".
	// Its tensors read from the weight file, which must stay open until the
	// model is written.
	Model *onnx.Model
}

// Convert reads a weight file of size bytes. Its format is told by its
// content. Damaged files, classes other than those of tensors, and tensors
// that do not make a known network give errors that name them. Peak memory
// does not depend on the size of the tensors, nor does time until Model is
// written.
func Convert(ctx context.Context, weights io.ReaderAt, size int64, o Options) (*Result, error) {
	if o.Architecture != "" {
		if _, err := architectureNamed(o.Architecture); err != nil {
			return nil, err
		}
	}
	format, convert, err := sniff(weights, size)
	if err != nil {
		return nil, fmt.Errorf("convert weights: %w", err)
	}
	r, err := convert(ctx, file{weights, size}, o)
	if err != nil {
		return nil, fmt.Errorf("convert %s weights: %w", format, err)
	}
	r.Format, r.Recipe = format, "pillow-bilinear"
	if format == Torch7 {
		r.Recipe = "torch7-bicubic"
	}
	return r, nil
}

// A file is the bytes of a weight file.
type file struct {
	io.ReaderAt
	size int64
}

type converter func(context.Context, file, Options) (*Result, error)

// sniff tells the format by the first bytes.
func sniff(weights io.ReaderAt, size int64) (string, converter, error) {
	head := make([]byte, min(size, 512))
	if _, err := weights.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", nil, err
	}
	switch {
	case isZip(head):
		return PyTorch, dictConverter(readZip), nil
	case isLegacy(head):
		return PyTorch, dictConverter(readLegacy), nil
	case isTar(head):
		return PyTorch, dictConverter(readTar), nil
	case isSafeTensors(head):
		return SafeTensors, dictConverter(readSafeTensors), nil
	case isTorch7(head):
		// Nothing in a file tells the size of its longs, but with the wrong one
		// its objects do not end where it does.
		return Torch7, fromTorch7(torchBinary{int64s}, torchBinary{int32s}), nil
	case isTorch7Text(head):
		return Torch7, fromTorch7(torchText{}), nil
	}
	if size == 0 {
		return "", nil, errors.New("the file is empty; neither .t7 nor .pth nor .safetensors")
	}
	if err := onnx.ForeignFile(weights, size); err != nil {
		return "", nil, err
	}
	return "", nil, errors.New("neither .t7 nor .pth nor .safetensors; the file is of another format, or its start is damaged")
}

// dictConverter makes a converter of a reader of named tensors.
func dictConverter(read func(context.Context, file) ([]dictionary, error)) converter {
	return func(ctx context.Context, f file, o Options) (*Result, error) {
		dictionaries, err := read(ctx, f)
		if err != nil {
			return nil, err
		}
		c, notes, err := choose(dictionaries, o.Entry)
		if err != nil {
			return nil, err
		}
		r, err := fromStateDict(c, o)
		if err != nil {
			return nil, err
		}
		r.Notes = append(append(notes, r.Notes...), called(dictionaries, r.Architecture)...)
		return r, nil
	}
}

// newResult finishes a network; logits without a name are of one without a classifier.
func newResult(n *network, features, logits edge, s structure, o Options) (*Result, error) {
	if logits.name == "" && o.Probabilities {
		return nil, errors.New("the file holds no classifier, whose probabilities are asked for")
	}
	model, err := n.finish(features, logits, o.Probabilities)
	if err != nil {
		return nil, err
	}
	name, err := nameOf(s, o.Architecture)
	if err != nil {
		return nil, err
	}
	return &Result{
		Architecture: name,
		Family:       s.family,
		Structure:    s.String(),
		Parameters:   model.Graph.Parameters(),
		Features:     int(features.channels()),
		Classes:      int(logits.channels()),
		Model:        model,
	}, nil
}
