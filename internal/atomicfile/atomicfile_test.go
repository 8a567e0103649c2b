package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// killed, in the environment of this test run as a child, says what it does and
// at which step it dies.
const killed = "ATOMICFILE_TEST"

func TestMain(m *testing.M) {
	job := strings.Fields(os.Getenv(killed)) // what, where, step
	if len(job) == 0 {
		os.Exit(m.Run())
	}
	left, _ := strconv.Atoi(job[2])
	Step = func(string, string) {
		if left--; left < 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	if err := jobs[job[0]](job[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func yes([]os.DirEntry) error { return nil }

func update(f Folder) error {
	return errors.Join(f.Put("a", []byte("new")), f.Put("below/b", []byte("new")), f.Remove("gone"))
}

func writeSet(dir, content string) error {
	return WriteFolder(filepath.Join(dir, "set"), yes, func(f Folder) error {
		return errors.Join(f.Put("a", []byte(content)), f.Put("below/b", []byte(content)))
	})
}

// jobs replace what holds "old" in dir by what holds "new".
var jobs = map[string]func(dir string) error{
	"file": func(dir string) error { return Write(filepath.Join(dir, "file"), []byte("new")) },
	"new": func(dir string) error {
		return WriteNew(filepath.Join(dir, "another"), []byte("new"))
	},
	"derived": func(dir string) error { return WriteDerived(filepath.Join(dir, "file"), []byte("new")) },
	"folder":  func(dir string) error { return writeSet(dir, "new") },
	"moved": func(dir string) error { // as on a system that cannot exchange folders
		exchange = func(string, string) error { return errors.ErrUnsupported }
		return writeSet(dir, "new")
	},
	"update": func(dir string) error {
		return UpdateFolder(filepath.Join(dir, "set"), yes, update)
	},
	"working": func(dir string) error { // as from a shell that stands in the folder
		return errors.Join(os.Chdir(filepath.Join(dir, "set")), UpdateFolder(".", yes, update))
	},
	"anew": func(dir string) error {
		return errors.Join(os.Chdir(filepath.Join(dir, "set")), writeSet(dir, "new"))
	},
	"lock": func(dir string) error {
		release, err := Lock(filepath.Join(dir, "file"), 0)
		if err != nil {
			return err
		}
		return errors.Join(Write(filepath.Join(dir, "file"), []byte("new")), release())
	},
}

// contents gives all files below dir and what they hold.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() && name == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		if e.IsDir() {
			if strings.HasPrefix(e.Name(), prefix) {
				found[rel] = "a work folder"
			}
			return nil
		}
		data, err := os.ReadFile(name)
		found[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestKilledAtEveryStep: a process that dies at any step leaves the old or the
// new state, which the next Sweep lays bare, and nothing else.
func TestKilledAtEveryStep(t *testing.T) {
	file := func(content string) map[string]string { return map[string]string{"file": content} }
	set := func(content string, others ...string) map[string]string {
		m := map[string]string{"set/a": content, "set/below/b": content}
		for _, other := range others {
			m["set/"+other] = "other"
		}
		return m
	}
	after := map[string]map[string]string{"folder": set("new"), "moved": set("new"), "update": set("new", "notes"), "working": set("new", "notes"), "anew": set("new")}
	for what := range jobs {
		t.Run(what, func(t *testing.T) {
			finished := false
			for at := 0; !finished; at++ {
				dir := t.TempDir()
				before, want := file("old"), file("new")
				if m := after[what]; m != nil {
					before, want = set("old", "gone", "notes"), m
				} else if what == "new" {
					want = map[string]string{"file": "old", "another": "new"}
				}
				for name, content := range before {
					name = filepath.Join(dir, name)
					if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(content), 0o666)); err != nil {
						t.Fatal(err)
					}
				}
				child := exec.Command(os.Args[0])
				child.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d", killed, what, dir, at))
				out, err := child.CombinedOutput()
				finished = err == nil
				if !finished && child.ProcessState.ExitCode() != -1 {
					t.Fatalf("step %d: %v\n%s", at, err, out)
				}
				if finished && at < 4 {
					t.Fatalf("only %d steps were taken", at)
				}
				if err := errors.Join(Sweep(dir), Sweep(filepath.Join(dir, "set"))); err != nil {
					t.Fatal(err)
				}
				switch got := contents(t, dir); {
				case finished && !cmp.Equal(got, want):
					t.Errorf("finished it differs (-want +got):\n%s", cmp.Diff(want, got))
				case !cmp.Equal(got, before) && !cmp.Equal(got, want):
					t.Errorf("killed at step %d: neither old nor new: %v", at, got)
				}
			}
		})
	}
}

// TestSweepLeavesTheLiving: what a living process grows, and what is not akin's, stays.
func TestSweepLeavesTheLiving(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	release, err := Lock(filepath.Join(dir, "other"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.tmp"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(filepath.Join(dir, "other"), 0); !errors.Is(err, ErrBusy) {
		t.Errorf("a second lock gives %v, not ErrBusy", err)
	}
	io.WriteString(f, "new")
	if err := errors.Join(f.Commit(), release()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"file": "new", "notes.tmp": ""}, contents(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestFaultsLeaveTheOld: an error of the writer, or a refusal, changes nothing.
func TestFaultsLeaveTheOld(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(Write(filepath.Join(dir, "file"), []byte("old")), writeSet(dir, "old")); err != nil {
		t.Fatal(err)
	}
	fault := errors.New("disk full")
	for what, err := range map[string]error{
		"a file": WriteFunc(filepath.Join(dir, "file"), func(w io.Writer) error {
			io.WriteString(w, "new")
			return fault
		}),
		"a folder": WriteFolder(filepath.Join(dir, "set"), yes, func(f Folder) error {
			return errors.Join(f.Put("a", nil), fault)
		}),
		"a folder that is kept": WriteFolder(filepath.Join(dir, "set"), func(entries []os.DirEntry) error {
			if len(entries) != 2 {
				t.Errorf("%d entries were shown, not 2", len(entries))
			}
			return fault
		}, func(Folder) error { return nil }),
		"a file added meanwhile": WriteFolder(filepath.Join(dir, "later"), func([]os.DirEntry) error { return fault },
			func(Folder) error {
				os.Mkdir(filepath.Join(dir, "later"), 0o777)
				return Write(filepath.Join(dir, "later", "review.csv"), nil)
			}),
	} {
		if !errors.Is(err, fault) {
			t.Errorf("%s: the error is %v, not the writer's", what, err)
		}
	}
	want := map[string]string{"file": "old", "set/a": "old", "set/below/b": "old", "later/review.csv": ""}
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestTargets: links stay links, and no device is replaced by a file.
func TestTargets(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "disk"), 0o777), Write(filepath.Join(dir, "disk", "file"), nil), os.Symlink(filepath.Join("disk", "file"), filepath.Join(dir, "link")),
		syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "link"), []byte("new")); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "disk", "file")); string(data) != "new" {
		t.Errorf("the file that the link names holds %q", data)
	}
	for _, name := range []string{"pipe", "disk"} {
		if err := Write(filepath.Join(dir, name), nil); err == nil || !strings.Contains(err.Error(), "no regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOneOfManyWritesNew: of many that write one file at once exactly one does, and
// nothing else stays in the folder.
func TestOneOfManyWritesNew(t *testing.T) {
	t.Run("data", func(t *testing.T) { oneOfMany(t, WriteNew) })
	t.Run("made", func(t *testing.T) {
		oneOfMany(t, func(name string, data []byte) error {
			return MakeNew(name, func(file string) error {
				return errors.Join(os.WriteFile(file, data, 0o666), os.WriteFile(file+"-log", nil, 0o666))
			})
		})
	})
}

func oneOfMany(t *testing.T, write func(string, []byte) error) {
	name := filepath.Join(t.TempDir(), "folder", "file")
	errs := make(chan error)
	for i := range 20 {
		go func() { errs <- write(name, fmt.Append(nil, "writer ", i)) }()
	}
	written := 0
	for range 20 {
		if err := <-errs; err == nil {
			written++
		} else if !errors.Is(err, os.ErrExist) {
			t.Error(err)
		}
	}
	if got := contents(t, filepath.Dir(name)); written != 1 || len(got) != 1 || !strings.HasPrefix(got["file"], "writer ") {
		t.Errorf("%d of 20 wrote, the folder holds %v", written, got)
	}
}

func BenchmarkWriteDerived(b *testing.B) {
	name, data := filepath.Join(b.TempDir(), "file"), make([]byte, 10000)
	for b.Loop() {
		if err := WriteDerived(name, data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestUpdateOfAMountPoint: a folder that cannot be exchanged is changed all the
// same. What it holds further stays.
func TestUpdateOfAMountPoint(t *testing.T) {
	for _, fault := range []error{syscall.EBUSY, syscall.EXDEV, syscall.EACCES} {
		dir := t.TempDir()
		if err := errors.Join(writeSet(dir, "old"), os.WriteFile(filepath.Join(dir, "set", "gone"), nil, 0o666)); err != nil {
			t.Fatal(err)
		}
		calls := 0
		err := UpdateFolder(filepath.Join(dir, "set"), func([]os.DirEntry) error {
			if calls++; calls == 1 {
				return fault // as exchanging would give
			}
			return nil
		}, update)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"set/a": "new", "set/below/b": "new"}, contents(t, dir)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", fault, diff)
		}
	}
}

// TestFoldersAroundTheWorkingFolder: by whatever name it is written, a folder in which the
// process works stays the folder that it is, and so does one above.
func TestFoldersAroundTheWorkingFolder(t *testing.T) {
	replace := func(name string) error { return WriteFolder(name, yes, update) }
	change := func(name string) error { return UpdateFolder(name, yes, update) }
	for name, writers := range map[string][]func(string) error{
		".": {change, replace}, "./": {change, replace}, "../set": {change, replace}, "../set/.": {change, replace},
		"link": {change, replace}, "link/": {change, replace}, "..": {change}, "../": {change},
	} {
		for _, write := range writers {
			dir := filepath.Join(t.TempDir(), "set")
			if err := errors.Join(os.MkdirAll(filepath.Join(dir, "old"), 0o777), os.Symlink(".", filepath.Join(dir, "link"))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			before, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := write(name); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			path := dir
			if strings.Trim(name, "/") == ".." {
				path = filepath.Dir(dir)
			}
			if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("%s: another folder stands there: %v", name, err)
			}
			if data, err := os.ReadFile(filepath.Join(path, "a")); string(data) != "new" {
				t.Errorf("%s: a holds %q: %v", name, data, err)
			}
			if _, err := os.Stat("."); err != nil {
				t.Errorf("%s: the working folder is gone: %v", name, err)
			}
		}
	}
}
