// Package record keeps a run: the choices of several models on a set, what they
// rest on, the statistics that follow, and the files that hold them.
package record

import (
	"slices"
	"strings"

	"github.com/akin-vision/akin/classify"
	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/space"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Run is the record of one evaluation: everything its figures rest on. Equal
// inputs give an equal record; it holds no clock time.
type Run struct {
	Format   int      `json:"format"` // of the record; set by Write
	Akin     string   `json:"akin"`   // version of akin
	Set      SetInfo  `json:"set"`
	Settings Settings `json:"settings"`
	Models   []Model  `json:"models"`
	Layers   []Layer  `json:"layers,omitempty"` // of curves over the depth of models, network by network
	Machine  Machine  `json:"machine"`
	Command  []string `json:"command,omitempty"` // that makes this run again
	Warnings []string `json:"warnings,omitempty"`

	Files map[string]string `json:"files"` // hex SHA-256 of the record's other files, by name; set by Write
	Seal  string            `json:"seal"`  // hex SHA-256 of run.json with an empty seal; set by Write

	Stimuli *stimuli.Set `json:"-"` // the set itself, for choices and pictures

	Failures []FailureTable `json:"-"` // on ImageNet, of models of the run that were looked at so
}

// SetInfo says which set was shown, down to its bytes.
type SetInfo struct {
	Name string `json:"name"`
	// Reference is how the set was named where it was shown: one of akin's sets or a
	// folder. Empty in records from before it was kept.
	Reference string `json:"reference,omitempty"`
	Version   string `json:"version,omitempty"`
	Title     string `json:"title,omitempty"`
	Licence   string `json:"licence,omitempty"`
	Source    string `json:"source,omitempty"`
	Citation  string `json:"citation,omitempty"`
	Note      string `json:"note,omitempty"`
	Digest    string `json:"digest"` // SHA-256 over manifest and pictures
	Triplets  int    `json:"triplets"`
	Pictures  int    `json:"pictures"`

	// Of sets of another task than triplets: what was judged, how often, a published
	// ceiling, and whether the values of matrices are similarities.
	Task       stimuli.Task `json:"task,omitempty"`
	Judgements int          `json:"judgements,omitempty"`
	Ceiling    float64      `json:"published_ceiling,omitempty"`
	Similar    bool         `json:"values_are_similarities,omitempty"`
	Items      bool         `json:"items,omitempty"` // rows of matrices stand for items, of which there may be several pictures
}

// Settings are the choices of analysis that a figure depends on.
type Settings struct {
	Similarity match.Measure `json:"similarity"` // of two feature vectors
	Credit     match.Credit  `json:"ties"`       // the rule for ties
	Level      float64       `json:"level"`      // of every interval
	Decoder    string        `json:"decoder"`    // from file to pixels
}

// Machine is where the features were computed; their last bits depend on it.
type Machine struct {
	System string `json:"system"` // operating system and architecture
	CPUs   int    `json:"cpus"`
	Go     string `json:"go"`

	// Workers are the machines of a cluster that computed features for this run; none
	// where all came from this machine and its store.
	Workers []Worker `json:"workers,omitempty"`
}

// Worker is a machine of a cluster and what it computed of one model.
type Worker struct {
	Model        string `json:"model"`
	Host         string `json:"host"`
	Instructions string `json:"instructions"` // its instruction set
	System       string `json:"system"`
	Pictures     int    `json:"pictures"`
}

// Model is one model of the run with its choices.
type Model struct {
	model.Card
	Hash         string `json:"hash"` // SHA-256 of the graph that ran
	RecipeDigest string `json:"recipe_digest"`
	Node         string `json:"node"`
	Pooling      string `json:"pooling,omitempty"` // of the node's map or tokens
	Dim          int    `json:"dim"`               // length of a feature vector
	Engine       string `json:"engine"`

	// Check is the outcome of the gate against wrong weights and recipes; nil:
	// never checked. Baselines and untrained networks have nothing to check.
	Check *classify.Check `json:"check,omitempty"`

	// Precision is empty for float32, else int8 with the digest of the pictures
	// on which its scales were measured; Agreement says what that changed.
	Precision string     `json:"precision,omitempty"`
	Agreement *Agreement `json:"agreement,omitempty"`

	// Cost is what the network takes; nil for layers, baselines and own features.
	Cost *Cost `json:"cost,omitempty"`

	// Own is set where the features were not computed by akin but read from a file:
	// Hash is then that of the file, and how pictures were prepared is not known.
	Own *OwnFeatures `json:"own_features,omitempty"`

	// Space is set where the network is seen in another space than its features': the
	// model is then a variant of the network, and no model of its own.
	Space *space.Info `json:"space,omitempty"`

	Choices []match.Choice `json:"-"` // by triplet, in the set's order

	Similarities []float64 `json:"-"` // by pair of pictures, of sets of another task

	// Posteriors are the five likeliest classes of each of the set's pictures,
	// likeliest first; nil for a model without known classes.
	Posteriors map[stimuli.Hash][]classify.Guess `json:"-"`
}

// Cost is what a network takes on any machine.
type Cost struct {
	MACs  int64 `json:"multiply_accumulates,omitempty"` // of one picture; 0 where the graph does not tell
	Bytes int64 `json:"bytes"`                          // of the graph with its weights
}

// NetworkOf is, for each model, the place in Models of the network of which it is
// a form: layers and precisions bear its name, variants in other spaces know it,
// and another output or recipe of one graph, or the same features once more, is the same network under another
// name. The model that bears the network's own name stands for it, else the first.
func (r *Run) NetworkOf() []int {
	places := make([]int, len(r.Models))
	for i, m := range r.Models {
		places[i] = i
		for j, other := range r.Models[:i] {
			if m.network() == other.network() || m.otherForm(other) {
				places[i] = places[j]
				break
			}
		}
	}
	for i, m := range r.Models {
		if first := places[i]; m.Name == m.network() && r.Models[first].Name != r.Models[first].network() {
			for j, place := range places {
				if place == first {
					places[j] = i
				}
			}
		}
	}
	return places
}

// network is the model's name without its space, layer and precision.
func (m *Model) network() string {
	name := m.Name
	if m.Space != nil {
		name = m.Space.Network
	}
	name, _, _ = strings.Cut(strings.TrimSuffix(name, ":int8"), "@")
	return name
}

// otherForm tells another output or recipe of one graph, or equal features.
func (m *Model) otherForm(other Model) bool {
	if m.Hash != "" && m.Hash == other.Hash &&
		(m.Node != other.Node || m.Pooling != other.Pooling || m.RecipeDigest != other.RecipeDigest) {
		return true
	}
	return len(m.Choices) > 0 && slices.EqualFunc(m.Choices, other.Choices, func(a, b match.Choice) bool {
		return a.Related == b.Related && a.Unrelated == b.Unrelated
	})
}

// Networks are the places in Models of one model of each network: layers and
// other forms of a network are not models of their own, and count in no figure
// that is taken over models.
func (r *Run) Networks() []int {
	var places []int
	for i, place := range r.NetworkOf() {
		if i == place {
			places = append(places, i)
		}
	}
	return places
}

// OwnFeatures says what a file of features held.
type OwnFeatures struct {
	Rows    int `json:"rows"`
	Surplus int `json:"surplus"` // rows of pictures that the set does not have
}

// Agreement is how often a network on 8 bits chooses as it does in float32.
type Agreement struct {
	Triplets int `json:"triplets"` // compared
	Same     int `json:"same"`

	// Integers is the share of the network's multiply-accumulates on 8 bits, from 0 to
	// 1; nil where it cannot be told.
	Integers *float64 `json:"share_on_8_bits,omitempty"`

	// Speedup is how many times faster than in float32 the network ran when it was
	// rewritten; 0 where that is not known. A measured time is no part of a record.
	Speedup float64 `json:"-"`
}

// EnoughAgreement is the share of equal choices below which a run warns.
const EnoughAgreement = 0.98

// Share is that of equal choices.
func (a Agreement) Share() float64 { return float64(a.Same) / float64(max(a.Triplets, 1)) }

// Interval is the 95 % Wilson interval of Share.
func (a Agreement) Interval() stats.Interval {
	return stats.Wilson(float64(a.Same), float64(a.Triplets), 0.95)
}

// CheckState says whether a model's published accuracy was reproduced.
type CheckState string

const (
	NothingToCheck CheckState = "" // a baseline, or a network without training
	Unchecked      CheckState = "unchecked"
	Failed         CheckState = "failed" // weights or recipe are wrong
	Checked        CheckState = "checked"
	ByParity       CheckState = "checked (parity)" // it computes what the framework that exported it does
	Unknown        CheckState = "own features"     // read from a file: how pictures were prepared is unknown
)

// CheckState is the outcome of Check in one word.
func (m Model) CheckState() CheckState {
	switch {
	case m.Own != nil:
		return Unknown
	case m.Kind != model.Trained:
		return NothingToCheck
	case m.Check == nil || m.Check.Verdict == classify.CannotTell:
		return Unchecked
	case m.Check.Verdict == classify.Fail:
		return Failed
	case m.Check.Parity != nil:
		return ByParity
	}
	return Checked
}
