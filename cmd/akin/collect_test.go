package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/akin-vision/akin/collect"
)

// TestCollect serves a study from nothing, with one command, until Ctrl-C.
func TestCollect(t *testing.T) {
	t.Chdir(t.TempDir())
	writeSmallSet(t, "set")
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	stdout, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"collect", "set", "--task", "triplet", "--url", "https://study.example.org", "--json"}, nil, w, &stderr)
		w.Close()
	}()
	var said struct{ Study, Watch, Answers string }
	if err := json.NewDecoder(stdout).Decode(&said); err != nil {
		if strings.Contains(stderr.String(), "without the page") {
			t.Skip("run make collect/web/dist/study.js")
		}
		t.Fatalf("%v: exit %d: %s", err, <-code, &stderr)
	}
	if !strings.HasPrefix(said.Study, "https://study.example.org/s/") || said.Answers != filepath.Join("set", "study.db") {
		t.Errorf("it says %+v", said)
	}
	if _, err := os.Stat(filepath.Join("set", "study.toml")); err != nil || !strings.Contains(stderr.String(), "wrote set") {
		t.Errorf("the new study: %v; %s", err, &stderr)
	}
	answer, err := http.Get(said.Watch)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the page for watching: %v %v", answer, err)
	}
	answer.Body.Close()
	interrupt()
	select {
	case got := <-code:
		if got != exitOK {
			t.Errorf("exit %d: %s", got, &stderr)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
	var out bytes.Buffer
	if got := run(t.Context(), []string{"collect", "status", "set", "--json"}, nil, &out, &stderr); got != exitOK {
		t.Fatalf("status: exit %d: %s", got, &stderr)
	}
	var status collect.Status
	if err := json.Unmarshal(out.Bytes(), &status); err != nil || status.Task != "triplet" || status.People.Entered != 0 || len(status.Items) != 1 {
		t.Errorf("the status is %+v, error %v", status, err)
	}
	if got := run(t.Context(), []string{"collect", "set", "--task", "rating"}, nil, io.Discard, &stderr); got != exitUsage {
		t.Errorf("another task than the study's: exit %d", got)
	}
}

func writeSmallSet(t *testing.T, dir string) {
	t.Helper()
	files := map[string]string{"set.toml": "name = \"set\"\n", "triplets.csv": "id,target,related,unrelated\n1,a.png,b.png,c.png\n", "a.png": "a", "b.png": "b", "c.png": "c"}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
