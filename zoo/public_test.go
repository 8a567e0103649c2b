package zoo

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/convert"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "::ffff:93.184.216.34": true, "64:ff9b::5db8:d822": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "::ffff:127.0.0.1": false, "::127.0.0.1": false, "0.0.0.0": false, "::": false,
		"10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "100.64.0.1": false, "169.254.169.254": false, "198.18.0.1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fd00::1": false, "fec0::1": false, "ff02::1": false, "224.0.0.1": false, "255.255.255.255": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:0:1::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
}

// internet is a client of publicClient's rules in a world where names have the
// addresses given, and where every public address leads to one server.
func internet(t *testing.T, server *httptest.Server, names map[string]string) *http.Client {
	t.Helper()
	p := newPublic()
	p.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	p.Proxy = nil
	p.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		host, port, _ := net.SplitHostPort(address)
		if ip := names[host]; ip != "" {
			host = ip
		}
		if err := p.judge(network, net.JoinHostPort(host, port), nil); err != nil {
			return nil, err
		}
		return net.Dial("tcp", server.Listener.Addr().String())
	}
	return &http.Client{Transport: p}
}

// TestPullsStayPublic follows redirects to where no model may come from.
func TestPullsStayPublic(t *testing.T) {
	data, _ := smallWeights(t)
	names := map[string]string{"models.example": "93.184.216.34", "mirror.example": "93.184.216.35", "rebound.example": "127.0.0.1", "cloud.example": "169.254.169.254"}
	cases := map[string]string{ // redirected to: part of the error, empty where it is followed
		"https://mirror.example/weights": "",
		"http://mirror.example/weights":  "is not https",
		"https://127.0.0.1/weights":      "no address of the public Internet",
		"https://[::1]/weights":          "no address of the public Internet",
		"https://rebound.example/":       "no address of the public Internet",
		"https://cloud.example/latest":   "no address of the public Internet",
		"file:///etc/passwd":             "is not https",
	}
	for to, want := range cases {
		t.Run(to, func(t *testing.T) {
			requests := 0
			server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests++; r.Host == "models.example" {
					http.Redirect(w, r, to, http.StatusFound)
					return
				}
				http.ServeContent(w, r, "weights.pth", time.Time{}, bytes.NewReader(data))
			}))
			defer server.Close()
			o := fast
			o.Client = internet(t, server, names)
			e := entry(newServer(t, data), "")
			e.URL = "https://models.example/weights.pth"
			_, err := Catalogue{Pulls: t.TempDir()}.pull(context.Background(), e, o)
			var refused *RefusedError
			switch {
			case want == "" && err != nil:
				t.Error(err)
			case want != "" && (!errors.As(err, &refused) || !strings.Contains(err.Error(), want) || requests != 1):
				t.Errorf("after %d requests the error is %v, want one and %q", requests, err, want)
			}
		})
	}
}

// TestTheClientDialsNothingOfThisMachine asks the client that pulls have by default.
func TestTheClientDialsNothingOfThisMachine(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, url := range []string{server.URL, "https://localhost:" + port, "http://models.example"} {
		var refused *RefusedError
		if _, err := publicClient().Get(url); !errors.As(err, &refused) {
			t.Errorf("%s: error %v, want it refused", url, err)
		}
	}
}

// TestPullsAreBounded by the size that the catalogue knows, whatever the server says.
func TestPullsAreBounded(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"a body without end": func(w http.ResponseWriter) {
			for range 1 << 12 {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		},
		"a length above the bound": func(w http.ResponseWriter) { w.Header().Set("Content-Length", fmt.Sprint(1<<40)) },
	} {
		s := newServer(t, nil)
		s.misbehave = func(_ int, w http.ResponseWriter, _ *http.Request) bool { answer(w); return true }
		e := entry(s, "")
		e.SizeMB = 1
		cache := Catalogue{Pulls: t.TempDir()}
		_, err := cache.pull(context.Background(), e, fast)
		if err == nil || !strings.Contains(err.Error(), "more than the 2.0 MB") || s.requests.Load() != 1 {
			t.Errorf("%s: after %d requests the error is %v", name, s.requests.Load(), err)
		}
		left(t, cache)
	}
}

// left wants nothing but locks in a cache's folder of models.
func left(t *testing.T, cache Catalogue) {
	t.Helper()
	entries, err := os.ReadDir(cache.Pulls)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".lock") {
			t.Errorf("%s was left", e.Name())
		}
	}
}

// TestPullRecoversFromAWrongRest: a file without a published hash whose rest came
// wrong, and which therefore does not convert, is forgotten.
func TestPullRecoversFromAWrongRest(t *testing.T) {
	data, _ := smallWeights(t)
	s := newServer(t, data)
	s.misbehave = func(n int, w http.ResponseWriter, r *http.Request) bool {
		switch n {
		case 1:
			s.cut(w, len(data)/2)
		case 2:
			w.Header().Set("ETag", `"v1"`)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", len(data)/2, len(data)-1, len(data)))
			w.WriteHeader(http.StatusPartialContent)
			w.Write(make([]byte, len(data)-len(data)/2))
			return true
		}
		return false
	}
	cache := Catalogue{Pulls: t.TempDir()}
	if _, err := cache.pull(context.Background(), entry(s, ""), fast); err == nil {
		t.Fatal("weights whose second half is zero became a model")
	}
	left(t, cache)
	if _, err := cache.pull(context.Background(), entry(s, ""), fast); err != nil {
		t.Errorf("a sound server gives %v", err)
	}
}

// TestPullChecksTheFormat: what is published as .t7 is no other weights.
func TestPullChecksTheFormat(t *testing.T) {
	data, _ := smallWeights(t)
	s := newServer(t, data)
	e := entry(s, "")
	e.Format, e.File = convert.Torch7, "resnet.t7"
	cache := Catalogue{Pulls: t.TempDir()}
	if _, err := cache.pull(context.Background(), e, fast); err == nil || !strings.Contains(err.Error(), "holds pth weights, and is published as t7") {
		t.Errorf("error %v", err)
	}
	left(t, cache)
}
