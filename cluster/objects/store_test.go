package objects_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/akin-vision/akin/cluster/objects"
	"github.com/akin-vision/akin/internal/testcluster"
	"golang.org/x/sync/errgroup"
)

func open(t *testing.T, place string) *objects.Store {
	t.Helper()
	s, err := objects.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFolder(t *testing.T) { testStore(t, open(t, "file://"+t.TempDir())) }
func TestBucket(t *testing.T) { testStore(t, open(t, testcluster.StartBucket(t).URL)) }

// testStore holds a store against what its callers rely on.
func testStore(t *testing.T, s *objects.Store) {
	ctx := t.Context()
	if _, err := s.Get(ctx, "a/b"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "a/b") {
		t.Errorf("an absent object gives %v", err)
	}
	if found, err := s.Has(ctx, "a/b"); found || err != nil {
		t.Errorf("an absent object is there: %v, %v", found, err)
	}
	for i, content := range []string{"first", "second"} {
		if created, err := s.Create(ctx, "a/b", []byte(content)); created != (i == 0) || err != nil {
			t.Errorf("created %v, %v", created, err)
		}
		if data, err := s.Get(ctx, "a/b"); string(data) != "first" || err != nil {
			t.Errorf("it holds %q, %v", data, err)
		}
	}
	if found, err := s.Has(ctx, "a/b"); !found || err != nil {
		t.Errorf("the object is not there: %v", err)
	}
	if err := s.Replace(ctx, "a/b", []byte("third")); err != nil {
		t.Error(err)
	}
	if data, _ := s.Get(ctx, "a/b"); string(data) != "third" {
		t.Errorf("replaced, it holds %q", data)
	}
	oneOfMany(t, s)
}

// oneOfMany lets writers race for a key with objects larger than one part of an upload.
func oneOfMany(t *testing.T, s *objects.Store) {
	var created atomic.Int32
	var g errgroup.Group
	for i := range 8 {
		g.Go(func() error {
			done, err := s.Create(context.Background(), "race", bytes.Repeat([]byte{byte(i)}, 6<<20))
			if done {
				created.Add(1)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	data, err := s.Get(t.Context(), "race")
	if err != nil {
		t.Fatal(err)
	}
	if whole := bytes.Count(data, data[:1]) == 6<<20; created.Load() != 1 || !whole {
		t.Errorf("%d of 8 writers wrote; the object is one writer's: %v", created.Load(), whole)
	}
}

// TestADamagedObjectIsRead as it is: callers know their bytes, and write it anew.
func TestADamagedObjectIsRead(t *testing.T) {
	bucket := testcluster.StartBucket(t)
	s := open(t, bucket.URL)
	if _, err := s.Create(t.Context(), "a", []byte("as written")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bucket.Folder, "a"), []byte("as damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if data, err := s.Get(t.Context(), "a"); string(data) != "as damaged" || err != nil {
		t.Errorf("it holds %q, %v", data, err)
	}
}

// TestAStoreThatIsGone is not an empty one.
func TestAStoreThatIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	folder := open(t, "file://"+dir)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	testGone(t, folder)
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made anew")
	}
}

func TestABucketThatIsNotThere(t *testing.T) {
	testGone(t, open(t, strings.Replace(testcluster.StartBucket(t).URL, "//features", "//others", 1)))
}

func testGone(t *testing.T, s *objects.Store) {
	t.Helper()
	if _, err := s.Get(t.Context(), "a"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a read gives %v", err)
	}
	if _, err := s.Create(t.Context(), "a", nil); err == nil {
		t.Error("it takes an object")
	}
}

func TestPlaces(t *testing.T) {
	for _, place := range []string{"", "s3://", "http://bucket", "file://host/folder", "file:folder", "file:///there/is/none", "s3://b?unknown=1", "%"} {
		if s, err := objects.Open(t.Context(), place); err == nil {
			t.Errorf("%q opens %v", place, s)
		}
	}
}
