package classify

import (
	"context"
	"fmt"
	"strings"

	"github.com/akin-vision/akin/compute"
	"github.com/akin-vision/akin/export"
	"github.com/akin-vision/akin/model"
)

// ParityConfig says which model is held against which proof.
type ParityConfig struct {
	Home  Home
	Model string // name or .onnx file
	Proof string // file that the export wrote, see export.OpenProof
	compute.Options
}

// CheckParity is the gate that needs no labelled pictures: it prepares and runs the
// proof's pictures and compares tensors, features and logits with those of the
// framework that exported the model. The outcome is kept as that of [CheckModel].
func CheckParity(ctx context.Context, c ParityConfig) (Check, error) {
	models, err := c.Home.FindModels([]string{c.Model})
	if err != nil {
		return Check{}, err
	}
	m := models[0]
	proof, err := export.OpenProof(c.Proof)
	if err != nil {
		return Check{}, err
	}
	if proof.Graph != m.Hash {
		return Check{}, fmt.Errorf("proof %s is of the graph with the SHA-256 %.12s, model %s has %.12s", c.Proof, proof.Graph, m.Name, m.Hash)
	}
	c.Batch = export.Company
	computer, err := c.Home.Machine().Open(c.Options, m)
	if err != nil {
		return Check{}, err
	}
	defer computer.Close()
	outputs := []model.Output{{Node: m.Outputs.Features}}
	if m.Outputs.Logits != "" {
		outputs = append(outputs, model.Output{Node: m.Outputs.Logits})
	}
	embedder, err := computer.Embedder(ctx, m, outputs...)
	if err != nil {
		return Check{}, err
	}
	defer embedder.Close()
	parity, err := proof.Compare(ctx, m.Card, embedder)
	if err != nil {
		return Check{}, model.Named(m.Name, err)
	}
	check := newParityCheck(m, parity)
	return check, c.Home.Archive().keepCheck(check, m.Card)
}

func newParityCheck(m *model.Model, p export.Parity) Check {
	c := Check{Model: m.Name, Hash: m.Hash, RecipeDigest: m.Recipe.Digest(), Pictures: p.Pictures, Parity: &p, Verdict: Pass}
	if !p.Holds() {
		c.Verdict = Fail
	}
	c.Reading = parityReading(p)
	return c
}

// parityFaults say what a fault of parity points to.
var parityFaults = map[export.Fault]string{
	export.PixelsDiffer:   "prepared pictures differ by more than a grey level: the recipe is not the framework's",
	export.FewEqual:       "fewer than half of the prepared pictures are equal",
	export.FeaturesDiffer: "features differ: another node, or the prepared pictures",
	export.LogitsDiffer:   "logits differ",
	export.BatchMatters:   "a picture's features depend on the pictures beside it: the batch is not on the first axis, or the network is in training mode",
}

func parityReading(p export.Parity) string {
	prepared := "all prepared alike"
	if p.Equal < p.Pictures {
		prepared = fmt.Sprintf("%d prepared alike, the others within %.2f grey levels", p.Equal, p.GreyLevels)
	}
	measured := fmt.Sprintf("against %s on %d pictures: %s; features' cosine at least %.7f", p.Framework, p.Pictures, prepared, p.Features.Cosine)
	if p.Holds() {
		return measured + ": akin computes what the framework does"
	}
	var faults []string
	for _, f := range p.Faults {
		faults = append(faults, parityFaults[f])
	}
	return measured + "; " + strings.Join(faults, "; ")
}
