package convert_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/akin-vision/akin/convert"
)

// samples reads all weight files in testdata.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range []string{"*.t7", "*.pth", "*.safetensors"} {
		names, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(files) < 20 {
		t.Fatalf("%d weight files in testdata", len(files))
	}
	return files
}

// convertBytes converts and writes the model.
func convertBytes(t testing.TB, data []byte) ([]byte, error) {
	r, err := convert.Convert(t.Context(), bytes.NewReader(data), int64(len(data)), convert.Options{})
	if err != nil {
		return nil, err
	}
	return r.Model.Marshal()
}

func TestTruncatedFilesAreRefused(t *testing.T) {
	for name, data := range samples(t) {
		whole, err := convertBytes(t, data)
		if err != nil && name != "module.pth" {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range 50 {
			part, err := convertBytes(t, data[:len(data)*i/50])
			// A tar ends in a kilobyte of zeros that nobody misses.
			if err == nil && !bytes.Equal(part, whole) {
				t.Errorf("%s cut to %d/50 gives another model", name, i)
			}
			if err == nil && name != "basic-tar.pth" {
				t.Errorf("%s cut to %d/50 converts", name, i)
			}
		}
	}
}

// TestBothFormsOfTorch7 holds one object's two files to one model.
func TestBothFormsOfTorch7(t *testing.T) {
	files := samples(t)
	for _, name := range []string{"basic", "basic-half", "pooling"} {
		binary, err := convertBytes(t, files[name+".t7"])
		if err != nil {
			t.Fatal(err)
		}
		if text, err := convertBytes(t, files[name+"-text.t7"]); err != nil || !bytes.Equal(text, binary) {
			t.Errorf("%s gives another model from text, error %v", name, err)
		}
	}
}

// TestFlippedBitsNeverPanic changes single bytes, half of them in the first
// part of a file, where its structure stands.
func TestFlippedBitsNeverPanic(t *testing.T) {
	files := samples(t)
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for i := range 200 {
			data := slices.Clone(files[name])
			span := len(data)
			if i%2 == 0 {
				span = min(span, 4096)
			}
			data[random.IntN(span)] ^= byte(1 + random.IntN(255))
			_, _ = convertBytes(t, data)
		}
	}
}

// le encodes values as Torch7 does: int32, int64 and float64, little endian,
// and strings with their length.
func le(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		switch v := v.(type) {
		case int:
			binary.Write(&b, binary.LittleEndian, int32(v))
		case string:
			binary.Write(&b, binary.LittleEndian, int32(len(v)))
			b.WriteString(v)
		case []byte:
			b.Write(v)
		default:
			binary.Write(&b, binary.LittleEndian, v)
		}
	}
	return b.Bytes()
}

// torch7 is a Sequential whose field "x" holds the bytes.
func torch7(x ...any) []byte {
	return le(4, 1, "V 1", "nn.Sequential", 3, 2, 1, 2, "x", le(x...))
}

// torch7Text is the same in ASCII.
func torch7Text(x string) []byte {
	return []byte("4\n1\n3\nV 1\n13\nnn.Sequential\n3\n2\n1\n2\n1\nx\n" + x)
}

const legacy = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}."

// deepTables are tables within each other, each with its own index.
func deepTables(n int) []byte {
	deep := bytes.Repeat(le(3, 0, 1, 1, 1.), n)
	for i := range n {
		binary.LittleEndian.PutUint32(deep[len(deep)/n*i+4:], uint32(i+3))
	}
	return deep
}

type absurd struct {
	name string
	data []byte
	want string
}

func TestAbsurdTextsAreRefused(t *testing.T) {
	refused(t, []absurd{
		{"t7 in ASCII, cut", []byte("4\n1\n3\nV 1\n13\nnn.Sequential\n"), "cut short"},
		{"t7 in ASCII with other line ends", []byte("4\r\n1\r\n3\r\nV 1\r\n"), "Windows"},
		{"t7 in ASCII, a number too many", torch7Text("4\n3\n18\ntorch.FloatStorage\n1\n1 2\n"), "damaged"},
		{"t7 in ASCII, a number cut", torch7Text("4\n3\n18\ntorch.FloatStorage\n2\n1.25 1.2"), "damaged"},
		{"t7 in ASCII, a word for a number", torch7Text("4\n3\n18\ntorch.FloatStorage\n2\n1 one\n"), "invalid syntax"},
		{"t7 in ASCII, a float above all", torch7Text("4\n3\n18\ntorch.FloatStorage\n2\n1 1e39\n"), "out of range"},
		{"t7 in ASCII, a number in Go's own way", torch7Text("4\n3\n18\ntorch.FloatStorage\n2\n1 0x1p3\n"), "damaged"},
		{"t7 in ASCII, a text that runs on", torch7Text("2\n3\nabcd\n"), "no new line"},
		{"t7 in ASCII, storage of 2^62 elements", torch7Text("4\n3\n18\ntorch.FloatStorage\n4611686018427387904\n"), "runs over the end"},
		{"t7 in ASCII, storage of -1 elements", torch7Text("4\n3\n17\ntorch.ByteStorage\n-1\n"), "runs over the end"},
		{"t7 in ASCII, table of 2^31-1 entries", torch7Text("3\n3\n2147483647\n"), "runs over the end"},
		{"t7 in ASCII, index of 2^32", torch7Text("3\n4294967296\n"), "out of range"},
	})
}

func TestAbsurdFilesAreRefused(t *testing.T) {
	refused(t, []absurd{
		{"empty", nil, "neither .t7 nor .pth nor .safetensors"},
		{"text", []byte("not found"), "neither .t7 nor .pth nor .safetensors"},
		{"t7 storage of 2^62 elements", torch7(4, 3, "V 1", "torch.FloatStorage", int64(1)<<62), "runs over the end"},
		{"t7 storage of -1 elements", torch7(4, 3, "V 1", "torch.FloatStorage", int64(-1)), "runs over the end"},
		{"t7 tensor of 2^31-1 dimensions", torch7(4, 3, "V 1", "torch.CudaTensor", 1<<31-1), "dimensions"},
		{"t7 tensor of -1 dimensions", torch7(4, 3, "V 1", "torch.CudaTensor", -1), "dimensions"},
		{"t7 table of 2^31-1 entries", torch7(3, 3, 1<<31-1), "runs over the end"},
		{"t7 string of 2^31-1 bytes", torch7(2, 1<<31-1), "runs over the end"},
		{"t7 tables within tables", torch7(deepTables(100_000)), "deep"},
		{"t7 unknown tag", torch7(77), "unknown tag 77"},
		{"t7 no network", le(3, 1, 0), "no network"},
		{"t7 of numbers alone", le(4, 1, "V 1", "torch.FloatStorage"), "torch.FloatStorage alone"},
		{"t7 of numbers alone in ASCII, the numbers damaged", []byte("4\n1\n3\nV 1\n18\ntorch.FloatStorage\n2\none"), "torch.FloatStorage alone"},
		{"t7 network within itself", le(4, 1, "V 1", "nn.Sequential", 3, 2, 1, 2, "modules", 3, 3, 1, 1, 1., 4, 1), "deep"},
		{"t7 unknown module", le(4, 1, "V 1", "nn.Bogus", 3, 2, 0), "nn.Bogus"},
		{"t7 ReLU above .5", le(4, 1, "V 1", "nn.ReLU", 3, 2, 1, 2, "threshold", 1, .5), "a threshold or a value other than 0"},
		{"t7 JoinTable of everything", le(4, 1, "V 1", "nn.JoinTable", 3, 2, 1, 2, "dimension", 1, 3.), "dimension 3"},
		{"safetensors header of 2^39 bytes", append(le(int64(1)<<39), "{}"...), "header of"},
		{"safetensors nesting", append(le(int64(1000)), bytes.Repeat([]byte(`{"a":`), 200)...), "nests too deeply"},
		{"safetensors shape of 2^62", safeTensors(`{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}`), "shape"},
		{"safetensors data beyond the end", safeTensors(`{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}`), "cut short"},
		{"safetensors shape unlike its data", safeTensors(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}`, 8), "wants 4 bytes"},
		{"safetensors of nothing", safeTensors(`{}`), "no tensors"},
		{"safetensors of another network", safeTensors(`{"a.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), "a.weight"},
		{"pickle string of 2^62 bytes", []byte(legacy + "\x80\x02\x8d\x00\x00\x00\x00\x00\x00\x00\x40"), "make it longer"},
		{"pickle frame of 2^62 bytes", []byte(legacy + "\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x40."), "frame"},
		{"pickle number of 2^30 bytes", []byte(legacy + "\x80\x02\x8b\x00\x00\x00\x40."), "number of"},
		{"pickle number of no bytes", []byte(legacy + "\x80\x02\x8a\x00."), "damaged"},
		{"pickle unhashable key", []byte(legacy + "\x80\x02ccollections\nOrderedDict\n)RC\x01aK\x01s."), "damaged"},
		{"pickle with an empty stack", []byte(legacy + "\x80\x02R."), "stack"},
		{"pickle unknown operation", []byte(legacy + "\x80\x02\xff"), "0xff"},
		{"pickle of marks", []byte(legacy + "\x80\x02" + strings.Repeat("(", 1<<20)), "operations"},
		{"pickle that would run a program", []byte(legacy + "\x80\x02cposix\nsystem\nX\x02\x00\x00\x00ls\x85R."), "posix.system"},
		{"whole module in a legacy file", []byte(legacy + "\x80\x02(X\x06\x00\x00\x00modulectorchvision.models.resnet\nResNet\nNNtQ."), "state_dict()"},
		{"zip of nothing", []byte("PK\x03\x04" + strings.Repeat("x", 100)), "zip"},
	})
}

// refused wants the reason of each file, in little memory.
func refused(t *testing.T, cases []absurd) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := convertBytes(t, c.data)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			const limit = 256 << 20 // of marks; the other files take less than one
			if bytes := after.TotalAlloc - before.TotalAlloc; bytes > limit {
				t.Errorf("%d bytes allocated for a file of %d", bytes, len(c.data))
			}
		})
	}
}

func safeTensors(header string, data ...int) []byte {
	file := append(le(int64(len(header))), header...)
	for _, n := range data {
		file = append(file, make([]byte, n)...)
	}
	return file
}

// A reader that fails in the middle of the weights.
type failing struct {
	*bytes.Reader
	after int64
}

var errDisk = errors.New("the disk is gone")

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.after {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, at)
}

func TestReadErrorsReachTheWriter(t *testing.T) {
	data := samples(t)["basic.safetensors"]
	r, err := convert.Convert(t.Context(), failing{bytes.NewReader(data), 30_000}, int64(len(data)), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Model.WriteTo(io.Discard); !errors.Is(err, errDisk) {
		t.Errorf("error %v, want %v", err, errDisk)
	}
}

// withoutChecksums lets a changed member of a zip archive be read.
func withoutChecksums(archive []byte) []byte {
	data := bytes.Clone(archive)
	for mark, at := range map[string]int{"PK\x03\x04": 14, "PK\x01\x02": 16, "PK\x07\x08": 4} {
		for i := range data {
			if bytes.HasPrefix(data[i:], []byte(mark)) {
				clear(data[i+at:][:4])
			}
		}
	}
	return data
}

// FuzzConvert is seeded with a small file of each format, for large ones make
// fuzzing slow.
func FuzzConvert(f *testing.F) {
	files := samples(f)
	f.Add(withoutChecksums(files["module.pth"]))
	_, odd := checkpoints(f)
	f.Add(odd["object-legacy.pth"][:4<<10])
	f.Add(odd["only-numbers.pth"])
	f.Add(odd["object-array-of-text.pth"])
	f.Add(files["pooling.t7"])
	f.Add(files["pooling-text.t7"][:6<<10])
	f.Add(torch7Text("4\n3\n16\ntorch.CudaTensor\n1\n2\n1\n1\n4\n4\n17\ntorch.CudaStorage\n2\n0.5 -1e-3\n"))
	f.Add(files["basic-tar.pth"][:5<<10])
	f.Add(torch7(4, 3, "V 1", "torch.CudaTensor", 1, int64(2), int64(1), int64(1), 4, 4, "V 1", "torch.CudaStorage", int64(2), 1., 1))
	f.Add(safeTensors(`{"conv1.weight":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}`, 2))
	f.Add([]byte(legacy + "\x80\x02}X\x05\x00\x00\x00model}s.\x80\x02]."))
	f.Fuzz(func(t *testing.T, data []byte) {
		if model, err := convertBytes(t, data); err == nil && len(model) > 64*len(data)+1<<20 {
			t.Errorf("%d bytes of weights became %d bytes of model", len(data), len(model))
		}
	})
}
