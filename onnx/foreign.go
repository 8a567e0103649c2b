package onnx

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrLFS is a file of text that stands for one in Git's large file storage.
var ErrLFS = errors.New("a Git LFS pointer stands here, not the file itself")

// IsPointer reports whether a file begins as Git LFS's pointers do.
func IsPointer(head []byte) bool {
	return bytes.HasPrefix(head, []byte("version https://git-lfs.github.com/spec/"))
}

// ForeignFile tells by the first bytes of a file that is neither a graph nor weights what it
// is: an error that says so, and what to do, or nil. Sound files may begin with any bytes, so ask it last.
func ForeignFile(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if IsPointer(head) {
		return ErrLFS
	}
	for _, k := range foreign {
		if len(head) > k.at && bytes.HasPrefix(head[k.at:], []byte(k.magic)) {
			return ofKind(k.kind, k.advice)
		}
	}
	if len(head) > 8 && head[8] == '{' && binary.LittleEndian.Uint64(head) < 1<<40 {
		return ofKind("of safetensors, weights without their network", convertIt)
	}
	switch text := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff"))); {
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<head"):
		return ofKind("a web page", "a server sent it in place of the file: fetch the file again, signed in where its site wants that")
	case strings.HasPrefix(text, "<"):
		return ofKind("XML", exportIt)
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return ofKind("JSON", "an answer of a server, or the index of weights in several files, of which each is a file of its own: fetch or name the weights themselves")
	}
	return nil
}

func ofKind(kind, advice string) error {
	return fmt.Errorf("the file is %s, whatever its name says; %s", kind, advice)
}

const (
	unpackIt  = "unpack it"
	convertIt = "convert it, if it holds the weights of a network that can be converted, or export the network as ONNX"
	exportIt  = "export the network as ONNX with its framework"
	saveIt    = "read it with the program that wrote it, and save the network's state_dict() with torch.save"
)

// foreign are beginnings of files that are taken for graphs or weights.
var foreign = []struct {
	at                  int
	magic, kind, advice string
}{
	{0, "PK\x03\x04", "a zip archive, as torch.save writes", convertIt + "; another archive, unpack"},
	{0, "PK\x05\x06", "an empty zip archive", "fetch or save it anew"},
	{0, "\x1f\x8b", "packed by gzip", unpackIt},
	{0, "BZh", "packed by bzip2", unpackIt},
	{0, "\xfd7zXZ", "packed by xz", unpackIt},
	{0, "\x28\xb5\x2f\xfd", "packed by Zstandard", unpackIt},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive", unpackIt},
	{0, "Rar!", "a RAR archive", unpackIt},
	{257, "ustar", "a tar archive", unpackIt},
	{0, "\x89HDF\r\n\x1a\n", "of HDF5, as Keras writes", exportIt},
	{4, "TFL3", "a model of TensorFlow Lite", exportIt},
	{4, "ORTM", "a model in ONNX Runtime's own format", exportIt},
	{0, "GGUF", "of GGUF", exportIt},
	{0, "\x93NUMPY", "an array of NumPy", saveIt},
	{0, "\x80\x02", "a pickle", saveIt},
	{0, "\x80\x03", "a pickle", saveIt},
	{0, "\x80\x04", "a pickle", saveIt},
	{0, "\x80\x05", "a pickle", saveIt},
	{0, "\x89PNG", "a picture", "name the network's file"},
	{0, "\xff\xd8\xff", "a picture", "name the network's file"},
	{0, "%PDF", "a PDF", "name the network's file"},
}
