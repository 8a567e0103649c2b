// Package rehearse sends simulated people through a study's real HTTP interface,
// so that it can be tried before it is sent out.
package rehearse

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/akin-vision/akin/collect"
)

// client asks a server as the page does: what may succeed later is asked again.
type client struct {
	base   string // the study's address
	secret string
	http   *http.Client
	took   func(path string, d time.Duration) // hears of each acknowledged request; may be nil
}

// StatusError is an answer of the server that trying again would not change.
type StatusError struct {
	Path   string
	Status int
	Body   string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answers %d: %s", e.Path, e.Status, strings.TrimSpace(e.Body))
}

// patience is how long a server may be away.
const patience = 2 * time.Minute

func (c *client) ask(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		again, err := c.once(ctx, method, path, body, into)
		if !again || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

// once asks; again says that the same may succeed later.
func (c *client) once(ctx context.Context, method, path string, body, into any) (again bool, err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return false, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(text))
	if err != nil {
		return false, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+c.secret)
	began := time.Now()
	answer, err := c.http.Do(request)
	if err != nil {
		return true, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return true, err
	}
	if answer.StatusCode >= 300 {
		busy := answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
		return busy, &StatusError{path, answer.StatusCode, string(data)}
	}
	if c.took != nil {
		c.took(path, time.Since(began))
	}
	if into == nil {
		return false, nil
	}
	return false, json.Unmarshal(data, into)
}

// secret is 256 random bits, as the page makes them.
func secret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// isFull reports whether the study wants nobody any more.
func isFull(err error) bool {
	var status *StatusError
	var said struct{ Full bool }
	return errors.As(err, &status) && json.Unmarshal([]byte(status.Body), &said) == nil && said.Full
}

// enter begins as one who agrees; the study's description comes back.
func (c *client) enter(ctx context.Context) (d collect.Description, err error) {
	if err = c.ask(ctx, http.MethodGet, "study", nil, &d); err != nil {
		return d, err
	}
	return d, c.ask(ctx, http.MethodPost, "people",
		collect.Entry{Secret: c.secret, Consent: d.Consent, Language: d.Language, Device: "rehearsal"}, nil)
}
