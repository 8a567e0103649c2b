package regular

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// odd makes one of each kind that is no regular file, by the word for it.
func odd(t *testing.T) (dir string, names map[string]string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.png"), 0o666); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s.png"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "folder.png"), 0o777), os.WriteFile(filepath.Join(dir, "sound.png"), []byte("sound"), 0o666),
		os.Symlink("pipe.png", filepath.Join(dir, "link.png")), os.Symlink("/dev/zero", filepath.Join(dir, "zero.png"))); err != nil {
		t.Fatal(err)
	}
	return dir, map[string]string{"pipe.png": "a pipe", "s.png": "a socket", "folder.png": "a folder", "link.png": "a pipe", "zero.png": "a device"}
}

// TestOnlyRegularFiles: every other kind is refused by name and at once, through
// every way of opening.
func TestOnlyRegularFiles(t *testing.T) {
	dir, names := odd(t)
	folder, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	ways := map[string]func(name string) ([]byte, error){
		"ReadFile": func(name string) ([]byte, error) { return ReadFile(filepath.Join(dir, name)) },
		"Folder":   func(name string) ([]byte, error) { return fs.ReadFile(folder, name) },
		"Dir":      func(name string) ([]byte, error) { return fs.ReadFile(Dir(dir), name) },
		"Read":     func(name string) ([]byte, error) { return Read(Dir(dir), name, 100) },
	}
	for way, read := range ways {
		start := time.Now()
		if data, err := read("sound.png"); string(data) != "sound" || err != nil {
			t.Errorf("%s: a regular file reads %q, error %v", way, data, err)
		}
		for name, kind := range names {
			_, err := read(name)
			var wrong *KindError
			if errors.As(err, &wrong) && wrong.Kind == kind {
				continue
			}
			// What a folder's file system gives for a folder is the reader's to refuse, and a
			// link that leads outside is refused as such.
			if err == nil || way != "Folder" && kind != "a folder" {
				t.Errorf("%s of %s: error %v, want %s", way, name, err, kind)
			}
		}
		if spent := time.Since(start); spent > 5*time.Second {
			t.Errorf("%s took %v", way, spent)
		}
	}
	for name, kind := range names { // a pipe opened as a folder would wait for its other end
		_, opened := OpenFolder(filepath.Join(dir, name))
		_, listed := ReadDir(filepath.Join(dir, name))
		if (opened == nil) != (kind == "a folder") || (listed == nil) != (kind == "a folder") {
			t.Errorf("%s, %s, as a folder: errors %v, %v", name, kind, opened, listed)
		}
	}
	entries, err := fs.ReadDir(folder, ".")
	if err != nil || len(entries) != len(names)+1 {
		t.Errorf("the folder lists %d files, error %v; want %d", len(entries), err, len(names)+1)
	}
	if _, err := Open(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file gives %v", err)
	}
}

// TestReplacedWhenOpened: what took a file's place after it was looked at is refused, too.
func TestReplacedWhenOpened(t *testing.T) {
	dir, names := odd(t)
	for _, name := range []string{"pipe.png", "zero.png", "folder.png"} {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDONLY|nonBlocking, 0)
		if err != nil {
			t.Fatal(err)
		}
		var wrong *KindError
		if _, err := checked(f, name); !errors.As(err, &wrong) || wrong.Kind != names[name] {
			t.Errorf("%s: error %v", name, err)
		}
		if err := f.Close(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s stays open", name)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	dir, _ := odd(t)
	var large *TooLargeError
	if _, err := Read(Dir(dir), "sound.png", 4); !errors.As(err, &large) || large.Size != 5 {
		t.Errorf("5 bytes of at most 4: error %v", err)
	}
	if data, err := Read(Dir(dir), "sound.png", 5); err != nil || len(data) != 5 {
		t.Errorf("5 bytes of at most 5: %d bytes, error %v", len(data), err)
	}
}

// TestOutsideIsSaidPlainly: a link and a path out of the folder, whatever is asked.
func TestOutsideIsSaidPlainly(t *testing.T) {
	top := t.TempDir()
	inside := filepath.Join(top, "in")
	if err := errors.Join(os.Mkdir(inside, 0o777), os.WriteFile(filepath.Join(top, "x"), nil, 0o666),
		os.Symlink("../x", filepath.Join(inside, "link")), os.Symlink("..", filepath.Join(inside, "up"))); err != nil {
		t.Skip(err) // a system without links
	}
	folder, err := OpenFolder(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	if _, err := folder.Open("none"); err == nil || !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "statat") {
		t.Errorf("a file that is not there: error %v", err)
	}
	for _, name := range []string{"link", "up/x", "up"} {
		_, opened := folder.Open(name)
		_, described := folder.Stat(name)
		_, _, sized := folder.OpenSized(name)
		for _, err := range []error{opened, described, sized} {
			if err == nil || !strings.Contains(err.Error(), name+": leads out of the folder") {
				t.Errorf("%s: error %v", name, err)
			}
		}
	}
}
