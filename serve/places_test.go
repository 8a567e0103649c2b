package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

var large = bytes.Repeat([]byte("0123456789abcdef"), 1<<19) // 8 MB, more than the system keeps

// crowded serves a large answer within an allowance, and gives its address.
func crowded(t *testing.T, a allowance) string {
	t.Helper()
	l, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- serveWithin(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			send(w, r, "text/plain", large)
		}), a)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// dial connects and sends what is given.
func dial(t *testing.T, address, send string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, send); err != nil {
		t.Fatal(err)
	}
	return c
}

const ask = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

// TestWhoeverHoldsUpMakesRoom: clients that never read, never end their header or body, never
// ask, or ask no more take every place four times over, and others are still answered.
// Nothing but their making room would free a place within the test's time.
func TestWhoeverHoldsUpMakesRoom(t *testing.T) {
	const connections = 8
	for name, send := range map[string]string{
		"never read": ask, "no end of a header": "GET / HTTP/1.1\r\nHost: loc", "no request": "",
		"no end of a body": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab",
		"a body in chunks": "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := crowded(t, allowance{connections: connections, patience: 50 * time.Millisecond, stall: time.Hour})
			for range 4 * connections {
				dial(t, address, send)
			}
			began := time.Now()
			if err := answered(address); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 20*time.Second { // the server's limit for a request frees the places after 40
				t.Errorf("answered after %v", took)
			}
		})
	}
}

// answered asks like a browser, and again where it was let go for another.
func answered(address string) (err error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	for range 20 {
		var answer *http.Response
		if answer, err = client.Get("http://" + address); err != nil {
			continue
		}
		var got []byte
		got, err = io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil && !bytes.Equal(got, large) {
			return fmt.Errorf("%d bytes of %d", len(got), len(large))
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// TestSlowReadersGetAll: one that reads a little at a time takes longer than any single
// wait may, and has every byte.
func TestSlowReadersGetAll(t *testing.T) {
	t.Parallel()
	const most = 3 * time.Second
	address := crowded(t, allowance{connections: 2, patience: time.Hour, stall: most})
	c := dial(t, address, strings.Replace(ask, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1))
	began := time.Now()
	var got bytes.Buffer
	for {
		if _, err := io.CopyN(&got, c, 128<<10); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("after %d bytes: %v", got.Len(), err)
		}
		time.Sleep(60 * time.Millisecond)
	}
	if took := time.Since(began); !bytes.HasSuffix(got.Bytes(), large) || took < most {
		t.Errorf("%d bytes in %v", got.Len(), took)
	}
}

// TestWhoeverDoesNotReadIsLetGo, though nobody wants the place.
func TestWhoeverDoesNotReadIsLetGo(t *testing.T) {
	t.Parallel()
	address := crowded(t, allowance{connections: 2, patience: time.Hour, stall: 200 * time.Millisecond})
	c := dial(t, address, ask)
	time.Sleep(time.Second)
	if n, err := io.Copy(io.Discard, c); err == nil && n >= int64(len(large)) {
		t.Errorf("%d bytes came after a second without reading", n)
	}
}

// TestRequestsMustCome: who does not send a request is let go, though nobody wants the place.
func TestRequestsMustCome(t *testing.T) {
	for name, send := range map[string]string{"no end of a header": "GET / HTTP/1.1\r\nHost: loc", "no request": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, crowded(t, allowance{connections: 2, patience: time.Hour, stall: time.Hour}), send)
			if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("it keeps its place for more than a minute")
			}
		})
	}
}
