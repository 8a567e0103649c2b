// Package review is the page on which a person keeps or refuses the triplets of
// a composed set: one file beside the set's pictures, without a server. A person
// decides by keys and saves the decisions as review.csv.
package review

import (
	"embed"
	"slices"

	"github.com/akin-vision/akin/page"
)

// Content is what the page shows and knows.
type Content struct {
	Set      string    `json:"set"`    // its name
	Digest   string    `json:"digest"` // of the triplets' keys; New sets it
	Triplets []Triplet `json:"triplets"`
	// Decisions are the words for keeping the triplet, refusing its distractor
	// and dropping its pair.
	Decisions [3]string `json:"decisions"`
	// Earlier are rows of earlier reviews about triplets that are not here: what
	// is saved must hold them, or what they drop comes back.
	Earlier [][6]string `json:"earlier"`
}

// Triplet is a triplet to decide on.
type Triplet struct {
	Target     string    `json:"target"` // names, as review.csv holds them
	Related    string    `json:"related"`
	Unrelated  string    `json:"unrelated"`
	Sources    [3]string `json:"sources"` // paths of the pictures, seen from the page
	Hashes     [3]string `json:"-"`       // of the pictures' bytes
	Key        string    `json:"key"`     // of what is decided on; New sets it
	Labels     [3]string `json:"labels"`
	Relation   string    `json:"relation"`
	Distractor string    `json:"distractor"`
	Why        string    `json:"why"` // the pair is proposed
	Kept       bool      `json:"kept"`
	Reason     string    `json:"reason"` // of keeping
}

//go:embed review.html review.css review.js
var files embed.FS

var view = page.MustView(files, "review", nil, "dom", "csv", "kept", "review")

// named gives each triplet and the content their keys, under which a browser keeps
// decisions. These hash bytes of pictures: a file of another name is the same picture,
// another picture of an old name is not.
func (c Content) named() Content {
	c.Triplets = slices.Clone(c.Triplets)
	keys := make([]string, len(c.Triplets))
	for i := range c.Triplets {
		t := &c.Triplets[i]
		t.Key = page.Digest([]any{t.Hashes, t.Relation, t.Distractor})
		keys[i] = t.Key
	}
	c.Digest = page.Digest(keys)
	return c
}

// New makes the page.
func New(c Content) page.Page {
	content := struct {
		Content
		Roles [3]string
	}{c.named(), [3]string{"target", "related", "unrelated"}}
	return page.Page{View: view, Title: "Review of " + c.Set, Content: content, Images: page.Beside}
}
