// Package board puts what runs found side by side: result cards, one for a model
// on a set, which carry a hash of themselves and can be merged, and the table of
// models and sets that they make.
package board

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/akin-vision/akin/match"
	"github.com/akin-vision/akin/model"
	"github.com/akin-vision/akin/record"
	"github.com/akin-vision/akin/stats"
	"github.com/akin-vision/akin/stimuli"
)

// Card is what a run says of one model on one set. All figures are those of the
// run's stored statistics.
type Card struct {
	Format  int    `json:"format"`
	Model   Model  `json:"model"`
	Set     Set    `json:"set"`
	Run     Run    `json:"run"`
	Results Result `json:"results"`
	Hash    string `json:"sha256"` // of the card as JSON with an empty hash
}

const cardFormat = 1

// Model says what was run, down to its bytes.
type Model struct {
	Name         string            `json:"name"`
	Network      string            `json:"network"` // of which this is a form; its own name for the network itself
	Title        string            `json:"title,omitempty"`
	Kind         string            `json:"kind"`
	Licence      string            `json:"licence,omitempty"`
	Hash         string            `json:"graph_sha256"` // of own features, that of the file
	RecipeDigest string            `json:"recipe_digest,omitempty"`
	Node         string            `json:"node,omitempty"`
	Pooling      string            `json:"pooling,omitempty"`
	Precision    string            `json:"precision,omitempty"`
	Space        string            `json:"space,omitempty"` // of a variant: what was done to the network's features
	SpaceSeen    string            `json:"space_seen_sha256,omitempty"`
	Check        record.CheckState `json:"check,omitempty"`
	Dim          int               `json:"dimension"`
	Parameters   int64             `json:"parameters,omitempty"`
	MACs         int64             `json:"multiply_accumulates,omitempty"` // of one picture
	Bytes        int64             `json:"bytes,omitempty"`                // of the graph with its weights
}

// Set says what was shown, down to its bytes.
type Set struct {
	Name     string `json:"name"`
	Version  string `json:"version,omitempty"`
	Digest   string `json:"digest"`
	Triplets int    `json:"triplets"` // or judgements, of sets of another task

	Task stimuli.Task `json:"task,omitempty"` // empty for triplets
}

// Run is the record that a card is taken from, and the settings of its figures.
type Run struct {
	Seal       string        `json:"seal"` // of the record
	Akin       string        `json:"akin"`
	Similarity match.Measure `json:"similarity"`
	Credit     match.Credit  `json:"ties"`
	Level      float64       `json:"level"`
	Decoder    string        `json:"decoder"`
	Models     int           `json:"models"` // that were compared in it
}

// Result holds a model's figures.
type Result struct {
	Error    stats.Number   `json:"matching_error"` // null for sets of another task
	Interval stats.Interval `json:"matching_error_interval"`
	P        stats.Number   `json:"p_chance"`
	AUC      stats.Number   `json:"auc"`
	Ties     int            `json:"tied_triplets"`
	Ranks    *stats.Ranks   `json:"rank,omitempty"` // among the models of the run; nil for one alone
	// Best is whether no significant difference tells the model from the best one of the
	// run, which it may be itself; nil for one alone.
	Best *bool `json:"not_told_from_best,omitempty"`
	// Score is set for sets of another task than triplets. Interval and P are then its own.
	Score *Score `json:"score,omitempty"`
}

// Score is the figure of a set of another task.
type Score struct {
	Figure string       `json:"figure"` // accuracy, score of votes, or spearman
	Value  stats.Number `json:"value"`
}

// Value is the figure of the result, whatever the task.
func (r Result) Value() stats.Number {
	if r.Score != nil {
		return r.Score.Value
	}
	return r.Error
}

// Cards are those of a run and its statistics, one for each model.
func Cards(r *record.Run, s record.Statistics) ([]Card, error) {
	best := s.Comparison.NotToldFromBest(s.Level)
	results := make([]Result, len(r.Models))
	for i := range r.Models {
		one := s.Comparison.Models[i]
		results[i] = Result{Error: one.Error, Interval: one.Evidence.Interval, P: one.Evidence.P, AUC: one.AUC.AUC, Ties: one.Tied, Ranks: one.Ranks}
		if best != nil {
			results[i].Best = &best[i]
		}
	}
	return newCards(r, results)
}

// newCards are the cards of a run's models.
func newCards(r *record.Run, results []Result) ([]Card, error) {
	networks, cards := r.NetworkOf(), make([]Card, len(r.Models))
	judgements := max(r.Set.Triplets, r.Set.Judgements)
	for i, m := range r.Models {
		c := Card{
			Format: cardFormat,
			Model: Model{
				Name: m.Name, Network: r.Models[networks[i]].Name, Title: m.Title, Kind: m.Kind, Licence: m.Licence, Hash: m.Hash, RecipeDigest: m.RecipeDigest,
				Node: m.Node, Pooling: m.Pooling, Precision: m.Precision, Check: m.CheckState(), Dim: m.Dim,
			},
			Set:     Set{r.Set.Name, r.Set.Version, r.Set.Digest, judgements, r.Set.Task},
			Run:     Run{r.Seal, r.Akin, r.Settings.Similarity, r.Settings.Credit, r.Settings.Level, r.Settings.Decoder, len(r.Models)},
			Results: results[i],
		}
		if m.Kind != model.NoNetwork && m.Own == nil && m.Node == m.Outputs.Features { // a layer needs not all of them
			c.Model.Parameters = m.Parameters
		}
		if m.Space != nil {
			c.Model.Space, c.Model.SpaceSeen = m.Space.String(), m.Space.Seen
		}
		if m.Cost != nil {
			c.Model.MACs, c.Model.Bytes = m.Cost.MACs, m.Cost.Bytes
		}
		var err error
		if c.Hash, err = c.hash(); err != nil {
			return nil, err
		}
		cards[i] = c
	}
	return cards, nil
}

func (c Card) hash() (string, error) {
	c.Hash = ""
	data, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("card of %s: %w", c.Model.Name, err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// ParseCards reads cards that were written as JSON, and holds each against its
// hash; file names them in errors.
func ParseCards(file string, data []byte) ([]Card, error) {
	var listed struct{ Cards []Card }
	if err := json.Unmarshal(data, &listed); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(listed.Cards) == 0 {
		return nil, fmt.Errorf("%s holds no result cards", file)
	}
	for _, c := range listed.Cards {
		if c.Format != cardFormat {
			return nil, fmt.Errorf("%s: a card has the format %d, this akin reads %d", file, c.Format, cardFormat)
		}
		hash, err := c.hash()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if hash != c.Hash {
			return nil, &record.ChangedError{File: file, Why: fmt.Sprintf("was changed: the card of %s does not fit its hash", c.Model.Name)}
		}
	}
	return listed.Cards, nil
}
