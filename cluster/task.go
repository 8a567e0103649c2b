package cluster

import (
	"strings"

	"github.com/akin-vision/akin/feature"
)

// Task is one shard of a run, as it passes through Temporal: the rest is in the plan.
type Task struct {
	Store    string   `json:"store"` // place of the objects
	Plan     string   `json:"plan"`  // its key
	Network  int      `json:"network"`
	Shard    int      `json:"shard"`
	Rounding Rounding `json:"rounding"` // that its features must have; empty: asked for
}

// Result is what became of a task.
type Result struct {
	Key      string `json:"key"`
	Digest   string `json:"digest"` // of what the shard says of its pictures
	Pictures int    `json:"pictures"`
	Bad      int    `json:"bad,omitempty"` // that cannot be decoded
	Hit      bool   `json:"hit,omitempty"` // it was there
	Worker   string `json:"worker"`
	Attempt  int    `json:"attempt"` // of this task, from 1
	// Refused says that this machine rounds otherwise than the run needs.
	Refused bool `json:"refused,omitempty"`
}

// queue is where workers wait whose engine, version and provider are those of a space.
func queue(engine string) string { return "akin-" + engine }

// narrow is the queue of those among them that have one instruction set.
func narrow(queue, instructions string) string { return queue + "@" + instructions }

// onCPU reports whether a network runs on the processor.
func onCPU(s feature.Space) bool { return strings.HasSuffix(s.Engine, "-cpu") }
