// Package collect gathers people's judgements of a set: it serves a study, watches
// how far people agree, and exports what they said.
package collect

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/akin-vision/akin/collect/store"
	"github.com/akin-vision/akin/collect/study"
	"github.com/akin-vision/akin/collect/web"
	"github.com/akin-vision/akin/stimuli"
)

// Collection is a study with its set and its answers.
type Collection struct {
	Study *study.Study
	Set   *stimuli.Set
	Items *study.Items
	Store *store.Store
}

// OtherStudyError is a database whose answers are to something else.
type OtherStudyError struct{ Title, What string }

func (e *OtherStudyError) Error() string {
	return fmt.Sprintf("the database holds answers of the study %q to %s", e.Title, e.What)
}

// names of store.Meta.
const (
	metaItems    = "items"
	metaScale    = "scale"
	metaTitle    = "title"
	metaKey      = "study key"
	metaWatch    = "watch key"
	metaExported = "exported"
)

// Open binds a study and its set to a database. Once people have entered, another
// task, other pictures or another scale are an OtherStudyError: answers to
// different questions must not be counted together.
func Open(ctx context.Context, s *study.Study, set *stimuli.Set, db *store.Store) (*Collection, error) {
	c := &Collection{s, set, study.NewItems(set, s.Task), db}
	people, err := db.People(ctx)
	if err != nil {
		return nil, err
	}
	keep := func(name, value string) (string, error) { return db.KeepMeta(ctx, name, value) }
	if len(people) == 0 {
		keep = func(name, value string) (string, error) { return value, db.SetMeta(ctx, name, value) }
	}
	title, err := keep(metaTitle, s.Title)
	if err != nil {
		return nil, err
	}
	for _, bound := range []struct{ name, value, what string }{
		{metaItems, c.Items.Digest(), "another task or other pictures"},
		{metaScale, fmt.Sprintf("%s %v %v", s.Scale.Answer, s.Scale.Min, s.Scale.Max), "another scale"},
	} {
		switch kept, err := keep(bound.name, bound.value); {
		case err != nil:
			return nil, err
		case kept != bound.value:
			return nil, &OtherStudyError{title, bound.what}
		}
	}
	return c, nil
}

// Keys are the parts of addresses that nobody can guess.
type Keys struct{ Study, Watch string }

// Keys returns the study's keys, made once for each database.
func (c *Collection) Keys(ctx context.Context) (k Keys, err error) {
	if k.Study, err = c.Store.KeepMeta(ctx, metaKey, unguessable()); err != nil {
		return k, err
	}
	k.Watch, err = c.Store.KeepMeta(ctx, metaWatch, unguessable())
	return k, err
}

// unguessable is a word of 128 random bits.
func unguessable() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// code is a word that people can read out: n letters and digits that are hard to
// take for one another, of 5 bits each.
func code(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base32.NewEncoding("23456789abcdefghjkmnpqrstuvwxyz0").WithPadding(base32.NoPadding).EncodeToString(b)[:n]
}

// Server answers those who take part.
type Server struct {
	*Collection
	keys     Keys
	version  int
	page     *web.Study
	pictures map[string]*stimuli.Picture // by the name that pages use
	files    fs.FS
	accepts  func(host string) bool
	log      *slog.Logger
	now      func() time.Time

	limits  *limits
	plans   plans
	stopped stopping
}

// Options say how a study is served.
type Options struct {
	Pictures fs.FS                  // where the set's picture paths lead
	Accepts  func(host string) bool // which Host headers are answered
	Log      *slog.Logger
	Now      func() time.Time // nil: the clock
}

// NewServer makes the server, and records the study as it is now among the
// database's versions. A store.ConsentError says that the consent text changed
// under the same version.
func (c *Collection) NewServer(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	keys, err := c.Keys(ctx)
	if err != nil {
		return nil, err
	}
	page, err := web.NewStudy(c.Study.Title)
	if err != nil {
		return nil, err
	}
	version, err := c.Store.AddVersion(ctx, store.Version{Digest: c.Study.Digest(), TOML: c.Study.TOML(),
		Consent: c.Study.Consent.Version, ConsentDigest: c.Study.ConsentDigest()}, o.Now())
	if err != nil {
		return nil, err
	}
	s := &Server{Collection: c, keys: keys, version: version, page: page, pictures: map[string]*stimuli.Picture{},
		files: o.Pictures, accepts: o.Accepts, log: o.Log, now: o.Now, limits: newLimits()}
	for _, p := range c.Items.Pictures {
		s.pictures[PictureName(p)] = p
	}
	return s, nil
}

// PictureName is what a page calls a picture: it says nothing of its role.
func PictureName(p *stimuli.Picture) string { return strings.ToLower(p.Hash.String()[:32]) }
