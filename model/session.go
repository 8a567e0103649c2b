package model

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/akin-vision/akin/imaging"
	"github.com/akin-vision/akin/onnx"
	ort "github.com/yalue/onnxruntime_go"
)

// DefaultBatch is the number of pictures in one Run of the engine: measured
// best with one intra-op thread and as many concurrent Runs as cores.
const DefaultBatch = 4

// SessionOptions tune a Session; the zero value is the measured default.
type SessionOptions struct {
	Outputs  []Output // in the order of Run's result; empty: the card's features
	Taps     []string // inner nodes to declare as outputs first; see Model.Layers
	Threads  int      // intra-op threads of one Run; 0 means 1: callers run batches concurrently
	Batch    int      // pictures in one Run; 0 means DefaultBatch, or what the graph fixes
	Pictures int      // how many may be to come; a Tuner measures where they are many

	wideSums bool // see Model.WideSums
	untried  bool // the network was tried before
}

// Session is a network ready to embed. Its methods may be called concurrently.
type Session struct {
	card    Card
	input   input
	outputs []output
	threads int
	batch   int // every Run has exactly this many rows, so that a picture's vector never depends on its company
	session *ort.DynamicAdvancedSession
}

// output is one of a session's.
type output struct {
	Output
	pooling Pooling
	edge    string                 // that the engine gives: the node, or its float32 form
	pooler  atomic.Pointer[pooler] // made of the first tensor: all have its shape
}

// openSession loads a graph, checks it against its card, and tries it.
func openSession(rt *Runtime, card Card, graph []byte, o SessionOptions) (*Session, error) {
	m, err := onnx.Parse(graph)
	if err != nil {
		return nil, err
	}
	if len(o.Taps) > 0 {
		graph = onnx.AppendOutputs(graph, o.Taps)
		for _, tap := range o.Taps {
			m.Graph.Outputs = append(m.Graph.Outputs, &onnx.ValueInfo{Name: tap})
		}
	}
	s := &Session{card: card, batch: cmp.Or(o.Batch, DefaultBatch), threads: max(o.Threads, 1)}
	if s.input, err = pictureInput(m.Graph, card); err != nil {
		return nil, err
	}
	if s.input.batch > 0 {
		s.batch = int(s.input.batch)
	}
	if s.batch > maxBatch {
		return nil, fmt.Errorf("batches of %d pictures; akin runs up to %d", s.batch, maxBatch)
	}
	if err := s.ask(o.Outputs, m.Graph); err != nil {
		return nil, err
	}
	if !o.untried {
		if err := m.Graph.CheckConstants(); err != nil {
			return nil, err
		}
	}
	if m.Graph.HoldsHalf() {
		if graph, err = s.widen(graph); err != nil {
			return nil, err
		}
	}
	if err := s.start(rt, graph, o.wideSums); err != nil {
		return nil, err
	}
	if o.untried {
		return s, nil
	}
	if err := s.try(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// maxBatch bounds the pictures of one Run, which stand in memory together.
const maxBatch = 1024

// ask notes the outputs that are wanted, which the graph must declare.
func (s *Session) ask(wanted []Output, g *onnx.Graph) error {
	if len(wanted) == 0 {
		wanted = []Output{{Node: s.card.Outputs.Features}}
	}
	s.outputs = make([]output, len(wanted))
	nodes := make([]string, len(wanted))
	for i, w := range wanted {
		p, err := ParsePooling(w.Pooling)
		if err != nil {
			return err
		}
		k := slices.IndexFunc(g.Outputs, func(v *onnx.ValueInfo) bool { return v.Name == w.Node })
		if k < 0 {
			return fmt.Errorf("the graph has no output %q, only %s; correct [outputs] in its card", w.Node, names(g.Outputs))
		}
		if shape := g.Outputs[k].Shape; shape != nil && len(shape) == 0 {
			return fmt.Errorf("output %q is a single number for all pictures; choose another output in its card", w.Node)
		}
		o := &s.outputs[i]
		o.Output, o.pooling, o.edge, nodes[i] = w, p, w.Node, w.Node
	}
	err := g.Steady(nodes)
	var unsteady *onnx.UnsteadyError
	if errors.As(err, &unsteady) && unsteady.Company && s.batch == 1 {
		return nil // a picture without company
	}
	return err
}

// widen makes the outputs of half precision float32, as the engine's Go binding does
// not read them. What they hold only the engine knows of inner nodes.
func (s *Session) widen(graph []byte) ([]byte, error) {
	_, ends, err := ort.GetInputOutputInfoWithONNXData(graph)
	if err != nil {
		return nil, fmt.Errorf("ONNX Runtime does not take the graph: %w", err)
	}
	half := map[string]bool{}
	for _, end := range ends {
		half[end.Name] = end.DataType == ort.TensorElementDataTypeFloat16 || end.DataType == ort.TensorElementDataTypeBFloat16
	}
	for i := range s.outputs {
		if o := &s.outputs[i]; half[o.Node] {
			o.edge = o.Node + ".akin.float32"
			graph = onnx.AppendCast(graph, o.Node, o.edge)
			half[o.Node] = false // two poolings of one node read one form of it
			for k := range s.outputs[i+1:] {
				if other := &s.outputs[i+1+k]; other.Node == o.Node {
					other.edge = o.edge
				}
			}
		}
	}
	return graph, nil
}

// start opens the engine's session.
func (s *Session) start(rt *Runtime, graph []byte, wideSums bool) error {
	defer returnMemory()()
	options, err := ort.NewSessionOptions()
	if err != nil {
		return err
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
		return err
	}
	var edges []string
	for i := range s.outputs {
		edges = append(edges, s.outputs[i].edge)
	}
	if s.session, err = ort.NewDynamicAdvancedSessionWithONNXData(graph, []string{s.input.name}, edges, options); err != nil {
		return fmt.Errorf("ONNX Runtime does not take the graph: %w", err)
	}
	return nil
}

// Recipe is how pictures must be prepared for the network.
func (s *Session) Recipe() imaging.Recipe { return s.card.Recipe }

// Batch is the number of pictures that one call of Run takes at most.
func (s *Session) Batch() int { return s.batch }

// Threads is the number of cores that one call uses.
func (s *Session) Threads() int { return s.threads }

// Run returns, for each of the session's outputs, one pooled vector for each of
// n pictures; tensor has the shape n, 3, H, W, and n is at most Batch. Cancelling
// ctx stops the engine inside the batch.
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
	input, err := s.input.tensor(full, s.batch, height, width)
	if err != nil {
		return nil, Named(s.card.Name, err)
	}
	defer input.Destroy()
	values := make([]ort.Value, len(s.outputs))
	defer func() {
		for _, v := range values {
			if v != nil && !reflect.ValueOf(v).IsNil() { // the binding leaves a nil pointer where it cannot read an output
				v.Destroy()
			}
		}
	}()
	if err := s.run(ctx, input, values); err != nil {
		return nil, err
	}
	result := make([][][]float32, len(values))
	for i, v := range values {
		if result[i], err = s.outputs[i].vectors(v, s.batch, n); err != nil {
			return nil, Named(s.card.Name, err)
		}
	}
	return result, nil
}

func (s *Session) run(ctx context.Context, input ort.Value, outputs []ort.Value) error {
	options, err := ort.NewRunOptions()
	if err != nil {
		return Named(s.card.Name, err)
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
		return Named(s.card.Name, fmt.Errorf("ONNX Runtime could not run the network: %w", err))
	}
	return nil
}

// vectors pools one of the engine's outputs into a vector for each picture.
func (o *output) vectors(v ort.Value, batch, n int) ([][]float32, error) {
	data := floats(v)
	if data == nil {
		return nil, &elementError{o.Node, v}
	}
	q := o.pooler.Load()
	if q == nil {
		var err error
		if q, err = o.pooling.newPooler(v.GetShape()); err != nil {
			return nil, &LayoutError{o.Node, v.GetShape(), o.Pooling, err.Error()}
		}
		if q.rows != batch {
			return nil, fmt.Errorf("output %q has the shape %v, want %d rows, one a picture; choose another output in its card", o.Node, v.GetShape(), batch)
		}
		q.shape = v.GetShape()
		o.pooler.Store(q)
	}
	if shape := v.GetShape(); !slices.Equal(shape, q.shape) {
		return nil, fmt.Errorf("output %q has the shape %v, and had %v before: it depends on the pictures", o.Node, shape, q.shape)
	}
	vectors := make([][]float32, n)
	for i := range vectors {
		vectors[i] = q.vector(data, i)
	}
	return vectors, nil
}

// elementError is an output that holds no floating-point numbers that can be read.
type elementError struct {
	node  string
	value ort.Value
}

func (e *elementError) Error() string {
	_, kind, _ := strings.Cut(strings.TrimSuffix(fmt.Sprintf("%T", e.value), "]"), "[") // as of *ort.Tensor[int64]
	return fmt.Sprintf("output %q holds %s, akin reads floating-point numbers; choose another output in its card", e.node, cmp.Or(kind, "no numbers"))
}

// Close frees the engine's memory for this network.
func (s *Session) Close() error { return s.session.Destroy() }
