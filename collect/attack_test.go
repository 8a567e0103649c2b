package collect_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/akin-vision/akin/collect"
	"github.com/akin-vision/akin/serve"
)

// atOnce calls each many times at once, and counts the codes that it gives.
func atOnce(each func(k int) int) map[int]int {
	codes := map[int]int{}
	var mutex sync.Mutex
	var wait sync.WaitGroup
	for k := range 16 {
		wait.Go(func() {
			code := each(k)
			mutex.Lock()
			codes[code]++
			mutex.Unlock()
		})
	}
	wait.Wait()
	return codes
}

// TestOnePersonAtOnce: a key enters once, one of many answers to a trial is kept, and an
// answer that is sent many times stands once.
func TestOnePersonAtOnce(t *testing.T) {
	f := open(t, "task = \"triplet\"\n"+quick+short, 6, "").serve(t)
	entry := collect.Entry{Secret: newSecret(), Consent: "1", Language: "en"}
	codes := atOnce(func(int) int { code, _ := f.call(t, "POST", "people", "", entry); return code })
	if people, err := f.Store.People(t.Context()); codes[201] != 16 || err != nil || len(people) != 1 {
		t.Fatalf("16 entries with one key are answered %v and make %d people, error %v", codes, len(people), err)
	}
	kept := -1
	var mutex sync.Mutex
	codes = atOnce(func(k int) int {
		a := answer(0, float64(1+k%2))
		a.UID = fmt.Sprintf("uid-of-a-window-%d", k)
		code, _ := f.call(t, "POST", "answers", entry.Secret, send(a))
		if code == 200 {
			mutex.Lock()
			kept = k
			mutex.Unlock()
		}
		return code
	})
	if got := f.said(t); codes[200] != 1 || codes[409] != 15 || len(got) != 1 || *got[0].Response != float64(1+kept%2) {
		t.Errorf("16 answers to one trial are answered %v; number %d was accepted, and %+v stands", codes, kept, got)
	}
	codes = atOnce(func(int) int {
		code, _ := f.call(t, "POST", "answers", entry.Secret, send(answer(1, 1)))
		return code
	})
	if got := f.said(t); codes[200] != 16 || len(got) != 2 {
		t.Errorf("one answer sent 16 times is answered %v, and %d stand", codes, len(got))
	}
}

// TestSlowClients never end a header or a body, or read no answer, each more often than
// requests are answered at once. Others are not kept waiting, and not refused.
func TestSlowClients(t *testing.T) {
	f := open(t, quick+short, 6, "").serve(t)
	s, err := f.NewServer(t.Context(), collect.Options{Pictures: f.files, Accepts: serve.LocalHost, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve.ServeMany(ctx, l, s.Handler(), collect.MaxConnections) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	f.base = "http://" + l.Addr().String() + s.Path()
	for _, text := range []string{
		"GET /s/ HTTP/1.1\r\nHost: loc",
		"POST " + s.Path() + "answers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{",
		"POST " + s.Path() + "people HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
		strings.Repeat("GET "+s.Path()+"study.js HTTP/1.1\r\nHost: localhost\r\n\r\n", 20),
	} {
		for range 300 {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 20 {
		f.begin(t)
	}
}
