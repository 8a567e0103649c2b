package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
	ort "github.com/yalue/onnxruntime_go"
)

// DefaultBatch is the number of pictures in one Run of the engine: measured
// best with one intra-op thread and as many concurrent Runs as cores.
const DefaultBatch = 4

// SessionOptions tune a Session; the zero value is the measured default.
type SessionOptions struct {
	Outputs []Output // in the order of Run's result; empty: the card's features
	Taps    []string // inner nodes to declare as outputs first; see Model.Taps
	Threads int      // intra-op threads of one Run; 0 means 1: callers run batches concurrently
	Batch   int      // pictures in one Run; 0 means DefaultBatch, or what the graph fixes

	wideSums bool // see Model.WideSums
}

// Session is a network ready to embed. Its methods may be called concurrently.
type Session struct {
	card    Card
	outputs []Output
	threads int
	batch   int // every Run has exactly this many rows, so that a picture's vector never depends on its company
	session *ort.DynamicAdvancedSession
}

// openSession loads a graph, from its file or its bytes, and checks it against its card.
func openSession(rt *Runtime, card Card, file string, graph []byte, o SessionOptions) (*Session, error) {
	if len(o.Taps) > 0 {
		graph = onnx.AppendOutputs(graph, o.Taps)
	}
	defer returnMemory()()
	inputs, outputs, err := graphEnds(file, graph)
	if err != nil {
		return nil, err
	}
	s := &Session{card: card, outputs: o.Outputs, batch: cmp.Or(o.Batch, DefaultBatch), threads: max(o.Threads, 1)}
	if len(s.outputs) == 0 {
		s.outputs = []Output{{Node: card.Outputs.Features}}
	}
	input, err := s.checkInput(inputs)
	if err != nil {
		return nil, err
	}
	if err := s.checkOutputs(outputs); err != nil {
		return nil, err
	}
	s.session, err = s.newEngineSession(rt, file, graph, input, o.wideSums)
	return s, err
}

// graphEnds reads what goes in and out. The engine tells it only of a session,
// which is opened without the optimisations that take most of the time.
func graphEnds(file string, graph []byte) (inputs, outputs []ort.InputOutputInfo, err error) {
	if graph != nil {
		return ort.GetInputOutputInfoWithONNXData(graph)
	}
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, nil, err
	}
	defer options.Destroy()
	if err := options.SetGraphOptimizationLevel(ort.GraphOptimizationLevelDisableAll); err != nil {
		return nil, nil, err
	}
	return ort.GetInputOutputInfoWithOptions(file, options)
}

func (s *Session) newEngineSession(rt *Runtime, file string, graph []byte, input string, wideSums bool) (*ort.DynamicAdvancedSession, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	err = errors.Join(
		options.SetIntraOpNumThreads(s.threads),
		options.SetInterOpNumThreads(1),
		options.SetExecutionMode(ort.ExecutionModeSequential),
		options.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
	)
	if wideSums {
		err = errors.Join(err, options.AddSessionConfigEntry("session.x64quantprecision", "1"))
	}
	if err := errors.Join(err, rt.add(options)); err != nil {
		return nil, err
	}
	outputs := make([]string, len(s.outputs))
	for i, o := range s.outputs {
		outputs[i] = o.Node
	}
	if graph != nil {
		if file != "" { // of a graph with its weights beside it
			if err := options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", filepath.Dir(file)); err != nil {
				return nil, err
			}
		}
		return ort.NewDynamicAdvancedSessionWithONNXData(graph, []string{input}, outputs, options)
	}
	return ort.NewDynamicAdvancedSession(file, []string{input}, outputs, options)
}

// checkInput finds the picture input and compares its shape N, 3, H, W with the recipe's.
func (s *Session) checkInput(inputs []ort.InputOutputInfo) (string, error) {
	i := 0
	if s.card.Input != "" {
		i = slices.IndexFunc(inputs, func(in ort.InputOutputInfo) bool { return in.Name == s.card.Input })
	} else if len(inputs) != 1 {
		i = -1
	}
	if i < 0 {
		return "", fmt.Errorf("the graph has the inputs %s; name the picture input in its card: input = \"...\"", names(inputs))
	}
	in := inputs[i]
	if in.DataType != ort.TensorElementDataTypeFloat {
		return "", fmt.Errorf("input %q holds %v, akin gives float32; export the model with float32 inputs", in.Name, in.DataType)
	}
	height, width := s.card.Recipe.Size()
	want := []int64{in.Dimensions[0], 3, int64(height), int64(width)}
	if len(in.Dimensions) != 4 || !slices.EqualFunc(in.Dimensions[1:], want[1:], func(a, b int64) bool { return a < 0 || a == b }) {
		return "", fmt.Errorf("input %q wants %s, the recipe gives 3x%dx%d; correct [recipe] in its card", in.Name, shape(in.Dimensions), height, width)
	}
	if fixed := in.Dimensions[0]; fixed > 0 {
		s.batch = int(fixed)
	}
	return in.Name, nil
}

func (s *Session) checkOutputs(outputs []ort.InputOutputInfo) error {
	for _, o := range s.outputs {
		name := o.Node
		i := slices.IndexFunc(outputs, func(out ort.InputOutputInfo) bool { return out.Name == name })
		if i < 0 {
			return fmt.Errorf("the graph has no output %q, only %s; correct [outputs] in its card", name, names(outputs))
		}
		if outputs[i].DataType != ort.TensorElementDataTypeFloat {
			return fmt.Errorf("output %q holds %v, akin reads float32", name, outputs[i].DataType)
		}
	}
	return nil
}

func names(ends []ort.InputOutputInfo) string {
	list := make([]string, len(ends))
	for i, e := range ends {
		list[i] = fmt.Sprintf("%q", e.Name)
	}
	return strings.Join(list, ", ")
}

// shape prints N, C, H, W with ? for what the graph leaves open.
func shape(dims []int64) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = fmt.Sprint(d)
		if d < 0 {
			parts[i] = "?"
		}
	}
	return strings.Join(parts, "x")
}

// Recipe is how pictures must be prepared for the network.
func (s *Session) Recipe() imaging.Recipe { return s.card.Recipe }

// Batch is the number of pictures that one call of Embed or Run takes at most.
func (s *Session) Batch() int { return s.batch }

// Threads is the number of cores that one call uses.
func (s *Session) Threads() int { return s.threads }

// Embed returns the first output's vector of each of n pictures. tensor has
// the shape n, 3, H, W; n is at most Batch.
func (s *Session) Embed(ctx context.Context, tensor []float32, n int) ([][]float32, error) {
	outputs, err := s.Run(ctx, tensor, n)
	if err != nil {
		return nil, err
	}
	return outputs[0], nil
}

// Run returns, for each of the session's outputs, one pooled vector for each of
// n pictures. Cancelling ctx stops the engine inside the batch.
func (s *Session) Run(ctx context.Context, tensor []float32, n int) ([][][]float32, error) {
	height, width := s.card.Recipe.Size()
	picture := 3 * height * width
	if n < 1 || n > s.batch || len(tensor) != n*picture {
		return nil, fmt.Errorf("model %s: %d values for %d pictures, want 1 to %d pictures of %d values", s.card.Name, len(tensor), n, s.batch, picture)
	}
	full := tensor
	if n < s.batch {
		full = make([]float32, s.batch*picture)
		copy(full, tensor)
	}
	input, err := ort.NewTensor(ort.NewShape(int64(s.batch), 3, int64(height), int64(width)), full)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
	}
	defer input.Destroy()
	values := make([]ort.Value, len(s.outputs))
	defer func() {
		for _, v := range values {
			if v != nil {
				v.Destroy()
			}
		}
	}()
	if err := s.run(ctx, input, values); err != nil {
		return nil, err
	}
	return s.split(values, n)
}

func (s *Session) run(ctx context.Context, input ort.Value, outputs []ort.Value) error {
	options, err := ort.NewRunOptions()
	if err != nil {
		return fmt.Errorf("model %s: %w", s.card.Name, err)
	}
	defer options.Destroy()
	terminated := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		options.Terminate()
		close(terminated)
	})
	err = s.session.RunWithOptions([]ort.Value{input}, outputs, options)
	if !stop() {
		<-terminated // options must outlive the call that terminates them
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("model %s: %w", s.card.Name, err)
	}
	return nil
}

// split pools the engine's outputs, shape batch x ..., into one vector a picture.
func (s *Session) split(values []ort.Value, n int) ([][][]float32, error) {
	result := make([][][]float32, len(values))
	for i, v := range values {
		t, ok := v.(*ort.Tensor[float32])
		if !ok || len(t.GetShape()) == 0 || t.GetShape()[0] != int64(s.batch) {
			return nil, fmt.Errorf("model %s: output %q has the shape %v, want %d rows; choose another output in its card", s.card.Name, s.outputs[i].Node, v.GetShape(), s.batch)
		}
		data := t.GetData()
		dim := len(data) / s.batch
		result[i] = make([][]float32, n)
		for j := range n {
			var err error
			if result[i][j], err = pool(s.outputs[i].Pooling, data[j*dim:(j+1)*dim], t.GetShape()[1:]); err != nil {
				return nil, fmt.Errorf("model %s: output %q: %w", s.card.Name, s.outputs[i].Node, err)
			}
		}
	}
	return result, nil
}

// Close frees the engine's memory for this network.
func (s *Session) Close() error { return s.session.Destroy() }
